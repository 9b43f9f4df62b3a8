package portfolio

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ovhrenew/ovhrenew"
)

// failed applies the rules for stopping.
func (a *application) failed(item *applied) {
	switch item.report.Outcome {
	case OutcomeRefused:
		if changed(item.report.Err) {
			return
		}
	case OutcomeUnsure:
		if !a.how.GoOnWhenUnsure && a.stopped == "" {
			a.stopped = fmt.Sprintf("stopped: it is not known whether order %d was paid", item.report.Order)
		}
	}
	a.failures++
	if a.how.StopAfter > 0 && a.failures >= a.how.StopAfter && a.stopped == "" {
		a.stopped = fmt.Sprintf("stopped after %d failures", a.failures)
	}
}

// changed reports whether an item was refused because the account is no longer what the
// plan was made from.
func changed(err error) bool {
	for _, target := range []error{
		ovhrenew.ErrExpiryMoved, ovhrenew.ErrPriceChanged, ovhrenew.ErrOverLimit, ovhrenew.ErrAutoRenew,
		ovhrenew.ErrState, ovhrenew.ErrForeignOrder, ovhrenew.ErrUnderWay, ovhrenew.ErrRejected, ovhrenew.ErrNotFound,
	} {
		if errors.Is(err, target) {
			return true
		}
	}
	return false
}

// renewed is the report of an item that is done.
func (i *applied) renewed(r *ovhrenew.Receipt) {
	i.report.Outcome, i.report.Order, i.report.Spent = OutcomeRenewed, r.Order, r.Price
	i.report.Services, i.report.Already, i.report.Unexpected = r.Services, r.Already, r.Unexpected
}

// fail is the report of an item that stopped: what is known of its money decides.
func (i *applied) fail(err error) {
	i.report.Err, i.report.Why = err, err.Error()
	failed, ok := errors.AsType[*ovhrenew.StepError](err)
	if ok && failed.Order != 0 {
		i.report.Order = failed.Order
	}
	switch {
	case i.task.Receipt != nil && errors.Is(err, ovhrenew.ErrMismatch):
		i.renewed(i.task.Receipt)
	case ok && failed.Step == ovhrenew.StepGuard && errors.Is(err, ovhrenew.ErrExpiryMoved):
		i.report.Outcome = OutcomeRefused // before anything of this item's was sent
	case !ok, failed.Paid == ovhrenew.PaidUnsure && !errors.Is(err, ovhrenew.ErrForeignOrder) && !errors.Is(err, ovhrenew.ErrExpiryMoved):
		i.report.Outcome, i.report.Spent = OutcomeUnsure, i.report.Item.Limit
	case failed.Paid == ovhrenew.PaidYes:
		i.report.Outcome, i.report.Spent = OutcomePaid, i.report.Item.Limit
	case failed.Step == ovhrenew.StepPay, i.task.Order != 0 && i.task.Phase == ovhrenew.PhaseOrdered:
		i.report.Outcome = OutcomeOrdered
	default:
		i.report.Outcome = OutcomeRefused
	}
}

// stop is the report of an item that the end of the context has left on its way.
func (i *applied) stop(err error) {
	i.fail(err)
	if i.task.Phase == "" || i.task.Phase == ovhrenew.PhaseWanted {
		i.report.Outcome = OutcomeSkipped
	}
}

// report is what became of all items, now that nothing is waited for any more.
func (a *application) report(ctx context.Context) *Report {
	r := &Report{Began: a.began.UTC(), Ended: time.Now().UTC()}
	for _, item := range a.items {
		switch {
		case item.stage == placed || item.stage == waiting:
			item.stop(&ovhrenew.StepError{Order: item.task.Order, Paid: paidIn(item.task.Phase), Err: fmt.Errorf("interrupted: %w", context.Cause(ctx))})
		case item.stage == queued && a.stopped != "":
			item.report.Why = a.stopped
		case item.stage == queued && ctx.Err() != nil:
			item.report.Why = fmt.Sprintf("interrupted before it was begun: %v", context.Cause(ctx))
		}
		r.Items = append(r.Items, item.report)
	}
	return r
}

// paidIn is what a phase says of the money.
func paidIn(p ovhrenew.Phase) ovhrenew.Paid {
	switch p {
	case ovhrenew.PhaseOrdering, ovhrenew.PhasePaying:
		return ovhrenew.PaidUnsure
	case ovhrenew.PhasePaid, ovhrenew.PhaseRenewed:
		return ovhrenew.PaidYes
	}
	return ovhrenew.PaidNo
}
