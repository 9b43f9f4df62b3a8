// Approve renews what is due and lets people say yes or no to each order in a chat, while
// the orders wait. A no is remembered: no further order is placed for the same.
//
// It works on a simulated account, with a colleague who answers by the order's price. On
// an account of one's own the chat is an incoming webhook, and the answers are its links.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "approve:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	switch {
	case len(args) == 1 && (args[0] == "-h" || args[0] == "--help"):
		fmt.Fprint(out, "Approve renews on a simulated account, with a colleague who answers in a chat.\n\nusage: approve [-h]\n")
		return nil
	case len(args) > 0:
		fmt.Fprintf(os.Stderr, "usage: approve (and not %q)\n", args)
		os.Exit(2)
	}
	server := ovhrenewtest.New(ovhrenewtest.Behaviour{})
	ovhrenewtest.Guide(server)
	server.ListenPipe()
	defer server.Close()
	client, err := ovhrenew.NewWithConfig(server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited})
	if err != nil {
		return err
	}
	journal := ovhrenewtest.NewMemory(ovhrenew.OnlyJournal) // in a program that lasts: OpenJournal
	room := newChat()
	go room.colleague(ctx, ovhrenew.MustMoney("50 EUR"), out)
	for night := 1; night <= 2; night++ {
		fmt.Fprintf(out, "night %d\n", night)
		if err := renew(ctx, client, journal, room, out); err != nil {
			return err
		}
	}
	return nil
}

// renew renews two services for a year; each order waits for an answer of the chat.
func renew(ctx context.Context, client ovhrenew.Client, journal ovhrenew.Journal, room *chat, out io.Writer) error {
	for _, service := range []ovhrenew.Target{ovhrenew.Name(ovhrenewtest.GuideVPS), ovhrenew.Route("/hosting/web/example.ovh")} {
		receipt, err := ovhrenew.Renew(ctx, client, ovhrenew.Request{
			Service: service,
			Rules:   []ovhrenew.Rule{ovhrenew.For(ovhrenew.P1Y)},
			Limit:   ovhrenew.MustMoney("100 EUR"),
			PayWith: ovhrenew.DefaultMethod,
			Journal: journal,
			Approve: room.ask,
			Guards:  ovhrenew.Guards{DueWithin: 40 * 24 * time.Hour},
			// The simulated account shows at once what has happened.
			Patience: ovhrenew.Patience{Poll: 10 * time.Millisecond},
		})
		switch {
		case errors.Is(err, ovhrenew.ErrRejected):
			fmt.Fprintf(out, "  refused  %s\n", service)
		case err != nil:
			return err
		case receipt.Already:
			fmt.Fprintf(out, "  done     %s, by an earlier run\n", service)
		default:
			fmt.Fprintf(out, "  renewed  %s for %s\n", service, receipt.Price)
		}
	}
	return nil
}
