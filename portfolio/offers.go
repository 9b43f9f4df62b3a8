package portfolio

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/ovhrenew/ovhrenew"
)

// planOffer is an offer that fits the policy. The same offer under several services
// is one.
type planOffer struct {
	*ovhrenew.Offer
	members []int32 // numbers of services, ascending
	ucents  int64   // the price
	rank    int32   // of its currency in Policy.Total
	// needless is 1 if the service under which it is offered needs no renewal: an
	// order is best placed under one that does.
	needless int32
}

// refused says why an offer does not fit, without words: most offers are for another
// period, and nobody will ask why.
type refused struct {
	stage  refusalStage // how far the offer came
	member ovhrenew.ServiceID
}

type refusalStage int

// In the order in which an offer passes them: the furthest says best what it lacks.
const (
	accepted refusalStage = iota
	refusedUnsound
	refusedPrice
	refusedNobody
	refusedPeriod
	refusedRule
	refusedUnknown
	refusedAlong
	refusedEarly
	refusedCalendar
	refusedNoLimit
	refusedOverLimit
	refusedCurrency
)

// why is what a service is left out for when its offers came no further.
func (s refusalStage) why() LeftWhy {
	return cmp.Or(map[refusalStage]LeftWhy{refusedEarly: LeftStranded, refusedNoLimit: LeftNoLimit, refusedOverLimit: LeftOverLimit}[s], LeftNoOffer)
}

// take numbers the services and returns the fingerprint of all that was given.
func (p *planner) take(services []Surveyed) string {
	p.cases = make([]planCase, 0, len(services))
	for i := range services {
		p.cases = append(p.cases, planCase{service: &services[i], about: make([]*ovhrenew.Offer, 0, len(services[i].Offers))})
	}
	digest := newDigest(p.rules.Policy)
	slices.SortFunc(p.cases, func(a, b planCase) int { return cmp.Compare(a.service.ID, b.service.ID) })
	p.number = make(map[ovhrenew.ServiceID]int32, len(services))
	unique := p.cases[:0]
	for i := 0; i < len(p.cases); {
		same := i + 1
		for same < len(p.cases) && p.cases[same].service.ID == p.cases[i].service.ID {
			same++
		}
		one := p.cases[i]
		if same-i > 1 {
			one = agree(p.cases[i:same])
		}
		digest.add(digest.facts(one.service))
		digest.add([]byte(one.why))
		p.number[one.service.ID] = int32(len(unique))
		unique = append(unique, one)
		i = same
	}
	p.cases = unique
	for i := range p.cases {
		offers := p.cases[i].service.Offers
		for j := range offers {
			for _, id := range offers[j].Strategy.Services {
				if c := p.caseOf(id); c.service != nil && (len(c.about) == 0 || c.about[len(c.about)-1] != &offers[j]) {
					c.about = append(c.about, &offers[j])
				}
			}
		}
	}
	return digest.sum()
}

// agree makes one case of a service that was given more than once, as happens when
// the account changes between two pages of a survey.
func agree(cases []planCase) planCase {
	facts := func(c planCase) []byte { return slices.Clone((&digest{}).facts(c.service)) }
	one := slices.MinFunc(cases, func(a, b planCase) int { return bytes.Compare(facts(a), facts(b)) })
	for _, c := range cases {
		if !bytes.Equal(facts(c), facts(one)) {
			one.why, one.reason = LeftUnclear, "it was given more than once, with different facts: survey again"
		}
	}
	return one
}

func (p *planner) poolOffers() {
	p.offers = make([]planOffer, 0, len(p.cases))
	for i := range p.cases {
		c := &p.cases[i]
		for j := range c.service.Offers {
			if offer, no := p.judge(&c.service.Offers[j]); no.stage == accepted {
				p.offers = append(p.offers, offer)
			}
		}
	}
	// In the order of the services, so that the same offers are neighbours, the
	// cheapest first. Services have one period each, so theirs is the same length.
	slices.SortFunc(p.offers, func(a, b planOffer) int {
		if order := slices.Compare(a.members, b.members); order != 0 {
			return order
		}
		preferred := 0
		if p.rules.Prefer != nil {
			preferred = p.rules.Prefer(*a.Offer, *b.Offer)
		}
		return cmp.Or(
			cmp.Compare(a.rank, b.rank),
			preferred,
			cmp.Compare(a.ucents, b.ucents),
			cmp.Compare(a.needless, b.needless),
			cmp.Compare(a.Service, b.Service),
			cmp.Compare(a.Period, b.Period),
		)
	})
	p.settleCurrencies()
	p.offers = slices.CompactFunc(p.offers, func(a, b planOffer) bool { return slices.Equal(a.members, b.members) })
}

// settleCurrencies keeps the offers in the best currency of every service that they
// renew, so that no two currencies are ever weighed against each other.
func (p *planner) settleCurrencies() {
	if len(p.rules.limits) < 2 {
		return
	}
	for i := range p.cases {
		p.cases[i].rank = int32(len(p.rules.limits))
	}
	for _, offer := range p.offers {
		for _, member := range offer.members {
			p.cases[member].rank = min(p.cases[member].rank, offer.rank)
		}
	}
	p.offers = slices.DeleteFunc(p.offers, func(o planOffer) bool { return p.dearer(o) >= 0 })
}

// dearer is the place of a service of the offer that is offered in a better currency, -1
// if there is none.
func (p *planner) dearer(o planOffer) int {
	return slices.IndexFunc(o.members, func(member int32) bool { return p.cases[member].rank < o.rank })
}

func (p *planner) judge(o *ovhrenew.Offer) (planOffer, refused) {
	switch {
	case sound(o) != nil || !o.Covers(o.Service):
		return planOffer{}, refused{stage: refusedUnsound}
	case !isPrice(o.Price()):
		return planOffer{}, refused{stage: refusedPrice}
	case !slices.ContainsFunc(o.Strategy.Services, func(id ovhrenew.ServiceID) bool { return p.caseOf(id).wanted() }):
		return planOffer{}, refused{stage: refusedNobody}
	}
	no := refused{}
	for _, id := range o.Strategy.Services {
		if stage := p.admit(id, o.Period); stage != accepted && (no.stage == accepted || stage < no.stage || stage == no.stage && id < no.member) {
			no = refused{stage: stage, member: id}
		}
	}
	if no.stage == accepted {
		no.stage = p.bound(o)
	}
	if no.stage != accepted {
		return planOffer{}, no
	}
	offer := planOffer{Offer: o, ucents: o.Price().Ucents(), rank: p.rules.limits[o.Price().Currency()].rank}
	offer.members = mapped(o.Strategy.Services, func(id ovhrenew.ServiceID) int32 { return p.number[id] })
	slices.Sort(offer.members)
	if !p.caseOf(o.Service).wanted() {
		offer.needless = 1
	}
	return offer, refused{}
}

func isPrice(m ovhrenew.Money) bool {
	return !m.IsZero() && wellFormed(m.Currency()) && m.Sign() >= 0
}

func wellFormed(c ovhrenew.Currency) bool {
	return c == ovhrenew.Points || c == "N/A" || len(c) == 3 && c[0]-'A' < 26 && c[1]-'A' < 26 && c[2]-'A' < 26
}

// sound refuses offers that could not be ordered or verified.
func sound(o *ovhrenew.Offer) error {
	switch {
	case !o.Period.Known():
		return fmt.Errorf("has a period, %q, whose length is not known", o.Period)
	case len(o.Strategy.Services) > 1 && len(o.Services()) != len(o.Strategy.Services):
		return errors.New("names a service twice")
	case o.Price().Currency() == "" && o.Price().Ucents() != 0:
		return errors.New("has a price without a currency, which no limit bounds")
	case o.Price().Currency() == "":
		return errors.New("has no price")
	case o.Service <= 0, len(o.Strategy.Services) == 0, slices.Min(o.Strategy.Services) <= 0:
		return errors.New("names no service, or one by no id")
	}
	return nil
}

func (p *planner) admit(id ovhrenew.ServiceID, period ovhrenew.Period) refusalStage {
	c := p.caseOf(id)
	switch {
	case c.service == nil:
		return refusedUnknown
	case c.period != "" && period != c.period && !period.Equal(c.period):
		return refusedPeriod
	case c.period == "" && (c.why == LeftUnclear || p.rules.mayEver(c.service) != ""):
		return refusedAlong
	case c.period == "" && !p.rules.along.any(c.service):
		return refusedEarly
	}
	if end, err := period.AddTo(c.service.Expiry); err != nil || !end.After(p.rules.today) {
		return refusedCalendar
	}
	return accepted
}

func (p *planner) bound(o *ovhrenew.Offer) refusalStage {
	_, given := p.rules.limits[o.Price().Currency()]
	switch {
	case p.rules.refusal(o) != nil:
		return refusedRule
	case !given:
		return refusedNoLimit
	case p.over(o) != "":
		return refusedOverLimit
	}
	return accepted
}

func (p *planner) over(o *ovhrenew.Offer) string {
	needed := count(o.Strategy.Services, func(id ovhrenew.ServiceID) bool { return p.caseOf(id).period != "" })
	return p.rules.over(p.rules.limits[o.Price().Currency()], o.Price(), max(needed, 1))
}

func (p *planner) caseOf(id ovhrenew.ServiceID) *planCase {
	if p.last != nil && p.last.service.ID == id { // most offers are for one
		return p.last
	}
	if number, known := p.number[id]; known {
		p.last = &p.cases[number]
		return p.last
	}
	return &planCase{}
}
