package page

import (
	"fmt"
	"slices"

	"github.com/ovhrenew/ovhrenew/internal/words"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// leftGroup are the services that are left out for a kind of reason.
type leftGroup struct {
	Title, Hint, Count string
	Services           []leftService
}

// leftService is a service that is left out.
type leftService struct{ Name, ID, Expiry, Reason string }

// leftKind is a kind of reason, and what a page says of it.
type leftKind struct {
	why         portfolio.LeftWhy
	title, hint string
}

// leftWhys are the kinds of reasons in the order of a page: what a person can mend comes
// first.
var leftWhys = []leftKind{
	{portfolio.LeftBudget, "Over the total", "What ends sooner takes the total. A higher total would include them."},
	{portfolio.LeftOverLimit, "Over a limit", "What is offered costs more than the policy allows for an order, for a service or in total."},
	{portfolio.LeftNoLimit, "No total in the currency", "What is offered is in a currency in which the policy allows nothing."},
	{portfolio.LeftStranded, "Left without an offer", "They are offered only together with what is renewed without them or is not due."},
	{portfolio.LeftAutomaticFailed, "Automatic renewal failed", "It should have come long ago: somebody has to act, or they end."},
	{portfolio.LeftNoOffer, "No offer fits", "Nothing is offered, or nothing that the policy allows."},
	{portfolio.LeftNoPeriod, "No period", "What they are renewed for today is not known: the policy has to name a period."},
	{portfolio.LeftOverlap, "Offered with another only", "What fits would renew another service twice."},
	{portfolio.LeftState, "Not renewable as they are", "Their state has to be mended first."},
	{portfolio.LeftUnread, "Offers not read", "A new survey may read them."},
	{portfolio.LeftUnclear, "Unclear", "They were found twice, and differently."},
	{portfolio.LeftAutomatic, "Perhaps renewing by themselves", "It is not clear whether they do."},
	{portfolio.LeftRenewsItself, "Renewing by themselves", ""},
	{portfolio.LeftNever, "Never renewed, as the policy says", ""},
	{portfolio.LeftNotDue, "Not due yet", ""},
	{portfolio.LeftNoExpiry, "Without an end", ""},
	{portfolio.LeftNotOnly, "Not among those that the policy names", ""},
}

// leftGroups are the groups of which the services are listed, and those that a plan
// counts. A kind of reason that is not known here is a group under its own name.
func leftGroups(left []portfolio.LeftOut, notDue map[portfolio.LeftWhy]int) (listed, counted []leftGroup) {
	byWhy := map[portfolio.LeftWhy][]leftService{}
	var unknown []portfolio.LeftWhy
	for _, l := range left {
		if byWhy[l.Why] == nil && !slices.ContainsFunc(leftWhys, func(k leftKind) bool { return k.why == l.Why }) {
			unknown = append(unknown, l.Why)
		}
		byWhy[l.Why] = append(byWhy[l.Why], leftService{
			Name: printable(l.Name), ID: l.ID.String(), Expiry: l.Expiry.String(), Reason: fallback(l.Reason, "no reason given"),
		})
	}
	slices.Sort(unknown)
	for _, why := range unknown {
		listed = append(listed, newLeftGroup(fallback(string(why), "No kind of reason"), "", byWhy[why]))
	}
	for _, known := range leftWhys {
		if services := byWhy[known.why]; len(services) > 0 {
			listed = append(listed, newLeftGroup(known.title, known.hint, services))
		}
		if n := notDue[known.why]; n > 0 {
			counted = append(counted, leftGroup{Title: known.title, Count: fmt.Sprint(n)})
		}
	}
	return listed, counted
}

func newLeftGroup(title, hint string, services []leftService) leftGroup {
	return leftGroup{Title: title, Hint: hint, Count: words.Count(len(services), "service"), Services: services}
}
