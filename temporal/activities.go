package temporal

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// Account is what a worker has of an account. Credentials do not go through Temporal.
type Account struct {
	Client  ovhrenew.Client
	Journal ovhrenew.Journal
	// Gather is as in [ovhrenew.Runner]. If zero, it is a minute; less than zero is none.
	Gather time.Duration
}

// Config is what a worker has.
type Config struct {
	// Account opens an account by the name that the workflows know it by. It is called
	// until it succeeds, and then not again.
	Account func(ctx context.Context, name string) (Account, error)
	// Plan reads a plan by its reference. It has to answer the same plan each time. If
	// nil, the worker applies no plans.
	Plan func(ctx context.Context, ref string) (*portfolio.Plan, error)
}

// The names of the workflows.
const (
	RenewWorkflow     = "ovhrenew.Renew"
	ApplyPlanWorkflow = "ovhrenew.ApplyPlan"
)

// Register registers the workflows and their activities with a worker.
func Register(r worker.Registry, config Config) error {
	if config.Account == nil {
		return &ovhrenew.InputError{Call: "Register", Field: "Config.Account", Why: "is missing"}
	}
	registerWorkflows(r)
	a := &activities{config: config, runners: map[string]*ovhrenew.Runner{}, accounts: map[string]Account{}}
	r.RegisterActivityWithOptions(a.Propose, activity.RegisterOptions{Name: "ovhrenew.Propose"})
	r.RegisterActivityWithOptions(a.Advance, activity.RegisterOptions{Name: "ovhrenew.Advance"})
	r.RegisterActivityWithOptions(a.PlanPage, activity.RegisterOptions{Name: "ovhrenew.PlanPage"})
	r.RegisterActivityWithOptions(a.Verified, activity.RegisterOptions{Name: "ovhrenew.Verified"})
	return nil
}

// registerWorkflows registers what a replayer needs.
func registerWorkflows(r worker.WorkflowRegistry) {
	r.RegisterWorkflowWithOptions(renew, workflow.RegisterOptions{Name: RenewWorkflow})
	r.RegisterWorkflowWithOptions(applyPlan, workflow.RegisterOptions{Name: ApplyPlanWorkflow})
}

// activities are a worker's. It has one runner for each account, which its renewals share.
type activities struct {
	config Config

	mu       sync.Mutex
	runners  map[string]*ovhrenew.Runner
	accounts map[string]Account
	lastPlan *portfolio.Plan
	lastRef  string
}

func (a *activities) account(ctx context.Context, name string) (*ovhrenew.Runner, Account, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if r := a.runners[name]; r != nil {
		return r, a.accounts[name], nil
	}
	account, err := a.config.Account(ctx, name)
	if err != nil {
		return nil, Account{}, fmt.Errorf("account %s: %w", name, err)
	}
	if account.Journal == ovhrenew.NoJournal {
		return nil, Account{}, &ovhrenew.InputError{Call: "Config.Account", Field: "Account.Journal", Why: "is NoJournal: a worker that dies would leave nobody who knows what it has sent"}
	}
	r, err := ovhrenew.NewRunner(account.Client, account.Journal)
	if err != nil {
		return nil, Account{}, err
	}
	r.Approve = approve
	if r.Gather = account.Gather; r.Gather == 0 {
		r.Gather = time.Minute
	}
	a.runners[name], a.accounts[name] = r, account
	return r, account, nil
}

// asking is what an activity knows of a person's word, and learns of what is asked.
type asking struct {
	given *Answer
	asked *Answer
}

type askingKey struct{}

// approve answers as the workflow was told, if that was about this order at this price.
func approve(ctx context.Context, a ovhrenew.Approval) (ovhrenew.Answer, error) {
	q, ok := ctx.Value(askingKey{}).(*asking)
	if !ok {
		return ovhrenew.AnswerLater, nil
	}
	q.asked = &Answer{Order: a.Order.OrderID, Price: a.Order.PriceWithTax}
	if g := q.given; g != nil && g.Order == q.asked.Order && g.Price == q.asked.Price {
		q.asked = nil
		return g.Answer, nil
	}
	return ovhrenew.AnswerLater, nil
}

// alive gives signs of life until it is stopped.
func alive(ctx context.Context, every time.Duration) (stop func()) {
	done := make(chan struct{})
	var over sync.WaitGroup
	over.Go(func() {
		tick := time.NewTicker(max(every/3, 10*time.Millisecond))
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case <-ctx.Done():
				return
			case <-tick.C:
				activity.RecordHeartbeat(ctx)
			}
		}
	})
	return func() { close(done); over.Wait() }
}

// Propose makes the task of a wish. It orders nothing.
func (a *activities) Propose(ctx context.Context, in RenewInput) (ovhrenew.Task, error) {
	defer alive(ctx, in.Timing.heartbeat())()
	req, err := in.Wish.Request()
	if err != nil {
		return ovhrenew.Task{}, failed(ctx, err)
	}
	runner, _, err := a.account(ctx, in.Account)
	if err != nil {
		return ovhrenew.Task{}, failed(ctx, err)
	}
	task, err := runner.Propose(ctx, req)
	return task, failed(ctx, err)
}

// advanceInput is a renewal on its way.
type advanceInput struct {
	Account string        `json:"account"`
	Task    ovhrenew.Task `json:"task"`
	Given   *Answer       `json:"given,omitempty"`
	Timing  Timing        `json:"timing,omitzero"`
}

// advanced is how far it has come.
type advanced struct {
	Task ovhrenew.Task `json:"task"`
	// Wait is how long to wait for [ovhrenew.Task.Next], by the clock that it was made by.
	Wait  time.Duration `json:"wait,omitempty"`
	Asked *Answer       `json:"asked,omitempty"`
	// Odd says that it was renewed to an unexpected day.
	Odd string `json:"odd,omitempty"`
}

// Advance does what can be done now.
func (a *activities) Advance(ctx context.Context, in advanceInput) (advanced, error) {
	defer alive(ctx, in.Timing.heartbeat())()
	runner, _, err := a.account(ctx, in.Account)
	if err != nil {
		return advanced{}, failed(ctx, err)
	}
	q := &asking{given: in.Given}
	task, err := runner.Advance(context.WithValue(ctx, askingKey{}, q), in.Task)
	if task.Receipt != nil && errors.Is(err, ovhrenew.ErrMismatch) {
		return advanced{Task: task, Odd: err.Error()}, nil
	}
	return advanced{Task: task, Wait: time.Until(task.Next), Asked: q.asked}, failed(ctx, err)
}

// pageInput asks for some items of a plan.
type pageInput struct {
	Plan PlanInput `json:"plan"`
	From int       `json:"from"`
	N    int       `json:"n"`
}

// page is some items of a plan as tasks. A plan as a whole may be larger than what
// Temporal takes.
type page struct {
	Items int              `json:"items"` // of the whole plan
	Tasks []ovhrenew.Task  `json:"tasks"`
	Total []ovhrenew.Money `json:"total"`
}

// PlanPage reads items of a plan.
func (a *activities) PlanPage(ctx context.Context, in pageInput) (page, error) {
	plan, err := a.plan(ctx, in.Plan.Plan)
	if err != nil {
		return page{}, failed(ctx, err)
	}
	with, err := ovhrenew.ParsePayment(in.Plan.PayWith)
	if err != nil {
		return page{}, failed(ctx, err)
	}
	p := page{Items: len(plan.Items), Total: plan.Policy.Total}
	if in.From < len(plan.Items) {
		for _, item := range plan.Items[in.From:min(in.From+in.N, len(plan.Items))] {
			task := item.Task(plan.Policy.Guards())
			task.PayWith, task.Patience, task.Approve = with, in.Plan.Patience, in.Plan.ApproveEach
			if err := task.Check("ApplyPlan"); err != nil {
				return page{}, failed(ctx, err)
			}
			p.Tasks = append(p.Tasks, task)
		}
	}
	return p, nil
}

// plan reads a plan, and keeps the last: a plan is asked for page by page.
func (a *activities) plan(ctx context.Context, ref string) (*portfolio.Plan, error) {
	if a.config.Plan == nil {
		return nil, &ovhrenew.InputError{Call: "ApplyPlan", Field: "Config.Plan", Why: "is missing on this worker"}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.lastPlan != nil && a.lastRef == ref {
		return a.lastPlan, nil
	}
	plan, err := a.config.Plan(ctx, ref)
	if err != nil {
		return nil, err
	}
	if plan == nil {
		return nil, &ovhrenew.InputError{Call: "ApplyPlan", Field: "PlanInput.Plan", Value: ref, Why: "names no plan"}
	}
	if err := plan.Check(); err != nil {
		return nil, err
	}
	a.lastPlan, a.lastRef = plan, ref
	return plan, nil
}

// Verified reports whether the account's journal has a renewal that was verified.
func (a *activities) Verified(ctx context.Context, account string) (bool, error) {
	_, known, err := a.account(ctx, account)
	if err != nil {
		return false, failed(ctx, err)
	}
	name, err := known.Client.Account(ctx)
	if err != nil {
		return false, failed(ctx, err)
	}
	for _, err := range known.Journal.Receipts(ctx, name, time.Time{}) {
		return err == nil, failed(ctx, err)
	}
	return false, nil
}
