// Reads workflows as a JSON array of texts on standard input and prints one JSON array for each: what actionlint says about it, without shellcheck and
// pyflakes, and without a repository around it.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/rhysd/actionlint"
)

type finding struct {
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	Kind    string `json:"kind"`
	Message string `json:"message"`
}

func lint(text string) (found []finding, err error) {
	defer func() {
		if crash := recover(); crash != nil {
			err = fmt.Errorf("actionlint crashed: %v", crash)
		}
	}()
	linter, err := actionlint.NewLinter(io.Discard, &actionlint.LinterOptions{})
	if err != nil {
		return nil, err
	}
	errors, err := linter.Lint("workflow.yml", []byte(text), nil)
	if err != nil {
		return nil, err
	}
	found = []finding{}
	for _, e := range errors {
		found = append(found, finding{Line: e.Line, Column: e.Column, Kind: e.Kind, Message: e.Message})
	}
	return found, nil
}

func main() {
	var texts []string
	if err := json.NewDecoder(os.Stdin).Decode(&texts); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	out := json.NewEncoder(os.Stdout)
	for _, text := range texts {
		found, err := lint(text)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		if err := out.Encode(found); err != nil {
			os.Exit(2)
		}
	}
}
