// Reads a list of files on standard input, prints one JSON line for each: what BuildKit's own parser sees.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/linter"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/moby/buildkit/frontend/dockerfile/shell"
)

type heredoc struct {
	Name    string `json:"name"`
	Expand  bool   `json:"expand"`
	Chomp   bool   `json:"chomp"`
	Content string `json:"content"`
}
type node struct {
	Keyword  string    `json:"keyword"`
	Start    int       `json:"start"`
	End      int       `json:"end"`
	Original string    `json:"original"`
	Flags    []string  `json:"flags"`
	Args     []string  `json:"args"`
	JSON     bool      `json:"json"`
	Heredocs []heredoc `json:"heredocs"`
	Comments []string  `json:"comments"`
	// What ENV and LABEL set, each name and value by turns, and the author that MAINTAINER names.
	Values []string `json:"values"`
	Error  string   `json:"error"`
}
type result struct {
	File     string `json:"file"`
	Error    string `json:"error"`
	Escape   string `json:"escape"`
	Warnings int    `json:"warnings"`
	Nodes    []node `json:"nodes"`
}

func args(n *parser.Node) []string {
	out := []string{}
	for ; n.Next != nil; n = n.Next {
		a := n.Next
		if len(a.Children) == 0 {
			out = append(out, a.Value)
		} else {
			out = append(out, a.Children[0].Value)
			out = append(out, args(a.Children[0])...)
		}
	}
	return out
}

// values expands an instruction with the variables that those before it set.
func values(cmd any, lex *shell.Lex, env *[]string) (out []string, err error) {
	if it, ok := cmd.(instructions.SupportsSingleWordExpansion); ok {
		if err = it.Expand(func(word string) (string, error) {
			value, _, err := lex.ProcessWord(word, shell.EnvsFromSlice(*env))
			return value, err
		}); err != nil {
			return
		}
	}
	var pairs instructions.KeyValuePairs
	switch it := cmd.(type) {
	case *instructions.EnvCommand:
		pairs = it.Env
		for _, p := range pairs {
			*env = append([]string{p.String()}, *env...)
		}
	case *instructions.LabelCommand:
		pairs = it.Labels
	case *instructions.MaintainerCommand:
		return []string{it.Maintainer}, nil
	}
	for _, p := range pairs {
		out = append(out, p.Key, p.Value)
	}
	return
}

func parse(file string, data []byte) (r result) {
	r.File = file
	res, err := parser.Parse(bytes.NewReader(data))
	if err != nil {
		r.Error = err.Error()
		return
	}
	r.Escape = string(res.EscapeToken)
	r.Warnings = len(res.Warnings)
	lex := shell.NewLex(res.EscapeToken)
	env := []string{}
	for _, c := range res.AST.Children {
		n := node{Keyword: c.Value, Start: c.StartLine, End: c.EndLine, Original: c.Original, Flags: c.Flags, Args: args(c), JSON: c.Attributes["json"], Comments: c.PrevComment}
		for _, h := range c.Heredocs {
			n.Heredocs = append(n.Heredocs, heredoc{h.Name, h.Expand, h.Chomp, h.Content})
		}
		cmd, err := instructions.ParseInstructionWithLinter(c, linter.New(&linter.Config{Warn: func(_, _, _, _ string, _ []parser.Range) {}}))
		if err != nil {
			n.Error = err.Error()
		} else if n.Values, err = values(cmd, lex, &env); err != nil {
			n.Values = []string{err.Error()}
		}
		r.Nodes = append(r.Nodes, n)
	}
	return
}

func main() {
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(make([]byte, 1<<20), 64<<20)
	out := bufio.NewWriterSize(os.Stdout, 1<<20)
	defer out.Flush()
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	for in.Scan() {
		data, err := os.ReadFile(in.Text())
		if err != nil {
			enc.Encode(result{File: in.Text(), Error: err.Error()})
			continue
		}
		enc.Encode(parse(in.Text(), data))
	}
}
