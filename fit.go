// These tests fail without it: TestPriceFits, TestAttackAgreedToLess, TestAttackOldPrice.

package ovhrenew

import (
	"context"
	"errors"
	"time"
)

// maxUnseen is how many payments are sent for an order, each after the time to settle of
// the one before, of which neither an effect nor a refusal was seen: an effect that comes
// later than that would be one too many each time.
const maxUnseen = 3

// guards applies those that need nothing but the services as they are now.
func (r reading) guards(due bool) {
	today := DateOf(r.l.now)
	for _, want := range r.task.Services {
		if service, ok := r.l.services[want.ServiceID]; ok {
			r.l.unfits(r.task.Guards.service(service, r.task.Offer.Period, today, want.ServiceID == r.task.Target, due))
		}
	}
	if r.undone.Order != 0 {
		r.l.unfits(r.undone.takenBack(r.l.renewed))
	}
	if r.task.Hold {
		r.l.unfits(refuse(ErrHeld, "the task says so"))
	}
	if r.swept {
		r.l.unfits(refuse(ErrUnderWay, "another renewal of the same is wanted"))
	}
}

func (r reading) price() {
	own, offered := r.l.own, r.task.Offer.Price()
	if own.OrderID == 0 {
		r.l.others = othersDark // it could not be read
		return
	}
	switch {
	case own.PriceWithoutTax != offered:
		r.l.unfits(refuse(ErrPriceChanged, "order %d costs %s before tax, and %s was offered", own.OrderID, own.PriceWithoutTax, offered))
	case !r.task.Quoted.IsZero() && own.PriceWithTax != r.task.Quoted:
		r.l.unfits(refuse(ErrPriceChanged, "order %d costs %s, and the quote was %s", own.OrderID, own.PriceWithTax, r.task.Quoted))
	}
	r.l.unfits(checkLimit(own.PriceWithTax, r.task.Limit))
	if r.st.Unseen >= maxUnseen {
		r.l.unfits(refuse(ErrNeedsHuman, "%d payments for order %d had no effect that could be seen, and no further one is sent: pay it at its link, let it lapse, or name it in Guards.IgnoreOrders to order anew", r.st.Unseen, own.OrderID))
	}
	if r.task.Approve && r.l.word == wordYes && own.PriceWithTax != r.st.Cost.PriceWithTax {
		r.l.word = wordAsk // what was agreed to was another price
	}
}

// lines looks before a payment whether the order answered is not another's. They come late.
func (r reading) lines(ctx context.Context) {
	if r.l.unfit || r.l.only && !r.st.Placed.Before(r.st.Sent.Add(-time.Second)) || !r.l.only && !r.l.aged {
		return
	}
	switch ours, err := r.mayBeFor(ctx, r.st.Order); {
	case err != nil:
		r.l.unread(err)
		r.l.others = othersDark
	case !ours:
		r.l.unfits(refuse(ErrForeignOrder, "order %d is for something else: name it in Guards.IgnoreOrders to order anew", r.st.Order))
	}
}

// mayBeFor reports whether an order's lines do not say that it is for something else.
func (j *job) mayBeFor(ctx context.Context, id OrderID) (bool, error) {
	lines, err := j.r.client.OrderDetails(ctx, id)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return false, err
	}
	names, _, vague := readLines(lines)
	if vague || (rivals{task: j.task}).named(booked{fact: OrderFact{Names: names}}) {
		return true, nil
	}
	for _, name := range names {
		if service, err := j.r.book.isService(ctx, name); err != nil || !service {
			return err == nil, err
		}
	}
	return false, nil // it is for others of the account, or for something new
}

// payment learns what the way to pay means for an order. It is asked once, and again
// after a payment was refused: nothing can be lost by an answer that is old.
func (r reading) payment(ctx context.Context) {
	if r.l.unfit || r.l.own.OrderID == 0 {
		return
	}
	with, err := r.r.usable(ctx, r.l.own, r.task.PayWith)
	switch {
	case err == nil:
		r.l.with = with
	case errors.Is(err, ErrNoPayment), errors.Is(err, ErrNeedsHuman), errors.Is(err, ErrBadInput):
		r.l.unfits(err)
	default:
		r.l.unread(err)
		r.l.others = othersDark
	}
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
