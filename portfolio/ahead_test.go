package portfolio_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
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

// Of accounts that are planned every night, each service that ends without a renewal was
// told no later than in the night in which its last chance passed: when the last of its
// offers lost a service to a renewal without it. A service that never had a chance, since
// each of its offers renews something that is not due before its end, is told when it is
// due, and what stands in its way.
func TestNightlyPlansStrandNobody(t *testing.T) {
	t.Parallel()
	taken, told, ended, never := 0, 0, 0, 0
	for seed := range uint64(500) {
		r := rand.New(rand.NewPCG(seed, 11))
		n := 2 + r.IntN(5)
		var services []portfolio.Surveyed
		for i := range n {
			days := 1 + r.IntN(90)
			if r.IntN(4) == 0 {
				days += 60 + r.IntN(400)
			}
			services = append(services, dueIn(ovhrenew.ServiceID(i+1), days))
		}
		for range 1 + r.IntN(2*n) {
			var ids []ovhrenew.ServiceID
			for _, i := range r.Perm(n)[:1+r.IntN(min(n, 3))] {
				ids = append(ids, ovhrenew.ServiceID(i+1))
			}
			offerAll(services, ovhrenew.P1Y, euros(100*(1+r.IntN(40))), ids...)
		}
		moved, said := map[ovhrenew.ServiceID]int{}, map[ovhrenew.ServiceID]int{} // the first night of each, from 1
		reasons := map[ovhrenew.ServiceID]portfolio.LeftOut{}
		for night := 1; night <= 95; night++ {
			plan, err := portfolio.MakePlan(services, euroPolicy(), planDay.AddDays(night-1))
			if err != nil {
				t.Fatal(err)
			}
			for _, item := range plan.Items {
				for _, s := range item.Services {
					services[s.ID-1].Expiry, moved[s.ID] = s.NewExpiry, night
					if s.Ahead {
						taken++
					}
				}
			}
			for _, left := range plan.LeftOut {
				said[left.ID], reasons[left.ID] = cmp.Or(said[left.ID], night), left
				if left.Why == portfolio.LeftStranded {
					told++
				}
			}
		}
		for _, s := range services {
			if moved[s.ID] > 0 || s.Expiry.After(planDay.AddDays(94)) || len(s.Offers) == 0 {
				continue
			}
			ended++
			last := 0 // the night in which the last chance passed
			for _, o := range s.Offers {
				chance, passed := true, 0
				for _, id := range o.Services() {
					if moved[id] > 0 && (passed == 0 || moved[id] < passed) {
						passed = moved[id]
					} else if moved[id] == 0 && services[id-1].Expiry.AddDays(-30).After(s.Expiry) {
						chance = false
					}
				}
				if chance && passed == 0 {
					t.Fatalf("seed %d: service %d has ended, and %v could have been renewed", seed, s.ID, o.Services())
				}
				if chance {
					last = max(last, passed)
				}
			}
			if last == 0 {
				never++
				if left := reasons[s.ID]; left.Why != portfolio.LeftStranded || !strings.Contains(left.Reason, "policy's along") {
					t.Fatalf("seed %d: service %d had no chance, and is told as %+v", seed, s.ID, left)
				}
			} else if said[s.ID] == 0 || said[s.ID] > last {
				t.Fatalf("seed %d: the last chance of service %d passed in night %d, and it was told in night %d: %+v", seed, s.ID, last, said[s.ID], reasons[s.ID])
			}
		}
	}
	t.Logf("%d renewed ahead of their time, %d times told to be stranded, %d ended, of which %d had no chance", taken, told, ended, never)
	if taken < 50 || told < 50 || ended < 50 || never < 20 {
		t.Errorf("%d, %d, %d, %d: the test shows little", taken, told, ended, never)
	}
}

// offering answers the offers of services, and fails for one of them.
type offering struct {
	portfolio.Reader
	services []portfolio.Surveyed
	fails    ovhrenew.ServiceID
	asked    []ovhrenew.ServiceID
}

func (o *offering) Services(context.Context, ovhrenew.ServiceQuery) iter.Seq2[ovhrenew.Service, error] {
	return func(yield func(ovhrenew.Service, error) bool) {
		for _, s := range o.services {
			if !yield(s.Service, nil) {
				return
			}
		}
	}
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

// The offers of partners are read, and of nobody else; also those of what a partner alone
// is offered with.
func TestGatherReadsPartners(t *testing.T) {
	t.Parallel()
	all := []portfolio.Surveyed{dueIn(1, 30), dueIn(2, 50), dueIn(3, 50), dueIn(4, 50), dueIn(5, 380), dueIn(6, 120)}
	offerAll(all, ovhrenew.P1Y, euros(199), 1)
	for id := range ovhrenew.ServiceID(4) {
		offerAll(all, ovhrenew.P1Y, euros(3787), 1, id+2)
	}
	offerAll(all, ovhrenew.P1Y, euros(500), 3)    // by itself
	offerAll(all, ovhrenew.P1Y, euros(500), 2, 6) // of which 6 is not due when 2 is
	reader := &offering{services: all, fails: 4}
	services, failed, err := portfolio.Gather(t.Context(), reader, euroPolicy(), planDay)
	if err != nil || len(failed) != 1 || failed[0].Service != 4 || !strings.Contains(failed[0].Error(), "nobody knows") {
		t.Errorf("Gather = %v, %v, want that 4 failed", failed, err)
	}
	if want := []ovhrenew.ServiceID{1, 2, 3, 4, 6}; !slices.Equal(reader.asked, want) {
		t.Errorf("asked for the offers of %v, want those of %v", reader.asked, want)
	}
	plan := mustPlan(t, services, euroPolicy())
	left := map[ovhrenew.ServiceID]portfolio.LeftWhy{}
	for _, l := range plan.LeftOut {
		left[l.ID] = l.Why
	}
	want := map[ovhrenew.ServiceID]portfolio.LeftWhy{4: "offersNotRead", 6: "stranded"}
	if len(plan.Items) != 1 || !slices.Equal(plan.Items[0].ServiceIDs(), []ovhrenew.ServiceID{1, 2}) || !maps.Equal(left, want) {
		t.Errorf("the plan is\n%s\nwant %v left out", plan, want)
	}
}

// What remains for a service once the others are renewed has to be due when it is, and be
// renewed for the period for which it is offered.
func TestPlanKnowsWhatWillNotBeDue(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*portfolio.Policy, []portfolio.Surveyed){
		"ends too late": func(_ *portfolio.Policy, all []portfolio.Surveyed) { all[2].Expiry = planDay.AddDays(700) },
		"is renewed for another period": func(p *portfolio.Policy, _ []portfolio.Surveyed) {
			p.Exceptions = []portfolio.PeriodException{{Services: portfolio.Selection{IDs: []ovhrenew.ServiceID{3}}, Period: ovhrenew.P2Y}}
		},
		"ends too late, whatever the period": func(p *portfolio.Policy, all []portfolio.Surveyed) {
			p.Period, all[2].Expiry = portfolio.PeriodAny, planDay.AddDays(700)
		},
	} {
		for _, dear := range []bool{false, true} {
			policy, all := euroPolicy(), []portfolio.Surveyed{dueIn(1, 10), dueIn(2, 90), dueIn(3, 95)}
			offerAll(all, ovhrenew.P1Y, euros(199), 1)
			offerAll(all, ovhrenew.P1Y, euros(3787), 1, 2)
			offerAll(all, ovhrenew.P1Y, euros(3787), 2, 3)
			if plan := mustPlan(t, all, policy); len(plan.Items) != 1 || plan.Items[0].Price != euros(199) || len(plan.LeftOut) > 0 {
				t.Fatalf("the plan is\n%s\nwant 1 alone, since 2 can be renewed with 3", plan)
			}
			change(&policy, all)
			if dear {
				policy.PerOrder = []ovhrenew.Money{euros(3000)}
			}
			plan := mustPlan(t, all, policy)
			switch {
			case !dear && (len(plan.Items) != 1 || fmt.Sprint(plan.Items[0].ServiceIDs()) != "[1 2]" || len(plan.LeftOut) > 0):
				t.Errorf("where 3 %s the plan is\n%s\nwant 1 with 2", name, plan)
			case dear && (len(plan.Items) != 1 || len(plan.LeftOut) != 1 || plan.LeftOut[0].ID != 2 || plan.LeftOut[0].Why != portfolio.LeftStranded):
				t.Errorf("where 3 %s and the bundle is too dear the plan is\n%s\nwant 1, and 2 stranded", name, plan)
			}
		}
	}
}
