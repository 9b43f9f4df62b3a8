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
	// pageWorth is how many paid items each page has to serve while others are begun, and
	// pagePause how long to wait between two readings of the pages.
	pageWorth = 4
	pagePause = time.Minute
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

// turnToPay reports whether to go on with the orders that wait for a payment. They are
// paid several at a time, since one reading of the account's list serves them all.
func (a *application) turnToPay(now time.Time) bool {
	if a.count(placed) >= a.ahead() || a.due(queued, now) == nil || !a.mayBegin() {
		a.paying = true
	} else if a.due(placed, now) == nil {
		a.paying = false
	}
	return a.paying
}

// ripe is how many items that are paid are to be looked at again.
func (a *application) ripe(now time.Time) int {
	n := 0
	for _, item := range a.items {
		if item.stage == waiting && !item.busy && !item.next.After(now) {
			n++
		}
	}
	return n
}

// active reports whether orders are being placed and paid: what is paid can wait then.
func (a *application) active() bool {
	return !a.alone && (a.count(placed) > 0 || a.count(queued) > 0 && a.stopped == "")
}

// byPages reports whether the expiries of what is paid are read from pages.
func (a *application) byPages(now time.Time) bool { return a.active() || a.ripe(now) > a.pages }

// pageDue reports whether to read the pages now.
func (a *application) pageDue(now time.Time) bool {
	if a.paging || !a.pagedAt.IsZero() && now.Sub(a.pagedAt) < pagePause {
		return false
	}
	if a.pagedAt.IsZero() && len(a.items) > a.pages && !a.alone {
		return true // for all that is to be begun
	}
	if a.active() {
		return a.ripe(now) >= pageWorth*a.pages
	}
	return a.ripe(now) > a.pages
}

// readPages reads them, and then goes on with all that is paid.
func (a *application) readPages(ctx context.Context) {
	a.paging = true
	a.busy++
	go func() {
		err := a.runner.ReadPages(ctx)
		a.done <- func() {
			a.paging, a.pagedAt = false, time.Now()
			for _, item := range a.items {
				if err == nil && item.stage == waiting && !item.busy {
					a.advance(ctx, item)
				}
			}
		}
	}()
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
		item.stage = ended
		item.report = item.report.Item.Report(task, nil)
		a.alone = false
	case task.Phase == ovhrenew.PhasePaid:
		item.stage = waiting
	default:
		item.stage = placed
		if before != task.Phase && task.Phase == ovhrenew.PhaseOrdered {
			item.next = time.Now().Add(listDelay)
		}
	}
	a.tell(item)
}

// failed applies the rules for stopping.
func (a *application) failed(item *applied) {
	switch item.report.Outcome {
	case OutcomeRefused:
		if item.report.Changed() {
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

// fail is the report of an item that stopped.
func (i *applied) fail(err error) { i.report = i.report.Item.Report(i.task, err) }

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
			item.report.Why = ctx.Err().Error()
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
