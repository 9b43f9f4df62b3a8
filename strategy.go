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
			return &otherPeriod{o.Period, period}
		}
		return nil
	}
}

// otherPeriod and otherServices are put into words only if somebody asks: of a long
// list of offers nearly all are refused, for one of these two.
type otherPeriod struct{ offered, want Period }

func (e *otherPeriod) Error() string { return fmt.Sprintf("is for %s, not %s", e.offered, e.want) }

type otherServices struct{ offered, want []ServiceID }

func (e *otherServices) Error() string {
	return fmt.Sprintf("renews %s, not exactly %s", idList(e.offered), idList(e.want))
}

// Alone accepts the offer that renews just the service asked about.
func Alone(o Offer) error {
	return Only(o.Service)(o)
}

// Only accepts offers that renew exactly these services.
func Only(ids ...ServiceID) Rule {
	return func(o Offer) error {
		if !sameServices(o.Strategy.Services, ids) {
			return &otherServices{o.Strategy.Services, ids}
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

// Any accepts what at least one rule accepts.
func Any(rules ...Rule) Rule {
	return func(o Offer) error {
		if len(rules) == 0 {
			return errors.New("no rule of Any accepts it: there is none")
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

// NoStrategyError says why each offer does not fit. It is an [ErrNoStrategy].
type NoStrategyError struct {
	Refusals []Refusal
}

func (e *NoStrategyError) Is(target error) bool { return target == ErrNoStrategy }

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

// Select returns the offer that every rule accepts and that is preferred. Offers of the
// same services for the same period and price are one offer. If several are left, none
// is chosen: the error is a [*NoStrategyError]. Select is pure, and the order of offers
// does not matter. The refusals say why each other offer was not chosen.
func Select(offers []Offer, prefer Preference, rules ...Rule) (Offer, []Refusal, error) {
	refusals := slices.Grow([]Refusal(nil), len(offers))
	var fitting distinct
	accept := All(rules...)
	for _, offer := range offers {
		if err := accept(offer); err != nil {
			refusals = append(refusals, Refusal{offer, err})
		} else {
			fitting.add(offer)
		}
	}
	best := unbeaten(fitting.offers, prefer)
	var tie error
	if len(best) > 1 {
		tie = fmt.Errorf("fits as well as %d other(s): narrow the rules or prefer", len(best)-1)
	}
	for i, offer := range fitting.offers {
		_, unbeaten := slices.BinarySearch(best, i)
		switch {
		case !unbeaten:
			refusals = append(refusals, Refusal{offer, errNotPreferred})
		case tie != nil:
			refusals = append(refusals, Refusal{offer, tie})
		}
	}
	if len(best) != 1 {
		return Offer{}, refusals, &NoStrategyError{refusals}
	}
	return fitting.offers[best[0]], refusals, nil
}

// unbeaten are the offers, by their index, to which no other is preferred. Any offer
// may beat any other, which makes that the same in any order, even by a preference
// that contradicts itself; most fall to the champion of a first round.
func unbeaten(offers []Offer, prefer Preference) []int {
	var best []int
	if prefer == nil {
		for i := range offers {
			best = append(best, i)
		}
		return best
	}
	beats := func(i, j int) bool { return i != j && prefer(offers[i], offers[j]) < 0 }
	champion := 0
	for i := range offers {
		if beats(i, champion) {
			champion = i
		}
	}
	for j := range offers {
		beaten := beats(champion, j)
		for i := 0; i < len(offers) && !beaten; i++ {
			beaten = beats(i, j)
		}
		if !beaten {
			best = append(best, j)
		}
	}
	return best
}

// distinct collects offers, of those that buy the same for the same price only one.
type distinct struct {
	offers []Offer
	alike  map[likeness][]int // by index; only these can be the same
}

// likeness is what two offers that are the same share for certain.
type likeness struct {
	price           Money
	lowest, highest ServiceID
}

func (d *distinct) add(o Offer) {
	like := likeness{price: o.Price()}
	if ids := o.Strategy.Services; len(ids) > 0 {
		like.lowest, like.highest = slices.Min(ids), slices.Max(ids)
	}
	for _, i := range d.alike[like] {
		if o.same(d.offers[i]) {
			if compareTwins(o, d.offers[i]) < 0 {
				d.offers[i] = o
			}
			return
		}
	}
	if d.alike == nil {
		d.alike = map[likeness][]int{}
	}
	d.alike[like] = append(d.alike[like], len(d.offers))
	d.offers = append(d.offers, o)
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
