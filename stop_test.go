package ovhrenew

import (
	"errors"
	"strings"
	"testing"
	"time"
)

// Every reason has words and a sentinel, and what is said of the money is the phase's.
func TestEveryReasonHasWords(t *testing.T) {
	t.Parallel()
	sentinels := map[reason]error{
		becauseNothing: ErrUnread, becauseMoved: ErrExpiryMoved, becauseForeign: ErrForeignOrder, becauseUnfit: ErrOverLimit,
		becauseNoWord: ErrRejected, becauseLater: ErrUndecided, becauseUnread: ErrUnread, becauseLapsed: ErrLapsed,
		becauseDropped: ErrCancelled, becauseHuman: ErrNeedsHuman, becauseNoEffect: ErrNoEffect, becauseUnsure: ErrUnsure,
		becausePending: ErrPending, becauseTakenBack: ErrMismatch, becauseDeclined: ErrCannotPay,
	}
	steps := map[Phase]Step{
		PhaseWanted: StepOrder, PhaseOrdering: StepOrder, PhaseOrdered: StepPay, PhasePaying: StepPay, PhaseDeclined: StepPay,
		PhasePaid: StepWatch, PhaseRenewed: StepVerify, PhaseClosed: StepOrder,
	}
	for why := becauseNothing; why <= becauseTakenBack; why++ {
		for _, phase := range modelPhases {
			j := &job{st: State{Phase: phase, Order: 5}, task: Task{Target: 1, Services: []Renewed{{ServiceID: 1, Name: "x"}}}}
			l := &look{movedErr: errors.New("moved"), unfitErr: ErrOverLimit}
			j.last = l
			for _, unsure := range []bool{false, true} {
				var failed *StepError
				err := j.stopped(phase, step{act: actStop, why: why, unsure: unsure}, l)
				if !errors.As(err, &failed) || !errors.Is(err, sentinels[why]) {
					t.Fatalf("reason %d in %s: %v, want %v", why, phase, err, sentinels[why])
				}
				if want := steps[phase]; failed.Step != want || failed.Service != j.target() {
					t.Errorf("reason %d in %s: step %s of %v, want %s", why, phase, failed.Step, failed.Service, want)
				}
				want := phase.paid()
				if unsure && want == PaidNo {
					want = PaidUnsure
				}
				if failed.Paid != want || failed.Order != 5 || ReactionTo(err) == "" {
					t.Errorf("reason %d in %s: paid %s, order %d; want %s, 5", why, phase, failed.Paid, failed.Order, want)
				}
			}
		}
	}
}

// What is said is what was seen.
func TestWordsAreWhatWasSeen(t *testing.T) {
	t.Parallel()
	rivals := []rival{{booked: booked{Order: Order{OrderID: 9}}}}
	for _, tt := range []struct {
		why   reason
		phase Phase
		set   func(j *job, l *look)
		says  string
		lacks string
		is    error
	}{
		{becauseUnsure, PhaseOrdering, nil, "whether it was ordered", "paid", ErrUnsure},
		{becauseUnsure, PhasePaying, nil, "whether order 5 was paid", "alive", ErrUnsure},
		{becauseUnsure, PhasePaying, func(j *job, _ *look) { j.st.Doubt = true }, "a run that may be alive had begun to pay it", "", ErrUnsure},
		{becauseUnsure, PhasePaying, func(j *job, _ *look) { j.answer = unsure(errDark) }, "(dark)", "", ErrUnsure},
		{becauseUnsure, PhasePaying, func(_ *job, l *look) { l.unreadErr = errDark }, "dark", "", errDark},
		{becausePending, PhasePaid, func(_ *job, l *look) { l.status = OrderDelivered }, "it is delivered, and the expiry has not moved yet", "", ErrPending},
		{becausePending, PhasePaid, func(_ *job, l *look) { l.status = "checking" }, `its status is "checking"`, "delivered", ErrPending},
		{becausePending, PhasePaid, func(_ *job, l *look) { l.unreadErr = errDark }, "its status could not be read", "delivered", errDark},
		{becauseDropped, PhaseOrdered, nil, "before its time", "payment", ErrCancelled},
		{becauseDropped, PhasePaying, func(j *job, _ *look) { j.st.Payment = "x" }, "after a payment was sent", "before its time", ErrCancelled},
		{becauseLapsed, PhaseOrdered, func(_ *job, l *look) { l.order = orderLapsing }, "lapses on 2026-11-20, too soon", "could be", ErrLapsed},
		{becauseLapsed, PhaseOrdered, func(_ *job, l *look) { l.order, l.status = orderDead, OrderNotPaid }, "could be paid until 2026-11-20", "too soon", ErrLapsed},
		{becauseLapsed, PhaseOrdered, func(_ *job, l *look) { l.order = orderDead }, "order 5 is none of the account's, and no payment was sent for it", "could be paid", ErrLapsed},
		{becauseLapsed, PhaseOrdered, func(j *job, l *look) { l.order, j.st.Payment = orderDead, "x" }, "could be paid until", "no payment was sent", ErrLapsed},
		{becauseLapsed, PhaseOrdered, func(j *job, l *look) { j.st.Lapses, l.status = time.Time{}, OrderNotPaid }, "could be paid until an unknown day", "", ErrLapsed},
		{becauseNoWord, PhaseOrdered, nil, "to order 5", "", ErrRejected},
		{becauseNoWord, PhaseWanted, func(j *job, _ *look) { j.refused = 6 }, "to order 6", "", ErrRejected},
		{becauseUnread, PhaseOrdered, func(_ *job, l *look) { l.unreadErr, l.listed = errDark, true }, "dark", "list", errDark},
		{becauseUnread, PhaseOrdered, nil, "order 5 does not show in the account's list", "too old", ErrUnread},
		{becauseUnread, PhaseWanted, nil, "too old", "list", ErrUnread},
		{becauseUnread, PhaseOrdered, func(_ *job, l *look) { l.listed = true }, "too old", "list", ErrUnread},
		{becauseUnread, PhaseWanted, func(_ *job, l *look) { l.others, l.rivals = othersDark, rivals }, "order 9 of", "too old", ErrUnread},
		{becauseUnread, PhaseWanted, func(_ *job, l *look) { l.rivals = rivals }, "too old", "order 9", ErrUnread},
		{becauseUnread, PhaseWanted, func(_ *job, l *look) { l.others = othersDark }, "too old", "judged", ErrUnread},
		{becauseNoEffect, PhaseOrdered, func(j *job, _ *look) { j.answer = unsure(errDark) }, "(dark)", "", ErrNoEffect},
		{becauseNoEffect, PhaseOrdered, func(j *job, _ *look) { j.answer = refusedCall }, "nothing was seen", "403", ErrNoEffect},
		{becauseDeclined, PhaseOrdered, func(j *job, _ *look) { j.st.Why = "as it was told" }, "as it was told", "", ErrCannotPay},
		{becauseDeclined, PhaseOrdered, func(j *job, _ *look) { j.answer = refusedCall }, "403", ErrCannotPay.Error(), ErrDenied},
		{becauseDeclined, PhaseOrdered, func(j *job, _ *look) { j.answer = &Error{Status: 400, Message: "no money"} }, "no money", "", ErrCannotPay},
		{becauseTakenBack, PhaseRenewed, func(j *job, l *look) {
			j.st.Services = []ServiceID{1, 2}
			l.renewed = []Renewed{{1, "a", MustDate("2026-12-01"), MustDate("2026-12-01")}, {2, "b", MustDate("2026-12-01"), MustDate("2027-12-01")}, {3, "c", MustDate("2026-12-01"), MustDate("2026-12-01")}}
		}, "a (1) expires on 2026-12-01 again, though order 5", "b (2)", ErrMismatch},
	} {
		j := &job{st: State{Phase: tt.phase, Order: 5, Lapses: noon}, task: taskOf(P1Y, "2026-12-01", 1)}
		l := &look{}
		if tt.set != nil {
			tt.set(j, l)
		}
		err := j.because(tt.why, l)
		if text := err.Error(); !errors.Is(err, tt.is) || !strings.Contains(text, tt.says) || tt.lacks != "" && strings.Contains(text, tt.lacks) || strings.Contains(text, "c (3)") || strings.Contains(text, "%!") {
			t.Errorf("reason %d in %s: %v; want %q, without %q", tt.why, tt.phase, err, tt.says, tt.lacks)
		}
	}
	// A delivered order is being verified, and the link is that of the order.
	j := &job{st: State{Phase: PhasePaid, Order: 5}, last: &look{status: OrderDelivered, own: Order{OrderID: 6, URL: NewSecret("link")}}}
	if failed := j.failed(errDark); failed.Step != StepVerify || !failed.Link.IsZero() {
		t.Errorf("%s, with the link %t", failed.Step, !failed.Link.IsZero())
	}
	if j.last.own.OrderID = 5; j.failed(errDark).Link.Reveal() != "link" {
		t.Error("the link is missing")
	}
	if j.last = nil; j.failed(errDark).Step != StepWatch {
		t.Error("what was not looked at is not being watched")
	}
	if err := j.stopped(PhasePaid, stop(becauseForeign), &look{rivals: rivals}); err.(*StepError).Order != 5 {
		t.Errorf("%v, want it of order 5", err)
	}
	if j.st.Order = 0; j.stopped(PhaseWanted, stop(becauseForeign), &look{rivals: rivals}).(*StepError).Order != 9 {
		t.Error("the order in the way is not named")
	}
	if j.stopped(PhaseWanted, stop(becauseUnfit), &look{rivals: rivals, unfitErr: errDark}).(*StepError).Order != 0 {
		t.Error("an order is named that is not in the way")
	}
}
