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

// TestLedger: the page of a ledger speaks of all runs since a day, and tells what was paid
// apart from what may have been.
func TestLedger(t *testing.T) {
	t.Parallel()
	day := func(text string) time.Time { return ovhrenew.MustDate(text).Time() }
	entry := func(order ovhrenew.OrderID, outcome portfolio.Outcome, gross, name string) portfolio.Entry {
		return portfolio.Entry{
			Order: order, Outcome: outcome, Gross: ovhrenew.MustMoney(gross), Period: ovhrenew.P1Y, Time: day("2026-06-03"),
			Services: []ovhrenew.Renewed{{ServiceID: ovhrenew.ServiceID(order), Name: name, From: ovhrenew.MustDate("2026-06-20"), To: ovhrenew.MustDate("2027-06-20")}},
		}
	}
	ledger := portfolio.Ledger{Account: "ovh-eu/xx1111-ovh", Since: day("2026-06-01"), Entries: []portfolio.Entry{
		entry(1, portfolio.OutcomeRenewed, "12 EUR", "one.example.com"), entry(2, portfolio.OutcomeUnsure, "34 EUR", "two.example.com"),
	}}
	var html bytes.Buffer
	if err := page.Ledger(&html, ledger, map[ovhrenew.ServiceID]string{1: "domain-com"}, day("2026-06-30").Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	root := parse(t, html.Bytes())
	said := text(root)
	for _, want := range []string{
		"Renewals since 2026-06-01", "2 orders of ovh-eu/xx1111-ovh, until 2026-06-30 01:00:00 UTC.", "today, 2026-06-30", "domain-com",
		"12.00 EUR", "34.00 EUR", "May have been paid", "two.example.com",
	} {
		if !strings.Contains(said, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	for _, wrong := range []string{"Began", "earlier run", "the day of the report"} {
		if strings.Contains(said, wrong) {
			t.Errorf("the page says %q", wrong)
		}
	}
	if needs := text(section(t, root, "needs")); !strings.Contains(needs, "two.example.com") || strings.Contains(needs, "one.example.com") {
		t.Errorf("what needs a person: %s", needs)
	}
}
