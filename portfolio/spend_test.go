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

// An option with offers of its own is renewed when the service that it belongs to is, or
// need not be.
func TestPlanOptions(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		change func(*portfolio.Policy, []portfolio.Surveyed)
		want   []ovhrenew.ServiceID
	}{
		{"both due", func(*portfolio.Policy, []portfolio.Surveyed) {}, []ovhrenew.ServiceID{1, 2}},
		{"the service not due", func(_ *portfolio.Policy, all []portfolio.Surveyed) { all[0].Expiry = planDay.AddDays(300) }, []ovhrenew.ServiceID{2}},
		{"the service renewing by itself", func(_ *portfolio.Policy, all []portfolio.Surveyed) {
			all[0].Mode, all[0].NextDate = ovhrenew.ModeAutomatic, all[0].Expiry
		}, []ovhrenew.ServiceID{2}},
		{"the service never renewed", func(p *portfolio.Policy, _ []portfolio.Surveyed) {
			p.Never = []portfolio.Selection{{IDs: []ovhrenew.ServiceID{1}}}
		}, nil},
		{"the service over the total", func(p *portfolio.Policy, _ []portfolio.Surveyed) { p.Total = []ovhrenew.Money{euros(500)} }, nil},
		{"the service over what is left", func(p *portfolio.Policy, _ []portfolio.Surveyed) { p.Total = []ovhrenew.Money{euros(1250)} }, nil},
		{"no offers of its own", func(_ *portfolio.Policy, all []portfolio.Surveyed) { all[1].Offers = nil }, []ovhrenew.ServiceID{1}},
		{"an unpaid bill", func(_ *portfolio.Policy, all []portfolio.Surveyed) { all[1].Lifecycle = "unpaid" }, []ovhrenew.ServiceID{1}},
		{"the service not there", func(_ *portfolio.Policy, all []portfolio.Surveyed) { all[1].Parent = 9 }, []ovhrenew.ServiceID{1}},
	} {
		policy, all := euroPolicy(), []portfolio.Surveyed{dueIn(1, 20), dueIn(2, 10)}
		all[1].Parent = 1
		offerAll(all, ovhrenew.P1Y, euros(1000), 1)
		offerAll(all, ovhrenew.P1Y, euros(200), 2)
		tt.change(&policy, all)
		plan := mustPlan(t, all, policy)
		var got []ovhrenew.ServiceID
		for _, item := range plan.Items {
			got = append(got, item.ServiceIDs()...)
		}
		slices.Sort(got)
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: the plan is\n%s\nwant %v", tt.name, plan, tt.want)
		}
		if err := plan.Check(); err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}
