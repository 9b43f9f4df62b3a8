package ovhrenew

import (
	"cmp"
	"context"
	"errors"
	"fmt"
)

// Proposal is what a renewal would do.
type Proposal struct {
	Target ServiceID
	// Offers are all that are offered, Offer is the one chosen, and Refusals say why
	// the others were not.
	Offers   []Offer
	Offer    Offer
	Refusals []Refusal
	// Services are those that the offer renews, as they are now.
	Services []Service
	Quote    Quote
	// Blockers are the guards' reasons why Renew would refuse; none: it would not.
	Blockers []error
}

// NewExpiry is the day to which the renewal would move a service's expiry.
func (p Proposal) NewExpiry(s Service) Date {
	date, err := p.Offer.Period.AddTo(s.Expiry)
	if err != nil {
		return Date{}
	}
	return date
}

// Intent is the order of the proposal, for at most so much, tax included: what
// [EnsureOrder] takes. Its Guards and Patience are those of zero values.
func (p Proposal) Intent(limit Money) OrderIntent {
	in := OrderIntent{
		Offer: p.Offer, Services: p.Offer.Services(), Expiries: map[ServiceID]Date{},
		Price: p.Quote.PriceWithTax, Limit: limit,
	}
	for _, s := range p.Services {
		in.Expiries[s.ID] = s.Expiry
		in.Names = append(in.Names, cmp.Or(s.Name, p.Offer.name(s.ID)))
	}
	return in
}

// Preview says what [Renew] would do, and why it would refuse, without being able
// to spend: a Reader has no method that could. Its credential needs the right to POST
// /service/{serviceId}/renew all the same, which is how a quote is asked for. The error
// says what could not be read, or, as a [*NoStrategyError], why no offer fits.
//
// If the request says how to pay, the payment method has to be there and valid.
// Whether an order takes it is not known before there is one.
//
// API: GET /service/{serviceId}/renew, POST /service/{serviceId}/renew with dryRun true
func Preview(ctx context.Context, r Reader, req Request) (*Proposal, error) {
	if r == nil {
		return nil, badInput("Preview", "r", nil, "is nil: want a Reader, such as New makes")
	}
	if err := req.check("Preview"); err != nil {
		return nil, err
	}
	if req.PayWith != nil {
		if err := checkPayment("Preview", "Request.PayWith", req.PayWith); err != nil {
			return nil, err
		}
	}
	id, err := Find(ctx, r, req.Service)
	if err != nil {
		return nil, err
	}
	q := inquiry{r: r, req: req, id: id, tell: func(p Progress) {
		if req.Progress != nil {
			req.Progress(p)
		}
	}}
	return q.run(ctx)
}

// inquiry finds out what a renewal would do.
type inquiry struct {
	r    Reader
	req  Request
	id   ServiceID
	tell func(Progress)
	stop bool // at the first guard that refuses
	done func(Service) *Receipt

	step     Step
	proposal Proposal
	receipt  *Receipt
}

// errDone ends an inquiry whose answer is a receipt.
var errDone = errors.New("done already")

func (q *inquiry) run(ctx context.Context) (*Proposal, error) {
	q.proposal.Target = q.id
	steps := []struct {
		step Step
		do   func(context.Context) error
	}{
		{StepGuard, q.lookAtTarget},
		{StepOffers, q.listOffers},
		{StepSelect, q.choose},
		{StepGuard, q.lookAtServices},
		{StepQuote, q.quote},
		{StepGuard, q.lookAtAccount},
	}
	for _, s := range steps {
		q.step = s.step
		if err := s.do(ctx); err != nil {
			return &q.proposal, err
		}
		q.tell(Progress{Step: s.step, Proposal: &q.proposal})
	}
	return &q.proposal, nil
}

// refused notes a guard's refusal; it is an error when the inquiry is to stop there.
func (q *inquiry) refused(err error) error {
	if err == nil || q.stop {
		return err
	}
	for _, known := range q.proposal.Blockers {
		if known.Error() == err.Error() {
			return nil
		}
	}
	q.proposal.Blockers = append(q.proposal.Blockers, err)
	return nil
}

// lookAtTarget checks the service before anything is asked about it: most runs of a
// nightly job end here.
func (q *inquiry) lookAtTarget(ctx context.Context) error {
	snapshot, err := ReadService(ctx, q.r, q.id)
	if err != nil {
		return err
	}
	q.proposal.Services = []Service{snapshot}
	if q.done != nil {
		if q.receipt = q.done(snapshot); q.receipt != nil {
			return errDone
		}
	}
	// The period is not known yet: for the longest window, so that a refusal stands.
	return q.refused(q.req.guard(snapshot, true, "", today()))
}

func (q *inquiry) listOffers(ctx context.Context) error {
	descriptions, err := q.r.Renewals(ctx, q.id, q.req.IncludeOptions)
	if errors.Is(err, ErrUnsupported) {
		err = fmt.Errorf("%w: set the service to renew by itself instead (package autorenew)", err)
	}
	q.proposal.Offers = Offers(q.id, descriptions)
	return err
}

func (q *inquiry) choose(context.Context) error {
	rules := append([]Rule{Including(q.id), sound}, q.req.Rules...)
	var err error
	q.proposal.Offer, q.proposal.Refusals, err = Select(q.proposal.Offers, q.req.Prefer, rules...)
	return err
}

// sound refuses offers that could not be ordered or verified.
func sound(o Offer) error {
	if !o.Period.Known() {
		return fmt.Errorf("has a period, %q, whose length is not known", o.Period)
	}
	if len(o.Services()) != len(o.Strategy.Services) {
		return errors.New("names a service twice")
	}
	return o.check("Select")
}

func (q *inquiry) lookAtServices(ctx context.Context) error {
	p := &q.proposal
	target := p.Services[0]
	p.Services = nil
	for _, id := range p.Offer.Services() {
		snapshot := target
		if id != q.id {
			var err error
			if snapshot, err = ReadService(ctx, q.r, id); err != nil {
				return err
			}
			if snapshot.Name == "" {
				snapshot.Name = p.Offer.name(id)
			}
		}
		p.Services = append(p.Services, snapshot)
		if err := q.refused(q.req.guard(snapshot, id == q.id, p.Offer.Period, today())); err != nil {
			return err
		}
	}
	return nil
}

func (q *inquiry) quote(ctx context.Context) error {
	quote, err := q.r.Quote(ctx, q.proposal.Offer)
	if err != nil {
		return err
	}
	q.proposal.Quote = quote
	return q.refused(checkLimit(quote.PriceWithTax, q.req.Limit))
}

// lookAtAccount checks what is not about the services: how to pay, and other orders.
func (q *inquiry) lookAtAccount(ctx context.Context) error {
	if err := q.lookAtPayment(ctx); err != nil || q.stop { // ordering looks at orders itself
		return err
	}
	return q.lookAtOrders(ctx)
}

// lookAtPayment finds a typing error, or a card that has expired, while there is no
// order yet that would be left unpaid.
func (q *inquiry) lookAtPayment(ctx context.Context) error {
	known := q.req.payable
	if q.req.PayWith == nil || known != nil && known.Load() {
		return nil
	}
	err := checkAccount(ctx, q.r, q.req.PayWith)
	if errors.Is(err, ErrNoPayment) {
		return q.refused(err)
	}
	if known != nil && err == nil {
		known.Store(true)
	}
	return err
}

// lookAtOrders finds orders that are in the way. Those that would be adopted are
// not.
func (q *inquiry) lookAtOrders(ctx context.Context) error {
	in := q.proposal.Intent(q.req.Limit)
	in.Guards, in.Patience = q.req.Guards, q.req.Patience
	e := &errand{book: newOrderBook(q.r), l: &ledger{Ledger: noLedger{}}, in: in}
	_, err := e.openOrder(ctx, Order{})
	if errors.Is(err, ErrOpenOrder) {
		return q.refused(err)
	}
	return err
}

// guard applies every guard that needs nothing but a service as it is. Only the
// service that was asked for has to be due: what is bundled with it comes along.
func (req Request) guard(s Service, target bool, period Period, today Date) error {
	g := req.Guards
	if err := g.State(s, today); err != nil {
		if !target && s.Parent != 0 && !s.Expiry.IsZero() {
			err = nil // an option, renewed together with the service it belongs to
		}
		if err != nil {
			return err
		}
	}
	if want := req.expiries[s.ID]; !want.IsZero() && s.Expiry != want {
		return s.refuse(ErrExpiryMoved, "it expires on %s, not on %s", s.Expiry, want)
	}
	if target && !req.From.IsZero() {
		g.Early = true
		if s.Expiry.After(req.From) {
			return s.refuse(ErrExpiryMoved, "it expires on %s, not on %s: it has been renewed already, or is being", s.Expiry, req.From)
		}
		if s.Expiry != req.From {
			return s.refuse(ErrExpiryMoved, "it expires on %s, not on %s", s.Expiry, req.From)
		}
	}
	if target {
		if err := g.Due(s, period, today); err != nil {
			return err
		}
	}
	return g.Automatic(s, today)
}
