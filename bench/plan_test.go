package main

import (
	"testing"

	"github.com/ovhrenew/ovhrenew"
)

// An agency has as many services as it should, all due, each with an offer of its own, and
// bundles that name only services of their group, under each of them.
func TestAgencyOf(t *testing.T) {
	t.Parallel()
	services := agencyOf(2000)
	if len(services) != 2000 {
		t.Fatalf("%d services", len(services))
	}
	offers := map[ovhrenew.ServiceID]int{}
	bundled := 0
	for _, s := range services {
		if days := planDay.DaysUntil(s.Expiry); days < 1 || days > 30 || !s.OffersRead {
			t.Errorf("%s ends in %d days", s.Name, days)
		}
		alone, bundle := false, false
		for _, o := range s.Offers {
			alone = alone || len(o.Strategy.Services) == 1
			bundle = bundle || len(o.Strategy.Services) > 1
			for _, id := range o.Strategy.Services {
				offers[id]++
				if id-s.ID > 12 || s.ID-id > 12 {
					t.Errorf("%d is offered with %d", s.ID, id)
				}
			}
		}
		if !alone {
			t.Errorf("%s cannot be renewed alone", s.Name)
		}
		if bundle {
			bundled++
		}
	}
	if bundled < 500 || bundled > 1500 {
		t.Errorf("%d services come in bundles", bundled)
	}
	if err := makePlan(services); err != nil {
		t.Error(err)
	}
	if err := makePlan(services[:0]); err != nil {
		t.Errorf("of nothing: %v", err)
	}
	for i := range services {
		services[i].Offers = nil
	}
	if err := makePlan(services); err == nil {
		t.Error("a plan of nothing is measured")
	}
}

// Memory has no goal.
func TestMemoryRow(t *testing.T) {
	t.Parallel()
	if got, want := memoryRow("allocated", "100 services", 1e6, 3e6), (row{"allocated", "100 services", "1.0 MB", "3.0 MB", "3 × more", "", false}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}
