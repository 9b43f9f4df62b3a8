package main

import (
	"bytes"
	"os"
	"strings"
	"testing"
)

// The test's binary is its own child.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && runChild(os.Args[1:]) {
		return
	}
	os.Exit(m.Run())
}

// All parts are measured and make a table, small as they are.
func TestQuick(t *testing.T) {
	t.Parallel()
	var table, progress bytes.Buffer
	if err := run(t.Context(), &table, &progress, quick); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(table.String()), "\n")[2:]
	if want := 2 + 5 + 2 + 3 + 8 + 2; len(lines) != want {
		t.Errorf("the table has %d lines, want %d:\n%s", len(lines), want, table.String())
	}
	for _, line := range lines {
		if strings.Count(line, "|") != 7 {
			t.Errorf("a line of other than 6 cells: %s", line)
		}
	}
	for _, want := range []string{
		"| survey 200 services, 20 due: requests | go-ovh, one by one | 222 | 22 | 10 × fewer | at most 26 requests |",
		"| requests | go-ovh, 8 goroutines | 229 | 22 | 10 × fewer |  |",
		"| at 60 requests a minute (computed) | go-ovh, one by one | 3.7 min | 0.4 min | 10 × faster |  |",
	} {
		if !strings.Contains(table.String(), want) {
			t.Errorf("the table lacks %q:\n%s", want, table.String())
		}
	}
}
