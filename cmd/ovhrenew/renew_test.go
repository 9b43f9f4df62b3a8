package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// What renew shows of the demo account.
func TestShowRenew(t *testing.T) {
	bubble(t, func(t *testing.T) {
		shows(t, "renew", exitDone, "renew", "vps112233.ovh.net", "--for", "P3M", "--limit", "50 EUR")
	})
}

// A yes renews one service, once.
func TestRenewAsks(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w, dir := guide(t), t.TempDir()
		w.terminal, w.answers = true, "y\n"
		args := []string{"renew", ovhrenewtest.GuideVPS, "--for", "P3M", "--limit", "50 EUR", "--journal", dir, "--only-journal"}
		r := run(t, w, args...)
		if r.status != 0 || !strings.Contains(r.err, "Pay 21.56 EUR, tax included, by default payment method? A") && !strings.Contains(r.err, "21.56") || !strings.Contains(r.out, "21.56 EUR paid by payment method") {
			t.Errorf("status %d\n%s%s", r.status, r.out, r.err)
		}
		again := run(t, w, append(args, "--json")...)
		var receipt ovhrenew.Receipt
		if err := json.Unmarshal([]byte(again.out), &receipt); err != nil || !receipt.Already || again.status != 0 {
			t.Errorf("again: status %d, %v\n%s%s", again.status, err, again.out, again.err)
		}
		if n := w.server.PaymentsFor(ovhrenewtest.GuideVPSID); n != 1 {
			t.Errorf("it was paid for %d times", n)
		}
	})
}

// Offers that renew others along are taken only with the flag.
func TestRenewBundle(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w, dir := guide(t), t.TempDir()
		w.terminal, w.answers = true, "y\n"
		time.Sleep(4 * 24 * time.Hour) // until the domain is due
		args := []string{"renew", "67890", "--for", "P1Y", "--limit", "50 EUR", "--journal", dir, "--only-journal"}
		if r := run(t, w, args...); r.status != exitFailed || w.server.Count(ovhrenewtest.RouteOrder) > 0 {
			t.Errorf("alone: status %d\n%s---\n%s", r.status, r.out, r.err)
		}
		if r := run(t, w, append(args, "--bundle")...); r.status != exitDone || strings.Count(r.out, "renewed   ") != 2 {
			t.Errorf("with --bundle: status %d\n%s---\n%s", r.status, r.out, r.err)
		}
	})
}

// Each step is told in a line of its own, and how long it is waited for only where that
// takes time.
func TestSteps(t *testing.T) {
	t.Parallel()
	var said bytes.Buffer
	p := &program{err: &said}
	order := ovhrenew.Order{OrderID: 42, PriceWithTax: ovhrenew.MustMoney("5 EUR")}
	until := time.Date(2026, 6, 15, 12, 34, 56, 0, time.UTC)
	for _, step := range []ovhrenew.Step{ovhrenew.StepOrder, ovhrenew.StepSettle, ovhrenew.StepPay} {
		p.steps(ovhrenew.Progress{Step: step, Order: order, Until: until})
	}
	const want = "ordered   order 42, 5.00 EUR\nwaiting   until 12:34:56\npaid      order 42\n"
	if said.String() != want {
		t.Errorf("it says\n%swant\n%s", &said, want)
	}
	said.Reset()
	p.demo = true
	p.steps(ovhrenew.Progress{Step: ovhrenew.StepSettle, Until: until})
	if said.Len() > 0 {
		t.Errorf("the demo says %q", &said)
	}
}

// What is no number of an order names none.
func TestParseOrder(t *testing.T) {
	t.Parallel()
	if id, err := parseOrder("123456789"); err != nil || id != 123456789 {
		t.Errorf("%d, %v", id, err)
	}
	for _, text := range []string{"", "0", "-1", "1.5", "x", "99999999999999999999"} {
		if id, err := parseOrder(text); err == nil {
			t.Errorf("%q is read as %d", text, id)
		}
	}
}
