package ovhrenew

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
)

// Count is how many items have an outcome.
func (r Report) Count(outcome Outcome) int {
	n := 0
	for _, item := range r.Items {
		if item.Outcome == outcome {
			n++
		}
	}
	return n
}

// Spent is what was paid, one amount for each currency, tax included. What may have
// been paid counts as paid.
func (r Report) Spent() ([]Money, error) {
	var sums []Money
	for _, item := range r.Items {
		if item.Spent.IsZero() {
			continue
		}
		i := slices.IndexFunc(sums, func(m Money) bool { return m.Currency() == item.Spent.Currency() })
		if i < 0 {
			sums = append(sums, item.Spent)
			continue
		}
		sum, err := sums[i].Add(item.Spent)
		if err != nil {
			return nil, err
		}
		sums[i] = sum
	}
	return sums, nil
}

// WriteText writes the report as a table, with what needs looking after in words.
func (r Report) WriteText(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "OUTCOME\tORDER\tAMOUNT\tSERVICES")
	for _, item := range r.Items {
		order, amount := "-", "-"
		if item.Order != 0 {
			order = item.Order.String()
		}
		if !item.Spent.IsZero() {
			amount = item.Spent.String()
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", item.Outcome, order, amount, item.describe())
	}
	if err := table.Flush(); err != nil {
		return err
	}
	for _, item := range r.Items {
		if item.Why != "" && item.Outcome != OutcomeSkipped {
			fmt.Fprintf(w, "%s: %s\n", item.Outcome, printable(item.Why))
		}
	}
	return r.writeSums(w)
}

func (r Report) writeSums(w io.Writer) error {
	var counts []string
	for _, outcome := range []Outcome{OutcomeRenewed, OutcomePaid, OutcomeOrdered, OutcomeRefused, OutcomeUnsure, OutcomeSkipped} {
		if n := r.Count(outcome); n > 0 {
			counts = append(counts, fmt.Sprintf("%d %s", n, outcome))
		}
	}
	spent, err := r.Spent()
	if err != nil {
		return err
	}
	amounts := make([]string, 0, len(spent))
	for _, amount := range spent {
		amounts = append(amounts, amount.String())
	}
	if len(amounts) == 0 {
		amounts = []string{"nothing"}
	}
	_, err = fmt.Fprintf(w, "%s; spent %s\n", strings.Join(counts, ", "), strings.Join(amounts, ", "))
	return err
}

// describe names the item's services with their expiries, old and new.
func (r ItemReport) describe() string {
	var parts []string
	if len(r.Services) > 0 {
		for _, s := range r.Services {
			parts = append(parts, fmt.Sprintf("%s %s -> %s", printable(s.Name), s.From, s.To))
		}
	} else {
		for _, s := range r.Item.Services {
			parts = append(parts, fmt.Sprintf("%s %s", printable(s.Name), s.Expiry))
		}
	}
	text := strings.Join(parts, ", ")
	if r.Already {
		text += " (by an earlier run)"
	}
	return text
}
