package portfolio

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/internal/words"
)

// Outcome is what became of an item.
type Outcome string

// The outcomes of an item.
const (
	// OutcomeRenewed is paid, delivered, and seen in the expiries.
	OutcomeRenewed Outcome = "renewed"
	// OutcomePaid is paid, and not seen in the expiries yet: apply again to look.
	OutcomePaid Outcome = "paid"
	// OutcomeOrdered is ordered and certainly not paid: the order lapses by itself.
	OutcomeOrdered Outcome = "ordered"
	// OutcomeRefused is neither ordered nor paid.
	OutcomeRefused Outcome = "refused"
	// OutcomeUnsure may have been paid: apply again to settle it.
	OutcomeUnsure Outcome = "unsure"
	// OutcomeSkipped was not begun.
	OutcomeSkipped Outcome = "skipped"
)

// Words says the outcome to a person.
func (o Outcome) Words() string {
	switch o {
	case OutcomeRenewed:
		return "renewed"
	case OutcomePaid:
		return "paid, and not seen renewed yet"
	case OutcomeOrdered:
		return "ordered, not paid: the order lapses by itself"
	case OutcomeRefused:
		return "refused: nothing was spent"
	case OutcomeUnsure:
		return "not known whether it was paid"
	case OutcomeSkipped:
		return "not begun"
	}
	return string(o)
}

// ItemReport is what became of an item of a plan.
type ItemReport struct {
	Item    PlanItem `json:"item"`
	Outcome Outcome  `json:"outcome"`
	// Why says it in words; empty for what was renewed.
	Why string `json:"why,omitempty"`
	// Order is the order, 0 if there is none.
	Order ovhrenew.OrderID `json:"order,omitempty"`
	// Spent is what was paid, or, as long as that is not certain, what may have been:
	// tax included.
	Spent ovhrenew.Money `json:"spent"`
	// Services are the old and the new expiries of what was renewed.
	Services []ovhrenew.Renewed `json:"services,omitempty"`
	// Unexpected says that an expiry has moved to another day than the plan expects.
	Unexpected bool `json:"unexpected,omitempty"`
	// Already says that an earlier application had renewed it.
	Already bool `json:"already,omitempty"`
	// Err is the [*ovhrenew.StepError] of an item that failed; nil else.
	Err error `json:"-"`
}

// Report is what became of a plan.
type Report struct {
	Began time.Time    `json:"began"`
	Ended time.Time    `json:"ended"`
	Items []ItemReport `json:"items"`
}

// Err returns nil if every item was renewed, and otherwise a [*ReportError]. errors.Is
// finds the errors of the items, such as [ovhrenew.ErrUnsure].
func (r Report) Err() error {
	failed := &ReportError{}
	for _, item := range r.Items {
		if item.Outcome != OutcomeRenewed {
			failed.Items = append(failed.Items, item)
		}
	}
	if len(failed.Items) == 0 {
		return nil
	}
	failed.Of = len(r.Items)
	return failed
}

// ReportError says which items of a plan were not renewed.
type ReportError struct {
	Items []ItemReport
	Of    int // items that the plan has
}

// Error counts the items by outcome and says why the first of them was not renewed.
func (e *ReportError) Error() string {
	report := Report{Items: e.Items}
	text := fmt.Sprintf("%d of %s not renewed: %s", len(e.Items), words.Count(e.Of, "item"), report.counts())
	if i := slices.IndexFunc(e.Items, func(item ItemReport) bool { return item.Err != nil }); i >= 0 {
		text += "; " + words.InLine(e.Items[i].Err)
	}
	return text
}

// Unwrap returns the errors of the items.
func (e *ReportError) Unwrap() []error {
	var errs []error
	for _, item := range e.Items {
		if item.Err != nil {
			errs = append(errs, item.Err)
		}
	}
	return errs
}

// NotRenewed lists what is due and not renewed, with why: what the plan leaves out, and
// what became of its items otherwise. Without a report none of the items has been begun.
func (p Plan) NotRenewed(r *Report) []LeftOut {
	all := slices.Clone(p.LeftOut)
	report := Report{}
	if r != nil {
		report = *r
	} else {
		for _, item := range p.Items {
			report.Items = append(report.Items, ItemReport{Item: item, Outcome: OutcomeSkipped})
		}
	}
	for _, item := range report.Items {
		if item.Outcome == OutcomeRenewed {
			continue
		}
		reason := item.Outcome.Words()
		if item.Why != "" {
			reason += ": " + item.Why
		}
		for _, s := range item.Item.Services {
			if !s.Along && !s.Ahead {
				all = append(all, LeftOut{ID: s.ID, Name: s.Name, Expiry: s.Expiry, Why: LeftWhy(item.Outcome), Reason: reason})
			}
		}
	}
	slices.SortStableFunc(all, byExpiry)
	return all
}

// Count is how many items have an outcome.
func (r Report) Count(outcome Outcome) int {
	n := 0
	for _, item := range r.Items {
		if item.Outcome == outcome {
			n++
		}
	}
	return n
}

// Spent is what was paid, one amount for each currency, tax included. What may have
// been paid counts as paid.
func (r Report) Spent() ([]ovhrenew.Money, error) {
	var sums []ovhrenew.Money
	var err error
	for _, item := range r.Items {
		if item.Spent.IsZero() {
			continue
		}
		if sums, err = addTo(sums, item.Spent); err != nil {
			return nil, err
		}
	}
	return sums, nil
}

// WriteText writes the report as a table, with what needs looking after in words.
func (r Report) WriteText(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "OUTCOME\tORDER\tAMOUNT\tSERVICES")
	for _, item := range r.Items {
		order, amount := "-", "-"
		if item.Order != 0 {
			order = item.Order.String()
		}
		if !item.Spent.IsZero() {
			amount = item.Spent.String()
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", item.Outcome, order, amount, item.describe())
	}
	if err := table.Flush(); err != nil {
		return err
	}
	skipped := map[string]int{}
	for _, item := range r.Items {
		switch {
		case item.Outcome == OutcomeSkipped:
			skipped[item.Why]++
		case item.Why != "":
			fmt.Fprintf(w, "%s: %s\n", item.Outcome, words.Printable(item.Why))
		}
	}
	for _, why := range slices.Sorted(maps.Keys(skipped)) {
		fmt.Fprintf(w, "%d %s: %s\n", skipped[why], OutcomeSkipped, words.Printable(why))
	}
	return r.writeSums(w)
}

// counts is how many items have each outcome.
func (r Report) counts() string {
	var counts []string
	for _, outcome := range []Outcome{OutcomeRenewed, OutcomePaid, OutcomeOrdered, OutcomeRefused, OutcomeUnsure, OutcomeSkipped} {
		if n := r.Count(outcome); n > 0 {
			counts = append(counts, fmt.Sprintf("%d %s", n, outcome))
		}
	}
	return cmp.Or(strings.Join(counts, ", "), "nothing")
}

func (r Report) writeSums(w io.Writer) error {
	spent, err := r.Spent()
	if err != nil {
		return err
	}
	amounts := make([]string, 0, len(spent))
	for _, amount := range spent {
		amounts = append(amounts, amount.String())
	}
	if len(amounts) == 0 {
		amounts = []string{"nothing"}
	}
	_, err = fmt.Fprintf(w, "%s; spent %s\n", r.counts(), strings.Join(amounts, ", "))
	return err
}

// describe names the item's services with their expiries, old and new.
func (r ItemReport) describe() string {
	var parts []string
	if len(r.Services) > 0 {
		for _, s := range r.Services {
			parts = append(parts, fmt.Sprintf("%s %s -> %s", words.Printable(s.Name), s.From, s.To))
		}
	} else {
		for _, s := range r.Item.Services {
			parts = append(parts, fmt.Sprintf("%s %s", words.Printable(s.Name), s.Expiry))
		}
	}
	text := strings.Join(parts, ", ")
	if r.Already {
		text += " (by an earlier run)"
	}
	return text
}
