// Resume renews with a journal, dies in the middle of the payment, and goes on where
// it was: the order is paid once.
//
// Without -live it works on a simulated account, where it dies on purpose; with -live
// it renews on the account whose credentials go-ovh finds, and asks before it spends.
// If that run is cut off, run it again with the same journal.
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
		fmt.Fprintln(os.Stderr, "resume:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, in io.Reader, out io.Writer) error {
	flags := flag.NewFlagSet("resume", flag.ContinueOnError)
	live := flags.Bool("live", false, "use the real account of go-ovh's credentials")
	name := flags.String("service", "", "name, route (/vps/NAME) or id of the service;\nsimulated: vps112233.ovh.net")
	limit := flags.String("limit", "", "what may be spent, tax included; simulated: 50 EUR")
	dir := flags.String("journal", "", "with -live: directory that remembers what was begun\n(default: that of ovhrenew.JournalDir)")
	const usage = "resume [-live -service NAME -limit AMOUNT [-journal DIR]]"
	command.Parse(flags, args, "Resume takes up a renewal that was cut off, on a simulated account unless\ntold -live.", usage)
	if !*live {
		*name, *limit = cmp.Or(*name, ovhrenewtest.GuideVPS), cmp.Or(*limit, "50 EUR")
	}
	if *name == "" || *limit == "" || !*live && *dir != "" {
		command.Wrong(usage)
	}

	service, err1 := ovhrenew.ParseTarget(*name)
	most, err2 := ovhrenew.ParseMoney(*limit)
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	req := ovhrenew.Request{
		Service: service,
		Rules:   []ovhrenew.Rule{ovhrenew.For(ovhrenew.P3M), ovhrenew.Alone},
		Limit:   most,
		PayWith: ovhrenew.DefaultMethod,
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

// renew is all that there is to it: with the same journal, the second call goes on
// where the first one was cut off.
func renew(ctx context.Context, client ovhrenew.Client, req ovhrenew.Request, out io.Writer) error {
	receipt, err := ovhrenew.Renew(ctx, client, req)
	if err != nil {
		return err
	}
	renewed := receipt.Services[0]
	fmt.Fprintf(out, "renewed   %s until %s, order %d of %s\n", renewed.Name, renewed.To, receipt.Order, receipt.Price)
	if receipt.Already {
		fmt.Fprintln(out, "          by an earlier run: this one has spent nothing")
	}
	return nil
}
