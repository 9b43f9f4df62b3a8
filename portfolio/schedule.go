package portfolio

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ovhrenew/ovhrenew"
)

const (
	// ahead is how many orders are placed before the first of them is paid. Where other
	// programs may order too, each has to grow older than the time to settle first.
	ahead        = 12
	aheadOfOther = 60
	// listDelay is how old an order is before it is looked for in the account's list,
	// which shows it some seconds late: one reading then shows several.
	listDelay = 7 * time.Second
	// payers is how many items are looked at for their payment at once: the look must be
	// fresh when the payment leaves, however many requests wait.
	payers = 4
)

// ahead is how many orders may wait for their payment.
func (a *application) ahead() int {
	if a.how.Journal.Sharing() == ovhrenew.OnlyJournal {
		return ahead
	}
	return aheadOfOther
}

// mayBegin reports whether a further item may be begun.
func (a *application) mayBegin() bool {
	unpaid := 0
	for _, item := range a.items {
		switch {
		case item.stage == placed, item.stage == queued && item.busy:
			unpaid++
		}
		if item.stage == placed && item.task.Phase == ovhrenew.PhasePaying && !a.how.GoOnWhenUnsure {
			return false // until it is known what became of it
		}
		if a.alone && (item.busy || item.stage == placed || item.stage == waiting) {
			return false
		}
	}
	return a.stopped == "" && unpaid < a.ahead()
}

// toPay is the next of the orders that wait for a payment. They are paid wave by wave: one
// reading of the account's list shows a whole wave.
func (a *application) toPay(now time.Time) *applied {
	looked := 0
	for _, item := range a.items {
		if item.stage == placed && item.busy {
			looked++
		}
	}
	if looked >= payers {
		return nil
	}
	if item := a.inWave(now); item != nil {
		return item
	}
	if a.count(placed) >= a.ahead() || a.due(queued, now) == nil || !a.mayBegin() {
		a.paying = true
	} else if a.due(placed, now) == nil {
		a.paying = false
	}
	for _, item := range a.items {
		item.wave = a.paying && item.stage == placed && !item.next.After(now)
	}
	return a.inWave(now)
}

// inWave is the first item of the wave that is due.
func (a *application) inWave(now time.Time) *applied {
	for _, item := range a.items {
		if item.wave && item.stage == placed && !item.busy && !item.next.After(now) {
			return item
		}
	}
	return nil
}

// advance goes on with an item. A panic, of a Client or a Journal from elsewhere, is this
// item's, and nobody knows what it left.
func (a *application) advance(ctx context.Context, item *applied) {
	item.busy = true
	a.busy++
	task := item.task
	go func() {
		var err error
		defer func() {
			if panicked := recover(); panicked != nil {
				err = &ovhrenew.StepError{Paid: ovhrenew.PaidUnsure, Order: task.Order, Err: fmt.Errorf("%w: panic: %v", ovhrenew.ErrUnsure, panicked)}
			}
			a.done <- func() { a.take(ctx, item, task, err) }
		}()
		task, err = a.runner.Advance(ctx, task)
	}()
}

// take takes in how far an item has come.
func (a *application) take(ctx context.Context, item *applied, task ovhrenew.Task, err error) {
	item.busy = false
	before := item.task.Phase
	item.task, item.next = task, task.Next
	item.report.Order = task.Order
	switch {
	case err != nil && ctx.Err() != nil && errors.Is(err, ctx.Err()):
		item.stop(err)
		item.stage = ended
	case err != nil:
		item.stage = ended
		item.fail(err)
		a.failed(item)
	case task.Receipt != nil:
		a.shown(item)
		item.stage = ended
		item.renewed(task.Receipt)
		a.alone = false
	case task.Phase == ovhrenew.PhasePaid:
		a.waits(item)
	default:
		item.stage = placed
		if before != task.Phase && task.Phase == ovhrenew.PhaseOrdered {
			item.next = time.Now().Add(listDelay)
		}
	}
	a.compare(item)
	a.tell(item)
}

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
