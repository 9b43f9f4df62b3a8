// These tests fail without it: TestRenewGuide, TestRenewFails, TestRenewInSpiteOf.

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

// Request is a renewal that is wanted. Its zero value spends nothing: service, limit,
// payment and journal have to be named.
type Request struct {
	Service        Target // a [Name], a [Route] or an [ID]
	IncludeOptions bool   // ask for the offers with the service's options
	// Every rule must accept the offer. Prefer chooses among the offers they accept.
	Rules    []Rule
	Prefer   Preference
	Limit    Money   // the most that may be spent, tax included
	PayWith  Payment // a [Method], a [Mean] or the [DefaultMethod]; no other is tried
	From     Date    // if set, the only expiry to renew from, due or not
	Guards   Guards
	Patience Patience
	Journal  Journal // resumes what an earlier run has begun; [NoJournal] to run without one
	// Approve, if not nil, is asked about the order before it is paid. It needs a
	// journal, which remembers a no.
	Approve  Approver
	Progress func(Progress) // if not nil, called after each step
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
	StepSettle Step = "settle" // look at the order before it can be paid, or after
	StepPay    Step = "pay"
	StepWatch  Step = "watch"
	StepVerify Step = "verify"
)

// Progress is a step that is done, with what it brought.
type Progress struct {
	Step     Step
	Proposal *Proposal   // what is known so far, up to StepQuote
	Order    Order       // from StepOrder on
	Until    time.Time   // of the next look, with StepSettle
	Status   OrderStatus // with StepWatch
	Renewed  []Renewed   // with StepVerify
}

// Paid is what is known of a renewal's money.
type Paid string

// What can be known of the money.
const (
	PaidNo     Paid = "no"     // no run with this journal has paid; where it was not read, or the claim was lost, this run has not
	PaidUnsure Paid = "unsure" // an outcome is not known, or an order may be this journal's
	PaidYes    Paid = "yes"    // the payment was taken
)

// StepError says how far a renewal came before it failed. It is an [ErrUnsure] if money
// may have moved.
type StepError struct {
	Step    Step
	Service Target  // with its name and its id, if both are known
	Order   OrderID // 0 if there is none
	Link    Secret  // where a person can look at the order and pay it
	Paid    Paid
	Err     error
}

func (e *StepError) Error() string {
	var b strings.Builder
	if e.Service != (Target{}) {
		fmt.Fprintf(&b, "renewing %s: ", e.Service)
	}
	// What was refused before the first step names the call instead.
	if e.Step != "" && (e.Step != StepFind || !errors.Is(e.Err, ErrBadInput)) {
		fmt.Fprintf(&b, "%s: ", e.Step)
	}
	if e.Err != nil {
		b.WriteString(strings.TrimPrefix(inLine(e.Err), e.Service.String()+": "))
	}
	answer, refused := errors.AsType[*Error](e.Err)
	money := map[Paid]string{PaidYes: "paid", PaidUnsure: "may have been paid"}[e.Paid]
	switch {
	case e.Order != 0:
		fmt.Fprintf(&b, " [order %d, %s]", e.Order, cmp.Or(money, "not paid by this journal's runs"))
	case e.Paid == PaidUnsure:
		b.WriteString(" [may have been ordered]")
	case e.Paid == PaidYes:
		b.WriteString(" [paid]")
	case refused && e.Step == StepOrder && strings.HasPrefix(answer.Call, "POST "):
		b.WriteString(" [the order was refused, nothing was paid]")
	default:
		b.WriteString(" [nothing was ordered or paid]")
	}
	return b.String()
}

func (e *StepError) Unwrap() error { return e.Err }

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
	Services        []Renewed `json:"services"`
	Period          Period    `json:"period"`
	Order           OrderID   `json:"order"`
	Price           Money     `json:"price"` // what was paid, tax included
	PriceWithoutTax Money     `json:"priceWithoutTax"`
	Tax             Money     `json:"tax"`
	// PaidWith is the way to pay, or "somebody else"; both, if either may have paid.
	PaidWith   string    `json:"paidWith"`
	PaidAfter  time.Time `json:"paidAfter,omitzero"`  // it was paid after this,
	PaidBefore time.Time `json:"paidBefore,omitzero"` // and before this, by the API's clock
	Verified   time.Time `json:"verified"`
	Unexpected bool      `json:"unexpected,omitempty"` // an expiry is another day than the period leads to
	Already    bool      `json:"already,omitempty"`    // an earlier run had done the work
}

// Renew renews a service and returns when the expiry of every service of the offer has
// moved. It finds the service, selects an offer, asks for a quote, orders, pays and
// watches. It sends at most one payment, and it can be run again after any stop: with the same
// journal it resumes what was begun, and without one it refuses until that has come to
// its end. If the work is done already, it returns the receipt with Already set; without
// a journal, the error is [ErrNotDue] or [ErrExpiryMoved].
//
// The error is a [*StepError]: the step, the order, and whether money may have moved. If
// it is [ErrMismatch], the receipt is returned as well.
func Renew(ctx context.Context, c Client, req Request) (*Receipt, error) {
	receipt, err := renew(ctx, c, req)
	if failed, ok := errors.AsType[*StepError](err); ok {
		failed.Service = cmp.Or(failed.Service, req.Service)
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
	if err == nil && req.Service.route != "" { // before a renewal of another is resumed
		var service Service
		if service, _, err = r.service(ctx, id, time.Now().Add(-maxLook/2)); err == nil {
			err = service.at(req.Service)
		}
	}
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
	return done.Receipt, task.about(id, err)
}

// resume returns the task of a renewal that an earlier run has begun and the request
// wants, and otherwise what the journal has of the service. A renewal that was paid, or
// may have been, is brought to its end first, whatever is wanted now.
func (r *Runner) resume(ctx context.Context, req Request, id ServiceID) (*Task, []State, error) {
	for {
		states, err := r.states(ctx, id, req.Service.name)
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
		if st.Phase != PhasePaid && !st.Phase.sent() {
			return nil, states, nil // it is looked at when the services are claimed
		}
		if err := r.finish(ctx, st, req.Progress); err != nil {
			return nil, nil, st.Task.about(id, err)
		}
	}
}

func (req Request) wants(t Task, id ServiceID) bool {
	return t.Offer.Covers(id) && All(req.Rules...)(t.Offer) == nil && (req.From.IsZero() || req.From == t.service(id).From)
}

// guards are the request's. Naming the expiry lifts the guard for what is not due.
func (req Request) guards() Guards {
	g := req.Guards
	g.Early = g.Early || !req.From.IsZero()
	return g
}

func (r *Runner) states(ctx context.Context, id ServiceID, name string) ([]State, error) {
	if err := r.ready(ctx); err != nil {
		return nil, err
	}
	claim, err := r.claim(ctx, func(ServiceID) string { return name }, id)
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
