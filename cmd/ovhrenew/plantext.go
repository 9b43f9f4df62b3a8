package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/ovhrenew/ovhrenew/internal/words"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// writePlan writes a plan for a terminal that is so many columns wide.
func writePlan(w io.Writer, columns int, plan *portfolio.Plan, place func(portfolio.Unused) portfolio.Unused) error {
	totals, err := plan.Totals()
	if err != nil {
		return err
	}
	services := 0
	for _, item := range plan.Items {
		services += len(item.Services)
	}
	fmt.Fprintf(w, "Plan of %s: %s for %s.\n", plan.Made, words.Count(len(plan.Items), "order"), words.Count(services, "service"))
	for _, unused := range plan.Unused {
		fmt.Fprintln(w, wrap("LOOK: "+place(unused).String()+".", "  "))
	}
	if len(plan.Items) > 0 {
		fmt.Fprintln(w)
		rows := [][]string{}
		shared := sharedNames(plan)
		for _, item := range plan.Items {
			for i, s := range item.Services {
				name := planned(s, shared[s.Name], columns-otherColumns)
				row := []string{s.Expiry.String(), s.NewExpiry.String(), "", "", "+ " + name}
				if i == 0 {
					row = []string{s.Expiry.String(), s.NewExpiry.String(), string(item.Period), item.Limit.String(), name}
				}
				rows = append(rows, row)
			}
		}
		cols := []column{{title: "ENDS"}, {title: "NEW END"}, {title: "FOR"}, {title: "AT MOST", right: true}, {title: "SERVICE", least: 16}}
		if err := table(w, columns, cols, rows); err != nil {
			return err
		}
	}
	if len(totals) > 0 {
		fmt.Fprintln(w)
	}
	for _, total := range totals {
		fmt.Fprintf(w, "Total: at most %s, tax included.\n", total)
	}
	if len(plan.LeftOut) > 0 {
		fmt.Fprintf(w, "\nDue, or to be looked at, and left out:\n")
		writeLeftOut(w, plan.LeftOut)
	}
	if text := notDue(plan.NotDue); text != "" {
		fmt.Fprintf(w, "\n%s\n", wrap("Not in the plan: "+text+".", "  "))
	}
	return nil
}

// otherColumns is how wide the columns of a plan before the last usually are.
const otherColumns = len("2026-06-15  2027-06-15  P12M  1234.00 EUR  ")

// planned is the name of a service of a plan, its number where others share the name, and
// why it is there, in so many columns. A long name is shortened, and not what follows it.
func planned(s portfolio.PlannedService, shared bool, columns int) string {
	var notes []string
	if shared {
		notes = append(notes, s.ID.String())
	}
	switch {
	case s.Ahead:
		notes = append(notes, "early")
	case s.Along:
		notes = append(notes, "comes along")
	}
	if len(notes) == 0 {
		return s.Name
	}
	note := " (" + strings.Join(notes, ", ") + ")"
	return fit(s.Name, max(columns-len("+ ")-len(note), 1)) + note
}

// sharedNames are the names that more than one service of the plan has, such as a domain
// and its hosting: their numbers tell which is which.
func sharedNames(plan *portfolio.Plan) map[string]bool {
	seen, shared := map[string]bool{}, map[string]bool{}
	add := func(name string) { shared[name] = seen[name]; seen[name] = true }
	for _, item := range plan.Items {
		for _, s := range item.Services {
			add(s.Name)
		}
	}
	for _, left := range plan.LeftOut {
		add(left.Name)
	}
	return shared
}

// notDueWords say why services are not in a plan.
var notDueWords = []struct {
	why  portfolio.LeftWhy
	text string
}{
	{portfolio.LeftNotDue, "not due"}, {portfolio.LeftRenewsItself, "renewing by themselves"}, {portfolio.LeftNoExpiry, "without an end"},
	{portfolio.LeftNever, "never renewed"}, {portfolio.LeftNotOnly, "not among those renewed only"},
}

// notDue counts what is not in a plan, by the reason.
func notDue(counts map[portfolio.LeftWhy]int) string {
	var texts []string
	for _, w := range notDueWords {
		if n := counts[w.why]; n > 0 {
			texts = append(texts, fmt.Sprintf("%d %s", n, w.text))
		}
	}
	return strings.Join(texts, ", ")
}
