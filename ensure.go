package ovhrenew

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

var (
	// ErrNoEffect says that a spending call whose answer was lost turned out to
	// have had no effect. The next run may send it anew.
	ErrNoEffect = errors.New("the call had no effect")
	// ErrLapsed says that the order was not paid in time. The next run orders anew.
	ErrLapsed = errors.New("the order has lapsed unpaid")
	// ErrCancelled says that the order was cancelled, or is being.
	ErrCancelled = errors.New("the order is cancelled")
)

// OrderIntent is an order that is wanted. It is plain data: a durable-execution
// engine can keep it between steps.
type OrderIntent struct {
	Offer Offer `json:"offer"`
	// Services are those of the offer, in ascending order, and Names their names.
	Services []ServiceID `json:"services"`
	Names    []string    `json:"names"`
	// Expiries are those that are renewed from. If one moves, nothing is paid.
	Expiries map[ServiceID]Date `json:"expiries"`
	// Price is what the quote said, and Limit what may be spent; both tax included.
	Price Money `json:"price"`
	Limit Money `json:"limit"`

	Guards   Guards   `json:"guards"`
	Patience Patience `json:"patience"`
}

func (in OrderIntent) check(call string) error {
	if err := in.Offer.check(call); err != nil {
		return err
	}
	if !slices.Equal(in.Services, in.Offer.Services()) {
		return badInput(call, "Services", idList(in.Services), "are not those of the offer in ascending order")
	}
	for _, id := range in.Services {
		if in.Expiries[id].IsZero() {
			return badInput(call, "Expiries", id, "has no expiry to renew from")
		}
	}
	if len(in.Names) == 0 || slices.Contains(in.Names, "") {
		return badInput(call, "Names", strings.Join(in.Names, ", "), "must name each service")
	}
	if err := checkLimit(in.Price, in.Limit); err != nil {
		return err
	}
	return errors.Join(in.Guards.check(call), in.Patience.check(call))
}

// checkLimit compares a price, tax included, with what may be spent. The error is
// [ErrNoLimit], [ErrOverLimit] or [ErrCurrency].
func checkLimit(price, limit Money) error {
	if limit.IsZero() {
		return refuse(ErrNoLimit, "the price is %s, tax included", price)
	}
	order, err := price.Cmp(limit)
	switch {
	case err != nil:
		return refuse(ErrCurrency, "the price is %s and the limit %s", price, limit)
	case order > 0:
		return refuse(ErrOverLimit, "%s, tax included, is more than %s", price, limit)
	case price.Sign() < 0:
		return refuse(ErrPriceChanged, "the price is %s: less than nothing", price)
	}
	return nil
}

// PayIntent is a payment that is wanted, of the order that EnsureOrder returned for
// the same OrderIntent. It is plain data.
type PayIntent struct {
	OrderIntent OrderIntent
	Order       OrderID
	With        Payment
}

type payIntentJSON struct {
	OrderIntent OrderIntent `json:"orderIntent"`
	Order       OrderID     `json:"order"`
	With        string      `json:"with"`
}

// MarshalJSON writes the intent, its payment as text.
func (in PayIntent) MarshalJSON() ([]byte, error) {
	text := ""
	if in.With != nil {
		text = in.With.String()
	}
	return json.Marshal(payIntentJSON{in.OrderIntent, in.Order, text})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (in *PayIntent) UnmarshalJSON(data []byte) error {
	var plain payIntentJSON
	if err := json.Unmarshal(data, &plain); err != nil {
		return err
	}
	var with Payment
	if plain.With != "" {
		var err error
		if with, err = ParsePayment(plain.With); err != nil {
			return err
		}
	}
	*in = PayIntent{plain.OrderIntent, plain.Order, with}
	return nil
}

// EnsureOrder makes sure that there is one order for what is wanted, and returns
// it. It asks first what there is: the order that the journal knows, the one that a
// lost answer may have left, one that anybody has placed for the same services at
// the same price. Only then it orders, once, and if the answer is lost it looks for
// the order until the time to settle is over. It can be called again after any
// stop, with the same intent. An order that the journal does not know, as is every
// order without one, is watched unpaid for [Patience.Settle] before it is returned.
//
// Nothing is paid. The error is [ErrOpenOrder] if another order is in the way,
// [ErrPriceChanged] or [ErrOverLimit] if the order came out dearer than allowed
// (it lapses), [ErrNoEffect] if nothing was ordered after all, [ErrUnsure] if
// that cannot be known yet, [ErrBusy] if another run has one of the services.
//
// API: GET /me/order, POST /service/{serviceId}/renew
func EnsureOrder(ctx context.Context, c Client, j Journal, in OrderIntent) (Order, error) {
	if err := in.check("EnsureOrder"); err != nil {
		return Order{}, err
	}
	l, err := orNoJournal(j).Open(in.Services...)
	if err != nil {
		return Order{}, err
	}
	defer l.Close()
	return newErrand(c, l, in, newOrderBook(c)).order(ctx)
}

// EnsurePaid makes sure that an order is paid, once. It asks first whether it is,
// and settles what an earlier call may have left open; then it checks the order's
// price, the way of paying, that no expiry has moved and that no other order for
// the same services has come first; then it pays, once, and if the answer is lost
// it looks until it is certain whether the order was paid. It can be called again
// after any stop, with the same intent. An unpaid order may have been paid by a call
// that was cut off, or by a person at its link: each call watches it for
// [Patience.Settle] first, whether a journal knows the order or not.
//
// Success means that the payment was taken. The error is [ErrUnsure] if that is not
// known yet: call again later. After [ErrNoEffect], [ErrCannotPay] and any guard's
// error nothing was paid.
//
// API: POST /me/order/{orderId}/pay,
// POST /me/order/{orderId}/payWithRegisteredPaymentMean
func EnsurePaid(ctx context.Context, c Client, j Journal, in PayIntent) error {
	if err := in.OrderIntent.check("EnsurePaid"); err != nil {
		return err
	}
	if err := checkID("EnsurePaid", "Order", in.Order); err != nil {
		return err
	}
	if err := checkPayment("EnsurePaid", "With", in.With); err != nil {
		return err
	}
	l, err := orNoJournal(j).Open(in.OrderIntent.Services...)
	if err != nil {
		return err
	}
	defer l.Close()
	return newErrand(c, l, in.OrderIntent, newOrderBook(c)).pay(ctx, in.Order, in.With)
}

// errand is one renewal on its way: what is wanted, and what has been done of it.
type errand struct {
	c    Client
	book *orderBook
	l    *ledger
	in   OrderIntent
	// unpaidBefore is the order that certainly nobody had paid when this run came to
	// have it: it placed it, or it has watched it.
	unpaidBefore OrderID
	// tell, if set, hears that an order has to be watched.
	tell func(Progress)
}

// paid is what the story tells of the money.
func (e *errand) paid() Paid {
	switch s := e.l.story; {
	case s.paid || s.receipt != nil:
		return PaidYes
	case !s.paying.IsZero():
		return PaidUnsure
	}
	return PaidNo
}

func newErrand(c Client, l Ledger, in OrderIntent, book *orderBook) *errand {
	return &errand{c: c, book: book, l: follow(l, in), in: in}
}

func (e *errand) order(ctx context.Context) (Order, error) {
	if s := e.l.story; s.receipt != nil {
		return Order{}, refuse(ErrExpiryMoved, "order %d has renewed it already", s.order)
	}
	if e.l.story.order != 0 {
		order, err := e.knownOrder(ctx)
		if err != nil || order.OrderID != 0 {
			return order, err
		}
	}
	if sent := e.l.story.ordering; !sent.IsZero() {
		order, err := e.settleOrder(ctx, sent)
		if err == nil || !errors.Is(err, ErrNoEffect) {
			return order, err
		}
	}
	first, err := e.openOrder(ctx, Order{})
	if err != nil {
		return Order{}, err
	}
	if first.OrderID != 0 {
		return e.takeOver(ctx, first, "found among the recent orders")
	}
	return e.placeOrder(ctx)
}

// knownOrder reads the order that the journal knows. One that came to nothing is
// closed and none is returned; one that another matching order preceded gives way
// to that.
func (e *errand) knownOrder(ctx context.Context) (Order, error) {
	s := e.l.story
	order, err := e.c.Order(ctx, s.order)
	if err != nil {
		return Order{}, err
	}
	if s.paid || !s.paying.IsZero() {
		return order, nil
	}
	status, err := e.c.OrderStatus(ctx, s.order)
	if err != nil {
		return Order{}, err
	}
	booked := bookedOrder{Order: order, status: status}
	switch {
	case booked.over(time.Now()):
		err := e.l.note(Record{Event: EventClosed, Order: s.order, Why: "the order is " + string(status) + " or lapsed"})
		e.l.story = &story{intent: e.in}
		return Order{}, err
	case !booked.payable(time.Now()):
		return order, nil
	}
	if err := e.checkPrice(order); err != nil {
		return order, err
	}
	first, err := e.openOrder(ctx, order)
	if err == nil && first.OrderID != 0 && earlier(first, order) {
		return e.takeOver(ctx, first, fmt.Sprintf("it came before order %d", order.OrderID))
	}
	return order, err
}

// placeOrder sends the order, between two records.
func (e *errand) placeOrder(ctx context.Context) (Order, error) {
	if err := e.l.note(Record{Event: EventOrdering, Intent: &e.in}); err != nil {
		return Order{}, err
	}
	sent := time.Now()
	order, err := e.c.PlaceOrder(ctx, e.in.Offer)
	switch {
	case err == nil:
		e.book.learn(order.OrderID, e.in.Services)
		e.unpaidBefore = order.OrderID
		return order, e.adopt(order, "")
	case notExecuted(err):
		return Order{}, errors.Join(err, e.l.note(Record{Event: EventNotOrdered, Why: clean(err.Error())}))
	}
	order, settled := e.settleOrder(ctx, sent)
	if settled != nil {
		return order, withAnswer(settled, "the order's answer", err)
	}
	return order, nil
}

// adopt takes an order for this renewal's own, if its price is right.
func (e *errand) adopt(order Order, why string) error {
	err := e.l.note(Record{Event: EventOrdered, Intent: &e.in, Order: order.OrderID, Why: why})
	if err != nil {
		return err
	}
	return e.checkPrice(order)
}

// takeOver adopts an order that somebody else may have placed, if it is seen unpaid.
func (e *errand) takeOver(ctx context.Context, order Order, why string) (Order, error) {
	if len(e.book.known(e.l, order.OrderID)) == 0 {
		if err := e.namesakes(ctx, order); err != nil {
			return Order{}, err
		}
	}
	seen, err := e.watchUnpaid(ctx, order)
	switch {
	case err != nil:
		return Order{}, err
	case !seen.unpaid():
		return Order{}, refuse(ErrOpenOrder, "order %d, for the same, %s", order.OrderID, seen.why)
	}
	return order, e.adopt(order, why)
}

// seenThrough reports whether the journal has seen the effect of an order, so that
// nothing of it can still appear.
func (e *errand) seenThrough(id OrderID) bool {
	return slices.ContainsFunc(stories(e.l.Records()), func(s *story) bool { return s.order == id && s.receipt != nil })
}

// namesakes refuses an order that may be for another service of the same name, such as
// the hosting of a domain: one that can be renewed too. When this renewal has lost an
// order of its own, only one that is offered at the order's price may be meant.
func (e *errand) namesakes(ctx context.Context, order Order) error {
	for _, name := range e.in.Names {
		ids, err := e.c.FindServices(ctx, ServiceQuery{ResourceName: name})
		if err != nil {
			return err
		}
		for _, id := range ids {
			if slices.Contains(e.in.Services, id) {
				continue
			}
			descriptions, err := e.c.Renewals(ctx, id, false)
			if err != nil && !errors.Is(err, ErrNotFound) && !errors.Is(err, ErrExpired) {
				return err
			}
			for _, offer := range Offers(id, descriptions) {
				samePrice := offer.Price() == order.PriceWithoutTax && !sameServices(offer.Services(), e.in.Services)
				if samePrice || e.l.story.ordering.IsZero() && e.l.story.order == 0 {
					return refuse(ErrOpenOrder, "order %d costs %s and may be for %s: pay it or let it lapse, or ignore it by Guards.IgnoreOrders",
						order.OrderID, order.PriceWithTax, offer)
				}
			}
		}
	}
	return nil
}

// watchUnpaid looks at an order, of which this run does not know whether anybody has
// sent a payment for it, for the whole time in which that can appear, or until it does.
func (e *errand) watchUnpaid(ctx context.Context, order Order) (paymentSeen, error) {
	begun, settle, pause := time.Now(), e.in.Patience.settle(), e.in.Patience.pauses()
	if e.tell != nil {
		e.tell(Progress{Step: StepSettle, Order: order, Until: begun.Add(settle)})
	}
	ends, bounded := ctx.Deadline()
	for {
		over := time.Since(begun) >= settle // before the look, which takes time
		seen := e.lookAtPayment(ctx, order)
		switch {
		case seen.err == nil && !seen.unpaid():
			return seen, nil
		case seen.err == nil && over:
			e.unpaidBefore = order.OrderID
			return seen, nil
		case over:
			return seen, fmt.Errorf("order %d may have been paid: %w", order.OrderID, seen.err)
		case bounded && ends.Before(begun.Add(settle)): // each run watches from the beginning
			return seen, fmt.Errorf("order %d has to be seen unpaid for %s before it is paid, and the context ends in %s: %w",
				order.OrderID, span(settle), span(ends.Sub(begun).Round(time.Second)), context.DeadlineExceeded)
		}
		if err := pause(ctx); err != nil {
			return seen, fmt.Errorf("order %d has to be watched before it can be paid: %w", order.OrderID, err)
		}
	}
}

// checkPrice compares an order with the quote and the limit.
func (e *errand) checkPrice(order Order) error {
	if order.PriceWithTax != e.in.Price {
		return refuse(ErrPriceChanged, "order %d costs %s, the quote was %s; it lapses on %s",
			order.OrderID, order.PriceWithTax, e.in.Price, order.ExpirationDate)
	}
	return checkLimit(order.PriceWithTax, e.in.Limit)
}

// openOrder looks for other orders that concern the services than mine. It returns
// the first that can be paid in the place of a new one: of these services at this
// price. Any other that has not come to nothing is a refusal.
func (e *errand) openOrder(ctx context.Context, mine Order) (Order, error) {
	now := time.Now()
	found, err := e.book.concerning(ctx, e.in, e.l, now.Add(-lookback))
	if err != nil {
		return Order{}, err
	}
	var first Order
	for _, order := range found {
		if order.OrderID == mine.OrderID || order.over(now) {
			continue
		}
		switch {
		case order.status == OrderDelivered && (order.age(now) > recently || e.seenThrough(order.OrderID)):
		case !order.payable(now):
			return Order{}, refuse(ErrOpenOrder, "order %d of %s for %s is %s; if it has nothing to do with this, ignore it by Guards.IgnoreOrders",
				order.OrderID, order.Date.Day(), order.what(), order.status)
		case mine.OrderID != 0 && earlier(mine, order.Order):
			// Whoever placed this one finds mine before it, and gives way.
		case order.vague:
			return Order{}, refuse(ErrOpenOrder, "order %d of %s, of %s, does not say, or not yet, what it is for; if it has nothing to do with this, ignore it by Guards.IgnoreOrders",
				order.OrderID, order.Date.Day(), order.PriceWithTax)
		case !order.matches(e.in):
			return Order{}, refuse(ErrOpenOrder, "order %d of %s for %s costs %s, not %s; it lapses on %s",
				order.OrderID, order.Date.Day(), order.what(), order.PriceWithTax, e.in.Price, order.ExpirationDate)
		case first.OrderID == 0:
			first = order.Order
		}
	}
	return first, nil
}
