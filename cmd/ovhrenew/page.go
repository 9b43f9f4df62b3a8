package main

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

//go:embed page.html
var pageText string

var pageTemplate = template.Must(template.New("page").Parse(pageText))

// page is what is shown: one file, without a script and without a request.
type page struct {
	Title  string
	Facts  []fact
	Charts []chart
	Lists  []list
}

// fact is a figure with what it is.
type fact struct{ Value, Label string }

// list is a table with a heading.
type list struct {
	Title, Lead string
	Heads       []string
	// Right are the columns with figures, Wide those whose cells may be broken.
	Right, Wide map[int]bool
	Rows        [][]cell
}

// cell is a cell, of lines; a plain one has one.
type cell []string

func (p page) write(w io.Writer) error {
	p.Charts = slices.DeleteFunc(p.Charts, chart.Empty)
	return pageTemplate.Execute(w, p)
}

func cells(texts ...string) []cell {
	row := make([]cell, 0, len(texts))
	for _, text := range texts {
		row = append(row, cell{text})
	}
	return row
}

// writePlanPage writes the page of a plan. Services are all of the account.
func writePlanPage(w io.Writer, plan *portfolio.Plan, services []portfolio.Surveyed) error {
	totals, err := plan.Totals()
	if err != nil {
		return err
	}
	p := page{Title: fmt.Sprintf("Plan of renewals, %s", plan.Made)}
	p.Facts = []fact{{fmt.Sprint(len(plan.Items)), "orders"}}
	for _, total := range totals {
		p.Facts = append(p.Facts, fact{total.String(), "at most, tax included"})
	}
	p.Facts = append(p.Facts, fact{fmt.Sprint(len(plan.LeftOut)), "due or odd, and left out"}, fact{fmt.Sprint(len(services)), "services in the account"})
	p.Charts = append([]chart{timeline(plan, services)}, costs(plan)...)
	for _, unused := range plan.Unused {
		p.Lists = append(p.Lists, list{Title: "Look: " + unused.String()})
	}
	p.Lists = append(p.Lists, itemList(plan), leftList("Due or odd, and left out", plan.LeftOut), notDueList(plan))
	return p.write(w)
}

// weeks is how many weeks the timeline shows.
const weeks = 13

// timeline counts what ends in each week, by what becomes of it.
func timeline(plan *portfolio.Plan, services []portfolio.Surveyed) chart {
	c := chart{Title: "What ends when, by week", format: countText}
	monday := plan.Made.AddDays(-(int(plan.Made.Time().Weekday()) + 6) % 7)
	c.Labels = []string{"earlier"}
	for week := range weeks {
		c.Labels = append(c.Labels, weekLabel(monday.AddDays(7*week)))
	}
	planned, leftOut := map[ovhrenew.ServiceID]bool{}, map[ovhrenew.ServiceID]bool{}
	put := func(series string, ends ovhrenew.Date) {
		switch week := monday.DaysUntil(ends) / 7; {
		case ends.Before(monday):
			c.add(series, "earlier", 1)
		case week < weeks:
			c.add(series, weekLabel(monday.AddDays(7*week)), 1)
		}
	}
	for _, series := range []string{"in the plan", "left out", "renews by itself", "not due yet"} {
		c.add(series, "earlier", 0)
	}
	for _, item := range plan.Items {
		for _, s := range item.Services {
			planned[s.ID] = true
			put("in the plan", s.Expiry)
		}
	}
	for _, left := range plan.LeftOut {
		leftOut[left.ID] = true
		if !left.Expiry.IsZero() {
			put("left out", left.Expiry)
		}
	}
	for _, s := range services {
		switch {
		case planned[s.ID] || leftOut[s.ID] || s.Ends().IsZero():
		case s.Mode == ovhrenew.ModeAutomatic:
			put("renews by itself", s.Ends())
		default:
			put("not due yet", s.Ends())
		}
	}
	return c
}

func weekLabel(monday ovhrenew.Date) string { return monday.Time().Format("2 Jan") }

// costs are what the items may cost, by the month in which they end, and by product; a
// chart for each currency.
func costs(plan *portfolio.Plan) []chart {
	by := map[ovhrenew.Currency]*chart{}
	var order []ovhrenew.Currency
	items := slices.Clone(plan.Items)
	slices.SortStableFunc(items, func(a, b portfolio.PlanItem) int { return a.Expiry().Compare(b.Expiry()) })
	for _, item := range items {
		currency := item.Limit.Currency()
		if by[currency] == nil {
			by[currency] = newCosts(fmt.Sprintf("What it costs at most, by month and product, in %s", currency), currency)
			order = append(order, currency)
		}
		var products []string
		for _, s := range item.Services {
			if s.Product != "" && !slices.Contains(products, s.Product) {
				products = append(products, s.Product)
			}
		}
		by[currency].add(productsOf(products), item.Expiry().Time().Format("Jan 2006"), units(item.Limit))
	}
	return ordered(by, order)
}

func newCosts(title string, currency ovhrenew.Currency) *chart {
	return &chart{Title: title, Unit: string(currency), format: moneyText}
}

func productsOf(products []string) string {
	if len(products) == 0 {
		return "unknown"
	}
	slices.Sort(products)
	return strings.Join(slices.Compact(products), " + ")
}

func ordered(by map[ovhrenew.Currency]*chart, order []ovhrenew.Currency) []chart {
	var all []chart
	for _, currency := range order {
		by[currency].narrow()
		all = append(all, *by[currency])
	}
	return all
}

// units is an amount to be drawn.
func units(m ovhrenew.Money) float64 { return float64(m.Ucents()) / 1e8 }

func itemList(plan *portfolio.Plan) list {
	l := list{Title: "What is renewed", Heads: []string{"ends", "new end", "service", "for", "before tax", "at most", "why"}, Right: map[int]bool{4: true, 5: true}, Wide: map[int]bool{2: true, 6: true}}
	for _, item := range plan.Items {
		var ends, to, names cell
		for _, s := range item.Services {
			ends, to = append(ends, s.Expiry.String()), append(to, s.NewExpiry.String())
			name := fmt.Sprintf("%s (%d)", s.Name, s.ID)
			if s.Along {
				name += ", comes along"
			}
			if s.Ahead {
				name += ", ahead of its time"
			}
			names = append(names, name)
		}
		l.Rows = append(l.Rows, []cell{ends, to, names, {string(item.Period)}, {item.Price.String()}, {item.Limit.String()}, {item.Reason}})
	}
	return l
}

func leftList(title string, left []portfolio.LeftOut) list {
	l := list{Title: title, Heads: []string{"ends", "service", "why"}, Wide: map[int]bool{1: true, 2: true}}
	for _, one := range left {
		l.Rows = append(l.Rows, cells(one.Expiry.String(), fmt.Sprintf("%s (%d)", one.Name, one.ID), one.Reason))
	}
	return l
}

func notDueList(plan *portfolio.Plan) list {
	l := list{Title: "Not in the plan", Heads: []string{"services", "why"}, Right: map[int]bool{0: true}}
	for _, w := range notDueWords {
		if n := plan.NotDue[w.why]; n > 0 {
			l.Rows = append(l.Rows, cells(fmt.Sprint(n), w.text))
		}
	}
	return l
}

// reportPage writes the page of what has become of a plan.
func reportPage(plan *portfolio.Plan, r *portfolio.Report) func(io.Writer) error {
	return func(w io.Writer) error {
		spent, err := r.Spent()
		if err != nil {
			return err
		}
		p := page{Title: fmt.Sprintf("Renewals of %s", r.Began.Format(time.DateOnly))}
		p.Facts = []fact{
			{fmt.Sprintf("%d of %d", r.Count(portfolio.OutcomeRenewed), len(r.Items)), "renewed"},
			{amounts(spent), "spent, tax included"},
			{fmt.Sprint(len(plan.NotRenewed(r))), "due or odd, and not renewed"},
		}
		l := list{Title: "What became of each item", Heads: []string{"outcome", "order", "paid", "old end", "new end", "service"}, Right: map[int]bool{1: true, 2: true}, Wide: map[int]bool{0: true, 5: true}}
		for _, item := range r.Items {
			var from, to, names cell
			for _, s := range item.Item.Services {
				from, to = append(from, s.Expiry.String()), append(to, s.NewExpiry.String())
				names = append(names, fmt.Sprintf("%s (%d)", s.Name, s.ID))
			}
			order, paid := "", ""
			if item.Order != 0 {
				order = item.Order.String()
			}
			if !item.Spent.IsZero() {
				paid = item.Spent.String()
			}
			l.Rows = append(l.Rows, []cell{{item.Outcome.Words()}, {order}, {paid}, from, to, names})
		}
		p.Charts = costs(plan)
		p.Lists = []list{leftList("Due or odd, and not renewed", plan.NotRenewed(r)), l}
		return p.write(w)
	}
}

// writeLedgerPage writes the page of a ledger. Services are those of the account, for what
// they are.
func writeLedgerPage(w io.Writer, ledger *portfolio.Ledger, services []portfolio.Surveyed) error {
	products := map[ovhrenew.ServiceID]string{}
	for _, s := range services {
		products[s.ID] = s.Product
	}
	p := page{Title: fmt.Sprintf("Renewals since %s", ledger.Since.Format(time.DateOnly))}
	by := map[ovhrenew.Currency]*chart{}
	var order []ovhrenew.Currency
	count := map[portfolio.Outcome]int{}
	l := list{Title: "What was paid", Heads: []string{"day", "outcome", "order", "bill", "net", "tax", "gross", "paid by", "service", "old end", "new end"}, Right: map[int]bool{2: true, 4: true, 5: true, 6: true}, Wide: map[int]bool{1: true, 7: true, 8: true}}
	ends := chart{Title: "New ends, by month", format: countText}
	var months []string
	for _, e := range ledger.Entries {
		count[e.Outcome]++
		var names, from, to cell
		var kinds []string
		for _, s := range e.Services {
			names = append(names, fmt.Sprintf("%s (%d)", s.Name, s.ServiceID))
			from, to = append(from, s.From.String()), append(to, s.To.String())
			if product := products[s.ServiceID]; product != "" {
				kinds = append(kinds, product)
			}
		}
		l.Rows = append(l.Rows, []cell{
			{e.Time.Format(time.DateOnly)},
			{e.Outcome.Words()},
			{e.Order.String()},
			{e.Bill},
			{moneyCell(e.Net)},
			{moneyCell(e.Tax)},
			{moneyCell(e.Gross)},
			{e.PaidWith},
			names, from, to,
		})
		if e.Gross.IsZero() {
			continue
		}
		currency := e.Gross.Currency()
		if by[currency] == nil {
			by[currency] = newCosts(fmt.Sprintf("What was paid, by month and product, in %s", currency), currency)
			order = append(order, currency)
		}
		by[currency].add(productsOf(kinds), e.Time.Format("Jan 2006"), units(e.Gross))
		if month := e.Time.Format("2006-01"); !slices.Contains(months, month) {
			months = append(months, month)
		}
	}
	for _, month := range newEnds(ledger) {
		ends.add("services", month.Time().Format("Jan 2006"), 1)
	}
	for _, month := range months {
		spent, err := ledger.Spent(month)
		if err != nil {
			return err
		}
		p.Facts = append(p.Facts, fact{amounts(spent), "in " + month + ", tax included"})
	}
	p.Facts = append(p.Facts, fact{fmt.Sprint(count[portfolio.OutcomeRenewed]), "orders renewed"}, fact{fmt.Sprint(len(ledger.Entries) - count[portfolio.OutcomeRenewed]), "not verified"})
	p.Charts = append(ordered(by, order), ends)
	p.Lists = []list{l}
	return p.write(w)
}

func moneyCell(m ovhrenew.Money) string {
	if m.IsZero() {
		return ""
	}
	return m.String()
}

// newEnds are the new expiries of all services, in order.
func newEnds(ledger *portfolio.Ledger) []ovhrenew.Date {
	var all []ovhrenew.Date
	for _, e := range ledger.Entries {
		for _, s := range e.Services {
			if !s.To.IsZero() {
				all = append(all, s.To)
			}
		}
	}
	slices.SortFunc(all, ovhrenew.Date.Compare)
	return all
}
