package main

import (
	"bufio"
	"bytes"
	"io"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"
)

// lockedBuffer is a buffer that several goroutines write.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// pipe is what a person types.
func pipe(t *testing.T) (*bufio.Reader, io.Writer) {
	r, w := io.Pipe()
	t.Cleanup(func() { w.Close() })
	return bufio.NewReader(r), w
}

// On a terminal the progress is its last line, which is left clean.
func TestProgressLine(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w, dir := guide(t), t.TempDir()
		plan := filepath.Join(dir, "plan.json")
		if r := run(t, w, "plan", "--total", "500 EUR", "-o", plan); r.status != 0 {
			t.Fatal(r.err)
		}
		w.live, w.terminal, w.answers = true, true, "yes\n"
		r := run(t, w, "apply", plan, "--journal", dir, "--only-journal")
		lines := strings.Split(r.err, "\r")
		if r.status != 0 || len(lines) < 3 || strings.TrimSpace(lines[len(lines)-1]) != "" || !strings.Contains(r.err, "\r1 of 1 renewed") {
			t.Errorf("status %d\n%q", r.status, r.err)
		}
	})
}

// What is read is counted in the last line, and only on a terminal.
func TestReading(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := guide(t)
		w.live = true
		r := run(t, w, "list")
		if !strings.Contains(r.err, "\rreading the account: 1 answers") || !strings.HasSuffix(r.err, " \r") || !strings.HasPrefix(r.out, "ENDS") {
			t.Errorf("%q", r.err)
		}
		w.live = false
		if r := run(t, w, "list"); r.err != "" {
			t.Errorf("elsewhere: %q", r.err)
		}
	})
}

// The demo of a whole plan takes seconds, and says what a real account would: one line for
// each item that has ended.
func TestDemoTakesSeconds(t *testing.T) {
	bubble(t, func(t *testing.T) {
		plan := filepath.Join(t.TempDir(), "plan.json")
		if r := run(t, nil, "plan", "--demo", "--total", "500 EUR", "-o", plan); r.status != 0 || !strings.Contains(r.err, "then ovhrenew apply "+plan+" --demo") && !strings.Contains(strings.ReplaceAll(r.err, "\n  ", " "), "--demo") {
			t.Fatalf("status %d\n%s", r.status, r.err)
		}
		began := time.Now()
		r := run(t, nil, "apply", "--demo", plan)
		if took := time.Since(began); r.status != 0 || took > 10*time.Second || strings.Count(r.err, "renewed: ") < 10 || !strings.Contains(r.out, " renewed. Spent: ") {
			t.Errorf("status %d after %v\n%s%s", r.status, took, r.out, r.err)
		}
		dir := t.TempDir()
		began = time.Now()
		r = run(t, nil, "apply", "--demo", plan, "--journal", dir)
		if took := time.Since(began); r.status != 0 || took > 10*time.Second {
			t.Errorf("with a journal: status %d after %v\n%s%s", r.status, took, r.out, r.err)
		}
		if report := run(t, nil, "report", "--demo", "--journal", dir); strings.Count(report.out, "renewed") != strings.Count(r.out, "\nrenewed") {
			t.Errorf("the report is\n%s", report.out)
		}
	})
}

// A question is not written over.
func TestHeldLine(t *testing.T) {
	t.Parallel()
	p, said := newProgram(), &lockedBuffer{}
	p.err, p.live = said, true
	p.line("one")
	p.hold(true)
	p.line("two")
	p.hold(false)
	p.line("three")
	if got := said.String(); strings.Contains(got, "two") || !strings.HasSuffix(got, "\rthree") || !strings.Contains(got, "one") {
		t.Errorf("%q", got)
	}
}

// The last line is never wider than its terminal: a line that is broken cannot be written
// anew.
func TestLineFits(t *testing.T) {
	t.Parallel()
	for _, width := range []int{20, 40, columns} {
		p, said := newProgram(), &lockedBuffer{}
		p.err, p.live, p.screen.columns = said, true, width
		p.line(strings.Repeat("x", 200))
		p.line("")
		for part := range strings.SplitSeq(said.String(), "\r") {
			if n := utf8.RuneCountInString(part); n >= width {
				t.Errorf("in %d columns it writes %d", width, n)
			}
		}
	}
}
