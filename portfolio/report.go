package portfolio

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/internal/words"
)

// Outcome is what became of an item.
type Outcome string

// The outcomes of an item.
const (
	OutcomeRenewed Outcome = "renewed" // paid, delivered, and seen in the expiries
	OutcomePaid    Outcome = "paid"    // paid, and not seen in the expiries yet: apply again to look
	OutcomeOrdered Outcome = "ordered" // ordered and certainly not paid: the order lapses by itself
	OutcomeRefused Outcome = "refused" // neither ordered nor paid, by this run or as far as the journal knows
	OutcomeUnsure  Outcome = "unsure"  // may have been paid: apply again to settle it
	OutcomeSkipped Outcome = "skipped" // was not begun
)

// Words returns the outcome in words.
func (o Outcome) Words() string {
	return cmp.Or(map[Outcome]string{
		OutcomePaid:    "paid, and not seen renewed yet",
		OutcomeOrdered: "ordered, not paid: the order lapses by itself",
		OutcomeRefused: "refused: nothing was spent",
		OutcomeUnsure:  "not known whether it was paid",
		OutcomeSkipped: "not begun",
	}[o], string(o))
}

// ItemReport is what became of an item of a plan.
type ItemReport struct {
	Item    PlanItem         `json:"item"`
	Outcome Outcome          `json:"outcome"`
	Why     string           `json:"why,omitempty"`   // in words; empty for what was renewed
	Order   ovhrenew.OrderID `json:"order,omitempty"` // 0 if there is none
	// Spent is what was paid, or, as long as that is not certain, what may have been:
	// tax included.
	Spent      ovhrenew.Money     `json:"spent"`
	Services   []ovhrenew.Renewed `json:"services,omitempty"`   // the old and the new expiries of what was renewed
	Unexpected bool               `json:"unexpected,omitempty"` // an expiry is another day than planned
	Already    bool               `json:"already,omitempty"`    // an earlier application had renewed it
	Err        error              `json:"-"`                    // the [*ovhrenew.StepError] of an item that failed; nil otherwise
}

// Report is what became of a plan.
type Report struct {
	Began time.Time    `json:"began"`
	Ended time.Time    `json:"ended"`
	Items []ItemReport `json:"items"`
}

// Err returns nil if every item was renewed, and otherwise an error that counts the others
// by outcome and says why the first was not. errors.Is finds the errors of all, such as
// [ovhrenew.ErrUnsure].
func (r Report) Err() error {
	left := Report{Items: slices.DeleteFunc(slices.Clone(r.Items), func(i ItemReport) bool { return i.Outcome == OutcomeRenewed })}
	var errs []error
	for _, item := range left.Items {
		if item.Err != nil {
			errs = append(errs, item.Err)
		}
	}
	if len(left.Items) == 0 {
		return nil
	}
	text := fmt.Sprintf("%d of %s not renewed: %s", len(left.Items), words.Count(len(r.Items), "item"), left.counts())
	if len(errs) > 0 {
		text += "; " + words.InLine(errs[0])
	}
	return &reportError{text, errs}
}

type reportError struct {
	text string
	errs []error
}

func (e *reportError) Error() string   { return e.text }
func (e *reportError) Unwrap() []error { return e.errs }

// NotRenewed lists what is due and not renewed, with why: what the plan leaves out, and
// what became of its items otherwise. Without a report none of the items has been begun.
func (p Plan) NotRenewed(r *Report) []LeftOut {
	all := slices.Clone(p.LeftOut)
	if r == nil {
		r = &Report{Items: mapped(p.Items, func(i PlanItem) ItemReport { return ItemReport{Item: i, Outcome: OutcomeSkipped} })}
	}
	for _, item := range r.Items {
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

// Count returns how many items have an outcome.
func (r Report) Count(outcome Outcome) int {
	return count(r.Items, func(item ItemReport) bool { return item.Outcome == outcome })
}

// Spent returns what was paid, one amount for each currency, tax included. What may have
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

// String says what was paid, tax included, and what became of the items, with a line for
// each that was not renewed.
func (r Report) String() string {
	var paid, atMost, perhaps []ovhrenew.Money
	var err error
	var b strings.Builder
	for _, item := range r.Items {
		sums := &perhaps
		switch item.Outcome {
		case OutcomeRenewed:
			sums = &paid
		case OutcomePaid:
			sums = &atMost
		}
		if !item.Spent.IsZero() {
			var failed error
			*sums, failed = addTo(*sums, item.Spent)
			err = cmp.Or(err, failed)
		}
		if item.Outcome != OutcomeRenewed {
			fmt.Fprintln(&b, item.line())
		}
	}
	if err != nil {
		return err.Error()
	}
	money := "paid " + words.Listed(paid)
	if len(paid) == 0 {
		money = "nothing is known to be paid"
	}
	if len(atMost) > 0 {
		money += ", and at most " + words.Listed(atMost) + " that is not verified"
	}
	if len(perhaps) > 0 {
		money += ", and perhaps up to " + words.Listed(perhaps)
	}
	if n := count(r.Items, func(i ItemReport) bool { return i.Already }); n > 0 {
		money += fmt.Sprintf(" (%s by an earlier run)", words.Count(n, "item"))
	}
	return fmt.Sprintf("%s; %s: %s\n%s", money, words.Count(len(r.Items), "item"), r.counts(), &b)
}

func (r ItemReport) line() string {
	text := fmt.Sprintf("%s: %s", r.Outcome, r.Item.called())
	if end := r.Item.Expiry(); !end.IsZero() {
		text += fmt.Sprintf(" until %s", end)
	}
	if r.Order != 0 {
		text += fmt.Sprintf(", order %d", r.Order)
	}
	if r.Why != "" {
		text += ": " + words.Printable(strings.ReplaceAll(r.Why, "\n", "; "))
	}
	return text
}

func (r Report) counts() string {
	var counts []string
	for _, outcome := range []Outcome{OutcomeRenewed, OutcomePaid, OutcomeOrdered, OutcomeRefused, OutcomeUnsure, OutcomeSkipped} {
		if n := r.Count(outcome); n > 0 {
			counts = append(counts, fmt.Sprintf("%d %s", n, outcome))
		}
	}
	return cmp.Or(strings.Join(counts, ", "), "nothing")
}
