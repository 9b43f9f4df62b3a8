// Export writes what other programs read: an iCalendar file of expiries and planned
// renewals, Prometheus metrics, and a CSV or JSON table of what was paid, for billing
// it on.
//
//	export calendar > renewals.ics
//	export metrics [-listen 127.0.0.1:9105]
//	export report [-json] [-from REPORT.json]
//
// Without -live it works on a simulated account, of which report renews what is due;
// with -live it only reads, on the account whose credentials go-ovh finds: report
// then needs the report of an earlier Apply.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"

	"github.com/ovhrenew/ovhrenew"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "export:", err)
		os.Exit(1)
	}
}

const usage = "usage: export [-live] calendar|metrics|report [-listen ADDRESS] [-every TIME] [-json] [-from FILE]"

func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("export", flag.ExitOnError)
	live := flags.Bool("live", false, "read the real account that go-ovh's credentials belong to")
	listen := flags.String("listen", "", "metrics: serve them at this address, instead of printing them once")
	every := flags.Duration("every", time.Hour, "metrics: how often the account is surveyed")
	asJSON := flags.Bool("json", false, "report: as JSON instead of CSV")
	from := flags.String("from", "", "report: file with the JSON of an ovhrenew.Report")
	_ = flags.Parse(args) // what is wrong ends the program
	what := flags.Arg(0)
	_ = flags.Parse(flags.Args()[min(1, flags.NArg()):]) // the flags after it
	if flags.NArg() > 0 || what != "calendar" && what != "metrics" && what != "report" {
		fmt.Fprintln(os.Stderr, usage)
		os.Exit(2)
	}

	client, err := connect(*live)
	if err != nil {
		return err
	}
	today := ovhrenew.DateOf(time.Now())
	switch what {
	case "calendar":
		services, plan, err := survey(ctx, client, today)
		if err != nil {
			return err
		}
		return calendar(services, plan, today).SerializeTo(out)
	case "metrics":
		return metrics(ctx, client, *listen, *every, out)
	default:
		report, err := load(ctx, client, *live, *from, today)
		if err != nil {
			return err
		}
		return export(ctx, client, report, *asJSON, out)
	}
}
