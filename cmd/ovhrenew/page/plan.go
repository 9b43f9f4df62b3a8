package page

import (
	"cmp"
	"fmt"
	"io"
	"slices"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/internal/words"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// Plan writes a plan as a page: what ends when, what it costs by month and product, each
// item with its reason, and what is left out and why. Services that are not due, do
// not end, renew by themselves, or are excluded by the policy are counted only.
//
// The error is [ovhrenew.ErrBadInput] and names the item if it has no price or no limit
// or has them in two currencies, [ovhrenew.ErrRange] if a sum is too large, and else w's.
// The plan is not checked otherwise; see [portfolio.Plan.Check].
func Plan(w io.Writer, plan portfolio.Plan) error {
	view, err := planView(plan)
	if err != nil {
		return err
	}
	return write(w, "plan", view)
}

// planPage is what the template of a plan takes.
type planPage struct {
	sheet
	Title, Fingerprint string
	Orders, Services   string
	Left               string
	Budgets            []budget
	Weeks              timeline
	Costs              []costs
	Months             []itemMonth
	LeftOut            []leftGroup
	Counted            []leftGroup
	Gaps               []gap
}

// budget is what the items may cost in a currency, of what the policy allows.
type budget struct{ Amount, Allowed, Length string }

// itemMonth are the items of which the first service ends in a month.
type itemMonth struct {
	Name, Orders, Sum string
	Items             []item
}

// item is a renewal.
type item struct {
	Expiry, Period, Price, Limit, Reason string
	Services                             []service
}

// service is a service of an item.
type service struct {
	Name, ID, Product, From, To string
	Along, Ahead                bool
}

// gap is a group that is not proven optimal.
type gap struct{ Services, Price, AtLeast, MayCover string }

// planSeries are what a plan's timeline tells apart.
var planSeries = []series{{"c1", "renewed"}, {"c2", "left out"}, {"other", "perhaps renewing by itself"}}

const (
	planRenewed = iota
	planLeftOut
	planByItself
)

func planView(plan portfolio.Plan) (*planPage, error) {
	look, err := style()
	if err != nil {
		return nil, err
	}
	p := &planPage{sheet: look, Title: "Renewal plan" + dayOf("of", plan.Made), Fingerprint: fallback(plan.Fingerprint, ""), Orders: words.Count(len(plan.Items), "order")}
	orders, err := costsOf(plan)
	if err != nil {
		return nil, err
	}
	totals, err := plan.Totals()
	if err != nil {
		return nil, err
	}
	if p.Costs, err = sumCosts(orders, totals); err != nil {
		return nil, err
	}
	p.Budgets = budgets(plan.Policy.Total, totals)
	p.LeftOut, p.Counted = leftGroups(plan.LeftOut, plan.NotDue)
	var ends []end
	for _, it := range plan.Items {
		for _, s := range it.Services {
			ends = append(ends, end{s.Expiry, planRenewed})
		}
	}
	p.Services = words.Count(len(ends), "service")
	for _, l := range plan.LeftOut {
		in := planLeftOut
		if l.Why == portfolio.LeftAutomatic {
			in = planByItself
		}
		ends = append(ends, end{l.Expiry, in})
	}
	p.Left = words.Count(len(plan.LeftOut), "service")
	p.Weeks = weeks(ends, plan.Made, "the day of the plan", planSeries)
	if p.Months, err = itemMonths(plan.Items); err != nil {
		return nil, err
	}
	for _, g := range plan.Gaps {
		p.Gaps = append(p.Gaps, gapView(plan, g))
	}
	return p, nil
}

// costsOf are the costs of a plan's items. It refuses an item that has none.
func costsOf(plan portfolio.Plan) ([]cost, error) {
	orders := make([]cost, 0, len(plan.Items))
	for i, it := range plan.Items {
		bad := func(field string, value ovhrenew.Money, why string) error {
			return &ovhrenew.InputError{Call: "page.Plan", Field: fmt.Sprintf("items[%d].%s", i, field), Value: value.String(), Why: why}
		}
		switch {
		case it.Price.IsZero():
			return nil, bad("price", it.Price, "is no amount")
		case it.Limit.IsZero():
			return nil, bad("limit", it.Limit, "is no amount")
		case it.Limit.Currency() != it.Price.Currency():
			return nil, bad("limit", it.Limit, "is in another currency than the price")
		}
		orders = append(orders, cost{day: it.Expiry(), product: productOf(it), amount: it.Limit, net: it.Price})
	}
	return orders, nil
}

// budgets are the totals, and what the policy allows beyond them.
func budgets(allowed, totals []ovhrenew.Money) []budget {
	var all []budget
	for _, total := range totals {
		b := budget{Amount: total.String(), Allowed: "no total in this currency"}
		for _, limit := range allowed {
			if limit.Currency() != total.Currency() {
				continue
			}
			b.Allowed = "of " + limit.String() + " allowed"
			if limit.Sign() > 0 {
				b.Length = decimal(min(100*float64(max(total.Ucents(), 0))/float64(limit.Ucents()), 100))
			}
		}
		all = append(all, b)
	}
	for _, limit := range allowed {
		if !slices.ContainsFunc(totals, func(total ovhrenew.Money) bool { return total.Currency() == limit.Currency() }) {
			all = append(all, budget{Amount: "Nothing", Allowed: "of " + limit.String() + " allowed", Length: "0"})
		}
	}
	return all
}

// itemMonths are the items by the month in which the first of their services ends, in
// the plan's order within a month.
func itemMonths(items []portfolio.PlanItem) ([]itemMonth, error) {
	type found struct {
		itemMonth
		key  string
		sums []ovhrenew.Money
	}
	byKey := map[string]*found{}
	var months []*found
	for _, it := range items {
		key, name := monthOf(it.Expiry())
		m := byKey[key]
		if m == nil {
			m = &found{itemMonth: itemMonth{Name: name}, key: key}
			byKey[key] = m
			months = append(months, m)
		}
		var err error
		if m.sums, err = addTo(m.sums, it.Limit); err != nil {
			return nil, err
		}
		m.Items = append(m.Items, itemView(it))
	}
	slices.SortStableFunc(months, func(a, b *found) int { return cmp.Compare(a.key, b.key) })
	all := make([]itemMonth, 0, len(months))
	for _, m := range months {
		m.Orders, m.Sum = words.Count(len(m.Items), "order"), words.Listed(m.sums)
		all = append(all, m.itemMonth)
	}
	return all, nil
}

// addTo adds an amount to the sum of its currency.
func addTo(sums []ovhrenew.Money, m ovhrenew.Money) ([]ovhrenew.Money, error) {
	i := slices.IndexFunc(sums, func(s ovhrenew.Money) bool { return s.Currency() == m.Currency() })
	if i < 0 {
		return append(sums, m), nil
	}
	sum, err := sums[i].Add(m)
	if err != nil {
		return nil, err
	}
	sums[i] = sum
	return sums, nil
}

func itemView(it portfolio.PlanItem) item {
	view := item{
		Expiry: it.Expiry().String(), Period: fallback(string(it.Period), "no period"),
		Price: it.Price.String(), Limit: it.Limit.String(), Reason: fallback(it.Reason, "no reason given"),
	}
	for _, s := range it.Services {
		view.Services = append(view.Services, plannedView(s))
	}
	return view
}

func plannedView(s portfolio.PlannedService) service {
	return service{
		Name: printable(s.Name), ID: s.ID.String(), Product: fallback(s.Product, "(no product)"),
		From: s.Expiry.String(), To: s.NewExpiry.String(), Along: s.Along, Ahead: s.Ahead,
	}
}

func gapView(plan portfolio.Plan, g portfolio.PlanGap) gap {
	names := map[ovhrenew.ServiceID]string{}
	for _, item := range plan.Items {
		for _, s := range item.Services {
			names[s.ID] = s.Name
		}
	}
	for _, left := range plan.LeftOut {
		names[left.ID] = left.Name
	}
	called := words.CalledAll(func(id ovhrenew.ServiceID) string { return names[id] }, g.Services)
	view := gap{Services: called, Price: g.Price.String(), AtLeast: g.AtLeast.String()}
	if g.MayCover > 0 {
		view.MayCover = fmt.Sprintf("Up to %d more of them might be renewed.", g.MayCover)
	}
	return view
}
