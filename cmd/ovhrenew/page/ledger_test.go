package page_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/cmd/ovhrenew/page"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// A ledger spans many runs: its page has every entry with its product, and says nothing of
// one run, of one plan, or of what one run has left.
func TestLedger(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 6, 15, 12, 0, 0, 0, time.UTC)
	entry := func(id ovhrenew.ServiceID, o portfolio.Outcome) portfolio.Entry {
		return portfolio.Entry{
			Order: ovhrenew.OrderID(100 + id), Time: noon, Until: noon.Add(time.Second), Outcome: o, Gross: ovhrenew.MustMoney("12 EUR"), Period: "P1Y",
			Services: []ovhrenew.Renewed{{ServiceID: id, Name: "<s>.example", From: ovhrenew.MustDate("2026-06-20"), To: ovhrenew.MustDate("2027-06-20")}},
		}
	}
	ledger := portfolio.Ledger{Account: "xx1111-ovh", Since: noon.AddDate(0, 0, -14), Entries: []portfolio.Entry{
		entry(1, portfolio.OutcomeRenewed), entry(2, portfolio.OutcomePaid), entry(3, portfolio.OutcomeUnsure),
	}}
	var b bytes.Buffer
	if err := page.Ledger(&b, ledger, map[ovhrenew.ServiceID]string{1: "domain-ovh"}); err != nil {
		t.Fatal(err)
	}
	text := b.String()
	for _, want := range []string{
		"<h1>Renewals since 2026-06-01</h1>", "3 orders of account xx1111-ovh", "101", "102", "103", "domain-ovh", "&lt;s&gt;.example",
		"Whoever renews them again with the same journal finds out", "the payment was sent at 2026-06-15 12:00:00 UTC", "May have been paid", "the first day of the ledger",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	for _, not := range []string{"the plan", "This run", "this run", "Began at", "earlier run", "day of the report"} {
		if strings.Contains(text, not) {
			t.Errorf("the page of many runs says %q", not)
		}
	}
	ledger.Entries[0].Gross, ledger.Entries[1].Outcome = ovhrenew.NewMoney(1<<63-1, "EUR"), portfolio.OutcomeRenewed
	if err := page.Ledger(&b, ledger, nil); err == nil {
		t.Error("a sum that is out of range is no error")
	}
}
