package portfolio

import (
	"errors"
	"fmt"
	"io"
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

// Report is what became of the item, as far as [ovhrenew.Runner.Advance] has brought its
// task. What is known of its money decides.
func (i PlanItem) Report(task ovhrenew.Task, err error) ItemReport {
	r := ItemReport{Item: i, Order: task.Order, Err: err}
	failed, ok := errors.AsType[*ovhrenew.StepError](err)
	if ok && failed.Order != 0 {
		r.Order = failed.Order
	}
	if err != nil {
		r.Why = err.Error()
	}
	switch receipt := task.Receipt; {
	case receipt != nil && (err == nil || errors.Is(err, ovhrenew.ErrMismatch)):
		r.Outcome, r.Order, r.Spent = OutcomeRenewed, receipt.Order, receipt.Price
		r.Services, r.Already, r.Unexpected = receipt.Services, receipt.Already, receipt.Unexpected
	case err == nil && task.Phase == ovhrenew.PhasePaid:
		r.Outcome, r.Spent = OutcomePaid, i.Limit
	case err == nil && (task.Phase == ovhrenew.PhaseOrdering || task.Phase == ovhrenew.PhasePaying):
		r.Outcome, r.Spent = OutcomeUnsure, i.Limit
	case err != nil && !ok, ok && failed.Paid == ovhrenew.PaidUnsure && !errors.Is(err, ovhrenew.ErrForeignOrder) && !errors.Is(err, ovhrenew.ErrExpiryMoved):
		r.Outcome, r.Spent = OutcomeUnsure, i.Limit
	case ok && failed.Paid == ovhrenew.PaidYes:
		r.Outcome, r.Spent = OutcomePaid, i.Limit
	case task.Order != 0 && task.Phase == ovhrenew.PhaseOrdered:
		r.Outcome = OutcomeOrdered
	case err == nil:
		r.Outcome = OutcomeSkipped
	default:
		r.Outcome = OutcomeRefused
	}
	return r
}

// Changed reports whether the item was refused because the account is no longer what the
// plan was made from. It needs Err.
func (r ItemReport) Changed() bool {
	for _, target := range []error{
		ovhrenew.ErrExpiryMoved, ovhrenew.ErrPriceChanged, ovhrenew.ErrOverLimit, ovhrenew.ErrAutoRenew,
		ovhrenew.ErrState, ovhrenew.ErrForeignOrder, ovhrenew.ErrUnderWay, ovhrenew.ErrRejected, ovhrenew.ErrNotFound,
	} {
		if errors.Is(r.Err, target) {
			return true
		}
	}
	return false
}

// Report is what became of a plan.
type Report struct {
	Began time.Time    `json:"began"`
	Ended time.Time    `json:"ended"`
	Items []ItemReport `json:"items"`
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
	for _, item := range r.Items {
		if item.Spent.IsZero() {
			continue
		}
		i := slices.IndexFunc(sums, func(m ovhrenew.Money) bool { return m.Currency() == item.Spent.Currency() })
		if i < 0 {
			sums = append(sums, item.Spent)
			continue
		}
		sum, err := sums[i].Add(item.Spent)
		if err != nil {
			return nil, err
		}
		sums[i] = sum
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
	for _, item := range r.Items {
		if item.Why != "" && item.Outcome != OutcomeSkipped {
			fmt.Fprintf(w, "%s: %s\n", item.Outcome, words.Printable(item.Why))
		}
	}
	return r.writeSums(w)
}

func (r Report) writeSums(w io.Writer) error {
	var counts []string
	for _, outcome := range []Outcome{OutcomeRenewed, OutcomePaid, OutcomeOrdered, OutcomeRefused, OutcomeUnsure, OutcomeSkipped} {
		if n := r.Count(outcome); n > 0 {
			counts = append(counts, fmt.Sprintf("%d %s", n, outcome))
		}
	}
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
	_, err = fmt.Fprintf(w, "%s; spent %s\n", strings.Join(counts, ", "), strings.Join(amounts, ", "))
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
