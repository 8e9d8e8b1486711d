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
	Error    string    `json:"error"`
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

func parse(file string, data []byte) (r result) {
	r.File = file
	res, err := parser.Parse(bytes.NewReader(data))
	if err != nil {
		r.Error = err.Error()
		return
	}
	r.Escape = string(res.EscapeToken)
	r.Warnings = len(res.Warnings)
	for _, c := range res.AST.Children {
		n := node{Keyword: c.Value, Start: c.StartLine, End: c.EndLine, Original: c.Original, Flags: c.Flags, Args: args(c), JSON: c.Attributes["json"], Comments: c.PrevComment}
		for _, h := range c.Heredocs {
			n.Heredocs = append(n.Heredocs, heredoc{h.Name, h.Expand, h.Chomp, h.Content})
		}
		if _, err := instructions.ParseInstructionWithLinter(c, linter.New(&linter.Config{Warn: func(_, _, _, _ string, _ []parser.Range) {}})); err != nil {
			n.Error = err.Error()
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
