package safety_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// TestNightly runs a program every night of more than a year: it renews once a
// period, with its journal and without.
func TestNightly(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		period ovhrenew.Period
		want   int
	}{{ovhrenew.P1M, 14}, {ovhrenew.P1Y, 2}} {
		for _, kept := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s/journal kept %t", tt.period, kept), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) { nightly(t, tt.period, tt.want, kept) })
			})
		}
	}
}

func nightly(t *testing.T, period ovhrenew.Period, want int, kept bool) {
	server := ovhrenewtest.StartPipe(t, ovhrenewtest.Behaviour{ChargeTwice: true, DeliveryDelay: time.Minute})
	ovhrenewtest.Guide(server)
	w := &world{tb: t, server: server}
	expiry := w.expiry(vps)
	shared := &memoryJournal{}
	renewed := 0
	for range 400 {
		time.Sleep(days)
		journal := shared
		if !kept {
			journal = &memoryJournal{}
		}
		p := w.start(journal, 0)
		receipt, err := ovhrenew.Renew(p.ctx, p.client, ovhrenew.Request{
			Service: ovhrenew.ID(vps), Rules: []ovhrenew.Rule{ovhrenew.For(period)}, Limit: ovhrenew.MustMoney("78 EUR"),
			PayWith: ovhrenew.DefaultMethod, Journal: p.journal,
		})
		p.kill()
		switch {
		case err == nil && !receipt.Already:
			renewed++
			if got := receipt.Services[0]; got.From != expiry || !period.Moved(expiry, got.To) {
				t.Fatalf("renewed from %s to %s, want %s from %s", got.From, got.To, period, expiry)
			}
			expiry = receipt.Services[0].To
		case err != nil && told(err) != ovhrenew.ErrNotDue.Error():
			t.Fatal(err)
		case err != nil && kept && renewed > 0:
			t.Fatalf("the journal has a receipt, and the run told %v", err)
		}
		if left := ovhrenew.DateOf(time.Now()).DaysUntil(w.expiry(vps)); left < 0 {
			t.Fatal("it expired")
		}
	}
	if payments := len(server.Payments()); renewed != want || payments != want || w.expiry(vps) != expiry {
		t.Errorf("renewed %d times, paid %d times, want %d; it expires on %s, want %s", renewed, payments, want, w.expiry(vps), expiry)
	}
}

// TestDoneAlready returns the receipt of the run that did the work, and renews again
// when that is asked for.
func TestDoneAlready(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true})
		journal := &memoryJournal{}
		run := func(change func(*request)) verdict {
			p := w.start(journal, 0)
			req := w.renewVPS(p)
			change(&req)
			return w.renewBeside(p, req, domain)
		}
		first := run(func(*request) {})
		again := run(func(*request) {})
		if first.String() != "renewed" || again.String() != "renewed already" || again.receipt.Order != first.receipt.Order {
			t.Fatalf("told %v %v, then %v %v", first, first.failed, again, again.failed)
		}
		other := run(func(r *request) { r.Rules[0] = ovhrenew.For(ovhrenew.P1M) })
		if told(other.failed) != ovhrenew.ErrExpiryMoved.Error() {
			t.Errorf("for another period, told %v %v, want %v", other, other.failed, ovhrenew.ErrExpiryMoved)
		}
		if n := len(w.server.Payments()); n != 1 {
			t.Fatalf("%d payments, want 1", n)
		}
		time.Sleep(days)
		next := run(func(r *request) {
			r.From = first.receipt.Services[0].To
			r.Guards.IgnoreOrders = []ovhrenew.OrderID{first.receipt.Order}
		})
		if next.String() != "renewed" || len(w.server.Payments()) != 2 {
			t.Errorf("from the new expiry, told %v %v with %d payments in all, want renewed with 2", next, next.failed, len(w.server.Payments()))
		}
	})
}

// TestExpiryLagsBeyondPatience tells that it is paid and not to be seen yet, and the
// receipt once it is.
func TestExpiryLagsBeyondPatience(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true, ExpiryLag: 150 * time.Minute})
		journal := &memoryJournal{}
		var told []string
		for range 4 {
			p := w.start(journal, 0)
			told = append(told, w.run(p, w.renewVPS(p), vps).String())
			time.Sleep(time.Hour)
		}
		const lags = "verify: delivered, and the expiry has not moved yet, paid: yes"
		if want := fmt.Sprint([]string{lags, lags, "renewed", "renewed already"}); fmt.Sprint(told) != want {
			t.Errorf("told %v, want %v", told, want)
		}
	})
}

// TestOutcomeIsKnown does not wait a second time for what the journal says came of an
// order: it was refused, or an earlier run waited for it.
func TestOutcomeIsKnown(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]ovhrenewtest.Fault{
		"never sent":    {Kind: ovhrenewtest.Refuse, Times: -1},
		"waited for it": {Kind: ovhrenewtest.Reset},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true})
				journal := &memoryJournal{}
				fault.Route = ovhrenewtest.RouteOrder
				w.server.Inject(fault)
				p := w.start(journal, 0)
				if v := w.run(p, w.renewVPS(p), vps); v.failed == nil || v.failed.Step != ovhrenew.StepOrder || v.failed.Paid != ovhrenew.PaidNo {
					t.Fatalf("told %v: %v, want an order that failed", v, v.failed)
				}
				w.server.ClearFaults()
				begun := time.Now()
				p = w.start(journal, 0)
				if v := w.run(p, w.renewVPS(p), vps); v.receipt == nil {
					t.Fatalf("run again, told %v: %v", v, v.failed)
				}
				if took := time.Since(begun); took > time.Minute {
					t.Errorf("run again, it took %v", took)
				}
			})
		})
	}
}
