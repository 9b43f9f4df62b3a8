// Preview says what a renewal would do and cost, and why it would be refused. It
// holds a Reader and nothing else, so it cannot spend.
//
// Without flags it looks at a simulated account; with -live at the one whose
// credentials go-ovh finds.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"text/tabwriter"

	"github.com/ovh/go-ovh/ovh"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "preview:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("preview", flag.ContinueOnError)
	live := flags.Bool("live", false, "use the real account that go-ovh's credentials belong to")
	name := flags.String("service", ovhrenewtest.GuideVPS, "name of the service")
	period := flags.String("for", "P3M", "period to renew for")
	limit := flags.String("limit", "50 EUR", "what might be spent, tax included")
	if err := flags.Parse(args); err != nil {
		return err
	}
	length, err1 := ovhrenew.ParsePeriod(*period)
	most, err2 := ovhrenew.ParseMoney(*limit)
	reader, err3 := connect(*live)
	if err := errors.Join(err1, err2, err3); err != nil {
		return err
	}
	proposal, err := ovhrenew.Preview(ctx, reader, ovhrenew.Request{
		Service: ovhrenew.Name(*name),
		Rules:   []ovhrenew.Rule{ovhrenew.For(length)},
		Limit:   most,
	})
	if err != nil {
		return err
	}
	return show(proposal, out)
}

func show(p *ovhrenew.Proposal, out io.Writer) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, refusal := range p.Refusals {
		fmt.Fprintf(table, "not\t%v\n", refusal)
	}
	fmt.Fprintf(table, "chosen\t%s\n", p.Offer)
	for _, s := range p.Services {
		fmt.Fprintf(table, "moves\t%s: %s -> %s\n", s.Name, s.Expiry, p.NewExpiry(s))
	}
	fmt.Fprintf(table, "costs\t%s, of which tax %s\n", p.Quote.PriceWithTax, p.Quote.Tax)
	for _, blocker := range p.Blockers {
		fmt.Fprintf(table, "refused\t%v\n", blocker)
	}
	if len(p.Blockers) == 0 {
		fmt.Fprintln(table, "free\tnothing stands in the way of Renew")
	}
	return table.Flush()
}

func connect(live bool) (ovhrenew.Reader, error) {
	if live {
		api, err := ovh.NewDefaultClient()
		if err != nil {
			return nil, err
		}
		return ovhrenew.New(api)
	}
	server := ovhrenewtest.New(ovhrenewtest.Behaviour{})
	ovhrenewtest.Guide(server)
	if err := server.Listen("127.0.0.1:0"); err != nil {
		return nil, err
	}
	return ovhrenew.NewWithConfig(server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited})
}
