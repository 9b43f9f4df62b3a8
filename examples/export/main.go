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
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"

	"github.com/ovh/go-ovh/ovh"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
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

// policy says what is due, and so what is planned.
var policy = ovhrenew.Policy{
	DueWithinDays: 45, Period: ovhrenew.P1Y, TaxPercent: "20", Total: []ovhrenew.Money{ovhrenew.MustMoney("10000 EUR")},
}

func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("export", flag.ContinueOnError)
	live := flags.Bool("live", false, "read the real account that go-ovh's credentials belong to")
	listen := flags.String("listen", "", "metrics: serve them at this address, instead of printing them once")
	every := flags.Duration("every", time.Hour, "metrics: how often the account is surveyed")
	asJSON := flags.Bool("json", false, "report: as JSON instead of CSV")
	from := flags.String("from", "", "report: file with the JSON of an ovhrenew.Report")
	if len(args) == 0 {
		return errors.New("calendar, metrics or report?")
	}
	if err := flags.Parse(args[1:]); err != nil {
		return err
	}
	client, err := connect(*live)
	if err != nil {
		return err
	}
	today := ovhrenew.DateOf(time.Now())
	switch args[0] {
	case "calendar":
		services, plan, err := survey(ctx, client, today)
		if err != nil {
			return err
		}
		return calendar(services, plan, today).SerializeTo(out)
	case "metrics":
		return metrics(ctx, client, *listen, *every, out)
	case "report":
		report, err := load(ctx, client, *live, *from, today)
		if err != nil {
			return err
		}
		return export(ctx, client, report, *asJSON, out)
	}
	return fmt.Errorf("%q is not calendar, metrics or report", args[0])
}

// survey reads the account, with the offers of what is due, and plans.
func survey(ctx context.Context, r ovhrenew.SurveyReader, today ovhrenew.Date) ([]ovhrenew.Surveyed, *ovhrenew.Plan, error) {
	due, err := policy.Wants(today)
	if err != nil {
		return nil, nil, err
	}
	var services []ovhrenew.Surveyed
	for service, err := range ovhrenew.Survey(ctx, r, ovhrenew.SurveyQuery{Offers: due}) {
		if err != nil {
			return nil, nil, err
		}
		services = append(services, service)
	}
	plan, err := ovhrenew.MakePlan(services, policy, today)
	return services, plan, err
}

func connect(live bool) (*ovhrenew.API, error) {
	if live {
		api, err := ovh.NewDefaultClient()
		if err != nil {
			return nil, err
		}
		return ovhrenew.New(api)
	}
	server := ovhrenewtest.New(ovhrenewtest.Behaviour{})
	ovhrenewtest.Agency(server, 60, 1)
	if err := server.Listen("127.0.0.1:0"); err != nil {
		return nil, err
	}
	return ovhrenew.NewWithConfig(server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited})
}
