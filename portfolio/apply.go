package portfolio

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ovhrenew/ovhrenew"
)

// Options is how a plan is applied.
type Options struct {
	// PayWith is how to pay each order, as in [ovhrenew.Request].
	PayWith ovhrenew.Payment
	// Journal takes up what an earlier application of the plan has left. It has no
	// default: [ovhrenew.NoJournal] is the choice to run without one.
	Journal ovhrenew.Journal
	// Approve, if not nil, is asked about each order before it is paid. It needs a
	// journal.
	Approve ovhrenew.Approver
	// Patience is how long to look for what came of each item. The pauses in which items
	// wait for each other shrink with a Poll below 2 seconds.
	Patience ovhrenew.Patience
	// Workers is how many requests may wait for an answer at once. If zero, it is 4.
	// The client's Limiter paces them all the same.
	Workers int
	// StopAfter is how many items may fail before no further one is begun. If zero, all
	// may. Items that are refused because the account is no longer what the plan was made
	// from do not count.
	StopAfter int
	// GoOnWhenUnsure begins further items although it is not known whether one was paid.
	GoOnWhenUnsure bool
	// FirstWithOthers begins all items at once. Otherwise, until the journal holds one
	// verified renewal of the account, one item is paid and verified before the second
	// is begun: should anything about the account be misunderstood, it costs one order.
	FirstWithOthers bool
	// Progress, if not nil, is called after each change, by one goroutine at a time.
	Progress func(Progress)
}

const defaultCalls = 4

func (o Options) check() error {
	const call = "Apply"
	if o.Journal == nil {
		return &ovhrenew.InputError{Call: call, Field: "Options.Journal", Why: "is missing: set it to the journal of OpenJournal, or to NoJournal to apply without one"}
	}
	if o.PayWith == nil {
		return &ovhrenew.InputError{Call: call, Field: "Options.PayWith", Why: "is missing: it says how to pay", Err: ovhrenew.ErrNoPayment}
	}
	for _, field := range []struct {
		name  string
		value int
	}{{"Workers", o.Workers}, {"StopAfter", o.StopAfter}} {
		if field.value < 0 {
			return &ovhrenew.InputError{Call: call, Field: "Options." + field.name, Value: fmt.Sprint(field.value), Why: "is negative"}
		}
	}
	return nil
}

// Apply carries out a plan: exactly its items, in the plan's order. An item whose price
// or expiries are no longer the plan's is refused and leaves the others alone. What is
// spent stays within the plan's totals for each currency.
//
// One look serves every renewal that is under way: the newest orders are read once for
// all, and so are pages of services for expiries that have moved. Nothing waits for a
// delivery: while the first orders are delivered the next are placed and paid. Only a few
// orders are placed ahead of their payment, so that a stop leaves few unpaid.
//
// It can be applied again after any stop, with the same journal: what is renewed is
// found renewed, and what was begun is resumed.
//
// The report has every item. The error is [ovhrenew.ErrBadInput] for a plan or options
// that cannot be carried out, of which nothing is; what goes wrong with an item is in the
// report.
func Apply(ctx context.Context, c ovhrenew.Client, plan *Plan, how Options) (*Report, error) {
	if plan == nil {
		return nil, &ovhrenew.InputError{Call: "Apply", Field: "plan", Why: "is missing"}
	}
	if err := errors.Join(plan.Check(), how.check()); err != nil {
		return nil, err
	}
	runner, err := ovhrenew.NewRunner(c, how.Journal)
	if err != nil {
		return nil, err
	}
	runner.Approve = how.Approve
	a := &application{runner: runner, how: how, began: time.Now()}
	a.verify.pause = how.pause
	for i, item := range plan.Items {
		task := item.Task(plan.Policy.Guards())
		task.PayWith, task.Patience, task.Approve = how.PayWith, how.Patience, how.Approve != nil
		if err := task.Check("Apply"); err != nil {
			return nil, fmt.Errorf("items[%d]: %w", i, err)
		}
		a.items = append(a.items, &applied{task: task, report: ItemReport{Item: item, Outcome: OutcomeSkipped}})
	}
	// A page of the account's services is worth its request when more items wait.
	a.verify.pages = (plan.others() + a.services() + servicesOnPage - 1) / servicesOnPage
	release, err := plan.holdBudget(ctx, c, how.Journal)
	if err != nil {
		return nil, err
	}
	defer release()
	if err := a.run(ctx, c); err != nil {
		return nil, err
	}
	return a.report(ctx), nil
}

// tick is the shortest pause in which nothing is begun.
const tick = time.Second

// longestPoll is the Patience.Poll for which the pauses of an application are as their
// constants say. They shrink with a shorter one.
const longestPoll = 2 * time.Second

// pause is d, or less of it where Patience.Poll is short: the account answers for itself
// what it takes then. No pause makes a payment safe; that is the renewal's Patience.Settle.
func (o Options) pause(d time.Duration) time.Duration {
	poll := o.Patience.Poll
	if poll <= 0 || poll >= longestPoll {
		return d
	}
	return time.Duration(float64(d) * float64(poll) / float64(longestPoll))
}

// servicesOnPage is how many services a page of the account's list has.
const servicesOnPage = 1000

// Task is the item's renewal as [ovhrenew.Runner.Advance] takes it. The way to pay is
// missing.
func (i PlanItem) Task(guards ovhrenew.Guards) ovhrenew.Task {
	guards.Early = true // the plan says when
	task := ovhrenew.Task{Target: i.target(), Offer: i.Offer(), Prices: i.Prices, Limit: i.Limit, Guards: guards}
	for _, s := range i.Services {
		task.Services = append(task.Services, ovhrenew.Renewed{ServiceID: s.ID, Name: s.Name, From: s.Expiry, To: s.NewExpiry})
	}
	return task
}

// application is one run of Apply. One goroutine owns it; others only wait for answers.
type application struct {
	runner *ovhrenew.Runner
	how    Options
	items  []*applied
	verify verification
	paid   []time.Time // when the last payments were made that had a pace
	began  time.Time

	busy     int
	done     chan func()
	alone    bool // one item at a time, until one is verified
	failures int
	paying   bool   // it is the turn of the orders that wait for a payment
	stopped  string // why no further item is begun
}

// stage is how far an item is for the one who drives it.
type stage int

const (
	queued stage = iota
	placed
	waiting // paid, or otherwise to be looked at again
	ended
)

// applied is an item on its way.
type applied struct {
	task   ovhrenew.Task
	report ItemReport
	stage  stage
	busy   bool
	next   time.Time
	paidAt time.Time
	wave   bool // it is among those that are paid now

	compared, ripe bool // with the pages that were read last; it was expected to have moved
}

func (a *application) services() int {
	n := 0
	for _, item := range a.items {
		n += len(item.task.Services)
	}
	return n
}

// run drives the items until all have ended or the context has.
func (a *application) run(ctx context.Context, c ovhrenew.Client) error {
	if err := a.first(ctx, c); err != nil {
		return err
	}
	a.done = make(chan func(), cmp.Or(a.how.Workers, defaultCalls)+1)
	for {
		for a.busy < cmp.Or(a.how.Workers, defaultCalls) && ctx.Err() == nil && a.start(ctx) {
		}
		wake, waits := a.wake()
		if a.busy == 0 && (ctx.Err() != nil || !waits) {
			return nil
		}
		if a.busy >= cmp.Or(a.how.Workers, defaultCalls) {
			waits = false // nothing can be begun before an answer has come
		} else if soon := time.Now().Add(a.how.pause(tick)); wake.Before(soon) {
			wake = soon // what is due waits for others
		}
		a.wait(ctx, wake, waits)
	}
}

// first decides whether one item has to be verified before the others are begun.
func (a *application) first(ctx context.Context, c ovhrenew.Client) error {
	if a.how.FirstWithOthers || len(a.items) == 0 {
		return nil
	}
	a.alone = true
	if a.how.Journal == ovhrenew.NoJournal {
		return nil
	}
	account, err := c.Account(ctx)
	if err != nil {
		return err
	}
	for _, err := range a.how.Journal.Receipts(ctx, account, time.Time{}) {
		a.alone = false
		return err
	}
	return nil
}

// wait waits until an answer has come, something is due or the context has ended.
func (a *application) wait(ctx context.Context, wake time.Time, waits bool) {
	var due <-chan time.Time
	if waits && ctx.Err() == nil {
		timer := time.NewTimer(time.Until(wake))
		defer timer.Stop()
		due = timer.C
	}
	over := ctx.Done()
	if ctx.Err() != nil {
		over = nil // only the answers are waited for
	}
	select {
	case f := <-a.done:
		a.busy--
		f()
	case <-due:
	case <-over:
	}
}

// wake is when the next item is due.
func (a *application) wake() (wake time.Time, waits bool) {
	for _, item := range a.items {
		if item.busy || item.stage == ended || item.stage == queued && !a.mayBegin() {
			continue
		}
		if !waits || item.next.Before(wake) {
			wake, waits = item.next, true
		}
	}
	return wake, waits
}

// start begins what is due next, and reports whether there was anything.
func (a *application) start(ctx context.Context) bool {
	now := time.Now()
	if item := a.toPay(now); item != nil {
		a.advance(ctx, item)
		return true
	}
	if a.verifyNext(ctx, now) {
		return true
	}
	if item := a.due(queued, now); item != nil && a.mayBegin() {
		a.advance(ctx, item)
		return true
	}
	return false
}

// due is the first item of a stage that is.
func (a *application) due(s stage, now time.Time) *applied {
	for _, item := range a.items {
		if item.stage == s && !item.busy && !item.next.After(now) {
			return item
		}
	}
	return nil
}

func (a *application) count(s stage) int {
	n := 0
	for _, item := range a.items {
		if item.stage == s {
			n++
		}
	}
	return n
}
