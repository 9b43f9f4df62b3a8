package portfolio

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/internal/words"
)

const maxReasons = 5

func (p *planner) explain() {
	for i := range p.cases {
		c := &p.cases[i]
		if !c.wanted() || c.covered || c.why != "" {
			continue
		}
		reasons, furthest, overlap := p.reasons(c)
		switch {
		case overlap:
			c.why, c.reason = LeftOverlap, "each offer that fits renews something that would be renewed twice then"
		case reasons != "":
			c.why, c.reason = furthest.why(), "no offer fits: "+reasons
		case !c.service.OffersRead:
			c.why, c.reason = LeftUnread, "its offers were not read"
		default:
			c.why, c.reason = LeftNoOffer, "nothing is offered"
		}
	}
}

// reasons say why no offer for a service was taken. Overlap says that one fits.
func (p *planner) reasons(c *planCase) (text string, furthest refusalStage, overlap bool) {
	var reasons []string
	var early []*ovhrenew.Offer
	for _, o := range c.about {
		offer, no := p.judge(o)
		if no.stage == accepted {
			if other := p.dearer(offer); len(p.rules.limits) > 1 && other >= 0 {
				no = refused{stage: refusedCurrency, member: p.cases[offer.members[other]].service.ID}
			} else {
				overlap = true
				continue
			}
		}
		if no.stage == refusedEarly {
			early = append(early, o)
		}
		furthest = max(furthest, no.stage)
		text := fmt.Sprintf("%s: %s", p.named(o), p.words(o, no))
		if !slices.Contains(reasons, text) {
			reasons = append(reasons, text)
		}
	}
	slices.Sort(reasons)
	if more := len(reasons) - maxReasons; more > 0 {
		reasons = append(reasons[:maxReasons:maxReasons], fmt.Sprintf("and %d more", more))
	}
	return strings.Join(reasons, "; ") + p.remedy(early), furthest, overlap
}

func (p *planner) words(o *ovhrenew.Offer, no refused) string {
	member := p.caseOf(no.member)
	called := func() string { return words.Called(p.named(o).Name(no.member), no.member) }
	switch no.stage {
	case refusedUnsound:
		if err := sound(o); err != nil {
			return err.Error()
		}
		return fmt.Sprintf("is offered under %s, which it does not renew", p.called(o.Service))
	case refusedPrice:
		return "is no price"
	case refusedNobody:
		return "is for none of what needs renewing"
	case refusedPeriod:
		return fmt.Sprintf("is for %s, not %s", o.Period, member.period)
	case refusedUnknown:
		return fmt.Sprintf("also renews %s, of which nothing is known", called())
	case refusedAlong:
		if member.why == LeftUnclear {
			return fmt.Sprintf("also renews %s: it is not clear what it is", called())
		}
		return fmt.Sprintf("also renews %s: %s", called(), p.rules.mayEver(member.service))
	case refusedEarly:
		var ends []string
		for _, id := range p.early(o) {
			ends = append(ends, fmt.Sprintf("%s, which ends on %s", p.called(id), p.caseOf(id).service.Expiry))
		}
		return "also renews " + strings.Join(ends, ", and ")
	case refusedCalendar:
		if end, err := o.Period.AddTo(member.service.Expiry); err == nil {
			return fmt.Sprintf("would renew %s until %s, which is past", called(), end)
		}
		return "ends after the year 9999"
	case refusedRule:
		return fmt.Sprintf("it %v", p.rules.refusal(p.named(o)))
	case refusedNoLimit:
		return fmt.Sprintf("%v in %s", ovhrenew.ErrNoLimit, o.Price().Currency())
	case refusedOverLimit:
		return p.over(o)
	}
	return called() + " is offered in a currency that stands before it" // refusedCurrency
}

// named is an offer with the names that are known.
func (p *planner) named(o *ovhrenew.Offer) *ovhrenew.Offer {
	one := *o
	one.Strategy.Services, one.Strategy.ServicesDetails = o.Services(), nil
	for _, id := range one.Strategy.Services {
		if c := p.caseOf(id); c.service != nil {
			one.Strategy.ServicesDetails = append(one.Strategy.ServicesDetails, ovhrenew.RenewService{ServiceID: id, ServiceName: c.service.Name})
		}
	}
	one.Strategy.ServicesDetails = append(one.Strategy.ServicesDetails, o.Strategy.ServicesDetails...)
	return &one
}

// called are services as a person is told them.
func (p *planner) called(ids ...ovhrenew.ServiceID) string {
	return words.CalledAll(p.named(&ovhrenew.Offer{Strategy: ovhrenew.RenewStrategy{Services: ids}}).Name, ids)
}

// early are the services that are not due and stand in an offer's way.
func (p *planner) early(o *ovhrenew.Offer) []ovhrenew.ServiceID {
	return slices.DeleteFunc(o.Services(), func(id ovhrenew.ServiceID) bool {
		c := p.caseOf(id)
		return c.period != "" || p.rules.along.any(c.service)
	})
}

// remedy says how the cheapest offer could be taken of those that also renew what is not
// due, and what it would cost.
func (p *planner) remedy(offers []*ovhrenew.Offer) string {
	if len(offers) == 0 {
		return ""
	}
	best := slices.MinFunc(offers, func(a, b *ovhrenew.Offer) int {
		return cmp.Or(cmp.Compare(p.bound(a), p.bound(b)), cmp.Compare(a.Price().Ucents(), b.Price().Ucents()))
	})
	text := fmt.Sprintf("; to renew it with what is not due, name %s in the policy's along", p.called(p.early(best)...))
	if stage := p.bound(best); stage != accepted {
		return text + ", but " + p.words(best, refused{stage: stage})
	}
	withTax, _ := p.rules.withTax(best.Price()) // bound has tried it
	return fmt.Sprintf("%s: %s with tax", text, withTax)
}
