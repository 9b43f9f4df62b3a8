package ovhrenew

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"time"
)

// Request is a renewal that is wanted. Nothing in its zero value lets anything be
// spent: service, limit and payment have to be named.
type Request struct {
	// Service is what to renew: a [Name], a [Route] or an [ID].
	Service Target
	// IncludeOptions asks for the offers with the service's options.
	IncludeOptions bool
	// Rules are what the offer must fulfil, and Prefer decides between those that do.
	Rules  []Rule
	Prefer Preference
	// Limit is what may be spent, tax included. It has no default: nothing given and
	// a limit of 0 differ.
	Limit Money
	// PayWith is how to pay: a [Method], a [Mean] or the [DefaultMethod]. It has no
	// default, and no other is ever tried. Preview does not need it, but checks it.
	PayWith Payment
	// From is the expiry of the service that is to be renewed from. If set, the
	// service is renewed from no other day, and may be renewed before it is due: run
	// twice, it renews once.
	From Date
	// Guards settles what is refused, Patience how long to look for what came of it.
	Guards   Guards
	Patience Patience
	// Journal takes up what an earlier run has left; nil: no journal.
	Journal Journal
	// Progress, if set, hears of each step as it is done.
	Progress func(Progress)

	// expiries are those that a plan expects of all services of its item. The others
	// are shared by its items: its orders, and whether PayWith was found usable.
	expiries map[ServiceID]Date
	book     *orderBook
	payable  *atomic.Bool
}

func (req Request) check(call string) error {
	if req.Service == (Target{}) {
		return badInput(call, "Request.Service", "", "names no service")
	}
	return errors.Join(req.Guards.check(call), req.Patience.check(call))
}

// Step is a step of a renewal.
type Step string

// The steps of a renewal in their order.
const (
	StepFind   Step = "find"
	StepOffers Step = "offers"
	StepSelect Step = "select"
	StepGuard  Step = "guard"
	StepQuote  Step = "quote"
	StepOrder  Step = "order"
	StepSettle Step = "settle" // an order is watched, which somebody may have paid
	StepPay    Step = "pay"
	StepWatch  Step = "watch"
	StepVerify Step = "verify"
)

// Progress is a step that is done, with what it brought.
type Progress struct {
	Step Step
	// Proposal has what is known so far, up to the quote.
	Proposal *Proposal
	// Order is the order, from StepOrder on.
	Order Order
	// Until is the end of the time in which the order is watched, with StepSettle.
	Until time.Time
	// Status is the order's, with StepWatch.
	Status OrderStatus
	// Renewed are the services with their new expiries, with StepVerify.
	Renewed []Renewed
}

// Paid is what is known of a renewal's money.
type Paid string

// What can be known of the money.
const (
	// PaidNo: this run has paid nothing, nor any that the journal knows of. That a
	// person has paid the order at its link shows when it is read.
	PaidNo     Paid = "no"
	PaidUnsure Paid = "unsure" // a payment was sent, and its outcome is not known
	PaidYes    Paid = "yes"    // the payment was taken
)

// StepError says how far a renewal came before it failed. errors.Is finds
// [ErrUnsure] if money may have moved, and whatever Err is.
type StepError struct {
	Step    Step
	Service Target
	// Order is the order, 0 if there is none. Paid says whether it is paid; unpaid, it
	// costs nothing and lapses.
	Order OrderID
	// Link is where a person can look at the order and pay it. It is a [Secret].
	Link Secret
	Paid Paid
	Err  error
}

// Error names the service, the step, the order and what is known of the money.
func (e *StepError) Error() string {
	var b strings.Builder
	if e.Service != (Target{}) {
		fmt.Fprintf(&b, "renewing %s: ", e.Service)
	}
	// What was refused before the first step names the call instead.
	if e.Step != StepFind || !errors.Is(e.Err, ErrBadInput) {
		fmt.Fprintf(&b, "%s: ", e.Step)
	}
	if e.Err != nil {
		b.WriteString(inLine(e.Err))
	}
	if e.Order != 0 {
		fmt.Fprintf(&b, " [order %d", e.Order)
		switch e.Paid {
		case PaidYes:
			b.WriteString(", paid]")
		case PaidUnsure:
			b.WriteString(", may have been paid]")
		default:
			b.WriteString(", not paid by this run]")
		}
	} else if e.Paid == PaidNo {
		b.WriteString(" [this run ordered and paid nothing]")
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *StepError) Unwrap() error { return e.Err }

// Is makes a StepError whose money is unsure an ErrUnsure.
func (e *StepError) Is(target error) bool { return target == ErrUnsure && e.Paid == PaidUnsure }

// Receipt is a renewal that was paid, delivered and seen.
type Receipt struct {
	// Services are all that were renewed, with their expiries before and after.
	Services []Renewed `json:"services"`
	Period   Period    `json:"period"`
	Order    OrderID   `json:"order"`
	// Price is what was paid, tax included; PriceWithoutTax and Tax are its parts.
	Price           Money `json:"price"`
	PriceWithoutTax Money `json:"priceWithoutTax"`
	Tax             Money `json:"tax"`
	// PaidWith is the way to pay, or "somebody else" for an order that a person, or a
	// program without this journal, has paid; both, if a payment that had no effect in
	// the time to settle may have had it later.
	PaidWith string    `json:"paidWith"`
	Verified time.Time `json:"verified"`
	// Already says that an earlier run had done the work.
	Already bool `json:"already,omitempty"`
}

// Renew renews a service and returns once the expiry of every service of the offer
// has been seen to have moved. It finds the service, selects an offer, asks for a
// quote, orders, pays and watches, and it refuses rather than guesses: see [Guards].
//
// It sends at most one payment. It can be run again after any stop: with the same
// journal it goes on where it was, and without one it goes on or refuses. If the
// work is done, it returns the receipt with Already set; without a journal, it is
// [ErrNotDue] or [ErrExpiryMoved].
//
// An order that this run has not placed, such as one that an earlier run has left
// unpaid, is watched for [Patience.Settle] before it is paid: somebody may have paid
// it just now. The watch begins anew in each run, so that a context has to last longer.
//
// The error is a [*StepError]: which step failed, the order, and whether money may
// have moved. Unless errors.Is finds [ErrUnsure], that is known for certain.
func Renew(ctx context.Context, c Client, req Request) (*Receipt, error) {
	if c == nil {
		return nil, &StepError{Step: StepFind, Service: req.Service, Paid: PaidNo, Err: badInput("Renew", "c", nil, "is nil: want a Client, such as New makes")}
	}
	if err := req.checkSpend(); err != nil {
		return nil, &StepError{Step: StepFind, Service: req.Service, Paid: PaidNo, Err: err}
	}
	id, err := Find(ctx, c, req.Service)
	if err != nil {
		return nil, &StepError{Step: StepFind, Service: req.Service, Paid: PaidNo, Err: err}
	}
	if req.book == nil {
		req.book = newOrderBook(c)
	}
	return (&renewal{c: c, req: req, id: id}).run(ctx)
}

func (req Request) checkSpend() error {
	const call = "Renew"
	switch {
	case req.Limit.IsZero():
		return &InputError{Call: call, Field: "Request.Limit", Why: "is missing: it says what may be spent, tax included", Err: ErrNoLimit}
	case req.Limit.Sign() < 0:
		return badInput(call, "Request.Limit", req.Limit, "is negative")
	case req.Limit.Currency() == "":
		return badInput(call, "Request.Limit", req.Limit, "is not an amount with a currency")
	}
	return errors.Join(checkPayment(call, "Request.PayWith", req.PayWith), req.check(call))
}

// renewal is one run of Renew.
type renewal struct {
	c      Client
	req    Request
	id     ServiceID
	ledger Ledger
	errand *errand
	order  Order
}

func (n *renewal) run(ctx context.Context) (*Receipt, error) {
	defer func() {
		if n.ledger != nil {
			n.ledger.Close()
		}
	}()
	if err := n.claim(n.id); err != nil {
		return nil, n.fail(StepGuard, err)
	}
	begun, err := n.begun(ctx)
	if err != nil {
		return nil, n.fail(StepOrder, err)
	}
	if begun != nil && !n.matches(begun.in) {
		// An earlier request's renewal, paid: it is brought to its end first.
		n.errand = begun
		if _, err := n.spend(ctx); err != nil {
			return nil, err
		}
		begun, n.errand, n.order = nil, nil, Order{}
	}
	if begun == nil {
		proposal, receipt, err := n.propose(ctx)
		if err != nil || receipt != nil {
			return receipt, err
		}
		if begun, err = n.begin(proposal); err != nil {
			return nil, n.fail(StepGuard, err)
		}
	}
	n.errand = begun
	return n.spend(ctx)
}

// spend orders, pays, watches and verifies.
func (n *renewal) spend(ctx context.Context) (*Receipt, error) {
	e := n.errand
	var err error
	if n.order, err = e.order(ctx); err != nil {
		return nil, n.fail(StepOrder, err)
	}
	n.tell(Progress{Step: StepOrder, Order: n.order})
	if err := e.pay(ctx, n.order.OrderID, n.req.PayWith); err != nil {
		return nil, n.fail(StepPay, err)
	}
	n.tell(Progress{Step: StepPay, Order: n.order})
	err = e.deliver(ctx, n.order.OrderID, func(status OrderStatus) {
		n.tell(Progress{Step: StepWatch, Order: n.order, Status: status})
	})
	if err != nil {
		return nil, n.fail(StepWatch, err)
	}
	renewed, err := e.verify(ctx)
	if errors.Is(err, ErrMismatch) {
		// Told once: what a person has to look at must not stop next year's renewal.
		err = errors.Join(err, e.l.note(Record{Event: EventClosed, Order: n.order.OrderID, Why: err.Error()}))
	}
	if err != nil {
		return nil, n.fail(StepVerify, err)
	}
	receipt := &Receipt{
		Services: renewed, Period: e.in.Offer.Period, Order: n.order.OrderID,
		Price: n.order.PriceWithTax, PriceWithoutTax: n.order.PriceWithoutTax, Tax: n.order.Tax,
		PaidWith: e.l.story.paidWith(), Verified: time.Now().UTC(),
	}
	if err := e.l.note(Record{Event: EventRenewed, Order: n.order.OrderID, Receipt: receipt}); err != nil {
		return receipt, n.fail(StepVerify, err)
	}
	n.tell(Progress{Step: StepVerify, Order: n.order, Renewed: renewed})
	return receipt, nil
}

// claim takes hold of services, letting go of what was held.
func (n *renewal) claim(services ...ServiceID) error {
	if n.ledger != nil {
		n.ledger.Close()
		n.ledger = nil
	}
	l, err := orNoJournal(n.req.Journal).Open(services...)
	if err != nil {
		return err
	}
	n.ledger = l
	return nil
}

// begun takes up the renewal of the service that an earlier run has begun and not
// ended, if there is one.
func (n *renewal) begun(ctx context.Context) (*errand, error) {
	s := n.openStory()
	if s == nil {
		return nil, nil
	}
	// A failure from here on tells what that run has left.
	n.errand = &errand{c: n.c, l: &ledger{Ledger: n.ledger, story: s}, in: s.intent}
	if err := n.claim(s.intent.Services...); err != nil {
		return nil, err
	}
	if s = n.openStory(); s == nil {
		n.errand = nil
		return nil, nil // the run that had it has ended it
	}
	in := s.intent
	in.Limit, in.Guards, in.Patience = n.req.Limit, n.req.Guards, n.req.Patience
	e := newErrand(n.c, n.ledger, in, n.req.book)
	if s.order == 0 {
		// Only the order was sent, and lost. If there is none, all begins anew, with a
		// quote of today.
		order, err := e.settleOrder(ctx, s.ordering)
		if errors.Is(err, ErrNoEffect) {
			n.errand = nil
			return nil, nil
		}
		n.order = order
		if err != nil {
			return nil, err
		}
	}
	e.tell, n.errand = n.tell, e
	n.order.OrderID = e.l.story.order
	over, err := n.settled(ctx, e)
	if err != nil || over {
		return nil, err
	}
	return e, n.resumable(ctx, e)
}

// settled makes certain whether a renewal was paid, before it is decided whether the
// request wants it, and reports whether it came to nothing.
func (n *renewal) settled(ctx context.Context, e *errand) (over bool, err error) {
	if e.paid() == PaidYes {
		return false, nil
	}
	order, err := n.c.Order(ctx, e.l.story.order)
	if errors.Is(err, ErrNotFound) && e.paid() == PaidNo {
		return true, n.forget(e, "the order is gone")
	}
	if err != nil {
		return false, err
	}
	if e.paid() == PaidUnsure {
		err := e.settlePayment(ctx, order)
		switch {
		case err == nil:
			return false, nil
		case e.l.story.closed:
			n.errand, n.order = nil, Order{}
			return true, nil
		case !errors.Is(err, ErrNoEffect):
			return false, err
		}
	}
	status, err := n.c.OrderStatus(ctx, order.OrderID)
	if err != nil {
		return false, err
	}
	switch booked := (bookedOrder{Order: order, status: status}); {
	case taken(status): // by a person, at its link
		return false, e.l.note(Record{Event: EventPaid, Order: order.OrderID, Why: "the order is " + string(status)})
	case booked.over(time.Now()):
		return true, n.forget(e, "the order is "+string(status)+" or lapsed")
	}
	return false, nil
}

// forget closes a renewal that came to nothing, so that all begins anew.
func (n *renewal) forget(e *errand, why string) error {
	n.errand, n.order = nil, Order{}
	return e.l.note(Record{Event: EventClosed, Order: e.l.story.order, Why: why})
}

// matches reports whether an intent is what the request wants.
func (n *renewal) matches(in OrderIntent) bool {
	return All(n.req.Rules...)(in.Offer) == nil && (n.req.From.IsZero() || n.req.From == in.Expiries[n.id])
}

// openStory is the last renewal of the service that has begun and not ended.
func (n *renewal) openStory() *story {
	var last *story
	for _, s := range stories(n.ledger.Records()) {
		if s.open() && s.intent.Offer.Covers(n.id) && !slices.Contains(n.req.Guards.IgnoreOrders, s.order) {
			last = s
		}
	}
	return last
}

// resumable refuses to go on with a renewal that is not what the request wants, or
// whose services are, by now, not to be renewed. What is paid is gone on with.
func (n *renewal) resumable(ctx context.Context, e *errand) error {
	if e.paid() != PaidNo {
		return nil
	}
	if err := All(n.req.Rules...)(e.in.Offer); err != nil {
		return refuse(ErrOpenOrder, "order %d was begun by a request for something else (%v): it lapses unpaid", e.l.story.order, err)
	}
	for _, id := range e.in.Services {
		snapshot, err := ReadService(ctx, n.c, id)
		if err != nil {
			return err
		}
		if err := n.req.guard(snapshot, id == n.id, e.in.Offer.Period, today()); err != nil {
			return err
		}
	}
	return nil
}

// propose reads what can be had and checks it. A receipt instead of a proposal says
// that the work is done.
func (n *renewal) propose(ctx context.Context) (*Proposal, *Receipt, error) {
	q := inquiry{r: n.c, req: n.req, id: n.id, tell: n.tell, stop: true, done: n.done}
	proposal, err := q.run(ctx)
	if receipt := q.receipt; receipt != nil {
		return nil, receipt, nil
	}
	if err != nil {
		return nil, nil, n.fail(q.step, err)
	}
	return proposal, nil, nil
}

// done finds the receipt of an earlier run, if what the request wants is what that
// run did and nothing has happened to the service since.
func (n *renewal) done(s Service) *Receipt {
	for _, story := range stories(n.ledger.Records()) {
		if story.receipt == nil || All(n.req.Rules...)(story.intent.Offer) != nil {
			continue
		}
		for _, renewed := range story.receipt.Services {
			if renewed.ServiceID != n.id || renewed.To != s.Expiry {
				continue
			}
			again := n.req.From.IsZero() && !n.req.Guards.Early &&
				n.req.Guards.Due(s, story.intent.Offer.Period, today()) == nil
			if !again && (n.req.From.IsZero() || n.req.From == renewed.From) {
				receipt := *story.receipt
				receipt.Already = true
				return &receipt
			}
		}
	}
	return nil
}

// begin claims the services of a proposal.
func (n *renewal) begin(p *Proposal) (*errand, error) {
	in := p.Intent(n.req.Limit)
	in.Guards, in.Patience = n.req.Guards, n.req.Patience
	if err := in.check("Renew"); err != nil {
		return nil, err
	}
	if err := n.claim(in.Services...); err != nil {
		return nil, err
	}
	for _, s := range stories(n.ledger.Records()) {
		if s.open() && s.intent.key() != in.key() && !slices.Contains(in.Guards.IgnoreOrders, s.order) {
			return nil, refuse(ErrOpenOrder, "a renewal of %s is under way (order %d)", s.intent.Offer, s.order)
		}
	}
	e := newErrand(n.c, n.ledger, in, n.req.book)
	e.tell = n.tell
	return e, nil
}

func (n *renewal) tell(p Progress) {
	if n.req.Progress != nil {
		n.req.Progress(p)
	}
}

func (n *renewal) fail(step Step, err error) error {
	failed := &StepError{Step: step, Service: n.req.Service, Order: n.order.OrderID, Link: n.order.URL, Paid: PaidNo, Err: err}
	if e := n.errand; e != nil {
		failed.Paid = e.paid()
		if failed.Order == 0 {
			failed.Order = e.l.story.order
		}
	}
	return failed
}

func today() Date { return DateOf(time.Now()) }
