package portfolio

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/ovhrenew/ovhrenew"
)

// Options is how a plan is applied.
type Options struct {
	PayWith ovhrenew.Payment // how to pay each order, as in [ovhrenew.Request]
	// Journal takes up what an earlier application of the plan has left. It has no
	// default: [ovhrenew.NoJournal] is the choice to run without one, and then no more than
	// Workers are under way at a time.
	Journal ovhrenew.Journal
	// Approve, if not nil, is asked about each order before it is paid. It needs a
	// journal.
	Approve ovhrenew.Approver
	// Patience is how long to look for what came of each item. The pauses in which items
	// wait for each other shrink with a Poll below 2 seconds.
	Patience ovhrenew.Patience
	// Workers is how many requests may wait for an answer at once. If zero, it is 4.
	Workers int
	// StopAfter is how many items may fail before no further one is begun. If zero, all
	// may. Items that are refused because the account has changed do not count.
	StopAfter      int
	GoOnWhenUnsure bool // begins further items although it is not known whether one was paid
	// FirstWithOthers begins all items at once. Otherwise, until the journal holds one
	// verified renewal of the account, one item is paid and verified before the second
	// is begun: should anything about the account be misunderstood, it costs one order.
	FirstWithOthers bool
	// Progress, if not nil, is called after each change, by one goroutine at a time.
	Progress func(Progress)
}

func (o Options) check() error {
	const call = "Apply"
	switch {
	case o.Journal == nil:
		return badInput(call, "Options.Journal", nil, "is missing: set it to the journal of OpenJournal, or to NoJournal to apply without one")
	case o.PayWith == nil:
		return &ovhrenew.InputError{Call: call, Field: "Options.PayWith", Why: "is missing: it says how to pay", Err: ovhrenew.ErrNoPayment}
	case o.Workers < 0:
		return badInput(call, "Options.Workers", o.Workers, "is negative")
	case o.StopAfter < 0:
		return badInput(call, "Options.StopAfter", o.StopAfter, "is negative")
	}
	return nil
}

// Apply carries out a plan: exactly its items, in the plan's order. An item whose price
// or expiries are no longer the plan's is refused and leaves the others alone. What is
// spent stays within the plan's totals for each currency.
//
// The newest orders, and pages of services for expiries that have moved, are read once for
// all renewals. Nothing waits for a delivery: while the first orders are delivered the next
// are placed and paid, only a few ahead of their payment, so that a stop leaves few unpaid.
//
// It can be applied again after any stop, with the same journal: what is renewed is
// found renewed, and what was begun is resumed.
//
// The report has every item, and what went wrong with it. The error is
// [ovhrenew.ErrBadInput] for a plan or options that cannot be carried out, of which nothing
// is.
func Apply(ctx context.Context, c ovhrenew.Client, plan *Plan, how Options) (*Report, error) {
	if plan == nil {
		return nil, &ovhrenew.InputError{Call: "Apply", Field: "plan", Why: "is missing"}
	}
	if err := errors.Join(plan.Check(), how.check()); err != nil {
		return nil, err
	}
	how.Workers = cmp.Or(how.Workers, 4)
	a := &application{how: how, began: time.Now(), done: make(chan func(), how.Workers+1)}
	a.verify.pause = how.pause
	services := len(plan.LeftOut)
	for _, n := range plan.NotDue {
		services += n
	}
	for i, item := range plan.Items {
		task := item.Task(plan.Policy.Guards())
		task.PayWith, task.Patience, task.Approve = how.PayWith, how.Patience, how.Approve != nil
		if err := task.Check("Apply"); err != nil {
			return nil, fmt.Errorf("items[%d]: %w", i, err)
		}
		services += len(item.Services)
		a.items = append(a.items, &applied{task: task, report: ItemReport{Item: item, Outcome: OutcomeSkipped}})
	}
	// A page of the account's services is worth its request when more items wait.
	a.verify.pages = (services + servicesOnPage - 1) / servicesOnPage
	journal, release, err := plan.holdBudget(ctx, c, how.Journal)
	if err != nil {
		return nil, err
	}
	defer release()
	if a.runner, err = ovhrenew.NewRunner(c, journal); err != nil {
		return nil, err
	}
	a.runner.Approve = how.Approve
	if err := a.run(ctx, c); err != nil {
		return nil, err
	}
	return a.report(ctx), nil
}

const (
	// tick is the shortest pause in which nothing is begun.
	tick = time.Second
	// longestPoll is the Patience.Poll for which the pauses of an application are as their
	// constants say. They shrink with a shorter one.
	longestPoll = 2 * time.Second
	// servicesOnPage is how many services a page of the account's list has.
	servicesOnPage = 1000
)

// pause is d, or less of it where Patience.Poll is short. No pause makes a payment safe;
// that is the renewal's Patience.Settle.
func (o Options) pause(d time.Duration) time.Duration {
	if poll := o.Patience.Poll; poll > 0 && poll < longestPoll {
		return time.Duration(float64(d) * float64(poll) / float64(longestPoll))
	}
	return d
}

// Task returns the item's renewal for [ovhrenew.Runner.Advance], without a way to pay.
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

func (i *applied) ready(s stage, now time.Time) bool {
	return i.stage == s && !i.busy && !i.next.After(now)
}

// run drives the items until all have ended or the context has.
func (a *application) run(ctx context.Context, c ovhrenew.Client) error {
	if err := a.first(ctx, c); err != nil {
		return err
	}
	for {
		for a.busy < a.how.Workers && ctx.Err() == nil && a.start(ctx) {
		}
		wake, waits := a.wake()
		if a.busy == 0 && (ctx.Err() != nil || !waits) {
			return nil
		}
		if a.busy >= a.how.Workers {
			waits = false // nothing can be begun before an answer has come
		}
		a.wait(ctx, later(wake, time.Now().Add(a.how.pause(tick))), waits) // what is due waits for others
	}
}

// first decides whether one item has to be verified before the others are begun.
func (a *application) first(ctx context.Context, c ovhrenew.Client) error {
	a.alone = !a.how.FirstWithOthers && len(a.items) > 0
	if !a.alone || a.how.Journal == ovhrenew.NoJournal {
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
	over := ctx.Done()
	if ctx.Err() != nil {
		over = nil // only the answers are waited for
	} else if waits {
		timer := time.NewTimer(time.Until(wake))
		defer timer.Stop()
		due = timer.C
	}
	select {
	case f := <-a.done:
		a.busy--
		f()
	case <-due:
	case <-over:
	}
}

func (a *application) wake() (wake time.Time, waits bool) {
	begins := a.mayBegin()
	for _, item := range a.items {
		if item.busy || item.stage == ended || item.stage == queued && !begins {
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
	item := a.toPay(now)
	if item == nil && a.verifyNext(ctx, now) {
		return true
	}
	if item == nil && a.mayBegin() {
		item = a.find(func(i *applied) bool { return i.ready(queued, now) })
	}
	if item != nil {
		a.advance(ctx, item)
	}
	return item != nil
}

func (a *application) find(holds func(*applied) bool) *applied {
	if i := slices.IndexFunc(a.items, holds); i >= 0 {
		return a.items[i]
	}
	return nil
}

func (a *application) count(s stage) int {
	return count(a.items, func(item *applied) bool { return item.stage == s })
}
