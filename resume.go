// These tests fail without it: TestLoad, TestTakeUp, TestClosedByAnotherRun, TestBlockedBy, TestPatienceBeginsAnew, TestAttackRefusedInAnotherForm,
// TestAttackLease.

package ovhrenew

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

func (j *job) load(ctx context.Context) error {
	key := j.task.Renewal()
	var forgotten []State
	for _, st := range j.claim.States() {
		ignored := slices.Contains(j.task.Guards.IgnoreOrders, st.Order)
		switch {
		case ignored && st.Phase.Open():
			forgotten = append(forgotten, st)
		case ignored: // whatever came of it
		case st.Renewal == key && st.Phase == PhaseRenewed && st.Receipt != nil:
			receipt := *st.Receipt
			receipt.Already = true
			st.Receipt = &receipt
			j.st = st
		case st.Renewal == key && st.Phase.Open():
			j.st = st
		case st.Renewal == key && st.Phase == PhaseClosed && st.Order == j.task.Order && (j.task.Phase.sent() || j.task.Phase == PhasePaid):
			return &StepError{Step: StepWatch, Service: j.target(), Order: st.Order, Paid: cmp.Or(map[bool]Paid{true: PaidUnsure}[st.Unsure], j.task.Phase.paid()), Err: refuse(ErrNeedsHuman, "a payment was sent, and another run has closed the renewal: %s", st.Why)}
		case st.Phase.Open():
			j.inTheWay = append(j.inTheWay, &job{r: j.r, claim: j.claim, task: st.Task, st: st, swept: true})
		case !st.Task.meets(j.task): // it was for other expiries
		case st.Answer == AnswerNo:
			j.refused = st.Order
		case st.Phase == PhaseRenewed:
			j.undone = st
		}
	}
	now, err := j.r.client.Time(ctx)
	if err != nil {
		failed := j.failed(err)
		if len(j.inTheWay) > 0 && failed.Paid == PaidNo {
			failed.Paid = PaidUnsure // of the other renewals of the services
		}
		j.st, j.inTheWay = State{}, nil
		return failed
	}
	for _, st := range forgotten {
		if err := j.forget(ctx, st, now); err != nil {
			return err
		}
	}
	return j.loadAt(ctx, now)
}

// loadAt says until when the patience lasts, and takes up what was under way.
func (j *job) loadAt(ctx context.Context, now time.Time) error {
	j.answer = j.r.answerOf(j.task.Renewal())
	if j.task.Until.IsZero() || cmp.Or(j.task.Phase, PhaseWanted) != j.phase() { // what is waited for now is something else
		j.task.Until = now.Add(j.task.patience().until(j.st.Phase))
	}
	j.loaded = true
	for _, one := range append([]*job{j}, j.inTheWay...) {
		one.task.Until = j.task.Until
		if err := one.takeUp(ctx, now); err != nil {
			return err
		}
	}
	return nil
}

// forget closes a renewal whose order a person has named as being in nobody's way.
func (j *job) forget(ctx context.Context, st State, now time.Time) error {
	old := &job{claim: j.claim, task: st.Task, st: st}
	old.st.Why = "a person named its order in Guards.IgnoreOrders"
	return old.enter(ctx, PhaseClosed, now)
}

// takeUp notes what a run that finds a spending call under way has to: since when it is
// looked for, and whether its sender may be alive.
func (j *job) takeUp(ctx context.Context, now time.Time) error {
	if j.st.Phase != PhaseOrdering && j.st.Phase != PhasePaying {
		return nil
	}
	before := j.st
	j.st.Ended = cmp.Or(j.st.Ended, now)
	j.st.Doubt = j.st.Doubt || j.claim.Inherited() && j.st.Phase == PhasePaying
	if j.st.Ended.Equal(before.Ended) && j.st.Doubt == before.Doubt {
		return nil
	}
	return j.keep(ctx)
}

// blockedBy says that another renewal of the journal's is in the way, with what is known
// of its money.
func (j *job) blockedBy(other *job, err error) error {
	paid := other.st.Phase.paid()
	if failed, ok := errors.AsType[*StepError](err); ok {
		err, paid = failed.Err, failed.Paid
	}
	if !errors.Is(err, ErrUnderWay) && !errors.Is(err, ErrJournal) {
		err = fmt.Errorf("%w: %s: %w", ErrUnderWay, other.describe(), err)
	}
	return &StepError{Step: StepGuard, Service: j.target(), Order: other.st.Order, Paid: paid, Err: err}
}

func (j *job) describe() string {
	advice := map[bool]string{true: " by somebody: once you have seen what that renewed instead, name it in Guards.IgnoreOrders to renew anew"}
	return fmt.Sprintf("a renewal of %s is %s (order %d)", j.task.Offer, j.st.Phase, j.st.Order) + advice[j.st.Phase == PhasePaid && j.st.Payment == bySomebody]
}
