package portfolio_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

func TestPlanFingerprint(t *testing.T) {
	t.Parallel()
	services := []portfolio.Surveyed{dueIn(1, 5), dueIn(2, 6)}
	offerAll(services, ovhrenew.P1Y, euros(500), 1, 2)
	policy := euroPolicy()
	first := mustPlan(t, services, policy)
	later, err := portfolio.MakePlan(services, policy, planDay.AddDays(1))
	if err != nil || later.Fingerprint != first.Fingerprint {
		t.Errorf("MakePlan on another day: %v, fingerprint %v, want %v", err, later.Fingerprint, first.Fingerprint)
	}
	for name, change := range map[string]func(s *portfolio.Surveyed, p *portfolio.Policy){
		"expiry": func(s *portfolio.Surveyed, _ *portfolio.Policy) { s.Expiry = s.Expiry.AddDays(1) },
		"name":   func(s *portfolio.Surveyed, _ *portfolio.Policy) { s.Name = "other" },
		"mode":   func(s *portfolio.Surveyed, _ *portfolio.Policy) { s.Mode = ovhrenew.ModeAutomatic },
		"tags":   func(s *portfolio.Surveyed, _ *portfolio.Policy) { s.Tags = []string{"x"} },
		"price":  func(s *portfolio.Surveyed, _ *portfolio.Policy) { s.Offers[0].Strategy.Price = euros(501) },
		"period": func(s *portfolio.Surveyed, _ *portfolio.Policy) { s.Offers[0].Period = "P12M" },
		"bundle": func(s *portfolio.Surveyed, _ *portfolio.Policy) {
			s.Offers[0].Strategy.Services = []ovhrenew.ServiceID{1}
		},
		"read":   func(s *portfolio.Surveyed, _ *portfolio.Policy) { s.OffersRead = false },
		"policy": func(_ *portfolio.Surveyed, p *portfolio.Policy) { p.DueWithinDays = 29 },
		"total":  func(_ *portfolio.Surveyed, p *portfolio.Policy) { p.Total = []ovhrenew.Money{euros(1)} },
	} {
		changed := slices.Clone(services)
		changed[0].Offers = slices.Clone(changed[0].Offers)
		p := euroPolicy()
		change(&changed[0], &p)
		if got := mustPlan(t, changed, p).Fingerprint; got == first.Fingerprint {
			t.Errorf("with another %s the fingerprint is the same", name)
		}
	}
}

// The same service twice is one, and two versions of it are none.
func TestPlanServiceTwice(t *testing.T) {
	t.Parallel()
	services := []portfolio.Surveyed{dueIn(1, 5), dueIn(2, 6)}
	offerAll(services, ovhrenew.P1Y, euros(500), 1)
	offerAll(services, ovhrenew.P1Y, euros(600), 2)
	once := mustPlan(t, services, euroPolicy())
	if twice := mustPlan(t, append(slices.Clone(services), services...), euroPolicy()); !reflect.DeepEqual(once, twice) {
		t.Errorf("given twice: %v, want %v", twice, once)
	}
	moved := services[0]
	moved.Expiry = moved.Expiry.AddDays(365)
	plan := mustPlan(t, []portfolio.Surveyed{services[0], services[1], moved}, euroPolicy())
	if len(plan.Items) != 1 || plan.Items[0].Via != 2 || len(plan.LeftOut) != 1 || plan.LeftOut[0].Why != portfolio.LeftUnclear {
		t.Errorf("given differently: %v, want only the other service", plan)
	}
	if other := mustPlan(t, []portfolio.Surveyed{moved, services[0], services[1]}, euroPolicy()); !reflect.DeepEqual(plan, other) {
		t.Error(fmt.Sprint("in another order: ", other))
	}
}
