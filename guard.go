// These tests fail without it: TestGuardsRefused, TestGuards, TestEveryState, TestDue.

package ovhrenew

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// The guards' own errors, to branch on with errors.Is. [*GuardError] has the facts.
var (
	// ErrNotDue says that the service expires later than the window for renewing.
	ErrNotDue = errors.New("not due")
	// ErrAutoRenew says that the service is about to renew by itself.
	ErrAutoRenew = errors.New("renews by itself")
	// ErrAutoRenewFailed says that an automatic renewal was due long ago, and did not
	// come: a person has to act. It is an ErrAutoRenew too.
	ErrAutoRenewFailed = fmt.Errorf("%w, and has failed to", ErrAutoRenew)
	// ErrState says that the service is in a state in which it cannot, or should
	// not, be renewed by an order.
	ErrState = errors.New("in no state to be renewed")
	// ErrExpiryMoved says that the expiry is not the one that was to be renewed
	// from: somebody has renewed the service already, or is at it.
	ErrExpiryMoved = errors.New("the expiry has moved")
	// ErrNoLimit says that a request names no limit to what may be spent.
	ErrNoLimit = errors.New("no limit was given")
	// ErrOverLimit says that the price, tax included, is above the limit.
	ErrOverLimit = errors.New("over the limit")
	// ErrPriceChanged says that an order's price is not the quote's.
	ErrPriceChanged = errors.New("the price has changed")
)

// GuardError is a guard's refusal: nothing was paid. errors.Is finds Guard.
type GuardError struct {
	// Guard is the sentinel, such as [ErrNotDue].
	Guard error
	// Service and Name say which service it is about; 0 if about the order.
	Service ServiceID
	Name    string
	// Saw says what the guard saw.
	Saw string
}

// Error says what was refused and what was seen.
func (e *GuardError) Error() string {
	if e.Service == 0 {
		return fmt.Sprintf("%v: %s", e.Guard, e.Saw)
	}
	return fmt.Sprintf("%s: %v: %s", called(e.Name, e.Service), e.Guard, e.Saw)
}

// Unwrap returns the sentinel.
func (e *GuardError) Unwrap() error { return e.Guard }

func refuse(guard error, format string, args ...any) error {
	return &GuardError{Guard: guard, Saw: fmt.Sprintf(format, args...)}
}

func (s Service) refuse(guard error, format string, args ...any) error {
	return &GuardError{Guard: guard, Service: s.ID, Name: s.Name, Saw: fmt.Sprintf(format, args...)}
}

const day = 24 * time.Hour

// The windows of the guards, where a request names none.
const (
	defaultDueWithin  = 30 * day
	defaultAutoWithin = 90 * day
	// longPast is how late an automatic renewal may be.
	longPast = 7 * day
	// recently is how long a delivered order stands for a renewal whose effect may
	// not show yet.
	recently = 15 * day
)

// Guards settles what a renewal refuses to do. Its zero value is the strictest.
type Guards struct {
	// DueWithin is how long before its expiry a service may be renewed; if zero, 30
	// days or half of the period renewed, whichever is shorter, so that what has
	// just been renewed is not due again. It never reaches over the whole period: of
	// 30 days before the end of a month, the service is due after the first.
	DueWithin time.Duration `json:"dueWithin,omitempty"`
	// Early lifts the guard for due services: renewing long before the expiry is
	// meant. [Request.From] lifts it too, and is safer to run twice.
	Early bool `json:"early,omitempty"`
	// RenewsItselfWithin is how soon an automatic renewal has to come to be in the
	// way; 90 days if zero.
	RenewsItselfWithin time.Duration `json:"renewsItselfWithin,omitempty"`
	// AllowAutomatic lets services be renewed that are about to renew by themselves.
	AllowAutomatic bool `json:"allowAutomatic,omitempty"`
	// AnyState lets services be renewed in whatever state they are: options apart
	// from their parent, suspended ones, those to be deleted at their expiry.
	AnyState bool `json:"anyState,omitempty"`
	// IgnoreOrders are orders that somebody has looked at and that are not in the
	// way.
	IgnoreOrders []OrderID `json:"ignoreOrders,omitempty"`
	// TakeOver is a foreign order that a person names to be paid as this renewal's own.
	// If another program or a person pays it at the same time, it is paid twice.
	TakeOver OrderID `json:"takeOver,omitempty"`
}

func (g Guards) check(call string) error {
	for name, d := range map[string]time.Duration{
		"DueWithin": g.DueWithin, "RenewsItselfWithin": g.RenewsItselfWithin,
	} {
		switch {
		case d < 0:
			return badInput(call, "Guards."+name, d, "is negative")
		case d != 0 && d < day:
			return badInput(call, "Guards."+name, d, "is less than a day: write 30*24*time.Hour for 30 days")
		}
	}
	for i, id := range g.IgnoreOrders {
		if err := checkID(call, fmt.Sprintf("Guards.IgnoreOrders[%d]", i), id); err != nil {
			return err
		}
	}
	if g.TakeOver < 0 {
		return badInput(call, "Guards.TakeOver", g.TakeOver, "is not an order id")
	}
	return nil
}

// service says whether the guards let a service be renewed. Only the one that was asked
// for has to be due: what is bundled with it comes along.
func (g Guards) service(s Service, period Period, today Date, target, due bool) error {
	if err := g.State(s, today); err != nil && (target || s.Parent == 0 || s.Expiry.IsZero()) {
		return err
	}
	if to, err := period.AddTo(s.Expiry); err == nil && !to.After(today) {
		return s.refuse(ErrState, "it expired on %s, so that %s would end on %s: renew it for longer", s.Expiry, period, to)
	}
	if target && due {
		if err := g.Due(s, period, today); err != nil {
			return err
		}
	}
	return g.Automatic(s, today)
}

// Due says whether a service may be renewed for a period on a day. The error is
// [ErrNotDue].
func (g Guards) Due(s Service, period Period, today Date) error {
	window := int(g.DueWithin / day)
	if g.DueWithin == 0 {
		window = int(defaultDueWithin / day)
		if end, err := period.AddTo(today); err == nil {
			window = min(window, today.DaysUntil(end)/2)
		}
	}
	if end, err := period.AddTo(today); err == nil {
		window = min(window, today.DaysUntil(end)-1)
	}
	left := today.DaysUntil(s.Expiry)
	if g.Early || left <= window {
		return nil
	}
	return s.refuse(ErrNotDue, "it expires on %s, in %s; renewing starts %s before", s.Expiry, count(left, "day"), count(window, "day"))
}

// Automatic refuses a service that is about to renew by itself, one of which it is not
// clear whether it is, and, even if that is allowed, one that is being renewed at this
// moment. The error is [ErrAutoRenew]; it is [ErrAutoRenewFailed] if the automatic
// renewal should have come long ago.
func (g Guards) Automatic(s Service, today Date) error {
	if err := renewing(s); err != nil || g.AllowAutomatic {
		return err
	}
	mode, err := renewalMode(s)
	if err != nil || mode == ModeManual {
		return err
	}
	next, within := s.NextDate, g.RenewsItselfWithin
	if next.IsZero() {
		next = s.Expiry
	}
	if next.DaysUntil(today) > int(longPast/day) {
		return s.refuse(ErrAutoRenewFailed, "its renewal mode is automatic, and it was due on %s: look for an unpaid order or bill and at the default payment method, or set it to manual", next)
	}
	if s.Expiry.After(today) && s.Expiry.Before(next) {
		next = s.Expiry
	}
	if within == 0 {
		within = defaultAutoWithin
	}
	if today.DaysUntil(next) > int(within/day) {
		return nil
	}
	return s.refuse(ErrAutoRenew, "its renewal mode is automatic, next on %s", next)
}

// State refuses a service in a state in which renewing it is impossible or makes no
// sense, and says what to do instead. The error is [ErrState].
//
// An expired service passes, and so does one that is suspended since it expired:
// renewing is how it comes back.
func (g Guards) State(s Service, today Date) error {
	if s.Expiry.IsZero() {
		return s.refuse(ErrState, "it has no expiry, so that a renewal could not be verified")
	}
	if g.AnyState {
		return nil
	}
	switch {
	case s.Type == RenewalOneShot:
		return s.refuse(ErrState, "it was bought once and for all (oneShot)")
	case s.Parent != 0:
		return s.refuse(ErrState, "it is an option of service %d: renew that one", s.Parent)
	case s.Type == RenewalOption:
		return s.refuse(ErrState, "it is an option: renew the service that it belongs to")
	case s.Lifecycle == LifecycleInCreation || s.Billing == BillingPending:
		return s.refuse(ErrState, "it is still being created: try again later")
	case s.Lifecycle == LifecycleUnpaid || s.Billing == BillingUnpaid || s.Billing == BillingPendingDebt:
		return s.refuse(ErrState, "it has an unpaid bill: settle that debt first")
	case s.Lifecycle == LifecycleTerminated || s.Lifecycle == LifecycleRupture || s.Lifecycle == LifecycleError:
		return s.refuse(ErrState, "its lifecycle is %s: ask OVHcloud's support", s.Lifecycle)
	case slices.Contains([]ResourceState{ResourceDeleted, ResourceDeleting, ResourceToDelete}, s.State):
		return s.refuse(ErrState, "it is being deleted (%s)", s.State)
	case s.Type == RenewalDeleteAtExpiration || s.Type == RenewalDeleteAtEndEngagement ||
		slices.ContainsFunc(s.PendingActions, terminates):
		return s.refuse(ErrState, "it is to be deleted at its expiry: undo that first")
	case s.unknown() != "":
		return s.refuse(ErrState, "its %s is not known: look at it first", s.unknown())
	case slices.ContainsFunc(s.PendingActions, func(a LifecycleAction) bool { return !a.known() }):
		return s.refuse(ErrState, "its pending actions %q are not all known: look at it first", s.PendingActions)
	case slices.Contains([]ResourceState{ResourceSuspended, ResourceSuspending, ResourceToSuspend}, s.State) && s.Expiry.After(today):
		return s.refuse(ErrState, "it is suspended (%s) though it expires only on %s: ask OVHcloud's support", s.State, s.Expiry)
	}
	return nil
}

func terminates(action LifecycleAction) bool {
	return slices.Contains([]LifecycleAction{
		ActionTerminate, ActionTerminateAtExpirationDate, ActionTerminateAtEngagementDate, ActionDeleteAtExpiration,
	}, action)
}
