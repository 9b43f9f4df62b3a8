// How many requests a plan takes, by route.

package portfolio_test

import (
	"flag"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

var large = flag.Bool("large", false, "count the requests of large accounts too")

const (
	routeService = "GET /services/{serviceId}"
	routePages   = "GET /services"
	routeOrders  = "GET /me/order"
	routeLines   = "GET /me/order/{orderId}/details"
)

// bill is what a night may cost.
type bill struct {
	name      string
	services  int
	behaviour ovhrenewtest.Behaviour
	apply     float64       // requests for each item, from the plan to verified
	all       float64       // the same with survey and offers
	minutes   time.Duration // for each 1,000 items; 0: any
	heap      uint64        // how much may live of it at the end, the server's part included; 0: any
}

// onePass is how a day goes: a minute to deliver, and an order shows late in the list.
func onePass() ovhrenewtest.Behaviour {
	return ovhrenewtest.Behaviour{DeliveryDelay: time.Minute, ListLag: 6 * time.Second}
}

// fromCache is the same with pages of a cache that ignores Pragma.
func fromCache() ovhrenewtest.Behaviour {
	b := onePass()
	b.StaleCache, b.StalePages = 5*time.Minute, true
	return b
}

func TestRequests(t *testing.T) {
	t.Parallel()
	for _, tt := range []bill{
		{"800 services", 800, onePass(), 4.8, 6, 0, 0},
		{"800 services, pages from a cache", 800, fromCache(), 4.8, 6, 0, 0},
		{"8,000 services", 8_000, onePass(), 4.5, 6, 75 * time.Minute, 0},
		{"8,000 services, pages from a cache", 8_000, fromCache(), 4.5, 6, 0, 0},
		{"80,000 services", 80_000, onePass(), 5, 6, 75 * time.Minute, 200_000_000},
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
	plan := w.plan(t.Context(), client)
	n, surveyed := float64(len(plan.Items)), len(w.server.Requests())
	w.server.Forget()
	before, peak := liveHeap(), uint64(0)
	began := time.Now()
	w.night(plan, w.fileJournal(), func(p portfolio.Progress) {
		if p.Renewed == p.Items {
			peak = liveHeap()
		}
	})
	took := time.Since(began)
	if grown := int64(peak) - int64(before); b.heap > 0 {
		t.Logf("%d MB more live at the end", grown/1_000_000)
		if grown > int64(b.heap) {
			t.Errorf("%d bytes more live at the end, want at most %d", grown, b.heap)
		}
	}
	routes := w.routes()
	apply := float64(total(routes)) / n
	all := apply + float64(surveyed)/n
	t.Logf("%s: %.0f items, %.2f requests each, %.2f with the survey; %v", b.name, n, apply, all, took)
	if apply > b.apply || all > b.all {
		t.Errorf("%.2f requests for each item, %.2f with the survey, want at most %.2f and %.2f", apply, all, b.apply, b.all)
	}
	if most := time.Duration(float64(b.minutes) * n / 1000); b.minutes > 0 && took > most {
		t.Errorf("it took %v, want at most %v", took, most)
	}
	services := 0
	for _, item := range plan.Items {
		services += len(item.Services)
	}
	pages := float64((b.services + 999) / 1000)
	rounds := max(n/pages/12, took.Minutes()/20) + 6 // the pages are read for 12 items each, and after 20 minutes for fewer
	// The least is an order, a payment, and, before each payment, a reading of each
	// expiry and of the status; the rest is what looks share, and what the first renewal
	// costs, which goes alone.
	for route, most := range map[string]float64{
		ovhrenewtest.RouteOrder:  n,
		ovhrenewtest.RoutePay:    n,
		ovhrenewtest.RouteStatus: n + n/150 + 12,
		routeService:             float64(services) + n/150 + 12,
		routeOrders:              n/4 + 5,
		routePages:               pages * rounds,
	} {
		if got := float64(routes[route]); got > most {
			t.Errorf("%s: %.0f requests, want at most %.0f", route, got, most)
		}
		delete(routes, route)
	}
	if others := total(routes); others > 20+3*int(took.Hours()) {
		t.Errorf("%d requests to other routes: %v", others, routes)
	}
}

func liveHeap() uint64 {
	var stats runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}

func (w *world) fileJournal() ovhrenew.Journal { return w.journalFor(ovhrenew.OnlyJournal) }

func (w *world) journalFor(sharing ovhrenew.Sharing) ovhrenew.Journal {
	w.tb.Helper()
	journal, err := ovhrenew.OpenJournal(w.tb.TempDir(), sharing)
	if err != nil {
		w.tb.Fatal(err)
	}
	return journal
}

// night applies a plan in a process of its own, at the default pace: each item is renewed,
// with one order and one payment.
func (w *world) night(plan *portfolio.Plan, journal ovhrenew.Journal, progress func(portfolio.Progress)) {
	w.tb.Helper()
	before := map[string]int{}
	for _, route := range []string{ovhrenewtest.RouteOrder, ovhrenewtest.RoutePay} {
		before[route] = w.server.Count(route)
	}
	report, err := portfolio.Apply(w.tb.Context(), w.client(nil), plan, portfolio.Options{
		PayWith: ovhrenew.DefaultMethod, Journal: journal, Progress: progress,
	})
	if err != nil {
		w.tb.Fatal(err)
	}
	if renewed := report.Count(portfolio.OutcomeRenewed); renewed != len(plan.Items) {
		w.tb.Errorf("%d of %d items are renewed", renewed, len(plan.Items))
	}
	for route, n := range before {
		if got := w.server.Count(route) - n; got != len(plan.Items) {
			w.tb.Errorf("%s was sent %d times for %d items", route, got, len(plan.Items))
		}
	}
	for _, item := range report.Items {
		if item.Err != nil {
			w.tb.Errorf("%s: %v", item.Outcome, item.Err)
			return
		}
	}
}

// routes is how often each route was asked since it was forgotten.
func (w *world) routes() map[string]int {
	w.tb.Helper()
	counts := map[string]int{}
	for _, r := range w.server.Requests() {
		counts[r.Route]++
	}
	for _, route := range slices.SortedFunc(maps.Keys(counts), func(a, b string) int { return counts[b] - counts[a] }) {
		w.tb.Logf("%6d %s", counts[route], route)
	}
	return counts
}

func total(routes map[string]int) int {
	n := 0
	for _, count := range routes {
		n += count
	}
	return n
}

// past is when an order can neither be paid any more nor be under way: 7 days and 15.
const past = 22 * 24 * time.Hour

// foreign adds orders of somebody's, spread over the days before now: for services that
// the plan does not renew, at the prices of those that it does.
func (w *world) foreign(plan *portfolio.Plan, n int, days float64) {
	w.tb.Helper()
	planned := map[int64]bool{}
	for _, item := range plan.Items {
		for _, s := range item.Services {
			planned[int64(s.ID)] = true
		}
	}
	names := map[string]bool{}
	for _, item := range plan.Items {
		for _, s := range item.Services {
			names[s.Name] = true
		}
	}
	var others []int64
	for _, s := range w.server.Services() {
		if !planned[s.ID] && !names[s.Name] && !s.NoExpiry {
			others = append(others, s.ID)
		}
	}
	for i := range n {
		price := plan.Items[i%len(plan.Items)].Price.String()
		ago := time.Duration(days * float64(24*time.Hour) * float64(n-i) / float64(n))
		if ago > past { // one at a price of the plan's is read even then: it may hold money
			price = "0.37 EUR"
		}
		w.server.AddOrder(ovhrenewtest.Order{
			Date: w.server.Now().Add(-ago), Status: "delivered", Period: "P1Y",
			Services: []int64{others[i%len(others)]}, Price: strings.TrimSuffix(price, " EUR"),
		})
	}
}

// In an account with foreign orders the first night reads what each that can still be paid
// or be under way is for, once. The second night reads the new ones.
func TestRequestsBesideForeignOrders(t *testing.T) {
	t.Parallel()
	services, orders := 800, 600
	if *large {
		services, orders = 8_000, 5_000
	}
	synctest.Test(t, func(t *testing.T) {
		w := agency(t, services, 1, onePass())
		plan := w.plan(t.Context(), w.client(nil))
		w.foreign(plan, orders, 45)
		live := 0
		for _, o := range w.server.Orders() {
			if w.server.Now().Sub(o.Date) < past {
				live++
			}
		}
		journal, first, second := w.fileJournal(), *plan, *plan
		first.Items, second.Items = plan.Items[:len(plan.Items)/2], plan.Items[len(plan.Items)/2:]
		w.server.Forget()
		w.night(&first, journal, nil)
		one := w.routes()
		w.checkBeside("first", one, len(first.Items), live, orders)

		time.Sleep(20 * time.Hour)
		fresh := orders / 45
		w.foreign(plan, fresh, 0.5)
		w.server.Forget()
		w.night(&second, journal, nil)
		w.checkBeside("second", w.routes(), len(second.Items), fresh, orders)
		w.holds(plan)
	})
}

// checkBeside checks what a night costs beside the orders whose lines it has to read.
func (w *world) checkBeside(night string, routes map[string]int, items, lines, orders int) {
	w.tb.Helper()
	w.tb.Logf("the %s night: %d items, %d lines read of %d, %.2f requests each beside them", night, items, routes[routeLines], lines,
		float64(total(routes)-routes[routeLines])/float64(items))
	if routes[routeLines] > lines {
		w.tb.Errorf("the %s night: the lines of %d orders were read, want %d", night, routes[routeLines], lines)
	}
	if most := 4.8*float64(items) + float64(orders)/1000 + 30; float64(total(routes)-routes[routeLines]) > most {
		w.tb.Errorf("the %s night: %d requests beside them, want at most %.0f", night, total(routes)-routes[routeLines], most)
	}
	for _, route := range []string{"GET /me/order/{orderId}", "GET /me/order/{orderId}/payment"} {
		if routes[route] > 20 {
			w.tb.Errorf("the %s night: %s %s", night, fmt.Sprint(routes[route]), route)
		}
	}
}
