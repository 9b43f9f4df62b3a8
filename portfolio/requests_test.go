package portfolio_test

import (
	"flag"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

var large = flag.Bool("large", false, "count the requests of large accounts too")

// bill is what a night may cost.
type bill struct {
	name      string
	services  int
	behaviour ovhrenewtest.Behaviour
	apply     float64       // requests for each item, from the plan to verified
	all       float64       // the same with survey and offers
	minutes   time.Duration // for each 1,000 items; 0: any
}

func TestRequests(t *testing.T) {
	t.Parallel()
	lag := ovhrenewtest.Behaviour{DeliveryDelay: time.Minute, ListLag: 6 * time.Second}
	stale := lag
	stale.StaleCache, stale.StalePages = 5*time.Minute, true
	for _, tt := range []bill{
		{"800 services", 800, lag, 6, 7.5, 0},
		{"800 services, pages from a cache", 800, stale, 25, 27, 0},
		{"8,000 services", 8_000, lag, 4.5, 6, 75 * time.Minute},
		{"8,000 services, pages from a cache", 8_000, stale, 25, 27, 0},
		{"75,000 services", 75_000, lag, 5, 6, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.services > 1000 && !*large {
				t.Skip("with -large")
			}
			synctest.Test(t, func(t *testing.T) { tt.count(t) })
		})
	}
}

func (b bill) count(t *testing.T) {
	w := agency(t, b.services, 1, b.behaviour)
	client := w.client(nil)
	journal, err := ovhrenew.OpenJournal(t.TempDir(), ovhrenew.OnlyJournal)
	if err != nil {
		t.Fatal(err)
	}
	plan := w.plan(t.Context(), client)
	before := len(w.server.Requests())
	began := time.Now()
	report, err := portfolio.Apply(t.Context(), client, plan, portfolio.Options{PayWith: ovhrenew.DefaultMethod, Journal: journal})
	if err != nil {
		t.Fatal(err)
	}
	took := time.Since(began)
	w.holds(plan)
	w.agrees(report)
	n := float64(len(plan.Items))
	if renewed := report.Count(portfolio.OutcomeRenewed); renewed != len(plan.Items) {
		t.Errorf("%d of %d items are renewed", renewed, len(plan.Items))
	}
	requests := w.server.Requests()
	logRoutes(t, requests[before:])
	apply, all := float64(len(requests)-before)/n, float64(len(requests))/n
	t.Logf("%s: %.0f items, %.2f requests each, %.2f with the survey; %v", b.name, n, apply, all, took)
	if apply > b.apply || all > b.all {
		t.Errorf("%.2f requests for each item, %.2f with the survey, want at most %.2f and %.2f", apply, all, b.apply, b.all)
	}
	if most := time.Duration(float64(b.minutes) * n / 1000); b.minutes > 0 && took > most {
		t.Errorf("it took %v, want at most %v", took, most)
	}
	for _, route := range []string{ovhrenewtest.RouteOrder, ovhrenewtest.RoutePay} {
		if got := w.server.Count(route); got != len(plan.Items) {
			t.Errorf("%s was sent %d times for %d items", route, got, len(plan.Items))
		}
	}
}

func logRoutes(t *testing.T, requests []ovhrenewtest.Request) {
	t.Helper()
	counts := map[string]int{}
	for _, r := range requests {
		counts[r.Route]++
	}
	var routes []string
	for route := range counts {
		routes = append(routes, route)
	}
	slices.SortFunc(routes, func(a, b string) int { return counts[b] - counts[a] })
	for _, route := range routes {
		t.Logf("%6d %s", counts[route], route)
	}
}
