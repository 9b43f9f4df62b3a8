// These tests fail without it: TestListWherePagesAreStale, TestListOfUndatedOrders.

package ovhrenew

import (
	"context"
	"errors"
	"time"
)

// showsLate is how old an order is that the pages of the account's list should show.
const showsLate = 12 * time.Second

// list reads the orders since a time, as pages. These may come from a cache that no
// header bypasses. The list of numbers does not: once it shows an order of this journal's
// that pages lack, it is read in their place, and what is new in it one by one.
func (b *book) list(ctx context.Context, from, now time.Time) ([]booked, error) {
	var orders []booked
	if !b.numbers {
		at := time.Now()
		for order, err := range b.client.Orders(ctx, OrderQuery{From: from}) {
			if gone, single := errors.AsType[*ElementError](err); single && gone.ID != 0 && errors.Is(err, ErrNotFound) {
				known, _ := b.get(OrderID(gone.ID)) // listed, and not to be had now
				order, err = known.Order, nil
				order.OrderID = OrderID(gone.ID)
			}
			if err != nil {
				return nil, err
			}
			orders = append(orders, booked{Order: order, at: at})
		}
		if !b.lacks(orders) {
			return orders, nil
		}
	}
	ids, err := b.client.FindOrders(ctx, OrderQuery{From: from})
	if err != nil {
		return nil, err
	}
	shown := map[OrderID]bool{}
	for _, o := range orders {
		shown[o.OrderID] = true
	}
	for _, id := range ids {
		if shown[id] || b.old[id] {
			continue
		}
		o, err := b.single(ctx, id)
		if err != nil {
			return nil, err
		}
		if beyond(o.Order, now) {
			if err := b.setAside(ctx, id, now); err != nil {
				return nil, err
			}
			continue
		}
		orders = append(orders, o)
		b.numbers = b.numbers || len(o.fact.Services) > 0
	}
	return orders, nil
}

// setAside keeps that an order is from before the horizon. A list that shows one is of a
// region that cannot narrow it: it shows every order that there ever was, and pages say
// which are as old.
func (b *book) setAside(ctx context.Context, id OrderID, now time.Time) error {
	if b.old == nil {
		old := map[OrderID]bool{}
		for order, err := range b.client.Orders(ctx, OrderQuery{To: now.Add(-orderHorizon)}) {
			if _, single := errors.AsType[*ElementError](err); err != nil && !single {
				return err
			}
			old[order.OrderID] = err == nil && beyond(order, now) // that of one without a date is not known
		}
		b.old = old // all of it: what it lacks is read one by one
	}
	b.old[id] = true
	return nil
}

func beyond(order Order, now time.Time) bool {
	return !order.Date.IsZero() && now.Sub(order.Date.Time) > orderHorizon
}

// lacks reports whether pages do not show an order of this journal's that they should.
func (b *book) lacks(pages []booked) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	waits := map[OrderID]bool{}
	for id, o := range b.orders {
		if !o.listed && len(o.fact.Services) > 0 && time.Since(o.at) > showsLate {
			waits[id] = true
		}
	}
	for _, o := range pages {
		delete(waits, o.OrderID)
	}
	return len(waits) > 0
}

// single is an order that the list of numbers shows: as it is known, or read by itself.
func (b *book) single(ctx context.Context, id OrderID) (booked, error) {
	o, _ := b.get(id)
	if o.PriceWithoutTax.Currency() != "" {
		return o, nil
	}
	o.at = time.Now()
	order, err := readOrder(ctx, b.client, id)
	switch {
	case errors.Is(err, ErrNotFound): // listed, and not to be had yet
		o.OrderID = id
	case err != nil:
		return o, err
	default:
		o.Order = order
	}
	return o, nil
}
