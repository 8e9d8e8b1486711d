// Package store keeps counts in a JSON file.
package store

import (
	"encoding/json"
	"os"
	"strconv"
	"sync"
)

// Store is a set of counters.
type Store struct {
	mu   sync.Mutex
	path string
	hits map[string]int
}

// Open reads the file, if there is one.
func Open(path string) (*Store, error) {
	s := &Store{path: path, hits: map[string]int{}}
	b, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		return s, s.flush()
	}
	if err != nil {
		return nil, err
	}
	return s, json.Unmarshal(b, &s.hits)
}

// Hit counts.
func (s *Store) Hit(key string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hits[key]++
	return strconv.Itoa(s.hits[key]), s.flush()
}

func (s *Store) flush() error {
	b, err := json.Marshal(s.hits)
	if err != nil {
		return err
	}
	tmp := s.path + ".tmp"
	if err := os.WriteFile(tmp, b, 0o644); err != nil {
		return err
	}
	return os.Rename(tmp, s.path)
}
