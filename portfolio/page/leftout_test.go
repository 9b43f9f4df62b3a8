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
		portfolio.LeftNotDue, portfolio.LeftNotDue, portfolio.LeftNoExpiry, portfolio.LeftNotOnly, portfolio.LeftNever, portfolio.LeftAutomatic,
		portfolio.LeftState, portfolio.LeftUnclear, portfolio.LeftUnread, portfolio.LeftNoOffer, portfolio.LeftNoLimit,
		portfolio.LeftOverLimit, portfolio.LeftOverlap, portfolio.LeftBudget, "stranded", "",
	} {
		plan.LeftOut = append(plan.LeftOut, portfolio.LeftOut{ID: ovhrenew.ServiceID(i + 1), Name: "name-" + string(why), Why: why, Reason: "reason-" + string(why), Expiry: day})
	}
	left := section(t, parse(t, planHTML(t, plan)), "left")
	var titles []string
	for _, title := range texts(left, "h3") {
		titles = append(titles, strings.TrimSuffix(title, " 1 service"))
	}
	want := []string{
		"No kind of reason", "stranded", "Over the total", "Over a limit", "No total in the currency", "No offer fits", "Offered with another only",
		"Not renewable as they are", "Offers not read", "Unclear", "About to renew by themselves", "Never renewed", "Not listed",
	}
	if !slices.Equal(titles, want) {
		t.Errorf("%q, want %q", titles, want)
	}
	if got, want := texts(left, "li"), []string{"Not due yet: 2", "Without an end: 1", "Not among those that the policy names: 1"}; !slices.Equal(got, want) {
		t.Errorf("counted are %q, want %q", got, want)
	}
	for _, l := range plan.LeftOut {
		counted := l.Why == portfolio.LeftNotDue || l.Why == portfolio.LeftNoExpiry || l.Why == portfolio.LeftNotOnly
		if listed := strings.Contains(text(left), l.Reason) && strings.Contains(text(left), l.Name); listed == counted && l.Why != "" {
			t.Errorf("%s: listed %t", l.Why, listed)
		}
	}
}
