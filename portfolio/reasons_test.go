package portfolio_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

var aServiceID = regexp.MustCompile(`(service |\.example \()?\b70000[0-9]{2}\b`)

// Reasons name services by name and id: by the id alone only what nothing is known of.
func TestPlanNamesServices(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		const base = 7_000_000 // no other number looks like this
		services, policy := surveyedAccount(t), drawPolicy(t)
		known := map[string]bool{}
		for i := range services {
			s := &services[i]
			s.ID += base
			known[s.ID.String()] = true
			if s.Parent != 0 {
				s.Parent = base + ovhrenew.ServiceID(rapid.IntRange(1, len(services)+1).Draw(t, "parent"))
			}
			for j := range s.Offers {
				s.Offers[j].Service += base
				ids := slices.Clone(s.Offers[j].Strategy.Services)
				for k := range ids {
					ids[k] += base
				}
				s.Offers[j].Strategy.Services = ids
			}
		}
		plan := mustPlan(t, services, policy)
		if len(plan.Items) > 0 {
			plan.Gaps = []portfolio.PlanGap{{Services: plan.Items[0].ServiceIDs(), Price: euros(900), AtLeast: euros(800)}}
		}
		texts := []string{plan.String()}
		for _, item := range plan.Items {
			texts = append(texts, item.Reason, item.Offer().String(), portfolio.Report{Items: []portfolio.ItemReport{{Item: item, Outcome: portfolio.OutcomeSkipped}}}.String())
		}
		for _, left := range plan.LeftOut {
			texts = append(texts, left.Reason)
		}
		for _, text := range texts {
			for _, found := range aServiceID.FindAllString(text, -1) {
				if id, said := strings.CutPrefix(found, "service "); strings.HasPrefix(found, "70") || said && known[id] {
					t.Fatalf("%s stands without its name in %s", id, text)
				}
			}
		}
	})
}

// A due service that is offered only together with one that is not due is told what stands
// in the way, and what it would cost to renew it early. Where that cannot be, it is told why.
func TestPlanTellsWhatStandsInTheWay(t *testing.T) {
	t.Parallel()
	three := portfolio.Selection{IDs: []ovhrenew.ServiceID{3}}
	for name, test := range map[string]struct {
		change func(*portfolio.Policy, []portfolio.Surveyed)
		why    portfolio.LeftWhy
		want   []string
	}{
		"not due": {nil, portfolio.LeftStranded, []string{
			"no offer fits: P1Y of s1.example (1) + s3.example (3) for 37.87 EUR before tax: also renews s3.example (3), which ends on " + planDay.AddDays(700).String(),
			"; to renew it with what is not due, name s3.example (3) in the policy's along: 45.45 EUR with tax",
		}},
		"two of them": {func(_ *portfolio.Policy, all []portfolio.Surveyed) {
			all[0].Offers, all[2].Offers = nil, nil
			offerAll(all, ovhrenew.P1Y, euros(9900), 1, 2, 3)
		}, portfolio.LeftStranded, []string{"also renews s2.example (2), which", ", and s3.example (3), which", "name s2.example (2) + s3.example (3) in", ": 118.80 EUR with tax"}},
		"one of two, the cheaper": {func(_ *portfolio.Policy, all []portfolio.Surveyed) {
			offerAll(all, ovhrenew.P1Y, euros(2000), 1, 2)
		}, portfolio.LeftStranded, []string{"also renews s2.example (2), which", "also renews s3.example (3), which", "name s2.example (2) in the policy's along: 24.00 EUR with tax"}},
		"too dear": {func(p *portfolio.Policy, _ []portfolio.Surveyed) { p.PerOrder = []ovhrenew.Money{euros(4000)} }, portfolio.LeftStranded, []string{
			"name s3.example (3) in the policy's along, but costs 45.45 EUR with tax, more than the 40.00 EUR for an order",
		}},
		"in a currency without a limit": {func(p *portfolio.Policy, _ []portfolio.Surveyed) {
			p.Total = []ovhrenew.Money{ovhrenew.MustMoney("100 USD")}
		}, portfolio.LeftStranded, []string{
			"name s3.example (3) in the policy's along, but no limit was given in EUR",
		}},
		"against the policy's rules": {func(p *portfolio.Policy, _ []portfolio.Surveyed) { p.Rules = []ovhrenew.Rule{ovhrenew.Alone} }, portfolio.LeftStranded, []string{
			"name s3.example (3) in the policy's along, but it renews s1.example (1) + s3.example (3), not exactly s1.example (1)",
		}},
		"never renewed": {func(p *portfolio.Policy, _ []portfolio.Surveyed) { p.Never = []portfolio.Selection{three} }, portfolio.LeftNoOffer, []string{
			"also renews s3.example (3): the policy says never",
		}},
		"renewing by itself": {func(_ *portfolio.Policy, all []portfolio.Surveyed) {
			all[2].Expiry, all[2].Mode, all[2].NextDate = planDay.AddDays(60), ovhrenew.ModeAutomatic, planDay.AddDays(60)
		}, portfolio.LeftNoOffer, []string{"also renews s3.example (3): ", "automatic"}},
		"expired so long ago that it would be past": {func(p *portfolio.Policy, all []portfolio.Surveyed) {
			p.Along, all[0].Expiry = []portfolio.Selection{three}, planDay.AddDays(-400)
		}, portfolio.LeftNoOffer, []string{"would renew s1.example (1) until", ", which is past"}},
		"unknown": {func(_ *portfolio.Policy, all []portfolio.Surveyed) { all[2].ID = 4 }, portfolio.LeftNoOffer, []string{
			"also renews service 3, of which nothing is known",
		}},
	} {
		policy, all := euroPolicy(), []portfolio.Surveyed{dueIn(1, 10), dueIn(2, 500), dueIn(3, 700)}
		offerAll(all, ovhrenew.P1Y, euros(3787), 1, 3)
		if test.change != nil {
			test.change(&policy, all)
		}
		plan := mustPlan(t, all, policy)
		if len(plan.Items) > 0 || len(plan.LeftOut) != 1 || plan.LeftOut[0].Why != test.why {
			t.Errorf("%s: the plan is\n%s\nwant 1 left out as %s", name, plan, test.why)
			continue
		}
		for _, want := range test.want {
			if !strings.Contains(plan.LeftOut[0].Reason, want) {
				t.Errorf("%s: the reason is %q, want %q", name, plan.LeftOut[0].Reason, want)
			}
		}
	}
	// Once along names it, it is what the text said.
	policy, all := euroPolicy(), []portfolio.Surveyed{dueIn(1, 10), dueIn(2, 500), dueIn(3, 700)}
	policy.Along = []portfolio.Selection{three}
	offerAll(all, ovhrenew.P1Y, euros(3787), 1, 3)
	if plan := mustPlan(t, all, policy); len(plan.Items) != 1 || plan.Items[0].Limit != euros(4545) {
		t.Errorf("with along the plan is\n%s", plan)
	}
}
