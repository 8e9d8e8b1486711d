package main

import (
	"flag"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
)

func main() {
	listen := flag.String("listen", ":9090", "address")
	data := flag.String("data", ".", "folder")
	flag.Parse()
	name := filepath.Join(*data, "count")
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		text, _ := os.ReadFile(name)
		count := len(text) + 1
		file, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
		if err == nil {
			_, err = file.WriteString("x")
			file.Close()
		}
		if err != nil {
			http.Error(w, err.Error(), 500)
			return
		}
		fmt.Fprintf(w, "visit %d\n", count)
	})
	panic(http.ListenAndServe(*listen, nil))
}
