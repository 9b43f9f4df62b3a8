package temporal

import (
	"slices"

	"github.com/ovhrenew/ovhrenew"
)

// reserve adds an item's limit to what is spent, unless that would be more than the plan
// allows.
func (a *application) reserve(limit ovhrenew.Money) bool {
	i := slices.IndexFunc(a.page.Total, func(m ovhrenew.Money) bool { return m.Currency() == limit.Currency() })
	if i < 0 {
		return false
	}
	sum, err := a.spent(limit.Currency()).Add(limit)
	if err != nil {
		return false
	}
	if more, err := sum.Cmp(a.page.Total[i]); err != nil || more > 0 {
		return false
	}
	a.setSpent(sum)
	return true
}

// settle puts what was spent in place of what was reserved. What cannot be reckoned stays
// reserved.
func (a *application) settle(reserved, spent ovhrenew.Money) {
	sum, err := a.spent(reserved.Currency()).Sub(reserved)
	if err == nil && !spent.IsZero() {
		sum, err = sum.Add(spent)
	}
	if err == nil {
		a.setSpent(sum)
	}
}

// spent is what was spent of a currency.
func (a *application) spent(c ovhrenew.Currency) ovhrenew.Money {
	for _, m := range a.p.Spent {
		if m.Currency() == c {
			return m
		}
	}
	return ovhrenew.NewMoney(0, c)
}

func (a *application) setSpent(sum ovhrenew.Money) {
	for i, m := range a.p.Spent {
		if m.Currency() == sum.Currency() {
			a.p.Spent[i] = sum
			return
		}
	}
	a.p.Spent = append(a.p.Spent, sum)
}
