package config

import "os"

type Config struct {
	Addr   string
	DBPath string
}

func getenv(key, fallback string) string {
	if v, ok := os.LookupEnv(key); ok && v != "" {
		return v
	}
	return fallback
}

// Load reads the configuration from the environment.
func Load() Config {
	return Config{
		Addr:   ":" + getenv("PORT", "8080"),
		DBPath: getenv("DB_PATH", "./data/notes.db"),
	}
}
