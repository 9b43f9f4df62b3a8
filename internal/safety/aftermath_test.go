// What an earlier run has left, and whether a later one gets past it.

package safety_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// What an earlier run has left must not keep a later one from renewing for ever.

// nightly is the request of a job that names no expiry.
func (w *world) nightly(p *process, period ovhrenew.Period) ovhrenew.Request {
	req := w.renewVPS(p)
	req.From, req.Rules = ovhrenew.Date{}, []ovhrenew.Rule{ovhrenew.For(period), ovhrenew.Alone}
	return req
}

// nights runs a job night after night until it has renewed.
func (w *world) nights(t *testing.T, j ovhrenew.Journal, period ovhrenew.Period, most int) *ovhrenew.Receipt {
	t.Helper()
	var last *ovhrenew.StepError
	for range most {
		p := w.start(j, 0)
		var receipt *ovhrenew.Receipt
		receipt, last = w.try(p, w.nightly(p, period))
		if receipt != nil && !receipt.Already {
			return receipt
		}
		time.Sleep(days)
	}
	t.Fatalf("not renewed in %d nights: %v", most, last)
	return nil
}

// leaveUnpaid orders for three months, and fails to pay.
func (w *world) leaveUnpaid(t *testing.T, j ovhrenew.Journal) ovhrenew.OrderID {
	t.Helper()
	p := w.start(j, 0)
	req := w.nightly(p, ovhrenew.P3M)
	req.PayWith = notTaken
	_, failed := w.try(p, req)
	if failed == nil || failed.Paid != ovhrenew.PaidNo || failed.Order == 0 {
		t.Fatalf("told %v, want an order that is not paid", failed)
	}
	return failed.Order
}

func TestOtherRulesAfterAnUnpaidOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, j := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true}), &memoryJournal{}
		w.leaveUnpaid(t, j)
		if receipt := w.nights(t, j, ovhrenew.P1M, 12); receipt.Period != ovhrenew.P1M || w.server.PaymentsFor(int64(vps)) != 1 {
			t.Errorf("renewed for %s, %d payments", receipt.Period, w.server.PaymentsFor(int64(vps)))
		}
	})
}

// A context that ends before the watch ends it with nothing paid, and the next run
// watches for what is left of the time.
func TestContextShorterThanTheWatch(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, j := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true, DeliveryDelay: time.Minute}), &memoryJournal{}
		order := w.leaveUnpaid(t, j)
		time.Sleep(time.Hour)
		began := time.Now()
		p := w.start(j, 0)
		ctx, cancel := context.WithTimeout(p.ctx, 5*time.Minute)
		defer cancel()
		_, err := ovhrenew.Renew(ctx, p.client, w.nightly(p, ovhrenew.P3M))
		var failed *ovhrenew.StepError
		if !errors.As(err, &failed) || !errors.Is(err, context.DeadlineExceeded) || failed.Paid != ovhrenew.PaidNo || failed.Order != order || w.paysSent() != 0 {
			t.Errorf("told %v, %d payments", err, w.paysSent())
		}
		p = w.start(j, 0)
		receipt, failed := w.try(p, w.nightly(p, ovhrenew.P3M))
		if receipt == nil || receipt.Order != order {
			t.Fatalf("told %v, %v", receipt, failed)
		}
		if d := w.server.Payments()[0].Time.Sub(began); d < 10*time.Minute || d > 12*time.Minute {
			t.Errorf("paid after %s", d)
		}
	})
}

// paidBetween checks that the receipt's order was paid when the receipt says.
func (w *world) paidBetween(r *ovhrenew.Receipt) {
	w.tb.Helper()
	paid := w.server.Payments()
	if r == nil || len(paid) != 1 || paid[0].Time.Before(r.PaidAfter) || paid[0].Time.After(r.PaidBefore) || r.PaidBefore.After(r.Verified) || r.PaidAfter.IsZero() {
		w.tb.Errorf("paid at %+v, and the receipt is %+v", paid, r)
	}
}

func TestPersonPaidTheOrder(t *testing.T) {
	t.Parallel()
	for _, after := range []time.Duration{10 * time.Second, time.Hour, 3 * days} {
		synctest.Test(t, func(t *testing.T) {
			w, j := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true, DeliveryDelay: time.Minute}), &memoryJournal{}
			order := w.leaveUnpaid(t, j)
			w.server.Pay(int64(order))
			time.Sleep(after)
			p := w.start(j, 0)
			receipt, failed := w.try(p, w.nightly(p, ovhrenew.P3M))
			if failed != nil || receipt.Order != order || receipt.Services[0].From != w.old[vps] || receipt.PaidWith != "somebody else" {
				t.Errorf("%s after a person paid order %d, told %v, %v", after, order, receipt, failed)
			}
			w.paidBetween(receipt)
			p = w.start(j, 0)
			if receipt, failed := w.try(p, w.nightly(p, ovhrenew.P3M)); failed != nil || !receipt.Already {
				t.Errorf("told %v, %v, want that it is done", receipt, failed)
			}
			if n := w.server.PaymentsFor(int64(vps)); n != 1 {
				t.Errorf("%d payments", n)
			}
		})
	}
}

// A payment that took effect after the time to settle is not said to be somebody else's.
func TestPaymentAfterTheTimeToSettle(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, j := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true}), &memoryJournal{}
		w.server.Inject(ovhrenewtest.Fault{Route: ovhrenewtest.RoutePay, Kind: ovhrenewtest.Late, Delay: 15 * time.Minute})
		p := w.start(j, 0)
		if _, failed := w.try(p, w.nightly(p, ovhrenew.P3M)); !errors.Is(failed, ovhrenew.ErrNoEffect) {
			t.Fatalf("told %v, want %v", failed, ovhrenew.ErrNoEffect)
		}
		time.Sleep(time.Hour)
		p = w.start(j, 0)
		receipt, failed := w.try(p, w.nightly(p, ovhrenew.P3M))
		if failed != nil || receipt.PaidWith != "payment method 5678901 or somebody else" || w.server.PaymentsFor(int64(vps)) != 1 {
			t.Errorf("told %v, %v, %d payments", receipt, failed, w.server.PaymentsFor(int64(vps)))
		}
		w.paidBetween(receipt)
	})
}

// A payment that was refused or whose answer was lost, and shows all the same, by its own
// effect or by a person's at the link, is not said to be certainly this journal's, nor to
// have been made after it was sent. Each is paid once.
func TestPaidThoughRefused(t *testing.T) {
	t.Parallel()
	refused := ovhrenewtest.Fault{
		Route: ovhrenewtest.RoutePay, Kind: ovhrenewtest.StatusFault, Status: 403,
		Body: `{"message":"This order can't be paid with 'creditCard'"}`,
	}
	lost := ovhrenewtest.Fault{Route: ovhrenewtest.RoutePay, Kind: ovhrenewtest.Reset}
	for name, test := range map[string]struct {
		fault  ovhrenewtest.Fault
		when   ovhrenewtest.When
		person string // when a person pays
	}{
		"refused, then by a person":  {refused, ovhrenewtest.Before, "after"},
		"refused after a person":     {refused, ovhrenewtest.Before, "before"},
		"refused, and by its effect": {refused, ovhrenewtest.After, ""},
		"lost, and by its effect":    {lost, ovhrenewtest.After, ""},
		"lost, and after a person":   {lost, ovhrenewtest.Before, "before"},
	} {
		synctest.Test(t, func(t *testing.T) {
			w, j := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true, StatusLag: 2 * time.Minute, ListLag: 6 * time.Second}), &memoryJournal{}
			test.fault.When = test.when
			w.server.Inject(test.fault)
			pay := func() { w.server.Pay(w.server.Orders()[0].ID) }
			switch test.person {
			case "after":
				time.AfterFunc(3*time.Minute, pay)
			case "before":
				var once sync.Once
				w.server.OnAnswer(func(r ovhrenewtest.Request) {
					if r.Route == ovhrenewtest.RouteOrder {
						once.Do(pay)
					}
				})
			}
			p := w.start(j, 0)
			receipt, failed := w.try(p, w.nightly(p, ovhrenew.P3M))
			paid := w.server.Payments()
			if failed != nil || len(paid) != 1 || receipt.PaidWith != "payment method 5678901 or somebody else" ||
				paid[0].Time.Before(receipt.PaidAfter) || paid[0].Time.After(receipt.PaidBefore) {
				t.Errorf("%s: told %+v, %v; payments %+v", name, receipt, failed, paid)
			}
		})
	}
}

func TestPersonRenewedInstead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, j := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true}), &memoryJournal{}
		w.leaveUnpaid(t, j)
		w.server.Pay(w.server.AddOrder(ovhrenewtest.Order{Status: "notPaid", Services: []int64{int64(vps)}, Period: "P3M", Price: "18"}))
		receipt := w.nights(t, j, ovhrenew.P3M, 120)
		if spent := w.server.PaymentsFor(int64(vps)); spent != 2 || receipt.Services[0].From == w.old[vps] {
			t.Errorf("%d payments, the last from %s", spent, receipt.Services[0].From)
		}
	})
}

func TestPaymentWithoutEffectAndPersonRenewed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, j := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true}), &memoryJournal{}
		w.server.Inject(ovhrenewtest.Fault{Route: ovhrenewtest.RoutePay, Kind: ovhrenewtest.Hang, Delay: 7 * time.Minute})
		go func() {
			time.Sleep(2 * time.Minute)
			w.server.Pay(w.server.AddOrder(ovhrenewtest.Order{Status: "notPaid", Services: []int64{int64(vps)}, Period: "P3M", Price: "18"}))
		}()
		p := w.start(j, 0)
		if _, failed := w.try(p, w.nightly(p, ovhrenew.P3M)); !errors.Is(failed, ovhrenew.ErrUnsure) {
			t.Errorf("told %v, want unsure: the expiry has moved, by whomever", failed)
		}
		w.nights(t, j, ovhrenew.P3M, 120)
		if n := w.server.PaymentsFor(int64(vps)); n != 2 {
			t.Errorf("%d payments: the person's and next season's are 2", n)
		}
	})
}

// TestNextRequestAfterAnUnseenRenewal asks for another renewal while the last one was
// paid and never seen: that is brought to its end, and then the request is done.
func TestNextRequestAfterAnUnseenRenewal(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, j := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true, ExpiryLag: 3 * time.Hour}), &memoryJournal{}
		p := w.start(j, 0)
		if _, failed := w.try(p, w.renewVPS(p)); !errors.Is(failed, ovhrenew.ErrPending) {
			t.Fatalf("told %v, want %v", failed, ovhrenew.ErrPending)
		}
		time.Sleep(80 * days)
		p = w.start(j, 0)
		req := w.nightly(p, ovhrenew.P1M)
		req.From, req.Patience.Delivery = w.expiry(vps), 6*time.Hour
		receipt, failed := w.try(p, req)
		if receipt == nil || receipt.Period != ovhrenew.P1M || receipt.Services[0].From != req.From {
			t.Errorf("receipt %+v, %v; want one for P1M from %s", receipt, failed, req.From)
		}
	})
}

// TestLookedAtByAPerson goes on after a paid order was cancelled, once somebody has
// said so, and not before.
func TestLookedAtByAPerson(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, j := newWorld(t, ovhrenewtest.Behaviour{AfterPay: "cancelled"}), &memoryJournal{}
		p := w.start(j, 0)
		_, failed := w.try(p, w.renewVPS(p))
		if !errors.Is(failed, ovhrenew.ErrCancelled) || failed.Paid != ovhrenew.PaidYes {
			t.Fatalf("told %v, want %v and paid", failed, ovhrenew.ErrCancelled)
		}
		w.server.SetBehaviour(ovhrenewtest.Behaviour{})
		p = w.start(j, 0)
		if _, again := w.try(p, w.renewVPS(p)); !errors.Is(again, ovhrenew.ErrCancelled) {
			t.Errorf("told %v, want %v again", again, ovhrenew.ErrCancelled)
		}
		p = w.start(j, 0)
		req := w.renewVPS(p)
		req.Guards.IgnoreOrders = []ovhrenew.OrderID{failed.Order}
		if receipt, failed := w.try(p, req); receipt == nil {
			t.Errorf("told %v after a person has looked at it, want renewed", failed)
		}
	})
}

// TestTraps refuses what is easily written and means something else.
func TestTraps(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, ovhrenewtest.Behaviour{})
		for name, set := range map[string]func(*ovhrenew.Request){
			"30 nanoseconds to be due": func(r *ovhrenew.Request) { r.Guards.DueWithin = 30 },
			"30 nanoseconds to renew":  func(r *ovhrenew.Request) { r.Guards.RenewsItselfWithin = 30 },
		} {
			p := w.start(nil, 0)
			req := w.nightly(p, ovhrenew.P3M)
			set(&req)
			if _, failed := w.try(p, req); !errors.Is(failed, ovhrenew.ErrBadInput) {
				t.Errorf("%s: told %v, want %v", name, failed, ovhrenew.ErrBadInput)
			}
		}
		p := w.start(nil, 0)
		if _, err := ovhrenew.Renew(p.ctx, nil, w.renewVPS(p)); !errors.Is(err, ovhrenew.ErrBadInput) {
			t.Errorf("without a client: %v, want %v", err, ovhrenew.ErrBadInput)
		}
		req := w.renewVPS(p)
		req.Journal = nil
		if _, failed := w.try(p, req); !errors.Is(failed, ovhrenew.ErrBadInput) {
			t.Errorf("without a journal: %v, want %v", failed, ovhrenew.ErrBadInput)
		}
		if n := w.server.Count(ovhrenewtest.RouteOrder); n != 0 {
			t.Errorf("%d orders", n)
		}
	})
}

// TestWindowAsLongAsThePeriod renews monthly with a window of 30 days and of 100: once
// a month, also in February.
func TestWindowAsLongAsThePeriod(t *testing.T) {
	t.Parallel()
	for _, window := range []time.Duration{30 * days, 100 * days} {
		synctest.Test(t, func(t *testing.T) {
			w, j := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true}), &memoryJournal{}
			for range 365 {
				p := w.start(j, 0)
				req := w.nightly(p, ovhrenew.P1M)
				req.Guards.DueWithin = window
				if _, failed := w.try(p, req); failed != nil && !errors.Is(failed, ovhrenew.ErrNotDue) {
					t.Fatal(failed)
				}
				time.Sleep(days)
			}
			if n := w.server.PaymentsFor(int64(vps)); n < 12 || n > 13 {
				t.Errorf("a year of %s ahead: %d payments", window, n)
			}
			if left := time.Until(w.server.Expiry(int64(vps))); left < 0 || left > 62*days {
				t.Errorf("a year of %s ahead: %s are left", window, left)
			}
		})
	}
}
