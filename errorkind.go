package ovhrenew

// ErrorKind is an error to compare with errors.Is.
type ErrorKind string

func (k ErrorKind) Error() string { return string(k) }

// Is reports whether k is the target or a kind of it: an [ErrAutoRenewFailed] is an
// [ErrAutoRenew].
func (k ErrorKind) Is(target error) bool { return k == target || broader[k] == target }

// broader has the kinds that are kinds of another.
var broader = map[ErrorKind]error{
	ErrAutoRenewFailed: ErrAutoRenew,
	ErrCredential:      ErrDenied, ErrNotGranted: ErrDenied, ErrIAM: ErrDenied,
}

// Of any call.
const (
	ErrUnsure ErrorKind = "the outcome is not known" // of a call that spends
	// ErrNotSent says that no connection was made, or that it came too late for the look.
	ErrNotSent  ErrorKind = "request not sent"
	ErrBadInput ErrorKind = "bad input" // an [InputError] has the value
	ErrNotFound ErrorKind = "not found"
	// ErrDenied is also each of the next three. [Error.MissingActions] is of ErrIAM.
	ErrDenied      ErrorKind = "denied"
	ErrCredential  ErrorKind = "credential not valid"
	ErrNotGranted  ErrorKind = "call not granted to this credential"
	ErrIAM         ErrorKind = "IAM action not granted"
	ErrExpired     ErrorKind = "service expired" // it may still be renewable
	ErrRateLimited ErrorKind = "rate limited"
	ErrUnsupported ErrorKind = "not supported in this region" // see package autorenew
	ErrCannotPay   ErrorKind = "the order cannot be paid this way"
	ErrServer      ErrorKind = "server trouble" // status 5xx or 408, or a page instead of the API's own refusal
	ErrMalformed   ErrorKind = "malformed answer"
	ErrCurrency    ErrorKind = "different currencies" // or no amount
	ErrRange       ErrorKind = "out of range"
)

// Why a renewal is refused. [StepError] says what was ordered and paid.
const (
	ErrAmbiguous  ErrorKind = "several services have this name"
	ErrNoStrategy ErrorKind = "no single renewal strategy fits"
	ErrNotDue     ErrorKind = "not due"
	ErrAutoRenew  ErrorKind = "renews by itself"
	// ErrAutoRenewFailed says that an automatic renewal did not come: a person has to act.
	ErrAutoRenewFailed ErrorKind = "renews by itself, and has failed to"
	ErrState           ErrorKind = "not in a renewable state"
	ErrExpiryMoved     ErrorKind = "the expiry has moved"
	ErrNoLimit         ErrorKind = "no limit was given"
	ErrOverLimit       ErrorKind = "over the limit"
	ErrNoPayment       ErrorKind = "no usable payment" // none named, no default, not valid or not taken
	// ErrForeignOrder says that an order which this journal did not place may be for the
	// same. It is never paid, unless [Guards.TakeOver] names it.
	ErrForeignOrder ErrorKind = "somebody's order may be for the same"
	ErrPriceChanged ErrorKind = "the price has changed"
	ErrBusy         ErrorKind = "another run has it"
	ErrUnderWay     ErrorKind = "another renewal is under way"
	ErrJournal      ErrorKind = "the journal failed" // nothing is sent that it cannot keep
	ErrUnread       ErrorKind = "the account cannot be read well enough to decide"
)

// What became of an order.
const (
	ErrRejected   ErrorKind = "a person has said no"
	ErrUndecided  ErrorKind = "nobody has decided about the order yet"
	ErrHeld       ErrorKind = "held" // something is left to be sent, and Task.Hold forbids it
	ErrNeedsHuman ErrorKind = "a person has to act"
	ErrNoEffect   ErrorKind = "the call had no effect"
	ErrLapsed     ErrorKind = "the order has lapsed unpaid"
	ErrCancelled  ErrorKind = "the order is cancelled" // maybe after it was paid
	ErrPending    ErrorKind = "paid, and not seen renewed yet"
	ErrMismatch   ErrorKind = "the expiry has moved to an unexpected day" // or back
)
