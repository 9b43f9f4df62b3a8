package ovhrenew

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Rule returns nil for an offer that it accepts, and else why not. A rule is pure.
type Rule func(Offer) error

// refusal applies a rule. A nil one, such as one that was looked up and not found,
// must not let an offer through.
func (r Rule) refusal(o Offer) error {
	if r == nil {
		return errors.New("meets a rule that is nil")
	}
	return r(o)
}

// For accepts offers for a period of this length: P12M is P1Y.
func For(period Period) Rule {
	return func(o Offer) error {
		if !o.Period.Equal(period) {
			return fmt.Errorf("is for %s, not %s", o.Period, period)
		}
		return nil
	}
}

// Alone accepts the offer that renews just the service asked about.
func Alone(o Offer) error { return Only(o.Service)(o) }

// Only accepts offers that renew exactly these services.
func Only(ids ...ServiceID) Rule {
	return func(o Offer) error {
		if !sameServices(o.Strategy.Services, ids) {
			return fmt.Errorf("renews %s, not exactly %s", callAll(o.Name, o.Strategy.Services), cmp.Or(callAll(o.Name, ids), "none"))
		}
		return nil
	}
}

// Including accepts offers that renew all of these services, others too.
func Including(ids ...ServiceID) Rule { return covering(true, "does not renew %s", ids) }

// Excluding accepts offers that renew none of these services.
func Excluding(ids ...ServiceID) Rule { return covering(false, "also renews %s", ids) }

func covering(want bool, refusal string, ids []ServiceID) Rule {
	return func(o Offer) error {
		for _, id := range ids {
			if o.Covers(id) != want {
				return fmt.Errorf(refusal, called(o.Name(id), id))
			}
		}
		return nil
	}
}

// AtMost accepts offers that cost no more than this before tax. [Request.Limit] is what
// protects an account.
func AtMost(limit Money) Rule {
	return func(o Offer) error {
		order, err := o.Price().Cmp(limit)
		switch {
		case err != nil:
			return fmt.Errorf("costs %s, which cannot be compared with %s: %w", o.Price(), limit, err)
		case order > 0:
			return fmt.Errorf("costs %s before tax, more than %s", o.Price(), limit)
		}
		return nil
	}
}

// All accepts what every rule accepts.
func All(rules ...Rule) Rule {
	return func(o Offer) error {
		for _, rule := range rules {
			if err := rule.refusal(o); err != nil {
				return err
			}
		}
		return nil
	}
}

// Preference orders offers: negative if a is preferred to b.
type Preference func(a, b Offer) int

// Cheapest prefers the lower price before tax, for any period; see [For].
func Cheapest(a, b Offer) int {
	order, err := a.Price().Cmp(b.Price())
	if err != nil {
		return cmp.Compare(a.Price().Currency(), b.Price().Currency())
	}
	return order
}

// Longest prefers the longer period.
func Longest(a, b Offer) int { return b.Period.Compare(a.Period) }

// FewestServices prefers the offer that renews fewer services.
func FewestServices(a, b Offer) int { return cmp.Compare(len(a.Services()), len(b.Services())) }

// Then prefers by the first preference that is not indifferent.
func Then(preferences ...Preference) Preference {
	return func(a, b Offer) int {
		for _, prefer := range preferences {
			if prefer != nil && prefer(a, b) != 0 {
				return prefer(a, b)
			}
		}
		return 0
	}
}

// Refusal is an offer that was not chosen, and why.
type Refusal struct {
	Offer  Offer
	Reason error
}

// NoStrategyError says why each offer does not fit. It is an [ErrNoStrategy].
type NoStrategyError struct {
	Refusals []Refusal
}

func (e *NoStrategyError) Is(target error) bool { return target == ErrNoStrategy }

func (e *NoStrategyError) Error() string {
	if len(e.Refusals) == 0 {
		return ErrNoStrategy.Error() + ": nothing is offered"
	}
	var texts []string
	for _, refusal := range e.Refusals {
		texts = append(texts, refusal.String())
	}
	return ErrNoStrategy.Error() + ": " + strings.Join(texts, "; ")
}

// errNotPreferred is why an offer that passed every rule was not chosen.
var errNotPreferred = errors.New("passes the rules, another is preferred")

// Select returns the offer that every rule accepts and that is preferred. Offers of the
// same services for the same period and price are one offer. If several are left, none
// is chosen: the error is a [*NoStrategyError]. Select is pure, and the order of offers
// does not matter. The refusals say why each other offer was not chosen.
func Select(offers []Offer, prefer Preference, rules ...Rule) (Offer, []Refusal, error) {
	var refusals []Refusal
	var fitting []Offer
	index := map[purchase]int{}
	accept := All(rules...)
	for _, offer := range offers {
		if err := accept(offer); err != nil {
			refusals = append(refusals, Refusal{offer, err})
			continue
		}
		buys := offer.purchase()
		i, known := index[buys]
		switch {
		case !known:
			index[buys] = len(fitting)
			fitting = append(fitting, offer)
		case fmt.Sprintf("%#v", offer) < fmt.Sprintf("%#v", fitting[i]): // in whatever order they came
			fitting[i] = offer
		}
	}
	best := unbeaten(fitting, Then(prefer))
	tie := fmt.Errorf("fits as well as %s: narrow the rules or prefer", count(len(best)-1, "other"))
	for i, offer := range fitting {
		switch unbeaten := slices.Contains(best, i); {
		case !unbeaten:
			refusals = append(refusals, Refusal{offer, errNotPreferred})
		case len(best) > 1:
			refusals = append(refusals, Refusal{offer, tie})
		}
	}
	if len(best) != 1 {
		return Offer{}, refusals, &NoStrategyError{refusals}
	}
	return fitting[best[0]], refusals, nil
}

// unbeaten are the offers, by their index, to which no other is preferred. Any offer
// may beat any other, which makes that the same in any order, even by a preference
// that contradicts itself.
func unbeaten(offers []Offer, prefer Preference) []int {
	var best []int
	for i := range offers {
		beaten := false
		for j := 0; j < len(offers) && !beaten; j++ {
			beaten = i != j && prefer(offers[j], offers[i]) < 0
		}
		if !beaten {
			best = append(best, i)
		}
	}
	return best
}

// purchase is what an offer buys, and its price. Offers with the same one are one offer.
type purchase struct {
	price        Money
	months, days int
	unknown      Period
	services     string
}

func (o Offer) purchase() purchase {
	p := purchase{price: o.Price(), services: fmt.Sprint(o.Services())}
	var known bool
	if p.months, p.days, known = o.Period.parts(); !known {
		p.unknown = o.Period
	}
	return p
}
