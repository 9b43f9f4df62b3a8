// These attacks let the list of orders that a payment stands on be from before the order
// was old enough for every earlier one to show.

package safety_test

import (
	"sync"
	"testing"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// TestAttackListFromBefore lets two hosts with a journal each renew one service, their calls
// coming at any time instead of when a task says. The order that counts as earlier shows just
// within the time to settle, and the other one at once: a list that was read for the call
// before cannot clear this one. Where numbers fall, the order that counts as earlier may be
// the one that was placed second.
func TestAttackListFromBefore(t *testing.T) {
	t.Parallel()
	for _, falling := range []bool{false, true} {
		for _, every := range []time.Duration{3 * time.Second, 25 * time.Second} {
			for _, lag := range []time.Duration{9*time.Minute + 30*time.Second, 10*time.Minute - time.Second} {
				for _, apart := range []time.Duration{0, 29 * time.Second} {
					bubble(t, func(t *testing.T) {
						w := newWorld(t, ovhrenewtest.Behaviour{
							ChargeTwice: true, ListLag: lag, ListShuffle: true, FallingIDs: falling,
							StatusLag: time.Minute, DeliveryDelay: time.Minute,
						})
						w.earlierShowsLast(falling)
						time.Sleep(time.Hour)
						var all sync.WaitGroup
						for i := range 2 {
							all.Go(func() {
								time.Sleep(time.Duration(i) * apart)
								w.advanceEvery(t, every, 0)
							})
						}
						all.Wait()
						w.paidFor(1, vps)
						if t.Failed() {
							t.Fatalf("falling %t, every %v, %v late, %v apart", falling, every, lag, apart)
						}
					})
				}
			}
		}
	}
}

// TestAttackListOfAShortTime is the same with a time to settle of a minute: 40 seconds, which
// a list may be old otherwise, are more than an order then waits longer.
func TestAttackListOfAShortTime(t *testing.T) {
	t.Parallel()
	for _, every := range []time.Duration{time.Second, 3 * time.Second, 7 * time.Second, 12 * time.Second, 20 * time.Second} {
		bubble(t, func(t *testing.T) {
			w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true, ListLag: 59 * time.Second, ListShuffle: true, StatusLag: 20 * time.Second, DeliveryDelay: time.Minute})
			w.earlierShowsLast(false)
			time.Sleep(time.Hour)
			var all sync.WaitGroup
			for range 2 {
				all.Go(func() { w.advanceEvery(t, every, time.Minute) })
			}
			all.Wait()
			w.paidFor(1, vps)
		})
	}
}

// advanceEvery calls Advance on one host until the renewal ends or is in the way of another.
func (w *world) advanceEvery(t *testing.T, every, settle time.Duration) {
	h := w.host(several(), nil)
	runner, err := ovhrenew.NewRunner(h.api, h.journal)
	if err != nil {
		t.Fatal(err)
	}
	req := vpsFor(ovhrenew.P3M)
	req.Patience.Settle = settle
	task, err := runner.Propose(t.Context(), req)
	for err == nil && task.Receipt == nil {
		task, err = runner.Advance(t.Context(), task)
		h.truth(task.Receipt, err)
		time.Sleep(every)
	}
}

// earlierShowsLast adds somebody's order of something else, whose number is such that of the
// two orders that follow the one with the smaller number shows as late as a shuffled list
// shows any, and the other well before.
func (w *world) earlierShowsLast(falling bool) {
	const golden = 0x9e3779b97f4a7c15 // as the simulated API spreads them
	share := func(id int64) float64 { return float64(uint64(id)*golden) / (1 << 64) }
	step := int64(1)
	if falling {
		step = -1
	}
	for before := int64(ovhrenewtest.GuideOrderID); ; before += step {
		first, second := before+step, before+2*step
		if share(min(first, second)) > 0.99 && share(max(first, second)) < 0.9 {
			w.server.AddOrder(ovhrenewtest.Order{ID: before, Status: "delivered", Price: "3.33"})
			return
		}
	}
}

// TestAttackPaidAsPlaced lets two hosts with a journal each renew one service on an API that
// pays each order as it is placed, from prepaid money. Before the first order is listed nobody
// can know of it: doc.go names that window. A run that begins later pays once.
func TestAttackPaidAsPlaced(t *testing.T) {
	t.Parallel()
	const listed = 6 * time.Second
	for _, apart := range []time.Duration{0, listed - time.Second, listed + time.Second, time.Minute} {
		for _, late := range []time.Duration{0, time.Minute, 9 * time.Minute} {
			bubble(t, func(t *testing.T) {
				w := newWorld(t, ovhrenewtest.Behaviour{
					ChargeTwice: true, PayOnOrder: true, ListLag: listed, StatusLag: late, DeliveryDelay: time.Minute,
				})
				w.server.SetPrepaid("100.00")
				time.Sleep(time.Hour)
				var all sync.WaitGroup
				for i := range 2 {
					all.Go(func() {
						time.Sleep(time.Duration(i) * apart)
						_, _ = w.host(several(), nil).renew(vpsFor(ovhrenew.P3M))
					})
				}
				all.Wait()
				want := 1
				if apart < listed {
					want = 2 // by the API: none of the two runs has sent a payment
				}
				w.paidFor(want, vps)
				if n := w.server.Count(ovhrenewtest.RoutePay); n > 0 {
					t.Errorf("%v apart, payments %v late: %d payments were sent for orders that were paid", apart, late, n)
				}
			})
		}
	}
}
