package main

import (
	"bytes"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
)

// writer is written to by two sides.
type writer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (w *writer) Write(text []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.b.Write(text)
}

// The dear order is refused in the chat, once: in the second night nobody is asked about
// it again.
func TestApprove(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var out writer
		if err := run(t.Context(), &out); err != nil {
			t.Fatal(err)
		}
		text := out.b.String()
		for what, n := range map[string]int{
			"45.44 EUR: yes\n": 1, "77.63 EUR: no\n": 1, "chat ": 2, "refused  vps112233.ovh.net\n": 2,
			"renewed  /hosting/web/example.ovh for 45.44 EUR\n": 1, "done     /hosting/web/example.ovh, by an earlier run\n": 1,
		} {
			if strings.Count(text, what) != n {
				t.Errorf("approve says %q %d times, want %d:\n%s", what, strings.Count(text, what), n, text)
			}
		}
	})
}
