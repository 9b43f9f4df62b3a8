// These tests fail without it: TestGuardsRefused, TestGuards, TestEveryState, TestDue.

package ovhrenew

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// GuardError is the refusal of a guard: nothing is sent for it.
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
	longPast          = 7 * day // how late an automatic renewal may be
	// recently is how long a delivered order stands for a renewal whose effect may
	// not show yet.
	recently = 15 * day
)

// Guards configures the checks. Its zero value is the strictest.
type Guards struct {
	// DueWithin is how long before its expiry a service may be renewed, always less than
	// the period. If zero, it is 30 days, or half of the period if that is shorter.
	DueWithin time.Duration `json:"dueWithin,omitempty"`
	Early     bool          `json:"early,omitempty"` // also renews what is not due; Request.From is safer to run twice
	// RenewsItselfWithin is how far ahead an automatic renewal counts. If zero, it is 90
	// days.
	RenewsItselfWithin time.Duration `json:"renewsItselfWithin,omitempty"`
	AllowAutomatic     bool          `json:"allowAutomatic,omitempty"` // also renews what is about to renew by itself
	// AnyState renews services whatever their state: options apart from their parent,
	// suspended services, those to be deleted at their expiry.
	AnyState     bool      `json:"anyState,omitempty"`
	IgnoreOrders []OrderID `json:"ignoreOrders,omitempty"` // orders that a person knows to be for something else
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
	if g.TakeOver < 0 || slices.Contains(g.IgnoreOrders, g.TakeOver) {
		return badInput(call, "Guards.TakeOver", g.TakeOver, "is not an order id, or also in Guards.IgnoreOrders")
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
	window := int(cmp.Or(g.DueWithin, defaultDueWithin) / day)
	if end, err := period.AddTo(today); err == nil {
		length := today.DaysUntil(end)
		window = min(window, length-1)
		if g.DueWithin == 0 {
			window = min(window, length/2)
		}
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
	next := cmp.Or(s.NextDate, s.Expiry)
	if next.DaysUntil(today) > int(longPast/day) {
		return s.refuse(ErrAutoRenewFailed, "its renewal mode is automatic, and it was due on %s: look for an unpaid order or bill and at the default payment method, or set it to manual", next)
	}
	if s.Expiry.After(today) && s.Expiry.Before(next) {
		next = s.Expiry
	}
	if today.DaysUntil(next) > int(cmp.Or(g.RenewsItselfWithin, defaultAutoWithin)/day) {
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
	if s.Parent != 0 {
		return s.refuse(ErrState, "it is an option of service %d: renew that one", s.Parent)
	}
	unknown := ""
	for said := range s.said {
		why, known := said.values[said.value]
		switch {
		case !known && unknown == "":
			unknown = fmt.Sprintf("its %s %q is not known: look at it first", said.what, printable(said.value))
		case why == suspended && s.Expiry.After(today):
			return s.refuse(ErrState, "%s (%s) though it expires only on %s: ask OVHcloud's support", why, said.value, s.Expiry)
		case why == beingDeleted:
			return s.refuse(ErrState, "%s (%s)", why, said.value)
		case why == askSupport:
			return s.refuse(ErrState, "its %s is %s: %s", said.what, said.value, why)
		case why != "" && why != suspended:
			return s.refuse(ErrState, "%s", why)
		}
	}
	if unknown != "" {
		return s.refuse(ErrState, "%s", unknown)
	}
	return nil
}

// said is a value of a service that may stand against a renewal, and the values that are
// known.
type said struct {
	what, value string
	values      map[string]string
}

func (s Service) said(yield func(said) bool) {
	goOn := yield(said{"renewal type", string(s.Type), renewalTypes}) &&
		yield(said{"lifecycle state", s.Lifecycle, lifecycleStates}) &&
		yield(said{"billing state", s.Billing, billingStates})
	for _, action := range s.PendingActions {
		goOn = goOn && yield(said{"pending action", action, pendingActions})
	}
	if goOn {
		yield(said{"state", s.State, resourceStates})
	}
}
