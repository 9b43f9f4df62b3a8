package portfolio

import (
	"fmt"
	"math"
	"slices"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/internal/cover"
)

type planCover struct {
	offer  int32
	item   *PlanItem
	expiry ovhrenew.Date
}

// offerGroup is a set of services that offers link with each other, and with no other
// service: the choice among its offers can be made by itself. Members are numbers of
// services, the wanted ones first and then the partners; their place is their element in
// the search.
type offerGroup struct {
	offers, members []int32
	wanted, ahead   int
}

func (p *planner) choose() {
	for _, g := range p.groups() {
		chosen, best, bound := p.search(g)
		if best.Left != bound.Left || best.Price != bound.Price {
			p.plan.Gaps = append(p.plan.Gaps, p.gap(g, best, bound))
			for i := range chosen {
				chosen[i].item.Reason += ", as far as could be searched"
			}
		}
		p.covers = append(p.covers, chosen...)
	}
}

// search finds the best choice among the offers of a group. Leaving a service that needs
// renewing weighs more than leaving all partners.
func (p *planner) search(g offerGroup) ([]planCover, cover.Cost, cover.Cost) {
	best, bound := cover.Choice{Sets: []int{0}}, cover.Cost{} // a single offer is for something that needs renewing
	if len(g.offers) > 1 {
		weights := slices.Concat(slices.Repeat([]int{1 + g.ahead}, g.wanted), slices.Repeat([]int{1}, g.ahead))
		best, bound = cover.NewSearch(p.sets(g), weights, len(g.members)).Run(cover.MaxSearch)
	}
	chosen := mapped(best.Sets, func(set int) planCover {
		offer := g.offers[set]
		item := p.item(p.offers[offer], p.reason(g, offer))
		return planCover{offer, item, item.Expiry()}
	})
	return chosen, best.Cost, bound
}

// groups finds the groups, in the order of their lowest service, and orders the members of
// each so that services of common offers are close to each other: the search decides them in
// this order, and what it has to remember is what it has decided ahead of it.
func (p *planner) groups() []offerGroup {
	of := make([][]int32, len(p.cases)) // what is offered for each service
	for i, o := range p.offers {
		for _, member := range o.members {
			of[member] = append(of[member], int32(i))
		}
	}
	var groups []offerGroup
	seen, taken := make([]bool, len(p.cases)), make([]bool, len(p.offers))
	for i, o := range p.offers {
		if taken[i] {
			continue
		}
		g := offerGroup{members: []int32{o.members[0]}}
		seen[o.members[0]] = true
		for next := 0; next < len(g.members); next++ {
			for _, other := range of[g.members[next]] {
				if taken[other] {
					continue
				}
				taken[other] = true
				g.offers = append(g.offers, other)
				for _, member := range p.offers[other].members {
					if !seen[member] {
						seen[member] = true
						g.members = append(g.members, member)
					}
				}
			}
		}
		slices.Sort(g.offers)
		p.rank(&g)
		groups = append(groups, g)
	}
	return groups
}

// rank puts the wanted members of a group first, and then the partners.
func (p *planner) rank(g *offerGroup) {
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
	count := [3]int{}
	for _, member := range g.members {
		count[rank(member)]++
	}
	g.wanted, g.ahead = count[0], count[1]
}

func (p *planner) sets(g offerGroup) []cover.Set {
	return mapped(g.offers, func(o int32) cover.Set {
		offer := p.offers[o]
		elements := mapped(offer.members, func(member int32) int { return slices.Index(g.members, member) })
		slices.Sort(elements)
		return cover.Set{Price: offer.ucents, Elements: elements}
	})
}

func (p *planner) gap(g offerGroup, best, bound cover.Cost) PlanGap {
	money := func(price int64) ovhrenew.Money {
		return ovhrenew.NewMoney(price, p.offers[g.offers[0]].Price().Currency())
	}
	gap := PlanGap{Price: money(best.Price), AtLeast: money(bound.Price), MayCover: best.Left/(g.ahead+1) - bound.Left/(g.ahead+1)}
	gap.Services = mapped(g.members[:g.wanted], func(member int32) ovhrenew.ServiceID { return p.cases[member].service.ID })
	slices.Sort(gap.Services)
	return gap
}

func (p *planner) reason(g offerGroup, chosen int32) string {
	offer := p.offers[chosen]
	if i := slices.IndexFunc(offer.members, func(member int32) bool { return p.cases[member].ahead }); i >= 0 {
		return fmt.Sprintf("without it %s would be left without an offer", p.called(p.cases[offer.members[i]].service.ID))
	}
	if len(g.offers) == 1 {
		return "the only offer that fits"
	}
	var apart int64
	for _, member := range offer.members {
		if !p.cases[member].wanted() {
			continue
		}
		n, alone := 0, int64(math.MaxInt64) // not offered by itself
		for _, o := range g.offers {
			if other := p.offers[o]; slices.Contains(other.members, member) {
				if n++; len(other.members) == 1 {
					alone = other.ucents
				}
			}
		}
		if n == 1 {
			return "the only offer that fits for " + p.called(p.cases[member].service.ID)
		}
		apart = cover.AddPrices(apart, alone)
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
