// These attacks were found by schedules of several programs at random.

package safety_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// TestAttackMembersOffers lets one host renew a domain with its hosting, asked for under
// either, and another host one of the two alone. The orders do not say what they are for: only
// the prices of all that both are offered for tell that each is in the other's way.
func TestAttackMembersOffers(t *testing.T) {
	t.Parallel()
	for _, target := range []ovhrenew.ServiceID{domain, hosting} {
		for _, alone := range []ovhrenew.ServiceID{domain, hosting} {
			for _, apart := range []time.Duration{-11 * time.Minute, -3 * time.Second, 3 * time.Second, 11 * time.Minute} {
				bubble(t, func(t *testing.T) {
					w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true, DetailDomain: "*", ListLag: 20 * time.Second, DeliveryDelay: time.Minute, ExpiryLag: 20 * time.Hour})
					w.server.Offer("P1Y", "35.90", int64(hosting))
					time.Sleep(2 * days)
					both := vpsFor(ovhrenew.P1Y)
					both.Service, both.Rules = ovhrenew.ID(target), []ovhrenew.Rule{ovhrenew.For(ovhrenew.P1Y), ovhrenew.Only(domain, hosting)}
					one := vpsFor(ovhrenew.P1Y)
					one.Service, one.Guards.Early = ovhrenew.ID(alone), true
					both.Guards.Early = true
					var all sync.WaitGroup
					for i, req := range []ovhrenew.Request{both, one} {
						all.Go(func() {
							time.Sleep(max(0, time.Duration(1-2*i)*apart))
							_, _ = w.host(several(), nil).renew(req)
						})
					}
					all.Wait()
					w.paidFor(1, alone)
				})
			}
		}
	}
}

// TestAttackOldOrder lets a machine sleep between its look and its order, while another host
// renews, which has the claim by then or a journal of its own. The API pays orders by itself as
// they are placed. The order does not leave.
func TestAttackOldOrder(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, sharing ovhrenew.Sharing) {
		w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true, PayOnOrder: true, DeliveryDelay: time.Minute})
		w.server.SetPrepaid("100.00")
		time.Sleep(time.Hour)
		journal, slept := ovhrenewtest.NewMemory(sharing), false
		other := w.host(journal.Another(), nil)
		if sharing == ovhrenew.OneOfSeveral {
			other = w.host(several(), nil)
		}
		h := w.host(journal, &wire{after: func(s sent) {
			if s.reads("/me/order") && !slept {
				slept = true
				journal.ExpireLeases()
				_, err := other.renew(vpsFor(ovhrenew.P3M))
				want(t, err, nil, "")
			}
		}})
		_, err := h.renew(vpsFor(ovhrenew.P3M))
		if n := len(w.server.Orders()); n != 1 || err == nil || paidOf(err) == ovhrenew.PaidNo {
			t.Errorf("%d orders were placed, and told was %v", n, err)
		}
		w.paidFor(1, vps)
	})
}

// TestAttackPassedClaim lets a claim pass to another run of the journal while a person is asked.
// The other pays: the first does not say that no run of its journal has.
func TestAttackPassedClaim(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, sharing ovhrenew.Sharing) {
		w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true, DeliveryDelay: time.Minute})
		time.Sleep(time.Hour)
		journal := ovhrenewtest.NewMemory(sharing)
		req := vpsFor(ovhrenew.P3M)
		req.Approve = func(context.Context, ovhrenew.Approval) (ovhrenew.Answer, error) {
			journal.ExpireLeases()
			_, err := w.host(journal.Another(), nil).renew(vpsFor(ovhrenew.P3M))
			want(t, err, nil, "")
			return ovhrenew.AnswerYes, nil
		}
		_, err := w.host(journal, nil).renew(req)
		want(t, err, ovhrenew.ErrJournal, ovhrenew.PaidUnsure)
		if r := ovhrenew.ReactionTo(err); r != ovhrenew.ReactLater {
			t.Errorf("to do: %s", r)
		}
		w.paidFor(1, vps)
	})
}

// TestAttackAnsweredWithAnothers answers the order of a domain and its hosting with somebody's
// open order of the domain alone, placed a moment before, whose lines say nothing. It is not
// taken for its own: once that is paid, the hosting is renewed too.
func TestAttackAnsweredWithAnothers(t *testing.T) {
	t.Parallel()
	for _, apart := range []time.Duration{3 * time.Second, 20 * time.Second} {
		bubble(t, func(t *testing.T) {
			w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true, DetailDomain: "*", ListLag: time.Minute, SecondOrder: ovhrenewtest.SecondOrderSame, DeliveryDelay: time.Minute})
			time.Sleep(2 * days)
			var all sync.WaitGroup
			all.Go(func() {
				req := vpsFor(ovhrenew.P1Y)
				req.Service = ovhrenew.ID(domain)
				_, err := w.host(several(), nil).renew(req)
				want(t, err, nil, "")
			})
			all.Go(func() {
				time.Sleep(apart)
				h := w.host(several(), nil)
				req := vpsFor(ovhrenew.P1Y)
				req.Service, req.Rules = ovhrenew.ID(hosting), []ovhrenew.Rule{ovhrenew.For(ovhrenew.P1Y), ovhrenew.Only(domain, hosting)}
				req.Guards.Early = true
				var err error
				for night := range 20 {
					if _, err = h.renew(req); err == nil {
						return
					}
					if night == 0 && !errors.Is(err, ovhrenew.ErrForeignOrder) {
						t.Errorf("%v apart: %v", apart, err)
					}
					time.Sleep(days)
				}
				t.Errorf("%v apart: in the end %v", apart, err)
			})
			all.Wait()
			w.paidFor(1, hosting)
		})
	}
}

// TestAttackPagesHideLostOrder loses the answer to an order, which the pages of the list hide
// for longer than the time to settle; the list of numbers shows it. The only journal takes it
// for its own, another says that it is there: neither orders anew.
func TestAttackPagesHideLostOrder(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, sharing ovhrenew.Sharing) {
		w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true, StaleCache: 25 * time.Minute, StalePages: true, DeliveryDelay: time.Minute})
		time.Sleep(time.Hour)
		w.server.Inject(ovhrenewtest.Fault{Route: ovhrenewtest.RouteOrder, Kind: ovhrenewtest.Reset, When: ovhrenewtest.After})
		h := w.host(&memoryJournal{sharing: sharing}, nil)
		_, err := h.renew(vpsFor(ovhrenew.P3M))
		if sharing == ovhrenew.OnlyJournal {
			want(t, err, nil, "")
		} else {
			want(t, err, ovhrenew.ErrForeignOrder, ovhrenew.PaidUnsure)
		}
		if n := w.server.Count(ovhrenewtest.RouteOrder); n != 1 {
			t.Errorf("it was ordered %d times", n)
		}
	})
}

// TestAttackProposedWhilePaid asks for a renewal anew whose order is paid and not delivered, and
// allows less than it costs: the refusal says what is under way.
func TestAttackProposedWhilePaid(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, sharing ovhrenew.Sharing) {
		w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true, DeliveryDelay: 10 * time.Hour})
		time.Sleep(time.Hour)
		h := w.host(&memoryJournal{sharing: sharing}, nil)
		_, err := h.renew(vpsFor(ovhrenew.P3M))
		want(t, err, ovhrenew.ErrPending, ovhrenew.PaidYes)
		runner, err := ovhrenew.NewRunner(h.api, h.journal)
		if err != nil {
			t.Fatal(err)
		}
		req := vpsFor(ovhrenew.P3M)
		req.Limit = ovhrenew.MustMoney("2 EUR")
		_, err = runner.Propose(t.Context(), req)
		want(t, err, ovhrenew.ErrOverLimit, ovhrenew.PaidYes)
		if failed, ok := errors.AsType[*ovhrenew.StepError](err); !ok || failed.Order != ovhrenew.OrderID(w.server.Orders()[0].ID) || strings.Contains(err.Error(), "nothing was ordered") {
			t.Errorf("told %v", err)
		}
	})
}

// TestAttackTakeOverLapsed names an order of this journal's to be taken over, by mistake. It is
// in the way while it can be paid, and in nobody's once it has lapsed.
func TestAttackTakeOverLapsed(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, sharing ovhrenew.Sharing) {
		w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true, OrderValidity: days, DeliveryDelay: time.Minute})
		time.Sleep(time.Hour)
		h := w.host(&memoryJournal{sharing: sharing}, nil)
		req := vpsFor(ovhrenew.P3M)
		req.PayWith = notTaken
		_, err := h.renew(req)
		want(t, err, ovhrenew.ErrNoPayment, ovhrenew.PaidNo)
		req = vpsFor(ovhrenew.P3M)
		req.Guards.TakeOver = ovhrenew.OrderID(w.server.Orders()[0].ID)
		time.Sleep(2 * days)
		for range 2 { // the first says that it has lapsed
			_, err = h.renew(req)
		}
		want(t, err, nil, "")
		w.paidFor(1, vps)
	})
}

// TestAttackTakenForItsOwn answers an order within the same second with somebody's open order of
// another service in the bundle. Once that is paid, the error says how a person can go on.
func TestAttackTakenForItsOwn(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true, SecondOrder: ovhrenewtest.SecondOrderSame, DeliveryDelay: time.Minute})
		time.Sleep(2 * days)
		h := w.host(several(), &wire{before: func(s sent) {
			if s.orderPath() && len(w.server.Orders()) == 0 && w.server.Count(ovhrenewtest.RouteQuote) > 0 {
				w.server.AddOrder(ovhrenewtest.Order{Status: "notPaid", Services: []int64{int64(domain)}, Period: "P1Y", Price: "1.99"})
			}
		}})
		req := vpsFor(ovhrenew.P1Y)
		req.Service, req.Rules = ovhrenew.ID(hosting), []ovhrenew.Rule{ovhrenew.For(ovhrenew.P1Y), ovhrenew.Only(domain, hosting)}
		req.Guards.Early = true
		_, err := h.renew(req)
		want(t, err, ovhrenew.ErrPriceChanged, ovhrenew.PaidNo)
		order := w.server.Orders()[0].ID
		w.server.Pay(order)
		_, err = h.renew(req)
		want(t, err, ovhrenew.ErrPending, ovhrenew.PaidYes)
		if !strings.Contains(err.Error(), "Guards.IgnoreOrders") {
			t.Errorf("no way on is said: %v", err)
		}
		runner, err := ovhrenew.NewRunner(h.api, h.journal)
		if err != nil {
			t.Fatal(err)
		}
		w.server.Offer("P2Y", "70.00", int64(hosting), int64(domain))
		other := req
		other.Journal, other.Rules, other.Limit = h.journal, []ovhrenew.Rule{ovhrenew.For("P2Y")}, ovhrenew.MustMoney("99 EUR")
		task, err := runner.Propose(t.Context(), other)
		if err == nil {
			_, err = runner.Advance(t.Context(), task)
		}
		if want(t, err, ovhrenew.ErrUnderWay, ovhrenew.PaidYes); !strings.Contains(err.Error(), "Guards.IgnoreOrders") {
			t.Errorf("no way on is said beside it: %v", err)
		}
		req.Guards.IgnoreOrders = []ovhrenew.OrderID{ovhrenew.OrderID(order)}
		_, err = h.renew(req)
		want(t, err, nil, "")
		w.paidFor(1, hosting)
	})
}

// TestAttackLongUnderWay lets somebody's paid order wait for documents for longer than orders
// are taken to be under way, while prices rise. A journal that has read what it is for keeps it
// in the way.
func TestAttackLongUnderWay(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true, AfterPay: "documentsRequested"})
		time.Sleep(time.Hour)
		w.server.Pay(w.server.AddOrder(ovhrenewtest.Order{Status: "notPaid", Services: []int64{int64(vps)}, Period: "P3M", Price: "17.97"}))
		journal := several()
		for night := range 40 {
			if night == 2 {
				w.server.SetPrice("P3M", "19.97", int64(vps))
			}
			_, err := w.host(journal, nil).renew(vpsFor(ovhrenew.P3M))
			want(t, err, ovhrenew.ErrForeignOrder, ovhrenew.PaidUnsure)
			time.Sleep(days)
		}
		w.paidFor(1, vps)
	})
}

// TestAttackOldPages lets pages of orders come from a cache for longer than readings overlap. An
// order that somebody has placed and paid before is not on the first pages that a run reads, and
// too old for the lists that it reads onward from there.
func TestAttackOldPages(t *testing.T) {
	t.Parallel()
	for _, apart := range []time.Duration{5 * time.Minute, 21 * time.Minute, 26 * time.Minute, 50 * time.Minute} {
		for _, cache := range []time.Duration{30 * time.Minute, 24 * time.Hour} {
			bubble(t, func(t *testing.T) {
				w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true, StaleCache: cache, StalePages: true, DeliveryDelay: 20 * time.Hour})
				time.Sleep(2 * days)
				w.server.Pay(w.server.AddOrder(ovhrenewtest.Order{Status: "notPaid", Services: []int64{int64(vps)}, Period: "P3M", Price: "17.97"}))
				time.Sleep(apart)
				_, err := w.host(several(), nil).renew(vpsFor(ovhrenew.P3M))
				want(t, err, ovhrenew.ErrForeignOrder, ovhrenew.PaidUnsure)
				w.paidFor(1, vps)
			})
		}
	}
}
