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
	// programs may order too, each has to grow a fifth older than the time to settle first.
	ahead        = 12
	aheadOfOther = 60
	// listDelay is how old an order is before it is looked for in the account's list,
	// which shows it some seconds late: one reading then shows several.
	listDelay     = 7 * time.Second
	defaultSettle = 10 * time.Minute // Patience.Settle if that is zero
	// payers is how many items are looked at for their payment at once: the look must be
	// fresh when the payment leaves, however many requests wait.
	payers = 4
)

// ahead is how many orders may wait for their payment, and how old each has to be first.
func (a *application) ahead() (orders int, age time.Duration) {
	if a.how.Journal.Sharing() == ovhrenew.OnlyJournal {
		return ahead, a.how.pause(listDelay)
	}
	return aheadOfOther, a.how.pause(listDelay) + cmp.Or(a.how.Patience.Settle, defaultSettle)*6/5
}

func (a *application) mayBegin() bool {
	unpaid := 0
	for _, item := range a.items {
		if item.stage == placed || item.stage == queued && item.busy {
			unpaid++
		}
		if item.stage == placed && paySent(item.task.Phase) && !a.how.GoOnWhenUnsure {
			return false // until it is known what became of it
		}
		if a.alone && (item.busy || item.stage == placed || item.stage == waiting) {
			return false
		}
	}
	most, _ := a.ahead()
	return a.stopped == "" && unpaid < most
}

// toPay is the next of the orders that wait for a payment. They are paid wave by wave: one
// reading of the account's list shows a whole wave.
func (a *application) toPay(now time.Time) *applied {
	looked, begins, pays := 0, false, false
	for _, item := range a.items {
		if item.stage == placed && item.busy {
			looked++
		}
		begins, pays = begins || item.ready(queued, now), pays || item.ready(placed, now)
	}
	if looked >= payers {
		return nil
	}
	inWave := func(i *applied) bool { return i.wave && i.ready(placed, now) }
	if item := a.find(inWave); item != nil {
		return item
	}
	if most, _ := a.ahead(); a.count(placed) >= most || !begins || !a.mayBegin() {
		a.paying = true
	} else if !pays {
		a.paying = false
	}
	for _, item := range a.items {
		item.wave = a.paying && item.ready(placed, now)
	}
	return a.find(inWave)
}

// begin does something beside the driver, which then does what follows. A panic, of a
// Client or a Journal from elsewhere, is an error, and nobody knows what it left.
func (a *application) begin(do func() error, then func(error)) {
	a.busy++
	go func() {
		var err error
		defer func() {
			if panicked := recover(); panicked != nil {
				err = &ovhrenew.StepError{Paid: ovhrenew.PaidUnsure, Err: fmt.Errorf("%w: panic: %v", ovhrenew.ErrUnsure, panicked)}
			}
			a.done <- func() { then(err) }
		}()
		err = do()
	}()
}

func (a *application) advance(ctx context.Context, item *applied) {
	item.busy = true
	task, do := item.task, a.runner.Advance
	if a.how.Journal == ovhrenew.NoJournal {
		do = a.runner.Run // nobody remembers an item from one call to the next
	}
	a.begin(func() (err error) {
		task, err = do(ctx, task)
		return err
	}, func(err error) { a.take(ctx, item, task, err) })
}

func (a *application) take(ctx context.Context, item *applied, task ovhrenew.Task, err error) {
	item.busy = false
	before := item.task.Phase
	item.task, item.next = task, task.Next
	item.report.Order = task.Order
	switch {
	case err != nil && ctx.Err() != nil && errors.Is(err, ctx.Err()):
		item.stop(err)
	case err != nil:
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
			_, age := a.ahead()
			item.next = time.Now().Add(age)
		}
	}
	a.compare(item)
	a.tell(item)
}
