package temporal

import (
	"errors"
	"slices"
	"time"

	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// PlanInput is a plan to be applied.
type PlanInput struct {
	Account string `json:"account"`
	// Plan is what [Config.Plan] reads it by.
	Plan string `json:"plan"`
	// PayWith is how to pay, as [ovhrenew.ParsePayment] reads it.
	PayWith  string            `json:"payWith"`
	Patience ovhrenew.Patience `json:"patience,omitzero"`
	Timing   Timing            `json:"timing,omitzero"`
	// Approve waits for the signal approve before anything is ordered. ApproveEach has each
	// renewal wait for its [Answer].
	Approve     bool `json:"approve,omitempty"`
	ApproveEach bool `json:"approveEach,omitempty"`
	// AtOnce is how many items are under way at most. If zero, it is 50.
	AtOnce int `json:"atOnce,omitempty"`
	// PerRun is after how many items the workflow is continued as new. If zero, it is 500.
	PerRun int `json:"perRun,omitempty"`
	// StopAfter, GoOnWhenUnsure and FirstWithOthers are as in [portfolio.Options].
	StopAfter       int  `json:"stopAfter,omitempty"`
	GoOnWhenUnsure  bool `json:"goOnWhenUnsure,omitempty"`
	FirstWithOthers bool `json:"firstWithOthers,omitempty"`
	// Carried is what one run of the workflow hands to the next. It is not to be set.
	Carried *PlanProgress `json:"carried,omitempty"`
}

const (
	defaultAtOnce = 50
	defaultPerRun = 500
	pageSize      = 50
	// failuresKept is how many failures the progress tells of one by one.
	failuresKept = 50
	// slotFor is how long an item takes one of the places of AtOnce, and how long the end of
	// a run waits for it: what takes longer waits for somebody's order, or for a person.
	slotFor = 20 * time.Minute
	// lookAgain is how often that is looked at.
	lookAgain = time.Minute
)

// ID is the id of the plan's workflow.
func (in PlanInput) ID() string { return "ovhrenew/" + in.Account + "/plan/" + in.Plan }

// Check returns an error that is [ovhrenew.ErrBadInput] or [ovhrenew.ErrNoPayment] if the
// input cannot be meant.
func (in PlanInput) Check() error {
	const call = "ApplyPlan"
	bad := func(field, why string) error {
		return &ovhrenew.InputError{Call: call, Field: "PlanInput." + field, Why: why}
	}
	switch {
	case in.Account == "":
		return bad("Account", "is missing")
	case in.Plan == "":
		return bad("Plan", "is missing: it is what Config.Plan reads the plan by")
	case in.PayWith == "":
		return &ovhrenew.InputError{Call: call, Field: "PlanInput.PayWith", Why: "is missing: it says how to pay", Err: ovhrenew.ErrNoPayment}
	case in.AtOnce < 0:
		return bad("AtOnce", "is negative")
	case in.PerRun < 0:
		return bad("PerRun", "is negative")
	case in.StopAfter < 0:
		return bad("StopAfter", "is negative")
	}
	_, err := ovhrenew.ParsePayment(in.PayWith)
	return err
}

// PlanProgress is how far a plan is.
type PlanProgress struct {
	// Items is how many there are, Next the first that has not been begun, Running how many
	// are under way.
	Items   int `json:"items"`
	Next    int `json:"next"`
	Running int `json:"running"`
	// Outcomes counts those that have ended. AlreadyStarted is an outcome of its own here:
	// another workflow has or had the same renewal.
	Outcomes map[portfolio.Outcome]int `json:"outcomes,omitempty"`
	// Spent is what was paid, by currency, tax included. What is under way, and what may
	// have been paid, counts with its limit.
	Spent    []ovhrenew.Money `json:"spent,omitempty"`
	Paused   bool             `json:"paused,omitempty"`
	Approved bool             `json:"approved,omitempty"`
	// Stopped says why no further item is begun.
	Stopped string `json:"stopped,omitempty"`
	// Failures are the first of them.
	Failures []Failure `json:"failures,omitempty"`
	Failed   int       `json:"failed,omitempty"`
	// Left are the first workflows of those that were left to themselves when the plan's
	// workflow was continued as new. What they may spend stays reserved.
	Left []string `json:"left,omitempty"`

	Runs  int  `json:"runs"`            // of the workflow
	Alone bool `json:"alone,omitempty"` // one at a time, until one is verified
}

// AlreadyStarted counts the items of a plan whose renewal another workflow has or had.
const AlreadyStarted portfolio.Outcome = "already started"

// LeftAlone counts the items of a plan that took so long that its workflow was continued
// as new without them. Their workflows go on.
const LeftAlone portfolio.Outcome = "left alone"

// application is one run of the workflow ApplyPlan.
type application struct {
	in    PlanInput
	p     PlanProgress
	page  page
	from  int // of the page; -1 if there is none
	begun int // in this run
	// running are the items that are under way, in the order in which they were begun.
	running []child
}

type child struct {
	id string
	at time.Time
}

// applyPlan is the workflow: a child workflow for each item, so many at once, within the
// plan's totals.
func applyPlan(ctx workflow.Context, in PlanInput) (PlanProgress, error) {
	if err := in.Check(); err != nil {
		return PlanProgress{}, Failure{Reaction: ovhrenew.ReactNever, Paid: ovhrenew.PaidNo, Why: err.Error()}.err(true)
	}
	a := &application{in: in, from: -1}
	if in.Carried != nil {
		a.p = *in.Carried
	}
	if a.p.Outcomes == nil {
		a.p.Outcomes = map[portfolio.Outcome]int{}
	}
	a.p.Runs++
	if err := workflow.SetQueryHandler(ctx, "progress", func() (PlanProgress, error) { return a.p, nil }); err != nil {
		return a.p, err
	}
	work, _ := workflow.NewDisconnectedContext(ctx)
	signals := a.signals()
	listen(work, signals)
	if err := a.first(ctx); err != nil {
		return a.p, err
	}
	failed := a.begin(ctx)
	more := failed == nil && ctx.Err() == nil && a.p.Stopped == "" && a.p.Next < a.p.Items
	// What is under way is waited for, whatever somebody wants now.
	if err := a.await(work, func() bool { return a.p.Running == 0 || more && a.young(work) == 0 }); err != nil {
		return a.p, err
	}
	drain(work, signals)
	switch {
	case ctx.Err() != nil:
		a.p.Stopped = "cancelled"
		return a.p, nil
	case failed != nil || !more:
		return a.p, failed
	}
	a.leave()
	a.in.Carried = &a.p
	return a.p, workflow.NewContinueAsNewError(ctx, ApplyPlanWorkflow, a.in)
}

// young is how many items have been under way for a short time only.
func (a *application) young(ctx workflow.Context) int {
	n := 0
	for _, c := range a.running {
		if workflow.Now(ctx).Sub(c.at) < slotFor {
			n++
		}
	}
	return n
}

// await waits for a condition that may come to hold by time alone.
func (a *application) await(ctx workflow.Context, holds func() bool) error {
	for !holds() {
		if len(a.running) == 0 {
			return workflow.Await(ctx, holds)
		}
		if _, err := workflow.AwaitWithTimeout(ctx, lookAgain, holds); err != nil {
			return err
		}
	}
	return nil
}

// leave leaves to themselves the items that take long.
func (a *application) leave() {
	for _, c := range a.running {
		a.p.Outcomes[LeftAlone]++
		if len(a.p.Left) < failuresKept {
			a.p.Left = append(a.p.Left, c.id)
		}
	}
	a.p.Running = 0
}

// signals are those that a plan takes.
func (a *application) signals() []signal {
	return []signal{
		{"approve", nil, func() { a.p.Approved = true }},
		{"pause", nil, func() { a.p.Paused = true }},
		{"resume", nil, func() { a.p.Paused = false }},
		{"stop", nil, func() { a.p.Stopped = "stopped by signal" }},
	}
}

// first waits for the approval, and finds out whether the account has a verified renewal.
func (a *application) first(ctx workflow.Context) error {
	if a.p.Runs > 1 {
		return nil
	}
	if a.in.Approve {
		if err := workflow.Await(ctx, func() bool { return a.p.Approved || a.p.Stopped != "" }); err != nil {
			return err
		}
	}
	if a.in.FirstWithOthers || a.p.Stopped != "" {
		return nil
	}
	var verified bool
	err := workflow.ExecuteActivity(activityOptions(ctx, a.in.Timing), "ovhrenew.Verified", a.in.Account).Get(ctx, &verified)
	a.p.Alone = !verified
	return err
}

// begin begins items until the run has begun enough of them, or no more may be begun.
func (a *application) begin(ctx workflow.Context) error {
	for {
		may := func() bool {
			young := a.young(ctx)
			return a.p.Stopped != "" || !a.p.Paused && young < or(a.in.AtOnce, defaultAtOnce) && (!a.p.Alone || young == 0)
		}
		if a.await(ctx, may) != nil { // cancelled
			return nil
		}
		if a.p.Stopped != "" || a.begun >= or(a.in.PerRun, defaultPerRun) || workflow.GetInfo(ctx).GetContinueAsNewSuggested() {
			return nil
		}
		if from := a.p.Next / pageSize * pageSize; from != a.from {
			a.page = page{}
			in := pageInput{Plan: a.in, From: from, N: pageSize}
			in.Plan.Carried = nil
			if err := workflow.ExecuteActivity(activityOptions(ctx, a.in.Timing), "ovhrenew.PlanPage", in).Get(ctx, &a.page); err != nil {
				if ctx.Err() != nil {
					return nil
				}
				return err
			}
			a.from, a.p.Items = from, a.page.Items
		}
		if a.p.Next >= a.p.Items {
			return nil
		}
		if a.p.Next-a.from >= len(a.page.Tasks) {
			return Failure{Reaction: ovhrenew.ReactPerson, Paid: ovhrenew.PaidNo, Why: "the plan is another than it was"}.err(true)
		}
		task := a.page.Tasks[a.p.Next-a.from]
		a.p.Next++
		if !a.reserve(task.Limit) {
			a.p.Outcomes[portfolio.OutcomeSkipped]++
			continue
		}
		a.begun++
		a.p.Running++
		a.running = append(a.running, child{RenewInput{Account: a.in.Account, Task: &task}.ID(), workflow.Now(ctx)})
		workflow.Go(ctx, func(ctx workflow.Context) { a.child(ctx, task) })
	}
}

func or(n, otherwise int) int {
	if n == 0 {
		return otherwise
	}
	return n
}

// child carries out one item.
func (a *application) child(ctx workflow.Context, task ovhrenew.Task) {
	in := RenewInput{Account: a.in.Account, Task: &task, Timing: a.in.Timing}
	options := workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{
		WorkflowID:            in.ID(),
		WorkflowIDReusePolicy: enums.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE_FAILED_ONLY,
		ParentClosePolicy:     enums.PARENT_CLOSE_POLICY_ABANDON,
		WaitForCancellation:   true,
	})
	var result Result
	err := workflow.ExecuteChildWorkflow(options, RenewWorkflow, in).Get(ctx, &result)
	a.p.Running--
	a.running = slices.DeleteFunc(a.running, func(c child) bool { return c.id == in.ID() })
	a.take(task, result, err)
}

// take takes in what became of an item.
func (a *application) take(task ovhrenew.Task, result Result, err error) {
	if started, ok := errors.AsType[*temporal.ChildWorkflowExecutionAlreadyStartedError](err); ok && started != nil {
		a.p.Outcomes[AlreadyStarted]++ // which may spend what it has reserved
		return
	}
	if err == nil {
		a.p.Outcomes[result.Outcome]++
		spent := ovhrenew.Money{}
		if result.Receipt != nil {
			spent, a.p.Alone = result.Receipt.Price, false
		}
		a.settle(task.Limit, spent)
		return
	}
	f, ok := FailureOf(err)
	if !ok {
		f = Failure{Reaction: ovhrenew.ReactPerson, Paid: ovhrenew.PaidUnsure, Why: err.Error()}
		if temporal.IsCanceledError(err) { // before anything was paid
			f.Paid = ovhrenew.PaidNo
		}
	}
	outcome := f.outcome()
	a.p.Outcomes[outcome]++
	a.p.Failed++
	if len(a.p.Failures) < failuresKept {
		a.p.Failures = append(a.p.Failures, f)
	}
	switch outcome {
	case portfolio.OutcomeUnsure, portfolio.OutcomePaid:
		if !a.in.GoOnWhenUnsure && outcome == portfolio.OutcomeUnsure && a.p.Stopped == "" {
			a.p.Stopped = "it is not known whether an order was paid: " + f.Why
		}
	default:
		a.settle(task.Limit, ovhrenew.Money{})
	}
	if a.in.StopAfter > 0 && a.p.Failed >= a.in.StopAfter && a.p.Stopped == "" {
		a.p.Stopped = "so many have failed"
	}
}
