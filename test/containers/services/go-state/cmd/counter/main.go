package main

import (
	"fmt"
	"log"
	"net/http"
	"os"
	"path/filepath"
	"sync"
)

const stateDir = "state"

var mu sync.Mutex

func main() {
	if err := os.MkdirAll(stateDir, 0o750); err != nil {
		log.Fatal(err)
	}
	n := 0
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		n++
		if err := os.WriteFile(filepath.Join(stateDir, "count"), []byte(fmt.Sprint(n)), 0o640); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		fmt.Fprintf(w, "count %d", n)
	})
	log.Fatal(http.ListenAndServe(":8080", nil))
}
