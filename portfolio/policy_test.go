package portfolio_test

import (
	"testing"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// What the policy does not name is neither renewed nor comes along.
func TestPlanOnly(t *testing.T) {
	t.Parallel()
	services := []ovhrenew.ServiceID{1, 2, 3}
	var all []portfolio.Surveyed
	for _, id := range services {
		all = append(all, dueIn(id, 5))
	}
	offerAll(all, ovhrenew.P1Y, euros(500), 1)
	offerAll(all, ovhrenew.P1Y, euros(600), 2)
	offerAll(all, ovhrenew.P1Y, euros(100), 2, 3)
	policy := euroPolicy()
	policy.Only = []portfolio.Selection{{IDs: []ovhrenew.ServiceID{1}}, {IDs: []ovhrenew.ServiceID{2}}}
	policy.Along = []portfolio.Selection{{Names: []string{"*"}}}
	plan := mustPlan(t, all, policy)
	if len(plan.Items) != 2 || len(plan.Items[1].Services) != 1 {
		t.Errorf("the plan is\n%s\nwant 1 and 2, each alone", plan)
	}
	if len(plan.LeftOut) != 0 || plan.NotDue[portfolio.LeftNotOnly] != 1 {
		t.Errorf("left out: %+v and %v, want 3 counted as %s", plan.LeftOut, plan.NotDue, portfolio.LeftNotOnly)
	}
}
