package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// With --each every order is asked about: the first is paid, the second is not, and none is
// asked about again.
func TestAskAboutEach(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w, dir := guide(t), t.TempDir()
		plan := filepath.Join(dir, "plan.json")
		time.Sleep(4 * 24 * time.Hour) // until the domain is due
		if r := run(t, w, "plan", "--total", "500 EUR", "-o", plan, "--journal", dir); r.status != 0 {
			t.Fatal(r.err)
		}
		w.live, w.terminal, w.answers = true, true, "y\nno\n"
		apply := []string{"apply", plan, "--each", "--journal", dir, "--only-journal"}
		r := run(t, w, apply...)
		if r.status != exitFailed || strings.Count(r.err, "[y/N] ") != 2 || !strings.Contains(r.out, "1 of 2 renewed.") ||
			!strings.Contains(r.err, "Order 123456789: P1Y of vps112233.ovh.net (11223344). Pay 77.63 EUR") {
			t.Errorf("status %d\n%s\n%q", r.status, r.out, r.err)
		}
		w.answers = ""
		r = run(t, w, apply...)
		if r.status != exitFailed || strings.Contains(r.err, "[y/N]") || w.server.Count(ovhrenewtest.RoutePay) != 1 {
			t.Errorf("again: status %d, %d payments\n%s\n%q", r.status, w.server.Count(ovhrenewtest.RoutePay), r.out, r.err)
		}
		// The no can be taken back, as it says.
		if !strings.Contains(strings.Join(strings.Fields(r.out), " "), "unless renew --ignore-order names it") {
			t.Errorf("it does not say how to go on:\n%s", r.out)
		}
		w.answers = "y\n"
		r = run(t, w, "renew", "/domain/example.ovh", "--for", "P1Y", "--bundle", "--limit", "50 EUR", "--ignore-order", "123456790", "--journal", dir, "--only-journal")
		if r.status != 0 || w.server.Count(ovhrenewtest.RoutePay) != 2 {
			t.Errorf("renew: status %d\n%s%s", r.status, r.out, r.err)
		}
	})
}

// Questions of several orders do not mix: with all renewals at once they come one after the
// other too.
func TestOneQuestionAtATime(t *testing.T) {
	t.Parallel()
	p, said := newProgram(), &lockedBuffer{}
	answers, answer := pipe(t)
	p.in, p.err, p.terminal = answers, said, true
	const n = 20
	yes := make(chan bool, n)
	for range n {
		go func() {
			ok, err := p.ask(t.Context(), "Pay?")
			yes <- ok && err == nil
		}()
	}
	for i := range n {
		if _, err := answer.Write([]byte("y\n")); err != nil {
			t.Fatal(err)
		}
		if !<-yes {
			t.Fatal("a yes was not heard")
		}
		if got := strings.Count(said.String(), "Pay?"); got > i+2 {
			t.Fatalf("%d questions after %d answers", got, i+1)
		}
	}
}

// Only a line that says yes is a yes: not one that nobody has ended, as when the terminal
// goes away.
func TestAskAnswers(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]bool{
		"y\n": true, "yes\n": true, " YES \r\n": true, "n\n": false, "\n": false, "yesterday\n": false, "": false, "y": false, "yes": false,
	} {
		var said bytes.Buffer
		p := newProgram()
		p.in, p.err, p.terminal, p.live = bufio.NewReader(strings.NewReader(typed)), &said, true, false
		got, err := p.ask(t.Context(), "Pay?")
		if err != nil || got != want || !strings.HasPrefix(said.String(), "Pay? [y/N] ") {
			t.Errorf("%q is %t, %v, want %t; it says %q", typed, got, err, want, &said)
		}
		p.in = bufio.NewReader(strings.NewReader(typed))
		if err := p.confirm(t.Context(), "Pay?"); (err == nil) != want || err != nil && !errors.Is(err, errNo) {
			t.Errorf("%q: confirm = %v", typed, err)
		}
	}
	p := newProgram()
	p.terminal = false
	if err := p.confirm(t.Context(), "Pay?"); err == nil || errors.Is(err, errNo) {
		t.Errorf("where nobody can be asked: %v", err)
	}
}

// Who is no longer waited for is not asked, and an answer that does not come is none.
func TestAskEnds(t *testing.T) {
	t.Parallel()
	said := &lockedBuffer{}
	p := newProgram()
	answers, _ := pipe(t)
	p.in, p.err, p.terminal, p.live = answers, said, true, false
	ctx, stop := context.WithCancel(t.Context())
	time.AfterFunc(10*time.Millisecond, stop)
	if yes, err := p.ask(ctx, "Pay?"); yes || !errors.Is(err, context.Canceled) || !strings.HasSuffix(said.String(), "[y/N] \n") {
		t.Errorf("%t, %v, %q", yes, err, said)
	}
	if yes, err := p.ask(ctx, "And that?"); yes || !errors.Is(err, context.Canceled) || strings.Contains(said.String(), "And that?") {
		t.Errorf("afterwards: %t, %v, %q", yes, err, said)
	}
}
