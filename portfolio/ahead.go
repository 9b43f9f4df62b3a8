package portfolio

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/ovhrenew/ovhrenew"
)

// A plan looks one period ahead. Renewing a service alone can leave another, which is
// offered only together with it, without an offer: when that one is due, the first needs
// no renewal. Such a partner is renewed along, or left out with [LeftStranded].

// lookAhead finds the partners: services that are not due, and of which every offer that
// fits also renews something that is to be renewed now and is not due again before the
// partner ends.
func (p *planner) lookAhead() {
	p.findCandidates()
	for i := range p.cases {
		for j := range p.cases[i].service.Offers {
			p.weighAhead(&p.cases[i].service.Offers[j])
		}
	}
	for i := range p.cases {
		c := &p.cases[i]
		blocked := func(o *ovhrenew.Offer) bool { return len(p.blockers(c, o)) > 0 }
		if c.lost = len(c.fits) > 0 && !slices.ContainsFunc(c.fits, func(o *ovhrenew.Offer) bool { return !blocked(o) }); c.lost && c.service.OffersRead {
			c.ahead, c.period = true, c.later
		}
	}
}

// findCandidates marks the services that are not due and are offered together with one
// that is.
func (p *planner) findCandidates() {
	for i := range p.cases {
		if !p.cases[i].wanted() {
			continue
		}
		for j := range p.cases[i].service.Offers {
			for _, id := range p.cases[i].service.Offers[j].Strategy.Services {
				c := p.caseOf(id)
				if c.why != LeftNotDue || c.later != "" || p.rules.mayEver(c.service) != "" || p.rules.guards.State(c.service.Service, p.rules.today) != nil {
					continue
				}
				if period, err := p.rules.periodOf(c.service); err == nil {
					c.later = period
				}
			}
		}
	}
}

// weighAhead notes an offer with the candidates that it would fit.
func (p *planner) weighAhead(o *ovhrenew.Offer) {
	for _, id := range o.Strategy.Services {
		if c := p.caseOf(id); c.later != "" && p.fitsLater(c, o) {
			c.fits = append(c.fits, o)
		}
	}
}

// fitsLater reports whether an offer would fit a candidate if all that it renews needed it.
func (p *planner) fitsLater(c *planCase, o *ovhrenew.Offer) bool {
	if sound(*o) != nil || !isPrice(o.Price()) || p.rules.refusal(o) != nil || !o.Period.Equal(c.later) {
		return false
	}
	if _, given := p.rules.limits[o.Price().Currency()]; !given {
		return false
	}
	return !slices.ContainsFunc(o.Strategy.Services, func(id ovhrenew.ServiceID) bool {
		number, known := p.number[id]
		if !known {
			return true
		}
		other := &p.cases[number]
		if other.wanted() {
			return !other.period.Equal(o.Period)
		}
		return other.why == LeftUnclear || p.rules.mayEver(other.service) != ""
	})
}

// blockers are what an offer renews that is to be renewed now, and is not due again, and
// may not come along, when the candidate ends.
func (p *planner) blockers(c *planCase, o *ovhrenew.Offer) []ovhrenew.ServiceID {
	var found []ovhrenew.ServiceID
	for _, id := range o.Services() {
		other := p.caseOf(id)
		if !other.wanted() || p.rules.along.any(other.service) {
			continue
		}
		renewed := other.service.Service
		end, err := other.period.AddTo(renewed.Expiry)
		if renewed.Expiry = end; err != nil || p.rules.guards.Due(renewed, other.period, c.service.Expiry) != nil {
			found = append(found, id)
		}
	}
	return found
}

// stranded says which candidates the chosen offers leave without one.
func (p *planner) stranded() {
	for i := range p.cases {
		c := &p.cases[i]
		if c.covered || !c.lost {
			continue
		}
		var with []ovhrenew.ServiceID
		kept := slices.ContainsFunc(c.fits, func(o *ovhrenew.Offer) bool {
			blockers := slices.DeleteFunc(p.blockers(c, o), func(id ovhrenew.ServiceID) bool { return !p.caseOf(id).covered })
			with = append(with, blockers...)
			return len(blockers) == 0
		})
		slices.Sort(with)
		with = slices.Compact(with)
		switch {
		case kept: // it can still be renewed together with what is not renewed now
		case !c.service.OffersRead:
			c.why = LeftUnread
			c.reason = fmt.Sprintf("it is offered together with %s, renewed now without it; whether it is offered otherwise was not read", idList(with))
		default:
			c.why = LeftStranded
			c.reason = fmt.Sprintf("it is offered only together with %s, renewed now without it", idList(with))
			if reasons, _, _ := p.reasons(c); len(reasons) > 0 {
				c.reason += ": " + joinReasons(reasons)
			}
		}
	}
}

// withoutPartners are the best covers for what needs renewing in an item whose partners
// make it too dear.
func (p *planner) withoutPartners(of planCover) []planCover {
	members := slices.Clone(p.offers[of.offer].members)
	all := len(members)
	members = slices.DeleteFunc(members, func(m int32) bool { return p.cases[m].ahead })
	if len(members) == all {
		return nil
	}
	g := offerGroup{members: members}
	for i, o := range p.offers {
		if !slices.ContainsFunc(o.members, func(m int32) bool { return !slices.Contains(members, m) }) {
			g.offers = append(g.offers, int32(i))
		}
	}
	for g.wanted < len(members) && p.cases[members[g.wanted]].wanted() {
		g.wanted++
	}
	if len(g.offers) == 0 || g.wanted < len(members) {
		return nil
	}
	covers, _, _ := p.search(g)
	for i := range covers {
		covers[i].reason += ", without what was to come along for later"
	}
	return covers
}

// ReadPartners reads the offers of services that a plan has to know although they are not
// due: those that are offered together with one that is. It fills in services, which are
// what [Survey] found, and returns those that could not be read. Another error ends it.
//
// API: GET /service/{serviceId}/renew
func ReadPartners(ctx context.Context, r Reader, services []Surveyed, policy Policy, today ovhrenew.Date) ([]*ServiceError, error) {
	rules, err := policy.ready("ReadPartners", today)
	if err != nil {
		return nil, err
	}
	p := &planner{rules: rules, plan: &Plan{}}
	p.take(services)
	p.classify()
	p.lookAhead()
	var failed []*ServiceError
	for i := range services {
		s := &services[i]
		if c := p.caseOf(s.ID); s.OffersRead || !c.lost {
			continue
		}
		descriptions, err := r.Renewals(ctx, s.ID, false)
		switch {
		case err == nil:
			s.OffersRead, s.Offers = true, ovhrenew.Offers(s.ID, descriptions)
		case ctx.Err() != nil, errors.Is(err, ovhrenew.ErrUnsupported), errors.Is(err, ovhrenew.ErrCredential):
			return failed, err
		default:
			failed = append(failed, &ServiceError{Service: s.ID, Name: s.Name, Err: err})
		}
	}
	return failed, nil
}

// Gather surveys the account for a plan: all of its services, with the offers of those
// that the policy wants renewed on a day and of their partners ([ReadPartners]). What
// could not be read is returned as well; a plan leaves it out. Another error means that
// the account was not read to its end.
//
// API: GET /services, expanded, GET /service/{serviceId}/renew
func Gather(ctx context.Context, r Reader, policy Policy, today ovhrenew.Date) ([]Surveyed, []*ServiceError, error) {
	wants, err := policy.Wants(today)
	if err != nil {
		return nil, nil, err
	}
	var services []Surveyed
	var unread []*ServiceError
	for service, err := range Survey(ctx, r, Query{Offers: wants}) {
		one, single := errors.AsType[*ServiceError](err)
		switch {
		case single:
			unread = append(unread, one)
			if service.Expiry.IsZero() {
				continue // nothing is known of it
			}
		case err != nil:
			return nil, unread, err
		}
		services = append(services, service)
	}
	more, err := ReadPartners(ctx, r, services, policy, today)
	return services, append(unread, more...), err
}
