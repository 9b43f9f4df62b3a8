// What is concluded from a list of orders about a call whose answer was lost, across the
// book, the look and the table.

package safety_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// TestSettledOnFreshList: that a lost order has not appeared is concluded from a list that
// was read after the time to settle, and not from one that another renewal had read before.
func TestSettledOnFreshList(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true})
		w.server.Inject(ovhrenewtest.Fault{Route: ovhrenewtest.RouteOrder, Kind: ovhrenewtest.Late, Delay: 12 * time.Second})
		p := w.start(&memoryJournal{}, 0)
		r, err := ovhrenew.NewRunner(p.client, p.journal)
		if err != nil {
			t.Fatal(err)
		}
		advance := func(task ovhrenew.Task) ovhrenew.Task {
			task, err := r.Advance(p.ctx, task)
			if err != nil {
				t.Fatal(err)
			}
			return task
		}
		patient := func(req ovhrenew.Request) ovhrenew.Task {
			req.Patience = ovhrenew.Patience{Poll: time.Second, Settle: 20 * time.Second}
			task, err := r.Propose(p.ctx, req)
			if err != nil {
				t.Fatal(err)
			}
			return task
		}
		one, other := patient(w.renewVPS(p)), patient(w.renewBundle(p))
		time.Sleep(time.Minute) // what was read while proposing is old
		one = advance(one)
		time.Sleep(11 * time.Second)
		other = advance(advance(other)) // reads the list
		time.Sleep(10 * time.Second)
		for range 20 {
			one = advance(one)
			if one.Receipt != nil {
				break
			}
			time.Sleep(time.Until(one.Next))
		}
		if n := len(w.server.Orders()); n != 2 || w.server.PaymentsFor(int64(vps)) != 1 {
			t.Errorf("%d orders for two renewals, %s, other %s", n, one.Phase, other.Phase)
		}
	})
}
