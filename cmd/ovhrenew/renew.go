package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ovhrenew/ovhrenew"
)

func (p *program) renewCommand() *cobra.Command {
	var length, limit, pay, from string
	var preview, bundle bool
	cmd := &cobra.Command{
		Use:   "renew SERVICE --for PERIOD --limit AMOUNT [flags]",
		Short: "Renew one service, or say what that would do",
		Long: `Renew finds the service, chooses the offer, orders, asks, pays, and waits until
the end of the service has moved. It can be run again after any stop.`,
		Args: cobra.ExactArgs(1),
		Example: `  ovhrenew renew --demo vps112233.ovh.net --for P3M --limit "50 EUR"
  ovhrenew renew vps112233.ovh.net --for P3M --limit "50 EUR" --preview`,
	}
	flags := cmd.Flags()
	flags.StringVar(&length, "for", "", "`PERIOD` to renew for, such as P3M")
	flags.StringVar(&limit, "limit", "", "`AMOUNT` that may be spent, tax included, such as \"50 EUR\"")
	flags.StringVar(&pay, "pay", ovhrenew.DefaultMethod.String(), "`HOW` to pay, such as \"payment method 42\"\n")
	flags.StringVar(&from, "from", "", "renew from this end only: `DAY` is such as 2026-06-15; also before it is due")
	flags.BoolVar(&preview, "preview", false, "only show what it would do")
	flags.BoolVar(&bundle, "bundle", false, "take the cheapest offer, also if it renews others along")
	p.addJournalFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		req, err := renewRequest(args[0], length, limit, pay, from, bundle)
		if err != nil {
			return err
		}
		if !preview && !p.demo && !p.terminal {
			return usagef("nobody can be asked before the payment, as this is no terminal: make a plan, and apply it with --yes")
		}
		return p.with(cmd.Context(), func(a *account) error {
			if preview {
				return p.preview(cmd, a, req)
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

func renewRequest(name, length, limit, pay, from string, bundle bool) (ovhrenew.Request, error) {
	if length == "" || limit == "" {
		return ovhrenew.Request{}, usagef("--for and --limit have to be there: how long, and what may be spent")
	}
	target, err1 := ovhrenew.ParseTarget(name)
	period, err2 := ovhrenew.ParsePeriod(length)
	most, err3 := ovhrenew.ParseMoney(limit)
	with, err4 := ovhrenew.ParsePayment(pay)
	var day ovhrenew.Date
	var err5 error
	if from != "" {
		day, err5 = ovhrenew.ParseDate(from)
	}
	if err := errors.Join(err1, err2, err3, err4, err5); err != nil {
		return ovhrenew.Request{}, usageError{err}
	}
	req := ovhrenew.Request{Service: target, Rules: []ovhrenew.Rule{ovhrenew.For(period)}, Limit: most, PayWith: with, From: day}
	if bundle {
		req.Prefer = ovhrenew.Then(ovhrenew.Cheapest, ovhrenew.FewestServices)
	} else {
		req.Rules = append(req.Rules, ovhrenew.Alone)
	}
	return req, nil
}

// steps tells each step of a renewal.
func (p *program) steps(at ovhrenew.Progress) {
	switch at.Step {
	case ovhrenew.StepSelect:
		p.say("chosen    %s before tax", strings.TrimSuffix(at.Proposal.Offer.String(), " before tax"))
	case ovhrenew.StepOrder:
		p.say("ordered   order %d, %s", at.Order.OrderID, at.Order.PriceWithTax)
	case ovhrenew.StepSettle:
		if !p.demo {
			p.say("waiting   until %s", at.Until.Format("15:04:05"))
		}
	case ovhrenew.StepPay:
		p.say("paid      order %d", at.Order.OrderID)
	case ovhrenew.StepVerify:
		for _, s := range at.Renewed {
			p.say("renewed   %s: %s -> %s", s.Name, s.From, s.To)
		}
	}
}

func (p *program) showReceipt(r *ovhrenew.Receipt) error {
	if p.json {
		return p.writeJSON(r)
	}
	if r.Already {
		fmt.Fprintln(p.out, "Renewed by an earlier run: this one has spent nothing.")
	}
	for _, s := range r.Services {
		fmt.Fprintf(p.out, "%s: %s -> %s\n", s.Name, s.From, s.To)
	}
	_, err := fmt.Fprintf(p.out, "order %d, %s paid by %s\n", r.Order, r.Price, r.PaidWith)
	return err
}

// preview shows what a renewal would do, and why it would be refused.
func (p *program) preview(cmd *cobra.Command, a *account, req ovhrenew.Request) error {
	proposal, err := ovhrenew.Preview(cmd.Context(), a.client, req)
	if proposal == nil || err != nil && !errors.Is(err, ovhrenew.ErrNoStrategy) {
		return err
	}
	if p.json {
		return errors.Join(p.writeJSON(proposal), err)
	}
	for _, refusal := range proposal.Refusals {
		fmt.Fprintln(p.out, wrap(fmt.Sprintf("not      %s: it %v", refusal.Offer, refusal.Reason), "         "))
	}
	if err != nil {
		return errors.New("no offer was chosen")
	}
	fmt.Fprintln(p.out, wrap(fmt.Sprintf("chosen   %s", proposal.Offer), "         "))
	for _, s := range proposal.Services {
		fmt.Fprintf(p.out, "moves    %s: %s -> %s\n", s.Name, s.Expiry, proposal.NewExpiry(s))
	}
	fmt.Fprintf(p.out, "costs    %s, of which tax %s\n", proposal.Quote.PriceWithTax, proposal.Quote.Tax)
	for _, blocker := range proposal.Blockers {
		fmt.Fprintln(p.out, wrap(fmt.Sprintf("refused  %v", blocker), "         "))
	}
	if len(proposal.Blockers) > 0 {
		return toldError{errors.Join(proposal.Blockers...)}
	}
	fmt.Fprintln(p.out, "free     nothing stands in the way of renewing it")
	return nil
}
