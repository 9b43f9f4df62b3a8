// These tests fail without it: TestUnpaidStands, TestAttackListedCheaper,
// TestAttackUndated.

package ovhrenew

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// lapsedFor is how long after its time an order that shows notPaid is over.
const lapsedFor = day

// ownOrder reads the renewal's own order. While it is new, what the list or the call that
// placed it has just answered serves, if both name one price; once a page may be older
// than what has become of the order, it is read by itself.
func (r reading) ownOrder(ctx context.Context) {
	known, _ := r.r.book.get(r.st.Order)
	r.l.listed = known.listed
	if known.listed && r.just() && known.at.After(r.l.began.Add(-shared)) && known.PriceWithTax == r.st.Cost.PriceWithTax {
		r.l.own = known.Order
		if known.at.Before(r.l.at) {
			r.l.at = known.at
		}
		return
	}
	own, err := readOrder(ctx, r.r.client, r.st.Order)
	if err != nil {
		r.l.unread(err)
		return
	}
	r.l.own = own
}

// readOrder reads an order by itself.
func readOrder(ctx context.Context, client Reader, id OrderID) (Order, error) {
	order, err := client.Order(ctx, id)
	if err == nil && order.OrderID != id {
		return Order{}, fmt.Errorf("%w: order %d was asked for, and %d was answered", ErrMalformed, id, order.OrderID)
	}
	return order, err
}

func (r reading) standing(ctx context.Context) {
	status, err := r.r.client.OrderStatus(ctx, r.st.Order)
	r.l.status = status
	switch {
	case errors.Is(err, ErrNotFound) && r.st.Payment == "" && !r.st.Placed.IsZero() && r.l.now.Sub(r.st.Placed) > lapsedFor:
		r.l.order = orderDead // the answer named one that is not the account's
	case err != nil:
		r.l.unread(err) // and the order stays unclear
	case status == orderDelivering || status == OrderDelivered:
		r.l.order = orderTaken
	case status == orderDocumentsRequested && r.st.Phase == PhasePaid:
		r.l.order = orderHuman
	case status == OrderNotPaid && (r.st.Phase == PhaseOrdered && r.just() || r.st.Phase == PhasePaid && !r.l.settled):
		r.l.order = r.unpaid()
	default:
		r.byRecord(ctx, status)
	}
}

// byRecord reads whether a payment is on record, where the status alone does not tell.
func (r reading) byRecord(ctx context.Context, status OrderStatus) {
	paid, err := onRecord(ctx, r.r.client, r.st.Order)
	lapses := r.lapses()
	switch {
	case err != nil:
		r.l.unread(err)
	case paid && (status == OrderCancelled || status == orderCancelling):
		r.l.order = orderRevoked
	case paid:
		r.l.order = orderTaken
	case status == OrderNotPaid:
		r.l.order = r.unpaid()
	case status == OrderCancelled && !r.st.Taken && !lapses.IsZero() && !r.l.now.Before(lapses):
		r.l.order = orderDead
	case status == OrderCancelled:
		r.l.order = orderDropped
	case status == orderDocumentsRequested:
		r.l.order = orderHuman
	default:
		r.l.unread(fmt.Errorf("order %d has the status %q, which does not say whether it is paid", r.st.Order, status))
	}
}

// lapses is when the order's time to be paid is over; zero if that is not known.
func (r reading) lapses() time.Time {
	if !r.l.own.ExpirationDate.IsZero() {
		return r.l.own.ExpirationDate.Time
	}
	return r.st.Lapses
}

func (r reading) unpaid() standing {
	lapses := r.lapses()
	switch {
	case lapses.IsZero():
		return orderUnpaid
	case r.l.now.Sub(lapses) > lapsedFor:
		return orderDead
	case r.l.now.Add(r.task.patience().Settle).After(lapses):
		return orderLapsing
	}
	return orderUnpaid
}
