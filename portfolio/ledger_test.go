package portfolio_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// ledger reads what a journal knows since a time.
func (w *world) ledger(journal ovhrenew.Journal, since time.Time) *portfolio.Ledger {
	w.tb.Helper()
	account, err := w.client(ovhrenew.Unlimited).Account(w.tb.Context())
	if err != nil {
		w.tb.Fatal(err)
	}
	ledger, err := portfolio.ReadLedger(w.tb.Context(), journal, account, since)
	if err != nil {
		w.tb.Fatal(err)
	}
	return ledger
}

// sums compares the month of a ledger with what the account has spent.
func (w *world) sums(ledger *portfolio.Ledger) {
	w.tb.Helper()
	spent, err := ledger.Spent(time.Now().UTC().Format("2006-01"))
	if err != nil {
		w.tb.Fatal(err)
	}
	if len(spent) != 1 || spent[0].Ucents() != int64(w.server.Spent()["EUR"]) {
		w.tb.Errorf("the ledger has spent %s, the account %s", spent, w.server.Spent()["EUR"])
	}
}

// A program that is killed at any request has told nothing. The next one lists what was
// paid from the journal, down to the cent.
func TestLedgerAfterDeath(t *testing.T) {
	t.Parallel()
	unsure, paid := 0, 0
	for dieAt := 6; ; dieAt += 2**kills + 1 {
		died := true
		synctest.Test(t, func(t *testing.T) {
			w := agency(t, 120, 2, ovhrenewtest.Behaviour{DeliveryDelay: time.Minute, ListLag: 6 * time.Second})
			began := time.Now()
			plan, journal := w.small(8), ovhrenewtest.NewMemory(ovhrenew.OnlyJournal)
			how := portfolio.Options{GoOnWhenUnsure: true, FirstWithOthers: true, Workers: 1} // always the same acts
			if _, died = w.apply(plan, journal, dieAt, how); !died {
				return
			}
			time.Sleep(time.Minute)
			ledger := w.ledger(journal, began)
			counts, may := map[portfolio.Outcome]int{}, int64(0)
			for _, e := range ledger.Entries {
				counts[e.Outcome]++
				may += e.Gross.Ucents()
				if n := w.server.PaymentsFor(int64(e.Services[0].ServiceID)); n == 0 && e.Outcome != portfolio.OutcomeUnsure {
					t.Errorf("killed at act %d: order %d is %s, and was not paid", dieAt, e.Order, e.Outcome)
				}
			}
			unsure, paid = unsure+counts[portfolio.OutcomeUnsure], paid+counts[portfolio.OutcomePaid]
			if spent := int64(w.server.Spent()["EUR"]); may < spent || counts[portfolio.OutcomeUnsure] == 0 && may != spent {
				t.Errorf("killed at act %d: the ledger has %d, the account has spent %d: %v", dieAt, may, spent, counts)
			}
			w.apply(plan, journal, 0, how)
			ledger = w.ledger(journal, began)
			w.sums(ledger)
			if len(ledger.Entries) != len(plan.Items) {
				t.Errorf("killed at act %d: in the end the ledger has %d entries of %d", dieAt, len(ledger.Entries), len(plan.Items))
			}
		})
		if !died || t.Failed() {
			break
		}
	}
	if unsure == 0 || paid == 0 {
		t.Errorf("%d unsure and %d paid entries: the test shows little", unsure, paid)
	}
}

// What accounting imports: amounts and currency apart, bills, names, expiries; as data,
// JSON and CSV.
func TestLedgerForAccounting(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := &world{tb: t, server: ovhrenewtest.StartPipe(t, ovhrenewtest.Behaviour{}), old: map[ovhrenew.ServiceID]ovhrenew.Date{}}
		ovhrenewtest.Guide(w.server)
		w.server.AddService(ovhrenewtest.Service{ID: 5, Name: "=HYPERLINK(0)", Type: "Domain .ovh", Expiry: w.server.Now().AddDate(0, 0, 5), Creation: w.server.Now().AddDate(-1, 0, 0)})
		w.server.Offer("P1Y", "1.99", 5)
		time.Sleep(4 * 24 * time.Hour) // until the domain is due
		for _, service := range w.server.Services() {
			w.old[ovhrenew.ServiceID(service.ID)] = ovhrenew.DateOf(service.Expiry)
		}
		journal, began := ovhrenewtest.NewMemory(ovhrenew.OnlyJournal), time.Now()
		plan := w.plan(t.Context(), w.client(ovhrenew.Unlimited))
		report, _ := w.apply(plan, journal, 0, portfolio.Options{})
		if err := report.Err(); err != nil {
			t.Fatal(err)
		}
		ledger := w.ledger(journal, began)
		if err := ledger.AddBills(t.Context(), w.client(ovhrenew.Unlimited)); err != nil {
			t.Fatal(err)
		}
		w.sums(ledger)
		data, err := json.Marshal(ledger)
		if err != nil {
			t.Fatal(err)
		}
		var read portfolio.Ledger
		if err := json.Unmarshal(data, &read); err != nil || !reflect.DeepEqual(read, *ledger) {
			t.Errorf("read again it is %+v, %v, want %+v", read, err, ledger)
		}
		for _, want := range []string{`"paidWith":"payment method 5678901"`, `"bill":"FR`, `"currency":"EUR","net":"37.87","tax":"7.57","gross":"45.44"}`, `"name":"example.ovh","from":"`} {
			if !strings.Contains(string(data), want) {
				t.Errorf("the JSON lacks %s:\n%s", want, data)
			}
		}
		var b bytes.Buffer
		if err := ledger.WriteCSV(&b); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(&b).ReadAll()
		if err != nil || len(rows) != 4 || strings.Join(rows[0], " ") != "time order bill outcome currency net tax gross paid_with period services names old_expiries new_expiries until" {
			t.Fatalf("the CSV is %q, %v", rows, err)
		}
		var names strings.Builder
		for _, row := range rows[1:] {
			names.WriteString(row[11] + "\n")
			if row[11] == "example.ovh example.ovh" {
				if got := strings.Join(row[3:11], "|"); got != "renewed|EUR|37.87|7.57|45.44|payment method 5678901|P1Y|12345 67890" {
					t.Errorf("the row of the bundle is %q", got)
				}
			}
		}
		if !strings.Contains(names.String(), "'=HYPERLINK(0)\n") {
			t.Errorf("the names are %q, want a formula made harmless", names.String())
		}
	})
}

// The ledger takes what was paid, may have been paid, and is being worked at from the
// journal's states, and nothing else.
func TestLedgerStates(t *testing.T) {
	t.Parallel()
	const account = "xx1111-ovh"
	journal, noon := ovhrenewtest.NewMemory(ovhrenew.OnlyJournal), time.Date(2026, 6, 15, 12, 0, 0, 0, time.UTC)
	keep := func(id ovhrenew.ServiceID, phase ovhrenew.Phase, at time.Time, change func(*ovhrenew.State)) {
		claim, err := journal.Claim(t.Context(), account, id)
		if err != nil {
			t.Fatal(err)
		}
		st := ovhrenew.State{
			Version: 1, Renewal: fmt.Sprint(id), Phase: phase, Services: []ovhrenew.ServiceID{id}, Time: at, Order: ovhrenew.OrderID(100 + id), Placed: at, Sent: at, Ended: at.Add(time.Second),
			Cost: ovhrenew.Quote{PriceWithTax: euros(1200), PriceWithoutTax: euros(1000), Tax: euros(200)},
			Task: ovhrenew.Task{Limit: euros(1300), Services: []ovhrenew.Renewed{{ServiceID: id, Name: "s"}}},
		}
		if change != nil {
			change(&st)
		}
		if err := errors.Join(claim.Append(t.Context(), st), claim.Release()); err != nil {
			t.Fatal(err)
		}
	}
	keep(1, ovhrenew.PhaseOrdered, noon, nil)
	keep(2, ovhrenew.PhasePaying, noon, nil)
	keep(3, ovhrenew.PhasePaid, noon, nil)
	keep(4, ovhrenew.PhaseClosed, noon, nil)
	keep(5, ovhrenew.PhaseClosed, noon, func(s *ovhrenew.State) { s.Taken = true })
	keep(10, ovhrenew.PhaseClosed, noon, func(s *ovhrenew.State) { s.Unsure = true })
	keep(6, ovhrenew.PhasePaying, noon, func(s *ovhrenew.State) { s.Cost = ovhrenew.Quote{} })
	keep(7, ovhrenew.PhasePaying, noon.AddDate(0, 0, -16), nil) // in May, or since
	keep(8, ovhrenew.PhasePaid, noon.AddDate(0, 0, -80), nil)
	keep(9, ovhrenew.PhaseOrdering, noon, func(s *ovhrenew.State) { s.Order = 0 })
	ledger, err := portfolio.ReadLedger(t.Context(), journal, account, noon.AddDate(0, 0, -30))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range ledger.Entries {
		got = append(got, fmt.Sprint(e.Order, " ", e.Outcome, " ", e.Gross))
	}
	want := "107 unsure 12.00 EUR, 102 unsure 12.00 EUR, 103 paid 12.00 EUR, 105 unsure 12.00 EUR, 106 unsure 13.00 EUR, 110 unsure 12.00 EUR"
	if strings.Join(got, ", ") != want {
		t.Errorf("the ledger has %s, want %s", strings.Join(got, ", "), want)
	}
	for month, want := range map[string]string{"2026-06": "[73.00 EUR]", "2026-05": "[12.00 EUR]", "2026-07": "[37.00 EUR]", "2026-04": "[]"} {
		if spent, err := ledger.Spent(month); err != nil || fmt.Sprint(spent) != want {
			t.Errorf("Spent(%s) = %v, %v, want %s", month, spent, err, want)
		}
	}
	if policy, err := ledger.Into(euroPolicy(), planDay); err != nil || policy.Spent.Month != "2026-06" || fmt.Sprint(policy.Spent.Amounts) != "[73.00 EUR]" {
		t.Errorf("Into = %+v, %v", policy.Spent, err)
	}
	if _, err := ledger.Into(euroPolicy(), ovhrenew.MustDate("2026-05-20")); !errors.Is(err, ovhrenew.ErrBadInput) {
		t.Errorf("Into of a month that it does not reach back to: %v, want ErrBadInput", err)
	}
	held, err := journal.Claim(t.Context(), account, 2)
	if err != nil {
		t.Fatal(err)
	}
	if ledger, err = portfolio.ReadLedger(t.Context(), journal, account, noon.AddDate(0, 0, -30)); err != nil || len(ledger.Entries) != 6 {
		t.Errorf("while a run is at work the ledger is %+v, %v", ledger, err)
	}
	if _, err := ledger.Spent("2026-06"); !errors.Is(err, ovhrenew.ErrBusy) {
		t.Errorf("Spent while a run is at work: %v, want ErrBusy", err)
	}
	if err := held.Release(); err != nil {
		t.Fatal(err)
	}
	// What was ordered in May may be paid in June.
	if held, err = journal.Claim(t.Context(), account, 7); err != nil {
		t.Fatal(err)
	}
	if ledger, err = portfolio.ReadLedger(t.Context(), journal, account, time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)); err != nil {
		t.Fatal(err)
	}
	if _, err := ledger.Into(euroPolicy(), planDay); !errors.Is(err, ovhrenew.ErrBusy) {
		t.Errorf("Into while a run is at work on an order of the month before: %v, want ErrBusy", err)
	}
	if spent, err := ledger.Spent("2026-04"); err != nil || len(spent) > 0 {
		t.Errorf("Spent of a month before the order: %s, %v", spent, err)
	}
	if err := held.Release(); err != nil {
		t.Fatal(err)
	}
}

// An entry counts in each month in which its order may have been paid, by the API's clock
// in UTC, and in no other.
func TestLedgerMonths(t *testing.T) {
	t.Parallel()
	at := func(text string) time.Time {
		t.Helper()
		moment, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		return moment
	}
	for name, test := range map[string]struct {
		after, before, verified string
		months                  string
	}{
		"verified the month after": {"2026-01-31T23:40:00Z", "2026-01-31T23:40:02Z", "2026-02-01T00:10:00Z", "2026-01"},
		"sent and answered around": {"2026-01-31T23:59:59Z", "2026-02-01T00:00:01Z", "2026-02-01T00:10:00Z", "2026-01 2026-02"},
		"seen much later":          {"2026-01-31T12:00:00Z", "2026-03-01T02:00:00Z", "2026-03-01T02:00:00Z", "2026-01 2026-02 2026-03"},
		"of a summer's evening":    {"2026-02-01T01:30:00+02:00", "2026-02-01T01:30:02+02:00", "2026-02-01T02:30:00+02:00", "2026-01"},
		"of nobody knows when":     {"", "", "2026-03-01T02:00:00Z", "2026-01 2026-02 2026-03"},
	} {
		journal, receipt := ovhrenewtest.NewMemory(ovhrenew.OnlyJournal), ovhrenew.Receipt{Order: 7, Price: euros(1200), Verified: at(test.verified)}
		if test.after != "" {
			receipt.PaidAfter, receipt.PaidBefore = at(test.after), at(test.before)
		}
		claim, err := journal.Claim(t.Context(), "a", 1)
		if err != nil {
			t.Fatal(err)
		}
		st := ovhrenew.State{
			Version: 1, Renewal: "1", Phase: ovhrenew.PhaseRenewed, Services: []ovhrenew.ServiceID{1}, Time: receipt.Verified,
			Order: 7, Receipt: &receipt, Task: ovhrenew.Task{Services: []ovhrenew.Renewed{{ServiceID: 1, Name: "s"}}},
		}
		if err := errors.Join(claim.Append(t.Context(), st), claim.Release()); err != nil {
			t.Fatal(err)
		}
		var months []string
		for month := 1; month <= 4; month++ {
			first := time.Date(2026, time.Month(month), 1, 0, 0, 0, 0, time.UTC)
			ledger, err := portfolio.ReadLedger(t.Context(), journal, "a", first)
			if err != nil {
				t.Fatal(err)
			}
			if spent, err := ledger.Spent(first.Format("2006-01")); err != nil {
				t.Fatal(err)
			} else if len(spent) > 0 {
				months = append(months, first.Format("2006-01"))
			}
		}
		if got := strings.Join(months, " "); got != test.months {
			t.Errorf("an order that was paid %s counts in %s, want %s", name, got, test.months)
		}
	}
}

// billList answers every list with bills.
type billList []string

func (l billList) Read(context.Context, string, any) error { return errors.New("not asked") }

func (l billList) ReadList(context.Context, string, string) iter.Seq2[json.RawMessage, error] {
	return func(yield func(json.RawMessage, error) bool) {
		for _, bill := range l {
			if !yield(json.RawMessage(bill), nil) {
				return
			}
		}
	}
}

// TestBillsOfNoOrder: what is paid for an order that is not known has no bill, and no other's.
func TestBillsOfNoOrder(t *testing.T) {
	t.Parallel()
	ledger := &portfolio.Ledger{Entries: []portfolio.Entry{{Order: 5}, {}}}
	bills := billList{`{"billId":"FR1","orderId":5}`, `{"billId":"FR2","orderId":0}`, `{"billId":"FR3","orderId":null}`, `{"billId":"FR4"}`, `{"billId":"FR5","orderId":6}`}
	if err := ledger.AddBills(t.Context(), bills); err != nil || ledger.Entries[0].Bill != "FR1" || ledger.Entries[1].Bill != "" {
		t.Errorf("%q and %q, %v", ledger.Entries[0].Bill, ledger.Entries[1].Bill, err)
	}
}
