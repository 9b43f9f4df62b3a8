package main

import (
	"bytes"
	"strings"
	"testing"
)

func TestRun(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := run(t.Context(), []string{"-quote"}, &out); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), " GET, and 1 for a quote, which orders nothing\n") || strings.Contains(out.String(), "DOES NOT HOLD") {
		t.Errorf("the probe of the simulated account says\n%s", &out)
	}
}
