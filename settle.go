package ovhrenew

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Patience is how long a renewal looks for what came of it. Its zero value has the
// defaults.
type Patience struct {
	// Poll is the first pause between two looks, 2 seconds if zero. The pauses grow
	// to a minute.
	Poll time.Duration `json:"poll,omitempty"`
	// Settle is how long after a spending call whose answer was lost its effect may
	// still appear: if nothing is seen until then, it had none. OVHcloud says that
	// such calls may take 5 minutes, so the default is 10. A shorter time can pay
	// twice against a slow API.
	Settle time.Duration `json:"settle,omitempty"`
	// Delivery is how long to wait for a paid order to be delivered and the expiry
	// to move; 30 minutes if zero.
	Delivery time.Duration `json:"delivery,omitempty"`
}

const (
	defaultPoll     = 2 * time.Second
	defaultSettle   = 10 * time.Minute
	defaultDelivery = 30 * time.Minute
	maxPoll         = time.Minute
)

func (p Patience) check(call string) error {
	for name, d := range map[string]time.Duration{"Poll": p.Poll, "Settle": p.Settle, "Delivery": p.Delivery} {
		if d < 0 {
			return badInput(call, "Patience."+name, d, "is negative")
		}
	}
	return nil
}

func (p Patience) settle() time.Duration {
	if p.Settle == 0 {
		return defaultSettle
	}
	return p.Settle
}

func (p Patience) delivery() time.Duration {
	if p.Delivery == 0 {
		return defaultDelivery
	}
	return p.Delivery
}

// pauses returns a function that waits a little longer each time it is called.
func (p Patience) pauses() func(context.Context) error {
	pause := p.Poll
	if pause == 0 {
		pause = defaultPoll
	}
	return func(ctx context.Context) error {
		timer := time.NewTimer(pause)
		defer timer.Stop()
		pause = min(pause*3/2, max(maxPoll, p.Poll))
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-timer.C:
			return nil
		}
	}
}

// clockSkew is how far the API's clock may be from this machine's.
const clockSkew = 5 * time.Minute

// settleOrder looks for the order that a request sent at some time may have left,
// until it is found or the time to settle is over. The error is [ErrNoEffect] if
// there is none, [ErrUnsure] if that cannot be said.
func (e *errand) settleOrder(ctx context.Context, sent time.Time) (Order, error) {
	begun, pause := time.Now(), e.in.Patience.pauses()
	for {
		over := time.Since(begun) >= e.in.Patience.settle() // before the look, which takes time
		order, err := e.lostOrder(ctx, sent)
		switch {
		case err == nil && order.OrderID != 0:
			// Found, it may be somebody else's, who wants the same.
			return e.takeOver(ctx, order, "its answer was lost")
		case over && err == nil:
			why := fmt.Sprintf("no order was seen in the %s that it may take", span(e.in.Patience.settle()))
			if err := e.l.note(Record{Event: EventNotOrdered, Why: why}); err != nil {
				return Order{}, err
			}
			return Order{}, fmt.Errorf("%w: %s", ErrNoEffect, why)
		case over:
			return Order{}, fmt.Errorf("%w: whether it was ordered: %w", ErrUnsure, err)
		}
		if paused := pause(ctx); paused != nil {
			return Order{}, fmt.Errorf("%w: whether it was ordered: %w", ErrUnsure, errors.Join(paused, err))
		}
	}
}

// errVague says that an order may be the one that was looked for.
var errVague = errors.New("does not say what it is for")

// lostOrder looks once for an order of exactly these services at exactly this price
// that was placed since.
func (e *errand) lostOrder(ctx context.Context, since time.Time) (Order, error) {
	// What tells is what the order is for and its price. The time only keeps last
	// season's order out, so that a clock that is wrong does no harm.
	since = since.Add(-day)
	found, err := e.book.concerning(ctx, e.in, e.l, since)
	if err != nil {
		return Order{}, err
	}
	now := time.Now()
	for _, order := range found {
		switch {
		case order.over(now) || order.age(now) > now.Sub(since):
		case order.vague && order.PriceWithTax != e.in.Price:
		case order.vague:
			err = fmt.Errorf("order %d, of the same price, %w", order.OrderID, errVague)
		case order.matches(e.in):
			return order.Order, nil
		}
	}
	return Order{}, err
}

// pay pays an order of this renewal's, unless it is paid.
func (e *errand) pay(ctx context.Context, id OrderID, with Payment) error {
	switch s := e.l.story; {
	case e.paid() != PaidNo && s.order != id:
		return refuse(ErrOpenOrder, "order %d, for the same, was paid, or may have been", s.order)
	case e.paid() == PaidYes:
		return nil
	}
	order, err := e.c.Order(ctx, id)
	if err != nil {
		return err
	}
	if !e.l.story.paying.IsZero() {
		err := e.settlePayment(ctx, order)
		if !errors.Is(err, ErrNoEffect) {
			return err
		}
	}
	unpaid, err := e.unpaid(ctx, order)
	if err == nil && unpaid && e.unpaidBefore != id {
		unpaid, err = e.takeUp(ctx, order)
	}
	if err != nil || !unpaid {
		return err
	}
	if err := e.checkPrice(order); err != nil {
		return err
	}
	with, err = e.checkPayment(ctx, order, with)
	if err != nil {
		return err
	}
	if err := e.unmoved(ctx); err != nil {
		return err
	}
	if first, err := e.openOrder(ctx, order); err != nil {
		return err
	} else if first.OrderID != 0 {
		return refuse(ErrOpenOrder, "order %d, for the same, came before order %d: run again to pay that one", first.OrderID, id)
	}
	// The last look, since whoever else has found the order may have paid it.
	if unpaid, err := e.unpaid(ctx, order); err != nil || !unpaid {
		return err
	}
	return e.sendPayment(ctx, order, with, time.Now())
}

// maxLook is how old the last look at an order may be when its payment is sent. Only
// a program that was suspended in between, or a very slow API, is stopped by it.
const maxLook = time.Minute

// takeUp watches an order that this run has not placed: a call that was cut off, or a
// person at its link, may have paid it. It reports whether the order waits for a
// payment.
func (e *errand) takeUp(ctx context.Context, order Order) (bool, error) {
	seen, err := e.watchUnpaid(ctx, order)
	switch {
	case err != nil:
		return false, err
	case seen.paid:
		return false, e.l.note(Record{Event: EventPaid, Intent: &e.in, Order: order.OrderID, Why: seen.why})
	case !seen.unpaid():
		return false, refuse(ErrOpenOrder, "order %d %s", order.OrderID, seen.why)
	case e.l.story.order == order.OrderID:
		return true, nil
	}
	return true, e.adopt(order, "no record knew it")
}

// unpaid reports whether the order waits for a payment. One that somebody has paid
// is noted as paid; one that cannot be paid any more is an error.
func (e *errand) unpaid(ctx context.Context, order Order) (bool, error) {
	status, err := e.c.OrderStatus(ctx, order.OrderID)
	if err != nil {
		return false, err
	}
	booked := bookedOrder{Order: order, status: status}
	switch {
	case booked.payable(time.Now()) && order.Lapsed(time.Now().Add(e.in.Patience.settle())):
		return false, refuse(ErrLapsed, "order %d is about to, on %s, too soon for a payment to be followed: run again after that",
			order.OrderID, order.ExpirationDate)
	case booked.payable(time.Now()):
		return true, nil
	case taken(status):
		return false, e.l.note(Record{Event: EventPaid, Order: order.OrderID, Why: "the order is " + string(status)})
	case status == OrderDocumentsRequested:
		return false, refuse(ErrNeedsHuman, "order %d waits for documents", order.OrderID)
	case status == OrderNotPaid:
		return false, e.close(order, refuse(ErrLapsed, "order %d could be paid until %s", order.OrderID, order.ExpirationDate))
	case status == OrderCancelled:
		return false, e.close(order, refuse(ErrCancelled, "order %d", order.OrderID))
	case status == OrderCancelling:
		return false, refuse(ErrCancelled, "order %d is %s", order.OrderID, status)
	}
	return false, refuse(ErrOpenOrder, "order %d has the status %q, which does not say whether it is paid", order.OrderID, status)
}

// close notes that the order came to nothing, and returns why.
func (e *errand) close(order Order, why error) error {
	return errors.Join(why, e.l.note(Record{Event: EventClosed, Order: order.OrderID, Why: why.Error()}))
}

// taken reports whether an order of this status has been paid, as far as the API
// ever says: the money itself may move later.
func taken(status OrderStatus) bool {
	return status == OrderChecking || status == OrderDelivering || status == OrderDelivered
}

func (e *errand) checkPayment(ctx context.Context, order Order, with Payment) (Payment, error) {
	// An order of 0 still has to be paid, with fidelityAccount. Whether that mean is
	// listed for it is not known; nothing can be spent by it.
	if mean, ok := with.(Mean); ok && mean.Kind == MeanFidelityAccount && order.PriceWithTax.Sign() == 0 {
		return with, nil
	}
	return CheckPayment(ctx, e.c, order.OrderID, with)
}

// unmoved reads every expiry again.
func (e *errand) unmoved(ctx context.Context) error {
	for _, id := range e.in.Services {
		expiry, err := readExpiry(ctx, e.c, id)
		if err != nil {
			return err
		}
		if expiry != e.in.Expiries[id] {
			return refuse(ErrExpiryMoved, "service %d expires on %s, not on %s", id, expiry, e.in.Expiries[id])
		}
	}
	return nil
}

// sendPayment sends the payment, between two records.
func (e *errand) sendPayment(ctx context.Context, order Order, with Payment, looked time.Time) error {
	err := e.l.note(Record{Event: EventPaying, Order: order.OrderID, Payment: with.String()})
	if err != nil {
		return err
	}
	// By the wall clock: the other one stands still while a machine sleeps.
	if age := time.Now().Round(0).Sub(looked.Round(0)); age > maxLook {
		why := fmt.Sprintf("order %d was last seen unpaid %s ago: somebody may have paid it since; run again", order.OrderID, age.Round(time.Second))
		return errors.Join(refuse(ErrOpenOrder, "%s", why), e.l.note(Record{Event: EventNotPaid, Order: order.OrderID, Why: why}))
	}
	err = e.c.Pay(ctx, order.OrderID, with)
	switch {
	case err == nil:
		return e.l.note(Record{Event: EventPaid, Order: order.OrderID})
	case errors.Is(err, ErrNotSent), errors.Is(err, ErrBadInput),
		notExecuted(err) && (errors.Is(err, ErrCannotPay) || errors.Is(err, ErrDenied)):
		// Assumption: these two are never the answer to an order that is paid already.
		return errors.Join(err, e.l.note(Record{Event: EventNotPaid, Order: order.OrderID, Why: clean(err.Error())}))
	}
	// Even another refusal is looked into: a network that delivered the request
	// twice hands on the answer to the second, which finds the order paid.
	settled := e.settlePayment(ctx, order)
	if settled != nil {
		return withAnswer(settled, "the payment's answer", err)
	}
	return nil
}

// settlePayment looks at the order's status, its payment and the expiries until it
// is certain whether a payment that was sent before was taken. The time to settle
// counts from now, when the call has ended or its process: how long the call waited for
// its turn, and took, does not matter then. The error is nil if it was taken,
// [ErrNoEffect] or [ErrLapsed] if it was not, [ErrUnsure] if that cannot be said yet.
func (e *errand) settlePayment(ctx context.Context, order Order) error {
	begun, pause := time.Now(), e.in.Patience.pauses()
	for {
		over := time.Since(begun) >= e.in.Patience.settle() // before the look, which takes time
		seen := e.lookAtPayment(ctx, order)
		switch {
		case seen.paid:
			return e.l.note(Record{Event: EventPaid, Order: order.OrderID, Why: seen.why})
		case over && (seen.dead || seen.unpaid()):
			if err := e.l.note(Record{Event: EventNotPaid, Order: order.OrderID, Why: seen.why}); err != nil {
				return err
			}
			if seen.dead {
				return e.close(order, refuse(ErrLapsed, "order %d %s", order.OrderID, seen.why))
			}
			e.unpaidBefore = order.OrderID
			return fmt.Errorf("%w: order %d %s", ErrNoEffect, order.OrderID, seen.why)
		}
		unsure := fmt.Errorf("%w: whether order %d was paid: it %s", ErrUnsure, order.OrderID, seen.why)
		if over {
			return errors.Join(unsure, seen.err)
		}
		if paused := pause(ctx); paused != nil {
			return errors.Join(unsure, paused)
		}
	}
}

// withAnswer adds to what was found out why it had to be. The answer was unsure; once
// the outcome is known the error is not.
func withAnswer(settled error, what string, answer error) error {
	if errors.Is(answer, ErrUnsure) && !errors.Is(settled, ErrUnsure) {
		return fmt.Errorf("%w (%s: %s)", settled, what, strings.TrimPrefix(answer.Error(), ErrUnsure.Error()+": "))
	}
	return fmt.Errorf("%w (%s: %w)", settled, what, answer)
}

// paymentSeen is what one look at a payment showed.
type paymentSeen struct {
	status OrderStatus
	paid   bool // the payment was taken
	dead   bool // it was not, and the order cannot be paid any more
	moved  bool // an expiry has moved, by whomever
	why    string
	err    error // something could not be read
}

// unpaid reports whether nothing that was seen speaks of a payment.
func (s paymentSeen) unpaid() bool {
	return s.err == nil && s.status == OrderNotPaid && !s.paid && !s.dead && !s.moved
}

func (e *errand) lookAtPayment(ctx context.Context, order Order) paymentSeen {
	var seen paymentSeen
	seen.status, seen.err = e.c.OrderStatus(ctx, order.OrderID)
	if seen.err != nil {
		seen.why = "has a status that cannot be read"
		return seen
	}
	seen.why = "has the status " + string(seen.status)
	if seen.paid = taken(seen.status); seen.paid {
		return seen
	}
	payment, err := e.c.OrderPayment(ctx, order.OrderID)
	switch {
	case err == nil && !payment.PaymentDate.IsZero():
		seen.paid, seen.why = true, seen.why+", and a payment is on record"
		return seen
	case err != nil && !errors.Is(err, ErrNotFound) && !errors.Is(err, ErrUnsupported):
		seen.err = err
		return seen
	}
	seen.why += ", and no payment is on record"
	switch err := e.unmoved(ctx); {
	case errors.Is(err, ErrExpiryMoved):
		seen.moved, seen.why = true, seen.why+", but "+err.Error()
	case err != nil:
		seen.err = err
		return seen
	}
	seen.dead = bookedOrder{Order: order, status: seen.status}.over(time.Now().Add(-clockSkew))
	return seen
}
