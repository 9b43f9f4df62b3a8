package page_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// TestCostsAddUp: of each currency, the products add up to the months, the months to the
// total, and the total is the plan's, to the last digit; and so are the orders.
func TestCostsAddUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		plan := drawPlan(rt)
		totals, err := plan.Totals()
		if err != nil {
			rt.Fatal(err)
		}
		tables := all(section(t, parse(t, planHTML(t, plan)), "costs"), "table", "costs")
		if len(tables) != len(totals) {
			rt.Fatalf("%d tables for the totals %v", len(tables), totals)
		}
		orders := 0
		for i, table := range tables {
			var months, products []ovhrenew.Money
			var count int
			for class, want := range sumsOf(rt, plan, totals[i].Currency()) {
				cells := all(table, "td", class)
				if got := text(cells[len(cells)-1]); got != want.String() {
					rt.Errorf("the total is %s, want %s", got, want)
				}
			}
			for _, tr := range all(table, "tr") {
				cells := all(tr, "td", "most")
				if len(cells) == 0 {
					continue
				}
				amount := ovhrenew.NewMoney(ucents(rt, text(cells[0]), totals[i].Currency()), totals[i].Currency())
				var n int
				fmt.Sscan(text(all(tr, "td", "orders")[0]), &n)
				switch {
				case attr(tr, "class") == "month":
					months = append(months, amount)
					count += n
				case tr.Parent.Data == "tbody":
					products = append(products, amount)
				}
			}
			for _, parts := range [][]ovhrenew.Money{months, products} {
				if total, err := sum(parts...); err != nil || total != totals[i] {
					rt.Errorf("%v add up to %v, %v, want %v", parts, total, err, totals[i])
				}
			}
			orders += count
		}
		if orders != len(plan.Items) {
			rt.Errorf("%d orders of %d", orders, len(plan.Items))
		}
	})
}

// sum adds amounts.
func sum(amounts ...ovhrenew.Money) (total ovhrenew.Money, err error) {
	for i, m := range amounts {
		if i == 0 {
			total = m
		} else if total, err = total.Add(m); err != nil {
			return total, err
		}
	}
	return total, nil
}

// sumsOf are the sums of a plan's prices and limits in a currency, by the class of their
// cells.
func sumsOf(t *rapid.T, plan portfolio.Plan, c ovhrenew.Currency) map[string]ovhrenew.Money {
	var prices, limits []ovhrenew.Money
	for _, item := range plan.Items {
		if item.Limit.Currency() == c {
			prices, limits = append(prices, item.Price), append(limits, item.Limit)
		}
	}
	net, err := sum(prices...)
	if err != nil {
		t.Fatal(err)
	}
	most, err := sum(limits...)
	if err != nil {
		t.Fatal(err)
	}
	return map[string]ovhrenew.Money{"net": net, "most": most}
}

// ucents reads an amount as a page has it, in whatever currency.
func ucents(t *rapid.T, text string, c ovhrenew.Currency) int64 {
	for i := range text {
		if text[i] == ' ' {
			text = text[:i]
			break
		}
	}
	m, err := ovhrenew.ParseMoney(text + " EUR")
	if err != nil {
		t.Fatalf("%s in %q: %v", text, c, err)
	}
	return m.Ucents()
}

// TestCostsByProduct: products of a month come dearest first, a bundle is one, and the
// colours of the chart are those of the table.
func TestCostsByProduct(t *testing.T) {
	t.Parallel()
	table := all(parse(t, planHTML(t, mustPlan(t, week(), policy("500 EUR")))), "table", "costs")[0]
	var names, colours []string
	for _, tr := range all(table, "tr") {
		for _, th := range all(tr, "th") {
			if tr.Parent.Data == "tbody" {
				names = append(names, text(th))
			}
		}
	}
	for _, rect := range all(table, "rect") {
		colours = append(colours, attr(rect, "class"))
	}
	if want := []string{"Jun 2026", "domain-com + perso2014", "domain-com", "domain-fr", "Jul 2026", "domain-eu"}; !slices.Equal(names, want) {
		t.Errorf("%q, want %q", names, want)
	}
	if want := []string{"bar c1", "bar c2", "bar c4", "bar c3"}; !slices.Equal(colours, want) {
		t.Errorf("%q, want %q", colours, want)
	}
}
