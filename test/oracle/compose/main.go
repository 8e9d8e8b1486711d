// Reads Compose files as a JSON array of strings on standard input and prints one JSON object for each: what Docker's own loader says about
// it, alone and with an empty environment.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/sirupsen/logrus"
)

type verdict struct {
	// Error is empty where the project is taken.
	Error string `json:"error"`
}

func load(text string) (err error) {
	defer func() {
		if crash := recover(); crash != nil {
			err = fmt.Errorf("the loader crashed: %v", crash)
		}
	}()
	details := types.ConfigDetails{
		WorkingDir:  os.TempDir(),
		ConfigFiles: []types.ConfigFile{{Filename: "compose.yaml", Content: []byte(text)}},
		Environment: map[string]string{},
	}
	_, err = loader.LoadWithContext(context.Background(), details, func(options *loader.Options) {
		options.SetProjectName("test", true)
		options.SkipResolveEnvironment = true
		options.Profiles = []string{"*"}
	})
	return err
}

func main() {
	logrus.SetOutput(io.Discard)
	var texts []string
	if err := json.NewDecoder(os.Stdin).Decode(&texts); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	verdicts := make([]verdict, 0, len(texts))
	for _, text := range texts {
		found := verdict{}
		if err := load(text); err != nil {
			found.Error = err.Error()
		}
		verdicts = append(verdicts, found)
	}
	if err := json.NewEncoder(os.Stdout).Encode(verdicts); err != nil {
		os.Exit(2)
	}
}
