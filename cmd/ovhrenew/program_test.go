package main

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"unicode/utf8"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

var update = flag.Bool("update", false, "write the golden files anew")

// bubble runs a test on a clock of its own, which begins with the year 2000.
func bubble(t *testing.T, f func(t *testing.T)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, f)
}

// world is an account that counts as real.
type world struct {
	server *ovhrenewtest.Server
	// terminal and live are the program's, answers what a person types.
	terminal, live bool
	answers        string
	patience       ovhrenew.Patience
	columns        int // how wide the terminal is; 80 if 0
}

func guide(t *testing.T) *world {
	server := ovhrenewtest.StartPipe(t, ovhrenewtest.Behaviour{})
	ovhrenewtest.Guide(server)
	return &world{server: server}
}

// result is what a run has left.
type result struct {
	status   int
	out, err string
}

// run runs a command line; without a world on the demo account, if that is said.
func run(t *testing.T, w *world, args ...string) result {
	t.Helper()
	var out, errs bytes.Buffer
	p := newProgram()
	p.in, p.out, p.err, p.terminal, p.live, p.columns, p.screen.columns = bufio.NewReader(strings.NewReader("")), &out, &errs, false, false, columns, columns
	if w != nil {
		p.in, p.terminal, p.live, p.columns = bufio.NewReader(strings.NewReader(w.answers)), w.terminal, w.live, cmp.Or(w.columns, columns)
		p.open = func(_ context.Context, p *program) (*account, error) {
			client, err := ovhrenew.NewWithConfig(w.server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited, Transport: counted{w.server.Transport(), p}})
			return &account{api: w.server.Client(), client: client, base: w.server.Transport(), patience: w.patience, close: func() {}}, err
		}
	}
	status := p.run(t.Context(), args)
	r := result{status, out.String(), errs.String()}
	if p.columns <= columns {
		narrow(t, args, r)
	}
	return r
}

// narrow checks that a run writes lines of at most 80 columns, but for JSON and CSV.
func narrow(t *testing.T, args []string, r result) {
	t.Helper()
	text := strings.ReplaceAll(r.err, "[y/N] ", "[y/N]\n") // where a terminal shows what was typed
	if line := strings.Join(args, " "); !strings.Contains(line, "--json") && !strings.Contains(line, "--csv -") && !strings.Contains(line, "completion") {
		text += r.out
	}
	for line := range strings.Lines(text) {
		for part := range strings.SplitSeq(strings.TrimSuffix(line, "\n"), "\r") {
			if utf8.RuneCountInString(part) > 80 && strings.Contains(strings.TrimSpace(part), " ") {
				t.Errorf("%v writes a line of %d columns: %s", args, utf8.RuneCountInString(part), part)
			}
		}
	}
}

// golden compares with a file.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := gocmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

// shows runs a command on the demo account and compares what it writes with a file.
func shows(t *testing.T, name string, status int, args ...string) {
	t.Helper()
	r := run(t, nil, append(args, "--demo")...)
	golden(t, name+".txt", r.out+"---\n"+r.err)
	if r.status != status {
		t.Errorf("%v ends with status %d, want %d:\n%s", args, r.status, status, r.err)
	}
	if slices.Contains(args, "--json") && !json.Valid([]byte(r.out)) {
		t.Errorf("%v writes no JSON", args)
	}
}

// oneLine is a text without its line breaks.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// What is joined to an error that has been told is told all the same.
func TestUntold(t *testing.T) {
	t.Parallel()
	told, other, third := toldError{errors.New("told")}, errors.New("other"), errors.New("third")
	for _, c := range []struct {
		err  error
		want string
	}{
		{told, ""},
		{other, "other"},
		{fmt.Errorf("x: %w", told), ""},
		{errors.Join(told, other), "other"},
		{errors.Join(other, told, third), "other\nthird"},
		{errors.Join(told, errors.Join(other, told)), "other"},
		{errors.Join(told, told), ""},
	} {
		got := ""
		if err := untold(c.err); err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("untold(%q) = %q, want %q", c.err, got, c.want)
		}
	}
}

// The exit status says what kind of error ended the run; what is not known for certain
// comes before all but a wrong command line.
func TestStatus(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err  error
		want int
		said string
	}{
		{nil, exitDone, ""},
		{errors.New("no"), exitFailed, "ovhrenew: no\n"},
		{usagef("what?"), exitUsage, "ovhrenew: what?\n"},
		{toldError{usagef("what?")}, exitUsage, ""},
		{ovhrenew.ErrUnsure, exitUnsure, "ovhrenew: the outcome is not known\n"},
		{errors.Join(errors.New("no"), ovhrenew.ErrUnsure), exitUnsure, "ovhrenew: no\n  the outcome is not known\n"},
		{toldError{errors.Join(errors.New("no"), ovhrenew.ErrUnsure)}, exitUnsure, ""},
	} {
		var out, errs bytes.Buffer
		p := newProgram()
		p.out, p.err, p.live = &out, &errs, false
		p.open = func(context.Context, *program) (*account, error) { return nil, c.err }
		if c.err == nil {
			p.open = open
		}
		status := p.run(t.Context(), []string{"doctor", "--request-key", "--demo", "--for", "read"})
		if status != c.want || c.err != nil && errs.String() != c.said {
			t.Errorf("%v: status %d, want %d; %q, want %q", c.err, status, c.want, &errs, c.said)
		}
	}
}

// JSON is indented, and an error in writing it is an error of the command.
func TestWriteJSON(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	p := &program{out: &out}
	if err := p.writeJSON(map[string]any{"a": 1}); err != nil || out.String() != "{\n  \"a\": 1\n}\n" {
		t.Errorf("%v: %q", err, &out)
	}
	if err := p.writeJSON(func() {}); err == nil {
		t.Error("what is no value is written")
	}
	p.out = failing{}
	if err := p.writeJSON(1); !errors.Is(err, errDisk) {
		t.Errorf("a disk that is full: %v", err)
	}
}

var errDisk = errors.New("no space left")

// failing is a disk that is full.
type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errDisk }
