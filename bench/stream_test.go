package main

import (
	"strings"
	"testing"
)

// A stream is one of a process of its own, which finds all services, and measures what is
// live and what was mapped.
func TestStreamIn(t *testing.T) {
	t.Parallel()
	server, err := startServer(300, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.stop)
	live, mapped, err := streamIn(server, 300, "collect")
	if err != nil || live <= 0 || mapped <= live {
		t.Errorf("%.0f bytes live, %.0f mapped, %v", live, mapped, err)
	}
	if live, _, err := streamIn(server, 300, "leave"); err != nil || live != 0 {
		t.Errorf("left to itself: %.0f bytes live, %v", live, err)
	}
	if _, _, err := streamIn(server, 301, "leave"); err == nil || !strings.Contains(err.Error(), "streamed 300 of 301") {
		t.Errorf("of another number: %v", err)
	}
}
