// These attacks aim at a person's word: what was refused is ordered in another form, and
// what was agreed to changes before it is paid.

package safety_test

import (
	"context"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// saying is an approver of one answer, which counts how often it is asked.
func saying(answer ovhrenew.Answer, asked *atomic.Int32) ovhrenew.Approver {
	return func(context.Context, ovhrenew.Approval) (ovhrenew.Answer, error) {
		asked.Add(1)
		return answer, nil
	}
}

// TestAttackRefusedInAnotherForm says no to one order, and then wants the same services
// for another period, in another bundle, or without anybody who is asked. Nothing more is
// ordered until their expiries have moved.
func TestAttackRefusedInAnotherForm(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, sharing ovhrenew.Sharing) {
		w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true})
		w.server.SetExpiry(int64(vps), time.Now().Add(12*days))
		w.server.SetExpiry(int64(domain), time.Now().Add(12*days))
		w.server.SetExpiry(int64(hosting), time.Now().Add(12*days))
		time.Sleep(time.Hour)
		h := w.host(&memoryJournal{sharing: sharing}, nil)
		var asked atomic.Int32
		bundle := vpsFor(ovhrenew.P1Y)
		bundle.Service = ovhrenew.ID(domain)
		bundle.Rules = []ovhrenew.Rule{ovhrenew.For(ovhrenew.P1Y), ovhrenew.Only(domain, hosting)}
		alone := vpsFor(ovhrenew.P1Y)
		alone.Service = ovhrenew.ID(domain)
		for _, req := range []ovhrenew.Request{vpsFor(ovhrenew.P3M), bundle} {
			req.Approve = saying(ovhrenew.AnswerNo, &asked)
			_, err := h.renew(req)
			want(t, err, ovhrenew.ErrRejected, ovhrenew.PaidNo)
		}
		for range 9 { // beyond the time in which the orders lapse
			for _, req := range []ovhrenew.Request{vpsFor(ovhrenew.P1M), vpsFor(ovhrenew.P3M), alone, bundle} {
				_, err := h.renew(req)
				want(t, err, ovhrenew.ErrRejected, ovhrenew.PaidNo)
			}
			time.Sleep(days)
		}
		if n := w.server.Count(ovhrenewtest.RouteOrder); n != 2 || asked.Load() != 2 {
			t.Errorf("%d orders, asked %d times, want 2 and 2", n, asked.Load())
		}
		w.paidFor(0, vps, domain, hosting)
		// Somebody renews one of them: the no was for the expiry that has gone.
		w.server.Pay(w.server.AddOrder(ovhrenewtest.Order{Status: "notPaid", Services: []int64{int64(vps)}, Period: "P3M", Price: "17.97"}))
		time.Sleep(90 * days)
		_, err := h.renew(vpsFor(ovhrenew.P3M))
		want(t, err, nil, "")
		w.paidFor(2, vps)
	})
}

// TestAttackAgreedToLess raises the tax of an order that a person has agreed to. It is
// paid only after the person has agreed to the new price.
func TestAttackAgreedToLess(t *testing.T) {
	t.Parallel()
	for _, second := range []ovhrenew.Answer{ovhrenew.AnswerYes, ovhrenew.AnswerNo, ovhrenew.AnswerLater} {
		both(t, func(t *testing.T, sharing ovhrenew.Sharing) {
			w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true})
			time.Sleep(time.Hour)
			var asked atomic.Int32
			h := w.host(&memoryJournal{sharing: sharing}, &wire{answer: func(s sent, status int, body string) (int, string) {
				if s.Method == http.MethodGet && strings.Contains(s.URL.Path, "/me/order") && asked.Load() > 0 {
					body = strings.NewReplacer(`"value":21.56`, `"value":23.72`, `"priceInUcents":2156400000`, `"priceInUcents":2372000000`).Replace(body)
				}
				return status, body
			}})
			runner, err := ovhrenew.NewRunner(h.api, h.journal)
			if err != nil {
				t.Fatal(err)
			}
			var prices []ovhrenew.Money
			runner.Approve = func(_ context.Context, a ovhrenew.Approval) (ovhrenew.Answer, error) {
				prices = append(prices, a.Order.PriceWithTax)
				if asked.Add(1) == 1 {
					return ovhrenew.AnswerYes, nil
				}
				return second, nil
			}
			req := vpsFor(ovhrenew.P3M)
			req.Journal = h.journal
			task, err := runner.Propose(t.Context(), req)
			if err != nil {
				t.Fatal(err)
			}
			task.Quoted, task.Approve = ovhrenew.Money{}, true // as a plan's are, for which no quote was asked
			_, err = runner.Run(t.Context(), task)
			if second == ovhrenew.AnswerYes {
				want(t, err, nil, "")
				w.paidFor(1, vps)
			} else {
				h.truth(nil, err)
				w.paidFor(0, vps)
			}
			if len(prices) < 2 || prices[0] == prices[1] {
				t.Errorf("asked about %v, want both prices", prices)
			}
		})
	}
}

// TestAttackTakenBack moves the expiry back after a renewal, as when the bank has refused
// the debit. That is not told as renewed, and not paid again by itself.
func TestAttackTakenBack(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, sharing ovhrenew.Sharing) {
		w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true})
		time.Sleep(time.Hour)
		h := w.host(&memoryJournal{sharing: sharing}, nil)
		was := w.server.Expiry(int64(vps))
		_, err := h.renew(vpsFor(ovhrenew.P3M))
		want(t, err, nil, "")
		w.server.SetExpiry(int64(vps), was)
		for range 3 {
			time.Sleep(days)
			receipt, err := h.renew(vpsFor(ovhrenew.P3M))
			if err == nil {
				t.Errorf("told as renewed: %v", receipt)
			} else if paidOf(err) == ovhrenew.PaidNo {
				t.Errorf("told as not paid: %v", err)
			}
		}
		w.paidFor(1, vps)
	})
}

// TestPaidTwiceOnPurpose renews once more what was taken back, as a person asks for by naming
// the order: the journal tells both payments.
func TestPaidTwiceOnPurpose(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"memory", "directory"} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true})
			time.Sleep(time.Hour)
			began := w.server.Now()
			var journal ovhrenew.Journal = ovhrenewtest.NewMemory(ovhrenew.OnlyJournal)
			if kind == "directory" {
				var err error
				if journal, err = ovhrenew.OpenJournal(t.TempDir(), ovhrenew.OnlyJournal); err != nil {
					t.Fatal(err)
				}
			}
			h := w.host(journal, nil)
			was := w.server.Expiry(int64(vps))
			first, err := h.renew(vpsFor(ovhrenew.P3M))
			want(t, err, nil, "")
			w.server.SetExpiry(int64(vps), was)
			time.Sleep(days)
			req := vpsFor(ovhrenew.P3M)
			req.Guards.IgnoreOrders = []ovhrenew.OrderID{first.Order}
			second, err := h.renew(req)
			want(t, err, nil, "")
			w.paidFor(2, vps)
			account, err := h.api.Account(t.Context())
			want(t, err, nil, "")
			ledger, err := portfolio.ReadLedger(t.Context(), journal, account, began)
			want(t, err, nil, "")
			var told int64
			for _, entry := range ledger.Entries {
				told += entry.Gross.Ucents()
			}
			if len(ledger.Entries) != 2 || told != int64(w.server.Spent()["EUR"]) {
				t.Errorf("%s: orders %d and %d cost %s, and the ledger has %v", kind, first.Order, second.Order, w.server.Spent()["EUR"], ledger.Entries)
			}
		})
	}
}

// TestAttackListedCheaper lists a new order with a price that fits, while the call that
// placed it and its own route say another that is over the limit.
func TestAttackListedCheaper(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, sharing ovhrenew.Sharing) {
		w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true})
		time.Sleep(time.Hour)
		h := w.host(&memoryJournal{sharing: sharing}, &wire{answer: func(s sent, status int, body string) (int, string) {
			if s.orders() || s.Method == http.MethodGet && strings.Contains(s.URL.Path, "/me/order/") {
				body = strings.NewReplacer(`"value":21.56`, `"value":99.99`, `"priceInUcents":2156400000`, `"priceInUcents":9999000000`).Replace(body)
			}
			return status, body
		}})
		_, err := h.renew(vpsFor(ovhrenew.P3M))
		want(t, err, ovhrenew.ErrPriceChanged, ovhrenew.PaidNo)
		w.paidFor(0, vps)
	})
}
