package portfolio

import (
	"cmp"
	"errors"
	"fmt"
	"math/bits"
	"slices"
	"strings"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/internal/words"
)

// Policy is what a plan may do. It is data, and part of the plan made with it. Its
// zero value is refused, and without a Total nothing is planned.
type Policy struct {
	// DueWithinDays is how long before its end a service is to be renewed; if zero, 30
	// days or half of its period, whichever is shorter, as for [Guards.DueWithin].
	DueWithinDays int `json:"dueWithinDays,omitempty"`
	// Period is what services are renewed for, unless one of the Exceptions, of which
	// the first that selects the service counts, says otherwise.
	Period     ovhrenew.Period   `json:"period"`
	Exceptions []PeriodException `json:"exceptions,omitempty"`
	// Only, if not empty, are the services that may be renewed: others are not, neither
	// alone nor along.
	Only []Selection `json:"only,omitempty"`
	// Never are services that are not renewed, neither alone nor along with others.
	Never []Selection `json:"never,omitempty"`
	// Along are services that may be renewed along with others that need it, although
	// they do not themselves. Without it no bundle renews anything unneeded.
	Along []Selection `json:"along,omitempty"`
	// RenewAutomatic also renews what is about to renew by itself. A renewal that
	// OVHcloud has begun is never done again.
	RenewAutomatic bool `json:"renewAutomatic,omitempty"`

	// TaxPercent is the tax that comes on top of what is offered, such as "20" or
	// "5.5". Offers are before tax, and limits are not.
	TaxPercent string `json:"taxPercent"`
	// Total is what the plan may spend, one amount for each currency, tax included. In
	// other currencies nothing is planned. A service that is offered in several of
	// them is renewed in the one that stands first.
	Total []ovhrenew.Money `json:"total"`
	// PerOrder is what one order may cost, and PerService what it may cost for each
	// service in it that needs renewing, tax included; no limit but Total where the
	// currency is not named.
	PerOrder   []ovhrenew.Money `json:"perOrder,omitempty"`
	PerService []ovhrenew.Money `json:"perService,omitempty"`
}

// PeriodException is another period for some services.
type PeriodException struct {
	Services Selection       `json:"services"`
	Period   ovhrenew.Period `json:"period"`
}

// Guards are the guards of [Renew] that fit the policy.
func (p Policy) Guards() ovhrenew.Guards {
	return ovhrenew.Guards{DueWithin: time.Duration(p.DueWithinDays) * 24 * time.Hour, AllowAutomatic: p.RenewAutomatic}
}

// clone shares nothing with p.
func (p Policy) clone() Policy {
	p.Exceptions = slices.Clone(p.Exceptions)
	for i := range p.Exceptions {
		p.Exceptions[i].Services = p.Exceptions[i].Services.clone()
	}
	p.Only, p.Never, p.Along = cloneSelections(p.Only), cloneSelections(p.Never), cloneSelections(p.Along)
	p.Total, p.PerOrder, p.PerService = slices.Clone(p.Total), slices.Clone(p.PerOrder), slices.Clone(p.PerService)
	return p
}

// Wants returns what says whether a service needs renewing on a day, as far as its
// offers are not concerned: for [Query.Offers]. The error is [ErrBadInput].
func (p Policy) Wants(today ovhrenew.Date) (func(Surveyed) bool, error) {
	rules, err := p.ready("Wants", today)
	if err != nil {
		return nil, err
	}
	return func(s Surveyed) bool {
		_, why, _ := rules.wants(&s)
		return why == ""
	}, nil
}

// policyRules is a policy made ready for many services.
type policyRules struct {
	Policy
	today      ovhrenew.Date
	guards     ovhrenew.Guards
	exceptions []selector
	only       selectors
	never      selectors
	along      selectors
	tax        int64 // in 10⁻⁸ percent
	limits     map[ovhrenew.Currency]policyLimits
}

// policyLimits are those of one currency; amounts that are not given are zero.
type policyLimits struct {
	rank                        int32 // in Policy.Total
	total, perOrder, perService ovhrenew.Money
}

const (
	maxDueWithinDays = 100 * 366
	maxTaxPercent    = 1000
	onePercent       = 100_000_000
)

func (p Policy) ready(call string, today ovhrenew.Date) (*policyRules, error) {
	if err := p.check(call); err != nil {
		return nil, err
	}
	if today.IsZero() {
		return nil, badInput(call, "today", nil, "is missing: it is the day that the plan is made for")
	}
	rules := &policyRules{Policy: p, today: today, guards: p.Guards(), limits: map[ovhrenew.Currency]policyLimits{}}
	for _, exception := range p.Exceptions {
		rules.exceptions = append(rules.exceptions, exception.Services.ready())
	}
	rules.only, rules.never, rules.along = readySelections(p.Only), readySelections(p.Never), readySelections(p.Along)
	rules.tax, _ = parsePercent(p.TaxPercent)
	for rank, total := range p.Total {
		rules.limits[total.Currency()] = policyLimits{
			rank: int32(rank), total: total,
			perOrder: inCurrency(p.PerOrder, total.Currency()), perService: inCurrency(p.PerService, total.Currency()),
		}
	}
	return rules, nil
}

func (p Policy) check(call string) error {
	bad := func(field string, value any, why string) error { return badInput(call, "Policy."+field, value, why) }
	if p.DueWithinDays < 0 || p.DueWithinDays > maxDueWithinDays {
		return bad("DueWithinDays", p.DueWithinDays, "is not a number of days")
	}
	if !p.Period.Known() {
		return bad("Period", p.Period, "is not a period such as P1Y")
	}
	for i, exception := range p.Exceptions {
		field := fmt.Sprintf("Exceptions[%d]", i)
		if !exception.Period.Known() {
			return bad(field+".Period", exception.Period, "is not a period such as P1Y")
		}
		if err := exception.Services.check(call, "Policy."+field+".Services"); err != nil {
			return err
		}
	}
	if tax, err := parsePercent(p.TaxPercent); err != nil || tax < 0 || tax > maxTaxPercent*onePercent {
		return bad("TaxPercent", p.TaxPercent, `is not a percentage such as "20" or "5.5"`)
	}
	return cmp.Or(
		checkSelections(call, "Policy.Only", p.Only),
		checkSelections(call, "Policy.Never", p.Never),
		checkSelections(call, "Policy.Along", p.Along),
		checkLimits(call, "Policy.Total", p.Total),
		checkLimits(call, "Policy.PerOrder", p.PerOrder),
		checkLimits(call, "Policy.PerService", p.PerService),
	)
}

// checkLimits wants one amount for each currency.
func checkLimits(call, field string, limits []ovhrenew.Money) error {
	for i, limit := range limits {
		field := fmt.Sprintf("%s[%d]", field, i)
		switch {
		case limit.IsZero() || !wellFormed(limit.Currency()):
			return badInput(call, field, limit, "is not an amount with a currency")
		case limit.Sign() < 0:
			return badInput(call, field, limit, "is negative")
		case inCurrency(limits[:i], limit.Currency()) != ovhrenew.Money{}:
			return badInput(call, field, limit, "is a second amount in this currency")
		}
	}
	return nil
}

// inCurrency is the amount in a currency, the zero value if there is none.
func inCurrency(amounts []ovhrenew.Money, c ovhrenew.Currency) ovhrenew.Money {
	for _, m := range amounts {
		if m.Currency() == c {
			return m
		}
	}
	return ovhrenew.Money{}
}

// wants says for which period a service is to be renewed, or why it is not.
func (r *policyRules) wants(s *Surveyed) (period ovhrenew.Period, why LeftWhy, reason string) {
	period = r.periodOf(s)
	saw := func(err error) string { return reasonOf(err) }
	switch {
	case r.excluded(s):
		return "", LeftNotOnly, "it is not among those that the policy says only"
	case r.never.any(s):
		return "", LeftNever, "the policy says never"
	case s.Expiry.IsZero():
		return "", LeftNoExpiry, "it does not expire"
	case s.Ends().IsZero():
		return "", LeftNoExpiry, fmt.Sprintf("it does not expire: its expiry, %s, is before it was created", s.Expiry)
	}
	automatic := r.automatic(s)
	if errors.Is(automatic, ovhrenew.ErrAutoRenewFailed) { // which is nothing to wait with
		return "", LeftAutomaticFailed, saw(automatic)
	}
	if err := r.guards.Due(s.Service, period, r.today); err != nil {
		return "", LeftNotDue, saw(err)
	}
	if err := r.guards.State(s.Service, r.today); err != nil {
		return "", LeftState, saw(err)
	}
	if automatic != nil {
		return "", LeftAutomatic, saw(automatic)
	}
	return period, "", ""
}

// mayCome says why a service that needs no renewal may not be renewed along with
// others; empty: it may. It asks what the guards of [Renew] ask.
func (r *policyRules) mayCome(s *Surveyed) string {
	switch {
	case r.excluded(s):
		return "it is not among those that the policy says only"
	case r.never.any(s):
		return "the policy says never"
	case !r.along.any(s):
		return "it needs no renewal, and the policy does not let it come along"
	case s.Ends().IsZero():
		return "it does not expire"
	}
	// An option comes along with the service that it belongs to.
	if err := r.guards.State(s.Service, r.today); err != nil && s.Parent == 0 {
		return reasonOf(err)
	}
	if err := r.automatic(s); err != nil {
		return reasonOf(err)
	}
	return ""
}

// excluded reports whether the policy names the only services to be renewed, and not
// this one.
func (r *policyRules) excluded(s *Surveyed) bool {
	return len(r.Only) > 0 && !r.only.any(s)
}

// automatic refuses what is about to renew by itself. Where the list of services does
// not tell the mode, the renewal asks further and decides.
func (r *policyRules) automatic(s *Surveyed) error {
	if s.Mode == "" && s.Type == "" && s.Automatic == nil && s.ManualPayment == nil {
		return ovhrenew.Guards{AllowAutomatic: true}.Automatic(s.Service, r.today)
	}
	return r.guards.Automatic(s.Service, r.today)
}

func (r *policyRules) periodOf(s *Surveyed) ovhrenew.Period {
	for i, services := range r.exceptions {
		if services.selects(s) {
			return r.Exceptions[i].Period
		}
	}
	return r.Period
}

// withTax is what a price before tax will at the most be in an order: the policy's
// tax on top, rounded up to the cent. It is false for amounts beyond all prices.
func (r *policyRules) withTax(price ovhrenew.Money) (ovhrenew.Money, bool) {
	const whole = 100 * onePercent
	hi, lo := bits.Mul64(uint64(price.Ucents()), uint64(whole+r.tax))
	const ucentsPerCent = 1_000_000
	const divisor = whole * ucentsPerCent
	if hi >= divisor {
		return ovhrenew.Money{}, false
	}
	cents, rest := bits.Div64(hi, lo, divisor)
	if rest > 0 {
		cents++
	}
	const maxCents = (1<<63 - 1) / ucentsPerCent
	if price.Sign() < 0 || cents > maxCents {
		return ovhrenew.Money{}, false
	}
	return ovhrenew.NewMoney(int64(cents)*ucentsPerCent, price.Currency()), true
}

// over says which limit an order breaks that costs so much before tax and is for so
// many services in need; empty: none.
func (r *policyRules) over(l policyLimits, price ovhrenew.Money, services int) string {
	withTax, ok := r.withTax(price)
	if !ok {
		return "costs more than any limit"
	}
	amount, n := withTax.Ucents(), int64(services)
	if amount > l.total.Ucents() {
		return fmt.Sprintf("costs %s with tax, more than the total of %s", withTax, l.total)
	}
	if !l.perOrder.IsZero() && amount > l.perOrder.Ucents() {
		return fmt.Sprintf("costs %s with tax, more than the %s for an order", withTax, l.perOrder)
	}
	if per := l.perService.Ucents(); !l.perService.IsZero() && (amount/n > per || amount/n == per && amount%n > 0) {
		return fmt.Sprintf("costs %s with tax, more than %s for each of %s", withTax, l.perService, words.Count(services, "service"))
	}
	return ""
}

// reasonOf is what a guard saw, without the service's name.
func reasonOf(err error) string {
	if refused, ok := errors.AsType[*ovhrenew.GuardError](err); ok {
		return refused.Saw
	}
	return err.Error()
}

// parsePercent reads an exact percentage in 10⁻⁸ percent, as amounts are read.
func parsePercent(text string) (int64, error) {
	amount, err := ovhrenew.ParseMoney(text + " EUR")
	return amount.Ucents(), err
}

// badInput returns an InputError; a value of nil is one that was not given.
func badInput(call, field string, value any, why string) error {
	bad := &ovhrenew.InputError{Call: call, Field: field, Why: why}
	if value != nil {
		bad.Value = fmt.Sprint(value)
	}
	return bad
}

func checkID(call, field string, id ovhrenew.ServiceID) error {
	if id <= 0 {
		return badInput(call, field, id, "is not an id")
	}
	return nil
}

func idList(ids []ovhrenew.ServiceID) string {
	texts := make([]string, 0, len(ids))
	for _, id := range ids {
		texts = append(texts, id.String())
	}
	return strings.Join(texts, " + ")
}
