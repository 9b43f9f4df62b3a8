package portfolio

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/internal/words"
)

// failed applies the rules for stopping.
func (a *application) failed(item *applied) {
	if item.report.Outcome == OutcomeRefused && item.report.Changed() {
		return
	}
	a.failures++
	switch {
	case a.stopped != "":
	case item.report.Outcome == OutcomeUnsure && !a.how.GoOnWhenUnsure:
		what := fmt.Sprintf("order %d", item.report.Order)
		if first := item.task.Services[0]; item.report.Order == 0 {
			what = words.Called(first.Name, first.ServiceID)
		}
		a.stopped = fmt.Sprintf("stopped: it is not known whether %s was paid", what)
	case a.how.StopAfter > 0 && a.failures >= a.how.StopAfter:
		a.stopped = fmt.Sprintf("stopped after %d failures", a.failures)
	}
}

// Changed reports whether the item was refused because the account is no longer what the
// plan was made from. It needs Err.
func (r ItemReport) Changed() bool {
	return slices.ContainsFunc([]error{
		ovhrenew.ErrExpiryMoved, ovhrenew.ErrPriceChanged, ovhrenew.ErrOverLimit, ovhrenew.ErrAutoRenew,
		ovhrenew.ErrState, ovhrenew.ErrForeignOrder, ovhrenew.ErrUnderWay, ovhrenew.ErrRejected, ovhrenew.ErrNotFound,
	}, func(target error) bool { return errors.Is(r.Err, target) })
}

// Report is what became of the item, as far as [ovhrenew.Runner.Advance] has brought its
// task. What is known of its money decides.
func (i PlanItem) Report(task ovhrenew.Task, err error) ItemReport {
	r := ItemReport{Item: i, Order: task.Order, Err: err}
	if err != nil {
		r.Why = err.Error()
	}
	switch receipt := task.Receipt; {
	case receipt != nil && (err == nil || errors.Is(err, ovhrenew.ErrMismatch)):
		r.Outcome, r.Order, r.Spent = OutcomeRenewed, receipt.Order, receipt.Price
		r.Services, r.Already, r.Unexpected = receipt.Services, receipt.Already, receipt.Unexpected
		return r
	case err != nil:
		r.Outcome = r.failed(task)
	case task.Phase == ovhrenew.PhasePaid:
		r.Outcome = OutcomePaid
	case task.Phase == ovhrenew.PhaseOrdering, paySent(task.Phase):
		r.Outcome = OutcomeUnsure
	case task.Order != 0 && task.Phase == ovhrenew.PhaseOrdered:
		r.Outcome = OutcomeOrdered
	default:
		r.Outcome = OutcomeSkipped
	}
	if r.Outcome == OutcomePaid || r.Outcome == OutcomeUnsure {
		r.Spent = i.Limit
	}
	return r
}

func (r *ItemReport) failed(task ovhrenew.Task) Outcome {
	failed, ok := errors.AsType[*ovhrenew.StepError](r.Err)
	if ok && failed.Order != 0 {
		r.Order = failed.Order
	}
	switch {
	case paySent(task.Phase): // whatever stopped it, a payment was sent
		return OutcomeUnsure
	case ok && failed.Step == ovhrenew.StepGuard && errors.Is(r.Err, ovhrenew.ErrUnderWay):
		// The order and the money that it tells of are of another renewal of its services.
		r.Order = cmp.Or(task.Order, r.Order)
		own := map[ovhrenew.Phase]Outcome{ovhrenew.PhasePaid: OutcomePaid, ovhrenew.PhaseOrdered: OutcomeOrdered}
		return cmp.Or(own[task.Phase], OutcomeRefused)
	case ok && failed.Step == ovhrenew.StepGuard && errors.Is(r.Err, ovhrenew.ErrExpiryMoved):
		return OutcomeRefused // before anything of this item's was sent
	case !task.Phase.Open() && task.Order == 0 && errors.Is(r.Err, ovhrenew.ErrUnread):
		return OutcomeRefused // the journal has nothing of it, and what it stands on cannot be read
	case !ok, failed.Paid == ovhrenew.PaidUnsure && !errors.Is(r.Err, ovhrenew.ErrForeignOrder) && !errors.Is(r.Err, ovhrenew.ErrExpiryMoved):
		return OutcomeUnsure
	case failed.Paid == ovhrenew.PaidYes:
		return OutcomePaid
	case failed.Step == ovhrenew.StepPay, task.Order != 0 && task.Phase == ovhrenew.PhaseOrdered:
		return OutcomeOrdered
	}
	return OutcomeRefused
}

func (i *applied) fail(err error) {
	i.report, i.stage = i.report.Item.Report(i.task, err), ended
}

// stop is the report of an item that the end of the context has left on its way.
func (i *applied) stop(err error) {
	i.report, i.stage = i.report.Item.Report(i.task, nil), ended
	if _, ok := errors.AsType[*ovhrenew.StepError](err); !ok {
		paid := map[Outcome]ovhrenew.Paid{OutcomeUnsure: ovhrenew.PaidUnsure, OutcomePaid: ovhrenew.PaidYes}[i.report.Outcome]
		err = &ovhrenew.StepError{Order: i.task.Order, Paid: cmp.Or(paid, ovhrenew.PaidNo), Err: err}
	}
	i.report.Err, i.report.Why = err, err.Error()
}

// report is what became of all items, now that nothing is waited for any more.
func (a *application) report(ctx context.Context) *Report {
	r := &Report{Began: a.began.UTC(), Ended: time.Now().UTC()}
	for _, item := range a.items {
		switch {
		case item.stage == placed || item.stage == waiting:
			item.stop(fmt.Errorf("interrupted, and resumed when the plan is applied again: %w", context.Cause(ctx)))
		case item.stage == queued && a.stopped != "":
			item.report.Why = a.stopped
		case item.stage == queued && ctx.Err() != nil:
			item.report.Why = fmt.Sprintf("interrupted before it was begun: %v", context.Cause(ctx))
		}
		r.Items = append(r.Items, item.report)
	}
	return r
}

// paySent reports whether a payment was sent of which it is not known what became.
func paySent(p ovhrenew.Phase) bool {
	return p == ovhrenew.PhasePaying || p == ovhrenew.PhaseDeclined
}
