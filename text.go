package ovhrenew

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"time"

	phrases "github.com/ovhrenew/ovhrenew/internal/words"
)

func (p Proposal) String() string {
	if p.Offer.Period == "" {
		return fmt.Sprintf("%s: no offer is chosen of %d", called(p.name(p.Target), p.Target), len(p.Offers))
	}
	parts := []string{p.Offer.String()}
	if !p.Quote.PriceWithTax.IsZero() {
		parts = append(parts, p.Quote.PriceWithTax.String()+" with tax")
	}
	for _, s := range p.Services {
		parts = append(parts, Renewed{ServiceID: s.ID, Name: s.Name, From: s.Expiry, To: p.NewExpiry(s)}.String())
	}
	for _, note := range p.Notes {
		parts = append(parts, "note: "+note)
	}
	if blocked := errors.Join(p.Blockers...); blocked != nil {
		parts = append(parts, "refused: "+inLine(blocked))
	}
	return strings.Join(parts, "; ")
}

func (p Progress) String() string {
	what, proposal := "", cmp.Or(p.Proposal, &Proposal{})
	switch p.Step {
	case StepOffers:
		what = fmt.Sprint(len(proposal.Offers))
	case StepSelect:
		what = proposal.Offer.String()
	case StepQuote:
		what = proposal.Quote.PriceWithTax.String() + " with tax"
	case StepOrder, StepPay:
		what = fmt.Sprintf("order %d of %s", p.Order.OrderID, p.Order.PriceWithTax)
	case StepSettle:
		what = fmt.Sprintf("order %d is watched until %s", p.Order.OrderID, p.Until.Format(time.TimeOnly))
	case StepWatch:
		what = fmt.Sprintf("order %d is %s", p.Order.OrderID, p.Status)
	case StepVerify:
		what = listed(p.Renewed)
	}
	if what == "" {
		return string(p.Step)
	}
	return string(p.Step) + ": " + what
}

func (r Refusal) String() string { return fmt.Sprintf("%s: %v", r.Offer, r.Reason) }

func (r Renewed) String() string {
	return fmt.Sprintf("%s: %s -> %s", called(r.Name, r.ServiceID), r.From, r.To)
}

func (r Receipt) String() string {
	var parts []string
	for _, s := range r.Services {
		parts = append(parts, s.String())
	}
	parts = append(parts, fmt.Sprintf("order %d, %s paid by %s", r.Order, r.Price, r.PaidWith))
	if r.Already {
		parts = append(parts, "by an earlier run")
	}
	return strings.Join(parts, "; ")
}

func inLine(err error) string                 { return phrases.InLine(err) }
func listed[T any](values []T) string         { return phrases.Listed(values) }
func called(name string, id ServiceID) string { return phrases.Called(name, id) }
func callAll(name func(ServiceID) string, ids []ServiceID) string {
	return phrases.CalledAll(name, ids)
}
func span(d time.Duration) string { return phrases.Span(d) }

// withNames is the error of a journal, which knows ids alone, with the services' names.
func withNames(err error, name func(ServiceID) string, ids []ServiceID) error {
	return phrases.Named(err, func(id ServiceID) string { return called(name(id), id) }, ids...)
}

func printable(text string) string    { return phrases.Printable(text) }
func count(n int, what string) string { return phrases.Count(n, what) }
func clean(text string) string        { return phrases.Clean(text) }

// maxRead is how much of a body that is not JSON is looked through, in bytes.
const maxRead = phrases.MaxRead
