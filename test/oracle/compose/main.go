// Reads projects as a JSON array on standard input and prints one JSON object for each: what Docker's own loader says about it, with an empty
// environment. A project is the text of a lone compose.yaml, or { "files": { PATH: TEXT }, "load": [PATH] } for files that are loaded together.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/sirupsen/logrus"
)

type project struct {
	Files map[string]string `json:"files"`
	Load  []string          `json:"load"`
}

func (p *project) UnmarshalJSON(data []byte) error {
	var text string
	if json.Unmarshal(data, &text) == nil {
		*p = project{Files: map[string]string{"compose.yaml": text}, Load: []string{"compose.yaml"}}
		return nil
	}
	type plain project
	return json.Unmarshal(data, (*plain)(p))
}

type verdict struct {
	// Error is empty where the project is taken.
	Error string `json:"error"`
	// Privileged are the names of the services that run so.
	Privileged []string `json:"privileged"`
}

func load(p project) (privileged []string, err error) {
	defer func() {
		if crash := recover(); crash != nil {
			err = fmt.Errorf("the loader crashed: %v", crash)
		}
	}()
	folder, err := os.MkdirTemp("", "compose")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	for path, text := range p.Files {
		file := filepath.Join(folder, filepath.FromSlash(path))
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			return nil, err
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			return nil, err
		}
	}
	// paths start where the first file is, as docker compose has it
	details := types.ConfigDetails{WorkingDir: filepath.Join(folder, filepath.Dir(p.Load[0])), Environment: map[string]string{}}
	for _, path := range p.Load {
		details.ConfigFiles = append(details.ConfigFiles, types.ConfigFile{Filename: filepath.Join(folder, path)})
	}
	loaded, err := loader.LoadWithContext(context.Background(), details, func(options *loader.Options) {
		options.SetProjectName("test", true)
		options.SkipResolveEnvironment = true
		options.Profiles = []string{"*"}
	})
	if err != nil {
		return nil, err
	}
	for _, name := range loaded.ServiceNames() {
		if loaded.Services[name].Privileged {
			privileged = append(privileged, name)
		}
	}
	return privileged, nil
}

func main() {
	logrus.SetOutput(io.Discard)
	var projects []project
	if err := json.NewDecoder(os.Stdin).Decode(&projects); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	verdicts := make([]verdict, 0, len(projects))
	for _, each := range projects {
		found := verdict{Privileged: []string{}}
		if privileged, err := load(each); err != nil {
			found.Error = err.Error()
		} else {
			found.Privileged = append(found.Privileged, privileged...)
		}
		verdicts = append(verdicts, found)
	}
	if err := json.NewEncoder(os.Stdout).Encode(verdicts); err != nil {
		os.Exit(2)
	}
}
