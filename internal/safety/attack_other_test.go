// These attacks answer the order of one host with that of another host, for something else.

package safety_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// TestAttackOrderOfAnotherHost lets two hosts with a journal each order two services at one
// price, within the moment that two clocks of the API may be apart. The second is answered
// with the order of the first, whose lines come late. It sees them before it pays, says how a
// person goes on, and each service is paid for once, by its host.
func TestAttackOrderOfAnotherHost(t *testing.T) {
	t.Parallel()
	for _, apart := range []time.Duration{0, 400 * time.Millisecond, 2 * time.Second, 20 * time.Second} {
		for _, lines := range []time.Duration{0, 40 * time.Second, 9 * time.Minute} {
			for _, when := range []ovhrenewtest.When{ovhrenewtest.Before, ovhrenewtest.After} {
				bubble(t, func(t *testing.T) {
					w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true, DetailsDelay: lines, ListLag: 30 * time.Second, StatusLag: time.Minute, DeliveryDelay: time.Minute})
					twin := w.server.AddService(ovhrenewtest.Service{Name: "vps9.ovh.net", Route: "/vps/vps9.ovh.net", Type: "VPS", Expiry: time.Now().Add(10 * days)})
					w.server.Offer("P3M", "17.97", twin)
					time.Sleep(time.Hour)
					w.server.Inject(ovhrenewtest.Fault{Route: ovhrenewtest.RouteOrder, Kind: ovhrenewtest.Other, When: when, Skip: 1})
					struck := false
					var all sync.WaitGroup
					for i, id := range []ovhrenew.ServiceID{ovhrenew.ServiceID(twin), vps} {
						all.Go(func() {
							time.Sleep(time.Duration(i)*apart + time.Duration(i)*100*time.Millisecond)
							h := w.host(several(), nil)
							req := vpsFor(ovhrenew.P3M)
							req.Service = ovhrenew.ID(id)
							for range 25 { // nights
								_, err := h.renew(req)
								if err == nil {
									return
								}
								struck = struck || i == 1
								if failed, ok := errors.AsType[*ovhrenew.StepError](err); ok && i == 1 && strings.Contains(err.Error(), "IgnoreOrders") && failed.Order != 0 {
									req.Guards.IgnoreOrders = []ovhrenew.OrderID{failed.Order}
								}
								time.Sleep(days)
							}
							t.Errorf("%v apart, lines %v late: %d is not renewed in 25 nights", apart, lines, id)
						})
					}
					all.Wait()
					if !struck {
						t.Errorf("%v apart, lines %v late, %v: no answer was of another", apart, lines, when)
					}
					w.paidFor(1, vps, ovhrenew.ServiceID(twin))
					if n := w.server.Count(ovhrenewtest.RoutePay); n != 2 {
						t.Errorf("%v apart, lines %v late, %v: %d payments were sent", apart, lines, when, n)
					}
				})
			}
		}
	}
}
