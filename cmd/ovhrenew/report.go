package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/cmd/ovhrenew/page"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

func (p *program) reportCommand() *cobra.Command {
	var since ovhrenew.Date
	var csv, html string
	bills := false
	cmd := &cobra.Command{
		Use:   "report [flags]",
		Short: "Report what the journal knows to have been paid, for accounting",
		Long: `Report lists what was renewed, and what was paid or may have been and is not
verified: from the journal alone, so that a run that died in between loses
nothing.`,
		Args: arguments("", false),
		Example: `  ovhrenew report --since 2026-06-01
  ovhrenew report --since 2026-06-01 --bills --csv june.csv --html june.html`,
	}
	flags := cmd.Flags()
	addFlag(cmd, &since, "since", "DAY", "the first day, such as 2026-06-01 (default: the first of the month)", "", ovhrenew.ParseDate)
	flags.BoolVar(&bills, "bills", false, "look up the numbers of the bills")
	flags.StringVar(&csv, "csv", "", "write a table for accounting to `FILE`; - is the standard output")
	flags.StringVar(&html, "html", "", "write a page to look at to `FILE`")
	p.addJournalFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if p.json && csv == "-" {
			return usagef("--json and --csv - both want the standard output")
		}
		now := p.now().UTC()
		from := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, time.UTC)
		if !since.IsZero() {
			from = since.Time()
		}
		return p.with(cmd.Context(), func(a *account) error {
			if p.demo && p.journal.dir == "" {
				if err := p.renewDemo(cmd.Context(), a); err != nil {
					return err
				}
			}
			ledger, err := p.ledger(cmd.Context(), a, from)
			if err != nil {
				return err
			}
			end := p.reading("reading the account")
			if bills {
				if err := ledger.AddBills(cmd.Context(), a.client); err != nil {
					return err
				}
			}
			if html != "" {
				if err := p.writeLedgerPage(cmd.Context(), a, ledger, html); err != nil {
					return err
				}
			}
			end()
			return p.showLedger(ledger, csv)
		})
	}
	return cmd
}

// writeLedgerPage writes the page, which also shows products: the account is asked for them.
func (p *program) writeLedgerPage(ctx context.Context, a *account, ledger *portfolio.Ledger, name string) error {
	services, failed := survey(ctx, a, portfolio.Query{})
	for _, err := range failed {
		p.say("not read: %v", err)
	}
	products := map[ovhrenew.ServiceID]string{}
	for _, s := range services {
		products[s.ID] = s.Product
	}
	return writeFile(name, func(w io.Writer) error { return page.Ledger(w, *ledger, products) })
}

// renewDemo renews what is due on the simulated account, which begins anew with each run.
func (p *program) renewDemo(ctx context.Context, a *account) error {
	p.say("what is due is renewed first, so that there is something to report")
	plan, err := p.makePlan(ctx, a, portfolio.Policy{Period: ovhrenew.P1Y, Total: []ovhrenew.Money{ovhrenew.MustMoney("500 EUR")}})
	if err != nil {
		return err
	}
	_, err = portfolio.Apply(ctx, a.client, plan, portfolio.Options{
		PayWith: ovhrenew.DefaultMethod, Journal: a.journal, Patience: a.patience, Workers: 1,
	})
	return err
}

// months are those until now in which something was paid, or may have been.
func months(l *portfolio.Ledger, now time.Time) (all []string) {
	for _, e := range l.Entries {
		first, last := e.Time.UTC(), e.Until
		if last.IsZero() { // it may still be paid
			last = now
		}
		until := last.UTC().Format("2006-01")
		for at := first.AddDate(0, 0, 1-first.Day()); at.Format("2006-01") <= until; at = at.AddDate(0, 1, 0) {
			all = append(all, at.Format("2006-01"))
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// showLedger writes what the journal knows to have been paid.
func (p *program) showLedger(l *portfolio.Ledger, csv string) error {
	switch {
	case csv == "-":
		return l.WriteCSV(p.out)
	case csv != "":
		if err := writeFile(csv, l.WriteCSV); err != nil {
			return err
		}
	}
	if p.json {
		return p.writeJSON(l)
	}
	if len(l.Entries) == 0 {
		_, err := fmt.Fprintf(p.out, "The journal knows of nothing that was paid since %s.\n", l.Since.Format(time.DateOnly))
		return err
	}
	rows := [][]string{}
	for _, e := range l.Entries {
		name := ""
		if len(e.Services) > 0 {
			name = together(e.Services[0].Name, len(e.Services))
		}
		gross := "?"
		if !e.Gross.IsZero() {
			gross = e.Gross.String()
		}
		rows = append(rows, []string{e.Time.Format(time.DateOnly), string(e.Outcome), e.Order.String(), gross, e.Bill, name})
	}
	fmt.Fprintf(p.out, "%s since %s\n\n", l.Account, l.Since.Format(time.DateOnly))
	cols := []column{{title: "DAY"}, {title: "OUTCOME"}, {title: "ORDER", right: true}, {title: "PAID", right: true}, {title: "BILL"}, {title: "SERVICE", least: 16}}
	if err := table(p.out, p.columns, cols, rows); err != nil {
		return err
	}
	fmt.Fprintln(p.out)
	for _, month := range months(l, p.now()) {
		spent, err := l.Spent(month)
		if err != nil {
			fmt.Fprintln(p.out, wrap(fmt.Sprintf("%s: %v", month, err), "  "))
			continue
		}
		fmt.Fprintf(p.out, "%s: %s, tax included.\n", month, amounts(spent))
	}
	return nil
}
