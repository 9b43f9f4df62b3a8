package portfolio_test

import (
	"slices"
	"testing"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// An item names each other price at which one of its services is offered, once.
func TestPlanItemPrices(t *testing.T) {
	t.Parallel()
	all := []portfolio.Surveyed{dueIn(1, 5), dueIn(2, 5), dueIn(3, 5)}
	offerAll(all, ovhrenew.P1Y, euros(500), 1)
	offerAll(all, ovhrenew.P1M, euros(50), 1)
	offerAll(all, ovhrenew.P2Y, euros(500), 1) // at the item's own price
	offerAll(all[1:2], ovhrenew.P1Y, euros(900), 2, 1)
	offerAll(all, ovhrenew.P1Y, euros(300), 3)
	plan := mustPlan(t, all, euroPolicy())
	for _, item := range plan.Items {
		want := []ovhrenew.Money{euros(50), euros(900)}
		if item.Via == 3 {
			want = nil
		}
		if item.Price == euros(900) { // of both
			want = []ovhrenew.Money{euros(50), euros(500)}
		}
		if !slices.Equal(item.Prices, want) {
			t.Errorf("%v at %s: other prices are %v, want %v", item.ServiceIDs(), item.Price, item.Prices, want)
		}
	}
}
