package ovhrenew

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"
)

var (
	// ErrPending says that a paid order has not been delivered yet. Nothing went
	// wrong so far as is known: run again to go on waiting.
	ErrPending = errors.New("paid, not delivered yet")
	// ErrNotVisible says that the order is delivered and the expiry has not moved
	// yet. Run again to look once more.
	ErrNotVisible = errors.New("delivered, and the expiry has not moved yet")
	// ErrMismatch says that the expiry has moved to another day than the renewal
	// should have moved it to: look at it.
	ErrMismatch = errors.New("the expiry has moved to an unexpected day")
)

// Watch streams the status of an order: the first, and then each other than the
// one before. It ends after delivered and cancelled, and with the error of the last
// look if the patience for the delivery runs out or the context ends. A look that
// fails in between is made again.
//
// Unknown statuses are streamed like known ones. A status of notPaid does not end
// the stream, since it can linger after a payment; nor does documentsRequested,
// which waits for a person: break off at what is of no use.
//
// API: GET /me/order/{orderId}/status
func Watch(ctx context.Context, r Reader, id OrderID, patience Patience) iter.Seq2[OrderStatus, error] {
	return func(yield func(OrderStatus, error) bool) {
		if err := patience.check("Watch"); err != nil {
			yield("", err)
			return
		}
		begun, pause := time.Now(), patience.pauses()
		var last OrderStatus
		for {
			status, err := r.OrderStatus(ctx, id)
			if err == nil && status != last {
				if !yield(status, nil) {
					return
				}
				last = status
			}
			if err == nil && (status == OrderDelivered || status == OrderCancelled) {
				return
			}
			if errors.Is(err, ErrBadInput) || errors.Is(err, ErrDenied) || errors.Is(err, ErrUnsupported) {
				yield(last, err)
				return
			}
			if time.Since(begun) >= patience.delivery() {
				yield(last, errors.Join(pending(id, last), err))
				return
			}
			if paused := pause(ctx); paused != nil {
				yield(last, errors.Join(pending(id, last), paused))
				return
			}
		}
	}
}

// pending says where an order stood when it was last seen.
func pending(id OrderID, last OrderStatus) error {
	if last == "" {
		return fmt.Errorf("order %d: %w: its status could not be read", id, ErrPending)
	}
	return fmt.Errorf("order %d: %w: its status is %q", id, ErrPending, last)
}

// Renewed is a service with its expiry before and after.
type Renewed struct {
	ServiceID ServiceID `json:"serviceId"`
	Name      string    `json:"name"`
	From      Date      `json:"from"`
	To        Date      `json:"to"`
}

// deliver waits until a paid order is delivered.
func (e *errand) deliver(ctx context.Context, id OrderID, tell func(OrderStatus)) error {
	for status, err := range Watch(ctx, e.c, id, e.in.Patience) {
		if err != nil {
			return errors.Join(err, e.declined(ctx, id, status))
		}
		tell(status)
		switch status {
		case OrderDelivered:
			return nil
		case OrderCancelled, OrderCancelling:
			if err := e.declined(ctx, id, status); err != nil {
				return err
			}
			return fmt.Errorf("order %d: %w after it was paid: ask OVHcloud's support for the money; then name the order in Guards.IgnoreOrders to renew anew", id, ErrCancelled)
		case OrderDocumentsRequested:
			return fmt.Errorf("order %d: %w: OVHcloud asks for documents", id, ErrNeedsHuman)
		}
	}
	return fmt.Errorf("order %d: %w", id, ErrPending)
}

// declined ends a renewal whose payment was accepted by the API and never made: its
// order has lapsed, or was cancelled, and no payment is on record.
func (e *errand) declined(ctx context.Context, id OrderID, last OrderStatus) error {
	if last != OrderNotPaid && last != OrderCancelled || ctx.Err() != nil {
		return nil
	}
	if _, err := e.c.OrderPayment(ctx, id); !errors.Is(err, ErrNotFound) {
		return nil // there is one, or nobody can say
	}
	order, err := e.c.Order(ctx, id)
	if err != nil {
		return err
	}
	seen := e.lookAtPayment(ctx, order)
	if seen.err != nil || !seen.dead {
		return seen.err
	}
	if err := e.l.note(Record{Event: EventNotPaid, Order: id, Why: seen.why}); err != nil {
		return err
	}
	return e.close(order, refuse(ErrLapsed, "order %d %s: the payment was accepted and never made", id, seen.why))
}

// verify waits until the expiry of every service has moved by the period. The
// error is [ErrNotVisible] or [ErrMismatch].
func (e *errand) verify(ctx context.Context) ([]Renewed, error) {
	begun, pause := time.Now(), e.in.Patience.pauses()
	for {
		renewed, err := e.lookAtExpiries(ctx)
		if err == nil || errors.Is(err, ErrMismatch) {
			return renewed, err
		}
		if time.Since(begun) >= e.in.Patience.delivery() {
			return renewed, err
		}
		if paused := pause(ctx); paused != nil {
			return renewed, errors.Join(err, paused)
		}
	}
}

func (e *errand) lookAtExpiries(ctx context.Context) ([]Renewed, error) {
	var renewed []Renewed
	for _, id := range e.in.Services {
		from := e.in.Expiries[id]
		to, err := readExpiry(ctx, e.c, id)
		switch {
		case err != nil:
			return nil, fmt.Errorf("%w: %w", ErrNotVisible, err)
		case to.IsZero(), to.Before(from):
			return nil, fmt.Errorf("service %d: %w: its expiry is given as %s", id, ErrNotVisible, to)
		case to == from:
			return nil, fmt.Errorf("service %d: %w: it expires on %s", id, ErrNotVisible, to)
		case !e.in.Offer.Period.Moved(from, to):
			return nil, fmt.Errorf("service %d: %w: from %s to %s, which is not %s", id, ErrMismatch, from, to, e.in.Offer.Period)
		}
		renewed = append(renewed, Renewed{ServiceID: id, Name: e.in.Offer.name(id), From: from, To: to})
	}
	return renewed, nil
}
