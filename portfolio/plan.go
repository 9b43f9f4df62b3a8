package portfolio

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/internal/words"
)

// Plan says which renewals are to be done, and why, and what is left out. It is data: a
// person reviews its JSON, takes items out or lowers limits, and it is applied as it stands.
type Plan struct {
	Made ovhrenew.Date // the day for which it was made
	// Fingerprint identifies the policy and the services with their offers from which it
	// was made. It says nothing about the items, which may have been edited since.
	Fingerprint string
	Policy      Policy
	Items       []PlanItem // in the order of their first expiry, and then of their lowest id
	// LeftOut are the services that are due, or may be, and are not renewed, in the order
	// of their expiry, those without one last, and then of their ids.
	LeftOut []LeftOut
	// NotDue is how many other services there are, for each reason.
	NotDue map[LeftWhy]int
	// Gaps are groups of services too intertwined to be proven optimal; most plans have
	// none.
	Gaps []PlanGap
	// Unused are the parts of the policy's selections that select no service: what was
	// meant to be excluded is not.
	Unused []Unused
}

// PlanItem is one renewal: one order.
type PlanItem struct {
	// Via is the service under which it is offered, in JSON absent if it is the first.
	Via      ovhrenew.ServiceID `json:"via,omitempty"`
	Period   ovhrenew.Period    `json:"period"`   // as it is offered
	Services []PlannedService   `json:"services"` // all that are renewed, in ascending order
	Price    ovhrenew.Money     `json:"price"`    // before tax
	// Limit is the most that may be paid, tax included: when planned, the price with the
	// policy's tax, rounded up to the cent.
	Limit ovhrenew.Money `json:"limit"`
	// Prices are what the services are offered for otherwise, before tax, for any period
	// and in any bundle. An order of somebody's at such a price may be for the same.
	Prices []ovhrenew.Money `json:"prices,omitempty"`
	Reason string           `json:"reason"` // why this and nothing else
}

// PlannedService is a service of an item.
type PlannedService struct {
	ID        ovhrenew.ServiceID `json:"id"`
	Name      string             `json:"name"`
	Product   string             `json:"product,omitempty"`
	Expiry    ovhrenew.Date      `json:"expiry"`
	NewExpiry ovhrenew.Date      `json:"newExpiry"`        // as expected
	Parent    ovhrenew.ServiceID `json:"parent,omitempty"` // of which it is an option
	Along     bool               `json:"along,omitempty"`  // it needs no renewal
	// Ahead says that it is not due, and would be left without an offer if the others
	// were renewed without it.
	Ahead bool `json:"ahead,omitempty"`
}

// ServiceIDs returns the services renewed, in ascending order.
func (i PlanItem) ServiceIDs() []ovhrenew.ServiceID {
	return mapped(i.Services, func(s PlannedService) ovhrenew.ServiceID { return s.ID })
}

// target is the service that the renewal is asked for: none for an option, which is
// renewed along with what it belongs to though its order is its own.
func (i PlanItem) target() ovhrenew.ServiceID {
	if slices.ContainsFunc(i.Services, func(s PlannedService) bool { return s.ID == i.Via && s.Parent != 0 }) {
		return 0
	}
	return i.Via
}

// Offer returns what the item orders.
func (i PlanItem) Offer() ovhrenew.Offer {
	return ovhrenew.Offer{Service: i.Via, Period: i.Period, Strategy: ovhrenew.RenewStrategy{
		Price: i.Price, PriceInUcents: i.Price.Ucents(), Services: i.ServiceIDs(),
		ServicesDetails: mapped(i.Services, func(s PlannedService) ovhrenew.RenewService {
			return ovhrenew.RenewService{ServiceID: s.ID, ServiceName: s.Name}
		}),
	}}
}

// Expiry returns the day on which the first of the services that need it ends.
func (i PlanItem) Expiry() ovhrenew.Date {
	var first ovhrenew.Date
	for _, s := range i.Services {
		if !s.Along && !s.Ahead && (first.IsZero() || s.Expiry.Before(first)) {
			first = s.Expiry
		}
	}
	return first
}

// LeftWhy is the kind of reason for which a service is left out.
type LeftWhy string

// Why a service can be left out.
const (
	LeftNever        LeftWhy = "never"        // the policy says so
	LeftNotOnly      LeftWhy = "notOnly"      // the policy names others only
	LeftNoExpiry     LeftWhy = "noExpiry"     // it does not end
	LeftNotDue       LeftWhy = "notDue"       // it ends later
	LeftState        LeftWhy = "state"        // as for ErrState
	LeftRenewsItself LeftWhy = "renewsItself" // it is about to, or is doing so
	LeftAutomatic    LeftWhy = "automatic"    // it is not clear whether it renews by itself
	// LeftAutomaticFailed: its automatic renewal should have come long ago. Somebody has to
	// act, or it ends.
	LeftAutomaticFailed LeftWhy = "automaticFailed"
	LeftUnclear         LeftWhy = "unclear"       // it was given twice, and differently
	LeftUnread          LeftWhy = "offersNotRead" // nobody asked, or nobody answered
	LeftNoPeriod        LeftWhy = "noPeriod"      // what it is renewed for today is not known
	LeftNoOffer         LeftWhy = "noOffer"       // nothing is offered, or nothing that fits
	LeftStranded        LeftWhy = "stranded"      // offered only with what is renewed now, or not due
	LeftNoLimit         LeftWhy = "noLimit"       // as for ErrNoLimit: none in its currency
	LeftOverLimit       LeftWhy = "overLimit"     // over the limit of an order or a service
	LeftOverlap         LeftWhy = "overlap"       // what fits would renew another one twice
	LeftBudget          LeftWhy = "budget"        // over the total: others end sooner
)

// counted reports whether services are only counted that are left out for this.
func (w LeftWhy) counted() bool {
	return w == LeftNever || w == LeftNotOnly || w == LeftNoExpiry || w == LeftNotDue || w == LeftRenewsItself
}

// LeftOut is a service that is due and not renewed.
type LeftOut struct {
	ID     ovhrenew.ServiceID `json:"id"`
	Name   string             `json:"name"`
	Expiry ovhrenew.Date      `json:"expiry"` // null: none
	Why    LeftWhy            `json:"why"`
	Reason string             `json:"reason"`
}

// PlanGap is a group of services whose offers are so intertwined that the search for
// the best choice was given up, and how far from it the plan can be.
type PlanGap struct {
	Services []ovhrenew.ServiceID `json:"services"`
	Price    ovhrenew.Money       `json:"price"`   // what the plan pays before tax
	AtLeast  ovhrenew.Money       `json:"atLeast"` // what every choice costs that renews as many
	// MayCover is how many of its services that the plan leaves out might be renewed.
	MayCover int `json:"mayCover,omitempty"`
}

// Totals returns what the items may cost, tax included, by currency in the order of the
// policy. The error is [ovhrenew.ErrRange] if a sum is too large.
func (p Plan) Totals() ([]ovhrenew.Money, error) {
	var totals []ovhrenew.Money
	var err error
	for _, item := range p.Items {
		if totals, err = addTo(totals, item.Limit); err != nil {
			return nil, fmt.Errorf("total of the plan: %w", err)
		}
	}
	limits := p.Policy.limits()
	rank := func(m ovhrenew.Money) int32 { return limits[m.Currency()].rank }
	slices.SortFunc(totals, func(a, b ovhrenew.Money) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.Currency(), b.Currency()))
	})
	return totals, nil
}

// MakePlan plans the renewals that a policy wants on a day. Services are what [Gather] or
// [Survey] found, in any order. MakePlan is pure: it knows what it is given and nothing
// else, and changes none of it.
//
// It covers each service that needs renewing exactly once, with the offers that fit the
// policy, and renews nothing else twice. Of all ways to do so it takes those that renew the
// most services; of them those that leave the fewest others without an offer; of them those
// that cost the least before tax; of them those with the fewest orders. Of two that are
// left, it takes the one without the last offer in which they differ, in the order of
// [PlanItem.ServiceIDs]. Of offers of the same services for the same period it takes that
// which the policy prefers, or else the cheapest.
//
// A service that is not due, and is offered only together with one that is renewed now and
// not due again before it ends, would be left without an offer: it is covered too, or said to
// be stranded.
//
// Then the Total is spent on the items in their order, soonest end first. An item that no
// longer fits is left out, and those after it are still planned as far as they fit. An option
// is renewed by an offer of its own only if the service that it belongs to is renewed too, or
// need not be. Where the API does not tell whether an option renews by itself, its renewal is
// refused unless the policy lets what does be renewed.
//
// Without a TaxPercent only a plan of nothing can be made. The error is [ovhrenew.ErrBadInput] if the
// policy cannot be followed or a service has no id.
func MakePlan(services []Surveyed, policy Policy, today ovhrenew.Date) (*Plan, error) {
	const call = "MakePlan"
	rules, err := policy.ready(call, today)
	if err != nil {
		return nil, err
	}
	if rules.needTax(services) {
		if err := policy.checkTax(call); err != nil {
			return nil, err
		}
	}
	for i := range services {
		if id := services[i].ID; id <= 0 {
			return nil, checkID(call, fmt.Sprintf("services[%d].ID", i), id)
		}
	}
	p := &planner{rules: rules, plan: &Plan{Made: today, Policy: policy.clone(), NotDue: map[LeftWhy]int{}}}
	p.plan.Fingerprint = p.take(services)
	p.plan.Unused = policy.unused(services)
	p.classify()
	p.lookAhead()
	p.poolOffers()
	p.choose()
	p.spend()
	p.parents()
	p.explain()
	p.stranded()
	p.order()
	return p.plan, nil
}

// planner makes one plan. It numbers the services in the order of their ids.
type planner struct {
	rules  *policyRules
	plan   *Plan
	cases  []planCase
	last   *planCase // that was asked for
	number map[ovhrenew.ServiceID]int32
	offers []planOffer
	covers []planCover
}

// planCase is one service, and what is known about it so far.
type planCase struct {
	service *Surveyed
	about   []*ovhrenew.Offer // all that renew it
	// period is for wanted services, those that need renewing, and for partners.
	period ovhrenew.Period
	// ahead says that it is a partner; see lookAhead. Later is the period of one that may
	// be, fits are its offers, lost says that it may lose them.
	ahead, lost bool
	later       ovhrenew.Period
	fits        []*ovhrenew.Offer
	// why and reason are for all others, and for wanted ones that get left out.
	why     LeftWhy
	reason  string
	rank    int32 // of the best currency in which a wanted service is offered
	covered bool  // it is in an item
}

func (c *planCase) wanted() bool { return c.period != "" && !c.ahead }

func (p *planner) classify() {
	for i := range p.cases {
		c := &p.cases[i]
		if c.why == "" {
			c.period, c.why, c.reason = p.rules.wants(c.service)
		}
	}
	for i := range p.cases {
		p.classifyOption(&p.cases[i])
	}
}

// classifyOption wants an option renewed that has offers of its own, unless the service
// that it belongs to is not to be renewed.
func (p *planner) classifyOption(c *planCase) {
	s := c.service
	if c.why != LeftState || s.Parent == 0 {
		return
	}
	c.reason = strings.Replace(c.reason, words.Called("", s.Parent), p.called(s.Parent), 1)
	if len(s.Offers) == 0 || !p.rules.wantsOption(*s) {
		return
	}
	parent := p.caseOf(s.Parent)
	if !parent.wanted() && parent.why != LeftNotDue && parent.why != LeftRenewsItself {
		c.reason = fmt.Sprintf("it is an option of %s, which is not renewed", p.called(s.Parent))
		return
	}
	if period, err := p.rules.periodOf(s); err == nil {
		c.period, c.why, c.reason = period, "", ""
	}
}

func (p *planner) order() {
	for i := range p.cases {
		c := &p.cases[i]
		switch {
		case c.covered:
		case c.why.counted():
			p.plan.NotDue[c.why]++
		default:
			p.plan.LeftOut = append(p.plan.LeftOut, LeftOut{
				ID: c.service.ID, Name: c.service.Name, Expiry: c.service.Ends(), Why: c.why, Reason: c.reason,
			})
		}
	}
	slices.SortStableFunc(p.plan.LeftOut, byExpiry)
}

// byExpiry has what does not end last.
func byExpiry(a, b LeftOut) int {
	if a.Expiry.IsZero() != b.Expiry.IsZero() {
		a, b = b, a
	}
	return a.Expiry.Compare(b.Expiry)
}
