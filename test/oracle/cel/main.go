// Says what Kubernetes' own CEL makes of expressions: one JSON list of {"expression"} objects on standard input, one list of results on standard output.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/google/cel-go/cel"
	"k8s.io/apimachinery/pkg/util/version"
	"k8s.io/apiserver/pkg/cel/environment"
)

func evaluate(env *cel.Env, object any, expression string) string {
	ast, issues := env.Compile(expression)
	if issues != nil && issues.Err() != nil {
		return "invalid"
	}
	program, err := env.Program(ast)
	if err != nil {
		return "invalid"
	}
	value, _, err := program.Eval(map[string]any{"object": object})
	if err != nil {
		return "error"
	}
	return fmt.Sprint(value.Value())
}

// numbers gives whole numbers as the API server has them.
func numbers(value any) any {
	switch value := value.(type) {
	case float64:
		if value == float64(int64(value)) {
			return int64(value)
		}
	case []any:
		for i := range value {
			value[i] = numbers(value[i])
		}
	case map[string]any:
		for key := range value {
			value[key] = numbers(value[key])
		}
	}
	return value
}

func main() {
	var input struct {
		Object      any      `json:"object"`
		Expressions []string `json:"expressions"`
	}
	if err := json.NewDecoder(os.Stdin).Decode(&input); err != nil {
		panic(err)
	}
	set, err := environment.MustBaseEnvSet(version.MajorMinor(1, 36)).Extend(environment.VersionedOptions{
		IntroducedVersion: version.MajorMinor(1, 0),
		EnvOptions:        []cel.EnvOption{cel.Variable("object", cel.DynType)},
	})
	if err != nil {
		panic(err)
	}
	env, err := set.Env(environment.NewExpressions)
	if err != nil {
		panic(err)
	}
	object := numbers(input.Object)
	results := make([]string, len(input.Expressions))
	for i, expression := range input.Expressions {
		results[i] = evaluate(env, object, expression)
	}
	if err := json.NewEncoder(os.Stdout).Encode(results); err != nil {
		panic(err)
	}
}
