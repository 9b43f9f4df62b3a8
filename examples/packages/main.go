// Command packages uses each package of the library once, on a simulated account: rights,
// a plan for what is due, automatic renewal, bills. It is a module of its own, as a user's
// program is.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/access"
	"github.com/ovhrenew/ovhrenew/autorenew"
	"github.com/ovhrenew/ovhrenew/billing"
	"github.com/ovhrenew/ovhrenew/examples/internal/command"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

func main() {
	flags := flag.NewFlagSet("packages", flag.ContinueOnError)
	command.Parse(flags, os.Args[1:], "packages\nUses each package of the library once, on a simulated account.")
	server := ovhrenewtest.New(ovhrenewtest.Behaviour{})
	ovhrenewtest.Guide(server)
	server.ListenPipe()
	defer server.Close()
	client, err := ovhrenew.NewWithConfig(server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited})
	if err == nil {
		err = office(context.Background(), client, ovhrenewtest.NewMemory(ovhrenew.OnlyJournal), os.Stdout)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "packages:", err)
		os.Exit(1)
	}
}

// office does a month's work.
func office(ctx context.Context, client *ovhrenew.API, journal ovhrenew.Journal, out io.Writer) error {
	fmt.Fprintln(out, "the credential can renew:", access.Diagnose(ctx, client, access.Query{}).OK())

	plan, err := plan(ctx, client)
	if err != nil {
		return err
	}
	for _, item := range plan.Items {
		fmt.Fprintln(out, "due:", item.Offer())
	}
	report, err := portfolio.Apply(ctx, client, plan, portfolio.Options{PayWith: ovhrenew.DefaultMethod, Journal: journal})
	if err != nil {
		return err
	}
	spent, err := report.Spent()
	if err != nil {
		return err
	}
	fmt.Fprintln(out, "renewed:", report.Count(portfolio.OutcomeRenewed), "for", spent)

	monthly := autorenew.Setting{Mode: ovhrenew.ModeAutomatic, Period: ovhrenew.P1M}
	changes, err := autorenew.Preview(ctx, client, ovhrenew.Name(ovhrenewtest.GuideVPS), monthly)
	if err != nil {
		return err
	}
	for _, change := range changes.Changes {
		fmt.Fprintln(out, "would change:", change.Name, "from", change.From, "to", change.To)
	}

	for bill, err := range billing.Bills(ctx, client, billing.Query{}) {
		if err != nil {
			return err
		}
		fmt.Fprintln(out, "billed: order", bill.OrderID, "for", bill.PriceWithTax)
	}
	return nil
}

// plan plans to renew for a year what is due, for 80 EUR at most.
func plan(ctx context.Context, client *ovhrenew.API) (*portfolio.Plan, error) {
	now, err := client.Time(ctx)
	if err != nil {
		return nil, err
	}
	today := ovhrenew.DateOf(now)
	policy := portfolio.Policy{
		Period: ovhrenew.P1Y, TaxPercent: "20", Total: []ovhrenew.Money{ovhrenew.MustMoney("80 EUR")},
	}
	wants, err := policy.Wants(today)
	if err != nil {
		return nil, err
	}
	var services []portfolio.Surveyed
	for service, err := range portfolio.Survey(ctx, client, portfolio.Query{Offers: wants}) {
		if err != nil {
			return nil, err
		}
		services = append(services, service)
	}
	return portfolio.MakePlan(services, policy, today)
}
