package portfolio

import (
	"cmp"
	"errors"
	"slices"

	"github.com/ovhrenew/ovhrenew"
)

// Period is a period of a [Policy], such as P1Y, or one of these.
type Period = ovhrenew.Period

const (
	PeriodToday Period = "today" // for which the service renews or is priced as it is
	// PeriodAny is the period of whichever offer for the service is preferred: by
	// Policy.Prefer, or if that is nil by [CheapestPerMonth].
	PeriodAny Period = "any"
)

func isTerm(p ovhrenew.Period) bool { return p.Known() || p == PeriodToday || p == PeriodAny }

// CheapestPerMonth prefers the offer that costs less before tax for each service and
// month, and of two alike the shorter.
func CheapestPerMonth(a, b ovhrenew.Offer) int {
	if order := cmp.Compare(a.Price().Currency(), b.Price().Currency()); order != 0 {
		return order
	}
	share := func(o ovhrenew.Offer) float64 { // to compare, not to pay
		months, ok := o.Period.Months()
		if !ok {
			return float64(o.Price().Ucents())
		}
		return float64(o.Price().Ucents()) / float64(max(months, 1)*max(len(o.Strategy.Services), 1))
	}
	return cmp.Or(cmp.Compare(share(a), share(b)), a.Period.Compare(b.Period))
}

// periodOf is what a service is to be renewed for. The error says why that is not known;
// the period is then one for which nothing is offered.
func (r *policyRules) periodOf(s *Surveyed) (ovhrenew.Period, error) {
	period := r.Period
	if i := slices.IndexFunc(r.exceptions, func(e selector) bool { return e.selects(s) }); i >= 0 {
		period = r.Exceptions[i].Period
	}
	switch period {
	case PeriodToday:
		for _, today := range []ovhrenew.Period{s.Period, s.PricePeriod} {
			if today.Known() {
				return today, nil
			}
		}
		return period, errors.New("what it is renewed for today is not known: the policy has to name a period")
	case PeriodAny:
		return r.preferred(s), nil
	}
	return period, nil
}

func (r *policyRules) preferred(s *Surveyed) ovhrenew.Period {
	prefer := ovhrenew.Then(r.Prefer, CheapestPerMonth, ovhrenew.FewestServices)
	fitting := slices.DeleteFunc(slices.Clone(s.Offers), func(o ovhrenew.Offer) bool { return !r.orderable(&o) || !o.Covers(s.ID) })
	if len(fitting) == 0 {
		return PeriodAny // which is no offer's
	}
	// First in an order of their own, so that which is best does not depend on theirs.
	slices.SortFunc(fitting, func(a, b ovhrenew.Offer) int {
		return cmp.Or(a.Period.Compare(b.Period), cmp.Compare(a.Price().Ucents(), b.Price().Ucents()), slices.Compare(a.Services(), b.Services()))
	})
	return slices.MinFunc(fitting, prefer).Period
}

// orderable reports whether an offer is sound, has a price in a currency of the policy, and
// is one that the policy's own rules accept.
func (r *policyRules) orderable(o *ovhrenew.Offer) bool {
	_, given := r.limits[o.Price().Currency()]
	return given && sound(o) == nil && isPrice(o.Price()) && r.refusal(o) == nil
}

func (r *policyRules) refusal(o *ovhrenew.Offer) error {
	return ovhrenew.All(r.Rules...)(*o)
}
