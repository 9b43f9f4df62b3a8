package ovhrenew

import (
	"errors"
	"testing"
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
	for why := becauseNothing; why <= becauseTakenBack; why++ {
		for _, phase := range modelPhases {
			j := &job{st: State{Phase: phase, Order: 5}, task: Task{Target: 1, Services: []Renewed{{ServiceID: 1, Name: "x"}}}}
			l := &look{movedErr: errors.New("moved"), unfitErr: ErrOverLimit}
			j.last = l
			for _, unsure := range []bool{false, true} {
				var failed *StepError
				err := j.stopped(step{act: actStop, why: why, unsure: unsure}, l)
				if !errors.As(err, &failed) || !errors.Is(err, sentinels[why]) {
					t.Fatalf("reason %d in %s: %v, want %v", why, phase, err, sentinels[why])
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
