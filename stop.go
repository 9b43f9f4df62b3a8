// These tests fail without it: TestEveryReasonHasWords, TestWordsAreWhatWasSeen, TestAttackClosedIsNotPaid.

package ovhrenew

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

func (j *job) because(why reason, l *look) error {
	switch why {
	case becauseMoved:
		return refuse(ErrExpiryMoved, "%v: it has been renewed already, or is being", l.movedErr)
	case becauseForeign:
		_, text := inTheWay(l.rivals)
		return refuse(ErrForeignOrder, "%s", text)
	case becauseUnfit:
		return l.unfitErr
	case becauseNoWord:
		return refuse(ErrRejected, "to order %d: nothing more is ordered for these services at these expiries, unless Guards.IgnoreOrders names it", cmp.Or(j.refused, j.st.Order))
	case becauseLater:
		return refuse(ErrUndecided, "order %d lapses on %s", j.st.Order, j.lapses())
	case becauseLapsed:
		if l.order == orderLapsing {
			return refuse(ErrLapsed, "order %d lapses on %s, too soon for a payment to be followed: run again after that", j.st.Order, j.lapses())
		}
		return refuse(ErrLapsed, "order %d %s", j.st.Order, map[bool]string{true: "is none of the account's, and no payment was sent for it", false: "could be paid until " + j.lapses()}[l.status == "" && j.st.Payment == ""])
	case becauseDropped:
		if j.st.Payment == "" {
			return refuse(ErrCancelled, "order %d was cancelled before its time: run again to order anew", j.st.Order)
		}
		return refuse(ErrCancelled, "order %d, after a payment was sent for it: once you know what became of the money, name it in Guards.IgnoreOrders to renew anew", j.st.Order)
	case becauseHuman:
		return fmt.Errorf("order %d: %w: OVHcloud asks for documents", j.st.Order, ErrNeedsHuman)
	case becauseNoEffect:
		return j.noEffect()
	case becauseDeclined:
		return j.declined()
	case becauseUnsure:
		return j.notKnown(l)
	case becausePending:
		return j.pending(l)
	case becauseTakenBack:
		return j.st.takenBack(l.renewed)
	}
	if j.st.Phase == PhaseOrdered && !l.listed {
		l.unread(fmt.Errorf("order %d does not show in the account's list", j.st.Order))
	}
	return fmt.Errorf("%w: %w", ErrUnread, cmp.Or(l.unreadErr, l.dark()))
}

// dark says what a look lacks where every answer could be read.
func (l *look) dark() error {
	if l.others == othersDark && len(l.rivals) > 0 {
		_, text := inTheWay(l.rivals)
		return errors.New(text)
	}
	return errors.New("what was read had become too old before all of it was")
}

// noEffect says that the spending call had none, and what its answer was.
func (j *job) noEffect() error {
	err := fmt.Errorf("%w: nothing was seen of it in the %s that it may take", ErrNoEffect, span(j.task.patience().Settle))
	if j.answer != nil && !notExecuted(j.answer) {
		err = fmt.Errorf("%w (%s)", err, answered(j.answer))
	}
	return err
}

func (j *job) declined() error {
	switch {
	case !notExecuted(j.answer): // another process was told it
		return fmt.Errorf("%w: %s", ErrCannotPay, j.st.Why)
	case errors.Is(j.answer, ErrCannotPay), errors.Is(j.answer, ErrDenied):
		return j.answer
	}
	return fmt.Errorf("%w: %w", ErrCannotPay, j.answer) // whatever its words are
}

// answered is the answer to a spending call without the word that it is unsure: the
// outcome is known by now.
func answered(err error) string { return strings.TrimPrefix(err.Error(), ErrUnsure.Error()+": ") }

func (j *job) notKnown(l *look) error {
	what := fmt.Sprintf("whether order %d was paid", j.st.Order)
	if j.st.Phase == PhaseOrdering {
		what = "whether it was ordered"
	}
	err := fmt.Errorf("%w: %s", ErrUnsure, what)
	if j.st.Doubt {
		err = fmt.Errorf("%w: a run that may be alive had begun to pay it", err)
	}
	if j.answer != nil {
		err = fmt.Errorf("%w (%s)", err, answered(j.answer))
	}
	if l.unreadErr != nil {
		err = fmt.Errorf("%w: %w", err, l.unreadErr)
	}
	return err
}

func (j *job) pending(l *look) error {
	err := fmt.Errorf("order %d: %w: its status is %q", j.st.Order, ErrPending, l.status)
	switch {
	case l.status == OrderDelivered && j.st.Payment == bySomebody:
		err = fmt.Errorf("order %d: %w: somebody has paid it, it is delivered, and the expiry has not moved yet: once you have seen what it renewed instead, name it in Guards.IgnoreOrders to renew anew", j.st.Order, ErrPending)
	case l.status == OrderDelivered:
		err = fmt.Errorf("order %d: %w: it is delivered, and the expiry has not moved yet", j.st.Order, ErrPending)
	case l.status == "":
		err = fmt.Errorf("order %d: %w: its status could not be read", j.st.Order, ErrPending)
	}
	return errors.Join(err, l.unreadErr)
}

// takenBack says which expiries have moved back, as when the bank has refused a debit.
func (s State) takenBack(now []Renewed) error {
	var back []string
	for _, is := range now {
		if !is.To.After(is.From) && slices.Contains(s.Services, is.ServiceID) {
			back = append(back, fmt.Sprintf("%s expires on %s again", called(is.Name, is.ServiceID), is.To))
		}
	}
	return fmt.Errorf("%w: %s, though order %d had renewed it: once you know what became of the money, name the order in Guards.IgnoreOrders to renew anew", ErrMismatch, strings.Join(back, ", "), s.Order)
}

func (j *job) lapses() string {
	if j.st.Lapses.IsZero() {
		return "an unknown day"
	}
	return DateOf(j.st.Lapses).String()
}

func (j *job) stopped(from Phase, s step, l *look) error {
	failed := j.step(from, j.because(s.why, l))
	if s.why == becauseForeign && failed.Order == 0 {
		failed.Order, _ = inTheWay(l.rivals)
	}
	return s.told(failed)
}

// told returns the error of a step as it is told: that the money is unsure, if it is.
func (s step) told(err error) error {
	if failed, ok := errors.AsType[*StepError](err); ok && s.unsure && failed.Paid == PaidNo {
		failed.Paid = PaidUnsure
	}
	return err
}

// sawTaken keeps that a paid order was seen to be paid, or to be cancelled before its time.
// Once its time is over it may look like one that nobody has paid.
func (j *job) sawTaken(ctx context.Context, l *look) error {
	if j.st.Phase != PhasePaid || j.st.Taken || !l.is(orderTaken, orderRevoked, orderDropped, orderHuman) {
		return nil
	}
	j.st.Taken = true
	return j.keep(ctx)
}

func (j *job) failed(err error) *StepError {
	failed := j.step(j.phase(), err)
	if errors.Is(err, ErrBusy) && failed.Paid == PaidNo {
		failed.Paid = PaidUnsure // the claim has passed to another run, which may have paid
	}
	return failed
}

// step says how far the renewal came. What it says of the money is what the phase says.
func (j *job) step(at Phase, err error) *StepError {
	failed := &StepError{Step: StepOrder, Service: j.target(), Order: j.st.Order, Paid: j.phase().paid(), Err: err}
	if j.last != nil && j.last.own.OrderID == j.st.Order {
		failed.Link = j.last.own.URL
	}
	switch at {
	case PhaseOrdered, PhasePaying, PhaseDeclined:
		failed.Step = StepPay
	case PhasePaid:
		failed.Step = StepWatch
		if j.last != nil && j.last.status == OrderDelivered {
			failed.Step = StepVerify
		}
	case PhaseRenewed:
		failed.Step = StepVerify
	}
	return failed
}
