package temporal_test

import (
	"context"
	"fmt"
	"iter"
	"testing"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
	"github.com/ovhrenew/ovhrenew/temporal"
)

// mortal is the client of a worker that dies at one of its spending calls, before it is
// sent or after.
type mortal struct {
	ovhrenew.Client
	w     *world
	at    *string
	after bool
}

// die loses what the worker holds in the journal, and whatever else it knew.
func (m mortal) die() {
	*m.at = ""
	m.w.journal.Lose()
	panic("the worker was killed")
}

func (m mortal) PlaceOrder(ctx context.Context, offer ovhrenew.Offer) (ovhrenew.Order, error) {
	if *m.at == ovhrenewtest.RouteOrder && !m.after {
		m.die()
	}
	order, err := m.Client.PlaceOrder(ctx, offer)
	if *m.at == ovhrenewtest.RouteOrder {
		m.die()
	}
	return order, err
}

func (m mortal) Pay(ctx context.Context, id ovhrenew.OrderID, with ovhrenew.Payment) error {
	if *m.at == ovhrenewtest.RoutePay && !m.after {
		m.die()
	}
	err := m.Client.Pay(ctx, id, with)
	if *m.at == ovhrenewtest.RoutePay {
		m.die()
	}
	return err
}

// handles is a journal of which each worker has a handle of its own: the next one after a
// death.
type handles struct {
	alive *ovhrenewtest.Memory
}

func (h *handles) Lose() { h.alive.Lose(); h.alive = h.alive.Another() }

func (h *handles) Sharing() ovhrenew.Sharing { return h.alive.Sharing() }

func (h *handles) Claim(ctx context.Context, account string, services ...ovhrenew.ServiceID) (ovhrenew.Claim, error) {
	return h.alive.Claim(ctx, account, services...)
}

func (h *handles) Orders(ctx context.Context, account string, since time.Time) ([]ovhrenew.OrderFact, error) {
	return h.alive.Orders(ctx, account, since)
}

func (h *handles) Remember(ctx context.Context, account string, facts ...ovhrenew.OrderFact) error {
	return h.alive.Remember(ctx, account, facts...)
}

func (h *handles) Receipts(ctx context.Context, account string, since time.Time) iter.Seq2[ovhrenew.Receipt, error] {
	return h.alive.Receipts(ctx, account, since)
}

// An activity that was lost with its worker is tried again, and a payment that it may have
// sent is looked for, and not sent anew. The API would charge it twice.
func TestKilledInActivity(t *testing.T) {
	t.Parallel()
	for _, route := range []string{ovhrenewtest.RouteOrder, ovhrenewtest.RoutePay} {
		for _, after := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, sent %t", route, after), func(t *testing.T) {
				t.Parallel()
				inBubble(t, ovhrenewtest.Behaviour{ChargeTwice: true, StatusLag: 5 * time.Minute, DeliveryDelay: time.Minute}, func(w *world) {
					at := route
					w.wrap = func(c ovhrenew.Client) ovhrenew.Client { return mortal{c, w, &at, after} }
					receipt, err := w.renew(renewal())
					if err != nil || receipt == nil || at != "" {
						t.Fatal(receipt, err, at)
					}
					w.paid(1, 1)
					if n := w.server.Count(ovhrenewtest.RoutePay); n != 1 {
						t.Errorf("%d payments sent", n)
					}
				})
			})
		}
	}
}

// A worker without an account, or with a journal that keeps nothing, is not a reason to
// fail a renewal: another worker may do better.
func TestWorkerIsWrong(t *testing.T) {
	t.Parallel()
	inBubble(t, ovhrenewtest.Behaviour{ChargeTwice: true}, func(w *world) {
		w.wrong = 3
		receipt, err := w.renew(renewal())
		if err != nil || receipt == nil || w.opened != 4 {
			t.Fatal(receipt, err, w.opened)
		}
		w.paid(1, 1)
	})
}

func TestRegisterRefuses(t *testing.T) {
	t.Parallel()
	if err := temporal.Register(nil, temporal.Config{}); err == nil {
		t.Error("Register took a Config without Account")
	}
}
