package ovhrenew

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"
)

// orderBook is what the account's recent orders say about some services.
type orderBook struct {
	r       Reader
	details map[OrderID][]OrderDetail // lines once there do not change
}

func newOrderBook(r Reader) *orderBook {
	return &orderBook{r: r, details: map[OrderID][]OrderDetail{}}
}

// bookedOrder is a recent order that concerns, or may concern, the services.
type bookedOrder struct {
	Order
	status OrderStatus
	// names are the services' names on the order's lines; vague says that the
	// lines do not tell which services they are about.
	names []string
	vague bool
}

// age is how long ago the order was placed; nothing where the API does not say.
func (o bookedOrder) age(now time.Time) time.Duration {
	if o.Date.IsZero() {
		return 0
	}
	return now.Sub(o.Date.Time)
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
func (o bookedOrder) matches(names []string, price Money) bool {
	return !o.vague && o.PriceWithTax == price && slices.Equal(o.names, foldNames(names))
}

// earlier orders by date, then by number: of two orders for the same services,
// whoever finds both takes the first. Numbers are assumed to grow with time.
func earlier(a, b Order) bool {
	if a.Date.IsZero() || b.Date.IsZero() {
		return a.OrderID < b.OrderID
	}
	return cmp.Or(a.Date.Compare(b.Date.Time), cmp.Compare(a.OrderID, b.OrderID)) < 0
}

// concerning lists the orders since a time that concern a service of these names,
// earliest first. Orders of exactly this price whose lines do not say what they are
// about are among them, as vague: they may be.
//
// An order line names its service by Domain; that this is so for every product is
// an assumption, which is why vague orders count. A domain and its DNS zone have
// one name: an order for the one is taken for one of the other, which can refuse
// too much and never too little.
func (b *orderBook) concerning(ctx context.Context, names []string, price Money, since time.Time) ([]bookedOrder, error) {
	wanted := foldNames(names)
	var found []bookedOrder
	for order, err := range b.r.Orders(ctx, OrderQuery{From: since}) {
		if err != nil {
			return nil, err
		}
		lines, err := b.lines(ctx, order.OrderID)
		if err != nil {
			return nil, err
		}
		booked := bookedOrder{Order: order}
		booked.names, booked.vague = lineNames(lines)
		concerned := slices.ContainsFunc(booked.names, func(name string) bool { return slices.Contains(wanted, name) })
		if !concerned && (!booked.vague || order.PriceWithTax != price) {
			continue
		}
		booked.vague = booked.vague && !concerned
		if booked.status, err = b.r.OrderStatus(ctx, order.OrderID); err != nil {
			return nil, err
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

// lines reads an order's lines. None at all are read again the next time: they
// appear some time after the order.
func (b *orderBook) lines(ctx context.Context, id OrderID) ([]OrderDetail, error) {
	if lines := b.details[id]; len(lines) > 0 {
		return lines, nil
	}
	lines, err := b.r.OrderDetails(ctx, id)
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	if err == nil {
		b.details[id] = lines
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
