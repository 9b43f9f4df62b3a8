package portfolio

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/ovhrenew/ovhrenew"
)

// What an item's error means for its outcome.
func TestOutcomeOfErrors(t *testing.T) {
	t.Parallel()
	step := func(at ovhrenew.Step, paid ovhrenew.Paid, order ovhrenew.OrderID, err error) error {
		return fmt.Errorf("wrapped: %w", &ovhrenew.StepError{Step: at, Paid: paid, Order: order, Err: err})
	}
	limit := ovhrenew.MustMoney("12 EUR")
	for _, tt := range []struct {
		name  string
		phase ovhrenew.Phase // as the task says
		err   error
		want  Outcome
		spent bool
	}{
		{"moved before anything was sent", "", step(ovhrenew.StepGuard, ovhrenew.PaidUnsure, 0, ovhrenew.ErrExpiryMoved), OutcomeRefused, false},
		{"moved, with another renewal's order in the way", "", step(ovhrenew.StepGuard, ovhrenew.PaidNo, 7, ovhrenew.ErrExpiryMoved), OutcomeRefused, false},
		{"moved, and somebody may have paid", "", step(ovhrenew.StepOrder, ovhrenew.PaidUnsure, 0, ovhrenew.ErrExpiryMoved), OutcomeRefused, false},
		{"moved before the payment", ovhrenew.PhaseOrdered, step(ovhrenew.StepPay, ovhrenew.PaidUnsure, 7, ovhrenew.ErrExpiryMoved), OutcomeOrdered, false},
		{"the payment was refused", ovhrenew.PhaseOrdered, step(ovhrenew.StepPay, ovhrenew.PaidNo, 7, ovhrenew.ErrCannotPay), OutcomeOrdered, false},
		{"the payment of an earlier run's order was refused", "", step(ovhrenew.StepPay, ovhrenew.PaidNo, 7, ovhrenew.ErrCannotPay), OutcomeOrdered, false},
		{"the order costs more", "", step(ovhrenew.StepPay, ovhrenew.PaidNo, 7, ovhrenew.ErrPriceChanged), OutcomeOrdered, false},
		{"the order was refused", "", step(ovhrenew.StepOrder, ovhrenew.PaidNo, 0, ovhrenew.ErrOverLimit), OutcomeRefused, false},
		{"somebody's order", "", step(ovhrenew.StepOrder, ovhrenew.PaidUnsure, 0, ovhrenew.ErrForeignOrder), OutcomeRefused, false},
		{"somebody has paid another order while its own payment is not known", ovhrenew.PhasePaying, step(ovhrenew.StepPay, ovhrenew.PaidUnsure, 7, ovhrenew.ErrForeignOrder), OutcomeUnsure, true},
		{"the outcome of the payment is not known", ovhrenew.PhaseOrdered, step(ovhrenew.StepPay, ovhrenew.PaidUnsure, 7, ovhrenew.ErrUnsure), OutcomeUnsure, true},
		{"the outcome of the order is not known", "", step(ovhrenew.StepOrder, ovhrenew.PaidUnsure, 0, ovhrenew.ErrUnsure), OutcomeUnsure, true},
		{"paid, and not delivered", ovhrenew.PhasePaid, step(ovhrenew.StepWatch, ovhrenew.PaidYes, 7, ovhrenew.ErrPending), OutcomePaid, true},
		{"an error that says nothing of the money", "", errors.New("boom"), OutcomeUnsure, true},
	} {
		item := &applied{task: ovhrenew.Task{Phase: tt.phase}, report: ItemReport{Item: PlanItem{Limit: limit}}}
		if tt.phase != "" {
			item.task.Order = 7
		}
		item.fail(tt.err)
		if got := item.report; got.Outcome != tt.want || got.Spent.IsZero() == tt.spent || got.Why == "" {
			t.Errorf("%s: %s, spent %s, want %s", tt.name, got.Outcome, got.Spent, tt.want)
		}
	}
}

// What an interruption leaves is told by its phase, and so is its money.
func TestOutcomeOfInterruptions(t *testing.T) {
	t.Parallel()
	limit := ovhrenew.MustMoney("12 EUR")
	for phase, want := range map[ovhrenew.Phase]struct {
		outcome Outcome
		paid    ovhrenew.Paid
	}{
		"":                     {OutcomeSkipped, ovhrenew.PaidNo},
		ovhrenew.PhaseWanted:   {OutcomeSkipped, ovhrenew.PaidNo},
		ovhrenew.PhaseOrdering: {OutcomeUnsure, ovhrenew.PaidUnsure},
		ovhrenew.PhaseOrdered:  {OutcomeOrdered, ovhrenew.PaidNo},
		ovhrenew.PhasePaying:   {OutcomeUnsure, ovhrenew.PaidUnsure},
		ovhrenew.PhasePaid:     {OutcomePaid, ovhrenew.PaidYes},
	} {
		item := &applied{task: ovhrenew.Task{Phase: phase, Order: 7}, report: ItemReport{Item: PlanItem{Limit: limit}}}
		item.stop(fmt.Errorf("interrupted: %w", context.Canceled))
		got := item.report
		failed, ok := errors.AsType[*ovhrenew.StepError](got.Err)
		if got.Outcome != want.outcome || !ok || failed.Paid != want.paid || !errors.Is(got.Err, context.Canceled) || got.Spent.IsZero() != (want.paid == ovhrenew.PaidNo) {
			t.Errorf("interrupted while %q: %+v, want %v", phase, got, want)
		}
		if errors.Is(got.Err, ovhrenew.ErrUnsure) != (want.outcome == OutcomeUnsure) {
			t.Errorf("interrupted while %q, the error is %v", phase, got.Err)
		}
	}
}
