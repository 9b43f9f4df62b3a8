package portfolio

import (
	"cmp"
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
	// defaultSettle is Patience.Settle if that is zero.
	defaultSettle = 10 * time.Minute
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

// grows is how old an order has to be before it can be paid.
func (a *application) grows() time.Duration {
	if a.how.Journal.Sharing() == ovhrenew.OnlyJournal {
		return a.how.pause(listDelay)
	}
	return a.how.pause(listDelay) + cmp.Or(a.how.Patience.Settle, defaultSettle)
}

// mayBegin reports whether a further item may be begun.
func (a *application) mayBegin() bool {
	unpaid := 0
	for _, item := range a.items {
		switch {
		case item.stage == placed, item.stage == queued && item.busy:
			unpaid++
		}
		if item.stage == placed && paySent(item.task.Phase) && !a.how.GoOnWhenUnsure {
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
		item.report = item.report.Item.Report(task, nil)
		a.alone = false
	case task.Phase == ovhrenew.PhasePaid:
		a.waits(item)
	default:
		item.stage = placed
		if before != task.Phase && task.Phase == ovhrenew.PhaseOrdered {
			item.next = time.Now().Add(a.grows())
		}
	}
	a.compare(item)
	a.tell(item)
}
