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
	"github.com/ovhrenew/ovhrenew/portfolio"
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
		fmt.Fprintln(out, "usage: approve - renews on a simulated account, with a colleague who answers in a chat")
		return nil
	case len(args) > 0:
		fmt.Fprintln(os.Stderr, "usage: approve")
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

// renew plans what is due and applies it; each order waits for an answer of the chat.
func renew(ctx context.Context, client ovhrenew.Client, journal ovhrenew.Journal, room *chat, out io.Writer) error {
	policy := portfolio.Policy{
		DueWithinDays: 40, Period: ovhrenew.P1Y, TaxPercent: "20",
		Total: []ovhrenew.Money{ovhrenew.MustMoney("500 EUR")},
	}
	today := ovhrenew.DateOf(time.Now())
	services, unread, err := portfolio.Gather(ctx, client, policy, today)
	if err != nil || len(unread) > 0 {
		return fmt.Errorf("%d services were not read: %w", len(unread), err)
	}
	plan, err := portfolio.MakePlan(services, policy, today)
	if err != nil {
		return err
	}
	report, err := portfolio.Apply(ctx, client, plan, portfolio.Options{
		PayWith: ovhrenew.DefaultMethod, Journal: journal, Approve: room.ask, FirstWithOthers: true,
		// The simulated account shows at once what has happened; a real one needs the default.
		Patience: ovhrenew.Patience{Poll: 10 * time.Millisecond, Settle: time.Second},
	})
	if err != nil {
		return err
	}
	for _, item := range report.Items {
		fmt.Fprintf(out, "  %-8s %s, %s\n", item.Outcome, item.Item.Services[0].Name, item.Item.Limit)
	}
	if err := report.Err(); errors.Is(err, ovhrenew.ErrUnsure) {
		return err // what else is not renewed was refused, or waits for its answer
	}
	return nil
}
