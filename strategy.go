package ovhrenew

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// ErrNoStrategy says that no offer passes the rules. [*NoStrategyError] says why.
var ErrNoStrategy = errors.New("no renewal strategy fits")

// Rule accepts an offer by returning nil, or says why it does not fit. A rule is
// pure: it knows the offer and nothing else.
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

// Alone accepts the offer that renews the service asked about and nothing else.
func Alone(o Offer) error {
	return Only(o.Service)(o)
}

// Only accepts offers that renew exactly these services.
func Only(ids ...ServiceID) Rule {
	return func(o Offer) error {
		if !sameServices(o.Strategy.Services, ids) {
			return fmt.Errorf("renews %s, not exactly %s", idList(o.Strategy.Services), idList(ids))
		}
		return nil
	}
}

// Including accepts offers that renew all of these services, others too.
func Including(ids ...ServiceID) Rule {
	return func(o Offer) error {
		for _, id := range ids {
			if !o.Covers(id) {
				return fmt.Errorf("does not renew %d", id)
			}
		}
		return nil
	}
}

// Excluding accepts offers that renew none of these services.
func Excluding(ids ...ServiceID) Rule {
	return func(o Offer) error {
		for _, id := range ids {
			if o.Covers(id) {
				return fmt.Errorf("also renews %d", id)
			}
		}
		return nil
	}
}

// AtMost accepts offers that cost no more than this before tax, in this currency.
// It chooses among offers; what protects an account is [Request.Limit].
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

// All accepts what every rule accepts. Of no rules it accepts everything.
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

// Any accepts what at least one rule accepts. Of no rules it accepts nothing.
func Any(rules ...Rule) Rule {
	return func(o Offer) error {
		if len(rules) == 0 {
			return errors.New("none of no rules accepts it")
		}
		var refusals []string
		for _, rule := range rules {
			err := rule.refusal(o)
			if err == nil {
				return nil
			}
			refusals = append(refusals, err.Error())
		}
		return errors.New(strings.Join(refusals, " and "))
	}
}

// Preference orders offers: negative when a is to be preferred to b.
type Preference func(a, b Offer) int

// Cheapest prefers the lower price before tax. It does not compare the prices of
// different currencies, nor what a price buys: use [For] to fix the period.
func Cheapest(a, b Offer) int {
	order, err := a.Price().Cmp(b.Price())
	if err != nil {
		return cmp.Compare(a.Price().Currency(), b.Price().Currency())
	}
	return order
}

// Longest prefers the longer period.
func Longest(a, b Offer) int { return b.Period.Compare(a.Period) }

// Shortest prefers the shorter period.
func Shortest(a, b Offer) int { return a.Period.Compare(b.Period) }

// FewestServices prefers the offer that renews fewer services.
func FewestServices(a, b Offer) int { return cmp.Compare(len(a.Services()), len(b.Services())) }

// Then prefers by the first preference, and where that is indifferent by the next.
func Then(preferences ...Preference) Preference {
	return func(a, b Offer) int {
		for _, prefer := range preferences {
			if prefer == nil {
				continue
			}
			if order := prefer(a, b); order != 0 {
				return order
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

// NoStrategyError says for each offer why it does not fit. errors.Is finds
// [ErrNoStrategy].
type NoStrategyError struct {
	Refusals []Refusal
}

// Is makes every NoStrategyError an ErrNoStrategy.
func (e *NoStrategyError) Is(target error) bool { return target == ErrNoStrategy }

// Error lists the refusals.
func (e *NoStrategyError) Error() string {
	if len(e.Refusals) == 0 {
		return ErrNoStrategy.Error() + ": nothing is offered"
	}
	lines := make([]string, 0, len(e.Refusals))
	for _, refusal := range e.Refusals {
		lines = append(lines, fmt.Sprintf("%s: %v", refusal.Offer, refusal.Reason))
	}
	return ErrNoStrategy.Error() + ": " + strings.Join(lines, "; ")
}

// errNotPreferred is why an offer that passed every rule was not chosen.
var errNotPreferred = errors.New("passes the rules, another is preferred")

// Select chooses the offer that passes every rule and to which no other that does is
// preferred. The same services for the same period at the same price, offered more
// than once, are one offer. Where several offers pass and the preference does not
// decide, or is nil, none is chosen: the error is a [*NoStrategyError] that lists
// them, since taking any would be a guess with somebody's money.
//
// Select is pure: it does not change offers, and its choice does not depend on
// their order. The refusals say why each other offer was not chosen.
func Select(offers []Offer, prefer Preference, rules ...Rule) (Offer, []Refusal, error) {
	var fitting []Offer
	var refusals []Refusal
	accept := All(rules...)
	for _, offer := range offers {
		if err := accept(offer); err != nil {
			refusals = append(refusals, Refusal{offer, err})
		} else if i := slices.IndexFunc(fitting, offer.same); i < 0 {
			fitting = append(fitting, offer)
		} else if compareTwins(offer, fitting[i]) < 0 {
			fitting[i] = offer
		}
	}
	best := unbeaten(fitting, prefer)
	for _, offer := range fitting {
		switch {
		case !slices.ContainsFunc(best, offer.same):
			refusals = append(refusals, Refusal{offer, errNotPreferred})
		case len(best) > 1:
			refusals = append(refusals, Refusal{offer, fmt.Errorf("fits as well as %d other(s): narrow the rules or prefer", len(best)-1)})
		}
	}
	if len(best) != 1 {
		return Offer{}, refusals, &NoStrategyError{refusals}
	}
	return best[0], refusals, nil
}

// unbeaten are the offers to which no other is preferred. Comparing each with each
// makes that the same in any order, even by a preference that contradicts itself.
func unbeaten(offers []Offer, prefer Preference) []Offer {
	if prefer == nil {
		return offers
	}
	var best []Offer
	for i, offer := range offers {
		beaten := false
		for j, other := range offers {
			beaten = beaten || i != j && prefer(other, offer) < 0
		}
		if !beaten {
			best = append(best, offer)
		}
	}
	return best
}

// compareTwins orders offers that buy the same, so that which of them is kept does
// not depend on the order in which they came.
func compareTwins(a, b Offer) int {
	return cmp.Or(
		cmp.Compare(a.Service, b.Service),
		cmp.Compare(a.Period, b.Period),
		slices.Compare(a.Strategy.Services, b.Strategy.Services),
		cmp.Compare(a.Strategy.PriceInUcents, b.Strategy.PriceInUcents),
		slices.CompareFunc(a.Strategy.ServicesDetails, b.Strategy.ServicesDetails, func(a, b RenewService) int {
			return cmp.Or(cmp.Compare(a.ServiceID, b.ServiceID), cmp.Compare(a.ServiceName, b.ServiceName), cmp.Compare(a.ServiceType, b.ServiceType))
		}),
	)
}

// same reports whether two offers buy the same for the same price.
func (o Offer) same(other Offer) bool {
	return o.Period.Equal(other.Period) && o.Price() == other.Price() &&
		sameServices(o.Strategy.Services, other.Strategy.Services)
}

func idList(ids []ServiceID) string {
	texts := make([]string, 0, len(ids))
	for _, id := range ids {
		texts = append(texts, id.String())
	}
	return strings.Join(texts, " + ")
}
