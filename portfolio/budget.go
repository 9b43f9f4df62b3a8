package portfolio

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/ovhrenew/ovhrenew"
)

// budgetClaim is the service under whose number a run that keeps to a month's budget holds
// the journal: two such runs at once could each spend what is left. No service has it.
const budgetClaim = ovhrenew.ServiceID(math.MaxInt64)

// holdBudget makes sure that the plan fits what the month has left by the journal, and
// that no other plan with a budget is applied until release is called. What is in the
// journal already of the plan's own items counts as what it has cost, and not again.
func (p *Plan) holdBudget(ctx context.Context, c ovhrenew.Client, j ovhrenew.Journal) (release func(), err error) {
	if len(p.Policy.PerMonth) == 0 {
		return func() {}, nil
	}
	if j == ovhrenew.NoJournal {
		return nil, badInput("Apply", "Options.Journal", nil, "has to be a journal: without one nobody knows what Policy.PerMonth has left")
	}
	account, err := c.Account(ctx)
	if err != nil {
		return nil, err
	}
	now, err := c.Time(ctx)
	if err != nil {
		return nil, err
	}
	claim, err := j.Claim(ctx, account, budgetClaim)
	if err != nil {
		return nil, fmt.Errorf("the budget of the month: %w", err)
	}
	if err := p.fitsMonth(ctx, j, account, now); err != nil {
		_ = claim.Release()
		return nil, err
	}
	return func() { _ = claim.Release() }, nil
}

func (p *Plan) fitsMonth(ctx context.Context, j ovhrenew.Journal, account string, now time.Time) error {
	month := monthOf(ovhrenew.DateOf(now.UTC()))
	ledger, err := ReadLedger(ctx, j, account, now.AddDate(0, -2, 0))
	if err != nil {
		return err
	}
	spent, err := ledger.Spent(month)
	if err != nil {
		return err
	}
	for _, limit := range p.Policy.PerMonth {
		sum := inCurrency(spent, limit.Currency())
		before := sum
		for _, item := range p.Items {
			if item.Limit.Currency() != limit.Currency() || ledger.has(item) {
				continue
			}
			if sum.IsZero() {
				sum = item.Limit
			} else if sum, err = sum.Add(item.Limit); err != nil {
				return err
			}
		}
		if sum.Ucents() > limit.Ucents() {
			return &ovhrenew.InputError{
				Call: "Apply", Field: "plan", Value: sum.String(), Err: ovhrenew.ErrOverLimit,
				Why: fmt.Sprintf("is what %s would have cost with it, of at most %s; %s is spent: plan again", month, limit, orZero(before, limit.Currency())),
			}
		}
	}
	return nil
}

func orZero(m ovhrenew.Money, c ovhrenew.Currency) ovhrenew.Money {
	if m.IsZero() {
		return ovhrenew.NewMoney(0, c)
	}
	return m
}

// has reports whether the ledger has an order for the same services from the same expiries.
func (l *Ledger) has(item PlanItem) bool {
	return slices.ContainsFunc(l.Entries, func(e Entry) bool {
		return slices.EqualFunc(e.Services, item.Services, func(a ovhrenew.Renewed, b PlannedService) bool {
			return a.ServiceID == b.ID && a.From == b.Expiry
		})
	})
}
