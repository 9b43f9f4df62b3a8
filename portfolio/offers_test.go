package portfolio_test

import (
	"testing"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// An order is best placed under a service that needs it.
func TestPlanVia(t *testing.T) {
	t.Parallel()
	services := []portfolio.Surveyed{dueIn(1, 200), dueIn(2, 6), dueIn(3, 5)}
	offerAll(services, ovhrenew.P1Y, euros(500), 1, 2, 3)
	policy := euroPolicy()
	policy.Along = []portfolio.Selection{{Names: []string{"*"}}}
	plan := mustPlan(t, services, policy)
	if len(plan.Items) != 1 || plan.Items[0].Via != 2 || plan.Items[0].Expiry() != planDay.AddDays(5) {
		t.Errorf("the plan is %+v, want one order under service 2 that is due in 5 days", plan.Items)
	}
}
