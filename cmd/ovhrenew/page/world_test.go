// The accounts, plans and reports that the tests of all pages are about.

package page_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/cmd/ovhrenew/page"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

var update = flag.Bool("update", false, "write testdata anew")

// golden compares with testdata/NAME.html.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name+".html")
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s differs (-want +got); -update writes it anew:\n%s", path, diff)
	}
}

func planHTML(tb testing.TB, plan portfolio.Plan) []byte {
	tb.Helper()
	var b bytes.Buffer
	if err := page.Plan(&b, plan); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

func reportHTML(tb testing.TB, report portfolio.Report) []byte {
	tb.Helper()
	var b bytes.Buffer
	if err := page.Report(&b, report); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

var day = ovhrenew.MustDate("2026-06-15")

// service is one that was surveyed, with an offer for a year by itself if it has a price.
func service(id ovhrenew.ServiceID, name, product, expiry, price string) portfolio.Surveyed {
	s := portfolio.Surveyed{OffersRead: true, Service: ovhrenew.Service{Product: product, Created: ovhrenew.MustDate("2020-03-01")}}
	s.ID, s.Name = id, name
	if expiry != "" {
		s.Expiry = ovhrenew.MustDate(expiry)
	}
	if price != "" {
		s.Offers = []ovhrenew.Offer{offer(price, id)}
	}
	return s
}

func offer(price string, ids ...ovhrenew.ServiceID) ovhrenew.Offer {
	m := ovhrenew.MustMoney(price)
	return ovhrenew.Offer{Service: ids[0], Period: ovhrenew.P1Y, Strategy: ovhrenew.RenewStrategy{Price: m, PriceInUcents: m.Ucents(), Services: ids}}
}

// week has one of most things that a plan can have.
func week() []portfolio.Surveyed {
	services := []portfolio.Surveyed{
		service(101, "shop.example.fr", "perso2014", "2026-06-18", "35.88 EUR"),
		service(102, "shop.example.fr", "domain-fr", "2026-06-19", "6.99 EUR"),
		service(103, "shop.example.com", "domain-com", "2026-06-21", "11.99 EUR"),
		service(104, "café.example.eu", "domain-eu", "2026-07-02", "8.49 EUR"),
		service(201, "later.example.com", "domain-com", "2026-12-24", "11.99 EUR"),
		service(202, "own.example.com", "domain-com", "2026-06-17", "11.99 EUR"),
		service(203, "debt.example.com", "domain-com", "2026-06-17", "11.99 EUR"),
		service(205, "keep.example.com", "domain-com", "2026-06-23", "11.99 EUR"),
		service(206, "silent.example.com", "domain-com", "2026-07-06", ""),
		service(207, "endless.example.com", "zone", "", ""),
		service(208, "expired.example.com", "domain-com", "2026-06-09", "11.99 EUR"),
		service(209, "dear.example.com", "domain-com", "2026-07-09", "900 EUR"),
	}
	services[0].Offers = append(services[0].Offers, offer("46.87 EUR", 101, 103))
	services[5].Mode, services[5].NextDate = ovhrenew.ModeAutomatic, services[5].Expiry
	services[6].Lifecycle = "unpaid"
	services[8].OffersRead = false
	return services
}

func policy(totals ...string) portfolio.Policy {
	p := portfolio.Policy{Period: ovhrenew.P1Y, TaxPercent: "20"}
	for _, total := range totals {
		p.Total = append(p.Total, ovhrenew.MustMoney(total))
	}
	return p
}

func mustPlan(tb testing.TB, services []portfolio.Surveyed, policy portfolio.Policy) portfolio.Plan {
	tb.Helper()
	plan, err := portfolio.MakePlan(services, policy, day)
	if err != nil {
		tb.Fatal(err)
	}
	return *plan
}

// abroad has services that are offered in three currencies.
func abroad() []portfolio.Surveyed {
	return []portfolio.Surveyed{
		service(1, "a.example.com", "domain-com", "2026-06-18", "11.99 EUR"),
		service(2, "b.example.com", "domain-com", "2026-06-19", "12.99 USD"),
		service(3, "c.example.pl", "domain-pl", "2026-06-20", "49.99 PLN"),
		service(4, "d.example.com", "domain-com", "2026-07-14", "11.99 USD"),
		service(5, "e.example.com", "vps-starter", "2026-07-02", "0.10 EUR"),
		service(6, "f.example.com", "vps-starter", "2026-07-02", "0.20 EUR"),
	}
}

// farPlan has ends over years, and one that is not known.
func farPlan(tb testing.TB) portfolio.Plan {
	var services []portfolio.Surveyed
	for i := range 60 {
		s := service(ovhrenew.ServiceID(i+1), fmt.Sprintf("far%d.example.com", i), fmt.Sprintf("product-%d", i%9), "", fmt.Sprintf("%d.05 EUR", 10+i))
		s.Expiry = day.AddDays(12*i - 90)
		services = append(services, s)
	}
	policy := policy("5000 EUR")
	policy.DueWithinDays = 500
	plan := mustPlan(tb, services, policy)
	plan.LeftOut = append(plan.LeftOut, portfolio.LeftOut{ID: 99, Name: "unknown.example.com", Why: portfolio.LeftUnclear, Reason: "it was found twice"})
	return plan
}

// hostile are names and reasons that nobody means well with.
var hostile = []string{
	`<script>alert(1)</script>`, `</title></style><img src=x onerror=alert(1)>`, `" onmouseover="alert(1)`,
	`'--><svg onload=alert(1)>`, "\u202egnp.exe\u202c", "\u2066a\u2069", "a\x00b\x1b[2J\r\nc", "\xff\xfe", "",
	"{{.}}", "javascript:alert(1)", `http://192.0.2.1/x.png`, "url(//192.0.2.1)", "&lt;b&gt;", "مثال.example", "דוגמה.example",
	"Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f\u0334\u0319\u0324\u031e\u0349\u035a", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
}

// hostilePlan has hostile texts wherever a plan has a text.
func hostilePlan() portfolio.Plan {
	plan := portfolio.Plan{Made: day, Fingerprint: hostile[0], Policy: policy("900 EUR")}
	for i, text := range hostile {
		id := ovhrenew.ServiceID(i + 1)
		plan.Items = append(plan.Items, portfolio.PlanItem{
			Via: id, Period: ovhrenew.Period(text), Price: ovhrenew.MustMoney("10 EUR"), Limit: ovhrenew.MustMoney("12 EUR"), Reason: text,
			Services: []portfolio.PlannedService{{ID: id, Name: text, Product: text, Expiry: day.AddDays(i), NewExpiry: day.AddDays(i + 365)}},
		})
		plan.LeftOut = append(plan.LeftOut, portfolio.LeftOut{ID: id + 1000, Name: text, Why: portfolio.LeftWhy(text), Reason: text, Expiry: day.AddDays(i)})
	}
	foreign := ovhrenew.NewMoney(1_200_000_000, ovhrenew.Currency(hostile[0]))
	plan.Items = append(plan.Items, portfolio.PlanItem{Via: 900, Price: foreign, Limit: foreign, Services: []portfolio.PlannedService{{ID: 900}}})
	return plan
}

// mixedReport has every outcome, and money of every certainty.
func mixedReport(tb testing.TB) portfolio.Report {
	plan := mustPlan(tb, append(week(), abroad()...), policy("2000 EUR", "500 USD", "500 PLN"))
	began := time.Date(2026, 6, 15, 8, 30, 0, 0, time.UTC)
	report := portfolio.Report{Began: began, Ended: began.Add(42 * time.Minute)}
	for i, item := range plan.Items {
		r := portfolio.ItemReport{Item: item, Outcome: portfolio.OutcomeRenewed, Order: ovhrenew.OrderID(700 + i), Spent: item.Limit}
		for _, s := range item.Services {
			r.Services = append(r.Services, ovhrenew.Renewed{ServiceID: s.ID, Name: s.Name, From: s.Expiry, To: s.NewExpiry})
		}
		unfinished := func(o portfolio.Outcome, why string, spent ovhrenew.Money) {
			r.Outcome, r.Why, r.Spent, r.Services = o, why, spent, nil
		}
		switch i {
		case 1:
			r.Already = true
		case 2:
			unfinished(portfolio.OutcomeUnsure, "renewing: pay: it is not known whether order 702 was paid [it may have been paid]", item.Limit)
		case 3:
			unfinished(portfolio.OutcomePaid, "order 703: not visible yet: its status is \"delivering\" [it was paid]", item.Limit)
		case 4:
			unfinished(portfolio.OutcomeOrdered, "pay: the card was refused [nothing was paid]", ovhrenew.Money{})
		case 5:
			unfinished(portfolio.OutcomeRefused, "order: somebody's order <4711> may be for the same", ovhrenew.Money{})
			r.Order = 0
		case 6:
			unfinished(portfolio.OutcomeSkipped, "stopped: it is not known whether order 702 was paid", ovhrenew.Money{})
			r.Order = 0
		case 7:
			r.Unexpected, r.Services[0].To = true, r.Services[0].To.AddDays(30)
		}
		report.Items = append(report.Items, r)
	}
	return report
}

// agency is a simulated account of n services, planned, and, if told to, renewed.
func agency(t *testing.T, n int, apply bool) (plan portfolio.Plan, report portfolio.Report) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		server := ovhrenewtest.StartPipe(t, ovhrenewtest.Behaviour{DeliveryDelay: time.Minute})
		ovhrenewtest.Agency(server, n, 1)
		client, err := ovhrenew.NewWithConfig(server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited, Transport: server.Transport()})
		if err != nil {
			t.Fatal(err)
		}
		policy, today := policy("5000000 EUR"), ovhrenew.DateOf(time.Now())
		policy.Exceptions = []portfolio.PeriodException{{Services: portfolio.Selection{Products: []string{"*vps*", "*server*"}}, Period: ovhrenew.P1M}}
		made, err := survey(t.Context(), client, policy, today)
		if err != nil {
			t.Fatal(err)
		}
		plan = *made
		if !apply {
			return
		}
		journal, err := ovhrenew.OpenJournal(t.TempDir(), ovhrenew.OnlyJournal)
		if err != nil {
			t.Fatal(err)
		}
		done, err := portfolio.Apply(t.Context(), client, made, portfolio.Options{PayWith: ovhrenew.DefaultMethod, Journal: journal})
		if err != nil {
			t.Fatal(err)
		}
		report = *done
	})
	return plan, report
}

func survey(ctx context.Context, client *ovhrenew.API, policy portfolio.Policy, today ovhrenew.Date) (*portfolio.Plan, error) {
	wants, err := policy.Wants(today)
	if err != nil {
		return nil, err
	}
	var services []portfolio.Surveyed
	for s, err := range portfolio.Survey(ctx, client, portfolio.Query{Offers: wants}) {
		if err != nil {
			return nil, fmt.Errorf("survey: %w", err)
		}
		services = append(services, s)
	}
	return portfolio.MakePlan(services, policy, today)
}
