package portfolio_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// A domain that is due renews its hosting along, which is offered only together with it
// and ends three days after the day on which it would be due.
func TestPlanTakesPartners(t *testing.T) {
	t.Parallel()
	services := []portfolio.Surveyed{dueIn(1, 30), dueIn(2, 33)}
	offerAll(services, ovhrenew.P1Y, euros(199), 1)
	offerAll(services, ovhrenew.P1Y, euros(3787), 1, 2)
	plan := mustPlan(t, services, euroPolicy())
	if len(plan.Items) != 1 || !slices.Equal(plan.Items[0].ServiceIDs(), []ovhrenew.ServiceID{1, 2}) || !plan.Items[0].Services[1].Ahead {
		t.Errorf("the plan is\n%s\nwant both in one order", plan)
	}
	if err := plan.Check(); err != nil {
		t.Error(err)
	}

	for name, change := range map[string]func(*portfolio.Policy, []portfolio.Surveyed){
		"is too dear":       func(p *portfolio.Policy, _ []portfolio.Surveyed) { p.PerOrder = []ovhrenew.Money{euros(3000)} },
		"is over the total": func(p *portfolio.Policy, _ []portfolio.Surveyed) { p.Total = []ovhrenew.Money{euros(4000)} },
		"was not read":      func(_ *portfolio.Policy, all []portfolio.Surveyed) { all[1].OffersRead, all[1].Offers = false, nil },
		"needs another that may not come": func(_ *portfolio.Policy, all []portfolio.Surveyed) {
			all[0].Offers, all[1].Offers = all[0].Offers[:1], nil
			offerAll(all[:2], ovhrenew.P1Y, euros(3000), 1, 2, 3)
		},
	} {
		policy, all := euroPolicy(), []portfolio.Surveyed{dueIn(1, 30), dueIn(2, 33), dueIn(3, 700)}
		offerAll(all, ovhrenew.P1Y, euros(199), 1)
		offerAll(all, ovhrenew.P1Y, euros(3787), 1, 2)
		change(&policy, all)
		plan := mustPlan(t, all, policy)
		want := portfolio.LeftStranded
		if name == "was not read" {
			want = portfolio.LeftUnread
		}
		if len(plan.Items) != 1 || plan.Items[0].Price != euros(199) || len(plan.LeftOut) != 1 || plan.LeftOut[0].ID != 2 || plan.LeftOut[0].Why != want {
			t.Errorf("where the bundle %s the plan is\n%s\nwant 1 alone, and 2 %s", name, plan, want)
		}
	}
}

// Partners are left alone where something else remains for them.
func TestPlanLeavesPartners(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*portfolio.Policy, []portfolio.Surveyed){
		"an offer of its own": func(_ *portfolio.Policy, all []portfolio.Surveyed) { offerAll(all, ovhrenew.P1Y, euros(9900), 2) },
		"what may come along": func(p *portfolio.Policy, _ []portfolio.Surveyed) {
			p.Along = []portfolio.Selection{{IDs: []ovhrenew.ServiceID{1}}}
		},
		"another turn": func(_ *portfolio.Policy, all []portfolio.Surveyed) { all[1].Expiry = planDay.AddDays(380) },
		"its own period": func(p *portfolio.Policy, _ []portfolio.Surveyed) {
			p.Exceptions = []portfolio.PeriodException{{Services: portfolio.Selection{IDs: []ovhrenew.ServiceID{2}}, Period: ovhrenew.P2Y}}
		},
		"nothing by the policy": func(p *portfolio.Policy, _ []portfolio.Surveyed) {
			p.Never = []portfolio.Selection{{IDs: []ovhrenew.ServiceID{2}}}
		},
	} {
		policy, all := euroPolicy(), []portfolio.Surveyed{dueIn(1, 30), dueIn(2, 50)}
		offerAll(all, ovhrenew.P1Y, euros(199), 1)
		offerAll(all, ovhrenew.P1Y, euros(3787), 1, 2)
		change(&policy, all)
		plan := mustPlan(t, all, policy)
		if len(plan.Items) != 1 || plan.Items[0].Price != euros(199) || len(plan.LeftOut) != 0 {
			t.Errorf("with %s the plan is\n%s\nwant 1 alone and nothing else said", name, plan)
		}
	}
}

// Of accounts that are planned every night, no service ends that was lost to the renewal
// of another, unless a plan has said so.
func TestNightlyPlansStrandNobody(t *testing.T) {
	t.Parallel()
	taken, told, ended := 0, 0, 0
	for seed := range uint64(400) {
		r := rand.New(rand.NewPCG(seed, 11))
		n := 2 + r.IntN(5)
		var services []portfolio.Surveyed
		for i := range n {
			services = append(services, dueIn(ovhrenew.ServiceID(i+1), 1+r.IntN(90)))
		}
		for range 1 + r.IntN(2*n) {
			var ids []ovhrenew.ServiceID
			for _, i := range r.Perm(n)[:1+r.IntN(min(n, 3))] {
				ids = append(ids, ovhrenew.ServiceID(i+1))
			}
			offerAll(services, ovhrenew.P1Y, euros(100*(1+r.IntN(40))), ids...)
		}
		moved, saidSo := map[ovhrenew.ServiceID]bool{}, map[ovhrenew.ServiceID]bool{}
		for night := range 95 {
			plan, err := portfolio.MakePlan(services, euroPolicy(), planDay.AddDays(night))
			if err != nil {
				t.Fatal(err)
			}
			for _, item := range plan.Items {
				for _, s := range item.Services {
					services[s.ID-1].Expiry, moved[s.ID] = s.NewExpiry, true
					if s.Ahead {
						taken++
					}
				}
			}
			for _, left := range plan.LeftOut {
				saidSo[left.ID] = true
				if left.Why == portfolio.LeftStranded {
					told++
				}
			}
		}
		for _, s := range services {
			if moved[s.ID] {
				continue
			}
			ended++
			for _, from := range services {
				for _, o := range from.Offers {
					lost := o.Covers(s.ID) && !slices.ContainsFunc(o.Services(), func(id ovhrenew.ServiceID) bool { return id != s.ID && !moved[id] })
					if lost && !saidSo[s.ID] {
						t.Fatalf("seed %d: service %d has ended, all of %v but it were renewed, and no plan said so", seed, s.ID, o.Services())
					}
				}
			}
		}
	}
	t.Logf("%d renewed ahead of their time, %d times told to be stranded, %d ended", taken, told, ended)
	if taken < 50 || told < 50 || ended < 50 {
		t.Errorf("%d, %d, %d: the test shows little", taken, told, ended)
	}
}

// offering answers the offers of services, and fails for one of them.
type offering struct {
	portfolio.Reader
	services []portfolio.Surveyed
	fails    ovhrenew.ServiceID
	asked    []ovhrenew.ServiceID
}

func (o *offering) Renewals(_ context.Context, id ovhrenew.ServiceID, _ bool) ([]ovhrenew.RenewDescription, error) {
	o.asked = append(o.asked, id)
	if id == o.fails {
		return nil, errors.New("nobody knows")
	}
	var all []ovhrenew.RenewDescription
	for _, offer := range o.services[id-1].Offers {
		all = append(all, ovhrenew.RenewDescription{RenewPeriod: offer.Period, Strategies: []ovhrenew.RenewStrategy{offer.Strategy}})
	}
	return all, nil
}

// The offers of partners are read, and of nobody else.
func TestReadPartners(t *testing.T) {
	t.Parallel()
	all := []portfolio.Surveyed{dueIn(1, 30), dueIn(2, 50), dueIn(3, 50), dueIn(4, 50), dueIn(5, 380)}
	offerAll(all, ovhrenew.P1Y, euros(199), 1)
	for id := range ovhrenew.ServiceID(4) {
		offerAll(all, ovhrenew.P1Y, euros(3787), 1, id+2)
	}
	offerAll(all, ovhrenew.P1Y, euros(500), 3) // by itself
	reader := &offering{services: slices.Clone(all), fails: 4}
	for i := range all[1:] {
		all[i+1].OffersRead, all[i+1].Offers = false, nil
	}
	failed, err := portfolio.ReadPartners(t.Context(), reader, all, euroPolicy(), planDay)
	if err != nil || len(failed) != 1 || failed[0].Service != 4 || !strings.Contains(failed[0].Error(), "nobody knows") {
		t.Errorf("ReadPartners = %v, %v, want that 4 failed", failed, err)
	}
	if want := []ovhrenew.ServiceID{2, 3, 4}; !slices.Equal(reader.asked, want) {
		t.Errorf("asked for the offers of %v, want those of %v", reader.asked, want)
	}
	plan := mustPlan(t, all, euroPolicy())
	if len(plan.Items) != 1 || fmt.Sprint(plan.Items[0].ServiceIDs()) != "[1 2]" || len(plan.LeftOut) != 1 || plan.LeftOut[0].Why != portfolio.LeftUnread {
		t.Errorf("the plan is\n%s\nwant 1 with 2, and 4 not read", plan)
	}
}
