// What a plan says of an item whose service cannot be read any more.

package portfolio_test

import (
	"fmt"
	"testing"
	"testing/synctest"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// Nothing of the item was sent, and nothing of its money is told. One that is gone, or
// denied, is not asked for again and again.
func TestApplyUnreadable(t *testing.T) {
	t.Parallel()
	for status, most := range map[int]int{404: 8, 403: 8, 400: 80, 500: 200, 0: 200} {
		for _, sharing := range []ovhrenew.Sharing{ovhrenew.OnlyJournal, ovhrenew.OneOfSeveral} {
			t.Run(fmt.Sprint(status, sharing), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					w, plan := guideWorld(t, ovhrenewtest.Behaviour{}, ovhrenew.P1Y, func(*ovhrenewtest.Service) {})
					single := ovhrenewtest.Fault{Route: routeService, Kind: ovhrenewtest.StatusFault, Status: status, Times: -1}
					if status == 0 {
						single.Kind = ovhrenewtest.Reset
					}
					w.server.Inject(single)
					w.server.Inject(ovhrenewtest.Fault{Route: routePages, Kind: ovhrenewtest.Instead, Body: "[]", Times: -1})
					w.server.Forget()
					how := portfolio.Options{PayWith: ovhrenew.DefaultMethod, Journal: ovhrenewtest.NewMemory(sharing)}
					report, err := portfolio.Apply(t.Context(), w.client(ovhrenew.Unlimited), plan, how)
					if err != nil {
						t.Fatal(err)
					}
					item := report.Items[0]
					if item.Outcome != portfolio.OutcomeRefused || !item.Spent.IsZero() || item.Order != 0 {
						t.Errorf("%s, order %d, spent %s: %s", item.Outcome, item.Order, item.Spent, item.Why)
					}
					if n := len(w.server.Requests()); n > most || len(w.server.Orders()) != 0 {
						t.Errorf("%d requests, want at most %d; %d orders", n, most, len(w.server.Orders()))
					}
				})
			})
		}
	}
}
