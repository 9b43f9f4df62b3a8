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
	Order ovhrenew.OrderID
	// Time is when the renewal was verified, and until it is, when it was last known to
	// be where it is; of one that another run has, when the order was placed. The entry
	// belongs to the month of it, in UTC.
	Time time.Time
	// Outcome is OutcomeRenewed, OutcomePaid or OutcomeUnsure.
	Outcome Outcome
	// Gross is what was paid, tax included; of an unsure one, what may have been. Net and
	// Tax are its parts, and none where they are not known. Gross is none while another
	// run has the services, since what it does is not known.
	Net, Tax, Gross ovhrenew.Money
	PaidWith        string
	Period          ovhrenew.Period
	// Services are all that the order renews, with their expiries before and after; of
	// what was not verified, as expected.
	Services []ovhrenew.Renewed
	// Bill is the number of the order's bill; empty before [Ledger.AddBills], and where
	// the account has none.
	Bill string
	// Unexpected says that an expiry has moved to another day than the period leads to.
	Unexpected bool
}

// entryJSON is an entry as it is written: the currency apart from the amounts.
type entryJSON struct {
	Order      ovhrenew.OrderID   `json:"order"`
	Time       time.Time          `json:"time"`
	Outcome    Outcome            `json:"outcome"`
	Currency   ovhrenew.Currency  `json:"currency,omitempty"`
	Net        string             `json:"net,omitempty"`
	Tax        string             `json:"tax,omitempty"`
	Gross      string             `json:"gross,omitempty"`
	PaidWith   string             `json:"paidWith,omitempty"`
	Bill       string             `json:"bill,omitempty"`
	Period     ovhrenew.Period    `json:"period"`
	Services   []ovhrenew.Renewed `json:"services"`
	Unexpected bool               `json:"unexpected,omitempty"`
}

// MarshalJSON writes the amounts as decimals, and their currency once.
func (e Entry) MarshalJSON() ([]byte, error) {
	return json.Marshal(entryJSON{
		e.Order, e.Time, e.Outcome, e.Gross.Currency(), decimal(e.Net), decimal(e.Tax), decimal(e.Gross),
		e.PaidWith, e.Bill, e.Period, e.Services, e.Unexpected,
	})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (e *Entry) UnmarshalJSON(data []byte) error {
	var plain entryJSON
	if err := json.Unmarshal(data, &plain); err != nil {
		return err
	}
	read := Entry{
		Order: plain.Order, Time: plain.Time, Outcome: plain.Outcome, PaidWith: plain.PaidWith, Period: plain.Period,
		Services: plain.Services, Bill: plain.Bill, Unexpected: plain.Unexpected,
	}
	for to, text := range map[*ovhrenew.Money]string{&read.Net: plain.Net, &read.Tax: plain.Tax, &read.Gross: plain.Gross} {
		if text == "" {
			continue
		}
		amount, err := ovhrenew.ParseMoney(text + " " + string(plain.Currency))
		if err != nil {
			return err
		}
		*to = amount
	}
	*e = read
	return nil
}

// decimal is an amount without its currency; empty if it is none.
func decimal(m ovhrenew.Money) string {
	if m.IsZero() {
		return ""
	}
	return m.Amount()
}

// openFor is how long before a time an order may have been placed whose payment is not
// known at that time. Orders lapse after one or two weeks.
const openFor = 45 * 24 * time.Hour

// ReadLedger reads what a journal knows to have been spent since a time, oldest first:
// what was renewed, and what was paid or may have been and is not verified. It asks
// nothing but the journal, so that it also finds what a run has paid and not told. It
// claims the services of what is not verified for a moment each.
//
// The account is what [ovhrenew.API.Account] returns.
func ReadLedger(ctx context.Context, j ovhrenew.Journal, account string, since time.Time) (*Ledger, error) {
	if j == nil {
		return nil, badInput("ReadLedger", "j", nil, "is missing: want the journal of OpenJournal")
	}
	l := &Ledger{Account: account, Since: since.UTC(), Entries: []Entry{}}
	verified := map[ovhrenew.OrderID]bool{}
	for receipt, err := range j.Receipts(ctx, account, since.Add(-openFor)) {
		if err != nil {
			return nil, err
		}
		verified[receipt.Order] = true
		if !receipt.Verified.Before(since) {
			l.Entries = append(l.Entries, entryOf(receipt))
		}
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
		if spent && (!entry.Time.Before(since) || entry.Gross.IsZero()) {
			l.Entries = append(l.Entries, entry)
		}
	}
	slices.SortStableFunc(l.Entries, func(a, b Entry) int {
		return cmp.Or(a.Time.Compare(b.Time), cmp.Compare(a.Order, b.Order))
	})
	return l, nil
}

func entryOf(r ovhrenew.Receipt) Entry {
	return Entry{
		Order: r.Order, Time: r.Verified.UTC(), Outcome: OutcomeRenewed, Net: r.PriceWithoutTax, Tax: r.Tax, Gross: r.Price,
		PaidWith: r.PaidWith, Period: r.Period, Services: r.Services, Unexpected: r.Unexpected,
	}
}

// openEntry is what an order without a receipt has cost, or may have.
func openEntry(ctx context.Context, j ovhrenew.Journal, account string, fact ovhrenew.OrderFact) (e Entry, spent bool, err error) {
	claim, err := j.Claim(ctx, account, fact.Services...)
	if errors.Is(err, ovhrenew.ErrBusy) {
		e = Entry{Order: fact.Order, Time: fact.Date.UTC(), Outcome: OutcomeUnsure}
		for _, id := range fact.Services {
			e.Services = append(e.Services, ovhrenew.Renewed{ServiceID: id})
		}
		return e, true, nil
	}
	if err != nil {
		return Entry{}, false, err
	}
	for _, st := range claim.States() {
		if st.Order != fact.Order {
			continue
		}
		e = Entry{
			Order: st.Order, Time: st.Time.UTC(), Outcome: OutcomeUnsure,
			Net: st.Cost.PriceWithoutTax, Tax: st.Cost.Tax, Gross: st.Cost.PriceWithTax,
			PaidWith: st.Payment, Period: st.Task.Offer.Period, Services: st.Task.Services,
		}
		if e.Gross.IsZero() {
			e.Net, e.Tax, e.Gross = ovhrenew.Money{}, ovhrenew.Money{}, st.Task.Limit
		}
		switch {
		case st.Receipt != nil:
			e, spent = entryOf(*st.Receipt), true
		case st.Phase == ovhrenew.PhasePaid:
			e.Outcome, spent = OutcomePaid, true
		default:
			spent = paySent(st.Phase) || st.Taken || st.Unsure
		}
	}
	return e, spent, claim.Release()
}

// Spent is what a month such as 2026-06 has cost, tax included, by currency. What may
// have been paid counts. The error is [ovhrenew.ErrBusy] if another run is at work on an
// order of which it is not known what it costs.
func (l *Ledger) Spent(month string) ([]ovhrenew.Money, error) {
	var sums []ovhrenew.Money
	for _, e := range l.Entries {
		// An order is paid in the month in which it was placed, or later.
		if placed := e.Time.Format(monthForm); e.Gross.IsZero() && placed <= month {
			return nil, fmt.Errorf("order %d: %w", e.Order, ovhrenew.ErrBusy)
		} else if placed != month {
			continue
		}
		i := slices.IndexFunc(sums, func(m ovhrenew.Money) bool { return m.Currency() == e.Gross.Currency() })
		if i < 0 {
			sums = append(sums, e.Gross)
			continue
		}
		sum, err := sums[i].Add(e.Gross)
		if err != nil {
			return nil, err
		}
		sums[i] = sum
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
	policy.Spent = &MonthSpent{Month: month, Amounts: amounts}
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
	for i, e := range l.Entries {
		l.Entries[i].Bill = strings.Join(bills[e.Order], " ")
	}
	return nil
}

// ledgerColumns are the columns of the CSV.
var ledgerColumns = []string{
	"time", "order", "bill", "outcome", "currency", "net", "tax", "gross", "paid_with", "period", "services", "names", "old_expiries", "new_expiries",
}

// WriteCSV writes the ledger with a line for each order, under a line of names: time,
// order, bill, outcome, currency, net, tax, gross, paid_with, period, services, names,
// old_expiries and new_expiries. Amounts are decimals with a point. Where an order renews
// several services, their ids, names and expiries are in the same order, with spaces
// between them. A name that a spreadsheet would take for a formula stands behind an
// apostrophe.
func (l *Ledger) WriteCSV(w io.Writer) error {
	c := csv.NewWriter(w)
	if err := c.Write(ledgerColumns); err != nil {
		return err
	}
	for _, e := range l.Entries {
		var ids, names, from, to []string
		for _, s := range e.Services {
			ids, names = append(ids, s.ServiceID.String()), append(names, s.Name)
			from, to = append(from, s.From.String()), append(to, s.To.String())
		}
		list := func(texts []string) string { return harmless(strings.Join(texts, " ")) }
		err := c.Write([]string{
			e.Time.UTC().Format(time.RFC3339), e.Order.String(), harmless(e.Bill), string(e.Outcome), string(e.Gross.Currency()),
			decimal(e.Net), decimal(e.Tax), decimal(e.Gross), harmless(e.PaidWith), string(e.Period), list(ids), list(names), list(from), list(to),
		})
		if err != nil {
			return err
		}
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
