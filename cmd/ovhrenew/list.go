package main

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/internal/words"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

func (p *program) listCommand() *cobra.Command {
	within := 30
	var only []portfolio.Selection
	cmd := &cobra.Command{
		Use:   "list [flags]",
		Short: "List what ends, soonest first",
		Args:  arguments("", false),
		Example: `  ovhrenew list --demo
  ovhrenew list --within 60 --only product:vps-*`,
	}
	addFlag(cmd, &within, "within", "DAYS", "list what ends within so many days, or all (default 30)", "", parseWithin)
	cmd.Flags().Var(&value[portfolio.Selection]{
		kind: "WHICH", parse: selectionOf, take: func(s portfolio.Selection) { only = append(only, s) }, fills: "Query.Only",
	}, "only", "list only these"+which)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return p.with(cmd.Context(), func(a *account) error {
			query := portfolio.Query{Only: only}
			today := ovhrenew.DateOf(p.now())
			if within != everything {
				query.DueBy = today.AddDays(within)
			}
			end := p.reading("reading the account")
			services, failed := survey(cmd.Context(), a, query)
			end()
			for i, err := range failed {
				if unused, ok := errors.AsType[*portfolio.UnusedError](err); ok {
					failed[i] = unusedFlags(cmd, unused.Unused)
				}
			}
			slices.SortFunc(services, compareEnds)
			return errors.Join(p.writeList(services, today, within), errors.Join(failed...))
		})
	}
	return cmd
}

// unusedFlags says which --only select nothing.
func unusedFlags(cmd *cobra.Command, unused []portfolio.Unused) error {
	_, texts := filling(cmd, "Query.Only")
	var errs []error
	for _, u := range unused {
		_, i := element(u.Field)
		errs = append(errs, errors.New(portfolio.Unused{Field: fmt.Sprintf("--only %q", texts[i]), Near: u.Near}.String()))
	}
	return errors.Join(errs...)
}

// everything is the number of days of no bound.
const everything = -1

func parseWithin(text string) (int, error) {
	if text == "all" {
		return everything, nil
	}
	days, err := parseNumber(strings.TrimSuffix(text, "d"))
	if err != nil {
		err = errors.New("neither a number of days nor all")
	}
	return days, err
}

func compareEnds(a, b portfolio.Surveyed) int {
	ends := func(s portfolio.Surveyed) ovhrenew.Date {
		if s.Ends().IsZero() {
			return ovhrenew.MustDate("9999-12-31")
		}
		return s.Ends()
	}
	if order := ends(a).Compare(ends(b)); order != 0 {
		return order
	}
	return int(min(max(a.ID-b.ID, -1), 1))
}

// listed is a service as --json lists it.
type listed struct {
	ID      ovhrenew.ServiceID `json:"id"`
	Name    string             `json:"name"`
	Product string             `json:"product,omitempty"`
	Expiry  ovhrenew.Date      `json:"expiry"`
	Days    *int               `json:"days,omitempty"`
	Mode    ovhrenew.RenewMode `json:"mode,omitempty"`
	Tags    []string           `json:"tags,omitempty"`
}

func (p *program) writeList(services []portfolio.Surveyed, today ovhrenew.Date, within int) error {
	all, rows := []listed{}, [][]string{}
	for _, s := range services {
		one := listed{ID: s.ID, Name: s.Name, Product: s.Product, Expiry: s.Ends(), Mode: s.Mode, Tags: s.Tags}
		left := ""
		if !s.Ends().IsZero() {
			days := today.DaysUntil(s.Ends())
			one.Days, left = &days, strconv.Itoa(days)
		}
		all = append(all, one)
		rows = append(rows, []string{s.Ends().String(), left, s.Name, s.ID.String(), s.Product, string(s.Mode)})
	}
	if p.json {
		return p.writeJSON(all)
	}
	cols := []column{{title: "ENDS"}, {title: "DAYS", right: true}, {title: "SERVICE", least: 16}, {title: "ID", right: true}, {title: "PRODUCT", least: 12}, {title: "RENEWAL"}}
	if err := table(p.out, cols, rows); err != nil {
		return err
	}
	text := words.Count(len(services), "service")
	if within != everything {
		text += fmt.Sprintf(" that end within %s; --within all lists the others too", words.Count(within, "day"))
	}
	_, err := fmt.Fprintf(p.out, "\n%s.\n", text)
	return err
}
