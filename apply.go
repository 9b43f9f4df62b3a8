package ovhrenew

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// Application is how a plan is carried out. Nothing in its zero value lets anything
// be spent: the payment has to be named, and the plan has the limits.
type Application struct {
	// PayWith is how to pay each order, as in [Request].
	PayWith Payment
	// Journal takes up what an earlier application of the plan has left; nil: no
	// journal, and after a stop the guards may refuse what was begun.
	Journal Journal
	// Workers is how many items are renewed at once; 4 if zero. The client's Limiter
	// paces them all the same.
	Workers int
	// StopAfter is how many items may fail before no further one is begun; 0: all.
	// Items that are refused since something has changed since the plan was made are
	// no failures.
	StopAfter int
	// GoOnWhenUnsure begins further items although the outcome of one is unsure.
	GoOnWhenUnsure bool
	// Patience is how long to look for what came of each item.
	Patience Patience
	// Progress, if set, hears of each item when it is begun and when it is done. It is
	// called by one goroutine at a time.
	Progress func(ItemProgress)
}

// ItemProgress is an item that has been begun, or with a Report, that is done.
type ItemProgress struct {
	// Index is the item's place in the plan, from 0 on, of Items many.
	Index, Items int
	Item         PlanItem
	Report       *ItemReport
}

// Outcome is what became of an item.
type Outcome string

// The outcomes of an item.
const (
	// OutcomeRenewed is paid, delivered, and seen in the expiries.
	OutcomeRenewed Outcome = "renewed"
	// OutcomePaid is paid, and not seen in the expiries yet: apply again to look.
	OutcomePaid Outcome = "paid"
	// OutcomeOrdered is ordered and certainly not paid: the order lapses by itself.
	OutcomeOrdered Outcome = "ordered"
	// OutcomeRefused is neither ordered nor paid.
	OutcomeRefused Outcome = "refused"
	// OutcomeUnsure may have been paid: apply again to settle it.
	OutcomeUnsure Outcome = "unsure"
	// OutcomeSkipped was not begun.
	OutcomeSkipped Outcome = "skipped"
)

// ItemReport is what became of an item of a plan.
type ItemReport struct {
	Item    PlanItem `json:"item"`
	Outcome Outcome  `json:"outcome"`
	// Why says it in words; empty for what was renewed.
	Why string `json:"why,omitempty"`
	// Order is the order, 0 if there is none.
	Order OrderID `json:"order,omitempty"`
	// Spent is what was paid, or, as long as that is not certain, what may have been:
	// tax included.
	Spent Money `json:"spent"`
	// Services are the old and the new expiries of what was renewed.
	Services []Renewed `json:"services,omitempty"`
	// Already says that an earlier application had renewed it.
	Already bool `json:"already,omitempty"`
	// Err is the [*StepError] of an item that failed; nil else.
	Err error `json:"-"`
}

// Report is what became of a plan.
type Report struct {
	Began time.Time    `json:"began"`
	Ended time.Time    `json:"ended"`
	Items []ItemReport `json:"items"`
}

// Apply carries out a plan: exactly its items, each by [Renew] and its guards, in
// the plan's order. An item whose price or expiries are no longer the plan's is
// refused and leaves the others alone. What is spent stays within the plan's totals
// for each currency; what may have been spent counts as spent.
//
// It can be applied again after any stop, with the same journal: what is renewed is
// found renewed, and what was begun is gone on with.
//
// The report has every item. The error is [ErrBadInput] for a plan or an application
// that cannot be carried out, of which nothing is; what goes wrong with an item is
// in the report.
func Apply(ctx context.Context, c Client, plan *Plan, how Application) (*Report, error) {
	if plan == nil {
		return nil, badInput("Apply", "plan", nil, "is missing")
	}
	if err := errors.Join(plan.Check(), how.check()); err != nil {
		return nil, err
	}
	a := &application{
		c: c, plan: plan, how: how, book: newOrderBook(c), left: map[Currency]Money{},
		report: &Report{Began: time.Now().UTC(), Items: make([]ItemReport, len(plan.Items))},
	}
	for _, total := range plan.Policy.Total {
		a.left[total.Currency()] = total
	}
	queue := make(chan int)
	var workers sync.WaitGroup
	for range min(how.workers(), len(plan.Items)) {
		workers.Go(func() {
			for i := range queue {
				a.item(ctx, i)
			}
		})
	}
	for i := range plan.Items {
		queue <- i
	}
	close(queue)
	workers.Wait()
	a.report.Ended = time.Now().UTC()
	return a.report, nil
}

const defaultApplyWorkers = 4

func (how Application) workers() int {
	if how.Workers == 0 {
		return defaultApplyWorkers
	}
	return how.Workers
}

func (how Application) check() error {
	const call = "Apply"
	switch {
	case how.Workers < 0:
		return badInput(call, "Application.Workers", how.Workers, "is negative")
	case how.StopAfter < 0:
		return badInput(call, "Application.StopAfter", how.StopAfter, "is negative")
	}
	return errors.Join(checkPayment(call, "Application.PayWith", how.PayWith), how.Patience.check(call))
}

// application is one run of Apply.
type application struct {
	c    Client
	plan *Plan
	how  Application
	book *orderBook

	payable atomic.Bool // how.PayWith was found usable

	mu       sync.Mutex
	left     map[Currency]Money // of each total; an item takes its whole limit
	failures int
	stopped  string // why no further item is begun
	report   *Report

	telling sync.Mutex
}

// item carries out one item, or says why it was not begun.
func (a *application) item(ctx context.Context, i int) {
	item := a.plan.Items[i]
	report := ItemReport{Item: item}
	if why := a.mayBegin(ctx); why != "" {
		report.Outcome, report.Why = OutcomeSkipped, why
	} else if why := a.take(item.Limit); why != "" {
		report.Outcome, report.Why = OutcomeSkipped, why
	} else {
		a.tell(ItemProgress{Index: i, Items: len(a.plan.Items), Item: item})
		a.renew(ctx, &report)
	}
	a.mu.Lock()
	a.report.Items[i] = report
	a.count(report)
	a.mu.Unlock()
	a.tell(ItemProgress{Index: i, Items: len(a.plan.Items), Item: item, Report: &report})
}

// take sets an item's limit aside, or says why it cannot. [Plan.Check] has bounded
// the sum of the limits by the totals.
func (a *application) take(limit Money) string {
	a.mu.Lock()
	defer a.mu.Unlock()
	total := a.left[limit.Currency()]
	left, err := total.Sub(limit)
	if err != nil || left.Sign() < 0 {
		return fmt.Sprintf("over budget: it may cost %s, and %s is left", limit, total)
	}
	a.left[limit.Currency()] = left
	return ""
}

func (a *application) mayBegin(ctx context.Context) string {
	if err := ctx.Err(); err != nil {
		return err.Error()
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.stopped
}

// count applies the rules for stopping.
func (a *application) count(report ItemReport) {
	switch report.Outcome {
	case OutcomeUnsure:
		a.failures++
		if !a.how.GoOnWhenUnsure && a.stopped == "" {
			a.stopped = fmt.Sprintf("stopped: the outcome of order %d is unsure", report.Order)
		}
	case OutcomeOrdered, OutcomePaid:
		a.failures++
	case OutcomeRefused:
		if !changed(report.Err) {
			a.failures++
		}
	}
	if a.how.StopAfter > 0 && a.failures >= a.how.StopAfter && a.stopped == "" {
		a.stopped = fmt.Sprintf("stopped after %d failures", a.failures)
	}
}

// changed reports whether an item was refused since the account is no longer what
// the plan was made from.
func changed(err error) bool {
	for _, target := range []error{ErrNoStrategy, ErrExpiryMoved, ErrPriceChanged, ErrOverLimit, ErrAutoRenew, ErrState, ErrOpenOrder, ErrNotFound} {
		if errors.Is(err, target) {
			return true
		}
	}
	return false
}

// renew carries out one item. A panic, of a Client or a Journal from elsewhere, is
// this item's and nobody knows what it left: its outcome is unsure.
func (a *application) renew(ctx context.Context, report *ItemReport) {
	defer func() {
		if panicked := recover(); panicked != nil {
			report.Outcome, report.Spent = OutcomeUnsure, report.Item.Limit
			report.Err = fmt.Errorf("%w: panic: %v", ErrUnsure, panicked)
			report.Why = report.Err.Error()
		}
	}()
	receipt, err := Renew(ctx, a.c, a.request(report.Item))
	if receipt != nil && err == nil {
		report.Outcome, report.Order, report.Spent = OutcomeRenewed, receipt.Order, receipt.Price
		report.Services, report.Already = receipt.Services, receipt.Already
		return
	}
	report.Err, report.Why = err, err.Error()
	failed, ok := errors.AsType[*StepError](err)
	if changed := report.Item.changedPrice(err); ok && changed != nil {
		failed.Err = changed
		report.Why = failed.Error()
	}
	if !ok {
		report.Outcome, report.Spent = OutcomeUnsure, report.Item.Limit
		return
	}
	report.Order = failed.Order
	switch {
	case failed.Paid == PaidYes:
		report.Outcome, report.Spent = OutcomePaid, report.Item.Limit
	case errors.Is(err, ErrUnsure):
		report.Outcome, report.Spent = OutcomeUnsure, report.Item.Limit
	case failed.Order != 0:
		report.Outcome = OutcomeOrdered
	default:
		report.Outcome = OutcomeRefused
	}
}

// request is the renewal of an item: nothing but what the plan says.
func (a *application) request(item PlanItem) Request {
	expiries := make(map[ServiceID]Date, len(item.Services))
	for _, service := range item.Services {
		expiries[service.ID] = service.Expiry
	}
	return Request{
		Service:  ID(item.Via),
		Rules:    []Rule{For(item.Period), Only(item.ServiceIDs()...), costs(item.Price)},
		Limit:    item.Limit,
		PayWith:  a.how.PayWith,
		From:     expiries[item.Via],
		Guards:   a.plan.Policy.Guards(),
		Patience: a.how.Patience,
		Journal:  a.how.Journal,
		expiries: expiries,
		book:     a.book,
		payable:  &a.payable,
	}
}

// costs accepts offers at exactly this price before tax.
func costs(price Money) Rule {
	return func(o Offer) error {
		if o.Price() != price {
			return refuse(ErrPriceChanged, "%s before tax, and %s when the plan was made", o.Price(), price)
		}
		return nil
	}
}

// changedPrice is why the item's own offer was refused, if it was so for its price:
// the service's other offers are no reason.
func (item PlanItem) changedPrice(err error) error {
	none, ok := errors.AsType[*NoStrategyError](err)
	if !ok {
		return nil
	}
	own := All(For(item.Period), Only(item.ServiceIDs()...))
	for _, refusal := range none.Refusals {
		if own(refusal.Offer) == nil && errors.Is(refusal.Reason, ErrPriceChanged) {
			return refusal.Reason
		}
	}
	return nil
}

func (a *application) tell(p ItemProgress) {
	if a.how.Progress == nil {
		return
	}
	a.telling.Lock()
	defer a.telling.Unlock()
	a.how.Progress(p)
}
