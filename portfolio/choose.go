package portfolio

import (
	"fmt"
	"math"
	"slices"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/internal/cover"
)

// planCover is an offer that was chosen.
type planCover struct {
	offer  int32
	expiry ovhrenew.Date // the first of its wanted services'
	reason string
}

// offerGroup is a set of services that offers link with each other, and with no other
// service: the choice among its offers can be made by itself.
type offerGroup struct {
	offers []int32
	// members are numbers of services, the wanted ones first. Their place here is their
	// element in the search.
	members []int32
	wanted  int
	ahead   int // how many partners come after the wanted ones
}

// choose chooses offers, group by group.
func (p *planner) choose() {
	for _, g := range p.groups() {
		chosen, best, bound := p.search(g)
		if best.Left != bound.Left || best.Price != bound.Price {
			p.plan.Gaps = append(p.plan.Gaps, p.gap(g, best, bound))
			for i := range chosen {
				chosen[i].reason += ", as far as could be searched"
			}
		}
		p.covers = append(p.covers, chosen...)
	}
}

// search finds the best choice among the offers of a group. Leaving a service that needs
// renewing weighs more than leaving all partners.
func (p *planner) search(g offerGroup) ([]planCover, cover.Cost, cover.Cost) {
	weights := make([]int, g.wanted+g.ahead)
	for i := range weights {
		if weights[i] = 1; i < g.wanted {
			weights[i] += g.ahead
		}
	}
	best, bound := cover.NewSearch(p.sets(g), weights, len(g.members)).Run(cover.MaxSearch)
	all := p.waysFor(g)
	chosen := make([]planCover, 0, len(best.Sets))
	for _, set := range best.Sets {
		offer := g.offers[set]
		chosen = append(chosen, planCover{offer: offer, expiry: p.firstExpiry(offer), reason: p.reason(g, all, offer)})
	}
	return chosen, best.Cost, bound
}

func (p *planner) firstExpiry(offer int32) ovhrenew.Date {
	var first ovhrenew.Date
	for _, member := range p.offers[offer].members {
		if c := &p.cases[member]; c.wanted() && (first.IsZero() || c.service.Expiry.Before(first)) {
			first = c.service.Expiry
		}
	}
	return first
}

// groups finds the groups, in the order of their lowest service.
func (p *planner) groups() []offerGroup {
	root := make([]int32, len(p.cases))
	for i := range root {
		root[i] = int32(i)
	}
	find := func(i int32) int32 {
		for root[i] != i {
			root[i] = root[root[i]]
			i = root[i]
		}
		return i
	}
	for _, o := range p.offers {
		for _, member := range o.members[1:] {
			a, b := find(o.members[0]), find(member)
			root[max(a, b)] = min(a, b)
		}
	}
	place := make([]int32, len(p.cases)) // in groups, from 1
	var groups []offerGroup
	for i, o := range p.offers {
		at := find(o.members[0])
		if place[at] == 0 {
			groups = append(groups, offerGroup{})
			place[at] = int32(len(groups))
		}
		g := &groups[place[at]-1]
		g.offers = append(g.offers, int32(i))
	}
	for i := range groups {
		p.arrange(&groups[i])
	}
	return groups
}

// arrange orders the members of a group so that services of common offers are close
// to each other: the search decides them in this order, and what it has to remember
// is what it has decided ahead of it.
func (p *planner) arrange(g *offerGroup) {
	first := p.offers[g.offers[0]]
	if len(g.offers) == 1 || len(first.members) == 1 && !slices.ContainsFunc(g.offers, func(o int32) bool { return len(p.offers[o].members) > 1 }) {
		g.members = slices.Clone(first.members)
	} else {
		of := map[int32][]int32{}
		for _, o := range g.offers {
			for _, member := range p.offers[o].members {
				of[member] = append(of[member], o)
			}
		}
		seen := map[int32]bool{first.members[0]: true}
		g.members = append(g.members, first.members[0])
		for next := 0; next < len(g.members); next++ {
			for _, o := range of[g.members[next]] {
				for _, member := range p.offers[o].members {
					if !seen[member] {
						seen[member] = true
						g.members = append(g.members, member)
					}
				}
			}
		}
	}
	rank := func(member int32) int {
		switch c := &p.cases[member]; {
		case c.wanted():
			return 0
		case c.ahead:
			return 1
		}
		return 2
	}
	slices.SortStableFunc(g.members, func(a, b int32) int { return rank(a) - rank(b) })
	for _, member := range g.members {
		switch rank(member) {
		case 0:
			g.wanted++
		case 1:
			g.ahead++
		}
	}
}

// sets are the offers of a group in the terms of the search.
func (p *planner) sets(g offerGroup) []cover.Set {
	sets := make([]cover.Set, 0, len(g.offers))
	for _, o := range g.offers {
		offer := p.offers[o]
		set := cover.Set{Price: offer.ucents, Elements: make([]int, 0, len(offer.members))}
		for _, member := range offer.members {
			set.Elements = append(set.Elements, slices.Index(g.members, member))
		}
		slices.Sort(set.Elements)
		sets = append(sets, set)
	}
	return sets
}

func (p *planner) gap(g offerGroup, best, bound cover.Cost) PlanGap {
	currency := p.offers[g.offers[0]].Price().Currency()
	gap := PlanGap{Price: ovhrenew.NewMoney(best.Price, currency), AtLeast: ovhrenew.NewMoney(bound.Price, currency), MayCover: best.Left/(g.ahead+1) - bound.Left/(g.ahead+1)}
	for _, member := range g.members[:g.wanted] {
		gap.Services = append(gap.Services, p.cases[member].service.ID)
	}
	slices.Sort(gap.Services)
	return gap
}

// waysOut is what is offered for a service within its group.
type waysOut struct {
	offers int
	alone  int64 // the price by itself; math.MaxInt64: not offered
}

func (p *planner) waysFor(g offerGroup) map[int32]waysOut {
	if len(g.offers) == 1 {
		return nil
	}
	all := make(map[int32]waysOut, len(g.members))
	for _, o := range g.offers {
		offer := p.offers[o]
		for _, member := range offer.members {
			so, known := all[member]
			if !known {
				so.alone = math.MaxInt64
			}
			if so.offers++; len(offer.members) == 1 {
				so.alone = offer.ucents
			}
			all[member] = so
		}
	}
	return all
}

// reason says why an offer was chosen.
func (p *planner) reason(g offerGroup, all map[int32]waysOut, chosen int32) string {
	offer := p.offers[chosen]
	for _, member := range offer.members {
		if c := &p.cases[member]; c.ahead {
			return fmt.Sprintf("without it %d would be left without an offer", c.service.ID)
		}
	}
	if len(g.offers) == 1 {
		return "the only offer that fits"
	}
	var apart int64
	for _, member := range offer.members {
		c := &p.cases[member]
		if !c.wanted() {
			continue
		}
		if all[member].offers == 1 {
			return fmt.Sprintf("the only offer that fits for %d", c.service.ID)
		}
		apart = cover.AddPrices(apart, all[member].alone)
	}
	switch {
	case len(offer.members) == 1 || apart == math.MaxInt64:
	case apart == offer.ucents:
		return "costs as much as apart, in one order"
	case apart > offer.ucents:
		return fmt.Sprintf("costs %s less before tax than apart", ovhrenew.NewMoney(apart-offer.ucents, offer.Price().Currency()))
	}
	return fmt.Sprintf("part of the cheapest choice among %d linked offers", len(g.offers))
}
