// Command dotnet stands for the host of .NET in test images: it "runs" an assembly whose text says what it serves, with the habits of
// ASP.NET Core that matter to a hardened container.
package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "Usage: dotnet ASSEMBLY")
		os.Exit(129)
	}
	text, err := os.ReadFile(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, "The application to execute does not exist:", err)
		os.Exit(1)
	}
	if os.Getenv("DOTNET_EnableDiagnostics") != "0" {
		// The runtime warns when it cannot make its pipes, and goes on.
		pipe := filepath.Join(os.TempDir(), fmt.Sprintf("clr-debug-pipe-%d", os.Getpid()))
		if err := syscall.Mkfifo(pipe, 0o600); err == nil {
			defer os.Remove(pipe)
		}
	}
	// Data Protection keeps its keys in memory where the user has no home.
	keys := "memory"
	if home := os.Getenv("HOME"); home != "" {
		folder := filepath.Join(home, ".aspnet/DataProtection-Keys")
		if os.MkdirAll(folder, 0o700) == nil && os.WriteFile(filepath.Join(folder, "key.xml"), []byte("<key/>"), 0o600) == nil {
			keys = folder
		}
	}
	port := os.Getenv("ASPNETCORE_HTTP_PORTS")
	if urls := os.Getenv("ASPNETCORE_URLS"); urls != "" {
		port = urls[strings.LastIndex(urls, ":")+1:]
	}
	if port == "" {
		port = "5000"
	}
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "%s keys=%s\n", strings.TrimSpace(string(text)), keys)
	})
	// A large form is buffered in a file of the temporary folder.
	http.HandleFunc("/form", func(w http.ResponseWriter, r *http.Request) {
		file, err := os.CreateTemp("", "ASPNETCORE_")
		if err != nil {
			http.Error(w, err.Error(), 500)
			return
		}
		defer os.Remove(file.Name())
		fmt.Fprintln(w, "buffered")
	})
	server := &http.Server{Addr: ":" + port}
	ended := make(chan os.Signal, 1)
	signal.Notify(ended, syscall.SIGTERM, syscall.SIGINT)
	go func() {
		<-ended
		limit, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		server.Shutdown(limit)
	}()
	if err := server.ListenAndServe(); err != http.ErrServerClosed {
		fmt.Fprintln(os.Stderr, "Unhandled exception.", err)
		os.Exit(134)
	}
}
