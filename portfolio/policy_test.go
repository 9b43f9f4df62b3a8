package portfolio_test

import (
	"strings"
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

// TestAutomaticFailed: an automatic renewal that should have come long ago is of its own
// kind, and not hidden among what is not due.
func TestAutomaticFailed(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		expires, next int
		why           portfolio.LeftWhy
	}{
		{5, 5, portfolio.LeftRenewsItself},
		{5, -8, portfolio.LeftAutomaticFailed},
		{-20, -20, portfolio.LeftAutomaticFailed},
		{300, -60, portfolio.LeftAutomaticFailed},
		{300, 300, portfolio.LeftNotDue},
	} {
		service := dueIn(1, tt.expires)
		service.Mode, service.NextDate = ovhrenew.ModeAutomatic, planDay.AddDays(tt.next)
		all := []portfolio.Surveyed{service}
		offerAll(all, ovhrenew.P1Y, euros(500), 1)
		plan := mustPlan(t, all, euroPolicy())
		if plan.NotDue[tt.why] != 1 && (len(plan.LeftOut) != 1 || plan.LeftOut[0].Why != tt.why) {
			t.Errorf("expires in %d days, next in %d: left out %+v and %v, want %s", tt.expires, tt.next, plan.LeftOut, plan.NotDue, tt.why)
		}
		if shown := strings.Contains(plan.String(), "automaticFailed: "); shown != (tt.why == portfolio.LeftAutomaticFailed) {
			t.Errorf("the plan is\n%s", plan)
		}
	}
}
