//go:build unix

package harness

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Result is what came of a run.
type Result struct {
	Name               string
	Renewals, Workers  int
	Kills, Stops       int
	Faults             int // that hit
	Orders, Payments   int
	Unpaid             int // orders
	Twice              int // services that were paid for more than once
	Lost               int // services that were not renewed
	Requests, Surveyed int
	Limited            int // answers 429
	Took               time.Duration
	Routes             map[string]int
}

// Count counts. It says what the accounts saw, not what workers said.
func (w *World) Count(name string, fleet *Fleet, took time.Duration) Result {
	r := Result{Name: name, Renewals: w.config.Renewals, Took: took, Surveyed: w.surveyed, Routes: map[string]int{}}
	if fleet != nil {
		r.Workers, r.Kills, r.Stops = fleet.n, fleet.Kills(), fleet.Stops()
	}
	for _, s := range w.Servers {
		paid := map[int64]int{}
		for _, p := range s.Payments() {
			r.Payments++
			for _, id := range p.Services {
				paid[id]++
			}
		}
		for _, n := range paid {
			if n > 1 {
				r.Twice++
			}
		}
		orders := s.Orders()
		r.Orders += len(orders)
		for _, o := range orders {
			if o.Payments == 0 {
				r.Unpaid++
			}
		}
		r.Faults += len(s.Faults())
		for _, q := range s.Requests() {
			r.Requests++
			r.Routes[q.Route]++
			if q.Status == 429 {
				r.Limited++
			}
		}
	}
	r.Lost = r.Renewals - w.Renewed()
	return r
}

// Each is the number of requests for each renewal, those of the survey included.
func (r Result) Each() float64 { return float64(r.Requests+r.Surveyed) / float64(r.Renewals) }

// Header is the head of a table of results.
const Header = `| run | renewals | workers | SIGKILL | SIGSTOP | faults | orders/payments | paid twice | lost | unpaid orders | 429 | rate | requests each |
|---|---|---|---|---|---|---|---|---|---|---|---|---|`

// Row is the result as a row of the table.
func (r Result) Row() string {
	return fmt.Sprintf("| %s | %d | %d | %d | %d | %d | %d/%d | %d | %d | %d | %d | %.1f/s | %.1f |",
		r.Name, r.Renewals, r.Workers, r.Kills, r.Stops, r.Faults, r.Orders, r.Payments, r.Twice, r.Lost, r.Unpaid, r.Limited,
		float64(r.Renewals)/r.Took.Seconds(), r.Each())
}

// ByRoute is how many requests each route had, for each renewal.
func (r Result) ByRoute() string {
	var b strings.Builder
	for _, route := range slices.Sorted(maps.Keys(r.Routes)) {
		fmt.Fprintf(&b, "%8d  %6.2f  %s\n", r.Routes[route], float64(r.Routes[route])/float64(r.Renewals), route)
	}
	return b.String()
}
