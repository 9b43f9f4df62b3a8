// These attacks let two runs find the same order, whose answer was lost, and take it for
// their own: one of them has lost its journal.

package safety_test

import (
	"context"
	"testing"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// TestAttackAdoptedTwice lets an order take effect late. A run without the journal, whose own
// order had no effect, takes it for its own, pays it, and dies: the payment shows minutes
// later. The run that has the journal finds the order too, long after its call.
func TestAttackAdoptedTwice(t *testing.T) {
	t.Parallel()
	for pause := time.Duration(0); pause <= 6*time.Minute; pause += 30 * time.Second {
		bubble(t, func(t *testing.T) {
			w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true, StatusLag: 3 * time.Minute, DeliveryDelay: 10 * time.Minute})
			time.Sleep(time.Hour)
			shared := &memoryJournal{}
			w.server.Inject(ovhrenewtest.Fault{Route: ovhrenewtest.RouteOrder, Kind: ovhrenewtest.Late, Delay: 4 * time.Minute})
			first, cut := context.WithTimeout(t.Context(), time.Minute)
			_, _ = w.host(shared, nil).renewWithin(first, vpsFor(ovhrenew.P3M))
			cut()
			w.server.Inject(ovhrenewtest.Fault{Route: ovhrenewtest.RouteOrder, Kind: ovhrenewtest.Reset})
			w.server.Inject(ovhrenewtest.Fault{Route: ovhrenewtest.RoutePay, Kind: ovhrenewtest.Late, Delay: 4 * time.Minute})
			second, die := context.WithCancel(t.Context())
			_, err := w.host(&memoryJournal{}, &wire{before: func(s sent) {
				if s.pays() {
					time.AfterFunc(time.Second, die)
				}
			}}).renewWithin(second, vpsFor(ovhrenew.P3M))
			die()
			if len(w.server.Orders()) != 1 {
				t.Fatalf("%d orders, want the late one: %v", len(w.server.Orders()), err)
			}
			time.Sleep(pause)
			_, _ = w.host(shared, nil).renew(vpsFor(ovhrenew.P3M))
			time.Sleep(time.Hour)
			w.paidFor(1, vps)
		})
	}
}
