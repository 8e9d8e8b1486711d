package main

import (
	"context"
	"io"
	"log"
	"net/http"
	"os/signal"
	"strings"
	"syscall"

	"example.com/acme/notes/internal/config"
	"example.com/acme/notes/internal/store"
)

func main() {
	cfg := config.Load()
	st, err := store.Open(cfg.DBPath)
	if err != nil {
		log.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/notes", func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			b, _ := io.ReadAll(r.Body)
			if err := st.Add(string(b)); err != nil {
				http.Error(w, err.Error(), 500)
				return
			}
			io.WriteString(w, "added\n")
			return
		}
		all, err := st.All()
		if err != nil {
			http.Error(w, err.Error(), 500)
			return
		}
		io.WriteString(w, "notes: "+strings.Join(all, ", ")+"\n")
	})
	srv := &http.Server{Addr: cfg.Addr, Handler: mux}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	go func() {
		<-ctx.Done()
		srv.Shutdown(context.Background())
	}()
	log.Println("listening on", cfg.Addr)
	if err := srv.ListenAndServe(); err != http.ErrServerClosed {
		log.Fatal(err)
	}
}
