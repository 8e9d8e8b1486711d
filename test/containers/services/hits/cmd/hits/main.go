package main

import (
	"context"
	"errors"
	"flag"
	"log"
	"net/http"
	"os"
	"os/signal"
	"syscall"

	"example.com/hits/internal/store"
)

func main() {
	addr := flag.String("addr", ":8080", "listen address")
	db := flag.String("db", "/var/lib/hits/hits.json", "database file")
	flag.Parse()

	s, err := store.Open(*db)
	if err != nil {
		log.Fatalf("open: %v", err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		n, err := s.Hit(r.URL.Path)
		if err != nil {
			http.Error(w, err.Error(), 500)
			return
		}
		w.Write([]byte("hit " + n + "\n"))
	})
	srv := &http.Server{Addr: *addr, Handler: mux}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	go func() {
		<-ctx.Done()
		srv.Shutdown(context.Background())
	}()
	if err := srv.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		log.Fatal(err)
	}
}
