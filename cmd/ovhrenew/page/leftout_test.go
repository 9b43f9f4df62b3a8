package page_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// TestLeftOut: services are listed by kind of reason, what a person can mend first; what
// is of no concern is counted; and a kind that is not known is listed under its own name.
func TestLeftOut(t *testing.T) {
	t.Parallel()
	plan := portfolio.Plan{Made: day, Policy: policy("900 EUR")}
	for i, why := range []portfolio.LeftWhy{
		portfolio.LeftAutomatic, portfolio.LeftStranded, portfolio.LeftAutomaticFailed, portfolio.LeftNoPeriod,
		portfolio.LeftState, portfolio.LeftUnclear, portfolio.LeftUnread, portfolio.LeftNoOffer, portfolio.LeftNoLimit,
		portfolio.LeftOverLimit, portfolio.LeftOverlap, portfolio.LeftBudget, "novel", "",
	} {
		plan.LeftOut = append(plan.LeftOut, portfolio.LeftOut{ID: ovhrenew.ServiceID(i + 1), Name: "name-" + string(why), Why: why, Reason: "reason-" + string(why), Expiry: day})
	}
	plan.NotDue = map[portfolio.LeftWhy]int{portfolio.LeftNotDue: 2, portfolio.LeftNoExpiry: 1, portfolio.LeftNotOnly: 1, portfolio.LeftRenewsItself: 5, portfolio.LeftNever: 3}
	left := section(t, parse(t, planHTML(t, plan)), "left")
	var titles []string
	for _, title := range texts(left, "h3") {
		titles = append(titles, strings.TrimSuffix(title, " 1 service"))
	}
	want := []string{
		"No kind of reason", "novel", "Over the total", "Over a limit", "No total in the currency", "Left without an offer", "Automatic renewal failed",
		"No offer fits", "No period", "Offered with another only",
		"Not renewable as they are", "Offers not read", "Unclear", "Perhaps renewing by themselves", "Not listed",
	}
	if !slices.Equal(titles, want) {
		t.Errorf("%q, want %q", titles, want)
	}
	if got, want := texts(left, "li"), []string{"Renewing by themselves: 5", "Never renewed, as the policy says: 3", "Not due yet: 2", "Without an end: 1", "Not among those that the policy names: 1"}; !slices.Equal(got, want) {
		t.Errorf("counted are %q, want %q", got, want)
	}
	for _, l := range plan.LeftOut {
		if listed := strings.Contains(text(left), l.Reason) && strings.Contains(text(left), l.Name); !listed && l.Why != "" {
			t.Errorf("%s is not listed", l.Why)
		}
	}
}
