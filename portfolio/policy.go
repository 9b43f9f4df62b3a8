package portfolio

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/ovhrenew/ovhrenew"
)

// Policy is what a plan may do. It is data, and part of the plan made with it. Its
// zero value is refused, and without a Total nothing is planned.
type Policy struct {
	// DueWithinDays is how long before its end a service is to be renewed; if zero, 30
	// days or half of its period, whichever is shorter, as for [Guards.DueWithin].
	DueWithinDays int `json:"dueWithinDays,omitempty"`
	// Period is what services are renewed for, such as P1Y, [PeriodToday] or
	// [PeriodAny], unless one of the Exceptions selects the service: the first counts.
	Period     ovhrenew.Period   `json:"period"`
	Exceptions []PeriodException `json:"exceptions,omitempty"`
	// Only, if not empty, are the services that may be renewed, and Never those that may
	// not, neither alone nor along with others.
	Only  []Selection `json:"only,omitempty"`
	Never []Selection `json:"never,omitempty"`
	// Along are services that may be renewed together with others although they do not
	// need it themselves. Without it no bundle renews what does not need it.
	Along []Selection `json:"along,omitempty"`
	// RenewAutomatic also renews what is about to renew by itself. A renewal that
	// OVHcloud has begun is never done again.
	RenewAutomatic bool `json:"renewAutomatic,omitempty"`

	// TaxPercent is the tax that comes on top of what is offered, such as "20" or "5.5".
	// It has no default: [LearnTax] asks the account. A plan of nothing needs none.
	TaxPercent string `json:"taxPercent"`
	// Total is what the plan may spend, one amount for each currency, tax included. In
	// other currencies nothing is planned. A service that is offered in several of
	// them is renewed in the one that stands first.
	Total []ovhrenew.Money `json:"total"`
	// NoTotal are further currencies, in which what the plan may spend has no bound but
	// that of the month, of an order and of a service.
	NoTotal []ovhrenew.Currency `json:"noTotal,omitempty"`
	// PerMonth is what all runs with the journal may spend in a calendar month (UTC),
	// tax included, by currency. Spent has to say what the month has cost so far:
	// [Ledger.Into] sets it. [Apply] holds to it; what runs without it spend counts.
	PerMonth []ovhrenew.Money `json:"perMonth,omitempty"`
	Spent    MonthSpent       `json:"spent,omitzero"`
	// PerOrder is what one order may cost, and PerService what it may cost for each
	// service in it that needs renewing, tax included.
	PerOrder   []ovhrenew.Money `json:"perOrder,omitempty"`
	PerService []ovhrenew.Money `json:"perService,omitempty"`

	// Every one of Rules must accept an offer. Prefer chooses among the offers for the
	// same services, and the period where that is [PeriodAny]. They are code: the policy
	// of a plan has none.
	Rules  []ovhrenew.Rule     `json:"-"`
	Prefer ovhrenew.Preference `json:"-"`
}

// PeriodException is another period for some services.
type PeriodException struct {
	Services Selection       `json:"services"`
	Period   ovhrenew.Period `json:"period"`
}

// Guards returns the guards of [ovhrenew.Renew] that fit the policy.
func (p Policy) Guards() ovhrenew.Guards {
	return ovhrenew.Guards{DueWithin: time.Duration(p.DueWithinDays) * 24 * time.Hour, AllowAutomatic: p.RenewAutomatic}
}

// clone shares nothing with p, and is without its code.
func (p Policy) clone() Policy {
	text, _ := json.Marshal(p) // cannot fail: texts, numbers, and Money
	var all policyFields
	_ = json.Unmarshal(text, &all)
	return Policy(all)
}

// Wants returns a function for [Query.Offers] that reports whether a service needs
// renewing on a day, whatever it is offered. The error is [ovhrenew.ErrBadInput].
func (p Policy) Wants(today ovhrenew.Date) (func(Surveyed) bool, error) {
	rules, err := p.ready("Wants", today)
	if err != nil {
		return nil, err
	}
	return rules.asks, nil
}

// asks reports whether a service needs renewing, whatever it is offered.
func (r *policyRules) asks(s Surveyed) bool {
	_, why, _ := r.wants(&s)
	return why == "" || s.Parent != 0 && r.wantsOption(s)
}

type policyRules struct {
	Policy
	today              ovhrenew.Date
	guards             ovhrenew.Guards
	exceptions         []selector
	only, never, along selectors
	tax                int64 // in 10⁻⁸ percent
	limits             map[ovhrenew.Currency]policyLimits
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
	rules := &policyRules{Policy: p, today: today, guards: p.Guards(), limits: p.limits()}
	rules.exceptions = mapped(p.Exceptions, func(e PeriodException) selector { return e.Services.ready() })
	rules.only, rules.never, rules.along = readySelections(p.Only), readySelections(p.Never), readySelections(p.Along)
	rules.tax, _ = parsePercent(p.TaxPercent)
	if len(p.PerMonth) > 0 && p.Spent.Month != monthOf(today) {
		return nil, badInput(call, "Policy.Spent", p.Spent.Month, "is not what "+monthOf(today)+" has cost so far, which PerMonth needs: Ledger.Into sets it")
	}
	return rules, nil
}

// checkTax wants a tax, of which a survey needs to know nothing.
func (p Policy) checkTax(call string) error {
	if p.TaxPercent == "" {
		return badInput(call, "Policy.TaxPercent", "", `is missing: state a percentage such as "20", or let LearnTax ask the account for it`)
	}
	return nil
}

func (p Policy) check(call string) error {
	bad := func(field string, value any, why string) error { return badInput(call, "Policy."+field, value, why) }
	switch tax, err := parsePercent(p.TaxPercent); {
	case p.DueWithinDays < 0 || p.DueWithinDays > maxDueWithinDays:
		return bad("DueWithinDays", p.DueWithinDays, "is not a number of days")
	case !isTerm(p.Period):
		return bad("Period", p.Period, "is not a period such as P1Y")
	case p.TaxPercent != "" && (err != nil || tax < 0 || tax > maxTaxPercent*onePercent):
		return bad("TaxPercent", p.TaxPercent, `is not a percentage such as "20" or "5.5"`)
	}
	for i, exception := range p.Exceptions {
		field := fmt.Sprintf("Exceptions[%d]", i)
		if !isTerm(exception.Period) {
			return bad(field+".Period", exception.Period, "is not a period such as P1Y")
		}
		if err := exception.Services.check(call, "Policy."+field+".Services"); err != nil {
			return err
		}
	}
	return cmp.Or(
		checkSelections(call, "Policy.Only", p.Only),
		checkSelections(call, "Policy.Never", p.Never),
		checkSelections(call, "Policy.Along", p.Along),
		checkLimits(call, "Policy.Total", p.Total),
		p.checkNoTotal(call),
		checkLimits(call, "Policy.PerMonth", p.PerMonth),
		p.Spent.check(call),
		checkLimits(call, "Policy.PerOrder", p.PerOrder),
		checkLimits(call, "Policy.PerService", p.PerService),
	)
}

// wants says for which period a service is to be renewed, or why it is not.
func (r *policyRules) wants(s *Surveyed) (period ovhrenew.Period, why LeftWhy, reason string) {
	if why, reason = r.barred(s); why != "" {
		return "", why, reason
	}
	automatic := r.automatic(s)
	if errors.Is(automatic, ovhrenew.ErrAutoRenewFailed) { // which is nothing to wait with
		return "", LeftAutomaticFailed, reasonOf(automatic)
	}
	period, err := r.periodOf(s)
	state := r.guards.State(s.Service, r.today)
	switch {
	case r.guards.Due(s.Service, period, r.today) != nil:
		return "", LeftNotDue, fmt.Sprintf("it expires on %s", s.Expiry)
	case err != nil:
		return "", LeftNoPeriod, err.Error()
	case state != nil:
		return "", LeftState, reasonOf(state)
	case automatic == nil:
		return period, "", ""
	case s.Mode == ovhrenew.ModeAutomatic || len(s.PendingActions) > 0:
		return "", LeftRenewsItself, reasonOf(automatic)
	}
	return "", LeftAutomatic, reasonOf(automatic)
}

// barred says why a service is never renewed, due or not; empty: it may be.
func (r *policyRules) barred(s *Surveyed) (why LeftWhy, reason string) {
	switch {
	case len(r.only) > 0 && !r.only.any(s):
		return LeftNotOnly, "it is not among those that the policy says only"
	case r.never.any(s):
		return LeftNever, "the policy says never"
	case s.Expiry.IsZero():
		return LeftNoExpiry, "it does not expire"
	case s.Ends().IsZero():
		return LeftNoExpiry, fmt.Sprintf("it does not expire: its expiry, %s, is before it was created", s.Expiry)
	}
	return "", ""
}

// mayEver says why a service may be renewed along with no other, whether it needs it or
// not; empty: it may. It asks what the guards of [ovhrenew.Renew] ask.
func (r *policyRules) mayEver(s *Surveyed) string {
	if _, reason := r.barred(s); reason != "" {
		return reason
	}
	err := r.guards.State(s.Service, r.today)
	if err == nil || s.Parent != 0 { // an option comes along with the service that it belongs to
		err = r.automatic(s)
	}
	if err == nil {
		return ""
	}
	return reasonOf(err)
}

// wantsOption reports whether an option could be renewed by an offer of its own.
func (r *policyRules) wantsOption(s Surveyed) bool {
	s.Parent = 0
	_, why, _ := r.wants(&s)
	return why == ""
}

// automatic refuses what is about to renew by itself. Where the list of services does
// not tell the mode, the renewal asks further and decides.
func (r *policyRules) automatic(s *Surveyed) error {
	if s.Mode == "" && s.Type == "" && s.Automatic == nil && s.ManualPayment == nil {
		return ovhrenew.Guards{AllowAutomatic: true}.Automatic(s.Service, r.today)
	}
	return r.guards.Automatic(s.Service, r.today)
}

// reasonOf is what a guard saw, without the service's name.
func reasonOf(err error) string {
	if refused, ok := errors.AsType[*ovhrenew.GuardError](err); ok {
		return refused.Saw
	}
	return err.Error()
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

func mapped[T, R any](all []T, of func(T) R) []R {
	results := make([]R, 0, len(all))
	for _, one := range all {
		results = append(results, of(one))
	}
	return results
}

func count[T any](all []T, holds func(T) bool) int {
	n := 0
	for _, one := range all {
		if holds(one) {
			n++
		}
	}
	return n
}
