// These attacks aim at a second payment: two hosts, stalls, and looks that are too old.

package safety_test

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

func bubble(t *testing.T, test func(t *testing.T)) {
	t.Helper()
	synctest.Test(t, test)
}

// TestAttackTwoHosts lets two hosts with a journal each renew the same service at nearly
// the same time, while orders show late in the list, in order or not.
func TestAttackTwoHosts(t *testing.T) {
	t.Parallel()
	for _, apart := range []time.Duration{0, time.Second, 3 * time.Second, 20 * time.Second, 5 * time.Minute, 11 * time.Minute} {
		for _, shuffled := range []bool{false, true} {
			for _, lag := range []time.Duration{6 * time.Second, 5 * time.Minute} {
				bubble(t, func(t *testing.T) {
					w := newWorld(t, ovhrenewtest.Behaviour{
						ChargeTwice: true, ListLag: lag, ListShuffle: shuffled,
						StatusLag: 2 * time.Minute, DeliveryDelay: time.Minute, Latency: 200 * time.Millisecond,
					})
					time.Sleep(time.Hour)
					hosts := []*host{w.host(several(), nil), w.host(several(), nil)}
					var renewed atomic.Int32
					var all sync.WaitGroup
					for i, h := range hosts {
						all.Go(func() {
							time.Sleep(time.Duration(i) * apart)
							for range 20 { // nights
								if _, err := h.renew(vpsFor(ovhrenew.P3M)); err == nil {
									renewed.Add(1)
									return
								}
								time.Sleep(days)
							}
						})
					}
					all.Wait()
					if renewed.Load() == 0 {
						t.Errorf("%v apart, list %v late: nobody renewed in 20 nights", apart, lag)
					}
					w.paidFor(1, vps)
				})
			}
		}
	}
}

// TestAttackTwoHostsLostAnswer loses the answers to orders of one host or of both, so
// that both see one order that either could take for its own.
func TestAttackTwoHostsLostAnswer(t *testing.T) {
	t.Parallel()
	for _, lost := range []int{1, 2} {
		for _, apart := range []time.Duration{0, 700 * time.Millisecond, 2 * time.Minute} {
			bubble(t, func(t *testing.T) {
				w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true, ListLag: 6 * time.Second, StatusLag: 30 * time.Second, DeliveryDelay: time.Minute})
				time.Sleep(time.Hour)
				w.server.Inject(ovhrenewtest.Fault{Route: ovhrenewtest.RouteOrder, Kind: ovhrenewtest.Reset, When: ovhrenewtest.After, Times: lost})
				var all sync.WaitGroup
				for i := range 2 {
					all.Go(func() {
						time.Sleep(time.Duration(i) * apart)
						h := w.host(several(), nil)
						for range 20 { // nights
							if _, err := h.renew(vpsFor(ovhrenew.P3M)); err == nil {
								return
							}
							time.Sleep(days)
						}
					})
				}
				all.Wait()
				w.paidFor(1, vps)
			})
		}
	}
}

// TestAttackForgotten cuts a run off right after its payment was taken, and runs again
// without its journal.
func TestAttackForgotten(t *testing.T) {
	t.Parallel()
	for _, after := range []time.Duration{0, 25 * time.Second, 5 * time.Minute, 30 * time.Minute} {
		for _, b := range []ovhrenewtest.Behaviour{
			{ListLag: 6 * time.Second, StatusLag: 9 * time.Minute, DeliveryDelay: 30 * time.Minute},
			{StatusLag: time.Minute, ExpiryLag: 40 * time.Minute},
			{StatusLag: 9 * time.Minute, PaymentUndated: true, DeliveryDelay: 3 * time.Hour},
			{DetailDomain: "*", DeliveryDelay: 30 * time.Minute, DetailsDelay: time.Minute},
		} {
			bubble(t, func(t *testing.T) {
				b.ChargeTwice = true
				w := newWorld(t, b)
				time.Sleep(time.Hour)
				ctx, cut := context.WithCancel(t.Context())
				first := w.host(&memoryJournal{}, &wire{after: func(s sent) {
					if s.pays() {
						cut()
					}
				}})
				if _, err := first.renewWithin(ctx, vpsFor(ovhrenew.P3M)); err == nil {
					t.Fatal("the first run was not cut off")
				}
				time.Sleep(after)
				for range 3 {
					_, err := w.host(ovhrenew.NoJournal, nil).renew(vpsFor(ovhrenew.P3M))
					if err == nil {
						t.Error("a run without the journal told a success")
					}
					time.Sleep(days)
				}
				w.paidFor(1, vps)
			})
		}
	}
}

// TestAttackFoundOrder lets two runs find somebody's unpaid order.
func TestAttackFoundOrder(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, sharing ovhrenew.Sharing) {
		w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true, StatusLag: 2 * time.Minute, DeliveryDelay: time.Minute})
		time.Sleep(time.Hour)
		w.server.AddOrder(ovhrenewtest.Order{Status: "notPaid", Services: []int64{int64(vps)}, Period: "P3M", Price: "17.97"})
		var all sync.WaitGroup
		for i := range 2 {
			all.Go(func() {
				time.Sleep(time.Duration(i) * time.Minute)
				_, err := w.host(&memoryJournal{sharing: sharing}, nil).renew(vpsFor(ovhrenew.P3M))
				want(t, err, ovhrenew.ErrForeignOrder, ovhrenew.PaidUnsure)
			})
		}
		all.Wait()
		w.paidFor(0, vps)
	})
}

// TestAttackStalled stalls a run after it placed its order, while another run without
// its journal or a person acts. Whoever has paid, it is not paid again.
func TestAttackStalled(t *testing.T) {
	t.Parallel()
	for _, stall := range []time.Duration{50 * time.Second, 2 * time.Minute, 11 * time.Minute, 8 * days} {
		for _, person := range []bool{false, true} {
			if person && stall < time.Minute {
				continue // a person at the link, within the time that a payment takes to show, remains
			}
			both(t, func(t *testing.T, sharing ovhrenew.Sharing) {
				w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true, StatusLag: 3 * time.Minute, DeliveryDelay: time.Minute})
				time.Sleep(time.Hour)
				var once sync.Once
				slow := w.host(&memoryJournal{sharing: sharing}, &wire{after: func(s sent) {
					if s.orders() {
						once.Do(func() { time.Sleep(stall) })
					}
				}})
				var all sync.WaitGroup
				all.Go(func() { _, _ = slow.renew(vpsFor(ovhrenew.P3M)) })
				all.Go(func() {
					time.Sleep(30 * time.Second)
					if person {
						w.server.Pay(w.server.Orders()[0].ID)
						return
					}
					_, _ = w.host(ovhrenew.NoJournal, nil).renew(vpsFor(ovhrenew.P3M))
				})
				all.Wait()
				time.Sleep(days)
				_, _ = slow.renew(vpsFor(ovhrenew.P3M))
				if stall > days && !person {
					return // it has lapsed, and nothing was paid or it was ordered anew
				}
				w.paidFor(1, vps)
			})
		}
	}
}

// TestAttackOldPrice raises an order's price while it waits: on its own routes, in the
// list, or on both. It costs more than the limit then.
func TestAttackOldPrice(t *testing.T) {
	t.Parallel()
	for _, after := range []time.Duration{time.Minute, 5 * time.Minute, 9*time.Minute + 50*time.Second} {
		bubble(t, func(t *testing.T) {
			w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true})
			time.Sleep(time.Hour)
			began := time.Now()
			h := w.host(several(), &wire{answer: func(s sent, status int, body string) (int, string) {
				if s.Method == http.MethodGet && strings.Contains(s.URL.Path, "/me/order") && time.Since(began) > after {
					body = strings.NewReplacer(`"value":21.56`, `"value":99.99`, `"priceInUcents":2156400000`, `"priceInUcents":9999000000`).Replace(body)
				}
				return status, body
			}})
			req := vpsFor(ovhrenew.P3M)
			req.Limit = ovhrenew.MustMoney("30 EUR")
			_, err := h.renew(req)
			want(t, err, ovhrenew.ErrPriceChanged, ovhrenew.PaidNo)
			w.paidFor(0, vps)
		})
	}
}

// TestAttackOldLook delays what lies between the look and the payment: an answer that
// takes minutes, a machine that sleeps, a limiter with a long queue. Somebody renews by
// the console meanwhile. No payment leaves later than a minute after its look began.
func TestAttackOldLook(t *testing.T) {
	t.Parallel()
	for _, at := range []string{"/status", "/services/11223344", "/me/order", "/pay"} {
		for skip := range int32(2) {
			both(t, func(t *testing.T, sharing ovhrenew.Sharing) {
				if skip > 0 && (sharing == ovhrenew.OnlyJournal || at == "/pay") {
					return // each is read once before the payment, and with other journals about twice
				}
				w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true})
				time.Sleep(time.Hour)
				var n atomic.Int32
				var placed, struck, over atomic.Bool
				strike := func(now bool) {
					if now && !over.Load() && struck.CompareAndSwap(false, true) {
						renewInConsole(w)
					}
				}
				h := w.host(&memoryJournal{sharing: sharing}, &wire{
					before: func(s sent) {
						strike(at == "/pay" && s.pays())
						over.Store(over.Load() || s.pays()) // it is too late then
					},
					after: func(s sent) {
						placed.Store(placed.Load() || s.orders())
						strike(placed.Load() && s.reads(at) && n.Add(1) > skip)
					},
				})
				_, _ = h.renew(vpsFor(ovhrenew.P3M))
				if !struck.Load() {
					t.Error("nobody renewed in between")
				}
				w.paidFor(1, vps)
			})
		}
	}
}

// renewInConsole renews the VPS as a person does, while a program waits.
func renewInConsole(w *world) {
	time.Sleep(time.Minute)
	w.server.Pay(w.server.AddOrder(ovhrenewtest.Order{Status: "notPaid", Services: []int64{int64(vps)}, Period: "P3M", Price: "17.97"}))
	time.Sleep(time.Minute)
}

// queue is a limiter that lets a request through now and then.
type queue struct{ every time.Duration }

func (q queue) Wait(ctx context.Context) error {
	select {
	case <-time.After(q.every):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// TestAttackSlowPace paces the requests: a look then takes long, or nearly too long. The
// account has two hundred orders that do not say what they are for.
func TestAttackSlowPace(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		every time.Duration
		paid  int
	}{{time.Second, 1}, {5 * time.Second, 1}, {25 * time.Second, 0}} {
		both(t, func(t *testing.T, sharing ovhrenew.Sharing) {
			w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true})
			time.Sleep(time.Hour)
			other := w.server.AddService(ovhrenewtest.Service{Name: "other.example", Expiry: time.Now().Add(300 * days)})
			for range 200 {
				w.server.AddOrder(ovhrenewtest.Order{Status: "delivered", Services: []int64{other}, Domain: "*", Period: "P1Y", Price: "17.97", Date: time.Now().Add(-20 * days)})
			}
			var began, paid time.Time
			h := w.limitedHost(&memoryJournal{sharing: sharing}, &wire{before: func(s sent) {
				switch {
				case s.reads("/services/11223344"):
					began = time.Now()
				case s.pays():
					paid = time.Now()
				}
			}}, queue{tt.every})
			_, err := h.renew(vpsFor(ovhrenew.P3M))
			if tt.paid > 0 {
				want(t, err, nil, "")
			} else if err == nil || paidOf(err) != ovhrenew.PaidNo {
				t.Errorf("a look that takes minutes: %v", err)
			}
			if !paid.IsZero() && paid.Sub(began) > time.Minute {
				t.Errorf("paid %v after the expiry was asked for", paid.Sub(began))
			}
			w.paidFor(tt.paid, vps)
		})
	}
}

// TestAttackUndated hides everything of a payment but its object, which has no date.
func TestAttackUndated(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, sharing ovhrenew.Sharing) {
		w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true, StatusLag: time.Hour, DeliveryDelay: time.Minute})
		time.Sleep(time.Hour)
		w.server.Inject(ovhrenewtest.Fault{Route: ovhrenewtest.RoutePay, Kind: ovhrenewtest.Reset, When: ovhrenewtest.After})
		h := w.host(&memoryJournal{sharing: sharing}, &wire{answer: func(s sent, status int, body string) (int, string) {
			if s.reads("/payment") && w.server.PaymentsFor(int64(vps)) > 0 {
				return http.StatusOK, `{"paymentDate":null,"paymentIdentifier":"SEPA-1","paymentType":"withdrawal"}`
			}
			return status, body
		}})
		_, err := h.renew(vpsFor(ovhrenew.P3M))
		want(t, err, ovhrenew.ErrPending, ovhrenew.PaidYes)
		time.Sleep(time.Hour)
		_, err = h.renew(vpsFor(ovhrenew.P3M))
		want(t, err, nil, "")
		w.paidFor(1, vps)
	})
}
