package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/cmd/ovhrenew/page"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

func (p *program) reportCommand() *cobra.Command {
	var since, csv, html string
	bills := false
	cmd := &cobra.Command{
		Use:   "report [flags]",
		Short: "Report what the journal knows to have been paid, for accounting",
		Long: `Report lists what was renewed, and what was paid or may have been and is not
verified: from the journal alone, so that a run that died in between loses
nothing.`,
		Args: cobra.NoArgs,
		Example: `  ovhrenew report --since 2026-06-01
  ovhrenew report --since 2026-06-01 --bills --csv june.csv --html june.html`,
	}
	flags := cmd.Flags()
	flags.StringVar(&since, "since", "", "`DAY` from which on (default: the first of the month)")
	flags.BoolVar(&bills, "bills", false, "look up the numbers of the bills")
	flags.StringVar(&csv, "csv", "", "write a table for accounting to `FILE`; - is the standard output")
	flags.StringVar(&html, "html", "", "write a page to look at to `FILE`")
	p.addJournalFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		now := p.now().UTC()
		from := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, time.UTC)
		if since != "" {
			day, err := ovhrenew.ParseDate(since)
			if err != nil {
				return usagef("--since: %w", err)
			}
			from = day.Time()
		}
		return p.with(cmd.Context(), func(a *account) error {
			ledger, err := p.ledger(cmd.Context(), a, from)
			if err != nil {
				return err
			}
			if bills {
				if err := ledger.AddBills(cmd.Context(), a.client); err != nil {
					return err
				}
			}
			if html != "" {
				services, failed := survey(cmd.Context(), a, portfolio.Query{}) // for the products
				for _, err := range failed {
					p.say("not read: %v", err)
				}
				if err := writeFile(html, func(w io.Writer) error { return page.Report(w, asReport(ledger, services, now)) }); err != nil {
					return err
				}
			}
			return p.showLedger(ledger, csv)
		})
	}
	return cmd
}

// ledger reads what the journal knows since a time.
func (p *program) ledger(ctx context.Context, a *account, since time.Time) (*portfolio.Ledger, error) {
	journal, err := p.openJournal(a)
	if err != nil {
		return nil, err
	}
	name, err := a.client.Account(ctx)
	if err != nil {
		return nil, err
	}
	return portfolio.ReadLedger(ctx, journal, name, since)
}

// asReport is a ledger as the report of one application. Services are those of the
// account, for what they are.
func asReport(l *portfolio.Ledger, services []portfolio.Surveyed, now time.Time) portfolio.Report {
	products := map[ovhrenew.ServiceID]string{}
	for _, s := range services {
		products[s.ID] = s.Product
	}
	r := portfolio.Report{Began: l.Since, Ended: now}
	for _, e := range l.Entries {
		item := portfolio.PlanItem{Period: e.Period, Price: e.Net, Limit: e.Gross}
		for _, s := range e.Services {
			item.Services = append(item.Services, portfolio.PlannedService{
				ID: s.ServiceID, Name: s.Name, Product: products[s.ServiceID], Expiry: s.From, NewExpiry: s.To,
			})
		}
		one := portfolio.ItemReport{Item: item, Outcome: e.Outcome, Order: e.Order, Spent: e.Gross, Unexpected: e.Unexpected}
		if e.Outcome == portfolio.OutcomeRenewed {
			one.Services = e.Services
		} else {
			one.Why = e.Outcome.Words() + ": apply again, with the same journal"
		}
		r.Items = append(r.Items, one)
	}
	return r
}

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
	rows := [][]string{}
	for _, e := range l.Entries {
		var names []string
		for _, s := range e.Services {
			names = append(names, s.Name)
		}
		gross := "?"
		if !e.Gross.IsZero() {
			gross = e.Gross.String()
		}
		rows = append(rows, []string{e.Time.Format(time.DateOnly), string(e.Outcome), e.Order.String(), gross, e.Bill, strings.Join(names, " + ")})
	}
	fmt.Fprintf(p.out, "%s since %s\n\n", l.Account, l.Since.Format(time.DateOnly))
	cols := []column{{title: "DAY"}, {title: "OUTCOME"}, {title: "ORDER", right: true}, {title: "PAID", right: true}, {title: "BILL"}, {title: "SERVICES", max: 26}}
	if err := table(p.out, cols, rows); err != nil {
		return err
	}
	months := map[string]bool{}
	for _, e := range l.Entries {
		month := e.Time.Format("2006-01")
		if months[month] {
			continue
		}
		months[month] = true
		if len(months) == 1 {
			fmt.Fprintln(p.out)
		}
		spent, err := l.Spent(month)
		if err != nil {
			fmt.Fprintln(p.out, wrap(fmt.Sprintf("%s: %v", month, err), "  "))
			continue
		}
		fmt.Fprintf(p.out, "%s: %s, tax included.\n", month, amounts(spent))
	}
	return nil
}
