package main

import (
	"log"

	"example.com/acme/notes/internal/config"
	"example.com/acme/notes/internal/store"
)

func main() {
	cfg := config.Load()
	if err := store.Migrate(cfg.DBPath); err != nil {
		log.Fatal(err)
	}
	log.Println("migrated", cfg.DBPath)
}
