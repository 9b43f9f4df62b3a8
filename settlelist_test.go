// By which reading of the orders a lost call is judged.

package ovhrenew_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// TestSettleShort: whether a lost order has appeared is judged by a list that was read when
// the time to settle was over, also when that is shorter than a list is believed otherwise.
func TestSettleShort(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := ovhrenewtest.StartPipe(t, ovhrenewtest.Behaviour{ChargeTwice: true})
		ovhrenewtest.Guide(server)
		lost, other := domainTask(t, server, 0), domainTask(t, server, 1)
		lost.Patience.Settle = 8 * time.Second
		other.Approve = true // it looks at the account, and sends nothing
		client, err := ovhrenew.NewWithConfig(server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited})
		if err != nil {
			t.Fatal(err)
		}
		runner, err := ovhrenew.NewRunner(client, ovhrenewtest.NewMemory(ovhrenew.OnlyJournal))
		if err != nil {
			t.Fatal(err)
		}
		server.Inject(ovhrenewtest.Fault{Route: ovhrenewtest.RouteOrder, Kind: ovhrenewtest.Late, Delay: 3 * time.Second})
		if lost, err = runner.Advance(t.Context(), lost); err != nil || lost.Phase != ovhrenew.PhaseOrdering {
			t.Fatalf("Advance = %s, %v", lost.Phase, err)
		}
		if other, err = runner.Advance(t.Context(), other); err != nil { // reads the list before the order shows
			t.Fatal(err)
		}
		for lost.Receipt == nil {
			time.Sleep(time.Until(lost.Next))
			if lost, err = runner.Advance(t.Context(), lost); err != nil {
				t.Fatal(err)
			}
		}
		if orders := len(server.Orders()); orders != 2 || len(server.Payments()) != 1 {
			t.Errorf("%d orders and %d payments, want 2 and 1", orders, len(server.Payments()))
		}
	})
}
