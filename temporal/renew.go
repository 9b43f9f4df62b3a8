package temporal

import (
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// proposeAtMost is how often a task is proposed, or an order that came to nothing placed
// anew.
const proposeAtMost = 4

// renewal is one run of the workflow Renew.
type renewal struct {
	in RenewInput
	p  Progress
	// asked is the context that ends when somebody cancels the workflow; work goes on
	// until a payment is followed to its end.
	asked, work workflow.Context
}

// renew is the workflow: propose, then advance until it has ended.
func renew(ctx workflow.Context, in RenewInput) (Result, error) {
	if err := in.Check(); err != nil {
		return Result{}, Failure{Reaction: ovhrenew.ReactNever, Paid: ovhrenew.PaidNo, Why: err.Error()}.err(true)
	}
	work, _ := workflow.NewDisconnectedContext(ctx)
	r := &renewal{in: in, asked: ctx, work: work}
	if in.Carried != nil {
		r.p = *in.Carried
	}
	r.p.Next = time.Time{}
	if err := workflow.SetQueryHandler(ctx, "progress", func() (Progress, error) { return r.p, nil }); err != nil {
		return Result{}, err
	}
	signals := r.signals()
	listen(work, signals)
	result, err := r.run()
	if workflow.IsContinueAsNewError(err) {
		drain(work, signals)
		r.in.Carried = &r.p
		err = workflow.NewContinueAsNewError(ctx, RenewWorkflow, r.in)
	}
	return result, err
}

// signals are those that a renewal takes.
func (r *renewal) signals() []signal {
	var answer Answer
	return []signal{
		{"answer", &answer, func() {
			given := answer
			r.p.Given, answer = &given, Answer{}
		}},
		{"pause", nil, func() { r.p.Paused = true }},
		{"resume", nil, func() { r.p.Paused = false }},
		{"stop", nil, func() { r.p.Stopped = true }},
	}
}

// ended reports whether somebody wants no more of it, and nothing has to be followed.
func (r *renewal) ended() bool {
	return (r.p.Stopped || r.asked.Err() != nil) && r.harmless()
}

// harmless reports whether nothing that was sent has to be followed to its end.
func (r *renewal) harmless() bool {
	switch r.p.Phase {
	case ovhrenew.PhaseOrdering, ovhrenew.PhasePaying, ovhrenew.PhasePaid:
		return false
	}
	return true
}

func (r *renewal) run() (Result, error) {
	for {
		if err := workflow.Await(r.work, func() bool { return !r.p.Paused || !r.harmless() || r.ended() }); err != nil {
			return Result{}, err
		}
		switch {
		case r.ended() && r.asked.Err() != nil:
			return Result{}, r.asked.Err()
		case r.ended():
			return Result{Outcome: portfolio.OutcomeSkipped, Order: r.p.Order, Why: "stopped by signal"}, nil
		case workflow.GetInfo(r.work).GetContinueAsNewSuggested():
			return Result{}, workflow.NewContinueAsNewError(r.asked, RenewWorkflow, r.in)
		}
		result, wait, err := r.step()
		if err != nil || result != nil {
			return deref(result), err
		}
		if err := r.sleep(wait); err != nil {
			return Result{}, err
		}
	}
}

func deref(r *Result) Result {
	if r == nil {
		return Result{}
	}
	return *r
}

// sleep waits for a time, for a person's word or for the end.
func (r *renewal) sleep(d time.Duration) error {
	if d <= 0 {
		return nil
	}
	r.p.Next = workflow.Now(r.work).Add(d)
	given := r.p.Given
	_, err := workflow.AwaitWithTimeout(r.work, d, func() bool { return r.p.Given != given || r.ended() })
	r.p.Next = time.Time{}
	return err
}

// step does what can be done now, and returns how long to wait then.
func (r *renewal) step() (*Result, time.Duration, error) {
	if r.p.Task == nil {
		if r.p.Task = r.in.Task; r.p.Task == nil {
			return r.propose()
		}
	}
	var now advanced
	in := advanceInput{Account: r.in.Account, Task: *r.p.Task, Given: r.p.Given, Timing: r.in.Timing}
	if err := workflow.ExecuteActivity(activityOptions(r.work, r.in.Timing), "ovhrenew.Advance", in).Get(r.work, &now); err != nil {
		return r.react(err)
	}
	r.done()
	r.p.Task, r.p.Phase, r.p.Order, r.p.Asked = &now.Task, now.Task.Phase, now.Task.Order, now.Asked
	if now.Task.Receipt != nil {
		r.p.Asked = nil
		return &Result{Outcome: portfolio.OutcomeRenewed, Receipt: now.Task.Receipt, Why: now.Odd}, 0, nil
	}
	return nil, max(now.Wait, 0), nil
}

// propose makes the task of the wish.
func (r *renewal) propose() (*Result, time.Duration, error) {
	var task ovhrenew.Task
	in := r.in
	in.Carried = nil
	if err := workflow.ExecuteActivity(activityOptions(r.work, r.in.Timing), "ovhrenew.Propose", in).Get(r.work, &task); err != nil {
		return r.react(err)
	}
	r.done()
	if task.Receipt != nil { // an earlier run has done it
		return &Result{Outcome: portfolio.OutcomeRenewed, Receipt: task.Receipt}, 0, nil
	}
	r.p.Task, r.p.Phase, r.p.Order = &task, "", 0
	return nil, 0, nil
}

// done says that something could be done.
func (r *renewal) done() { r.p.Later, r.p.Why, r.p.Began = 0, "", time.Time{} }

// react decides by the reaction what an error of an activity comes to.
func (r *renewal) react(err error) (*Result, time.Duration, error) {
	f, ok := FailureOf(err)
	if !ok { // a worker that died several times in a row, or a panic
		f = Failure{Reaction: ovhrenew.ReactAgain, Order: r.p.Order, Paid: ovhrenew.PaidUnsure, Why: err.Error()}
	}
	r.p.Why = f.Why
	if f.Order != 0 {
		r.p.Order = f.Order
	}
	now := workflow.Now(r.work)
	switch f.Reaction {
	case ovhrenew.ReactOrderAnew:
		if r.p.Proposed++; r.p.Proposed < proposeAtMost {
			r.p.Task, r.p.Phase, r.p.Order, r.p.Asked = nil, "", 0, nil
			return nil, r.in.Timing.later(0), nil
		}
	case ovhrenew.ReactLater, ovhrenew.ReactAgain: // which Temporal has tried again some times
		if r.p.Began.IsZero() {
			r.p.Began = now
		}
		if now.Sub(r.p.Began) < r.in.Timing.giveUp() {
			if r.p.Task != nil {
				r.p.Task.Until = time.Time{} // with patience anew
			}
			r.p.Later++
			return nil, r.in.Timing.later(r.p.Later - 1), nil
		}
	}
	return nil, 0, f.err(true)
}

// activityOptions are those of an activity: it may wait for the pace and for an answer,
// and is run again when its worker gives no sign of life.
func activityOptions(ctx workflow.Context, t Timing) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: time.Hour,
		HeartbeatTimeout:    t.heartbeat(),
		WaitForCancellation: true,
		RetryPolicy:         &temporal.RetryPolicy{InitialInterval: time.Second, BackoffCoefficient: 2, MaximumInterval: time.Minute, MaximumAttempts: 10},
	})
}
