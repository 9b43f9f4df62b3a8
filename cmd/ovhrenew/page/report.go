package page

import (
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/internal/words"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// Report writes a report as a page: what became of each item, the money by currency,
// what needs a person, what ended when and what it cost by month and product. What may
// have been paid is told apart from what was paid.
//
// The error is [ovhrenew.ErrRange] if a sum is too large, and else w's.
func Report(w io.Writer, report portfolio.Report) error {
	view, err := reportView(report)
	if err != nil {
		return err
	}
	return write(w, "report", view)
}

// reportPage is what the template of a report takes.
type reportPage struct {
	sheet
	Title, Lead string
	Ledger      bool // of many runs
	Counts      []outcomeCount
	Money       []moneyRow
	Unknown     string
	Weeks       timeline
	Costs       []costs
	Needs       []needGroup
	Items       []itemResult
}

// outcomeCount is how many items have an outcome.
type outcomeCount struct {
	Outcome, Class, Meaning string
	N                       int
}

// itemResult is what became of an item.
type itemResult struct {
	Outcome, Class, Order, Amount, Why string
	Services                           []service
	Already, Unexpected                bool
}

// needGroup are items that need a person in the same way.
type needGroup struct {
	Title, Hint, Count string
	Items              []itemResult
}

// outcomeKind is an outcome, and what a page says of it. What a ledger says instead of the
// hint is empty of what it does not have.
type outcomeKind struct {
	outcome              portfolio.Outcome
	class, meaning, hint string
	ledger               string
}

// outcomes are in the order in which they need a person.
var outcomes = []outcomeKind{
	{portfolio.OutcomeUnsure, "c4", "may have been paid", "It is not known whether these were paid. Do not renew them another way. Apply the plan again, with the same journal, to find out.", "It is not known whether these were paid. Do not renew them another way. Whoever renews them again with the same journal finds out."},
	{portfolio.OutcomePaid, "c3", "paid, new end not seen yet", "Apply the plan again, with the same journal, to see whether the new end shows. Nothing is paid twice by that.", "Whoever renews them again with the same journal sees whether the new end shows. Nothing is paid twice by that."},
	{portfolio.OutcomeOrdered, "c2", "ordered, not paid", "This run did not pay these orders, and an order that nobody pays lapses by itself. The services are not renewed.", ""},
	{portfolio.OutcomeRefused, "c2", "neither ordered nor paid by this run", "The services are not renewed. The reason says what stood against it.", ""},
	{portfolio.OutcomeSkipped, "other", "not begun", "The services are not renewed. Apply the plan again to go on.", ""},
	{portfolio.OutcomeRenewed, "c1", "paid, and the new end was seen", "", ""},
}

// kindOf is what a page says of an outcome. One that is not known here may be anything.
func kindOf(o portfolio.Outcome) outcomeKind {
	for _, k := range outcomes {
		if k.outcome == o {
			return k
		}
	}
	return outcomeKind{outcome: o, class: "c4", meaning: "not known to this page", hint: "This page does not know the outcome, nor whether money was spent."}
}

// reportSeries are what a report's timeline tells apart.
var reportSeries = []series{{"c1", "renewed"}, {"c3", "paid, new end not seen yet"}, {"c2", "not renewed"}, {"c4", "may have been paid"}}

// seriesOf is the place of an outcome in reportSeries.
func seriesOf(o portfolio.Outcome) int {
	switch o {
	case portfolio.OutcomeRenewed:
		return 0
	case portfolio.OutcomePaid:
		return 1
	case portfolio.OutcomeOrdered, portfolio.OutcomeRefused, portfolio.OutcomeSkipped:
		return 2
	}
	return 3
}

func reportView(report portfolio.Report) (*reportPage, error) {
	look, err := style()
	if err != nil {
		return nil, err
	}
	r := &reportPage{
		sheet: look, Title: "Renewals" + dayOf("of", ovhrenew.DateOf(report.Began)),
		Lead: fmt.Sprintf("%s. Began at %s, ended at %s.", words.Count(len(report.Items), "order"), moment(report.Began), moment(report.Ended)),
	}
	return r, r.fill(report.Items, ovhrenew.DateOf(report.Began), "the day of the report")
}

// fill shows the items, and in the timeline a day by its name.
func (r *reportPage) fill(items []portfolio.ItemReport, day ovhrenew.Date, name string) error {
	if err := r.addMoney(items); err != nil {
		return err
	}
	var ends []end
	for _, it := range items {
		r.Items = append(r.Items, resultView(it))
		for _, s := range servicesOf(it) {
			ends = append(ends, end{s.From, seriesOf(it.Outcome)})
		}
	}
	r.Weeks = weeks(ends, day, name, reportSeries)
	r.count(items)
	r.need(items)
	return nil
}

// count counts the outcomes, renewed first.
func (r *reportPage) count(items []portfolio.ItemReport) {
	kinds := append([]outcomeKind{outcomes[len(outcomes)-1]}, outcomes[:len(outcomes)-1]...)
	for _, it := range items {
		if !slices.ContainsFunc(kinds, func(k outcomeKind) bool { return k.outcome == it.Outcome }) {
			kinds = append(kinds, kindOf(it.Outcome))
		}
	}
	for _, k := range kinds {
		c := outcomeCount{Outcome: fallback(string(k.outcome), "no outcome"), Class: k.class, Meaning: k.meaning}
		for _, it := range items {
			if it.Outcome == k.outcome {
				c.N++
			}
		}
		if c.N > 0 {
			r.Counts = append(r.Counts, c)
		}
	}
}

// need lists what needs a person, by outcome; within one, what ends first comes first.
func (r *reportPage) need(items []portfolio.ItemReport) {
	sorted := slices.Clone(items)
	slices.SortStableFunc(sorted, func(a, b portfolio.ItemReport) int { return a.Item.Expiry().Compare(b.Item.Expiry()) })
	var groups []needGroup
	add := func(title, hint string, holds func(portfolio.ItemReport) bool) {
		g := needGroup{Title: title, Hint: hint}
		for _, it := range sorted {
			if holds(it) {
				g.Items = append(g.Items, resultView(it))
			}
		}
		if len(g.Items) > 0 {
			g.Count = words.Count(len(g.Items), "order")
			groups = append(groups, g)
		}
	}
	unknown := kindOf("")
	add("Outcome not known", unknown.hint, func(it portfolio.ItemReport) bool { return kindOf(it.Outcome).meaning == unknown.meaning })
	for _, k := range outcomes {
		hint := k.hint
		if r.Ledger {
			hint = k.ledger
		}
		if hint != "" {
			add(upperFirst(k.meaning), hint, func(it portfolio.ItemReport) bool { return it.Outcome == k.outcome })
		}
	}
	add("Renewed to another day than planned", "They were paid. Look at their new ends.", func(it portfolio.ItemReport) bool {
		return it.Outcome == portfolio.OutcomeRenewed && it.Unexpected
	})
	r.Needs = groups
}

func resultView(it portfolio.ItemReport) itemResult {
	view := itemResult{
		Outcome: fallback(string(it.Outcome), "no outcome"), Class: kindOf(it.Outcome).class, Order: "none", Amount: amountOf(it),
		Already: it.Already, Unexpected: it.Unexpected,
	}
	if it.Why != "" {
		view.Why = printable(it.Why)
	}
	if it.Order != 0 {
		view.Order = it.Order.String()
	}
	for _, s := range servicesOf(it) {
		view.Services = append(view.Services, s.view())
	}
	return view
}

// amountOf is what an item cost, in words that say how certain it is.
func amountOf(it portfolio.ItemReport) string {
	switch money := moneyOf(it); {
	case money == nothing:
		return "nothing"
	case it.Spent.IsZero():
		return "not known"
	case money == paidAtMost:
		return "paid, at most " + it.Spent.String()
	case money == maybePaid:
		return "perhaps, at most " + it.Spent.String()
	}
	return it.Spent.String()
}

// ending is a service with its old end, and its new one: as seen, or else as planned.
type ending struct {
	id            ovhrenew.ServiceID
	name, product string
	From, to      ovhrenew.Date
	along         bool
}

func (e ending) view() service {
	view := service{Name: printable(e.name), ID: e.id.String(), Product: fallback(e.product, "(no product)"), From: e.From.String(), Along: e.along}
	if !e.to.IsZero() {
		view.To = e.to.String()
	}
	return view
}

// moment is a time in UTC.
func moment(t time.Time) string {
	if t.IsZero() {
		return "an unknown time"
	}
	return t.UTC().Format("2006-01-02 15:04:05 UTC")
}

// servicesOf are the services of an item. Only of a renewed one is the new end known.
func servicesOf(it portfolio.ItemReport) []ending {
	var all []ending
	planned := map[ovhrenew.ServiceID]portfolio.PlannedService{}
	for _, s := range it.Item.Services {
		planned[s.ID] = s
	}
	for _, s := range it.Services {
		of := planned[s.ServiceID]
		all = append(all, ending{id: s.ServiceID, name: s.Name, product: of.Product, From: s.From, to: s.To, along: of.Along})
	}
	if len(all) > 0 {
		return all
	}
	for _, s := range it.Item.Services {
		all = append(all, ending{id: s.ID, name: s.Name, product: s.Product, From: s.Expiry, along: s.Along})
	}
	return all
}

// upperFirst is a text of this package as a title.
func upperFirst(text string) string { return fmt.Sprintf("%c%s", text[0]-'a'+'A', text[1:]) }
