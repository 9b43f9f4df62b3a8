package portfolio_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// A currency can be without a total, said in so many words.
func TestPlanNoTotal(t *testing.T) {
	t.Parallel()
	all := []portfolio.Surveyed{dueIn(1, 5), dueIn(2, 6)}
	offerAll(all, ovhrenew.P1Y, euros(50_000_000), 1)
	offerAll(all, ovhrenew.P1Y, ovhrenew.MustMoney("5 USD"), 2)
	policy := euroPolicy()
	policy.Total, policy.NoTotal = []ovhrenew.Money{ovhrenew.MustMoney("6 USD")}, []ovhrenew.Currency{ovhrenew.EUR}
	plan := mustPlan(t, all, policy)
	totals, err := plan.Totals()
	if err != nil || fmt.Sprint(totals) != "[6.00 USD 600000.00 EUR]" || plan.Check() != nil {
		t.Errorf("the totals are %v, %v, %v", totals, err, plan.Check())
	}
	policy.PerOrder = []ovhrenew.Money{euros(100)}
	if plan := mustPlan(t, all, policy); len(plan.Items) != 1 {
		t.Errorf("with a limit of an order the plan is\n%s", plan)
	}
	for _, wrong := range [][]ovhrenew.Currency{{"USD"}, {"EUR", "EUR"}, {"euros"}, {""}} {
		policy.NoTotal = wrong
		if _, err := portfolio.MakePlan(all, policy, planDay); !errors.Is(err, ovhrenew.ErrBadInput) {
			t.Errorf("NoTotal %q: %v, want ErrBadInput", wrong, err)
		}
	}
}
