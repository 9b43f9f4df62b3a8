// Resume renews on a simulated account with a journal, dies in the middle of the payment,
// and goes on where it was: the order is paid once.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log"
	"os"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/examples/internal/command"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

func main() {
	command.Parse(flag.NewFlagSet("resume", flag.ContinueOnError), os.Args[1:], "resume\nResumes a renewal that was interrupted, on a simulated account.")
	if err := run(context.Background(), os.Stdout); err != nil {
		log.Fatal("resume: ", err)
	}
}

func run(ctx context.Context, out io.Writer) error {
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
	renew := func(ctx context.Context) (*ovhrenew.Receipt, error) { // each time as another process would
		journal, err := ovhrenew.OpenJournal(dir, ovhrenew.OnlyJournal)
		if err != nil {
			return nil, err
		}
		return ovhrenew.Renew(ctx, client, ovhrenew.Request{
			Service: ovhrenew.Name(ovhrenewtest.GuideVPS),
			Rules:   []ovhrenew.Rule{ovhrenew.For(ovhrenew.P3M), ovhrenew.Alone},
			Limit:   ovhrenew.MustMoney("50 EUR"), PayWith: ovhrenew.DefaultMethod, Journal: journal,
		})
	}

	// The account takes the payment, and the first run ends before it gets the answer.
	first, die := context.WithCancel(ctx)
	defer die()
	server.Inject(ovhrenewtest.Fault{Route: ovhrenewtest.RoutePay, Kind: ovhrenewtest.Reset, When: ovhrenewtest.After})
	server.OnAnswer(func(r ovhrenewtest.Request) {
		if r.Route == ovhrenewtest.RoutePay {
			die()
		}
	})
	_, err = renew(first)
	fmt.Fprintln(out, "died     ", err)
	receipt, err := renew(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "renewed   %s until %s, order %d of %s\n", receipt.Services[0].Name, receipt.Services[0].To, receipt.Order, receipt.Price)
	_, err = fmt.Fprintf(out, "payments  %d in all, %s EUR\n", len(server.Payments()), server.Spent()["EUR"])
	return err
}
