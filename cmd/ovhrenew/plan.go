package main

import (
	"context"
	"errors"
	"io"

	"github.com/spf13/cobra"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/cmd/ovhrenew/page"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

func (p *program) planCommand() *cobra.Command {
	var flags policyFlags
	var out, html string
	cmd := &cobra.Command{
		Use:   "plan --total AMOUNT [flags]",
		Short: "Plan what to renew, for a person to look at; spends nothing",
		Long: `Plan reads the account and plans what is due. It spends nothing. Look at the
plan, or let somebody look at it, and apply the file.

A policy file is JSON; docs/plan.md describes it. What else is on the command
line changes it.`,
		Args: arguments("", false),
		Example: `  ovhrenew plan --demo --total "500 EUR"
  ovhrenew plan --policy policy.json --out plan.json --html plan.html
  ovhrenew plan --for any --only "*.com" --total "500 EUR" --per-month "900 EUR"`,
	}
	flags.add(cmd)
	cmd.Flags().StringVarP(&out, "out", "o", "", "write the plan to `FILE`, for apply")
	cmd.Flags().StringVar(&html, "html", "", "write a page to look at to `FILE`")
	p.addJournalFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		policy, err := flags.read(p.now())
		if err != nil {
			return err
		}
		return p.with(cmd.Context(), func(a *account) error {
			plan, err := p.makePlan(cmd.Context(), a, policy)
			if err != nil {
				return err
			}
			place := func(u portfolio.Unused) portfolio.Unused { return flags.place(cmd, u) }
			return p.showPlan(plan, place, out, html)
		})
	}
	return cmd
}

// makePlan reads the account, the tax and what the month has cost, as far as the policy
// asks for them.
func (p *program) makePlan(ctx context.Context, a *account, policy portfolio.Policy) (*portfolio.Plan, error) {
	defer p.reading("reading the account")()
	now, err := a.client.Time(ctx)
	if err != nil {
		return nil, err
	}
	today := ovhrenew.DateOf(now)
	if len(policy.PerMonth) > 0 {
		if policy, err = p.budget(ctx, a, policy, today); err != nil {
			return nil, err
		}
	}
	services, unread, err := portfolio.Gather(ctx, a.client, policy, today)
	if err != nil {
		return nil, err
	}
	for _, one := range unread {
		p.say("not read: %v", one)
	}
	if policy.TaxPercent == "" {
		if policy, err = portfolio.LearnTax(ctx, a.client, services, policy, today); err != nil {
			return nil, err
		}
		if policy.TaxPercent != "" {
			p.say("tax: %s %%, as a quote says", policy.TaxPercent)
		}
	}
	return portfolio.MakePlan(services, policy, today)
}

func (p *program) budget(ctx context.Context, a *account, policy portfolio.Policy, today ovhrenew.Date) (portfolio.Policy, error) {
	first := today.Time()
	ledger, err := p.ledger(ctx, a, first.AddDate(0, 0, 1-first.Day()))
	if err != nil {
		return policy, err
	}
	return ledger.Into(policy, today)
}

// showPlan shows and writes a plan. Place says where on the command line something stands.
func (p *program) showPlan(plan *portfolio.Plan, place func(portfolio.Unused) portfolio.Unused, out, html string) error {
	var errs []error
	if out != "" {
		errs = append(errs, writeFile(out, plan.WriteJSON))
	}
	if html != "" {
		errs = append(errs, writeFile(html, func(w io.Writer) error { return page.Plan(w, *plan) }))
	}
	if p.json {
		errs = append(errs, plan.WriteJSON(p.out))
	} else {
		errs = append(errs, writePlan(p.out, p.columns, plan, place))
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	if out != "" {
		demo := ""
		if p.demo {
			demo = " --demo"
		}
		p.say("written to %s: look at it, then ovhrenew apply %s%s", out, out, demo)
	}
	return nil
}
