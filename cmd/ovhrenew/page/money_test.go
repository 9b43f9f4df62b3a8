package page_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/cmd/ovhrenew/page"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// TestMoney: each outcome's money is in the column of what is known of it, and what the
// amount is of is never more certain than the outcome.
func TestMoney(t *testing.T) {
	t.Parallel()
	ten := ovhrenew.MustMoney("10 EUR")
	for name, c := range map[string]struct {
		item portfolio.ItemReport
		row  []string // Paid, earlier, not seen yet, perhaps; nil: nothing was paid
		cell string
	}{
		"renewed":             {portfolio.ItemReport{Outcome: portfolio.OutcomeRenewed, Spent: ten}, []string{"10.00 EUR", "nothing", "nothing", "nothing"}, "10.00 EUR"},
		"already":             {portfolio.ItemReport{Outcome: portfolio.OutcomeRenewed, Already: true, Spent: ten}, []string{"nothing", "10.00 EUR", "nothing", "nothing"}, "10.00 EUR"},
		"paid":                {portfolio.ItemReport{Outcome: portfolio.OutcomePaid, Spent: ten}, []string{"nothing", "nothing", "at most 10.00 EUR", "nothing"}, "paid, at most 10.00 EUR"},
		"unsure":              {portfolio.ItemReport{Outcome: portfolio.OutcomeUnsure, Spent: ten}, []string{"nothing", "nothing", "nothing", "at most 10.00 EUR"}, "perhaps, at most 10.00 EUR"},
		"unknown":             {portfolio.ItemReport{Outcome: "melted", Spent: ten}, []string{"nothing", "nothing", "nothing", "at most 10.00 EUR"}, "perhaps, at most 10.00 EUR"},
		"refused, with money": {portfolio.ItemReport{Outcome: portfolio.OutcomeRefused, Spent: ten}, []string{"nothing", "nothing", "nothing", "at most 10.00 EUR"}, "perhaps, at most 10.00 EUR"},
		"refused":             {portfolio.ItemReport{Outcome: portfolio.OutcomeRefused}, nil, "nothing"},
		"ordered":             {portfolio.ItemReport{Outcome: portfolio.OutcomeOrdered}, nil, "nothing"},
		"skipped":             {portfolio.ItemReport{Outcome: portfolio.OutcomeSkipped}, nil, "nothing"},
		"unsure, no amount":   {portfolio.ItemReport{Outcome: portfolio.OutcomeUnsure}, nil, "not known"},
		"renewed, no amount":  {portfolio.ItemReport{Outcome: portfolio.OutcomeRenewed}, nil, "not known"},
	} {
		root := parse(t, reportHTML(t, portfolio.Report{Items: []portfolio.ItemReport{c.item}}))
		money := section(t, root, "money")
		if tables := all(money, "table"); len(tables) == 0 {
			if c.row != nil {
				t.Errorf("%s: no money", name)
			}
		} else if got := rows(tables[0]); len(got) != 1 || !slices.Equal(got[0][1:], c.row) {
			t.Errorf("%s: %q, want %q", name, got, c.row)
		}
		unknown := strings.Contains(text(money), "Of 1 order the amount is not known")
		if unknown != (c.cell == "not known") || unknown && strings.Contains(text(money), "Nothing was paid") {
			t.Errorf("%s: %q", name, text(money))
		}
		if got := rows(all(section(t, root, "items"), "table")[0])[0][3]; got != c.cell {
			t.Errorf("%s: the amount is %q, want %q", name, got, c.cell)
		}
	}
}

// TestMoneyAddsUp: the columns of a currency add up to what the report says was spent.
func TestMoneyAddsUp(t *testing.T) {
	t.Parallel()
	outcomes := rapid.SampledFrom([]portfolio.Outcome{portfolio.OutcomeRenewed, portfolio.OutcomePaid, portfolio.OutcomeUnsure, "melted"})
	rapid.Check(t, func(rt *rapid.T) {
		var report portfolio.Report
		for range rapid.IntRange(0, 12).Draw(rt, "items") {
			report.Items = append(report.Items, portfolio.ItemReport{
				Outcome: outcomes.Draw(rt, "outcome"), Already: rapid.Bool().Draw(rt, "already"),
				Spent: ovhrenew.NewMoney(rapid.Int64Range(1, 1<<50).Draw(rt, "spent"), rapid.SampledFrom([]ovhrenew.Currency{ovhrenew.EUR, ovhrenew.USD}).Draw(rt, "currency")),
			})
		}
		spent, err := report.Spent()
		if err != nil {
			rt.Fatal(err)
		}
		tables := all(section(t, parse(t, reportHTML(t, report)), "money"), "table")
		if len(tables) == 0 && len(spent) == 0 {
			return
		}
		got := rows(tables[0])
		if len(got) != len(spent) {
			rt.Fatalf("%d currencies, want %v", len(got), spent)
		}
		for i, row := range got {
			sum := ovhrenew.NewMoney(0, spent[i].Currency())
			for _, cell := range row[1:] {
				if cell == "nothing" {
					continue
				}
				m, err := ovhrenew.ParseMoney(strings.TrimPrefix(cell, "at most "))
				if err != nil {
					rt.Fatal(err)
				}
				if sum, err = sum.Add(m); err != nil {
					rt.Fatal(err)
				}
			}
			if sum != spent[i] {
				rt.Errorf("%q add up to %v, want %v", row, sum, spent[i])
			}
		}
	})
}

func TestReportRefuses(t *testing.T) {
	t.Parallel()
	most := ovhrenew.NewMoney(1<<63-1, ovhrenew.EUR)
	item := portfolio.ItemReport{Outcome: portfolio.OutcomeRenewed, Spent: most}
	var b bytes.Buffer
	if err := page.Report(&b, portfolio.Report{Items: []portfolio.ItemReport{item, item}}); !errors.Is(err, ovhrenew.ErrRange) || b.Len() > 0 {
		t.Errorf("%v, and %d bytes were written", err, b.Len())
	}
}
