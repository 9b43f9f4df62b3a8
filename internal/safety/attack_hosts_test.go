// These attacks let several hosts or processes renew, with what they share behaving badly:
// numbers of orders, leases, clocks, copies of a journal.

package safety_test

import (
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// TestAttackFallingNumbers gives each order a smaller number than the one before, to two
// hosts that renew the same service some minutes apart. Payments show late.
func TestAttackFallingNumbers(t *testing.T) {
	t.Parallel()
	for _, apart := range []time.Duration{0, 5 * time.Second, time.Minute, 2 * time.Minute, 4 * time.Minute, 9 * time.Minute} {
		for _, lag := range []time.Duration{0, 6 * time.Second, 5 * time.Minute, 9*time.Minute + 59*time.Second} {
			bubble(t, func(t *testing.T) {
				w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true, FallingIDs: true, ListLag: lag, StatusLag: 9*time.Minute + 30*time.Second, DeliveryDelay: time.Minute})
				time.Sleep(time.Hour)
				var all sync.WaitGroup
				var renewed atomic.Int32
				for i := range 2 {
					all.Go(func() {
						time.Sleep(time.Duration(i) * apart)
						h := w.host(several(), nil)
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
					if apart == time.Minute && lag > apart { // neither is earlier by date and by number
						w.paidFor(0, vps)
						return
					}
					t.Errorf("%v apart, list %v late: nobody renewed in 20 nights", apart, lag)
				}
				w.paidFor(1, vps)
			})
		}
	}
}

// TestAttackLease lets the lease of a run expire while one of its calls is under way, and
// another run of the same journal take over. The first goes on after three minutes.
func TestAttackLease(t *testing.T) {
	t.Parallel()
	for _, sharing := range []ovhrenew.Sharing{ovhrenew.OnlyJournal, ovhrenew.OneOfSeveral} {
		for _, at := range []string{"before the order", "after the order", "before the payment", "after the payment", "at the status"} {
			for _, lag := range []time.Duration{0, 2 * time.Minute, 8 * time.Minute} {
				bubble(t, func(t *testing.T) {
					w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true, StatusLag: lag, DeliveryDelay: time.Minute})
					time.Sleep(time.Hour)
					first := ovhrenewtest.NewMemory(sharing)
					heir := first.Another()
					var once sync.Once
					var all sync.WaitGroup
					pass := func() {
						once.Do(func() {
							first.ExpireLeases()
							all.Go(func() {
								h := w.host(heir, nil)
								for range 12 { // nights
									if _, err := h.renew(vpsFor(ovhrenew.P3M)); err == nil {
										return
									}
									time.Sleep(days)
								}
								t.Errorf("%s, %v, payments %v late: the heir never renewed", at, sharing, lag)
							})
							time.Sleep(3 * time.Minute)
						})
					}
					h := w.host(first, &wire{
						before: func(s sent) {
							if at == "before the order" && s.orderPath() || at == "before the payment" && s.pays() {
								pass()
							}
						},
						after: func(s sent) {
							if at == "after the order" && s.orders() || at == "after the payment" && s.pays() || at == "at the status" && s.reads("/status") {
								pass()
							}
						},
					})
					_, _ = h.renew(vpsFor(ovhrenew.P3M))
					all.Wait()
					w.paidFor(1, vps)
				})
			}
		}
	}
}

// orderPath reports whether the request may be an order, before its body was read.
func (s sent) orderPath() bool {
	return s.Method == http.MethodPost && strings.HasSuffix(s.URL.Path, "/renew")
}

// TestAttackListedBeforeRecorded lets two processes of one journal renew services of the
// same price, whose orders do not say what they are for. The list shows an order of the
// one to the other before the call that placed it is answered: nobody is in the way.
func TestAttackListedBeforeRecorded(t *testing.T) {
	t.Parallel()
	for _, sharing := range []ovhrenew.Sharing{ovhrenew.OnlyJournal, ovhrenew.OneOfSeveral} {
		for _, slow := range []time.Duration{0, 5 * time.Second, 50 * time.Second, 3 * time.Minute} {
			bubble(t, func(t *testing.T) {
				w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true, DetailDomain: "*", DeliveryDelay: time.Minute})
				twin := w.server.AddService(ovhrenewtest.Service{Name: "vps9.ovh.net", Route: "/vps/vps9.ovh.net", Type: "VPS", Expiry: time.Now().Add(10 * days)})
				w.server.Offer("P3M", "17.97", twin)
				time.Sleep(time.Hour)
				dir := t.TempDir()
				var all sync.WaitGroup
				for i, id := range []ovhrenew.ServiceID{vps, ovhrenew.ServiceID(twin)} {
					journal, err := ovhrenew.OpenJournal(dir, sharing)
					if err != nil {
						t.Fatal(err)
					}
					h := w.host(journal, &wire{after: func(s sent) {
						if i == 0 && s.orders() {
							time.Sleep(slow)
						}
					}})
					all.Go(func() {
						time.Sleep(time.Duration(i) * time.Second)
						req := vpsFor(ovhrenew.P3M)
						req.Service = ovhrenew.ID(id)
						_, err := h.renew(req)
						want(t, err, nil, "")
					})
				}
				all.Wait()
				w.paidFor(1, vps, ovhrenew.ServiceID(twin))
			})
		}
	}
}

// TestAttackAnswersOfOthers answers the order of one process with that of another process
// of the same journal, placed a little before. It is not taken for its own.
func TestAttackAnswersOfOthers(t *testing.T) {
	t.Parallel()
	for _, sharing := range []ovhrenew.Sharing{ovhrenew.OnlyJournal, ovhrenew.OneOfSeveral} {
		for _, apart := range []time.Duration{time.Second, 10 * time.Second, 25 * time.Second, 5 * time.Minute} {
			bubble(t, func(t *testing.T) {
				w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true, ListLag: 40 * time.Second, DetailDomain: "*", StatusLag: time.Minute, DeliveryDelay: time.Minute})
				twin := w.server.AddService(ovhrenewtest.Service{Name: "vps9.ovh.net", Route: "/vps/vps9.ovh.net", Type: "VPS", Expiry: time.Now().Add(10 * days)})
				w.server.Offer("P3M", "17.97", twin)
				time.Sleep(time.Hour)
				w.server.Inject(ovhrenewtest.Fault{Route: ovhrenewtest.RouteOrder, Kind: ovhrenewtest.Other, Skip: 1})
				dir := t.TempDir()
				var all sync.WaitGroup
				for i, id := range []ovhrenew.ServiceID{vps, ovhrenew.ServiceID(twin)} {
					journal, err := ovhrenew.OpenJournal(dir, sharing)
					if err != nil {
						t.Fatal(err)
					}
					all.Go(func() {
						time.Sleep(time.Duration(i) * apart)
						h := w.host(journal, nil)
						req := vpsFor(ovhrenew.P3M)
						req.Service = ovhrenew.ID(id)
						for night := range 25 {
							_, err := h.renew(req)
							if err == nil {
								return
							}
							if night == 0 && i == 1 && paidOf(err) == ovhrenew.PaidYes {
								t.Errorf("%v apart: the other's order was taken for its own: %v", apart, err)
							}
							time.Sleep(days)
						}
					})
				}
				all.Wait()
				w.paidFor(1, vps, ovhrenew.ServiceID(twin))
			})
		}
	}
}
