package portfolio

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/ovhrenew/ovhrenew"
)

// spend makes items of the covers, as far as the totals reach. Covers share no service,
// so that the order of their offers is that of their lowest services.
func (p *planner) spend() {
	slices.SortFunc(p.covers, func(a, b planCover) int {
		return cmp.Or(a.expiry.Compare(b.expiry), cmp.Compare(a.offer, b.offer))
	})
	spent := map[ovhrenew.Currency]ovhrenew.Money{}
	p.plan.Items = make([]PlanItem, 0, len(p.covers))
	for _, cover := range p.covers {
		if !p.afford(cover, spent) {
			for _, less := range p.withoutPartners(cover) {
				p.afford(less, spent)
			}
		}
	}
	slices.SortStableFunc(p.plan.Items, func(a, b PlanItem) int {
		return cmp.Or(a.Expiry().Compare(b.Expiry()), cmp.Compare(a.Services[0].ID, b.Services[0].ID))
	})
}

// afford plans an item and adds it to what is spent, if it fits.
func (p *planner) afford(cover planCover, spent map[ovhrenew.Currency]ovhrenew.Money) bool {
	item := cover.item
	currency := item.Limit.Currency()
	limit := p.rules.limits[currency]
	after, err := cmp.Or(spent[currency], ovhrenew.NewMoney(0, currency)).Add(item.Limit)
	fits := err == nil && !exceeds(after, limit.total, 1)
	for _, member := range p.offers[cover.offer].members {
		c := &p.cases[member]
		if c.covered = fits; !fits && c.wanted() {
			c.why = LeftBudget
			cost := item.Limit.String() + " with tax"
			if len(item.Services) > 1 {
				cost += ", for " + item.called() + ","
			}
			c.reason = fmt.Sprintf("%s is more than what ends sooner leaves of %s", cost, limit.by)
		}
	}
	if fits {
		spent[currency] = after
		p.plan.Items = append(p.plan.Items, *item)
	}
	return fits
}

func (p *planner) item(offer planOffer, reason string) *PlanItem {
	item := &PlanItem{Via: offer.Service, Period: offer.Period, Price: offer.Price(), Reason: reason}
	item.Limit, _ = p.rules.withTax(item.Price) // has been tried
	item.Services = mapped(offer.members, func(member int32) PlannedService {
		c := &p.cases[member]
		end, _ := item.Period.AddTo(c.service.Expiry) // has been tried
		return PlannedService{
			ID: c.service.ID, Name: c.service.Name, Product: c.service.Product,
			Expiry: c.service.Expiry, NewExpiry: end, Parent: c.service.Parent, Along: !c.wanted() && !c.ahead, Ahead: c.ahead,
		}
	})
	item.Prices = p.otherPrices(offer.members, item.Price)
	return item
}

// otherPrices are what the services are offered for at another price than the item's,
// under whichever service the offer is listed.
func (p *planner) otherPrices(members []int32, own ovhrenew.Money) []ovhrenew.Money {
	var prices []ovhrenew.Money
	for _, member := range members {
		for _, o := range p.cases[member].about {
			if price := o.Price(); price != own && !slices.Contains(prices, price) && isPrice(price) {
				prices = append(prices, price)
			}
		}
	}
	slices.SortFunc(prices, func(a, b ovhrenew.Money) int {
		return cmp.Or(cmp.Compare(a.Currency(), b.Currency()), cmp.Compare(a.Ucents(), b.Ucents()))
	})
	return prices
}

// parents takes out the options whose service was to be renewed and is not.
func (p *planner) parents() {
	p.plan.Items = slices.DeleteFunc(p.plan.Items, func(item PlanItem) bool {
		if slices.ContainsFunc(item.Services, func(s PlannedService) bool {
			parent := p.caseOf(s.Parent)
			return s.Parent == 0 || !parent.wanted() || parent.covered
		}) {
			return false
		}
		for _, s := range item.Services {
			c := p.caseOf(s.ID)
			c.covered, c.why = false, LeftState
			c.reason = fmt.Sprintf("it is an option of %s, which is not renewed", p.called(s.Parent))
		}
		return true
	})
}
