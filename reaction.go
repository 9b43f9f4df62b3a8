// These tests fail without it: TestReactionTo, TestReactionToEverySentinel.

package ovhrenew

import "errors"

// Reaction is what a program should do about an error.
type Reaction string

const (
	ReactAgain     Reaction = "again"      // call again at once, or after a short pause
	ReactLater     Reaction = "later"      // call again with the same task, after minutes or days
	ReactOrderAnew Reaction = "order anew" // the task is out of date: propose again
	ReactPerson    Reaction = "a person"   // a person has to look at it before it is tried again
	ReactNever     Reaction = "never"      // it will fail in the same way, or must not be done
)

// reactions are looked through in this order: what is known of the money comes first.
var reactions = []struct {
	to   Reaction
	errs []error
}{
	{ReactPerson, []error{ErrNeedsHuman, ErrCancelled, ErrMismatch}},
	{ReactNever, []error{ErrBadInput, ErrRejected}},
	{ReactPerson, []error{ErrCannotPay, ErrNoPayment, ErrDenied, ErrCredential}},
	{ReactOrderAnew, []error{ErrExpiryMoved}},
	{ReactLater, []error{ErrUnsure, ErrPending, ErrForeignOrder, ErrUnderWay, ErrBusy, ErrUndecided, ErrHeld, ErrNotDue, ErrJournal}},
	{ReactOrderAnew, []error{ErrLapsed, ErrPriceChanged}},
	{ReactPerson, []error{ErrState, ErrAutoRenew, ErrOverLimit, ErrNoStrategy, ErrCurrency, ErrAmbiguous}},
	{ReactNever, []error{ErrNotFound, ErrUnsupported, ErrNoLimit, ErrRange}},
	{ReactAgain, []error{ErrNoEffect, ErrNotSent, ErrRateLimited, ErrServer, ErrMalformed, ErrUnread}},
}

// ReactionTo returns what to do about an error of this package, and [ReactAgain] for
// others: the journal knows what was sent.
func ReactionTo(err error) Reaction {
	if err == nil {
		return ""
	}
	for _, r := range reactions {
		for _, target := range r.errs {
			if errors.Is(err, target) {
				return r.to
			}
		}
	}
	return ReactAgain
}
