// These attacks aim at what is told: receipts and errors that are not true, and refusals
// for which there is no reason.

package safety_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// TestAttackClosedIsNotPaid closes a renewal in several ways. It is never told as paid or
// as renewed, and the next run goes on.
func TestAttackClosedIsNotPaid(t *testing.T) {
	t.Parallel()
	for name, attack := range map[string]func(*world){
		"lapsed":          func(*world) { time.Sleep(9 * days) },
		"cancelled":       func(w *world) { w.server.SetStatus(w.server.Orders()[0].ID, "cancelled"); time.Sleep(9 * days) },
		"dearer":          func(w *world) { w.server.SetPrice("P3M", "25.00", int64(vps)); time.Sleep(9 * days) },
		"no such service": func(w *world) { w.server.Withdraw(int64(vps)); time.Sleep(9 * days) },
	} {
		both(t, func(t *testing.T, sharing ovhrenew.Sharing) {
			w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true, DeliveryDelay: time.Minute})
			w.server.SetExpiry(int64(vps), time.Now().Add(20*days))
			time.Sleep(time.Hour)
			journal := &memoryJournal{sharing: sharing}
			ctx, cut := context.WithCancel(t.Context())
			h := w.host(journal, &wire{after: func(s sent) {
				if s.orders() {
					cut()
				}
			}})
			_, _ = h.renewWithin(ctx, vpsFor(ovhrenew.P3M))
			attack(w)
			h = w.host(journal, nil)
			for range 3 {
				receipt, err := h.renew(vpsFor(ovhrenew.P3M))
				if err == nil && w.server.PaymentsFor(int64(vps)) == 0 || paidOf(err) == ovhrenew.PaidYes {
					t.Errorf("%s: told as paid: %v, %v", name, receipt, err)
				}
			}
			paid := 1
			if name == "no such service" {
				paid = 0
			}
			w.paidFor(paid, vps)
		})
	}
}

// TestAttackLastYearsReceipt asks for another renewal half a year later, early: it is not
// told with the receipt of the first.
func TestAttackLastYearsReceipt(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, sharing ovhrenew.Sharing) {
		w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true})
		time.Sleep(time.Hour)
		h := w.host(&memoryJournal{sharing: sharing}, nil)
		first, err := h.renew(vpsFor(ovhrenew.P1Y))
		want(t, err, nil, "")
		again := vpsFor(ovhrenew.P1Y)
		again.Guards.Early = true
		receipt, err := h.renew(again) // at once: the same renewal, run twice
		if err != nil || !receipt.Already || receipt.Order != first.Order {
			t.Errorf("run twice: %v, %v", receipt, err)
		}
		time.Sleep(180 * days)
		receipt, err = h.renew(again)
		if err != nil || receipt.Already || receipt.Order == first.Order {
			t.Errorf("half a year later: %v, %v", receipt, err)
		}
		w.paidFor(2, vps)
	})
}

// TestAttackAnchor lets the API move the expiry to another day of the month than the
// period leads to. It is told once, with its receipt, and running again is no refusal.
func TestAttackAnchor(t *testing.T) {
	t.Parallel()
	for _, anchor := range []int{1, 5, 15, 28, 31} {
		both(t, func(t *testing.T, sharing ovhrenew.Sharing) {
			w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true, DeliveryDelay: time.Minute})
			w.server.ChangeService(int64(vps), func(s *ovhrenewtest.Service) { s.Anchor = anchor })
			time.Sleep(time.Hour)
			h := w.host(&memoryJournal{sharing: sharing}, nil)
			receipt, err := h.renew(vpsFor(ovhrenew.P3M))
			if receipt == nil {
				t.Fatalf("anchor %d: no receipt: %v", anchor, err)
			}
			if receipt.Unexpected != errors.Is(err, ovhrenew.ErrMismatch) || err != nil && paidOf(err) != ovhrenew.PaidYes {
				t.Errorf("anchor %d: unexpected %t, and %v", anchor, receipt.Unexpected, err)
			}
			for range 3 {
				again, err := h.renew(vpsFor(ovhrenew.P3M))
				if err != nil || !again.Already || again.Order != receipt.Order {
					t.Errorf("anchor %d, again: %v, %v", anchor, again, err)
				}
				time.Sleep(days)
			}
			w.paidFor(1, vps)
		})
	}
}

// TestAttackQuote answers a dry run with server trouble a few times: it is a read, in
// spite of its method, and repeated. The order is not.
func TestAttackQuote(t *testing.T) {
	t.Parallel()
	for _, status := range []int{500, 502, 503, 504} {
		both(t, func(t *testing.T, sharing ovhrenew.Sharing) {
			w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true})
			time.Sleep(time.Hour)
			w.server.Inject(ovhrenewtest.Fault{Route: ovhrenewtest.RouteQuote, Kind: ovhrenewtest.StatusFault, Status: status, Times: 2})
			_, err := w.host(&memoryJournal{sharing: sharing}, nil).renew(vpsFor(ovhrenew.P3M))
			want(t, err, nil, "")
			if n := w.server.Count(ovhrenewtest.RouteOrder); n != 1 {
				t.Errorf("%d orders were sent", n)
			}
			w.paidFor(1, vps)
		})
	}
}

// TestAttackNamesake lets a zone have the name of the domain, whose offers are refused:
// the domain can be named by its route, and renewed.
func TestAttackNamesake(t *testing.T) {
	t.Parallel()
	for _, refused := range []int{0, 400, 403} {
		bubble(t, func(t *testing.T) {
			w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true, OffersRefused: refused})
			w.server.SetExpiry(int64(domain), time.Now().Add(20*days))
			w.server.AddService(ovhrenewtest.Service{
				Name: "example.ovh", Route: "/domain/zone/example.ovh", Type: "Zone", RenewalType: "oneShot", Expiry: time.Now().Add(20 * days),
			})
			time.Sleep(time.Hour)
			req := vpsFor(ovhrenew.P1Y)
			req.Service = ovhrenew.Route("/domain/example.ovh")
			_, err := w.host(&memoryJournal{}, nil).renew(req)
			want(t, err, nil, "")
			w.paidFor(1, domain)
		})
	}
}

// TestAttackUnknownMean gives the account a way to pay that nobody knows, in every list
// that names them. What is known goes on working.
func TestAttackUnknownMean(t *testing.T) {
	t.Parallel()
	for _, unknown := range []string{`"crypto"`, `"CRYPTO_WALLET"`, `""`} {
		bubble(t, func(t *testing.T) {
			w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true})
			w.server.AddPaymentMethod(ovhrenewtest.PaymentMethod{ID: 77, Type: strings.Trim(unknown, `"`)})
			time.Sleep(time.Hour)
			var hit atomic.Bool
			h := w.host(&memoryJournal{}, &wire{answer: func(s sent, status int, body string) (int, string) {
				if s.reads("/availableRegisteredPaymentMean") {
					hit.Store(true)
					body = strings.Replace(body, "[", `[{"paymentMean":`+unknown+`},`, 1)
				}
				return status, body
			}})
			req := vpsFor(ovhrenew.P3M)
			req.PayWith = ovhrenew.Mean{Kind: ovhrenew.MeanPaypal, ID: ovhrenewtest.GuidePayPalMean}
			_, err := h.renew(req)
			want(t, err, nil, "")
			if !hit.Load() {
				t.Error("the list of means was not read")
			}
			w.paidFor(1, vps)
		})
	}
}

// TestAttackCheckFirst checks a new order before it can be paid, or finds it only after
// minutes: nobody has paid it, and it is paid once it can be.
func TestAttackCheckFirst(t *testing.T) {
	t.Parallel()
	for _, b := range []ovhrenewtest.Behaviour{
		{CheckFirst: 2 * time.Minute}, {CheckFirst: 12 * time.Minute}, {OrderLag: 5 * time.Minute, ListLag: 5 * time.Minute},
		{PayOnOrder: true, StatusLag: time.Minute, DeliveryDelay: time.Minute}, {DateSkew: -20 * time.Second}, {DateSkew: 20 * time.Second},
	} {
		both(t, func(t *testing.T, sharing ovhrenew.Sharing) {
			if b.PayOnOrder && sharing == ovhrenew.OnlyJournal {
				return // documented: the only journal pays at once, before such a payment shows
			}
			b.ChargeTwice = true
			w := newWorld(t, b)
			w.server.SetPrepaid("100.00")
			time.Sleep(time.Hour)
			h := w.host(&memoryJournal{sharing: sharing}, nil)
			var err error
			for range 3 {
				if _, err = h.renew(vpsFor(ovhrenew.P3M)); err == nil {
					break
				}
				time.Sleep(time.Hour)
			}
			want(t, err, nil, "")
			w.paidFor(1, vps)
		})
	}
}
