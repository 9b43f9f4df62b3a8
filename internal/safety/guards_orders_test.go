package safety_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// someOrder adds an order of somebody else.
func someOrder(add ovhrenewtest.Order) func(*world) {
	return func(w *world) {
		add := add
		add.ID = 777
		if add.Period == "" {
			add.Period = "P3M"
		}
		if !add.Date.IsZero() { // counted from now
			add.Date = time.Now().Add(add.Date.Sub(ago(0)))
		}
		w.server.AddOrder(add)
	}
}

// ago is a date that someOrder counts from now.
func ago(d time.Duration) time.Time { return time.Unix(1e9, 0).Add(-d) }

var (
	onVPS       = []int64{int64(vps)}
	onDomain    = []int64{int64(domain)}
	vague       = ovhrenewtest.Behaviour{DetailDomain: "*"} // no order says what it is for
	ignoreOrder = lifts{func(_ *world, r *request) { r.Guards.IgnoreOrders = []ovhrenew.OrderID{777} }}
)

var orderGuards = []refusal{
	{
		name: "unpaid, of another price", want: ovhrenew.ErrOpenOrder, saw: []string{"order 777", "7.19 EUR", "21.56 EUR", "lapses"},
		set: someOrder(ovhrenewtest.Order{Status: "notPaid", Services: onVPS, Period: "P1M", Price: "5.99"}), lifts: ignoreOrder,
	},
	{
		name: "unpaid, of one service of the bundle", bundle: true, want: ovhrenew.ErrOpenOrder, saw: []string{"order 777"},
		set:   someOrder(ovhrenewtest.Order{Status: "notPaid", Services: onDomain, Period: "P1Y", Price: "1.99"}),
		lifts: ignoreOrder,
	},
	{
		name: "unpaid, of the same price, and more", bundle: true, want: ovhrenew.ErrOpenOrder, saw: []string{"order 777"},
		set:   someOrder(ovhrenewtest.Order{Status: "notPaid", Services: []int64{int64(domain), int64(vps)}, Period: "P1Y", Price: "37.87"}),
		lifts: ignoreOrder,
	},
	{
		name: "in flight", want: ovhrenew.ErrOpenOrder, saw: []string{"order 777", "checking", "IgnoreOrders"},
		set: someOrder(ovhrenewtest.Order{Status: "checking", Services: onVPS, Price: "17.97"}), lifts: ignoreOrder,
	},
	{
		name: "waits for documents", want: ovhrenew.ErrOpenOrder, saw: []string{"documentsRequested"},
		set: someOrder(ovhrenewtest.Order{Status: "documentsRequested", Services: onVPS, Price: "17.97"}), lifts: ignoreOrder,
	},
	{
		name: "has an unknown status", want: ovhrenew.ErrOpenOrder, saw: []string{"somethingNew"},
		set: someOrder(ovhrenewtest.Order{Status: "somethingNew", Services: onVPS, Price: "17.97"}), lifts: ignoreOrder,
	},
	{
		name: "delivered lately", want: ovhrenew.ErrOpenOrder, saw: []string{"delivered"},
		set:   someOrder(ovhrenewtest.Order{Status: "delivered", Services: onVPS, Price: "17.97", Date: ago(14 * days)}),
		lifts: ignoreOrder,
	},
	{
		name: "does not say what for", want: ovhrenew.ErrOpenOrder, saw: []string{"777", "does not say"},
		b: vague, set: someOrder(ovhrenewtest.Order{Status: "notPaid", Services: onDomain, Price: "17.97"}), lifts: ignoreOrder,
	},
	{
		name: "does not say what for, and was paid", want: ovhrenew.ErrOpenOrder, saw: []string{"777"},
		b: vague, set: someOrder(ovhrenewtest.Order{Status: "delivered", Services: onDomain, Price: "17.97"}), lifts: ignoreOrder,
	},
	{
		name: "another one is paid between order and payment", want: ovhrenew.ErrOpenOrder, saw: []string{"order 777"}, orders: 1,
		set: onRequest("GET /me/order/{orderId}/paymentMethods",
			someOrder(ovhrenewtest.Order{Status: "delivering", Services: onVPS, Price: "17.97"})),
	},
	{
		// The one that came first is paid, by the next run.
		name: "the same was ordered before", want: ovhrenew.ErrOpenOrder, saw: []string{"order 777"}, orders: 1,
		set: onRequest("GET /me/order/{orderId}/paymentMethods",
			someOrder(ovhrenewtest.Order{Status: "notPaid", Services: onVPS, Price: "17.97", Date: ago(time.Minute)})),
	},
}

// TestOrdersNotInTheWay renews beside orders that say nothing against it.
func TestOrdersNotInTheWay(t *testing.T) {
	t.Parallel()
	for name, order := range map[string]ovhrenewtest.Order{
		"cancelled":          {Status: "cancelled", Services: onVPS, Price: "17.97"},
		"lapsed":             {Status: "notPaid", Services: onVPS, Price: "17.97", Date: ago(10 * days)},
		"delivered long ago": {Status: "delivered", Services: onVPS, Price: "17.97", Date: ago(16 * days)},
		"of another service": {Status: "delivering", Services: onDomain, Price: "17.97"},
		"of something else":  {Status: "notPaid", Domain: "new.example", Price: "17.97"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, refusal{set: someOrder(order)}.renews)
		})
	}
	// Of what does not say what it is for, the price tells once it is delivered.
	other := someOrder(ovhrenewtest.Order{Status: "delivered", Services: onDomain, Price: "17.96"})
	synctest.Test(t, refusal{b: vague, set: other}.renews)
}

func (r refusal) renews(t *testing.T) { r.lifted(t, func(*world, *request) {}) }

// TestTakeOver adopts an order that somebody has left unpaid, after watching it for
// as long as a payment may take to show.
func TestTakeOver(t *testing.T) {
	t.Parallel()
	left := someOrder(ovhrenewtest.Order{Status: "notPaid", Services: onVPS, Price: "17.97"})
	synctest.Test(t, func(t *testing.T) {
		r := refusal{set: left}
		w, p, req, services := r.world(t)
		begun := time.Now()
		v := w.run(p, req, services...)
		if v.receipt == nil || v.receipt.Order != 777 || w.server.Count(ovhrenewtest.RouteOrder) != 0 {
			t.Fatalf("told %v: %v, %+v", v, v.failed, v.receipt)
		}
		if watched := w.server.Payments()[0].Time.Sub(begun); watched < 10*time.Minute {
			t.Errorf("watched for %v before it was paid, want 10m at least", watched)
		}
	})
	for name, happens := range map[string]func(*world){
		"paid":      func(w *world) { w.server.Pay(777) },
		"cancelled": func(w *world) { w.server.SetStatus(777, "cancelled") },
		"renewed":   func(w *world) { w.server.SetExpiry(int64(vps), w.server.Expiry(int64(vps)).AddDate(0, 3, 0)) },
	} {
		t.Run(name+" meanwhile", func(t *testing.T) {
			t.Parallel()
			r := refusal{want: ovhrenew.ErrOpenOrder, saw: []string{"order 777"}, set: func(w *world) {
				left(w)
				time.AfterFunc(9*time.Minute, func() { happens(w) })
			}}
			synctest.Test(t, r.refuses)
		})
	}
}

// TestTakeOverOfAPaymentThatLags does not pay an order again whose payment is on
// its way and does not show yet.
func TestTakeOverOfAPaymentThatLags(t *testing.T) {
	t.Parallel()
	r := refusal{b: ovhrenewtest.Behaviour{StatusLag: 9 * time.Minute}, want: ovhrenew.ErrOpenOrder, set: func(w *world) {
		someOrder(ovhrenewtest.Order{Status: "notPaid", Services: onVPS, Price: "17.97"})(w)
		w.server.Pay(777)
	}}
	synctest.Test(t, r.refuses)
}

// TestTakeOverOfAPaymentOnRecord does not pay an order whose status says that it is
// not paid though a payment is on record.
func TestTakeOverOfAPaymentOnRecord(t *testing.T) {
	t.Parallel()
	r := refusal{
		b:    ovhrenewtest.Behaviour{DeliveryDelay: days},
		want: ovhrenew.ErrOpenOrder, saw: []string{"a payment is on record"},
		set: func(w *world) {
			someOrder(ovhrenewtest.Order{Status: "notPaid", Services: onVPS, Price: "17.97"})(w)
			w.server.Pay(777)
			w.server.SetStatus(777, "notPaid")
		},
	}
	synctest.Test(t, r.refuses)
}
