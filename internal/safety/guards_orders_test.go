// The guards against other orders.

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
		name: "unpaid, of another price", want: ovhrenew.ErrForeignOrder, saw: []string{"order 777", "7.19 EUR", "lapses"},
		set: someOrder(ovhrenewtest.Order{Status: "notPaid", Services: onVPS, Period: "P1M", Price: "5.99"}), lifts: ignoreOrder,
	},
	{
		name: "unpaid, of one service of the bundle", bundle: true, want: ovhrenew.ErrForeignOrder, saw: []string{"order 777"},
		set:   someOrder(ovhrenewtest.Order{Status: "notPaid", Services: onDomain, Period: "P1Y", Price: "1.99"}),
		lifts: ignoreOrder,
	},
	{
		name: "unpaid, of the same price, and more", bundle: true, want: ovhrenew.ErrForeignOrder, saw: []string{"order 777"},
		set:   someOrder(ovhrenewtest.Order{Status: "notPaid", Services: []int64{int64(domain), int64(vps)}, Period: "P1Y", Price: "37.87"}),
		lifts: ignoreOrder,
	},
	{
		name: "in flight", want: ovhrenew.ErrForeignOrder, saw: []string{"order 777", "checking", "IgnoreOrders"},
		set: someOrder(ovhrenewtest.Order{Status: "checking", Services: onVPS, Price: "17.97"}), lifts: ignoreOrder,
	},
	{
		name: "waits for documents", want: ovhrenew.ErrForeignOrder, saw: []string{"documentsRequested"},
		set: someOrder(ovhrenewtest.Order{Status: "documentsRequested", Services: onVPS, Price: "17.97"}), lifts: ignoreOrder,
	},
	{
		name: "has an unknown status", want: ovhrenew.ErrForeignOrder, saw: []string{"somethingNew"},
		set: someOrder(ovhrenewtest.Order{Status: "somethingNew", Services: onVPS, Price: "17.97"}), lifts: ignoreOrder,
	},
	{
		name: "delivered lately", want: ovhrenew.ErrForeignOrder, saw: []string{"delivered"},
		set:   someOrder(ovhrenewtest.Order{Status: "delivered", Services: onVPS, Price: "17.97", Date: ago(14 * days)}),
		lifts: ignoreOrder,
	},
	{
		name: "does not say what for", want: ovhrenew.ErrForeignOrder, saw: []string{"777", "does not say"},
		b: vague, set: someOrder(ovhrenewtest.Order{Status: "notPaid", Services: onDomain, Price: "17.97"}), lifts: ignoreOrder,
	},
	{
		name: "does not say what for, and was paid", want: ovhrenew.ErrForeignOrder, saw: []string{"777"},
		b: vague, set: someOrder(ovhrenewtest.Order{Status: "delivered", Services: onDomain, Price: "17.97"}), lifts: ignoreOrder,
	},
	{ // without its payment on record, it may have been paid and the money given back
		name: "cancelled before its time", want: ovhrenew.ErrForeignOrder, saw: []string{"order 777", "cancelled"},
		set: someOrder(ovhrenewtest.Order{Status: "cancelled", Services: onVPS, Price: "17.97"}), lifts: ignoreOrder,
	},
	{ // the look before the payment begins with the account's list
		name: "another one is paid between order and payment", want: ovhrenew.ErrForeignOrder, saw: []string{"order 777"}, orders: 1,
		set: onRequest(ovhrenewtest.RouteOrder,
			someOrder(ovhrenewtest.Order{Status: "delivering", Services: onVPS, Price: "17.97"})),
	},
	{ // the one that came first may be paid by whoever placed it
		name: "the same was ordered before", want: ovhrenew.ErrForeignOrder, saw: []string{"order 777"}, orders: 1,
		set: onRequest(ovhrenewtest.RouteOrder,
			someOrder(ovhrenewtest.Order{Status: "notPaid", Services: onVPS, Price: "17.97", Date: ago(time.Minute)})),
	},
}

// TestOrdersNotInTheWay renews beside orders that say nothing against it.
func TestOrdersNotInTheWay(t *testing.T) {
	t.Parallel()
	for name, order := range map[string]ovhrenewtest.Order{
		"lapsed, cancelled": {Status: "cancelled", Services: onVPS, Price: "17.97", Date: ago(10 * days)},
		"lapsed":            {Status: "notPaid", Services: onVPS, Price: "17.97", Date: ago(10 * days)},
		// Without a payment on record it may have been paid until it lapsed, after seven days.
		"delivered long ago": {Status: "delivered", Services: onVPS, Price: "17.97", Date: ago(23 * days)},
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
