package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

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
	p.in, p.out, p.err, p.terminal, p.live = bufio.NewReader(strings.NewReader("")), &out, &errs, false, false
	if w != nil {
		p.in, p.terminal, p.live = bufio.NewReader(strings.NewReader(w.answers)), w.terminal, w.live
		p.open = func(_ context.Context, p *program) (*account, error) {
			client, err := ovhrenew.NewWithConfig(w.server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited, Transport: counted{w.server.Transport(), p}})
			return &account{api: w.server.Client(), client: client, base: w.server.Transport(), patience: w.patience, close: func() {}}, err
		}
	}
	status := p.run(t.Context(), args)
	r := result{status, out.String(), errs.String()}
	narrow(t, args, r)
	return r
}

// narrow checks that a run writes lines of at most 80 columns, but for JSON and CSV.
func narrow(t *testing.T, args []string, r result) {
	t.Helper()
	text := strings.ReplaceAll(r.err, "[y/N] ", "[y/N]\n") // where a terminal shows what was typed
	if line := strings.Join(args, " "); !strings.Contains(line, "--json") && !strings.Contains(line, "--csv -") && !strings.Contains(line, "completion") && args[0] != "probe" {
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
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

// What the commands show of the demo account.
func TestShows(t *testing.T) {
	bubble(t, func(t *testing.T) {
		for name, args := range map[string][]string{
			"help":           {"--help"},
			"list":           {"list"},
			"list-all":       {"list", "--within", "all", "--only", "product:vps-*", "--only", "12345"},
			"list-json":      {"list", "--within", "10", "--json"},
			"offers":         {"offers", "vps112233.ovh.net", "/domain/example.ovh"},
			"offers-json":    {"offers", "12345", "--json"},
			"plan":           {"plan", "--total", "500 EUR"},
			"plan-any":       {"plan", "--for", "any", "--total", "none EUR", "--only", "vps*", "--never", "11223344"},
			"plan-json":      {"plan", "--tax", "20", "--total", "100 EUR", "--json"},
			"renew":          {"renew", "vps112233.ovh.net", "--for", "P3M", "--limit", "50 EUR"},
			"renew-preview":  {"renew", "vps112233.ovh.net", "--for", "P1Y", "--limit", "80 EUR", "--preview"},
			"renew-over":     {"renew", "vps112233.ovh.net", "--for", "P1Y", "--limit", "50 EUR", "--preview"},
			"auto":           {"auto", "vps112233.ovh.net", "--mode", "automatic", "--every", "P1M"},
			"auto-json":      {"auto", "vps112233.ovh.net", "--mode", "automatic", "--every", "P1M", "--preview", "--json"},
			"doctor":         {"doctor"},
			"doctor-request": {"doctor", "--request-key", "--for", "read"},
			"report":         {"report"},
		} {
			r := run(t, nil, append(args, "--demo")...)
			golden(t, name+".txt", r.out+"---\n"+r.err)
			if want := map[string]int{"renew-over": exitFailed, "doctor": exitFailed}[name]; r.status != want {
				t.Errorf("%v ends with status %d, want %d:\n%s", args, r.status, want, r.err)
			}
			if strings.HasSuffix(name, "-json") && !json.Valid([]byte(r.out)) {
				t.Errorf("%v writes no JSON", args)
			}
		}
	})
}

// Help is at most 80 columns wide, on the standard output, and shells are completed.
func TestHelpAndCompletion(t *testing.T) {
	t.Parallel()
	for _, command := range []string{"list", "offers", "plan", "apply", "renew", "auto", "doctor", "probe", "report"} {
		r := run(t, nil, command, "--help")
		if r.status != 0 || !strings.Contains(r.out, "Usage:\n  ovhrenew "+command) || r.err != "" || strings.Contains(r.out, "(default \"\")") {
			t.Errorf("%s --help: status %d\n%s%s", command, r.status, r.out, r.err)
		}
		for line := range strings.Lines(r.out) {
			if utf8.RuneCountInString(line) > 81 {
				t.Errorf("%s --help has a line of %d columns: %s", command, utf8.RuneCountInString(line), line)
			}
		}
	}
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		if r := run(t, nil, "completion", shell); r.status != 0 || !strings.Contains(r.out, "ovhrenew") {
			t.Errorf("completion %s: status %d\n%.200s%s", shell, r.status, r.out, r.err)
		}
	}
	if r := run(t, nil, "__complete", "plan", "--per"); !strings.Contains(r.out, "--per-month") {
		t.Errorf("plan --per is completed by %s", r.out)
	}
}
