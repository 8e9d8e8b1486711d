package main

import (
	"context"
	"io"
	"net/http"
	"os/signal"
	"syscall"
)

func main() {
	stop, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer cancel()
	http.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "built in order") })
	go http.ListenAndServe(":8080", nil)
	<-stop.Done()
}
