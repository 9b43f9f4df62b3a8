package portfolio_test

import (
	"testing"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// Without a period of its own a service gets that of the offer which is preferred: by
// itself the cheapest for each month and service, of two alike the shorter.
func TestPlanAnyPeriod(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		offers map[ovhrenew.Period]int // cents
		change func(*portfolio.Policy)
		want   ovhrenew.Period
	}{
		{"a year is cheaper", map[ovhrenew.Period]int{"P1M": 650, "P6M": 3705, "P1Y": 7020}, nil, "P1Y"},
		{"half a year is", map[ovhrenew.Period]int{"P1M": 650, "P6M": 3000, "P1Y": 7020}, nil, "P6M"},
		{"all alike", map[ovhrenew.Period]int{"P1M": 650, "P6M": 3900, "P1Y": 7800}, nil, "P1M"},
		{"the longest preferred", map[ovhrenew.Period]int{"P1M": 100, "P1Y": 9900, "P2Y": 19900}, func(p *portfolio.Policy) { p.Prefer = ovhrenew.Longest }, "P2Y"},
		{"a rule against years", map[ovhrenew.Period]int{"P1M": 650, "P1Y": 700}, func(p *portfolio.Policy) {
			p.Rules = []ovhrenew.Rule{ovhrenew.For(ovhrenew.P1M)}
		}, "P1M"},
		{"nothing", nil, nil, ""},
	} {
		all := []portfolio.Surveyed{dueIn(1, 5)}
		for period, cents := range tt.offers {
			offerAll(all, period, euros(cents), 1)
		}
		policy := euroPolicy()
		policy.Period = portfolio.PeriodAny
		if tt.change != nil {
			tt.change(&policy)
		}
		plan := mustPlan(t, all, policy)
		got := ovhrenew.Period("")
		if len(plan.Items) == 1 {
			got = plan.Items[0].Period
		}
		if got != tt.want || tt.want == "" && (len(plan.LeftOut) != 1 || plan.LeftOut[0].Why != portfolio.LeftNoOffer) {
			t.Errorf("%s: the plan is\n%s\nwant %q", tt.name, plan, tt.want)
		}
		if plan.Policy.Rules != nil || plan.Policy.Prefer != nil {
			t.Errorf("%s: the plan's policy has code", tt.name)
		}
	}
}

// The period as it is today is that of the automatic renewal or of the price, and where
// neither is known the service is left out in words.
func TestPlanPeriodToday(t *testing.T) {
	t.Parallel()
	all := []portfolio.Surveyed{dueIn(1, 5), dueIn(2, 5), dueIn(3, 5), dueIn(4, 20)}
	for i := range all {
		offerAll(all, ovhrenew.P1M, euros(100), all[i].ID)
		offerAll(all, ovhrenew.P1Y, euros(1100), all[i].ID)
	}
	all[0].Period, all[0].PricePeriod = ovhrenew.P1Y, ovhrenew.P1M
	all[1].PricePeriod = ovhrenew.P1M
	all[3].PricePeriod = ovhrenew.P1M // due half of a month before it ends
	policy := euroPolicy()
	policy.Period = portfolio.PeriodToday
	plan := mustPlan(t, all, policy)
	if len(plan.Items) != 2 || plan.Items[0].Period != ovhrenew.P1Y || plan.Items[1].Period != ovhrenew.P1M || plan.NotDue[portfolio.LeftNotDue] != 1 {
		t.Errorf("the plan is\n%s\nwant a year of 1, a month of 2", plan)
	}
	if len(plan.LeftOut) != 1 || plan.LeftOut[0].ID != 3 || plan.LeftOut[0].Why != portfolio.LeftNoPeriod {
		t.Errorf("left out is %+v, want 3", plan.LeftOut)
	}
	if err := plan.Check(); err != nil {
		t.Error(err)
	}
}

// Own rules narrow what is planned, and say why.
func TestPlanOwnRules(t *testing.T) {
	t.Parallel()
	all := []portfolio.Surveyed{dueIn(1, 5), dueIn(2, 6)}
	offerAll(all, ovhrenew.P1Y, euros(500), 1)
	offerAll(all, ovhrenew.P1Y, euros(600), 2)
	offerAll(all, ovhrenew.P1Y, euros(700), 1, 2)
	policy := euroPolicy()
	policy.Rules = []ovhrenew.Rule{ovhrenew.Excluding(2)}
	plan := mustPlan(t, all, policy)
	if len(plan.Items) != 1 || plan.Items[0].Via != 1 || len(plan.LeftOut) != 1 {
		t.Fatalf("the plan is\n%s\nwant 1", plan)
	}
	if got, want := plan.LeftOut[0].Reason, "no offer fits: P1Y of s1.example (1) + s2.example (2) for 7.00 EUR before tax: it also renews s2.example (2); P1Y of s2.example (2) for 6.00 EUR before tax: it also renews s2.example (2)"; got != want {
		t.Errorf("the reason is %q, want %q", got, want)
	}
	policy.Rules = []ovhrenew.Rule{nil}
	if plan := mustPlan(t, all, policy); len(plan.Items) != 0 {
		t.Errorf("with a nil rule the plan is\n%s\nwant nothing", plan)
	}
}

// Prefer chooses among offers of the same services for the same time.
func TestPlanOwnPreference(t *testing.T) {
	t.Parallel()
	all := []portfolio.Surveyed{dueIn(1, 5)}
	offerAll(all, ovhrenew.P1Y, euros(500), 1)
	offerAll(all, "P12M", euros(600), 1)
	policy := euroPolicy()
	policy.Prefer = func(a, b ovhrenew.Offer) int { return len(b.Period) - len(a.Period) }
	if plan := mustPlan(t, all, policy); len(plan.Items) != 1 || plan.Items[0].Period != "P12M" {
		t.Errorf("the plan is\n%s\nwant P12M", plan)
	}
}
