package main

import (
	"fmt"
	"log"
	"net/http"
	"os"
)

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "hello, %s", os.Getenv("NAME"))
	})
	log.Fatal(http.ListenAndServe(":8080", nil))
}
