package portfolio

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/big"
	"slices"

	"github.com/ovhrenew/ovhrenew"
)

// Quoter asks what an offer would cost, and orders nothing. [ovhrenew.API] is one.
type Quoter interface {
	Quote(ctx context.Context, offer ovhrenew.Offer) (ovhrenew.Quote, error)
}

// LearnTax returns the policy with the TaxPercent of one quote: for the dearest offer of a
// service that the policy wants renewed on a day, so that rounding matters least. What is
// taxed otherwise is refused when the plan is applied, if its tax is higher. A policy that
// states a tax stays as it is, and so does one that wants nothing on the day, or is offered
// nothing: [MakePlan] then needs no tax. No request is sent for these.
//
// The error says that nothing could be asked, or that the quote says nothing of the tax:
// it is never assumed to be 0.
//
// API: POST /service/{serviceId}/renew with dryRun
func LearnTax(ctx context.Context, q Quoter, services []Surveyed, policy Policy, today ovhrenew.Date) (Policy, error) {
	if policy.TaxPercent != "" {
		return policy, policy.check("LearnTax")
	}
	rules, err := policy.ready("LearnTax", today)
	if err != nil {
		return policy, err
	}
	if !rules.needTax(services) {
		return policy, nil
	}
	offers := dearest(services, rules)
	if len(offers) == 0 {
		return policy, badInput("LearnTax", "Policy.TaxPercent", "", "is missing, and nothing is offered of which the tax could be asked: state it")
	}
	var refusals []error
	for _, offer := range offers[:min(len(offers), 3)] {
		quote, err := q.Quote(ctx, offer)
		if err == nil {
			policy.TaxPercent, err = taxIn(quote)
		}
		if err == nil || ctx.Err() != nil {
			return policy, err
		}
		refusals = append(refusals, fmt.Errorf("%s: %w", offer, err))
	}
	return policy, fmt.Errorf("the tax could not be learnt, and the policy does not state it: %w", errors.Join(refusals...))
}

// needTax reports whether a plan might depend on the tax: some service is wanted, and
// something is offered.
func (r *policyRules) needTax(services []Surveyed) bool {
	return slices.ContainsFunc(services, func(s Surveyed) bool { return len(s.Offers) > 0 }) && slices.ContainsFunc(services, r.asks)
}

// dearest are offers of which the tax can be asked, the dearest first.
func dearest(services []Surveyed, rules *policyRules) []ovhrenew.Offer {
	var offers []ovhrenew.Offer
	for _, s := range services {
		if !rules.asks(s) {
			continue
		}
		for _, o := range s.Offers {
			if rules.orderable(&o) && o.Covers(o.Service) && o.Price().Sign() > 0 {
				offers = append(offers, o)
			}
		}
	}
	slices.SortStableFunc(offers, func(a, b ovhrenew.Offer) int {
		return cmp.Or(cmp.Compare(b.Price().Ucents(), a.Price().Ucents()), cmp.Compare(a.Service, b.Service))
	})
	return offers
}

// taxIn is the percentage of a quote's tax: of those that round to it, the one with the
// fewest decimals, and of those the highest.
func taxIn(q ovhrenew.Quote) (string, error) {
	net, tax, gross := q.PriceWithoutTax, q.Tax, q.PriceWithTax
	if tax.IsZero() && !net.IsZero() && !gross.IsZero() {
		if difference, err := gross.Sub(net); err == nil {
			tax = difference
		}
	}
	sum, err := net.Add(tax)
	switch {
	case err != nil, net.Sign() <= 0, tax.IsZero(), tax.Sign() < 0:
		return "", fmt.Errorf("%w: the quote says %q without tax, %q tax and %q with it", ovhrenew.ErrMalformed, net, tax, gross)
	case !gross.IsZero() && sum != gross:
		return "", fmt.Errorf("%w: the quote's %s and %s tax are not %s", ovhrenew.ErrMalformed, net, tax, gross)
	}
	if tax.Sign() == 0 {
		return "0", nil
	}
	// What is said is rounded to the cent, so that the tax is half a cent more or less.
	const halfCent = 500_000
	percent := func(ucents int64) *big.Rat {
		return new(big.Rat).Mul(big.NewRat(ucents, net.Ucents()), big.NewRat(100, 1))
	}
	low, high := percent(tax.Ucents()-halfCent), percent(tax.Ucents()+halfCent)
	for scale := int64(1); scale <= onePercent; scale *= 10 {
		// The highest multiple of 1/scale that is not above the bound.
		scaled := new(big.Rat).Mul(high, big.NewRat(scale, 1))
		steps := new(big.Int).Quo(scaled.Num(), scaled.Denom())
		rate := new(big.Rat).SetFrac(steps, big.NewInt(scale))
		if rate.Cmp(low) >= 0 {
			digits, _ := rate.FloatPrec()
			return rate.FloatString(digits), nil
		}
	}
	return "", fmt.Errorf("%w: %s tax on %s is no percentage", ovhrenew.ErrMalformed, tax, net)
}
