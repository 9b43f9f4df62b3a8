package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/cmd/ovhrenew/page"
	"github.com/ovhrenew/ovhrenew/internal/words"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

func (p *program) applyCommand() *cobra.Command {
	var file string
	yes, each := false, false
	how := portfolio.Options{PayWith: ovhrenew.DefaultMethod}
	cmd := &cobra.Command{
		Use:   "apply PLAN [flags]",
		Short: "Order and pay what a plan file says, and see it renewed",
		Long: `Apply carries out a plan: exactly its items, each within its limit. It asks
once before it begins, or with --each about each order; --yes and --demo ask
nothing. It can be run again after any stop, with the same journal: what was
begun is resumed.`,
		Args: arguments("PLAN", false),
		Example: `  ovhrenew apply plan.json
  ovhrenew apply plan.json --yes --only-journal`,
	}
	flags := cmd.Flags()
	addPayFlag(cmd, &how.PayWith, "Options.PayWith")
	flags.BoolVar(&yes, "yes", false, "spend without asking")
	flags.BoolVar(&each, "each", false, "ask about each order before it is paid")
	flags.BoolVar(&how.GoOnWhenUnsure, "go-on", false, "begin further items although it is not known whether one was paid")
	addFlag(cmd, &how.StopAfter, "stop-after", "N", "begin nothing more after so many failures (default: never)", "Options.StopAfter", parseNumber)
	flags.StringVar(&file, "html", "", "write a page about the outcome to `FILE`")
	p.addJournalFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		plan, err := readPlan(args[0])
		if err != nil {
			return usageError{err}
		}
		if yes && each {
			return usagef("--yes and --each exclude each other")
		}
		return p.with(cmd.Context(), func(a *account) error {
			how.Patience = a.patience
			if each {
				how.Approve = p.approver()
			}
			if err := p.confirmPlan(cmd.Context(), plan, yes || each); err != nil {
				return err
			}
			if how.Journal, err = p.openJournal(a); err != nil {
				return err
			}
			if how.Journal.Sharing() == ovhrenew.OneOfSeveral && len(plan.Items) > 0 {
				p.say("waiting   each order is paid twelve minutes after it was placed, since others may renew too: --only-journal says that nobody does")
			}
			how.Progress = p.progress()
			report, err := portfolio.Apply(cmd.Context(), a.client, plan, how)
			p.line("")
			if err != nil {
				return err
			}
			if file != "" {
				err = writeFile(file, func(w io.Writer) error { return page.Report(w, *report) })
			}
			return errors.Join(p.showReport(report, plan), err)
		})
	}
	return cmd
}

func readPlan(name string) (*portfolio.Plan, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	plan, err := portfolio.ParsePlan(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return plan, nil
}

// confirmPlan asks before a plan is applied to a real account.
func (p *program) confirmPlan(ctx context.Context, plan *portfolio.Plan, yes bool) error {
	if yes || p.demo || len(plan.Items) == 0 {
		return nil
	}
	if !p.terminal {
		return usagef("nobody can be asked, as this is no terminal: --yes applies the plan without asking")
	}
	totals, err := plan.Totals()
	if err != nil {
		return err
	}
	return p.confirm(ctx, fmt.Sprintf("Place and pay %s, for at most %s, tax included? A payment cannot be taken back.", words.Count(len(plan.Items), "order"), amounts(totals)))
}

// showReport writes what has become of a plan. The error is the report's.
func (p *program) showReport(report *portfolio.Report, plan *portfolio.Plan) error {
	failed := report.Err()
	if p.json {
		if err := p.writeJSON(struct {
			*portfolio.Report
			NotRenewed []portfolio.LeftOut `json:"notRenewed"`
		}{report, append([]portfolio.LeftOut{}, plan.NotRenewed(report)...)}); err != nil {
			return err
		}
		return failed
	}
	rows := [][]string{}
	for _, item := range report.Items {
		order, spent := "-", "-"
		if item.Order != 0 {
			order = item.Order.String()
		}
		if !item.Spent.IsZero() {
			spent = item.Spent.String()
		}
		name, to := "", ""
		for i, s := range item.Item.Services {
			if i == 0 {
				name, to = s.Name, s.NewExpiry.String()
			}
		}
		name = together(name, len(item.Item.Services))
		outcome := string(item.Outcome)
		if item.Already {
			outcome += "*"
		}
		rows = append(rows, []string{outcome, order, spent, to, name})
	}
	if len(rows) > 0 {
		if err := table(p.out, p.columns, []column{{title: "OUTCOME"}, {title: "ORDER", right: true}, {title: "PAID", right: true}, {title: "NEW END"}, {title: "SERVICE", least: 16}}, rows); err != nil {
			return err
		}
	}
	by := ""
	if slices.ContainsFunc(report.Items, func(i portfolio.ItemReport) bool { return i.Already }) {
		fmt.Fprintln(p.out, "* by an earlier run")
		by = ", by earlier runs too"
	}
	if left := plan.NotRenewed(report); len(left) > 0 {
		fmt.Fprintf(p.out, "\nDue, or to be looked at, and not renewed:\n")
		writeLeftOut(p.out, left)
	}
	spent, err := report.Spent()
	if err != nil {
		return err
	}
	fmt.Fprintf(p.out, "\n%d of %d renewed. Spent%s: %s.\n", report.Count(portfolio.OutcomeRenewed), len(report.Items), by, amounts(spent))
	if failed != nil {
		return toldError{failed}
	}
	return nil
}
