package safety_test

import (
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

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

// TestUnsure tells that it is not known whether an order was paid while that cannot
// be read, or while an expiry has moved that nothing explains.
func TestUnsure(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name     string
		when     ovhrenewtest.When
		happens  func(*world)
		payments int
		again    string
	}{
		{
			"the status cannot be read", ovhrenewtest.After, func(w *world) {
				w.server.Inject(ovhrenewtest.Fault{Kind: ovhrenewtest.StatusFault, Route: ovhrenewtest.RouteStatus, Times: -1})
			}, 1, "renewed",
		},
		{
			"the expiry has moved", ovhrenewtest.Before, func(w *world) {
				w.server.SetExpiry(int64(vps), w.server.Expiry(int64(vps)).AddDate(0, 3, 0))
			}, 0, "unsure",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true})
				journal := &memoryJournal{}
				w.server.Inject(ovhrenewtest.Fault{Kind: ovhrenewtest.Reset, When: tt.when, Route: ovhrenewtest.RoutePay})
				onRequest(ovhrenewtest.RoutePay, tt.happens)(w)
				for run, want := range []string{"unsure", tt.again} {
					p := w.start(journal, 0)
					v := w.renewBeside(p, w.renewVPS(p), vps)
					got := v.String()
					if v.failed != nil && errors.Is(v.failed, ovhrenew.ErrUnsure) {
						got = string(v.failed.Paid)
					}
					if got != want {
						t.Errorf("run %d told %v: %v, want %s", run, v, v.failed, want)
					}
					w.server.ClearFaults()
				}
				if n := w.payments([]ovhrenew.ServiceID{vps}); n != tt.payments {
					t.Errorf("%d payments, want %d", n, tt.payments)
				}
			})
		})
	}
}

// TestStalledBeforePaying sends no payment when its process stood still, as on a
// machine that slept, since it last saw the order unpaid.
func TestStalledBeforePaying(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true})
		journal := &memoryJournal{fail: func(r ovhrenew.Record) error {
			if r.Event == ovhrenew.EventPaying {
				time.Sleep(time.Hour)
			}
			return nil
		}}
		p := w.start(journal, 0)
		if v := w.run(p, w.renewVPS(p), vps); v.failed == nil || !errors.Is(v.failed, ovhrenew.ErrOpenOrder) || v.failed.Paid != ovhrenew.PaidNo {
			t.Errorf("told %v: %v, want %v", v, v.failed, ovhrenew.ErrOpenOrder)
		}
		if n := w.server.Count(ovhrenewtest.RoutePay); n != 0 {
			t.Errorf("%d payments were sent", n)
		}
		journal.fail = nil
		p = w.start(journal, 0)
		if v := w.run(p, w.renewVPS(p), vps); v.String() != "renewed" {
			t.Errorf("run again, told %v: %v, want renewed", v, v.failed)
		}
	})
}
