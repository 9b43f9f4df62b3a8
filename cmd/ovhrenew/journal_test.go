package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// opening opens a journal as a command with these flags does.
func opening(a *account, demo bool, flags journalFlags) (ovhrenew.Journal, string, error) {
	var said bytes.Buffer
	p := newProgram()
	p.err, p.live, p.demo, p.journal = &said, false, demo, flags
	journal, err := p.openJournal(a)
	return journal, said.String(), err
}

// The journal is that of the directory named, else the account's own, else the user's. Only
// who says so, and the demo, has the account for itself: others wait before they pay.
func TestOpenJournal(t *testing.T) {
	t.Setenv("HOME", t.TempDir())
	t.Setenv("XDG_CONFIG_HOME", "")
	own := ovhrenewtest.NewMemory(ovhrenew.OnlyJournal)
	named := filepath.Join(t.TempDir(), "named")
	for _, c := range []struct {
		name    string
		account *account
		demo    bool
		flags   journalFlags
		dir     string
		sharing ovhrenew.Sharing
	}{
		{"the user's", &account{}, false, journalFlags{}, defaultJournal(), ovhrenew.OneOfSeveral},
		{"the user's, alone", &account{}, false, journalFlags{only: true}, defaultJournal(), ovhrenew.OnlyJournal},
		{"named", &account{}, false, journalFlags{dir: named}, named, ovhrenew.OneOfSeveral},
		{"named, alone", &account{}, false, journalFlags{dir: named, only: true}, named, ovhrenew.OnlyJournal},
		{"named, for the demo", &account{journal: own}, true, journalFlags{dir: named}, named, ovhrenew.OnlyJournal},
		{"the demo's", &account{journal: own}, true, journalFlags{}, "", ovhrenew.OnlyJournal},
	} {
		journal, said, err := opening(c.account, c.demo, c.flags)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if got := journal.Sharing(); got != c.sharing {
			t.Errorf("%s: sharing is %v, want %v", c.name, got, c.sharing)
		}
		if c.dir == "" {
			if journal != ovhrenew.Journal(own) || said != "" {
				t.Errorf("%s: another journal, or %q", c.name, said)
			}
			continue
		}
		if _, err := os.Stat(c.dir); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if warned := strings.Contains(said, "begins anew"); warned != c.demo {
			t.Errorf("%s: it says %q", c.name, said)
		}
		if err := os.RemoveAll(c.dir); err != nil {
			t.Fatal(err)
		}
	}
}

// A directory that is none is said of the flag, and where there is no home one has to be
// named: nothing is kept in a place that nobody knows.
func TestOpenJournalFails(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := opening(&account{}, false, journalFlags{dir: file}); err == nil || !strings.HasPrefix(err.Error(), "--journal: ") {
		t.Errorf("a file as a directory: %v", err)
	}
	t.Setenv("HOME", "")
	t.Setenv("XDG_CONFIG_HOME", "")
	if _, _, err := opening(&account{}, false, journalFlags{}); err == nil || !strings.Contains(err.Error(), "name one with --journal") {
		t.Errorf("without a home: %v", err)
	}
	if r := run(t, nil, "renew", "--help"); !strings.Contains(oneLine(r.out), "(default: none here; with --demo one for the run)") {
		t.Errorf("without a home, the help has\n%s", r.out)
	}
}

// A path is written from the home directory on, and only if it is below it.
func TestInHome(t *testing.T) {
	for _, c := range []struct{ home, path, want string }{
		{"/home/anna", "/home/anna/.config/ovhrenew", "~/.config/ovhrenew"},
		{"/home/anna/", "/home/anna/.config/ovhrenew", "~/.config/ovhrenew"},
		{"/home/anna", "/home/annabel/.config/ovhrenew", "/home/annabel/.config/ovhrenew"},
		{"/home/anna", "/srv/home/anna/ovhrenew", "/srv/home/anna/ovhrenew"},
		{"/", "/.config/ovhrenew", "~/.config/ovhrenew"},
		{"", "/.config/ovhrenew", "/.config/ovhrenew"},
		{"/home/anna", "", ""},
	} {
		t.Setenv("HOME", c.home)
		if got := inHome(c.path); got != c.want {
			t.Errorf("at home in %q, %q is %q, want %q", c.home, c.path, got, c.want)
		}
	}
}

// The ledger is what the journal knows since a time, of this account alone.
func TestLedger(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w, dir := guide(t), t.TempDir()
		w.terminal, w.answers = true, "y\n"
		if r := run(t, w, "renew", ovhrenewtest.GuideVPS, "--for", "P3M", "--limit", "50 EUR", "--journal", dir, "--only-journal"); r.status != 0 {
			t.Fatal(r.err)
		}
		client, err := ovhrenew.NewWithConfig(w.server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited, Transport: w.server.Transport()})
		if err != nil {
			t.Fatal(err)
		}
		a := &account{client: client}
		p := newProgram()
		p.journal.dir = dir
		for since, want := range map[time.Duration]int{-time.Hour: 1, time.Hour: 0} {
			ledger, err := p.ledger(t.Context(), a, time.Now().Add(since))
			if err != nil || len(ledger.Entries) != want {
				t.Errorf("since %v: %+v, %v, want %d entries", since, ledger, err, want)
			}
		}
		w.server.Inject(ovhrenewtest.Fault{Route: "GET /me", Kind: ovhrenewtest.StatusFault, Status: 403, Times: -1})
		if client, err = ovhrenew.NewWithConfig(w.server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited, Transport: w.server.Transport()}); err != nil {
			t.Fatal(err)
		}
		if _, err := p.ledger(t.Context(), &account{client: client}, time.Time{}); !errors.Is(err, ovhrenew.ErrDenied) {
			t.Errorf("of an account that is not known: %v", err)
		}
	})
}
