package portfolio

import (
	"fmt"
	"math/bits"
	"slices"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/internal/words"
)

// policyLimits are those of one currency; amounts that are not given are zero.
type policyLimits struct {
	rank int32 // in Policy.Total and then NoTotal
	// total is what the plan may spend: Policy.Total, or what the month has left if
	// that is less. By says which, in words.
	total                ovhrenew.Money
	by                   string
	perOrder, perService ovhrenew.Money
}

func (p Policy) limits() map[ovhrenew.Currency]policyLimits {
	limits := map[ovhrenew.Currency]policyLimits{}
	add := func(currency ovhrenew.Currency, total ovhrenew.Money) {
		l := policyLimits{
			rank: int32(len(limits)), total: total, by: fmt.Sprintf("the total of %s", total),
			perOrder: inCurrency(p.PerOrder, currency), perService: inCurrency(p.PerService, currency),
		}
		if month := inCurrency(p.PerMonth, currency); !month.IsZero() {
			left := max(month.Ucents()-inCurrency(p.Spent.Amounts, currency).Ucents(), 0)
			if total.IsZero() || left < total.Ucents() {
				l.total = ovhrenew.NewMoney(left, currency)
				l.by = fmt.Sprintf("the %s that %s has left of %s", l.total, p.Spent.Month, month)
			}
		}
		limits[currency] = l
	}
	for _, total := range p.Total {
		add(total.Currency(), total)
	}
	for _, currency := range p.NoTotal {
		add(currency, ovhrenew.Money{})
	}
	return limits
}

// MonthSpent is what a month such as 2026-06 has cost, tax included, by currency. What may
// have been paid counts.
type MonthSpent struct {
	Month   string           `json:"month"`
	Amounts []ovhrenew.Money `json:"amounts"`
}

func (m MonthSpent) check(call string) error {
	if m.Month == "" && m.Amounts == nil {
		return nil
	}
	if _, err := time.Parse(monthForm, m.Month); err != nil {
		return badInput(call, "Policy.Spent.Month", m.Month, "is not a month such as 2026-06")
	}
	return checkLimits(call, "Policy.Spent.Amounts", m.Amounts)
}

const monthForm = "2006-01"

func monthOf(day ovhrenew.Date) string { return day.Time().Format(monthForm) }

// checkNoTotal refuses a currency that has a total, and one that is none.
func (p Policy) checkNoTotal(call string) error {
	for i, c := range p.NoTotal {
		field := fmt.Sprintf("Policy.NoTotal[%d]", i)
		switch {
		case !wellFormed(c):
			return badInput(call, field, c, "is not a currency such as EUR")
		case slices.Contains(p.NoTotal[:i], c):
			return badInput(call, field, c, "is there twice")
		case !inCurrency(p.Total, c).IsZero():
			return badInput(call, field, c, "is the currency of a Total")
		}
	}
	return nil
}

func checkLimits(call, field string, limits []ovhrenew.Money) error {
	for i, limit := range limits {
		field := fmt.Sprintf("%s[%d]", field, i)
		switch {
		case limit.IsZero() || !wellFormed(limit.Currency()):
			return badInput(call, field, limit, "is not an amount with a currency")
		case limit.Sign() < 0:
			return badInput(call, field, limit, "is negative")
		case inCurrency(limits[:i], limit.Currency()) != ovhrenew.Money{}:
			return badInput(call, field, limit, "is a second amount in this currency")
		}
	}
	return nil
}

// inCurrency is the amount in a currency, the zero value if there is none.
func inCurrency(amounts []ovhrenew.Money, c ovhrenew.Currency) ovhrenew.Money {
	for _, m := range amounts {
		if m.Currency() == c {
			return m
		}
	}
	return ovhrenew.Money{}
}

// withTax is the most that a price before tax will be in an order: the policy's
// tax on top, rounded up to the cent. It is false for amounts beyond all prices.
func (r *policyRules) withTax(price ovhrenew.Money) (ovhrenew.Money, bool) {
	const ucentsPerCent, whole = 1_000_000, 100 * onePercent
	hi, lo := bits.Mul64(uint64(price.Ucents()), uint64(whole+r.tax))
	if price.Sign() < 0 || hi >= whole*ucentsPerCent {
		return ovhrenew.Money{}, false
	}
	cents, rest := bits.Div64(hi, lo, whole*ucentsPerCent)
	if rest > 0 {
		cents++
	}
	return ovhrenew.NewMoney(int64(cents)*ucentsPerCent, price.Currency()), cents <= (1<<63-1)/ucentsPerCent
}

// over says which limit an order breaks that costs so much before tax and is for so
// many services in need; empty: none.
func (r *policyRules) over(l policyLimits, price ovhrenew.Money, services int) string {
	switch withTax, ok := r.withTax(price); {
	case !ok:
		return "costs more than any limit"
	case exceeds(withTax, l.total, 1):
		return fmt.Sprintf("costs %s with tax, more than %s", withTax, l.by)
	case exceeds(withTax, l.perOrder, 1):
		return fmt.Sprintf("costs %s with tax, more than the %s for an order", withTax, l.perOrder)
	case exceeds(withTax, l.perService, services):
		return fmt.Sprintf("costs %s with tax, more than %s for each of %s", withTax, l.perService, words.Count(services, "service"))
	}
	return ""
}

// exceeds reports whether an amount is more than a limit for each of n; a limit of zero
// value is none.
func exceeds(amount, limit ovhrenew.Money, n int) bool {
	each, rest := amount.Ucents()/int64(n), amount.Ucents()%int64(n)
	return !limit.IsZero() && (each > limit.Ucents() || each == limit.Ucents() && rest > 0)
}

// parsePercent reads an exact percentage in 10⁻⁸ percent, as amounts are read.
func parsePercent(text string) (int64, error) {
	amount, err := ovhrenew.ParseMoney(text + " EUR")
	return amount.Ucents(), err
}
