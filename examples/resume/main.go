// Resume renews with a journal, dies in the middle of the payment, and goes on where
// it was: the order is paid once.
//
// Without -live it works on a simulated account, where it dies on purpose; with -live
// it renews on the account whose credentials go-ovh finds, after asking. If that run
// is cut off, run it again.
package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
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
		fmt.Fprintln(os.Stderr, "resume:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, in io.Reader, out io.Writer) error {
	flags := flag.NewFlagSet("resume", flag.ContinueOnError)
	live := flags.Bool("live", false, "use the real account that go-ovh's credentials belong to")
	name := flags.String("service", ovhrenewtest.GuideVPS, "name of the service")
	limit := flags.String("limit", "50 EUR", "what may be spent, tax included")
	dir := flags.String("journal", "", "with -live: directory that remembers what was begun")
	if err := flags.Parse(args); err != nil {
		return err
	}
	most, err := ovhrenew.ParseMoney(*limit)
	req := ovhrenew.Request{
		Service: ovhrenew.Name(*name), Rules: []ovhrenew.Rule{ovhrenew.For(ovhrenew.P3M), ovhrenew.Alone},
		Limit: most, PayWith: ovhrenew.DefaultMethod,
	}
	switch {
	case err != nil:
		return err
	case !*live:
		return simulate(ctx, req, out)
	}
	if req.Journal, err = ovhrenew.OpenJournal(*dir); err != nil {
		return err
	}
	api, err := ovh.NewDefaultClient()
	if err != nil {
		return err
	}
	client, err := ovhrenew.New(api)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "Renew %s for three months, for %s at the most? A payment cannot be taken back. [y/N] ", *name, most)
	if answer, _ := bufio.NewReader(in).ReadString('\n'); strings.TrimSpace(answer) != "y" {
		return errors.New("not confirmed: nothing was ordered or paid")
	}
	return renew(ctx, client, req, out)
}

func renew(ctx context.Context, client ovhrenew.Client, req ovhrenew.Request, out io.Writer) error {
	receipt, err := ovhrenew.Renew(ctx, client, req)
	if err == nil {
		fmt.Fprintf(out, "renewed  %s until %s by order %d, %s\n",
			receipt.Services[0].Name, receipt.Services[0].To, receipt.Order, receipt.Price)
	}
	return err
}

func simulate(ctx context.Context, req ovhrenew.Request, out io.Writer) error {
	dir, err := os.MkdirTemp("", "ovhrenew")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	server := ovhrenewtest.New(ovhrenewtest.Behaviour{})
	ovhrenewtest.Guide(server)
	if err := server.Listen("127.0.0.1:0"); err != nil {
		return err
	}
	defer server.Close()
	client, err := ovhrenew.NewWithConfig(server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited})
	if err != nil {
		return err
	}
	if req.Journal, err = ovhrenew.OpenJournal(dir); err != nil {
		return err
	}
	req.Patience.Poll = 10 * time.Millisecond

	// The first run ends when its payment has been taken, before it hears of it.
	first, die := context.WithCancel(ctx)
	server.Inject(ovhrenewtest.Fault{Route: ovhrenewtest.RoutePay, Kind: ovhrenewtest.Reset, When: ovhrenewtest.After})
	server.OnAnswer(func(r ovhrenewtest.Request) {
		if r.Route == ovhrenewtest.RoutePay {
			die()
		}
	})
	err = renew(first, client, req, out)
	fmt.Fprintf(out, "first    %v\nunsure   %v\n", err, errors.Is(err, ovhrenew.ErrUnsure))

	if req.Journal, err = ovhrenew.OpenJournal(dir); err != nil { // as another process would
		return err
	}
	err = renew(ctx, client, req, out)
	fmt.Fprintf(out, "paid     %d time(s), %s EUR\n", len(server.Payments()), server.Spent()["EUR"])
	return err
}
