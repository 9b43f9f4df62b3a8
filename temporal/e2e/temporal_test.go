package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// script is a program in the place of a server.
func script(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "server")
	if err := os.WriteFile(name, []byte("#!/bin/sh\n"+text), 0o700); err != nil {
		t.Fatal(err)
	}
	return name
}

// A server says in its first line where it is, and ends with its input.
func TestRunTemporal(t *testing.T) {
	t.Parallel()
	ended := filepath.Join(t.TempDir(), "ended")
	s, err := runTemporal(script(t, "echo 127.0.0.1:7233 some-namespace\nread -r _\necho > "+ended+"\n"))
	if err != nil {
		t.Fatal(err)
	}
	if s.address != "127.0.0.1:7233" || s.namespace != "some-namespace" {
		t.Errorf("the server is at %q, %q", s.address, s.namespace)
	}
	if _, err := os.Stat(ended); err == nil {
		t.Error("it has ended before")
	}
	s.stop()
	if _, err := os.Stat(ended); err != nil {
		t.Errorf("it was killed, and did not end: %v", err)
	}
}

// A server that does not say where it is did not start, and is not left behind.
func TestRunTemporalFails(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{"silent": "exit 1\n", "half a line": "echo 127.0.0.1:7233\n", "no line": "printf 127.0.0.1:7233\n"} {
		if s, err := runTemporal(script(t, text)); err == nil || !strings.Contains(err.Error(), "did not start") {
			t.Errorf("%s: %+v, %v", name, s, err)
		}
	}
	if _, err := runTemporal(filepath.Join(t.TempDir(), "nowhere")); !os.IsNotExist(err) {
		t.Errorf("no server: %v", err)
	}
}
