// These tests fail without it: TestNote, TestPlace, TestPay, TestAsk, TestAdvanceGoesAsFarAsItCan, TestPaidByOther,
// TestAttackLostPayments, TestAdvanceDies, TestEveryFaultAtEveryStep, TestDeathAtEveryAct.

package ovhrenew

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

type job struct {
	r     *Runner
	claim Claim
	task  Task
	st    State
	tell  func(Progress)
	// swept is set for a renewal that another one wants out of its way: it is brought
	// to its end, and nothing more is sent for it.
	swept    bool
	loaded   bool
	inTheWay []*job
	// refused is the order of a renewal that a person has said no to, and undone one that
	// had renewed a service from the expiry that it has again. Either may have been for
	// another period or in another bundle.
	refused    OrderID
	undone     State
	paid       bool // this advance has sent the payment: it is sent once
	staleTries int
	answer     error // of the last spending call
	last       *look
	pause      time.Duration // how long to wait before the next look
}

// advance does what can be done now. It returns when there is something to wait for, at
// the end, and with the error that stops it.
func (j *job) advance(ctx context.Context) error {
	for stale := 0; ; {
		l := j.look(ctx)
		j.last = l
		if err := ctx.Err(); err != nil {
			return j.failed(err)
		}
		if err := j.watch(ctx, l); err != nil {
			return err
		}
		s := next(j.phase(), l.seen)
		switch s.act {
		case actStop:
			if s.why == becauseNothing {
				return nil // it has ended
			}
			if err := j.sawTaken(ctx, l); err != nil {
				return err
			}
			return j.stopped(j.phase(), s, l)
		case actLook:
			if !l.fresh && stale < 3 { // slow, or the machine slept: at once
				stale++
				continue
			}
			j.wait(l)
			return nil
		case actNote:
			if err := j.note(ctx, s, l); err != nil || j.st.Phase == PhaseRenewed {
				return err
			}
		case actAsk:
			if err := j.ask(ctx, l); err != nil {
				return err
			}
		case actPlace:
			err := j.place(ctx, l)
			j.task.Next = j.r.placedNext() // for another look, which may serve other renewals too
			return err
		case actPay:
			if j.paid {
				j.wait(l)
				return nil
			}
			if err := j.pay(ctx, l); err != nil || j.st.Phase == PhasePaid && j.r.readsPages() {
				j.task.Next = time.Now() // pages will show what came of it
				return err
			}
		}
	}
}

// watch keeps since when an order that may have been paid has been looked at without a
// sign of it, so that the next run goes on looking instead of beginning anew.
func (j *job) watch(ctx context.Context, l *look) error {
	if j.st.Phase != PhaseOrdered || !l.waits() || l.quiet || !j.st.Watched.IsZero() {
		return nil
	}
	j.st.Watched = l.now
	l.wake = later(l.wake, l.now.Add(j.task.patience().Settle))
	return j.keep(ctx)
}

// phase is the state's: nothing is known of what was never begun.
func (j *job) phase() Phase { return cmp.Or(j.st.Phase, PhaseWanted) }

// keep writes the state. What has been sent has to be kept whatever the context says.
func (j *job) keep(ctx context.Context) error {
	j.st.Version, j.st.Renewal, j.st.Services = stateVersion, j.task.Renewal(), j.task.ids()
	j.st.Task = j.task
	j.st.Task.Hold = false // which is the caller's alone
	if err := j.claim.Append(context.WithoutCancel(ctx), j.st); err != nil {
		return j.failed(withNames(journalError(err), j.task.name, j.task.ids()))
	}
	return nil
}

// enter changes the phase and keeps it. If it cannot be kept, the phase is the old one.
func (j *job) enter(ctx context.Context, to Phase, at time.Time) error {
	before := j.st
	j.st.Phase, j.st.Time = to, at
	j.task.Until = at.Add(j.task.patience().until(to))
	if err := j.keep(ctx); err != nil {
		j.st = before
		return err
	}
	return nil
}

func (j *job) note(ctx context.Context, s step, l *look) error {
	from, before := j.phase(), j.st
	defer func() { j.answered(nil) }() // what came of the call is known: the next may be sent
	// What an earlier run's call came to is not told again: this run may send its own. An
	// advance that does not wait learns only now what the refusal of its payment came to.
	earlier := s.why == becauseNoEffect || s.why == becauseDeclined && l.now.Sub(j.st.Ended) >= 2*j.task.patience().Settle
	switch {
	case s.to == PhaseOrdered && from.sent():
		// It has been looked at without a sign of a payment since the call ended.
		if j.st.Watched = j.st.Ended; from == PhasePaying {
			j.st.Unseen++
		}
	case s.to == PhaseOrdered: // one that was found, or named
		j.found(l)
	case s.to == PhaseWanted:
		j.st.Before, j.st.Sent, j.st.Ended = nil, time.Time{}, time.Time{}
	case s.to == PhasePaid:
		j.st.Payment = paidByOther(j.st.Payment)
		j.st.Sent, j.st.Ended = cmp.Or(j.st.Placed, l.own.Date.Time, j.st.Sent), l.now
		_ = j.cost(ctx, l) // asked again before there is a receipt
	case s.to == PhaseRenewed:
		if err := j.cost(ctx, l); err != nil {
			return j.failed(err)
		}
		j.st.Receipt = j.receipt(l)
	}
	if s.to == PhaseClosed {
		j.st.Why, j.st.Unsure = j.because(s.why, l).Error(), s.unsure && j.st.Payment != ""
	}
	if err := j.enter(ctx, s.to, l.now); err != nil {
		if j.st = before; s.to == PhasePaid { // true, though it could not be kept
			j.st.Phase = PhasePaid
			return j.failed(errors.Unwrap(err))
		}
		return s.told(err)
	}
	j.told(s.to, l)
	if s.why == becauseNothing || earlier && j.answer == nil {
		return nil
	}
	return j.stopped(from, s, l)
}

func (j *job) found(l *look) {
	for _, one := range l.rivals {
		if one.means == othersNamed || one.means == othersOne {
			j.st.Order, j.st.Cost, j.st.Lapses = one.OrderID, quoteOf(one.Order), one.ExpirationDate.Time
			j.st.Placed, j.st.Watched = time.Time{}, time.Time{} // nobody has looked at whether it is paid
			j.r.book.own(one.Order, j.task.ids(), time.Time{})
		}
	}
}

func (j *job) cost(ctx context.Context, l *look) error {
	if l.own.OrderID == 0 && j.st.Cost.PriceWithTax.IsZero() {
		own, err := readOrder(ctx, j.r.client, j.st.Order)
		if err != nil {
			return err
		}
		l.own = own
	}
	if l.own.OrderID != 0 {
		j.st.Cost, j.st.Lapses = quoteOf(l.own), l.own.ExpirationDate.Time
	}
	return nil
}

func quoteOf(o Order) Quote {
	return Quote{PriceWithTax: o.PriceWithTax, PriceWithoutTax: o.PriceWithoutTax, Tax: o.Tax}
}

const bySomebody = "somebody else"

// paidByOther is how an order was paid of which a look has shown that it is: a payment that
// was sent may have done it, whatever was answered, and so may a person at the link.
func paidByOther(tried string) string {
	if tried == "" {
		return bySomebody
	}
	return tried + " or " + bySomebody
}

// ask asks the person, between order and payment. An error of theirs is no answer.
func (j *job) ask(ctx context.Context, l *look) error {
	answer, err := AnswerLater, error(nil)
	if j.r.Approve != nil {
		answer, err = j.r.Approve(ctx, Approval{Task: j.task, Order: l.own})
	}
	switch {
	case ctx.Err() != nil:
		return j.failed(ctx.Err())
	case err == nil && (answer == AnswerYes || answer == AnswerNo):
		j.st.Answer, j.st.Cost = answer, quoteOf(l.own) // for this order at this price
		return j.keep(ctx)
	}
	j.st.Answer = AnswerLater // for this advance: it is not kept
	return nil
}

// place sends the order, between two records. It stands on one line of the program.
func (j *job) place(ctx context.Context, l *look) error {
	j.st = State{Sent: l.now, Before: j.r.book.recent(l.now)}
	if err := j.enter(ctx, PhaseOrdering, l.now); err != nil {
		j.st = State{}
		return j.failed(errors.Unwrap(err)) // nothing was sent
	}
	readings, sent := j.r.book.readings(), time.Now()
	order, err := j.r.client.PlaceOrder(withNotAfter(ctx, l.at.Add(maxLook)), j.task.Offer)
	refused := notExecuted(err)
	now := j.r.now(ctx, l)
	j.st.Ended = now
	ours := false
	if err == nil {
		ours, err = j.ours(context.WithoutCancel(ctx), order, readings, l.now.Add(sent.Sub(l.began)))
	}
	j.answered(err)
	switch {
	case err == nil && !ours:
		foreign := refuse(ErrForeignOrder, "the order was answered with order %d of %s, which was there before", order.OrderID, DateOf(order.Date.Time))
		err := j.enter(ctx, PhaseWanted, now)
		if err == nil {
			err = j.step(PhaseOrdering, foreign)
		}
		return step{unsure: true}.told(err) // it may be this renewal's own
	case err == nil:
		j.st.Order, j.st.Placed, j.st.Cost, j.st.Lapses = order.OrderID, now, quoteOf(order), order.ExpirationDate.Time
		if !order.Date.IsZero() && order.Date.Time.Before(now) {
			j.st.Placed = order.Date.Time
		}
		if j.r.journal.Sharing() != OnlyJournal {
			j.st.Watched = j.st.Placed // it has to grow older than the time to settle anyway
		}
		j.r.book.own(order, j.task.ids(), sent)
		l.own = order
		err := j.enter(ctx, PhaseOrdered, now)
		if err == nil {
			j.told(PhaseOrdered, l)
		}
		return err
	case refused:
		if kept := j.enter(ctx, PhaseWanted, now); kept != nil {
			return kept
		}
		if errors.Is(err, errStale) { // an API may pay it as it is placed
			return j.again(err)
		}
		return j.step(PhaseOrdering, err)
	}
	return j.keep(ctx)
}

// pay sends the payment, between two records. It stands on one line of the program.
func (j *job) pay(ctx context.Context, l *look) error {
	j.paid = true
	before := j.st
	j.st.Cost, j.st.Lapses = quoteOf(l.own), l.own.ExpirationDate.Time
	j.st.Sent, j.st.Ended, j.st.Payment, j.st.Why = l.now, time.Time{}, l.with.String(), ""
	if err := j.enter(ctx, PhasePaying, l.now); err != nil {
		j.st = before
		return j.failed(errors.Unwrap(err)) // nothing was sent
	}
	var err error
	if l.age() < maxLook {
		err = j.r.client.Pay(withNotAfter(ctx, l.at.Add(maxLook)), j.st.Order, l.with)
	} else {
		err = fmt.Errorf("%w: %w", ErrNotSent, errStale)
	}
	j.answered(err)
	now := j.r.now(ctx, l)
	switch {
	case err == nil:
		j.st.Ended = now
		if err := j.enter(ctx, PhasePaid, now); err != nil {
			j.st.Phase = PhasePaid // that is certain, kept or not
			return j.failed(errors.Unwrap(err))
		}
		j.told(PhasePaid, l)
		return nil
	case errors.Is(err, ErrNotSent), errors.Is(err, ErrBadInput):
		j.st = before
		if kept := j.enter(ctx, PhaseOrdered, now); kept != nil {
			return kept
		}
		if errors.Is(err, errStale) {
			j.paid = false
			return j.again(err)
		}
		return j.failed(err)
	}
	j.st.Ended = now
	if notExecuted(err) {
		j.st.Why = clean(err.Error())
		j.r.unusable(j.task.PayWith)
		return j.enter(ctx, PhaseDeclined, now)
	}
	return j.keep(ctx)
}

// answered keeps the answer of a spending call: the runner knows it until it is told.
func (j *job) answered(err error) {
	j.answer = err
	j.r.answered(j.task.Renewal(), err)
}

// again looks anew after a look that was too old, but not for ever.
func (j *job) again(err error) error {
	if j.staleTries++; j.staleTries > 5 {
		return j.failed(err)
	}
	return nil
}

func (j *job) receipt(l *look) *Receipt {
	return &Receipt{
		Services: l.renewed, Period: j.task.Offer.Period, Order: j.st.Order,
		Price: j.st.Cost.PriceWithTax, PriceWithoutTax: j.st.Cost.PriceWithoutTax, Tax: j.st.Cost.Tax,
		PaidWith: j.st.Payment, PaidAfter: j.st.Sent.UTC(), PaidBefore: j.st.Ended.UTC(),
		Verified:   l.now.UTC(),
		Unexpected: slices.ContainsFunc(l.renewed, func(r Renewed) bool { return !j.task.Offer.Period.Moved(r.From, r.To) }),
	}
}
