package page

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// cost is what one order costs.
type cost struct {
	day     ovhrenew.Date // on which the first of its services ends
	product string
	amount  ovhrenew.Money // tax included
	// net is before tax; the zero value on a page that does not show it.
	net ovhrenew.Money
}

// costs is what orders cost in one currency, by month and product.
type costs struct {
	Currency string
	Chart    chart
	Months   []costMonth
	Total    costRow
	// Net says that amounts before tax are known.
	Net bool
}

// costMonth is a month and its products, the dearest first.
type costMonth struct {
	Name     string
	Sum      costRow
	Products []costRow
}

// costRow is a sum.
type costRow struct {
	Product     string
	Orders      int
	Net, Amount string
	// Length is that of its bar, in percent of the longest, and Class its colour.
	Length, Class string

	key         string // by which the months are in order
	net, amount ovhrenew.Money
}

// add adds an order. Its amounts are in the currency of those that are there.
func (r *costRow) add(c cost) (err error) {
	if r.Orders++; r.Orders == 1 {
		r.net, r.amount = c.net, c.amount
		return nil
	}
	if r.amount, err = r.amount.Add(c.amount); err != nil || c.net.IsZero() {
		return err
	}
	r.net, err = r.net.Add(c.net)
	return err
}

// show writes a sum out; longest is the amount of the longest bar.
func (r *costRow) show(longest int64) {
	r.Amount, r.Net = r.amount.String(), r.net.String()
	if longest > 0 {
		r.Length = decimal(100 * float64(max(r.amount.Ucents(), 0)) / float64(longest))
	}
}

// sumCosts adds orders up by currency, in the order of their totals.
func sumCosts(orders []cost, totals []ovhrenew.Money) ([]costs, error) {
	var all []costs
	byCurrency := map[ovhrenew.Currency][]cost{}
	for _, c := range orders {
		byCurrency[c.amount.Currency()] = append(byCurrency[c.amount.Currency()], c)
	}
	for _, total := range totals {
		sum, err := costsIn(total.Currency(), byCurrency[total.Currency()])
		if err != nil {
			return nil, err
		}
		sum.Chart.ID = fmt.Sprintf("costs-%d", len(all)+1)
		all = append(all, *sum)
	}
	return all, nil
}

func costsIn(currency ovhrenew.Currency, orders []cost) (*costs, error) {
	sum := &costs{Currency: fallback(string(currency), "no currency"), Net: !orders[0].net.IsZero()}
	byMonth := map[string]*costMonth{}
	rows, products := map[string]*costRow{}, map[string]*costRow{}
	for _, c := range orders {
		key, name := monthOf(c.day)
		month := byMonth[key]
		if month == nil {
			month = &costMonth{Name: name, Sum: costRow{key: key}}
			byMonth[key] = month
		}
		for _, row := range []*costRow{
			&sum.Total, &month.Sum,
			rowOf(rows, key+c.product, key, c.product), rowOf(products, c.product, "", c.product),
		} {
			if err := row.add(c); err != nil {
				return nil, err
			}
		}
	}
	longest := int64(0)
	for _, row := range rows {
		month := byMonth[row.key]
		month.Products = append(month.Products, *row)
		longest = max(longest, row.amount.Ucents())
	}
	for _, month := range byMonth {
		slices.SortFunc(month.Products, dearestFirst)
		for i := range month.Products {
			month.Products[i].show(longest)
		}
		month.Sum.show(0)
		sum.Months = append(sum.Months, *month)
	}
	slices.SortFunc(sum.Months, func(a, b costMonth) int { return cmp.Compare(a.Sum.key, b.Sum.key) })
	sum.Total.show(0)
	sum.draw(products)
	return sum, nil
}

func rowOf(rows map[string]*costRow, at, key, product string) *costRow {
	if rows[at] == nil {
		rows[at] = &costRow{key: key, Product: product}
	}
	return rows[at]
}

func dearestFirst(a, b costRow) int {
	return cmp.Or(cmp.Compare(b.amount.Ucents(), a.amount.Ucents()), cmp.Compare(a.Product, b.Product))
}

// maxProducts is how many products have a colour of their own.
const maxProducts = 5

// draw draws a column for each month.
func (c *costs) draw(products map[string]*costRow) {
	all := make([]costRow, 0, len(products))
	for _, row := range products {
		all = append(all, *row)
	}
	slices.SortFunc(all, dearestFirst)
	shown := map[string]int{}
	for i, row := range all {
		if i == maxProducts && len(all) > maxProducts+1 {
			c.Chart.Legend = append(c.Chart.Legend, series{Class: "other", Name: fmt.Sprintf("%d other products", len(all)-i)})
			break
		}
		shown[row.Product] = i
		c.Chart.Legend = append(c.Chart.Legend, series{Class: fmt.Sprintf("c%d", i+1), Name: row.Product})
	}
	var stacks []stack
	for i, month := range c.Months {
		s := stack{Label: month.Name, Top: month.Sum.Amount, Title: month.Name + ": " + month.Sum.Amount, Parts: make([]float64, len(c.Chart.Legend))}
		for j, row := range month.Products {
			at, own := shown[row.Product]
			if !own {
				at = len(c.Chart.Legend) - 1
			}
			c.Months[i].Products[j].Class = c.Chart.Legend[at].Class
			s.Parts[at] += float64(max(row.amount.Ucents(), 0))
		}
		stacks = append(stacks, s)
	}
	c.Chart.Title = "Costs in " + c.Currency + " by month and product"
	c.Chart.Desc = fmt.Sprintf("%s in all. The figures are in the table below the chart.", c.Total.Amount)
	c.Chart.draw(stacks, 3, 0.4)
}

// monthOf is a month as it sorts, and as it is called. Without a day it is the last.
func monthOf(d ovhrenew.Date) (key, name string) {
	if d.IsZero() {
		return "~", "no date"
	}
	return d.String()[:len("2026-06")], fmt.Sprintf("%s %d", d.Time().Month().String()[:3], d.Time().Year())
}

// productOf is what an item renews, each product once.
func productOf(item portfolio.PlanItem) string {
	var products []string
	for _, s := range item.Services {
		if p := fallback(s.Product, "(no product)"); !slices.Contains(products, p) {
			products = append(products, p)
		}
	}
	slices.Sort(products)
	return cmp.Or(strings.Join(products, " + "), "(no product)")
}
