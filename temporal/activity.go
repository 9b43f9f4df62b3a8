package temporal

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"go.temporal.io/sdk/activity"
	sdk "go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// The names of the activities, which histories have.
const (
	proposeName = "ovhrenew.Propose"
	advanceName = "ovhrenew.Advance"
	readName    = "ovhrenew.ReadPlan"
)

// Account is what a worker has of an account.
type Account struct {
	Client  ovhrenew.Client
	Journal ovhrenew.Journal
}

// Config is what a worker process brings.
type Config struct {
	// Account returns an account by its name. It is called once for each account of a
	// process, and again after an error.
	Account func(ctx context.Context, name string) (Account, error)
	// Plan returns a plan by its reference. Only [ApplyPlan] needs it.
	Plan func(ctx context.Context, account, reference string) (*portfolio.Plan, error)
	// Gather is [ovhrenew.Runner.Gather]. If zero, it is a minute.
	Gather time.Duration
}

// Registry takes workflows and activities: a worker does, and Temporal's test environment.
type Registry interface {
	RegisterWorkflow(w any)
	RegisterActivityWithOptions(a any, options activity.RegisterOptions)
}

// Register gives the workflows and their activities to a worker. The error is
// [ovhrenew.ErrBadInput] if the configuration has no Account.
func Register(r Registry, c Config) error {
	if c.Account == nil {
		return &ovhrenew.InputError{Call: "Register", Field: "Config.Account", Why: "is missing: it returns the client and the journal of an account"}
	}
	a := &activities{config: c, open: map[string]*opened{}}
	r.RegisterWorkflow(Renew)
	r.RegisterWorkflow(ApplyPlan)
	for name, do := range map[string]any{proposeName: a.propose, advanceName: a.advance, readName: a.readPlan} {
		r.RegisterActivityWithOptions(do, activity.RegisterOptions{Name: name})
	}
	return nil
}

// WorkerOptions returns options of a worker of which few activities run at once: each of
// them sends requests, which wait for the account's pace. A look that has waited longer
// than a minute is not paid on, and has to be taken again.
func WorkerOptions() worker.Options {
	return worker.Options{MaxConcurrentActivityExecutionSize: atOnce}
}

const atOnce = 4

// Propose is the input of the activity that proposes a renewal.
type Propose struct {
	Account string        `json:"account"`
	Wish    ovhrenew.Wish `json:"wish"`
}

// Advance is the input of the activity that advances one.
type Advance struct {
	Account string        `json:"account"`
	Task    ovhrenew.Task `json:"task"`
	Answer  *Answer       `json:"answer,omitempty"`
}

// Advanced is its result.
type Advanced struct {
	Task ovhrenew.Task `json:"task"`
	// Pause is how long to wait before the next.
	Pause time.Duration `json:"pause,omitempty"`
	Asked *Asked        `json:"asked,omitempty"`
}

// activities run on workers.
type activities struct {
	config Config

	mu   sync.Mutex
	open map[string]*opened
}

// opened is an account in a process, whose renewals share what they read.
type opened struct {
	Account
	runner *ovhrenew.Runner
}

// account opens an account. What is wrong with a worker is tried again, by it or by
// another.
func (a *activities) account(ctx context.Context, name string) (*opened, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if o := a.open[name]; o != nil {
		return o, nil
	}
	account, err := a.config.Account(ctx, name)
	if err != nil {
		return nil, fmt.Errorf("account %q: %w", name, err)
	}
	if account.Journal == ovhrenew.NoJournal {
		return nil, fmt.Errorf("account %q: NoJournal keeps no evidence of what was sent, which another worker may have to look for", name)
	}
	r, err := ovhrenew.NewRunner(account.Client, account.Journal)
	if err != nil {
		return nil, fmt.Errorf("account %q: %w", name, err)
	}
	r.Approve, r.Gather = approve, cmp.Or(a.config.Gather, time.Minute)
	o := &opened{Account: account, runner: r}
	a.open[name] = o
	return o, nil
}

// propose is the activity that says what would be bought.
func (a *activities) propose(ctx context.Context, in Propose) (ovhrenew.Task, error) {
	defer alive(ctx)()
	o, err := a.account(ctx, in.Account)
	if err != nil {
		return ovhrenew.Task{}, err
	}
	req, err := in.Wish.Request()
	if err != nil {
		return ovhrenew.Task{}, refused(err).Err()
	}
	task, err := o.runner.Propose(ctx, req)
	if err != nil {
		return ovhrenew.Task{}, final(ctx, failure(ovhrenew.Task{Limit: in.Wish.Limit}, err), err)
	}
	task.Next = time.Time{}
	return task, nil
}

// advance is the activity that does what can be done for a renewal now.
func (a *activities) advance(ctx context.Context, in Advance) (Advanced, error) {
	defer alive(ctx)()
	o, err := a.account(ctx, in.Account)
	if err != nil {
		return Advanced{}, err
	}
	word := &word{answer: in.Answer}
	task, err := o.runner.Advance(context.WithValue(ctx, wordKey{}, word), in.Task)
	if err != nil {
		return Advanced{}, final(ctx, failure(task, err), err)
	}
	done := Advanced{Task: task, Asked: word.asked}
	if !task.Next.IsZero() {
		done.Pause = max(0, time.Until(task.Next))
	}
	return done, nil
}

// final is the error of an activity. Only one whose own context has ended is tried again:
// nobody would hear of another's.
func final(ctx context.Context, f Failure, err error) error {
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return err
	}
	return f.Err()
}

// word is what a person has said, on its way to the runner, and what is asked, on its way
// back.
type word struct {
	answer *Answer
	asked  *Asked
}

type wordKey struct{}

// approve is the runner's Approver. A word about another order, or another price, was not
// said.
func approve(ctx context.Context, about ovhrenew.Approval) (ovhrenew.Answer, error) {
	w, ok := ctx.Value(wordKey{}).(*word)
	if !ok {
		return ovhrenew.AnswerLater, nil
	}
	asked := Asked{Order: about.Order.OrderID, Price: about.Order.PriceWithTax, Lapses: about.Order.ExpirationDate}
	if w.answer.decides(asked) {
		return w.answer.Says, nil
	}
	w.asked = &asked
	return ovhrenew.AnswerLater, nil
}

// alive tells Temporal until it is called that the worker is: one that is not heard of is
// replaced.
func alive(ctx context.Context) (stop func()) {
	every := activity.GetInfo(ctx).HeartbeatTimeout / 3
	if every <= 0 {
		return func() {}
	}
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		ticker := time.NewTicker(every)
		defer ticker.Stop()
		for {
			select {
			case <-done:
				return
			case <-ctx.Done():
				return
			case <-ticker.C:
				activity.RecordHeartbeat(ctx)
			}
		}
	}()
	return func() { close(done); <-ended }
}

// activity is the context of the renewal's activities.
func (r *renewing) activity() workflow.Context { return activityContext(r.ctx, r.in.patience()) }

// activityContext lets what was lost with its worker be tried again for ever: an activity
// that has an answer, good or bad, is not. A worker is given up when it was not heard of
// for a twentieth of the time to settle.
func activityContext(ctx workflow.Context, patience ovhrenew.Patience) workflow.Context {
	settle := patience.Settle
	if settle == 0 {
		settle = 10 * time.Minute
	}
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: time.Hour,
		HeartbeatTimeout:    min(max(settle/20, 3*time.Second), 30*time.Second),
		RetryPolicy:         &sdk.RetryPolicy{InitialInterval: time.Second, BackoffCoefficient: 2, MaximumInterval: time.Minute},
	})
}
