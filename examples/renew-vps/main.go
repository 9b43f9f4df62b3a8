// Renew-vps renews one VPS alone for three months and shows each step: the program
// of OVHcloud's guide, with what it lacks.
//
// Without -live it renews on a simulated account inside itself; credentials in the
// environment are ignored. With -live it uses the account whose credentials go-ovh
// finds, and asks before it spends.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"

	"github.com/ovh/go-ovh/ovh"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/examples/internal/ask"
	"github.com/ovhrenew/ovhrenew/examples/internal/command"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdin, os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "renew-vps:", strings.ReplaceAll(err.Error(), "\n", "; "))
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, in io.Reader, out io.Writer) error {
	flags := flag.NewFlagSet("renew-vps", flag.ContinueOnError)
	live := flags.Bool("live", false, "use the real account of go-ovh's credentials")
	name := flags.String("service", "", "name, route (/vps/NAME) or id of the service;\nsimulated: vps112233.ovh.net")
	period := flags.String("for", "P3M", "period to renew for")
	limit := flags.String("limit", "", "what may be spent, tax included; simulated: 50 EUR")
	pay := flags.String("pay", ovhrenew.DefaultMethod.String(), "how to pay, such as \"payment method 42\" or\n\"payment mean paypal 1234\"\n")
	dir := flags.String("journal", "", "with -live: directory that remembers what was begun\n(default: that of ovhrenew.JournalDir)")
	const usage = "renew-vps [-live -service NAME -limit AMOUNT] [-for PERIOD] [other flags]"
	command.Parse(flags, args, "Renew-vps renews one VPS, on a simulated account unless told -live.", usage)
	if !*live {
		*name, *limit = cmp.Or(*name, ovhrenewtest.GuideVPS), cmp.Or(*limit, "50 EUR")
	}
	if *name == "" || *limit == "" {
		command.Wrong(usage)
	}

	service, err1 := ovhrenew.ParseTarget(*name)
	length, err2 := ovhrenew.ParsePeriod(*period)
	most, err3 := ovhrenew.ParseMoney(*limit)
	payment, err4 := ovhrenew.ParsePayment(*pay)
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		return err
	}
	req := ovhrenew.Request{
		Service:  service,
		Rules:    []ovhrenew.Rule{ovhrenew.For(length), ovhrenew.Alone},
		Limit:    most,
		PayWith:  payment,
		Progress: func(p ovhrenew.Progress) { report(out, p) },
	}
	if !*live {
		return simulate(ctx, req, out)
	}
	api, err := ovh.NewDefaultClient()
	if err != nil {
		return err
	}
	client, err := ovhrenew.New(api)
	if err != nil {
		return err
	}
	if *dir == "" {
		if *dir, err = ovhrenew.JournalDir(); err != nil {
			return fmt.Errorf("-journal: %w", err)
		}
	}
	if req.Journal, err = ovhrenew.OpenJournal(*dir, ovhrenew.OnlyJournal); err != nil {
		return err
	}
	req.Approve = ask.Approver(in, out)
	return renew(ctx, client, req, out)
}

func renew(ctx context.Context, client ovhrenew.Client, req ovhrenew.Request, out io.Writer) error {
	receipt, err := ovhrenew.Renew(ctx, client, req)
	if err != nil {
		return err
	}
	if receipt.Already {
		fmt.Fprintln(out, "already   done by an earlier run: this one has spent nothing")
	}
	for _, s := range receipt.Services {
		fmt.Fprintf(out, "renewed   %s: %s -> %s\n", s.Name, s.From, s.To)
	}
	fmt.Fprintf(out, "receipt   order %d, %s paid by %s\n", receipt.Order, receipt.Price, receipt.PaidWith)
	return nil
}
