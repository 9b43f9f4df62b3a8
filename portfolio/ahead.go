package portfolio

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/ovhrenew/ovhrenew"
)

// A plan looks one period ahead. Renewing a service alone can leave another, which is
// offered only together with it, without an offer: when that one is due, the first needs
// no renewal. Such a partner is renewed along, or left out with [LeftStranded].

// lookAhead finds the partners: services that are not due, and of which every offer that
// fits also renews something that will need no renewal when the partner does, at least one
// of them because it is renewed now. What a partner is offered with may lose its own.
func (p *planner) lookAhead() {
	for found := true; found; {
		found = false
		for i := range p.cases {
			if c := &p.cases[i]; c.why == LeftNotDue && !c.lost && slices.ContainsFunc(c.about, p.renewsNow) {
				p.lose(c)
				found = found || c.ahead
			}
		}
	}
}

// renewsNow reports whether an offer is for something that is to be renewed.
func (p *planner) renewsNow(o *ovhrenew.Offer) bool {
	return slices.ContainsFunc(o.Strategy.Services, func(id ovhrenew.ServiceID) bool { return p.caseOf(id).period != "" })
}

// lose makes a partner of a service that loses its offers to what is to be renewed now.
func (p *planner) lose(c *planCase) {
	if c.later == "" {
		if p.rules.mayEver(c.service) != "" || p.rules.guards.State(c.service.Service, p.rules.today) != nil {
			return
		}
		period, err := p.rules.periodOf(c.service)
		if err != nil {
			return
		}
		c.later = period
		c.fits = slices.DeleteFunc(slices.Clone(c.about), func(o *ovhrenew.Offer) bool { return !p.fitsLater(c, o) })
	}
	open := false
	for _, o := range c.fits {
		now, later := p.blockers(c, o)
		c.lost = c.lost || len(now) > 0
		open = open || len(now)+len(later) == 0
	}
	if c.lost = c.lost && !open; c.lost && c.service.OffersRead {
		c.ahead, c.period = true, c.later
	}
}

// fitsLater reports whether an offer would fit a candidate if all that it renews needed it.
func (p *planner) fitsLater(c *planCase, o *ovhrenew.Offer) bool {
	return p.rules.orderable(o) && (c.later == PeriodAny || o.Period.Equal(c.later)) && !slices.ContainsFunc(o.Strategy.Services, func(id ovhrenew.ServiceID) bool {
		other := p.caseOf(id)
		if other.service == nil || other.wanted() {
			return !other.period.Equal(o.Period)
		}
		return other.why == LeftUnclear || p.rules.mayEver(other.service) != ""
	})
}

// blockers are what an offer renews that will not be due when the candidate ends, and may
// not come along: now, because it is to be renewed now, and later, because it ends later or
// is renewed for another period.
func (p *planner) blockers(c *planCase, o *ovhrenew.Offer) (now, later []ovhrenew.ServiceID) {
	for _, id := range o.Services() {
		other := p.caseOf(id)
		if other == c || p.rules.along.any(other.service) {
			continue
		}
		service := other.service.Service
		if other.period != "" {
			end, err := other.period.AddTo(service.Expiry)
			if service.Expiry = end; err != nil || p.rules.guards.Due(service, other.period, c.service.Expiry) != nil {
				now = append(now, id)
			}
			continue
		}
		period, err := p.rules.periodOf(other.service)
		if period == PeriodAny {
			period = o.Period
		}
		if err != nil || !period.Equal(o.Period) || p.rules.guards.Due(service, period, c.service.Expiry) != nil {
			later = append(later, id)
		}
	}
	return now, later
}

// stranded says which candidates the chosen offers leave without one.
func (p *planner) stranded() {
	for i := range p.cases {
		c := &p.cases[i]
		if c.covered || !c.lost {
			continue
		}
		var with, late []ovhrenew.ServiceID
		kept := slices.ContainsFunc(c.fits, func(o *ovhrenew.Offer) bool {
			now, later := p.blockers(c, o)
			now = slices.DeleteFunc(now, func(id ovhrenew.ServiceID) bool { return !p.caseOf(id).covered })
			with, late = append(with, now...), append(late, later...)
			return len(now)+len(later) == 0
		})
		if kept || len(with) == 0 {
			continue // nothing that is renewed now has changed what it is offered
		}
		c.reason = "it is offered "
		if c.service.OffersRead {
			c.why, c.reason = LeftStranded, "it is offered only "
		}
		c.reason += strings.Join(slices.Concat(p.together(with, ", renewed now without it"), p.together(late, ", not due before it ends")), ", or ")
		if !c.service.OffersRead {
			c.why = LeftUnread
			c.reason += "; whether it is offered otherwise was not read"
		} else if reasons, _, _ := p.reasons(c); reasons != "" {
			c.reason += ": " + reasons
		}
	}
}

func (p *planner) together(with []ovhrenew.ServiceID, what string) []string {
	if len(with) == 0 {
		return nil
	}
	slices.Sort(with)
	return []string{"together with " + p.called(slices.Compact(with)...) + what}
}

// withoutPartners are the best covers for what needs renewing in an item whose partners
// make it too dear.
func (p *planner) withoutPartners(of planCover) []planCover {
	all := p.offers[of.offer].members
	members := slices.DeleteFunc(slices.Clone(all), func(m int32) bool { return p.cases[m].ahead })
	if len(members) == len(all) {
		return nil
	}
	g := offerGroup{members: members}
	for i, o := range p.offers {
		if !slices.ContainsFunc(o.members, func(m int32) bool { return !slices.Contains(members, m) }) {
			g.offers = append(g.offers, int32(i))
		}
	}
	p.rank(&g)
	if len(g.offers) == 0 || g.wanted < len(members) {
		return nil
	}
	covers, _, _ := p.search(g)
	for i := range covers {
		covers[i].item.Reason += ", without what was to come along for later"
	}
	return covers
}

// readPartners reads the offers of services that a plan has to know although they are not
// due: those that are offered together with one that is renewed. It fills in services, and
// returns those that could not be read. Another error ends it.
func readPartners(ctx context.Context, r Reader, services []Surveyed, rules *policyRules) ([]*ServiceError, error) {
	var failed []*ServiceError
	asked := map[ovhrenew.ServiceID]bool{}
	for more := true; more; {
		more = false
		p := &planner{rules: rules, plan: &Plan{}}
		p.take(services)
		p.classify()
		p.lookAhead()
		for i := range services {
			s := &services[i]
			if c := p.caseOf(s.ID); s.OffersRead || !c.lost || asked[s.ID] {
				continue
			}
			more, asked[s.ID] = true, true
			err := readOffers(ctx, r, s)
			if one, ok := errors.AsType[*ServiceError](err); ok {
				failed = append(failed, one)
			} else if err != nil {
				return failed, err
			}
		}
	}
	return failed, nil
}

// Gather surveys the account for a plan: all of its services, with the offers of those
// that the policy wants renewed on a day, and of those that might lose their last offer by
// that. What could not be read is returned as well; a plan leaves it out. Another error
// means that the account was not read to its end.
//
// API: GET /services, expanded, GET /service/{serviceId}/renew
func Gather(ctx context.Context, r Reader, policy Policy, today ovhrenew.Date) ([]Surveyed, []*ServiceError, error) {
	rules, err := policy.ready("Gather", today)
	if err != nil {
		return nil, nil, err
	}
	var services []Surveyed
	var unread []*ServiceError
	for service, err := range Survey(ctx, r, Query{Offers: rules.asks}) {
		one, single := errors.AsType[*ServiceError](err)
		if err != nil && !single {
			return nil, unread, err
		}
		if single {
			unread = append(unread, one)
		}
		if err == nil || !service.Expiry.IsZero() { // or nothing is known of it
			services = append(services, service)
		}
	}
	more, err := readPartners(ctx, r, services, rules)
	return services, append(unread, more...), err
}
