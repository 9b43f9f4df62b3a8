package portfolio_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// named is a service by the name that its id has in these scenarios.
func named(id ovhrenew.ServiceID, name, product string, expiry string) portfolio.Surveyed {
	s := portfolio.Surveyed{OffersRead: true, Service: ovhrenew.Service{Product: product, Created: ovhrenew.MustDate("2020-03-01")}}
	s.ID, s.Name, s.Expiry = id, name, ovhrenew.MustDate(expiry)
	return s
}

func guideServices() []portfolio.Surveyed {
	services := []portfolio.Surveyed{
		named(12345, "example.ovh", "domain-ovh", "2026-06-25"),
		named(67890, "example.ovh", "perso2014", "2026-06-28"),
		named(11223344, "vps112233.ovh.net", "vps-starter-1-2-20", "2026-06-20"),
	}
	offerAll(services, "P1M", ovhrenew.MustMoney("5.99 EUR"), 11223344)
	offerAll(services, "P3M", ovhrenew.MustMoney("17.97 EUR"), 11223344)
	offerAll(services, "P1Y", ovhrenew.MustMoney("64.69 EUR"), 11223344)
	offerAll(services, "P1Y", ovhrenew.MustMoney("1.99 EUR"), 12345)
	offerAll(services, "P1Y", ovhrenew.MustMoney("37.87 EUR"), 67890, 12345)
	return services
}

// agencyWeek has one of everything that makes a difference.
func agencyWeek() []portfolio.Surveyed {
	services := []portfolio.Surveyed{
		named(101, "shop.example.fr", "perso2014", "2026-06-18"),
		named(102, "shop.example.fr", "domain-fr", "2026-06-19"),
		named(103, "shop.example.com", "domain-com", "2026-06-21"),
		named(104, "shop.example.eu", "domain-eu", "2026-06-22"),
		named(105, "shop.example.fr", "zone", "2020-02-29"), // before it was created
		named(201, "later.example.com", "domain-com", "2026-12-24"),
		named(202, "own.example.com", "domain-com", "2026-06-17"),
		named(203, "debt.example.com", "domain-com", "2026-06-17"),
		named(204, "gone.example.com", "domain-com", "2026-06-10"),
		named(205, "keep.example.com", "domain-com", "2026-06-23"),
		named(206, "silent.example.com", "domain-com", "2026-06-24"),
		named(207, "empty.example.com", "domain-com", "2026-06-24"),
		named(208, "expired.example.com", "domain-com", "2026-06-09"),
		named(209, "busy.example.com", "domain-com", "2026-06-26"),
	}
	set := func(id ovhrenew.ServiceID, change func(*portfolio.Surveyed)) {
		for i := range services {
			if services[i].ID == id {
				change(&services[i])
			}
		}
	}
	set(202, func(s *portfolio.Surveyed) { s.Mode, s.NextDate = ovhrenew.ModeAutomatic, s.Expiry })
	set(203, func(s *portfolio.Surveyed) { s.Lifecycle = "unpaid" })
	set(204, func(s *portfolio.Surveyed) {
		s.PendingActions = []string{"deleteAtExpiration"}
	})
	set(206, func(s *portfolio.Surveyed) { s.OffersRead = false })
	set(209, func(s *portfolio.Surveyed) {
		s.PendingActions = []string{"autorenewInProgress"}
	})
	year := func(price string, ids ...ovhrenew.ServiceID) {
		offerAll(services, "P1Y", ovhrenew.MustMoney(price), ids...)
	}
	year("35.88 EUR", 101)
	year("6.99 EUR", 102)
	year("11.99 EUR", 103)
	year("8.49 EUR", 104)
	year("41.99 EUR", 101, 102) // 0.88 less than apart
	year("46.87 EUR", 101, 103) // 1.00 less
	year("53.36 EUR", 101, 102, 104)
	year("11.99 EUR", 201)
	year("11.99 EUR", 202)
	year("11.99 EUR", 205)
	offerAll(services, "P2Y", ovhrenew.MustMoney("23.98 EUR"), 207)
	year("11.99 EUR", 208)
	return services
}

func euroTotal(total string) portfolio.Policy {
	return portfolio.Policy{Period: ovhrenew.P1Y, TaxPercent: "20", Total: []ovhrenew.Money{ovhrenew.MustMoney(total)}}
}

func TestPlanGolden(t *testing.T) {
	t.Parallel()
	with := func(p portfolio.Policy, change func(*portfolio.Policy)) portfolio.Policy {
		change(&p)
		return p
	}
	// A hosting that needs no renewal yet, offered together with its domain only.
	early := func() []portfolio.Surveyed {
		services := guideServices()[:2]
		services[1].Expiry = ovhrenew.MustDate("2026-11-28")
		services[0].Offers = services[0].Offers[1:]
		return services
	}
	abroad := func() []portfolio.Surveyed {
		services := []portfolio.Surveyed{
			named(1, "a.example.com", "domain-com", "2026-06-18"), named(2, "b.example.com", "domain-com", "2026-06-19"),
			named(3, "c.example.pl", "domain-pl", "2026-06-20"), named(4, "d.example.com", "domain-com", "2026-06-21"),
		}
		offerAll(services, "P1Y", ovhrenew.MustMoney("12.99 USD"), 1)
		offerAll(services, "P1Y", ovhrenew.MustMoney("11.99 EUR"), 1)
		offerAll(services, "P1Y", ovhrenew.MustMoney("12.99 USD"), 2)
		offerAll(services, "P1Y", ovhrenew.MustMoney("20 USD"), 1, 2)
		offerAll(services, "P1Y", ovhrenew.MustMoney("49.99 PLN"), 3)
		offerAll(services, "P1Y", ovhrenew.MustMoney("11.99 USD"), 4)
		return services
	}
	for name, test := range map[string]struct {
		services []portfolio.Surveyed
		policy   portfolio.Policy
	}{
		"guide": {guideServices(), euroTotal("500 EUR")},
		"guide-periods": {guideServices(), with(euroTotal("500 EUR"), func(p *portfolio.Policy) {
			p.Exceptions = []portfolio.PeriodException{
				{Services: portfolio.Selection{Products: []string{"vps-*"}}, Period: ovhrenew.P3M},
				{Services: portfolio.Selection{IDs: []ovhrenew.ServiceID{67890}}, Period: ovhrenew.P2Y},
			}
		})},
		"agency-week": {agencyWeek(), euroTotal("500 EUR")},
		"agency-week-tight": {agencyWeek(), with(euroTotal("90 EUR"), func(p *portfolio.Policy) {
			p.RenewAutomatic = true
			p.Never = []portfolio.Selection{{Names: []string{"KEEP.*"}}}
		})},
		"agency-week-limits": {agencyWeek(), with(euroTotal("500 EUR"), func(p *portfolio.Policy) {
			p.PerOrder, p.PerService = []ovhrenew.Money{ovhrenew.MustMoney("50 EUR")}, []ovhrenew.Money{ovhrenew.MustMoney("14 EUR")}
		})},
		"along-refused": {early(), euroTotal("500 EUR")},
		"along-allowed": {early(), with(euroTotal("500 EUR"), func(p *portfolio.Policy) {
			p.Along = []portfolio.Selection{{IDs: []ovhrenew.ServiceID{67890}}}
		})},
		"currencies": {abroad(), with(euroTotal("500 EUR"), func(p *portfolio.Policy) {
			p.Total = append(p.Total, ovhrenew.MustMoney("14.50 USD"))
		})},
		"no-limit": {guideServices(), portfolio.Policy{Period: ovhrenew.P1Y, TaxPercent: "20"}},
		"nothing":  {nil, euroTotal("500 EUR")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			plan := mustPlan(t, test.services, test.policy)
			data, err := json.MarshalIndent(plan, "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			planGolden(t, name+".json", append(data, '\n'))
			planGolden(t, name+".txt", []byte(plan.String()))
			var read portfolio.Plan
			if err := json.Unmarshal(data, &read); err != nil {
				t.Errorf("reading it again: %v", err)
			}
		})
	}
}

// planGolden compares with testdata/plan/NAME; UPDATE_GOLDEN=1 writes it instead.
func planGolden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", "plan", name)
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
	if bytes.ContainsRune(got, '\x1b') {
		t.Errorf("%s has control characters", path)
	}
}

// Names come from elsewhere: what they do to a terminal stays out of the text.
func TestPlanTextIsPrintable(t *testing.T) {
	t.Parallel()
	services := guideServices()
	services[0].Name, services[1].Name = "evil\x1b[2J\tname\nnext", ""
	text := mustPlan(t, services, euroTotal("50 EUR")).String()
	if strings.ContainsAny(text, "\x1b\t") || strings.Contains(text, "\nnext") || !strings.Contains(text, `"evil\x1b[2J\tname\nnext"`) || !strings.Contains(text, "+ service 67890\n") {
		t.Errorf("the text is %q", text)
	}
}
