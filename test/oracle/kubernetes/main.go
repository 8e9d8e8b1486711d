// Reads YAML documents as a JSON array of strings on standard input and prints one JSON object for each: what the strict decoder of
// Kubernetes' own client says about it.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/client-go/kubernetes/scheme"
)

type verdict struct {
	// Kind is empty where the scheme does not know the object.
	Kind string `json:"kind"`
	// Error is empty where the document is taken.
	Error string `json:"error"`
}

func main() {
	var documents []string
	if err := json.NewDecoder(os.Stdin).Decode(&documents); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	decoder := serializer.NewCodecFactory(scheme.Scheme, serializer.EnableStrict).UniversalDeserializer()
	verdicts := make([]verdict, 0, len(documents))
	for _, text := range documents {
		object, gvk, err := decoder.Decode([]byte(text), nil, nil)
		found := verdict{}
		if object != nil && gvk != nil {
			found.Kind = gvk.String()
		}
		if err != nil && !runtime.IsNotRegisteredError(err) && !strings.Contains(err.Error(), "no kind \"") {
			found.Error = err.Error()
		}
		verdicts = append(verdicts, found)
	}
	if err := json.NewEncoder(os.Stdout).Encode(verdicts); err != nil {
		os.Exit(2)
	}
}
