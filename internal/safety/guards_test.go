// The guards against renewing too early, too late, or what renews by itself.

package safety_test

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// refusal is a renewal that one guard refuses, and how to lift that guard.
type refusal struct {
	name   string
	b      ovhrenewtest.Behaviour
	bundle bool // renews the domain with its hosting, else the VPS
	set    func(*world)
	req    func(*world, *ovhrenew.Request)
	want   error
	saw    []string // in the refusal
	orders int      // placed before it
	step   ovhrenew.Step
	// lifts are changes of the request each of which lets it renew; none: nothing can.
	lifts []func(*world, *ovhrenew.Request)
}

func TestGuards(t *testing.T) {
	t.Parallel()
	for _, list := range [][]refusal{priceGuards, expiryGuards, orderGuards, dueGuards, automaticGuards, stateGuards, paymentGuards} {
		for _, tt := range list {
			t.Run(tt.name, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, tt.refuses)
				for _, lift := range tt.lifts {
					synctest.Test(t, func(t *testing.T) { tt.lifted(t, lift) })
				}
			})
		}
	}
}

// world sets the scene of the refusal.
func (r refusal) world(t *testing.T) (*world, *process, ovhrenew.Request, []ovhrenew.ServiceID) {
	t.Helper()
	r.b.ChargeTwice = true
	w := newWorld(t, r.b)
	time.Sleep(time.Hour)
	if r.set != nil {
		r.set(w)
	}
	p := w.start(&memoryJournal{}, 0)
	services, req := []ovhrenew.ServiceID{vps}, w.renewVPS(p)
	if r.bundle {
		services, req = []ovhrenew.ServiceID{domain, hosting}, w.renewBundle(p)
	}
	if r.req != nil {
		r.req(w, &req)
	}
	return w, p, req, services
}

func (r refusal) refuses(t *testing.T) {
	w, p, req, services := r.world(t)
	v := w.renewBeside(p, req, services...)
	if v.failed == nil || !errors.Is(v.failed, r.want) {
		t.Fatalf("told %v: %v, want %v", v, v.failed, r.want)
	}
	for _, saw := range r.saw {
		if !strings.Contains(v.failed.Error(), saw) {
			t.Errorf("told %q, want %q in it", v.failed, saw)
		}
	}
	if r.step != "" && v.failed.Step != r.step {
		t.Errorf("told of step %s, want %s", v.failed.Step, r.step)
	}
	// Somebody's order may be one's own, of a journal that was lost; and an expiry that
	// has moved while one's own order waits may have been moved by it.
	paid := ovhrenew.PaidNo
	if errors.Is(r.want, ovhrenew.ErrForeignOrder) || errors.Is(r.want, ovhrenew.ErrExpiryMoved) && r.orders > 0 {
		paid = ovhrenew.PaidUnsure
	}
	if v.failed.Paid != paid {
		t.Errorf("paid = %s, want %s", v.failed.Paid, paid)
	}
	if n := w.server.Count(ovhrenewtest.RoutePay) + w.server.Count(ovhrenewtest.RoutePayMean); n != 0 {
		t.Errorf("%d payments were sent", n)
	}
	if n := w.server.Count(ovhrenewtest.RouteOrder); n != r.orders {
		t.Errorf("%d orders were sent, want %d", n, r.orders)
	}
}

func (r refusal) lifted(t *testing.T, lift func(*world, *ovhrenew.Request)) {
	w, p, req, services := r.world(t)
	lift(w, &req)
	if v := w.run(p, req, services...); v.receipt == nil || v.receipt.Already {
		t.Errorf("lifted, told %v: %v", v, v.failed)
	}
}

type (
	request = ovhrenew.Request
	lifts   = []func(*world, *request)
)

// onRequest lets something happen at the first request of a route, before its effect.
func onRequest(route string, do func(*world)) func(*world) {
	return func(w *world) {
		done := false
		w.server.OnRequest(func(r ovhrenewtest.Request) {
			if r.Route == route && !done {
				done = true
				do(w)
			}
		})
	}
}

func setPrice(price string) func(*world) {
	return func(w *world) { w.server.SetPrice("P3M", price, int64(vps)) }
}

var priceGuards = []refusal{
	{
		name: "the quote is over the limit", step: ovhrenew.StepQuote, want: ovhrenew.ErrOverLimit, saw: []string{"21.56 EUR", "21.55 EUR"},
		req:   func(_ *world, r *request) { r.Limit = ovhrenew.MustMoney("21.55 EUR") },
		lifts: lifts{func(_ *world, r *request) { r.Limit = ovhrenew.MustMoney("21.57 EUR") }},
	},
	{
		name: "the limit is in another currency", want: ovhrenew.ErrCurrency, saw: []string{"21.56", "EUR", "30.00 CAD"},
		req:   func(_ *world, r *request) { r.Limit = ovhrenew.MustMoney("30 CAD") },
		lifts: lifts{func(_ *world, r *request) { r.Limit = ovhrenew.MustMoney("30 EUR") }},
	},
	{
		name: "no limit", want: ovhrenew.ErrNoLimit,
		req: func(_ *world, r *request) { r.Limit = ovhrenew.Money{} },
	},
	{
		name: "nothing may be spent", want: ovhrenew.ErrOverLimit,
		req: func(_ *world, r *request) { r.Limit = ovhrenew.MustMoney("0 EUR") },
	},
	{
		name: "the order is dearer than the quote", step: ovhrenew.StepPay, want: ovhrenew.ErrPriceChanged, saw: []string{"18.00 EUR", "order "}, orders: 1,
		set: onRequest(ovhrenewtest.RouteOrder, setPrice("18.00")),
	},
	{
		name: "the order is cheaper than the quote", want: ovhrenew.ErrPriceChanged, orders: 1,
		set: onRequest(ovhrenewtest.RouteOrder, setPrice("1.00")),
	},
	{
		name: "the order is in another currency", want: ovhrenew.ErrPriceChanged, saw: []string{"CAD"}, orders: 1,
		set: onRequest(ovhrenewtest.RouteOrder, func(w *world) {
			b := w.server.Behaviour()
			b.Currency = "CAD"
			w.server.SetBehaviour(b)
		}),
	},
}

// moves lets somebody else renew a service at a request.
func moves(route string, id ovhrenew.ServiceID) func(*world) {
	return onRequest(route, func(w *world) { w.server.SetExpiry(int64(id), w.server.Expiry(int64(id)).AddDate(0, 3, 0)) })
}

var expiryGuards = []refusal{
	{name: "moves as the order is placed", want: ovhrenew.ErrExpiryMoved, orders: 1, set: moves(ovhrenewtest.RouteOrder, vps)},
	{ // the look before the payment reads the expiries after the order's status
		name: "moves during the look", want: ovhrenew.ErrExpiryMoved, orders: 1,
		set: moves(ovhrenewtest.RouteStatus, vps),
	},
	{
		name: "that of the other service of the bundle moves", bundle: true, want: ovhrenew.ErrExpiryMoved, orders: 1,
		saw: []string{"67890"}, set: moves(ovhrenewtest.RouteOrder, hosting),
	},
	{
		name: "is not the one to renew from", want: ovhrenew.ErrExpiryMoved, saw: []string{"not on"},
		req:   func(w *world, r *request) { r.From = w.old[vps].AddDays(20) },
		lifts: lifts{func(_ *world, r *request) { r.From = ovhrenew.Date{} }},
	},
	{
		name: "was renewed already", want: ovhrenew.ErrExpiryMoved, saw: []string{"not on"},
		set: func(w *world) { w.server.SetExpiry(int64(vps), w.server.Expiry(int64(vps)).AddDate(0, 3, 0)) },
	},
}

func setExpiry(in time.Duration) func(*world) {
	return func(w *world) {
		w.server.SetExpiry(int64(vps), time.Now().Truncate(days).Add(in))
		w.old[vps] = w.expiry(vps)
	}
}

// due names no expiry to renew from, so that the service has to be due.
func due(period ovhrenew.Period) func(*world, *request) {
	return func(_ *world, r *request) {
		r.From, r.Rules[0], r.Limit = ovhrenew.Date{}, ovhrenew.For(period), ovhrenew.MustMoney("50 EUR")
	}
}

var liftDue = lifts{
	func(_ *world, r *request) { r.Guards.Early = true },
	func(w *world, r *request) { r.From = w.old[vps] },
	func(_ *world, r *request) { r.Guards.DueWithin = 31 * days },
}

var dueGuards = []refusal{
	{
		name: "not within 30 days", want: ovhrenew.ErrNotDue, saw: []string{"in 31 days", "30 days before"},
		set: setExpiry(31 * days), req: due(ovhrenew.P6M), lifts: liftDue,
	},
	{
		name: "not within half a month", want: ovhrenew.ErrNotDue, saw: []string{"in 16 days", "15 days before"},
		set: setExpiry(16 * days), req: due(ovhrenew.P1M), lifts: lifts{func(_ *world, r *request) { r.Guards.DueWithin = 20 * days }},
	},
	{
		name: "not within what is asked for", want: ovhrenew.ErrNotDue, saw: []string{"in 6 days", "5 days before"},
		set: setExpiry(6 * days), lifts: liftDue,
		req: func(w *world, r *request) { due(ovhrenew.P6M)(w, r); r.Guards.DueWithin = 5 * days },
	},
}

// TestDue renews on the first day on which it is due.
func TestDue(t *testing.T) {
	t.Parallel()
	for period, left := range map[ovhrenew.Period]time.Duration{ovhrenew.P6M: 30 * days, ovhrenew.P1M: 15 * days} {
		synctest.Test(t, refusal{set: setExpiry(left), req: due(period)}.renews)
	}
}

// renewsItself lets a service renew itself in so many days.
func renewsItself(id ovhrenew.ServiceID, in time.Duration) func(*world) {
	return func(w *world) {
		w.server.SetMode(int64(id), "automatic")
		w.server.ChangeService(int64(id), func(s *ovhrenewtest.Service) { s.NextDate = time.Now().Add(in) })
	}
}

var liftAutomatic = lifts{
	func(_ *world, r *request) { r.Guards.AllowAutomatic = true },
	func(_ *world, r *request) { r.Guards.RenewsItselfWithin = 8 * days },
}

var automaticGuards = []refusal{
	{
		name: "renews itself", want: ovhrenew.ErrAutoRenew, saw: []string{"automatic", "next on"},
		set: renewsItself(vps, 9*days), lifts: liftAutomatic,
	},
	{
		name: "renews itself within 90 days", want: ovhrenew.ErrAutoRenew, saw: []string{"automatic", "next on"},
		set: renewsItself(vps, 90*days), lifts: liftAutomatic,
	},
	{
		name: "the other service of the bundle renews itself", bundle: true, want: ovhrenew.ErrAutoRenew, saw: []string{"67890"},
		set: renewsItself(hosting, 20*days), lifts: liftAutomatic,
	},
}

func change(do func(*ovhrenewtest.Service)) func(*world) {
	return func(w *world) { w.server.ChangeService(int64(vps), do) }
}

var liftState = lifts{func(_ *world, r *request) { r.Guards.AnyState = true }}

var stateGuards = []refusal{
	{
		name: "in creation", want: ovhrenew.ErrState, saw: []string{"still being created"}, lifts: liftState,
		set: change(func(s *ovhrenewtest.Service) { s.State = "inCreation" }),
	},
	{
		name: "unpaid", want: ovhrenew.ErrState, saw: []string{"settle that debt first"}, lifts: liftState,
		set: change(func(s *ovhrenewtest.Service) { s.State = "unpaid" }),
	},
	{
		name: "suspended before its expiry", want: ovhrenew.ErrState, saw: []string{"suspended"}, lifts: liftState,
		set: change(func(s *ovhrenewtest.Service) { s.ResourceState = "suspended" }),
	},
	{
		name: "ends at its expiry", want: ovhrenew.ErrState, saw: []string{"undo that first"}, lifts: liftState,
		set: change(func(s *ovhrenewtest.Service) { s.DeleteAtExpiration = true }),
	},
	{
		name: "never expires", want: ovhrenew.ErrState, saw: []string{"no expiry"},
		set: change(func(s *ovhrenewtest.Service) { s.NoExpiry = true }),
		req: func(_ *world, r *request) { r.From, r.Guards.AnyState = ovhrenew.Date{}, true },
	},
	{
		name: "an option", want: ovhrenew.ErrState, saw: []string{"an option of service 11223344"},
		set: func(w *world) {
			w.server.AddService(ovhrenewtest.Service{ID: 5, Name: "option", Parent: int64(vps)})
		},
		req: func(_ *world, r *request) { r.Service, r.From = ovhrenew.ID(5), ovhrenew.Date{} },
	},
}

// TestSuspendedSinceItExpired: renewing is how an expired service comes back.
func TestSuspendedSinceItExpired(t *testing.T) {
	t.Parallel()
	synctest.Test(t, refusal{set: func(w *world) {
		setExpiry(-3 * days)(w)
		change(func(s *ovhrenewtest.Service) { s.ResourceState = "suspended" })(w)
	}}.renews)
}

func changeMethod(do func(*ovhrenewtest.PaymentMethod)) func(*world) {
	return func(w *world) { w.server.ChangePaymentMethod(ovhrenewtest.GuideMethodID, do) }
}

var payPal = lifts{
	func(_ *world, r *request) { r.PayWith = ovhrenew.Method(ovhrenewtest.GuideMethodID + 1) },
	func(_ *world, r *request) {
		r.PayWith = ovhrenew.Mean{Kind: ovhrenew.MeanPaypal, ID: ovhrenewtest.GuidePayPalMean}
	},
}

var paymentGuards = []refusal{
	{
		name: "no way to pay", want: ovhrenew.ErrNoPayment, lifts: payPal,
		req: func(_ *world, r *request) { r.PayWith = nil },
	},
	{
		name: "the default method is not taken", want: ovhrenew.ErrNoPayment, orders: 1, lifts: payPal,
		b: ovhrenewtest.Behaviour{DefaultRefused: true},
	},
	{
		name: "the default method is not valid", want: ovhrenew.ErrNoPayment, lifts: payPal, saw: []string{"EXPIRED"},
		b: ovhrenewtest.Behaviour{RefusedListed: true}, set: changeMethod(func(m *ovhrenewtest.PaymentMethod) { m.Status = "EXPIRED" }),
	},
	{
		name: "the default method is not valid any more", want: ovhrenew.ErrNoPayment, orders: 1, lifts: payPal, saw: []string{"EXPIRED"},
		b:   ovhrenewtest.Behaviour{RefusedListed: true},
		set: onRequest(ovhrenewtest.RouteOrder, changeMethod(func(m *ovhrenewtest.PaymentMethod) { m.Status = "EXPIRED" })),
	},
	{
		name: "there is no default method", want: ovhrenew.ErrNoPayment, lifts: payPal,
		set: changeMethod(func(m *ovhrenewtest.PaymentMethod) { m.Default = false }),
	},
	{
		name: "there is no default method any more", want: ovhrenew.ErrNoPayment, orders: 1, lifts: payPal,
		set: onRequest(ovhrenewtest.RouteOrder, changeMethod(func(m *ovhrenewtest.PaymentMethod) { m.Default = false })),
	},
	{
		name: "there is no such method", want: ovhrenew.ErrNoPayment, lifts: payPal, saw: []string{"payment method 999"},
		req: func(_ *world, r *request) { r.PayWith = ovhrenew.Method(999) },
	},
	{
		name: "the mean is not taken", want: ovhrenew.ErrNoPayment, orders: 1, lifts: payPal, saw: []string{"paypal"},
		req: func(_ *world, r *request) { r.PayWith = ovhrenew.Mean{Kind: ovhrenew.MeanCreditCard, ID: 1} },
	},
}
