package ovhrenew

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"
)

// orderBook is what the account's recent orders say about some services. It
// remembers the lines of orders, which do not change once they are there, and what
// this program's own orders are for, so that a run over a thousand services reads
// each order once at the most. It is safe for concurrent use.
type orderBook struct {
	r Reader

	mu      sync.Mutex
	details map[OrderID][]OrderDetail
	own     map[OrderID][]ServiceID
}

func newOrderBook(r Reader) *orderBook {
	return &orderBook{r: r, details: map[OrderID][]OrderDetail{}, own: map[OrderID][]ServiceID{}}
}

// learn tells the book what an order is for, which whoever placed it knows better
// than its lines tell.
func (b *orderBook) learn(id OrderID, services []ServiceID) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.own[id] = services
}

// known is what an order is for, as far as this program or its journal placed it.
func (b *orderBook) known(l Ledger, id OrderID) []ServiceID {
	b.mu.Lock()
	services := b.own[id]
	b.mu.Unlock()
	if len(services) == 0 && l != nil {
		services = l.Order(id)
	}
	return services
}

// bookedOrder is a recent order that concerns, or may concern, the services.
type bookedOrder struct {
	Order
	status OrderStatus
	// services are known of orders of this program's own; of others, names are the
	// services' names on the order's lines, and vague says that the lines do not tell
	// which services they are about.
	services []ServiceID
	names    []string
	vague    bool
}

// age is how long ago the order was placed; nothing where the API does not say.
func (o bookedOrder) age(now time.Time) time.Duration {
	if o.Date.IsZero() {
		return 0
	}
	return now.Sub(o.Date.Time)
}

// what is what the order is for, as far as is known.
func (o bookedOrder) what() string {
	switch {
	case len(o.services) > 0:
		return "services " + idList(o.services)
	case o.vague || len(o.names) == 0:
		return "it does not say what"
	}
	return strings.Join(o.names, " + ")
}

// payable reports whether the order waits for a payment.
func (o bookedOrder) payable(now time.Time) bool {
	return o.status == OrderNotPaid && !o.Lapsed(now)
}

// over reports whether the order has come to nothing.
func (o bookedOrder) over(now time.Time) bool {
	return o.status == OrderCancelled || o.status == OrderNotPaid && o.Lapsed(now)
}

// matches reports whether the order buys exactly this: these services at this
// price. A price alone, without the services, is no match.
func (o bookedOrder) matches(in OrderIntent) bool {
	if o.PriceWithTax != in.Price {
		return false
	}
	if len(o.services) > 0 {
		return sameServices(o.services, in.Services)
	}
	return !o.vague && slices.Equal(o.names, foldNames(in.Names))
}

// earlier orders by date, then by number: of two orders for the same services,
// whoever finds both takes the first. Numbers are assumed to grow with time.
func earlier(a, b Order) bool {
	if a.Date.IsZero() || b.Date.IsZero() {
		return a.OrderID < b.OrderID
	}
	return cmp.Or(a.Date.Compare(b.Date.Time), cmp.Compare(a.OrderID, b.OrderID)) < 0
}

// concerning lists the orders since a time that concern a service of the intent's,
// earliest first. Orders whose lines do not say what they are about, or not yet, are
// among them, as vague: they may be. Only of those that are delivered the price tells.
//
// An order line names its service by Domain; that this is so for every product is
// an assumption, which is why vague orders count. A domain, its DNS zone and its
// hosting have one name: somebody's order for the one is taken for one of the
// other, which can refuse too much and never too little.
func (b *orderBook) concerning(ctx context.Context, in OrderIntent, l Ledger, since time.Time) ([]bookedOrder, error) {
	var found []bookedOrder
	for order, err := range b.r.Orders(ctx, OrderQuery{From: since}) {
		if slices.Contains(in.Guards.IgnoreOrders, order.OrderID) {
			continue
		}
		if err != nil {
			return nil, err
		}
		booked := bookedOrder{Order: order, services: b.known(l, order.OrderID)}
		concerned, err := b.concerns(ctx, &booked, in)
		if err != nil {
			return nil, err
		}
		if !concerned {
			continue
		}
		if booked.status, err = b.r.OrderStatus(ctx, order.OrderID); err != nil {
			return nil, err
		}
		if booked.vague && booked.status == OrderDelivered && order.PriceWithTax != in.Price {
			continue
		}
		found = append(found, booked)
	}
	slices.SortFunc(found, func(a, b bookedOrder) int {
		if earlier(a.Order, b.Order) {
			return -1
		}
		return 1
	})
	return found, nil
}

// concerns reports whether an order is, or may be, about a service of the intent's.
func (b *orderBook) concerns(ctx context.Context, order *bookedOrder, in OrderIntent) (bool, error) {
	if len(order.services) > 0 {
		return slices.ContainsFunc(order.services, func(id ServiceID) bool { return slices.Contains(in.Services, id) }), nil
	}
	lines, err := b.lines(ctx, order.Order)
	if err != nil {
		return false, err
	}
	order.names, order.vague = lineNames(lines)
	wanted := foldNames(in.Names)
	named := slices.ContainsFunc(order.names, func(name string) bool { return slices.Contains(wanted, name) })
	order.vague = order.vague && !named
	if !named && !order.vague && order.PriceWithTax == in.Price {
		// The same price, and names that are not the services': unless they are those of
		// other services of the account, lines may name things in another way.
		order.vague, err = b.strange(ctx, order.names)
	}
	return named || order.vague, err
}

// strange reports whether one of the names is that of no service of the account.
func (b *orderBook) strange(ctx context.Context, names []string) (bool, error) {
	for _, name := range names {
		ids, err := b.r.FindServices(ctx, ServiceQuery{ResourceName: name})
		if err != nil || len(ids) == 0 {
			return true, err
		}
	}
	return false, nil
}

// lines reads an order's lines. None at all are read again the next time: they
// appear some time after the order.
func (b *orderBook) lines(ctx context.Context, order Order) ([]OrderDetail, error) {
	id := order.OrderID
	b.mu.Lock()
	lines := b.details[id]
	b.mu.Unlock()
	if len(lines) > 0 {
		return lines, nil
	}
	lines, err := b.r.OrderDetails(ctx, id)
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	if err == nil && time.Since(order.Date.Time) > clockSkew { // else more of them may come
		b.mu.Lock()
		b.details[id] = lines
		b.mu.Unlock()
	}
	return lines, err
}

// noRenewal are the lines that cannot be a renewal's. Which type a renewal's has is
// not known, so that all others may be one.
var noRenewal = []OrderDetailType{
	DetailInstallation, DetailCreation, DetailTransfer, DetailConsumption, DetailRefund, DetailVoucher, DetailGift, DetailCaution,
}

// lineNames is which services the lines may renew, and whether they leave that open.
func lineNames(lines []OrderDetail) (names []string, vague bool) {
	vague = true
	for _, line := range lines {
		switch {
		case line.Cancelled:
		case slices.Contains(noRenewal, line.DetailType):
			vague = false
		case line.Domain != "" && line.Domain != "*":
			names = append(names, line.Domain)
			vague = false
		}
	}
	return foldNames(names), vague
}

func foldNames(names []string) []string {
	folded := make([]string, 0, len(names))
	for _, name := range names {
		folded = append(folded, strings.ToLower(name))
	}
	slices.Sort(folded)
	return slices.Compact(folded)
}
