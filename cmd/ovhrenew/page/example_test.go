package page_test

import (
	"bytes"
	"fmt"
	"log"
	"strings"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/cmd/ovhrenew/page"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// A plan becomes a page; a program writes it to a file or answers a request with it.
func ExamplePlan() {
	plan, err := portfolio.MakePlan(week(), policy("500 EUR"), ovhrenew.MustDate("2026-06-15"))
	if err != nil {
		log.Fatal(err)
	}
	var html bytes.Buffer
	if err := page.Plan(&html, *plan); err != nil {
		log.Fatal(err)
	}
	for line := range strings.Lines(html.String()) {
		if strings.HasPrefix(line, "<h1>") || strings.HasPrefix(line, "<h2") {
			fmt.Print(line)
		}
	}
	// Output:
	// <h1>Renewal plan of 2026-06-15</h1>
	// <h2 id="money">Money</h2>
	// <h2 id="when">What ends when</h2>
	// <h2 id="costs">What it costs</h2>
	// <h2 id="items">What is renewed</h2>
	// <h2 id="left">What is left out</h2>
}

// A report becomes a page too, with what needs a person before everything that went well.
func ExampleReport() {
	report := portfolio.Report{
		Began: time.Date(2026, 6, 15, 8, 0, 0, 0, time.UTC), Ended: time.Date(2026, 6, 15, 8, 5, 0, 0, time.UTC),
		Items: []portfolio.ItemReport{{
			Outcome: portfolio.OutcomeUnsure, Order: 700, Spent: ovhrenew.MustMoney("14.39 EUR"), Why: "the answer never came",
		}},
	}
	var html bytes.Buffer
	if err := page.Report(&html, report); err != nil {
		log.Fatal(err)
	}
	for line := range strings.Lines(html.String()) {
		if strings.HasPrefix(line, "<h1>") || strings.Contains(line, "<h3>May") {
			fmt.Print(line)
		}
	}
	// Output:
	// <h1>Renewals of 2026-06-15</h1>
	// <caption><h3>May have been paid <span class="count">1 order</span></h3><p class="note">It is not known whether these were paid. Do not renew them another way. Apply the plan again, with the same journal, to find out.</p></caption>
}

// What a journal knows to have been paid becomes a page for accounting.
func ExampleLedger() {
	ledger := portfolio.Ledger{Account: "xx1111-ovh", Since: time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC), Entries: []portfolio.Entry{{
		Order: 700, Time: time.Date(2026, 6, 15, 8, 0, 0, 0, time.UTC), Outcome: portfolio.OutcomeUnsure, Gross: ovhrenew.MustMoney("14.39 EUR"),
	}}}
	var html bytes.Buffer
	if err := page.Ledger(&html, ledger, nil); err != nil {
		log.Fatal(err)
	}
	for line := range strings.Lines(html.String()) {
		if strings.HasPrefix(line, "<h1>") || strings.Contains(line, "<h3>May") {
			fmt.Print(line)
		}
	}
	// Output:
	// <h1>Renewals since 2026-06-01</h1>
	// <caption><h3>May have been paid <span class="count">1 order</span></h3><p class="note">It is not known whether these were paid. Do not renew them another way. Whoever renews them again with the same journal finds out.</p></caption>
}
