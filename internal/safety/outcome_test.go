// What is known of a renewal that is done, or paid and not to be seen yet.

package safety_test

import (
	"errors"
	"fmt"
	"strings"
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
		w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true, ExpiryLag: 210 * time.Minute})
		journal := &memoryJournal{}
		var told []string
		for range 4 {
			p := w.start(journal, 0)
			told = append(told, w.run(p, w.renewVPS(p), vps).String())
			time.Sleep(time.Hour)
		}
		const lags = "verify: paid, and not seen renewed yet, paid: yes"
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
				if v := w.run(p, w.renewVPS(p), vps); v.failed == nil || v.failed.Paid != ovhrenew.PaidNo {
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
// machine that slept, since it last saw the order unpaid. It looks again, and gives up
// when each look grows old.
func TestStalledBeforePaying(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true})
		journal := &memoryJournal{fail: func(s ovhrenew.State) error {
			if s.Phase == ovhrenew.PhasePaying {
				time.Sleep(time.Hour)
			}
			return nil
		}}
		p := w.start(journal, 0)
		if v := w.run(p, w.renewVPS(p), vps); v.failed == nil || !errors.Is(v.failed, ovhrenew.ErrNotSent) || v.failed.Paid != ovhrenew.PaidNo {
			t.Errorf("told %v: %v, want %v", v, v.failed, ovhrenew.ErrNotSent)
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

// TestUnexpectedExpiry tells of an expiry that has moved to another day than it
// should have, and does not call that renewed.
func TestUnexpectedExpiry(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true})
		w.server.OnAnswer(func(r ovhrenewtest.Request) {
			if r.Route == ovhrenewtest.RoutePay {
				w.server.SetExpiry(int64(vps), w.server.Expiry(int64(vps)).AddDate(0, -2, 0))
			}
		})
		p := w.start(&memoryJournal{}, 0)
		v := w.run(p, w.renewVPS(p), vps)
		if v.failed == nil || !errors.Is(v.failed, ovhrenew.ErrMismatch) || v.failed.Paid != ovhrenew.PaidYes {
			t.Errorf("told %v: %v, want %v, paid", v, v.failed, ovhrenew.ErrMismatch)
		}
	})
}

// TestOverlapUnderWay refuses to renew together what an earlier run has begun to
// renew alone, also while nobody knows whether that was ordered.
func TestOverlapUnderWay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true})
		journal := &memoryJournal{}
		killed := w.start(journal, 0)
		w.server.Inject(ovhrenewtest.Fault{Kind: ovhrenewtest.Late, Delay: 5 * time.Minute, Route: ovhrenewtest.RouteOrder})
		w.server.OnRequest(func(r ovhrenewtest.Request) {
			if r.Route == ovhrenewtest.RouteOrder {
				killed.dead.Store(true)
				killed.kill()
			}
		})
		alone := w.renewBundle(killed)
		alone.Rules[1] = ovhrenew.Alone
		if v := w.run(killed, alone, domain, hosting); !v.dead {
			t.Fatalf("told %v, want it killed", v)
		}
		p := w.start(journal, 0)
		together := w.renewBundle(p)
		together.Service, together.From = ovhrenew.ID(hosting), w.old[hosting]
		v := w.run(p, together, domain, hosting)
		if v.failed == nil || !errors.Is(v.failed, ovhrenew.ErrUnderWay) || !strings.Contains(v.failed.Error(), "under way") {
			t.Errorf("told %v: %v, want %v", v, v.failed, ovhrenew.ErrUnderWay)
		}
		if n := w.server.Count(ovhrenewtest.RouteOrder); n != 1 {
			t.Errorf("%d orders were sent, want the first alone", n)
		}
	})
}

// TestResumedUnderTheNewRequest takes up an order under the limit and the guards of
// the request at hand, and not of that which placed it.
func TestResumedUnderTheNewRequest(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		set  func(*world)
		req  func(*request)
		want error
	}{
		"a lower limit":         {func(*world) {}, func(r *request) { r.Limit = ovhrenew.MustMoney("20 EUR") }, ovhrenew.ErrOverLimit},
		"it now renews itself":  {renewsItself(vps, 9*days), func(*request) {}, ovhrenew.ErrAutoRenew},
		"another way of paying": {changeMethod(func(m *ovhrenewtest.PaymentMethod) { m.Default = false }), func(*request) {}, ovhrenew.ErrNoPayment},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true})
				journal := &memoryJournal{}
				killed := w.start(journal, 0)
				w.server.OnRequest(func(r ovhrenewtest.Request) {
					if r.Route == "GET /me/order/{orderId}/paymentMethods" {
						killed.dead.Store(true)
						killed.kill()
					}
				})
				if v := w.run(killed, w.renewVPS(killed), vps); !v.dead || len(w.server.Orders()) != 1 {
					t.Fatalf("told %v with %d orders, want it killed with one", v, len(w.server.Orders()))
				}
				tt.set(w)
				p := w.start(journal, 0)
				req := w.renewVPS(p)
				tt.req(&req)
				if v := w.run(p, req, vps); v.failed == nil || !errors.Is(v.failed, tt.want) {
					t.Errorf("told %v: %v, want %v", v, v.failed, tt.want)
				}
				if n := w.server.Count(ovhrenewtest.RoutePay); n != 0 {
					t.Errorf("%d payments were sent", n)
				}
			})
		})
	}
}
