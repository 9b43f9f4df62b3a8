package main

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/ovhrenew/ovhrenew/portfolio"
	"github.com/ovhrenew/ovhrenew/temporal"
)

// result is what a scenario came to.
type result struct {
	scenario
	tally
	kills, stops int
	took         time.Duration
	reports      []*temporal.Report
	again        string
}

func printTable(rows []result) {
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "\nrun\tn\tworkers\tSIGKILL\tSIGSTOP\tlost or late\torders\tpayments\tpaid once\ttwice\tlost\todd expiry\trequests each\t429\ttook\trate")
	for _, r := range rows {
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%.2f\t%d\t%v\t%.1f/s\n",
			r.name, r.renewals, r.workers, r.kills, r.stops, r.faulted, r.orders, r.payments, r.once, r.twice, r.lost, r.odd,
			float64(r.requests)/float64(r.renewals), r.limited, r.took.Round(time.Second/10), float64(r.renewals)/r.took.Seconds())
	}
	w.Flush()
	for _, r := range rows {
		if r.naive {
			continue
		}
		fmt.Printf("\n%s: requests for each renewal, the survey included:\n", r.name)
		for _, route := range slices.SortedFunc(maps.Keys(r.routes), func(a, b string) int { return cmp.Compare(r.routes[b], r.routes[a]) }) {
			fmt.Printf("  %7d  %5.2f  %s\n", r.routes[route], float64(r.routes[route])/float64(r.renewals), route)
		}
		counts := map[portfolio.Outcome]int{}
		for _, report := range r.reports {
			for outcome, n := range report.Counts {
				counts[outcome] += n
			}
			for i, f := range report.Failures {
				if i < 5 {
					fmt.Printf("  failed: %s %s: %s\n", f.Workflow, f.Failure.Outcome, f.Failure.Why)
				}
			}
		}
		fmt.Printf("%s: the reports say %v", r.name, counts)
		if r.again != "" {
			fmt.Printf("; applied again: %s", r.again)
		}
		fmt.Println()
	}
}

// verdict is an error unless all was paid once, and the control paid something twice.
func verdict(rows []result) error {
	var errs []error
	for _, r := range rows {
		switch {
		case r.naive && r.twice == 0:
			errs = append(errs, errors.New("the control paid nothing twice: this run proves nothing"))
		case !r.naive && (r.twice > 0 || r.lost > 0 || r.odd > 0 || r.once != r.renewals):
			errs = append(errs, fmt.Errorf("%s: of %d, %d were paid once, %d twice and %d not, and %d have an unexpected expiry", r.name, r.renewals, r.once, r.twice, r.lost, r.odd))
		case !r.naive && r.pace > 0 && r.limited > 0:
			errs = append(errs, fmt.Errorf("%s: %d answers 429", r.name, r.limited))
		}
	}
	return errors.Join(errs...)
}
