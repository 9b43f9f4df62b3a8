package portfolio

import (
	"cmp"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/billing"
)

// Ledger is what a journal knows to have been spent since a time: for accounting, and for
// the budget of a month.
type Ledger struct {
	Account string    `json:"account"`
	Since   time.Time `json:"since"`
	Entries []Entry   `json:"entries"`
}

// Entry is an order that was paid, or may have been.
type Entry struct {
	Order ovhrenew.OrderID `json:"order"`
	// It was paid after Time and before Until, by the API's clock: the payment was sent, and
	// answered or seen. Until is zero of a payment that may still be made. The entry counts
	// in every month (of UTC) in which the money may go.
	Time    time.Time `json:"time"`
	Until   time.Time `json:"until,omitzero"`
	Outcome Outcome   `json:"outcome"` // OutcomeRenewed, OutcomePaid or OutcomeUnsure
	// Gross is what was paid, tax included; of an unsure one, what may have been. Net and
	// Tax are its parts, and none where they are not known. Gross is none while another
	// run has the services, since what it does is not known.
	Net      ovhrenew.Money  `json:"-"`
	Tax      ovhrenew.Money  `json:"-"`
	Gross    ovhrenew.Money  `json:"-"`
	PaidWith string          `json:"paidWith,omitempty"`
	Period   ovhrenew.Period `json:"period"`
	// Services are all that the order renews, with their expiries before and after; of
	// what was not verified, as expected.
	Services   []ovhrenew.Renewed `json:"services"`
	Bill       string             `json:"bill,omitempty"`       // as [Ledger.AddBills] finds it
	Unexpected bool               `json:"unexpected,omitempty"` // an expiry is another day than the period leads to
}

// entryFields are those of an Entry that are written as they are.
type entryFields Entry

// entryJSON is an entry as it is written: the currency apart from the amounts.
type entryJSON struct {
	entryFields
	Currency ovhrenew.Currency `json:"currency,omitempty"`
	Net      string            `json:"net,omitempty"`
	Tax      string            `json:"tax,omitempty"`
	Gross    string            `json:"gross,omitempty"`
}

// MarshalJSON writes the amounts as decimals, and their currency once.
func (e Entry) MarshalJSON() ([]byte, error) {
	return json.Marshal(entryJSON{entryFields(e), e.Gross.Currency(), decimal(e.Net), decimal(e.Tax), decimal(e.Gross)})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (e *Entry) UnmarshalJSON(data []byte) error {
	var read entryJSON
	err := json.Unmarshal(data, &read)
	amount := func(text string) (m ovhrenew.Money) {
		if text != "" && err == nil {
			m, err = ovhrenew.ParseMoney(text + " " + string(read.Currency))
		}
		return m
	}
	read.entryFields.Net, read.entryFields.Tax, read.entryFields.Gross = amount(read.Net), amount(read.Tax), amount(read.Gross)
	if err == nil {
		*e = Entry(read.entryFields)
	}
	return err
}

func decimal(m ovhrenew.Money) string {
	if m.IsZero() {
		return ""
	}
	return m.Amount()
}

// within reports whether the entry may have been paid in a month.
func (e Entry) within(month string) bool {
	return e.Time.Format(monthForm) <= month && (e.Until.IsZero() || month <= e.Until.Format(monthForm))
}

// openFor is how long before a time an order may have been placed whose payment is not
// known at that time. Orders lapse after one or two weeks.
const openFor = 45 * 24 * time.Hour

// ReadLedger reads what a journal knows to have been spent since a time, oldest first:
// what was renewed, and what was paid or may have been and is not verified. It reads the
// journal alone, and so also finds what a run has paid and not reported. It claims the
// services of what is not verified for a moment. The account is what
// [ovhrenew.API.Account] returns.
func ReadLedger(ctx context.Context, j ovhrenew.Journal, account string, since time.Time) (*Ledger, error) {
	if j == nil {
		return nil, badInput("ReadLedger", "j", nil, "is missing: want the journal of OpenJournal")
	}
	l := &Ledger{Account: account, Since: since.UTC(), Entries: []Entry{}}
	add := func(e Entry) {
		if e.Until.IsZero() || !e.Until.Before(since) {
			l.Entries = append(l.Entries, e)
		}
	}
	verified := map[ovhrenew.OrderID]bool{}
	for receipt, err := range j.Receipts(ctx, account, since.Add(-openFor)) {
		if err != nil {
			return nil, err
		}
		verified[receipt.Order] = true
		add(entryOf(receipt))
	}
	facts, err := j.Orders(ctx, account, since.Add(-openFor))
	if err != nil {
		return nil, err
	}
	for _, fact := range facts {
		if verified[fact.Order] || len(fact.Services) == 0 {
			continue
		}
		entry, spent, err := openEntry(ctx, j, account, fact)
		if err != nil {
			return nil, err
		}
		if spent {
			add(entry)
		}
	}
	slices.SortStableFunc(l.Entries, func(a, b Entry) int {
		return cmp.Or(a.Time.Compare(b.Time), cmp.Compare(a.Order, b.Order))
	})
	return l, nil
}

func entryOf(r ovhrenew.Receipt) Entry {
	if r.PaidBefore.IsZero() { // not written by Renew: nobody knows when
		r.PaidAfter, r.PaidBefore = r.Verified.Add(-openFor), r.Verified
	}
	return Entry{
		Order: r.Order, Time: r.PaidAfter.UTC(), Until: r.PaidBefore.UTC(), Outcome: OutcomeRenewed,
		Net: r.PriceWithoutTax, Tax: r.Tax, Gross: r.Price,
		PaidWith: r.PaidWith, Period: r.Period, Services: r.Services, Unexpected: r.Unexpected,
	}
}

// openEntry is what an order without a receipt has cost, or may have.
func openEntry(ctx context.Context, j ovhrenew.Journal, account string, fact ovhrenew.OrderFact) (e Entry, spent bool, err error) {
	claim, err := j.Claim(ctx, account, fact.Services...)
	switch {
	case errors.Is(err, ovhrenew.ErrBusy):
		services := mapped(fact.Services, func(id ovhrenew.ServiceID) ovhrenew.Renewed { return ovhrenew.Renewed{ServiceID: id} })
		return Entry{Order: fact.Order, Time: fact.Date.UTC(), Outcome: OutcomeUnsure, Services: services}, true, nil
	case err != nil:
		return Entry{}, false, err
	}
	for _, st := range claim.States() {
		if st.Order == fact.Order {
			e, spent = stateEntry(st, fact)
		}
	}
	return e, spent, claim.Release()
}

// stateEntry is what a renewal without a receipt has cost, or may have.
func stateEntry(st ovhrenew.State, fact ovhrenew.OrderFact) (e Entry, spent bool) {
	if st.Receipt != nil {
		return entryOf(*st.Receipt), true
	}
	e = Entry{
		Order: st.Order, Time: st.Sent.UTC(), Outcome: OutcomeUnsure,
		Net: st.Cost.PriceWithoutTax, Tax: st.Cost.Tax, Gross: st.Cost.PriceWithTax,
		PaidWith: st.Payment, Period: st.Task.Offer.Period, Services: st.Task.Services,
	}
	if e.Gross.IsZero() {
		e.Net, e.Tax, e.Gross = ovhrenew.Money{}, ovhrenew.Money{}, st.Task.Limit
	}
	if st.Sent.IsZero() {
		e.Time = fact.Date.UTC()
	}
	switch st.Phase {
	case ovhrenew.PhasePaying, ovhrenew.PhaseDeclined: // it may still be taken
		return e, true
	case ovhrenew.PhasePaid:
		e.Outcome, e.Until = OutcomePaid, st.Ended.UTC()
		return e, true
	}
	e.Until = st.Time.UTC() // it has ended
	return e, st.Taken || st.Unsure
}

// Spent returns what a month such as 2026-06 has cost, tax included, by currency. The month is
// that of UTC. What may have been paid in it counts. The error is [ovhrenew.ErrBusy] if
// another run is at work on an order of which it is not known what it costs.
func (l *Ledger) Spent(month string) ([]ovhrenew.Money, error) {
	var sums []ovhrenew.Money
	var err error
	for _, e := range l.Entries {
		if !e.within(month) {
			continue
		}
		if e.Gross.IsZero() {
			return nil, fmt.Errorf("order %d: %w", e.Order, ovhrenew.ErrBusy)
		}
		if sums, err = addTo(sums, e.Gross); err != nil {
			return nil, err
		}
	}
	return sums, nil
}

// Into returns the policy with Spent set to what the month of a day has cost. The error is
// that of [Ledger.Spent], or [ovhrenew.ErrBadInput] if the ledger does not reach back to
// the month's first day.
func (l *Ledger) Into(policy Policy, today ovhrenew.Date) (Policy, error) {
	month := monthOf(today)
	first, err := time.Parse(monthForm, month)
	if err != nil || l.Since.After(first) {
		return policy, badInput("Into", "Ledger.Since", l.Since.Format(time.DateOnly), "is later than the first day of "+month)
	}
	amounts, err := l.Spent(month)
	if err != nil {
		return policy, err
	}
	policy.Spent = MonthSpent{Month: month, Amounts: amounts}
	return policy, nil
}

// AddBills looks up the bills of the entries, by their orders. What the account has no
// bill for stays without one.
//
// API: GET /me/bill
func (l *Ledger) AddBills(ctx context.Context, r billing.Reader) error {
	if len(l.Entries) == 0 {
		return nil
	}
	bills := map[ovhrenew.OrderID][]string{}
	for bill, err := range billing.Bills(ctx, r, billing.Query{From: l.Since.Add(-openFor)}) {
		if err != nil {
			return err
		}
		bills[bill.OrderID] = append(bills[bill.OrderID], bill.BillID)
	}
	delete(bills, 0) // of no order
	for i, e := range l.Entries {
		l.Entries[i].Bill = strings.Join(bills[e.Order], " ")
	}
	return nil
}

// WriteCSV writes the ledger with a line for each order, under a line of names: time,
// order, bill, outcome, currency, net, tax, gross, paid_with, period, services, names,
// old_expiries, new_expiries and until. Amounts are decimals with a point. Where an order
// renews several services, their ids, names and expiries are in the same order, with spaces
// between them. A name that a spreadsheet would take for a formula stands behind an
// apostrophe.
func (l *Ledger) WriteCSV(w io.Writer) error {
	c := csv.NewWriter(w)
	_ = c.Write(strings.Split("time,order,bill,outcome,currency,net,tax,gross,paid_with,period,services,names,old_expiries,new_expiries,until", ",")) // c.Error has what goes wrong
	at := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.UTC().Format(time.RFC3339)
	}
	for _, e := range l.Entries {
		var ids, names, from, to []string
		for _, s := range e.Services {
			ids, names = append(ids, s.ServiceID.String()), append(names, s.Name)
			from, to = append(from, s.From.String()), append(to, s.To.String())
		}
		list := func(texts []string) string { return harmless(strings.Join(texts, " ")) }
		_ = c.Write([]string{
			at(e.Time), e.Order.String(), harmless(e.Bill), string(e.Outcome), string(e.Gross.Currency()),
			decimal(e.Net), decimal(e.Tax), decimal(e.Gross), harmless(e.PaidWith), string(e.Period), list(ids), list(names), list(from), list(to), at(e.Until),
		})
	}
	c.Flush()
	return c.Error()
}

// harmless is a text that no spreadsheet takes for a formula.
func harmless(text string) string {
	if text != "" && strings.ContainsAny(text[:1], "=+-@\t\r") {
		return "'" + text
	}
	return text
}
