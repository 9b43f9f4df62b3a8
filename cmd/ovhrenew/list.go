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
	var within string
	var only []string
	cmd := &cobra.Command{
		Use:   "list [flags]",
		Short: "List what ends, soonest first",
		Args:  cobra.NoArgs,
		Example: `  ovhrenew list --demo
  ovhrenew list --within 60 --only product:vps-*`,
	}
	cmd.Flags().StringVar(&within, "within", "30", "`DAYS` within which it ends, or all")
	selectionFlag(cmd, &only, "only", "list only these")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		days := -1
		if within != "all" {
			var err error
			if days, err = strconv.Atoi(strings.TrimSuffix(within, "d")); err != nil || days < 0 {
				return usagef("--within %s is neither a number of days nor all", within)
			}
		}
		return p.with(cmd.Context(), func(a *account) error {
			query := portfolio.Query{Only: parseSelections(only)}
			today := ovhrenew.DateOf(p.now())
			if days >= 0 {
				query.DueBy = today.AddDays(days)
			}
			services, failed := survey(cmd.Context(), a, query)
			slices.SortFunc(services, func(a, b portfolio.Surveyed) int { return compareEnds(a, b) })
			return errors.Join(p.writeList(services, today), errors.Join(failed...))
		})
	}
	return cmd
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

func (p *program) writeList(services []portfolio.Surveyed, today ovhrenew.Date) error {
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
	cols := []column{{title: "ENDS"}, {title: "DAYS", right: true}, {title: "SERVICE", max: 28}, {title: "ID", right: true}, {title: "PRODUCT", max: 12}, {title: "RENEWAL"}}
	if err := table(p.out, cols, rows); err != nil {
		return err
	}
	_, err := fmt.Fprintf(p.out, "\n%s.\n", words.Count(len(services), "service"))
	return err
}
