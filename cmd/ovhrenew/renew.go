package main

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/internal/words"
)

func (p *program) renewCommand() *cobra.Command {
	var period ovhrenew.Period
	preview, bundle := false, false
	req := ovhrenew.Request{PayWith: ovhrenew.DefaultMethod}
	cmd := &cobra.Command{
		Use:   "renew SERVICE --for PERIOD --limit AMOUNT [flags]",
		Short: "Renew one service, or say what that would do",
		Long: `Renew finds the service, chooses the offer, orders, asks, pays, and waits until
the end of the service has moved. It can be run again after any stop.
Without --only-journal it waits 12 minutes before it pays. --demo asks nothing.`,
		Args: arguments("SERVICE", false),
		Example: `  ovhrenew renew --demo vps112233.ovh.net --for P3M --limit "50 EUR"
  ovhrenew renew vps112233.ovh.net --for P3M --limit "50 EUR" --preview`,
	}
	flags := cmd.Flags()
	addFlag(cmd, &period, "for", "PERIOD", "how long to renew for, such as P3M", "", ovhrenew.ParsePeriod)
	addFlag(cmd, &req.Limit, "limit", "AMOUNT", "what may be spent, tax included, such as \"50 EUR\"", "Request.Limit", ovhrenew.ParseMoney)
	addPayFlag(cmd, &req.PayWith, "Request.PayWith")
	addFlag(cmd, &req.From, "from", "DAY", "renew from this end only, such as 2026-06-15; also before it is due", "Request.From", ovhrenew.ParseDate)
	addFlag(cmd, &req.Guards.TakeOver, "take-over", "ORDER", "pay this order, which somebody else has placed, and place none", "Guards.TakeOver", parseOrder)
	addListFlag(cmd, &req.Guards.IgnoreOrders, "ignore-order", "ORDER", "place a new order although this one was refused, came to nothing or is for something else; may be repeated", "Guards.IgnoreOrders", parseOrder)
	flags.BoolVar(&preview, "preview", false, "only show what it would do")
	flags.BoolVar(&bundle, "bundle", false, "take the cheapest offer, also if it renews others along")
	p.addJournalFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		var err error
		if req.Service, err = argument("SERVICE", args[0], ovhrenew.ParseTarget); err != nil {
			return err
		}
		if period == "" || req.Limit.IsZero() {
			return usagef("--for and --limit have to be there: how long, and what may be spent")
		}
		req.Rules = []ovhrenew.Rule{ovhrenew.For(period)}
		if bundle {
			req.Prefer = ovhrenew.Then(ovhrenew.Cheapest, ovhrenew.FewestServices)
		} else {
			req.Rules = append(req.Rules, ovhrenew.Alone)
		}
		if !preview && !p.demo && !p.terminal {
			return usagef("nobody can be asked before the payment, as this is no terminal: make a plan, and apply it with --yes")
		}
		return p.with(cmd.Context(), func(a *account) error {
			if preview {
				return p.preview(cmd.Context(), a, req)
			}
			if req.Journal, err = p.openJournal(a); err != nil {
				return err
			}
			req.Approve, req.Patience, req.Progress = p.approver(), a.patience, p.steps
			receipt, err := ovhrenew.Renew(cmd.Context(), a.client, req)
			if err != nil {
				return err
			}
			return p.showReceipt(receipt)
		})
	}
	return cmd
}

// parseOrder reads the number of an order.
func parseOrder(text string) (ovhrenew.OrderID, error) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n <= 0 {
		return 0, errors.New("not the number of an order")
	}
	return ovhrenew.OrderID(n), nil
}

// steps tells each step of a renewal.
func (p *program) steps(at ovhrenew.Progress) {
	switch at.Step {
	case ovhrenew.StepSelect:
		p.say("chosen    %s", at.Proposal.Offer)
	case ovhrenew.StepOrder:
		p.say("ordered   order %d, %s", at.Order.OrderID, at.Order.PriceWithTax)
	case ovhrenew.StepSettle:
		if !p.demo {
			p.say("waiting   until %s", at.Until.Format("15:04:05"))
		}
	case ovhrenew.StepPay:
		p.say("paid      order %d", at.Order.OrderID)
	}
}

// showReceipt writes what a renewal has come to.
func (p *program) showReceipt(r *ovhrenew.Receipt) error {
	if p.json {
		return p.writeJSON(r)
	}
	if r.Already {
		fmt.Fprintln(p.out, "already   done by an earlier run: this one has spent nothing")
	}
	for _, s := range r.Services {
		fmt.Fprintf(p.out, "renewed   %s: %s -> %s\n", words.Called(s.Name, s.ServiceID), s.From, s.To)
	}
	_, err := fmt.Fprintf(p.out, "receipt   order %d, %s paid by %s\n", r.Order, r.Price, r.PaidWith)
	return err
}
