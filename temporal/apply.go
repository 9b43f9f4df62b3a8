package temporal

import (
	"errors"
	"fmt"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	sdk "go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// Report is how far the application of a plan is, and what became of it.
type Report struct {
	// Digest identifies the plan's content as it was read first.
	Digest string `json:"digest,omitempty"`
	// Items is how many the plan has, Begun how many of them were begun or skipped, and
	// Running how many are under way.
	Items   int `json:"items"`
	Begun   int `json:"begun"`
	Running int `json:"running"`
	// Counts says how many items have come to each outcome. Already counts those of the
	// renewed that an earlier run had renewed.
	Counts  map[portfolio.Outcome]int `json:"counts,omitempty"`
	Already int                       `json:"already,omitempty"`
	// Spent is what was paid, or may have been or still be: the limits of what is under
	// way count. There is one amount for each currency, tax included.
	Spent []ovhrenew.Money `json:"spent,omitempty"`
	// Failures are the first 100 of what was not renewed.
	Failures []ItemFailure `json:"failures,omitempty"`
	// Counted is how many failures count for StopAfter.
	Counted int `json:"counted,omitempty"`
	Held
	// Waiting says that the plan waits for [SignalApprove], and Approved that it came.
	Waiting  bool `json:"waiting,omitempty"`
	Approved bool `json:"approved,omitempty"`
	// Alone says that items are begun one by one until one is verified.
	Alone bool `json:"alone,omitempty"`
	// Runs is how many runs the workflow has had.
	Runs int `json:"runs"`
}

// ItemFailure is an item that was not renewed.
type ItemFailure struct {
	// Item is its place in the plan, from 0, and Workflow the id of its workflow.
	Item     int     `json:"item"`
	Workflow string  `json:"workflow"`
	Failure  Failure `json:"failure"`
}

// ApplyPlan is the workflow that carries out a plan: each item by a [Renew] of its own,
// many at once, in the plan's order, and within its total. It ends with the report when
// all items have come to an end. An item that failed is tried again by applying the plan
// again.
func ApplyPlan(ctx workflow.Context, in Application) (*Report, error) {
	a := &applying{in: in.defaults()}
	if in.SoFar != nil {
		a.Report = *in.SoFar
	}
	a.Runs++
	if err := workflow.SetQueryHandler(ctx, QueryProgress, func() (Report, error) { return a.Report, nil }); err != nil {
		return nil, err
	}
	if err := in.Check(); err != nil {
		return nil, refused(err).Err()
	}
	a.inbox = newInbox(ctx, &a.Held)
	a.inbox.on(SignalApprove, func(c workflow.ReceiveChannel) bool { return a.inbox.say(c, func() { a.Approved = true }) })
	a.ctx, _ = workflow.NewDisconnectedContext(ctx)
	a.children, a.cancel = workflow.WithCancel(a.ctx)
	return a.run()
}

// applying is one run of the workflow.
type applying struct {
	Report
	in       Application
	ctx      workflow.Context
	children workflow.Context
	cancel   workflow.CancelFunc
	inbox    *inbox
	page     *PlanPage
	begun    int // in this run
	running  []*child
}

// child is an item that is under way.
type child struct {
	item    int
	renewal Renewal
	done    workflow.Future // of the child, or of the pause before it is tried anew
	again   bool            // the pause is what is waited for
	since   time.Time
	// reserved is what of the total is kept for it.
	reserved ovhrenew.Money
}

func (a *applying) run() (*Report, error) {
	if err := a.read(); err != nil {
		if err = a.cannotRead(err); err != nil {
			return nil, err
		}
	}
	for {
		a.inbox.read()
		if a.Stopped == cancelled {
			a.cancel()
		}
		a.Waiting = a.in.Approve && !a.Approved && a.Stopped == ""
		switch over := a.Stopped != "" || a.Begun >= a.Items; {
		case over && len(a.running) == 0:
			return a.end()
		case !over && a.handsOn():
			if len(a.running) == 0 {
				return a.handOn()
			}
		case !over && a.mayBegin():
			if err := a.begin(); err != nil {
				return nil, err
			}
			continue
		}
		a.wait()
	}
}

// handsOn reports whether this run has begun what it may.
func (a *applying) handsOn() bool {
	return a.begun >= a.in.PerRun || workflow.GetInfo(a.ctx).GetContinueAsNewSuggested()
}

// handOn begins the next run, with a new history.
func (a *applying) handOn() (*Report, error) {
	a.in.SoFar = &a.Report
	return nil, workflow.NewContinueAsNewError(a.ctx, ApplyPlan, a.in)
}

// end is the report when nothing is under way any more.
func (a *applying) end() (*Report, error) {
	if skipped := a.Items - a.Begun; skipped > 0 {
		a.count(portfolio.OutcomeSkipped, skipped)
	}
	if a.Stopped == cancelled {
		return nil, sdk.NewCanceledError(a.Report)
	}
	return &a.Report, nil
}

// mayBegin reports whether the next item may be begun.
func (a *applying) mayBegin() bool {
	atOnce := a.in.AtOnce
	if a.Alone {
		atOnce = 1
	}
	return !a.Waiting && !a.Paused && len(a.running) < atOnce
}

// wait waits for a signal, or for the end of a renewal.
func (a *applying) wait() {
	futures := make([]workflow.Future, 0, len(a.running))
	for _, c := range a.running {
		futures = append(futures, c.done)
	}
	a.inbox.wait(a.ctx, 0, futures...)
	left := a.running[:0]
	for _, c := range a.running {
		if !c.done.IsReady() || !a.ended(c) {
			left = append(left, c)
		}
	}
	a.running = left
	a.Running = len(left)
}

// read reads the page with the next item.
func (a *applying) read() error {
	var page PlanPage
	in := ReadPlan{Account: a.in.Account, Plan: a.in.Plan, From: a.Begun, Digest: a.Digest}
	if err := workflow.ExecuteActivity(activityContext(a.ctx, a.in.Patience), readName, in).Get(a.ctx, &page); err != nil {
		return err
	}
	if a.Digest == "" {
		a.Alone = !a.in.FirstWithOthers && !page.Verified
	}
	a.page, a.Items, a.Digest = &page, page.Items, page.Digest
	return nil
}

// begin begins the next item, or skips one that is not within the total.
func (a *applying) begin() error {
	if a.Begun >= a.page.From+len(a.page.Page) {
		if err := a.read(); err != nil {
			return a.cannotRead(err)
		}
	}
	item := a.page.Page[a.Begun-a.page.From]
	c := &child{item: a.Begun, since: workflow.Now(a.ctx)}
	a.Begun++
	a.begun++
	var err error
	if c.renewal, err = a.in.renewal(item, a.page.Guards); err != nil {
		a.fail(c, refused(err))
		return nil
	}
	if !a.reserve(c, item.Limit) {
		a.fail(c, Failure{Reaction: ovhrenew.ReactPerson, Outcome: portfolio.OutcomeSkipped, Paid: ovhrenew.PaidNo, Why: fmt.Sprintf("%s more than what is spent and reserved would be over the total", item.Limit)})
		return nil
	}
	a.start(c)
	a.running = append(a.running, c)
	a.Running = len(a.running)
	return nil
}

// cannotRead stops a plan that can no longer be read as it was, and lets what is under way
// come to its end.
func (a *applying) cannotRead(err error) error {
	f, ok := FailureOf(err)
	if !ok || a.Digest == "" {
		return err
	}
	a.Stopped = f.Why
	return nil
}

func (a *applying) start(c *child) {
	c.again = false
	options := workflow.WithChildOptions(a.children, workflow.ChildWorkflowOptions{
		WorkflowID:            c.renewal.ID(),
		WorkflowIDReusePolicy: enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE,
		ParentClosePolicy:     enumspb.PARENT_CLOSE_POLICY_ABANDON,
		WaitForCancellation:   true,
	})
	c.done = workflow.ExecuteChildWorkflow(options, Renew, c.renewal)
}

// ended takes in what became of an item, and reports whether it is over. If the same
// renewal runs already, begun by somebody else, it is begun when that has ended: then it
// finds what that has done.
func (a *applying) ended(c *child) bool {
	if c.again {
		a.start(c)
		return false
	}
	var receipt *ovhrenew.Receipt
	err := c.done.Get(a.ctx, &receipt)
	f, known := FailureOf(err)
	_, running := errors.AsType[*sdk.ChildWorkflowExecutionAlreadyStartedError](err)
	if !running { // as Temporal's test environment says it
		_, running = errors.AsType[*serviceerror.WorkflowExecutionAlreadyStarted](err)
	}
	switch {
	case err == nil:
		a.renewed(c, receipt)
	case known:
		a.fail(c, f)
	case running && a.Stopped == "" && workflow.Now(a.ctx).Sub(c.since) < a.in.GiveUp:
		c.again, c.done = true, workflow.NewTimer(a.ctx, maxPause/60)
		return false
	case running:
		a.fail(c, Failure{Reaction: ovhrenew.ReactLater, Outcome: portfolio.OutcomeUnsure, Spent: c.reserved, Paid: ovhrenew.PaidUnsure, Why: "another workflow has this renewal under way"})
	case sdk.IsCanceledError(err):
		a.fail(c, a.stopped(err))
	default: // it was terminated, or its result was lost: the journal knows
		a.fail(c, Failure{Reaction: ovhrenew.ReactLater, Outcome: portfolio.OutcomeUnsure, Spent: c.reserved, Paid: ovhrenew.PaidUnsure, Why: err.Error()})
	}
	return true
}

// stopped is what a renewal says that was cancelled with the plan.
func (a *applying) stopped(err error) Failure {
	f := Failure{Reaction: ovhrenew.ReactNever, Outcome: portfolio.OutcomeSkipped, Paid: ovhrenew.PaidNo, Why: cancelled}
	if c, ok := errors.AsType[*sdk.CanceledError](err); ok && c.HasDetails() {
		_ = c.Details(&f)
	}
	return f
}

func (a *applying) renewed(c *child, receipt *ovhrenew.Receipt) {
	a.count(portfolio.OutcomeRenewed, 1)
	if receipt.Already {
		a.Already++
	}
	a.settle(c, receipt.Price)
	a.Alone = false
}

// fail takes in a failure, and applies the rules for stopping.
func (a *applying) fail(c *child, f Failure) {
	a.count(f.Outcome, 1)
	if f.Receipt != nil {
		f.Spent = f.Receipt.Price
	}
	a.settle(c, f.Spent)
	if len(a.Failures) < maxFailures {
		a.Failures = append(a.Failures, ItemFailure{c.item, c.renewal.ID(), f})
	}
	switch {
	case f.Outcome == portfolio.OutcomeSkipped, f.Outcome == portfolio.OutcomeRefused && f.Changed:
		return
	case f.Outcome == portfolio.OutcomeUnsure && !a.in.GoOnWhenUnsure && a.Stopped == "":
		what := fmt.Sprintf("order %d", f.Order)
		if f.Order == 0 {
			what = "renewal " + c.renewal.ID()
		}
		a.Stopped = fmt.Sprintf("it is not known whether %s was paid", what)
	}
	a.Counted++
	if a.in.StopAfter > 0 && a.Counted >= a.in.StopAfter && a.Stopped == "" {
		a.Stopped = fmt.Sprintf("%d items have failed", a.Counted)
	}
}

func (a *applying) count(o portfolio.Outcome, n int) {
	if a.Counts == nil {
		a.Counts = map[portfolio.Outcome]int{}
	}
	a.Counts[o] += n
}

// reserve keeps an amount of the total for an item, unless that is more than what is left.
func (a *applying) reserve(c *child, limit ovhrenew.Money) bool {
	totals := a.in.Total
	if len(totals) == 0 {
		totals = a.page.Total
	}
	spent := inCurrency(a.Spent, limit.Currency())
	if spent.IsZero() {
		spent = ovhrenew.NewMoney(0, limit.Currency())
	}
	after, err := spent.Add(limit)
	total := inCurrency(totals, limit.Currency())
	if err != nil || total.IsZero() || after.Ucents() > total.Ucents() {
		return false
	}
	c.reserved = limit
	a.spend(after)
	return true
}

// settle puts what was paid, or may have been, in place of what was reserved.
func (a *applying) settle(c *child, paid ovhrenew.Money) {
	if c.reserved.IsZero() {
		return
	}
	spent := inCurrency(a.Spent, c.reserved.Currency())
	a.spend(ovhrenew.NewMoney(spent.Ucents()-c.reserved.Ucents()+paid.Ucents(), spent.Currency()))
	c.reserved = ovhrenew.Money{}
}

// spend notes the sum of a currency.
func (a *applying) spend(sum ovhrenew.Money) {
	for i, m := range a.Spent {
		if m.Currency() == sum.Currency() {
			a.Spent[i] = sum
			return
		}
	}
	a.Spent = append(a.Spent, sum)
}
