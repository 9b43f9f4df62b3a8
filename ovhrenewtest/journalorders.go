package ovhrenewtest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/ovhrenew/ovhrenew"
)

func orders(t *testing.T, j ovhrenew.Journal, since time.Time) []ovhrenew.OrderFact {
	t.Helper()
	facts, err := j.Orders(t.Context(), account, since)
	if err != nil {
		t.Fatalf("Orders = %v", err)
	}
	for i := range facts {
		facts[i].Date = facts[i].Date.UTC()
	}
	return facts
}

func remember(t *testing.T, j ovhrenew.Journal, facts ...ovhrenew.OrderFact) {
	t.Helper()
	wantError(t, "Remember", j.Remember(t.Context(), account, facts...), nil)
}

func testOwnOrders(t *testing.T, a, b ovhrenew.Journal) {
	sameStates(t, "Orders of a new journal", nil, orders(t, a, time.Time{}))
	ordered, again := state("r", "ordered", 1, 1, 2), state("r", "ordered", 4, 1, 2)
	ordered.Order, again.Order = 11, 12
	closed := state("r", "closed", 3, 1, 2)
	closed.Order = 11
	write(t, a, state("r", "ordering", 0, 1, 2), ordered, closed, again)
	first := ovhrenew.OrderFact{Order: 11, Date: ordered.Time, Services: []ovhrenew.ServiceID{1, 2}}
	second := ovhrenew.OrderFact{Order: 12, Date: again.Time, Services: []ovhrenew.ServiceID{1, 2}}
	held := claim(t, b, 1) // in nobody's way
	sameStates(t, "Orders", []ovhrenew.OrderFact{first, second}, orders(t, b, time.Time{}))
	sameStates(t, "Orders since a time", []ovhrenew.OrderFact{second}, orders(t, b, ordered.Time.Add(time.Second)))
	sameStates(t, "Orders since the time of one", []ovhrenew.OrderFact{first, second}, orders(t, a, ordered.Time))
	release(t, held)
	// What is read of an own order does not make it foreign.
	told := ovhrenew.OrderFact{Order: 11, Date: ordered.Time.Add(-time.Second), Names: []string{"a"}, Status: ovhrenew.OrderDelivered}
	remember(t, b, told)
	told.Services = first.Services
	sameStates(t, "Orders with what was read of one", []ovhrenew.OrderFact{told, second}, orders(t, a, time.Time{}))
}

func testForeignOrders(t *testing.T, a, b ovhrenew.Journal) {
	one := ovhrenew.OrderFact{Order: 1, Date: noon, Names: []string{"é.ovh", "*"}, Prices: []ovhrenew.Money{ovhrenew.MustMoney("12.00 EUR")}, Vague: true}
	two := ovhrenew.OrderFact{Order: 2, Date: noon.AddDate(0, -2, 0)}
	claimsOwn := two
	claimsOwn.Services = []ovhrenew.ServiceID{1} // which only states can say
	remember(t, a, one, claimsOwn)
	sameStates(t, "Orders", []ovhrenew.OrderFact{two, one}, orders(t, b, time.Time{}))
	sameStates(t, "Orders since a time", []ovhrenew.OrderFact{one}, orders(t, b, noon.AddDate(0, -1, 0)))
	one.Vague, one.Status = false, ovhrenew.OrderCancelled
	remember(t, b, one)
	remember(t, b)
	sameStates(t, "Orders after more is known", []ovhrenew.OrderFact{two, one}, orders(t, a, time.Time{}))
	for _, fact := range []ovhrenew.OrderFact{{Date: noon}, {Order: 3}} {
		wantError(t, fmt.Sprintf("Remember(%+v)", fact), a.Remember(t.Context(), account, fact), ovhrenew.ErrBadInput)
	}
}

func receipts(t *testing.T, j ovhrenew.Journal, since time.Time) []ovhrenew.Receipt {
	t.Helper()
	var all []ovhrenew.Receipt
	for receipt, err := range j.Receipts(t.Context(), account, since) {
		if err != nil {
			t.Fatalf("Receipts = %v", err)
		}
		all = append(all, receipt)
	}
	return all
}

func testReceipts(t *testing.T, a, b ovhrenew.Journal) {
	var want []ovhrenew.Receipt
	var states []ovhrenew.State
	for n := range 5 {
		receipt := ovhrenew.Receipt{
			Services: []ovhrenew.Renewed{{ServiceID: 1, Name: "é", From: ovhrenew.MustDate("2026-12-01"), To: ovhrenew.MustDate("2027-12-01")}},
			Order:    ovhrenew.OrderID(100 + n), Price: ovhrenew.MustMoney("1 EUR"), Verified: noon,
		}
		s := state(fmt.Sprint(n), "renewed", n*60*24*20, 1) // over several months
		s.Order, s.Receipt = receipt.Order, &receipt
		want, states = append(want, receipt), append(states, s)
	}
	states[0], states[1] = states[1], states[0] // what ended earlier may be written later
	write(t, a, states...)
	write(t, a, state("closed", "closed", 1, 1), state("open", "paying", 2, 1))
	held := claim(t, a, 1) // in nobody's way
	defer release(t, held)
	sameStates(t, "Receipts", want, receipts(t, b, time.Time{}))
	sameStates(t, "Receipts since a time", want[3:], receipts(t, b, states[3].Time))
	sameStates(t, "Receipts since later", nil, receipts(t, b, states[4].Time.Add(time.Second)))
	for receipt, err := range b.Receipts(t.Context(), account, time.Time{}) {
		if err != nil || receipt.Order != want[0].Order {
			t.Errorf("the first of Receipts = %v, %v", receipt, err)
		}
		break
	}
}

// testReceiptsStay wants each receipt of a renewal and an order told once, and as it was first
// kept, whatever becomes of the renewal.
func testReceiptsStay(t *testing.T, a, b ovhrenew.Journal) {
	const months = 70 * 24 * 60
	renewed := func(renewal string, order ovhrenew.OrderID, kept string, n int) ovhrenew.State {
		s := state(renewal, "renewed", n, 1)
		s.Order, s.Receipt = order, &ovhrenew.Receipt{Order: order, PaidWith: kept}
		return s
	}
	open := renewed("open", 13, "not", 3)
	open.Phase = "paid"
	var all, late []ovhrenew.Receipt
	for i, s := range []ovhrenew.State{
		renewed("r", 11, "first", 1), renewed("r", 11, "later", 2), renewed("r", 11, "earlier", 0),
		renewed("r", 11, "later", months), renewed("r", 11, "earlier", -months),
		state("r", "ordering", 4, 1), state("r", "closed", 5, 1), state("r", "renewed", 6, 1), // without one
		renewed("r", 12, "first", 7), renewed("r", 11, "again", 8), renewed("r", 12, "later", 9),
		renewed("another", 11, "first", 10), renewed("free", 0, "first", 11), renewed("free", 0, "later", 12), open,
	} {
		write(t, []ovhrenew.Journal{a, b}[i%2], s)
		if s.Receipt != nil && s.Receipt.PaidWith == "first" {
			all = append(all, *s.Receipt)
			late = all[1:]
		}
		what := fmt.Sprintf("after step %d, %s %s of order %d, Receipts", i, s.Renewal, s.Phase, s.Order)
		sameStates(t, what, all, receipts(t, a, time.Time{}))
		sameStates(t, what+" since the second minute", late, receipts(t, b, noon.Add(2*time.Minute)))
	}
}

// testAccounts wants accounts apart, or a second one refused.
func testAccounts(t *testing.T, a, b ovhrenew.Journal) {
	s := state("r", "renewed", 0, 1)
	s.Order, s.Receipt = 11, &ovhrenew.Receipt{Order: 11}
	write(t, a, s)
	held := claim(t, a, 1)
	defer release(t, held)
	const other = "zz99999-ovh"
	c, err := b.Claim(t.Context(), other, 1)
	facts, ordersErr := b.Orders(t.Context(), other, time.Time{})
	rememberErr := b.Remember(t.Context(), other, ovhrenew.OrderFact{Order: 12, Date: noon})
	var receiptsErr error
	for receipt, err := range b.Receipts(t.Context(), other, time.Time{}) {
		if receiptsErr = err; err == nil {
			t.Errorf("another account has the receipt %v", receipt)
		}
	}
	for _, e := range []error{err, ordersErr, rememberErr, receiptsErr} {
		if errors.Is(e, ovhrenew.ErrJournal) != (err != nil) || errors.Is(e, ovhrenew.ErrBusy) {
			t.Fatalf("for another account the errors are %v, %v, %v and %v, want none or all of them %v",
				err, ordersErr, rememberErr, receiptsErr, ovhrenew.ErrJournal)
		}
	}
	if err == nil {
		sameStates(t, "States of another account", nil, c.States())
		release(t, c)
	}
	if len(facts) != 0 {
		t.Errorf("another account has the orders %v", facts)
	}
	for _, fact := range orders(t, a, time.Time{}) {
		if fact.Order != 11 {
			t.Errorf("the account has another's order: %v", fact)
		}
	}
}
