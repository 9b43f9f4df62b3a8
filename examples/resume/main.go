// Resume renews on a simulated account with a journal, dies in the middle of the payment,
// and goes on where it was: the order is paid once.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/examples/internal/command"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

func main() {
	if err := run(context.Background(), os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "resume:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	limit := ovhrenew.MustMoney("50 EUR")
	flags := flag.NewFlagSet("resume", flag.ContinueOnError)
	command.Var(flags, &limit, "limit", "`AMOUNT` that may be spent, tax included (default 50 EUR)", ovhrenew.ParseMoney)
	command.Parse(flags, args, "resume [-limit AMOUNT]\nResumes a renewal that was interrupted, on a simulated account.")
	server := ovhrenewtest.New(ovhrenewtest.Behaviour{})
	ovhrenewtest.Guide(server)
	server.ListenPipe()
	defer server.Close()
	client, err := ovhrenew.NewWithConfig(server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited})
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "ovhrenew")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()

	// The account takes the payment, and the first run ends before it gets the answer.
	first, die := context.WithCancel(ctx)
	defer die()
	server.Inject(ovhrenewtest.Fault{Route: ovhrenewtest.RoutePay, Kind: ovhrenewtest.Reset, When: ovhrenewtest.After})
	server.OnAnswer(func(r ovhrenewtest.Request) {
		if r.Route == ovhrenewtest.RoutePay {
			die()
		}
	})
	err = renew(first, client, dir, limit, out)
	failed, ok := errors.AsType[*ovhrenew.StepError](err)
	if !ok || !errors.Is(err, ovhrenew.ErrUnsure) {
		return err // it did not come so far
	}
	fmt.Fprintf(out, "died      while it paid order %d, which may have been paid\n", failed.Order)
	err = renew(ctx, client, dir, limit, out) // as another process would
	fmt.Fprintf(out, "payments  %d in all, %s EUR\n", len(server.Payments()), server.Spent()["EUR"])
	return err
}

// renew is all that there is to it: with the same journal, the second call goes on
// where the first one was cut off.
func renew(ctx context.Context, client ovhrenew.Client, dir string, limit ovhrenew.Money, out io.Writer) error {
	journal, err := ovhrenew.OpenJournal(dir, ovhrenew.OnlyJournal)
	if err != nil {
		return err
	}
	receipt, err := ovhrenew.Renew(ctx, client, ovhrenew.Request{
		Service:  ovhrenew.Name(ovhrenewtest.GuideVPS),
		Rules:    []ovhrenew.Rule{ovhrenew.For(ovhrenew.P3M), ovhrenew.Alone},
		Limit:    limit,
		PayWith:  ovhrenew.DefaultMethod,
		Journal:  journal,
		Patience: ovhrenew.Patience{Poll: 10 * time.Millisecond}, // the simulated account answers at once
	})
	if err == nil {
		fmt.Fprintf(out, "renewed   %s until %s, order %d of %s\n", receipt.Services[0].Name, receipt.Services[0].To, receipt.Order, receipt.Price)
	}
	return err
}
