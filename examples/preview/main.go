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

	"github.com/ovh/go-ovh/ovh"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

func main() {
	if err := run(context.Background(), os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "preview:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("preview", flag.ExitOnError)
	live := flags.Bool("live", false, "use the real account that go-ovh's credentials belong to")
	name := flags.String("service", ovhrenewtest.GuideVPS, "name, route (/vps/NAME) or id of the service")
	period := flags.String("for", "P3M", "period to renew for")
	limit := flags.String("limit", "50 EUR", "what might be spent, tax included")
	_ = flags.Parse(args) // what is wrong ends the program
	if flags.NArg() > 0 {
		fmt.Fprintln(os.Stderr, "usage: preview [-live] [-service NAME] [-for PERIOD] [-limit AMOUNT]")
		os.Exit(2)
	}
	service, err1 := ovhrenew.ParseTarget(*name)
	length, err2 := ovhrenew.ParsePeriod(*period)
	most, err3 := ovhrenew.ParseMoney(*limit)
	reader, err4 := connect(*live, out)
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		return err
	}
	proposal, err := ovhrenew.Preview(ctx, reader, ovhrenew.Request{
		Service: service,
		Rules:   []ovhrenew.Rule{ovhrenew.For(length), ovhrenew.Alone},
		Limit:   most,
	})
	if proposal != nil {
		for _, refusal := range proposal.Refusals {
			fmt.Fprintf(out, "not      %s: it %v\n", refusal.Offer, refusal.Reason)
		}
	}
	if errors.Is(err, ovhrenew.ErrNoStrategy) {
		return errors.New("no offer was chosen")
	}
	if err != nil {
		return err
	}
	show(proposal, out)
	return nil
}

func show(p *ovhrenew.Proposal, out io.Writer) {
	fmt.Fprintf(out, "chosen   %s\n", p.Offer)
	for _, s := range p.Services {
		fmt.Fprintf(out, "moves    %s: %s -> %s\n", s.Name, s.Expiry, p.NewExpiry(s))
	}
	fmt.Fprintf(out, "costs    %s, of which tax %s\n", p.Quote.PriceWithTax, p.Quote.Tax)
	for _, note := range p.Notes {
		fmt.Fprintf(out, "note     %s\n", note)
	}
	for _, blocker := range p.Blockers {
		fmt.Fprintf(out, "refused  %v\n", blocker)
	}
	if len(p.Blockers) == 0 {
		fmt.Fprintln(out, "free     nothing stands in the way of Renew")
	}
}

func connect(live bool, out io.Writer) (ovhrenew.Reader, error) {
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
	fmt.Fprintln(out, "simulated account: nothing here is real (-live for your own)")
	return ovhrenew.NewWithConfig(server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited})
}
