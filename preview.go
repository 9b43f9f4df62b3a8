// These tests fail without it: TestPreviewNeverSpends, TestPaymentBeforeOrder, TestOlderListRefuses.

package ovhrenew

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Proposal is what a renewal would do.
type Proposal struct {
	Target   ServiceID
	Offers   []Offer   // all
	Offer    Offer     // the one chosen
	Refusals []Refusal // why the others were not
	Services []Service // those that the offer renews, as they are now
	Quote    Quote
	Blockers []error  // why Renew would refuse
	Notes    []string // what a person may have to look at; it blocks nothing
}

// NewExpiry returns the expiry of a service after the renewal.
func (p Proposal) NewExpiry(s Service) Date {
	date, _ := p.Offer.Period.AddTo(s.Expiry) // the zero date where there is none
	return date
}

// Preview returns what Renew would do, and why it would refuse. It cannot spend: a
// [Reader] has no method that could. Its credential needs the right to POST
// /service/{serviceId}/renew, which is how a quote is asked for. The error says what
// could not be read, or, as a [*NoStrategyError], why no offer fits.
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
	q := preview{r: r, req: req, id: id, read: func(ctx context.Context, id ServiceID) (Service, error) {
		return ReadService(ctx, r, id)
	}}
	return q.run(ctx)
}

// Propose returns the task of a renewal: what would be ordered, and for how much. It
// orders nothing. It must not be repeated once something was sent: the expiry would have
// moved. The error is a [*StepError].
// API: GET /service/{serviceId}/renew, POST /service/{serviceId}/renew with dryRun true
func (r *Runner) Propose(ctx context.Context, req Request) (Task, error) {
	task, err := r.proposed(ctx, req)
	if failed, ok := errors.AsType[*StepError](err); ok {
		failed.Service = cmp.Or(failed.Service, req.Service)
	} else if err != nil {
		err = &StepError{Step: StepFind, Service: req.Service, Paid: PaidNo, Err: err}
	}
	return task, err
}

func (r *Runner) proposed(ctx context.Context, req Request) (Task, error) {
	if err := errors.Join(req.check("Propose"), checkSpending("Propose", "Request", req.Limit, req.PayWith)); err != nil {
		return Task{}, err
	}
	id, err := Find(ctx, r.client, req.Service)
	if err != nil {
		return Task{}, err
	}
	states, err := r.states(ctx, id, req.Service.name)
	if err != nil {
		return Task{}, err
	}
	task, receipt, err := r.propose(ctx, req, id, states)
	if receipt != nil {
		task = Task{Target: id, Phase: PhaseRenewed, Order: receipt.Order, Receipt: receipt}
	}
	return task, err
}

// propose makes the task, or returns the receipt of an earlier run that has done it.
func (r *Runner) propose(ctx context.Context, req Request, id ServiceID, states []State) (Task, *Receipt, error) {
	q := preview{r: r.client, req: req, id: id, stop: true, states: states, read: func(ctx context.Context, id ServiceID) (Service, error) {
		service, _, err := r.service(ctx, id, time.Now().Add(-maxLook/2))
		return service, err
	}}
	p, err := q.run(ctx)
	switch {
	case q.receipt != nil:
		return Task{}, q.receipt, nil
	case err != nil:
		failed := &StepError{Step: q.step, Service: p.target(req.Service), Paid: PaidNo, Err: err}
		if now, err := r.states(ctx, id, req.Service.name); err == nil { // what has come of it meanwhile
			states = now
		} else if errors.Is(err, ErrBusy) {
			failed.Paid = PaidUnsure
		}
		for _, st := range states {
			if st.Phase.Open() && failed.Paid == PaidNo && !slices.Contains(req.Guards.IgnoreOrders, st.Order) {
				failed.Order, failed.Paid = st.Order, st.Phase.paid()
			}
		}
		return Task{}, nil, failed
	}
	task := p.task(req, q.along)
	return task, nil, task.Check("Propose")
}

// name is that of a service as far as it is known.
func (p *Proposal) name(id ServiceID) string {
	for _, s := range p.Services {
		if s.ID == id && s.Name != "" {
			return s.Name
		}
	}
	return p.Offer.Name(id)
}

// target is the service that was asked for, with its name and its id if both are known.
func (p *Proposal) target(asked Target) Target {
	if name := p.name(p.Target); name != p.Target.String() {
		return Target{name: name, id: p.Target}
	}
	return asked
}

func (p *Proposal) task(req Request, along []Offer) Task {
	t := Task{
		Target: p.Target, Offer: p.Offer, Quoted: p.Quote.PriceWithTax,
		Limit: req.Limit, PayWith: req.PayWith, Guards: req.guards(), Patience: req.Patience, Approve: req.Approve != nil,
	}
	for _, s := range p.Services {
		t.Services = append(t.Services, Renewed{ServiceID: s.ID, Name: p.name(s.ID), From: s.Expiry, To: p.NewExpiry(s)})
	}
	for _, offer := range slices.Concat(p.Offers, along) {
		if !slices.Contains(t.Prices, offer.Price()) {
			t.Prices = append(t.Prices, offer.Price())
		}
	}
	return t
}

type preview struct {
	r      Reader
	read   func(context.Context, ServiceID) (Service, error)
	req    Request
	id     ServiceID
	stop   bool    // at the first guard that refuses
	states []State // that the journal has of the service

	step     Step
	today    Date
	now      time.Time
	proposal Proposal
	along    []Offer // of the other services that the offer renews
	receipt  *Receipt
}

var errDone = errors.New("done already")

func (q *preview) run(ctx context.Context) (*Proposal, error) {
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
		if q.req.Progress != nil {
			q.req.Progress(Progress{Step: s.step, Proposal: &q.proposal})
		}
	}
	return &q.proposal, nil
}

// refused notes a guard's refusal; it is an error if it is to stop there.
func (q *preview) refused(err error) error {
	if err == nil || q.stop {
		return err
	}
	if !slices.ContainsFunc(q.proposal.Blockers, func(known error) bool { return known.Error() == err.Error() }) {
		q.proposal.Blockers = append(q.proposal.Blockers, err)
	}
	return nil
}

// lookAtTarget checks the service before anything is asked about it: most runs of a
// nightly job end here.
func (q *preview) lookAtTarget(ctx context.Context) error {
	var err error
	if q.now, err = q.r.Time(ctx); err != nil {
		return err
	}
	q.today = DateOf(q.now)
	service, err := q.read(ctx, q.id)
	if err != nil {
		return err
	}
	if service, err = q.debts(ctx, service); err == nil {
		err = service.at(q.req.Service)
	}
	if err != nil {
		return err
	}
	q.proposal.Services = []Service{service}
	if q.receipt = q.done(service); q.receipt != nil {
		return errDone
	}
	// The period is not known yet: for the longest window, so that a refusal stands.
	return q.guard(service, "")
}

// debts completes a service from the account's older list, which alone knows debts and what
// was paid once. Where it does not answer, what is known is enough. What
// renews a service that is plainly renewed by hand does not spend a request on it: an order
// for it costs nothing, and its payment renews what was asked for.
func (q *preview) debts(ctx context.Context, s Service) (Service, error) {
	if s.Billing != "" || s.Type != "" || q.stop && s.Mode == ModeManual {
		return s, nil
	}
	listed, err := q.r.ListedService(ctx, s.ID)
	if err != nil {
		return s, ctx.Err()
	}
	s.Billing, s.Type = listed.Billing, listed.Type
	return s, nil
}

// done finds the receipt of an earlier run, if what the request wants is what that run
// did, and nothing has happened to the service since.
func (q *preview) done(service Service) *Receipt {
	for _, st := range q.states {
		if st.Receipt == nil || All(q.req.Rules...)(st.Task.Offer) != nil {
			continue
		}
		for _, renewed := range st.Receipt.Services {
			if renewed.ServiceID != q.id || renewed.To != service.Expiry {
				continue
			}
			again := q.req.From.IsZero() && (q.req.Guards.Early && q.now.Sub(st.Receipt.Verified) > recently ||
				!q.req.Guards.Early && q.req.Guards.Due(service, st.Task.Offer.Period, q.today) == nil)
			if !again && (q.req.From.IsZero() || q.req.From == renewed.From) {
				receipt := *st.Receipt
				receipt.Already = true
				return &receipt
			}
		}
	}
	return nil
}

func (q *preview) listOffers(ctx context.Context) error {
	descriptions, err := q.r.Renewals(ctx, q.id, q.req.IncludeOptions)
	if errors.Is(err, ErrUnsupported) {
		err = fmt.Errorf("%w: set the service to renew by itself instead (package autorenew)", err)
	}
	q.proposal.Offers = Offers(q.id, descriptions)
	return err
}

func (q *preview) choose(context.Context) error {
	rules := append([]Rule{Including(q.id), sound}, q.req.Rules...)
	var err error
	q.proposal.Offer, q.proposal.Refusals, err = Select(q.proposal.Offers, q.req.Prefer, rules...)
	return err
}

func sound(o Offer) error {
	if !o.Period.Known() {
		return fmt.Errorf("has a period, %q, whose length is not known", o.Period)
	}
	if len(o.Services()) != len(o.Strategy.Services) {
		return errors.New("names a service twice")
	}
	switch price := o.Price(); {
	case price.Currency() == "" && price.Ucents() != 0:
		return fmt.Errorf("has a price of %s without a currency, which no limit bounds", price)
	case price.Currency() == "":
		return errors.New("has no price")
	}
	return o.check("Select")
}

func (q *preview) lookAtServices(ctx context.Context) error {
	p := &q.proposal
	target := p.Services[0]
	p.Services = nil
	for _, id := range p.Offer.Services() {
		service := target
		if id != q.id {
			var err error
			if service, err = q.read(ctx, id); err != nil {
				return err
			}
			service.Name = cmp.Or(service.Name, p.Offer.Name(id))
			// Somebody may order it by an offer that is not listed under the target.
			more, err := q.r.Renewals(ctx, id, q.req.IncludeOptions || service.Parent != 0)
			if err != nil && (!notExecuted(err) || errors.Is(err, ErrIAM) || errors.Is(err, ErrNotGranted)) {
				return err
			}
			q.along = append(q.along, Offers(id, more)...)
		}
		p.Services = append(p.Services, service)
		if err := q.guard(service, p.Offer.Period); err != nil {
			return err
		}
	}
	return nil
}

func (q *preview) guard(s Service, period Period) error {
	target := s.ID == q.id
	if from := q.req.From; target && !from.IsZero() && s.Expiry != from {
		why := ""
		if s.Expiry.After(from) {
			why = ": it has been renewed already, or is being"
		}
		return q.refused(s.refuse(ErrExpiryMoved, "it expires on %s, not on %s%s", s.Expiry, from, why))
	}
	return q.refused(q.req.guards().service(s, period, q.today, target, true))
}

func (q *preview) quote(ctx context.Context) error {
	quote, err := q.r.Quote(ctx, q.proposal.Offer)
	if err != nil {
		return err
	}
	q.proposal.Quote = quote
	return q.refused(checkLimit(quote.PriceWithTax, q.req.Limit))
}

func (q *preview) lookAtAccount(ctx context.Context) error {
	if q.req.PayWith != nil {
		// A typing error, or a card that has expired, is found while there is no order
		// yet that would be left unpaid.
		note, err := checkAccount(ctx, q.r, q.req.PayWith)
		if note != "" {
			q.proposal.Notes = append(q.proposal.Notes, note)
		}
		if errors.Is(err, ErrNoPayment) {
			if err := q.refused(err); err != nil {
				return err
			}
		} else if err != nil {
			return err
		}
	}
	if q.stop {
		return nil // ordering looks at orders itself
	}
	return q.lookAtOrders(ctx)
}

func (q *preview) lookAtOrders(ctx context.Context) error {
	task := q.proposal.task(q.req, q.along)
	b := newBook(q.r, NoJournal, "")
	if q.req.Journal != nil && q.req.Journal != NoJournal {
		account, err := q.r.Account(ctx)
		if err != nil {
			return err
		}
		b = newBook(q.r, q.req.Journal, account)
	}
	if _, err := b.refresh(ctx, time.Now(), 0, task.patience().Settle); err != nil {
		return err
	}
	means, found, err := rivals{book: b, task: task, now: q.now}.look(ctx)
	switch {
	case err != nil:
		return err
	case means == othersClear || means == othersNamed:
		return nil
	}
	_, text := inTheWay(found)
	return q.refused(refuse(ErrForeignOrder, "%s", text))
}
