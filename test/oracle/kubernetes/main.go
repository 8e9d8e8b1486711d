// Reads YAML texts as a JSON array of strings on standard input and prints one JSON object for each: what the strict decoder of Kubernetes' own
// client says about it or, with the argument `apply`, what `kubectl apply -f` reads in it.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"sort"
	"strings"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/client-go/kubernetes/scheme"
)

type verdict struct {
	// Kind is empty where the scheme does not know the object.
	Kind string `json:"kind"`
	// Error is empty where the document is taken.
	Error string `json:"error"`
}

var strict = serializer.NewCodecFactory(scheme.Scheme, serializer.EnableStrict).UniversalDeserializer()

func decode(text string) any {
	object, gvk, err := strict.Decode([]byte(text), nil, nil)
	found := verdict{}
	if object != nil && gvk != nil {
		found.Kind = gvk.String()
	}
	if err != nil && !runtime.IsNotRegisteredError(err) && !strings.Contains(err.Error(), "no kind \"") {
		found.Error = err.Error()
	}
	return found
}

// stream is what is read in a file: lists are taken apart, as kubectl does.
type stream struct {
	Objects []object `json:"objects"`
	// Keys at the top of each document, in order of the alphabet.
	Keys [][]string `json:"keys"`
	// Error says why what follows the objects is not read.
	Error string `json:"error"`
}

type object struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	// Privileged: some container of it is.
	Privileged bool `json:"privileged"`
}

func apply(text string) any {
	found := stream{Objects: []object{}, Keys: [][]string{}}
	decoder := yaml.NewYAMLOrJSONDecoder(strings.NewReader(text), 4096)
	for {
		raw := runtime.RawExtension{}
		if err := decoder.Decode(&raw); err != nil {
			if !errors.Is(err, io.EOF) {
				found.Error = err.Error()
			}
			return found
		}
		document := bytes.TrimSpace(raw.Raw)
		if len(document) == 0 || bytes.Equal(document, []byte("null")) {
			continue
		}
		top := map[string]any{}
		if err := json.Unmarshal(document, &top); err == nil {
			keys := []string{}
			for key := range top {
				keys = append(keys, key)
			}
			sort.Strings(keys)
			found.Keys = append(found.Keys, keys)
		}
		first, _, err := unstructured.UnstructuredJSONScheme.Decode(document, nil, nil)
		if err != nil {
			found.Error = err.Error()
			continue
		}
		queue := []runtime.Object{first}
		for ; len(queue) > 0; queue = queue[1:] {
			if meta.IsListType(queue[0]) {
				items, err := meta.ExtractList(queue[0])
				if err != nil {
					found.Error = err.Error()
				}
				queue = append(queue, items...)
				continue
			}
			found.Objects = append(found.Objects, describe(queue[0]))
		}
	}
}

func describe(each runtime.Object) object {
	gvk := each.GetObjectKind().GroupVersionKind()
	described := object{APIVersion: gvk.GroupVersion().String(), Kind: gvk.Kind}
	text, err := runtime.Encode(unstructured.UnstructuredJSONScheme, each)
	if err != nil {
		return described
	}
	// as its own type: what stands in another place counts for nothing
	typed, _, err := scheme.Codecs.UniversalDeserializer().Decode(text, nil, nil)
	if err != nil {
		return described
	}
	text, err = json.Marshal(typed)
	described.Privileged = err == nil && bytes.Contains(text, []byte(`"privileged":true`))
	return described
}

func main() {
	var texts []string
	if err := json.NewDecoder(os.Stdin).Decode(&texts); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	say := decode
	if len(os.Args) > 1 && os.Args[1] == "apply" {
		say = apply
	}
	said := make([]any, 0, len(texts))
	for _, text := range texts {
		said = append(said, say(text))
	}
	if err := json.NewEncoder(os.Stdout).Encode(said); err != nil {
		os.Exit(2)
	}
}
