// Renew-vps renews one VPS alone for three months and shows each step: the program
// of OVHcloud's guide, with what it lacks.
//
// Without -live it renews on a simulated account inside itself. With -live it uses the
// account whose credentials go-ovh finds, and asks before it spends.
package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"

	"github.com/ovh/go-ovh/ovh"

	"github.com/ovhrenew/ovhrenew"
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
	req, period := ovhrenew.Request{PayWith: ovhrenew.DefaultMethod}, ovhrenew.P3M
	flags := flag.NewFlagSet("renew-vps", flag.ContinueOnError)
	live := flags.Bool("live", false, "use the real account of go-ovh's credentials")
	dir := flags.String("journal", "", "with -live: `DIRECTORY` that remembers what was begun\n(default: that of ovhrenew.JournalDir)")
	command.Var(flags, &req.Service, "service", "`NAME`, route (/vps/NAME) or id of the service;\nsimulated: vps112233.ovh.net", ovhrenew.ParseTarget)
	command.Var(flags, &period, "for", "`PERIOD` to renew for (default P3M)", ovhrenew.ParsePeriod)
	command.Var(flags, &req.Limit, "limit", "`AMOUNT` that may be spent, tax included; simulated: 50 EUR", ovhrenew.ParseMoney)
	command.Var(flags, &req.PayWith, "pay", "`HOW` to pay, such as \"payment method 42\"", ovhrenew.ParsePayment)
	command.Parse(flags, args, "renew-vps [-live -service NAME -limit AMOUNT] [-for PERIOD]\nRenews one VPS, on a simulated account unless told -live.")
	req.Rules = []ovhrenew.Rule{ovhrenew.For(period), ovhrenew.Alone}
	req.Progress = func(p ovhrenew.Progress) {
		if step, what, ok := strings.Cut(p.String(), ": "); ok {
			fmt.Fprintf(out, "%-9s %s\n", step, what)
		}
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
			return err
		}
	}
	if req.Journal, err = ovhrenew.OpenJournal(*dir, ovhrenew.OnlyJournal); err != nil {
		return err
	}
	req.Approve = func(ctx context.Context, a ovhrenew.Approval) (ovhrenew.Answer, error) {
		return command.Ask(ctx, a, in, out)
	}
	return renew(ctx, client, req, out)
}

func renew(ctx context.Context, client ovhrenew.Client, req ovhrenew.Request, out io.Writer) error {
	receipt, err := ovhrenew.Renew(ctx, client, req)
	if err != nil {
		return err
	}
	fmt.Fprintln(out, "receipt  ", strings.ReplaceAll(receipt.String(), "; ", "\n          "))
	return nil
}

// simulate renews on a simulated account. It does not ask, since nothing is spent.
func simulate(ctx context.Context, req ovhrenew.Request, out io.Writer) error {
	server := ovhrenewtest.New(ovhrenewtest.Behaviour{})
	ovhrenewtest.Guide(server)
	server.ListenPipe()
	defer server.Close()
	fmt.Fprintln(out, "simulated account: nothing here is real (-live for your own)")
	client, err := ovhrenew.NewWithConfig(server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited})
	if err != nil {
		return err
	}
	req.Service, req.Limit = cmp.Or(req.Service, ovhrenew.Name(ovhrenewtest.GuideVPS)), cmp.Or(req.Limit, ovhrenew.MustMoney("50 EUR"))
	req.Journal = ovhrenewtest.NewMemory(ovhrenew.OnlyJournal)
	return renew(ctx, client, req, out)
}
