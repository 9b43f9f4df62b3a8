// These tests fail without it: TestGuardsRefused, TestGuards, TestEveryState, TestDue.

package ovhrenew

import (
	"fmt"
	"slices"
	"time"
)

// GuardError is the refusal of a guard: nothing was paid.
type GuardError struct {
	Guard   error     // such as [ErrNotDue]
	Service ServiceID // 0 if it is about the order
	Name    string    // of the service
	Saw     string    // what the guard saw
}

func (e *GuardError) Error() string {
	if e.Service == 0 {
		return fmt.Sprintf("%v: %s", e.Guard, e.Saw)
	}
	return fmt.Sprintf("%s: %v: %s", called(e.Name, e.Service), e.Guard, e.Saw)
}

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

// Guards configures the checks. Its zero value is the strictest.
type Guards struct {
	// DueWithin is how long before its expiry a service may be renewed. If zero, it is 30
	// days, or half of the period renewed if that is shorter. It is always shorter than
	// the period.
	DueWithin time.Duration `json:"dueWithin,omitempty"`
	// Early renews services that are not due. [Request.From] is safer to run twice.
	Early bool `json:"early,omitempty"`
	// RenewsItselfWithin is how soon an automatic renewal has to come to be in the way.
	// If zero, it is 90 days.
	RenewsItselfWithin time.Duration `json:"renewsItselfWithin,omitempty"`
	// AllowAutomatic renews services that are about to renew by themselves.
	AllowAutomatic bool `json:"allowAutomatic,omitempty"`
	// AnyState renews services whatever their state: options apart from their parent,
	// suspended services, those to be deleted at their expiry.
	AnyState bool `json:"anyState,omitempty"`
	// IgnoreOrders are orders that a person has looked at and that are not in the way.
	IgnoreOrders []OrderID `json:"ignoreOrders,omitempty"`
	// TakeOver is a foreign order that a person names to be paid as this renewal's own.
	// If somebody else pays it at the same time, it is paid twice.
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

// Due refuses a service that is not due on a day. The error is [ErrNotDue].
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

// Automatic refuses a service that is about to renew by itself, or may be. One that is
// being renewed right now is refused whatever g allows. The error is [ErrAutoRenew].
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
// sense. An expired service passes. The error is [ErrState].
func (g Guards) State(s Service, today Date) error {
	if s.Expiry.IsZero() {
		return s.refuse(ErrState, "it has no expiry, so that a renewal could not be verified")
	}
	if g.AnyState {
		return nil
	}
	switch {
	case s.Type == renewalOneShot:
		return s.refuse(ErrState, "it was bought once and for all (oneShot)")
	case s.Parent != 0:
		return s.refuse(ErrState, "it is an option of service %d: renew that one", s.Parent)
	case s.Type == renewalOption:
		return s.refuse(ErrState, "it is an option: renew the service that it belongs to")
	case s.Lifecycle == lifecycleInCreation || s.Billing == billingPending:
		return s.refuse(ErrState, "it is still being created: try again later")
	case s.Lifecycle == lifecycleUnpaid || s.Billing == billingUnpaid || s.Billing == billingPendingDebt:
		return s.refuse(ErrState, "it has an unpaid bill: settle that debt first")
	case s.Lifecycle == lifecycleTerminated || s.Lifecycle == lifecycleRupture || s.Lifecycle == lifecycleError:
		return s.refuse(ErrState, "its lifecycle is %s: ask OVHcloud's support", s.Lifecycle)
	case slices.Contains([]string{resourceDeleted, resourceDeleting, resourceToDelete}, s.State):
		return s.refuse(ErrState, "it is being deleted (%s)", s.State)
	case s.Type == renewalDeleteAtExpiration || s.Type == renewalDeleteAtEndEngagement ||
		slices.ContainsFunc(s.PendingActions, terminates):
		return s.refuse(ErrState, "it is to be deleted at its expiry: undo that first")
	case s.unknown() != "":
		return s.refuse(ErrState, "its %s is not known: look at it first", s.unknown())
	case slices.ContainsFunc(s.PendingActions, func(a string) bool { return !knownAction(a) }):
		return s.refuse(ErrState, "its pending actions %q are not all known: look at it first", s.PendingActions)
	case slices.Contains([]string{resourceSuspended, resourceSuspending, resourceToSuspend}, s.State) && s.Expiry.After(today):
		return s.refuse(ErrState, "it is suspended (%s) though it expires only on %s: ask OVHcloud's support", s.State, s.Expiry)
	}
	return nil
}

func terminates(action string) bool {
	return slices.Contains([]string{
		actionTerminate, actionTerminateAtExpirationDate, actionTerminateAtEngagementDate, actionDeleteAtExpiration,
	}, action)
}
