package main

import (
	"cmp"
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
					failed[i] = unusedOnly(cmd, unused.Unused)
				}
			}
			slices.SortFunc(services, compareEnds)
			return errors.Join(p.writeList(services, today, within), errors.Join(failed...))
		})
	}
	return cmd
}

// unusedOnly says which --only select nothing.
func unusedOnly(cmd *cobra.Command, unused []portfolio.Unused) error {
	var errs []error
	for _, u := range unused {
		u, _ = unusedFlag(cmd, "Query", u, 0)
		errs = append(errs, errors.New(u.String()))
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

// compareEnds sorts what ends first first, and what never ends last.
func compareEnds(a, b portfolio.Surveyed) int {
	never := func(s portfolio.Surveyed) int {
		if s.Ends().IsZero() {
			return 1
		}
		return 0
	}
	return cmp.Or(never(a)-never(b), a.Ends().Compare(b.Ends()), cmp.Compare(a.ID, b.ID))
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
	if err := table(p.out, p.columns, cols, rows); err != nil {
		return err
	}
	text := words.Count(len(services), "service")
	if within != everything {
		text += fmt.Sprintf(" that end within %s; --within all lists the others too", words.Count(within, "day"))
	}
	_, err := fmt.Fprintf(p.out, "\n%s.\n", text)
	return err
}
