package portfolio

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/internal/words"
)

// budgetClaim is the service under whose number a run that keeps to a month's budget holds
// the journal: two such runs at once could each spend what is left. No service has it.
const budgetClaim = ovhrenew.ServiceID(math.MaxInt64)

// budgetError says what was claimed instead of its number.
func budgetError(err error) error {
	lock := func(ovhrenew.ServiceID) string { return "its lock" }
	return fmt.Errorf("the budget of the month: %w", words.Named(err, lock, budgetClaim))
}

// holdBudget makes sure that the plan fits what the month has left by the journal, and
// returns the journal to apply it with: no other plan with a budget is applied until
// release is called. What is in the journal already of the plan's own items counts as what
// it has cost, and not again.
func (p *Plan) holdBudget(ctx context.Context, c ovhrenew.Client, j ovhrenew.Journal) (held ovhrenew.Journal, release func(), err error) {
	if len(p.Policy.PerMonth) == 0 {
		return j, func() {}, nil
	}
	if j == ovhrenew.NoJournal {
		return nil, nil, badInput("Apply", "Options.Journal", nil, "has to be a journal: without one nobody knows what Policy.PerMonth has left")
	}
	account, err := c.Account(ctx)
	if err != nil {
		return nil, nil, err
	}
	now, err := c.Time(ctx)
	if err != nil {
		return nil, nil, err
	}
	claim, err := j.Claim(ctx, account, budgetClaim)
	if err != nil {
		return nil, nil, budgetError(err)
	}
	release = func() { _ = claim.Release() }
	if err := p.fitsMonth(ctx, j, account, now); err != nil {
		release()
		return nil, nil, err
	}
	return budgetJournal{j, claim}, release, nil
}

// budgetJournal is a journal with a hold on the budget. Where the hold has passed to
// another run, as it can from a machine that slept, no payment is sent: each is recorded
// first, so that the other has counted it, or this one is told.
type budgetJournal struct {
	ovhrenew.Journal
	hold ovhrenew.Claim
}

func (b budgetJournal) Claim(ctx context.Context, account string, services ...ovhrenew.ServiceID) (ovhrenew.Claim, error) {
	claim, err := b.Journal.Claim(ctx, account, services...)
	if err != nil {
		return nil, err
	}
	return heldClaim{claim, b.hold}, nil
}

type heldClaim struct {
	ovhrenew.Claim
	hold ovhrenew.Claim
}

func (c heldClaim) Append(ctx context.Context, s ovhrenew.State) error {
	err := c.Claim.Append(ctx, s)
	if err != nil || s.Phase != ovhrenew.PhasePaying || !s.Ended.IsZero() {
		return err
	}
	held := ovhrenew.State{Version: s.Version, Renewal: "budget", Phase: ovhrenew.PhaseClosed, Services: []ovhrenew.ServiceID{budgetClaim}, Time: s.Time}
	if err := c.hold.Append(ctx, held); err != nil {
		return budgetError(err)
	}
	return nil
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
		before := cmp.Or(inCurrency(spent, limit.Currency()), ovhrenew.NewMoney(0, limit.Currency()))
		sum := before
		for _, item := range p.Items {
			if item.Limit.Currency() != limit.Currency() || ledger.has(item) {
				continue
			}
			if sum, err = sum.Add(item.Limit); err != nil {
				return err
			}
		}
		if sum.Ucents() > limit.Ucents() {
			return &ovhrenew.InputError{
				Call: "Apply", Field: "plan", Value: sum.String(), Err: ovhrenew.ErrOverLimit,
				Why: fmt.Sprintf("is what %s would have cost with it, of at most %s; %s is spent: plan again", month, limit, before),
			}
		}
	}
	return nil
}

// has reports whether the ledger has an order for the same services from the same expiries
// which is all that the item can cost. One that has come to nothing, and may have been
// paid nevertheless, is not: the item is ordered anew.
func (l *Ledger) has(item PlanItem) bool {
	return slices.ContainsFunc(l.Entries, func(e Entry) bool {
		over := e.Outcome == OutcomeUnsure && !e.Until.IsZero()
		return !over && slices.EqualFunc(e.Services, item.Services, func(a ovhrenew.Renewed, b PlannedService) bool {
			return a.ServiceID == b.ID && a.From == b.Expiry
		})
	})
}
