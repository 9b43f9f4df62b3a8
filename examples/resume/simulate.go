package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// simulate renews on a simulated account, in two runs of which the first one dies.
func simulate(ctx context.Context, req ovhrenew.Request, out io.Writer) error {
	server := ovhrenewtest.New(ovhrenewtest.Behaviour{})
	ovhrenewtest.Guide(server)
	if err := server.Listen("127.0.0.1:0"); err != nil {
		return err
	}
	defer server.Close()
	fmt.Fprintln(out, "simulated account: nothing here is real (-live for your own)")
	client, err := ovhrenew.NewWithConfig(server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited})
	if err != nil {
		return err
	}
	req.Patience.Poll = 10 * time.Millisecond
	dir, err := os.MkdirTemp("", "ovhrenew")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	if req.Journal, err = ovhrenew.OpenJournal(dir, ovhrenew.OnlyJournal); err != nil {
		return err
	}

	// The account takes the payment, and the first run ends before it hears of it.
	first, die := context.WithCancel(ctx)
	defer die()
	server.Inject(ovhrenewtest.Fault{Route: ovhrenewtest.RoutePay, Kind: ovhrenewtest.Reset, When: ovhrenewtest.After})
	server.OnAnswer(func(r ovhrenewtest.Request) {
		if r.Route == ovhrenewtest.RoutePay {
			die()
		}
	})
	err = renew(first, client, req, out)
	var failed *ovhrenew.StepError
	if !errors.Is(err, ovhrenew.ErrUnsure) || !errors.As(err, &failed) {
		return err // it did not come so far
	}
	fmt.Fprintf(out, "died      while it paid order %d, which may have been paid\n", failed.Order)

	// The second run opens the journal anew, as another process would.
	if req.Journal, err = ovhrenew.OpenJournal(dir, ovhrenew.OnlyJournal); err != nil {
		return err
	}
	err = renew(ctx, client, req, out)
	fmt.Fprintf(out, "payments  %d in all, %s EUR\n", len(server.Payments()), server.Spent()["EUR"])
	return err
}
