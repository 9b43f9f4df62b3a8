// Renew-vps renews one VPS alone for three months and shows each step: the program
// of OVHcloud's guide, with what it lacks.
//
// Without flags it starts a simulated OVHcloud API inside itself and renews
// vps112233.ovh.net there; credentials in the environment are ignored. With -live it
// uses the account whose credentials go-ovh finds, and asks before it spends.
package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"time"

	"github.com/ovh/go-ovh/ovh"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdin, os.Stdout)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "renew-vps:", strings.ReplaceAll(err.Error(), "\n", "; "))
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, in io.Reader, out io.Writer) error {
	flags := flag.NewFlagSet("renew-vps", flag.ContinueOnError)
	live := flags.Bool("live", false, "use the real account that go-ovh's credentials belong to")
	name := flags.String("service", "", "name, route (/vps/NAME) or id of the service; simulated: vps112233.ovh.net")
	period := flags.String("for", "P3M", "period to renew for")
	limit := flags.String("limit", "", "what may be spent, tax included; simulated: 50 EUR")
	pay := flags.String("pay", ovhrenew.DefaultMethod.String(), "how to pay, such as \"payment method 42\" or \"payment mean paypal 1234\"")
	dir := flags.String("journal", defaultJournal(), "with -live: directory that remembers what was begun")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q: a service is named by -service", flags.Arg(0))
	}
	if !*live {
		*name, *limit = cmp.Or(*name, "vps112233.ovh.net"), cmp.Or(*limit, "50 EUR")
	}
	req, err := request(*name, *period, *limit, *pay)
	if err != nil {
		return err
	}
	client, err := connect(*live, out, &req)
	if err != nil {
		return err
	}
	if *live {
		if req.Journal, err = ovhrenew.OpenJournal(*dir); err != nil {
			return err
		}
	}
	if err := confirm(ctx, client, req, *live, in, out); err != nil {
		return err
	}
	req.Progress = func(p ovhrenew.Progress) { report(out, p) }
	receipt, err := ovhrenew.Renew(ctx, client, req)
	if err != nil {
		return err
	}
	summarize(out, receipt)
	return nil
}

// request puts together what is wanted. A value that cannot be read is an error
// before anything is sent.
func request(name, period, limit, pay string) (ovhrenew.Request, error) {
	service, err0 := ovhrenew.ParseTarget(name)
	length, err1 := ovhrenew.ParsePeriod(period)
	most, err2 := ovhrenew.ParseMoney(limit)
	with, err3 := ovhrenew.ParsePayment(pay)
	return ovhrenew.Request{
		Service: service,
		Rules:   []ovhrenew.Rule{ovhrenew.For(length), ovhrenew.Alone},
		Limit:   most,
		PayWith: with,
	}, errors.Join(err0, err1, err2, err3)
}

// connect returns the simulated account, or with live the real one.
func connect(live bool, out io.Writer, req *ovhrenew.Request) (*ovhrenew.API, error) {
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
	req.Patience.Poll = 10 * time.Millisecond
	return ovhrenew.NewWithConfig(server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited})
}

// confirm shows what is about to happen. On a real account it asks.
func confirm(ctx context.Context, client ovhrenew.Reader, req ovhrenew.Request, live bool, in io.Reader, out io.Writer) error {
	if !live {
		return nil
	}
	proposal, err := ovhrenew.Preview(ctx, client, req)
	if err != nil {
		return err
	}
	for _, s := range proposal.Services {
		fmt.Fprintf(out, "%s: %s -> %s\n", s.Name, s.Expiry, proposal.NewExpiry(s))
	}
	if len(proposal.Blockers) > 0 {
		return fmt.Errorf("refused, nothing was ordered or paid: %w", errors.Join(proposal.Blockers...))
	}
	fmt.Fprintf(out, "Pay %s, tax included, by %s? A payment cannot be taken back. [y/N] ", proposal.Quote.PriceWithTax, req.PayWith)
	answer, err := bufio.NewReader(in).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if strings.ToLower(strings.TrimSpace(answer)) != "y" {
		return errors.New("not confirmed: nothing was ordered or paid")
	}
	return nil
}

func report(out io.Writer, p ovhrenew.Progress) {
	switch p.Step {
	case ovhrenew.StepOffers:
		fmt.Fprintln(out, "offered")
		for _, offer := range p.Proposal.Offers {
			fmt.Fprintf(out, "          %s\n", offer)
		}
	case ovhrenew.StepSelect:
		fmt.Fprintf(out, "chosen    %s\n", p.Proposal.Offer)
	case ovhrenew.StepQuote:
		fmt.Fprintf(out, "quoted    %s, of which tax %s\n", p.Proposal.Quote.PriceWithTax, p.Proposal.Quote.Tax)
	case ovhrenew.StepOrder:
		fmt.Fprintf(out, "ordered   order %d, %s\n", p.Order.OrderID, p.Order.PriceWithTax)
	case ovhrenew.StepSettle:
		fmt.Fprintf(out, "waiting   order %d was there before: some minutes, to see that nobody has paid it\n", p.Order.OrderID)
	case ovhrenew.StepPay:
		fmt.Fprintf(out, "paid      order %d\n", p.Order.OrderID)
	case ovhrenew.StepWatch:
		fmt.Fprintf(out, "status    %s\n", p.Status)
	}
}

func summarize(out io.Writer, receipt *ovhrenew.Receipt) {
	for _, s := range receipt.Services {
		fmt.Fprintf(out, "renewed   %s: %s -> %s\n", s.Name, s.From, s.To)
	}
	how := "paid by " + receipt.PaidWith
	if receipt.Already {
		how += ", by an earlier run"
	}
	fmt.Fprintf(out, "receipt   order %d, %s %s\n", receipt.Order, receipt.Price, how)
}

func defaultJournal() string {
	dir, err := os.UserConfigDir()
	if err != nil {
		dir = "."
	}
	return filepath.Join(dir, "ovhrenew")
}
