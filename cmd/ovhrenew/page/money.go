package page

import (
	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/internal/words"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// certainty is what is known of an item's money.
type certainty int

const (
	nothing    certainty = iota // nothing was paid by this run
	paidNow                     // by this run, and exactly this
	paidBefore                  // by an earlier run
	paidAtMost                  // paid, and no more than this
	maybePaid                   // perhaps, and then no more than this
	certainties
)

func moneyOf(it portfolio.ItemReport) certainty {
	switch it.Outcome {
	case portfolio.OutcomeRenewed:
		if it.Already {
			return paidBefore
		}
		return paidNow
	case portfolio.OutcomePaid:
		return paidAtMost
	case portfolio.OutcomeOrdered, portfolio.OutcomeRefused, portfolio.OutcomeSkipped:
		if it.Spent.IsZero() {
			return nothing
		}
	}
	return maybePaid
}

// moneyRow is a currency, with a sum for each certainty.
type moneyRow struct {
	Currency                    string
	Paid, Before, AtMost, Maybe string
	sums                        [certainties]ovhrenew.Money
}

// addMoney adds up what was paid and what may have been, each currency by itself, and
// what it cost by month and product.
func (r *reportPage) addMoney(items []portfolio.ItemReport) error {
	unknown := 0
	rows := map[ovhrenew.Currency]*moneyRow{}
	var totals []ovhrenew.Money
	var orders []cost
	for _, it := range items {
		kind := moneyOf(it)
		if kind == nothing {
			continue
		}
		if it.Spent.IsZero() {
			unknown++
			continue
		}
		var err error
		if totals, err = addTo(totals, it.Spent); err != nil {
			return err
		}
		row := rows[it.Spent.Currency()]
		if row == nil {
			row = &moneyRow{Currency: fallback(string(it.Spent.Currency()), "no currency")}
			rows[it.Spent.Currency()] = row
		}
		if sum := &row.sums[kind]; sum.IsZero() {
			*sum = it.Spent
		} else if *sum, err = sum.Add(it.Spent); err != nil {
			return err
		}
		orders = append(orders, cost{day: it.Item.Expiry(), product: productOf(it.Item), amount: it.Spent})
	}
	for _, total := range totals {
		row := rows[total.Currency()]
		row.Paid, row.Before = sumText("", row.sums[paidNow]), sumText("", row.sums[paidBefore])
		row.AtMost, row.Maybe = sumText("at most ", row.sums[paidAtMost]), sumText("at most ", row.sums[maybePaid])
		r.Money = append(r.Money, *row)
	}
	if unknown > 0 {
		r.Unknown = words.Count(unknown, "order")
	}
	var err error
	r.Costs, err = sumCosts(orders, totals)
	return err
}

func sumText(before string, sum ovhrenew.Money) string {
	if sum.IsZero() {
		return "nothing"
	}
	return before + sum.String()
}
