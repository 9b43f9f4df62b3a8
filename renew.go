package ovhrenew

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Request is a renewal that is wanted. Nothing in its zero value lets anything be
// spent: service, limit, payment and journal have to be named.
type Request struct {
	// Service is what to renew: a [Name], a [Route] or an [ID].
	Service Target
	// IncludeOptions asks for the offers with the service's options.
	IncludeOptions bool
	// Every rule must accept the offer. Prefer chooses among the offers they accept.
	Rules  []Rule
	Prefer Preference
	// Limit is what may be spent, tax included. It has no default.
	Limit Money
	// PayWith is how to pay: a [Method], a [Mean] or the [DefaultMethod]. It has no
	// default, and no other is ever tried. Preview does not need it, but checks it.
	PayWith Payment
	// From is the expiry of the service that is to be renewed from. If set, the
	// service is renewed from no other day, and may be renewed before it is due: run
	// twice, it renews once.
	From Date
	// Guards configures the checks, Patience how long to look for what came of a call.
	Guards   Guards
	Patience Patience
	// Journal takes up what an earlier run has left. It has no default: [NoJournal] is
	// the choice to run without one.
	Journal Journal
	// Approve, if not nil, is asked about the order before it is paid. It needs a
	// journal, which remembers a no.
	Approve Approver
	// Progress, if not nil, is called after each step.
	Progress func(Progress)
}

func (req Request) check(call string) error {
	if req.Service == (Target{}) {
		return badInput(call, "Request.Service", "", "names no service")
	}
	return errors.Join(req.Guards.check(call), req.Patience.check(call))
}

func (req Request) checkSpend(call string) error {
	if req.Approve != nil && req.Journal == NoJournal {
		return badInput(call, "Request.Approve", nil, "needs a journal: without one there is nowhere to remember a no")
	}
	return errors.Join(checkSpending(call, "Request", req.Limit, req.PayWith), checkJournal(call, "Request.Journal", req.Journal), req.check(call))
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
	StepSettle Step = "settle" // the order is looked at before it can be paid, or after
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
	// Until is when the account is looked at again, with StepSettle.
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
	PaidNo     Paid = "no"     // no run with this journal has paid for it; where it could not be read, this run has not
	PaidUnsure Paid = "unsure" // a call was sent whose outcome is not known, or an order is there that may be one's own
	PaidYes    Paid = "yes"    // the payment was taken
)

// StepError says how far a renewal came before it failed. errors.Is finds
// [ErrUnsure] if money may have moved, and whatever Err is.
type StepError struct {
	Step    Step
	Service Target
	// Order is the order, 0 if there is none. Unpaid, it costs nothing and lapses.
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
	money := map[Paid]string{PaidYes: "paid", PaidUnsure: "may have been paid"}[e.Paid]
	switch {
	case e.Order != 0:
		fmt.Fprintf(&b, " [order %d, %s]", e.Order, cmp.Or(money, "not paid by this journal's runs"))
	case e.Paid == PaidUnsure:
		b.WriteString(" [may have been ordered]")
	case e.Paid == PaidYes:
		b.WriteString(" [paid]")
	default:
		b.WriteString(" [nothing was ordered or paid]")
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *StepError) Unwrap() error { return e.Err }

// Is makes a StepError whose money is unsure an ErrUnsure.
func (e *StepError) Is(target error) bool { return target == ErrUnsure && e.Paid == PaidUnsure }

// Renewed is a service with its expiry before and after.
type Renewed struct {
	ServiceID ServiceID `json:"serviceId"`
	Name      string    `json:"name"`
	From      Date      `json:"from"`
	To        Date      `json:"to"`
}

// Receipt is a renewal that was paid and seen.
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
	// Unexpected says that an expiry has moved to another day than the period leads to.
	Unexpected bool `json:"unexpected,omitempty"`
	// Already says that an earlier run had done the work.
	Already bool `json:"already,omitempty"`
}

// Renew renews a service and returns once the expiry of every service of the offer
// has been seen to have moved. It finds the service, selects an offer, asks for a
// quote, orders, pays and watches, and it refuses rather than guesses: see [Guards].
//
// It sends at most one payment. It can be run again after any stop: with the same
// journal it resumes what was begun, and without one it refuses until what was begun has
// come to its end. If the work is done, it returns the receipt with Already set; without
// a journal, the error is [ErrNotDue] or [ErrExpiryMoved].
//
// If an expiry has moved to an unexpected day, Renew returns the receipt, so marked, and
// an error that is [ErrMismatch].
//
// The error is a [*StepError]: which step failed, the order, and whether money may
// have moved. Unless errors.Is finds [ErrUnsure], that is known for certain.
// [ReactionTo] says what to do.
func Renew(ctx context.Context, c Client, req Request) (*Receipt, error) {
	receipt, err := renew(ctx, c, req)
	if failed, ok := errors.AsType[*StepError](err); ok {
		failed.Service = req.Service
	} else if err != nil {
		err = &StepError{Step: StepFind, Service: req.Service, Paid: PaidNo, Err: err}
	}
	return receipt, err
}

func renew(ctx context.Context, c Client, req Request) (*Receipt, error) {
	if c == nil {
		return nil, badInput("Renew", "c", nil, "is nil: want a Client, such as New makes")
	}
	if err := req.checkSpend("Renew"); err != nil {
		return nil, err
	}
	r, err := NewRunner(c, req.Journal)
	if err != nil {
		return nil, err
	}
	r.Approve = req.Approve
	return r.renew(ctx, req)
}

func (r *Runner) renew(ctx context.Context, req Request) (*Receipt, error) {
	id, err := Find(ctx, r.client, req.Service)
	if err != nil {
		return nil, err
	}
	task, states, err := r.resume(ctx, req, id)
	if err != nil {
		return nil, err
	}
	if task == nil {
		proposed, receipt, err := r.propose(ctx, req, id, states)
		if err != nil || receipt != nil {
			return receipt, err
		}
		task = &proposed
	}
	done, err := r.run(ctx, *task, req.Progress)
	return done.Receipt, err
}

// resume returns the task of a renewal that an earlier run has begun and the request
// wants, and otherwise what the journal has of the service. A renewal that was paid, or
// may have been, is brought to its end first, whatever is wanted now.
func (r *Runner) resume(ctx context.Context, req Request, id ServiceID) (*Task, []State, error) {
	for {
		states, err := r.states(ctx, id)
		if err != nil {
			return nil, nil, err
		}
		i := slices.IndexFunc(states, func(s State) bool {
			return s.Phase.Open() && !slices.Contains(req.Guards.IgnoreOrders, s.Order)
		})
		if i < 0 {
			return nil, states, nil
		}
		st := states[i]
		if req.wants(st.Task, id) {
			task := st.Task
			task.Limit, task.PayWith, task.Patience, task.Approve = req.Limit, req.PayWith, req.Patience, req.Approve != nil
			task.Guards = req.guards()
			return &task, states, nil
		}
		if st.Phase != PhasePaid && st.Phase != PhasePaying {
			return nil, states, nil // it is looked at when the services are claimed
		}
		if err := r.finish(ctx, st, req.Progress); err != nil {
			return nil, nil, err
		}
	}
}

// wants reports whether a task is what the request wants.
func (req Request) wants(t Task, id ServiceID) bool {
	return t.Offer.Covers(id) && All(req.Rules...)(t.Offer) == nil && (req.From.IsZero() || req.From == t.from(id))
}

// guards are the request's. Naming the expiry lifts the guard for what is not due.
func (req Request) guards() Guards {
	g := req.Guards
	g.Early = g.Early || !req.From.IsZero()
	return g
}

// states reads what the journal has of a service.
func (r *Runner) states(ctx context.Context, id ServiceID) ([]State, error) {
	if err := r.ready(ctx); err != nil {
		return nil, err
	}
	claim, err := r.claim(ctx, id)
	if err != nil {
		return nil, err
	}
	return claim.States(), journalError(claim.Release())
}

// finish brings to its end what a payment was sent for. It sends nothing.
func (r *Runner) finish(ctx context.Context, st State, tell func(Progress)) error {
	j, err := r.begin(ctx, st.Task, tell)
	if err != nil {
		return err
	}
	defer j.release()
	j.swept, j.task.Until = true, time.Time{}
	return j.run(ctx)
}
