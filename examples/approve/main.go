// Approve renews what is due and lets people say yes or no to each order in a chat, while
// the orders wait. A no is remembered: no further order is placed for the same.
//
// It works on a simulated account, with a colleague who answers by the order's price.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/examples/internal/command"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

func main() {
	flags := flag.NewFlagSet("approve", flag.ContinueOnError)
	command.Parse(flags, os.Args[1:], "approve\nRenews on a simulated account, with a colleague who answers in a chat.")
	if err := run(context.Background(), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "approve:", err)
		os.Exit(1)
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
	room := &chat{out: out, answers: map[ovhrenew.OrderID]ovhrenew.Answer{}}
	journal := ovhrenewtest.NewMemory(ovhrenew.OnlyJournal) // in a program that lasts: OpenJournal
	for _, night := range []string{"night 1", "night 2"} {
		fmt.Fprintln(out, night)
		for _, service := range []ovhrenew.Target{ovhrenew.Name(ovhrenewtest.GuideVPS), ovhrenew.Route("/hosting/web/example.ovh")} {
			receipt, err := ovhrenew.Renew(ctx, client, ovhrenew.Request{
				Service:  service,
				Rules:    []ovhrenew.Rule{ovhrenew.For(ovhrenew.P1Y)},
				Limit:    ovhrenew.MustMoney("100 EUR"),
				PayWith:  ovhrenew.DefaultMethod,
				Journal:  journal,
				Approve:  room.ask,
				Guards:   ovhrenew.Guards{DueWithin: 40 * 24 * time.Hour},
				Patience: ovhrenew.Patience{Poll: 10 * time.Millisecond}, // the simulated account answers at once
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
	}
	return nil
}

// chat is where people are asked. It posts once for each order.
type chat struct {
	out     io.Writer
	mu      sync.Mutex
	answers map[ovhrenew.OrderID]ovhrenew.Answer // AnswerLater: it was posted
}

// ask is the Approver. It returns at once, so that other renewals go on meanwhile.
func (c *chat) ask(_ context.Context, a ovhrenew.Approval) (ovhrenew.Answer, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	answer, posted := c.answers[a.Order.OrderID]
	if !posted {
		answer = ovhrenew.AnswerLater
		c.answers[a.Order.OrderID] = answer
		time.AfterFunc(time.Millisecond, func() { c.colleague(a) }) // in a real chat: the handler of its buttons
	}
	return answer, nil
}

// colleague says yes to what costs no more than 50 EUR.
func (c *chat) colleague(a ovhrenew.Approval) {
	c.mu.Lock()
	defer c.mu.Unlock()
	answer := ovhrenew.AnswerNo
	if order, err := a.Order.PriceWithTax.Cmp(ovhrenew.MustMoney("50 EUR")); err == nil && order <= 0 {
		answer = ovhrenew.AnswerYes
	}
	fmt.Fprintf(c.out, "  chat     order %d, %s: %s\n", a.Order.OrderID, a.Order.PriceWithTax, answer)
	c.answers[a.Order.OrderID] = answer
}
