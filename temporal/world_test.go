// What the tests of the package share: an account, and Temporal's test environment.

package temporal_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/worker"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
	"github.com/ovhrenew/ovhrenew/portfolio"
	"github.com/ovhrenew/ovhrenew/temporal"
)

const (
	vps     = ovhrenew.ServiceID(ovhrenewtest.GuideVPSID)
	account = "guide"
	// firstDomain is the id of the first of the plan's domains.
	firstDomain = ovhrenew.ServiceID(500000)
)

// world is a simulated account, a journal and Temporal's test environment, in one bubble
// of testing/synctest: its hours take milliseconds.
type world struct {
	t       *testing.T
	server  *ovhrenewtest.Server
	journal *handles
	env     *testsuite.TestWorkflowEnvironment
	plan    *portfolio.Plan
	wrap    func(ovhrenew.Client) ovhrenew.Client
	mu      sync.Mutex
	opened  int // how often a worker has opened the account
	wrong   int // how often it could not
}

// inBubble runs a test in a bubble with the account of OVHcloud's guide.
func inBubble(t *testing.T, b ovhrenewtest.Behaviour, do func(*world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := &world{t: t, server: ovhrenewtest.StartPipe(t, b), journal: &handles{alive: ovhrenewtest.NewMemory(ovhrenew.OnlyJournal)}}
		ovhrenewtest.Guide(w.server)
		w.renewEnv()
		do(w)
	})
}

// renewEnv makes a new environment, with workers that know nothing of what was.
func (w *world) renewEnv() {
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(quiet{})
	env := suite.NewTestWorkflowEnvironment()
	env.SetTestTimeout(1000 * time.Hour)
	env.SetStartTime(time.Now())
	env.SetWorkerOptions(worker.Options{DeadlockDetectionTimeout: 1000 * time.Hour})
	// The environment skips the time of its timers: the bubble follows it.
	env.SetOnTimerFiredListener(func(string) {
		if d := env.Now().Sub(time.Now()); d > 0 {
			time.Sleep(d)
		}
	})
	w.env = env
	if err := temporal.Register(env, w.config()); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) config() temporal.Config {
	return temporal.Config{
		Account: func(context.Context, string) (temporal.Account, error) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.opened++
			switch {
			case w.opened > w.wrong:
			case w.opened == 1:
				return temporal.Account{}, errors.New("the vault is closed")
			case w.opened == 2:
				return temporal.Account{Client: w.client(), Journal: ovhrenew.NoJournal}, nil
			default:
				return temporal.Account{Journal: w.journal}, nil
			}
			return temporal.Account{Client: w.client(), Journal: w.journal}, nil
		},
		Plan: func(context.Context, string, string) (*portfolio.Plan, error) {
			w.mu.Lock()
			defer w.mu.Unlock()
			return w.plan, nil
		},
	}
}

func (w *world) client() ovhrenew.Client {
	client, err := ovhrenew.NewWithConfig(w.server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited, Transport: w.server.Transport()})
	if err != nil {
		w.t.Fatal(err)
	}
	if w.wrap != nil {
		return w.wrap(client)
	}
	return client
}

// renewal is that of the guide's VPS for three months.
func renewal() temporal.Renewal {
	return temporal.Renewal{Account: account, Wish: &ovhrenew.Wish{
		Service: ovhrenew.Name(ovhrenewtest.GuideVPS), Period: ovhrenew.P3M, Alone: true,
		Limit: ovhrenew.MustMoney("50 EUR"), PayWith: ovhrenew.DefaultMethod.String(),
	}}
}

// domains adds n domains that are due, and makes the plan to renew them, and nothing else.
func (w *world) domains(n int) {
	w.t.Helper()
	for i := range n {
		name := fmt.Sprintf("d%05d.example", i)
		id := w.server.AddService(ovhrenewtest.Service{
			ID: int64(firstDomain) + int64(i), Name: name, Route: "/domain/" + name, Type: "Domain .example", Product: "domain",
			Expiry: time.Now().AddDate(0, 0, 10).UTC().Truncate(24 * time.Hour),
		})
		w.server.Offer("P1Y", "9.99", id)
	}
	policy := portfolio.Policy{Period: ovhrenew.P1Y, TaxPercent: "20", Total: []ovhrenew.Money{ovhrenew.MustMoney("100000 EUR")}, Only: []portfolio.Selection{{Names: []string{"d*.example"}}}}
	today := ovhrenew.DateOf(time.Now())
	wants, err := policy.Wants(today)
	if err != nil {
		w.t.Fatal(err)
	}
	var found []portfolio.Surveyed
	for s, err := range portfolio.Survey(w.t.Context(), w.client(), portfolio.Query{Offers: wants}) {
		if err != nil {
			w.t.Fatal(err)
		}
		found = append(found, s)
	}
	plan, err := portfolio.MakePlan(found, policy, today)
	if err != nil || len(plan.Items) != n {
		w.t.Fatalf("%d items, %v, want %d", len(plan.Items), err, n)
	}
	w.plan = plan
	w.server.Forget()
}

// application is that of the world's plan.
func application() temporal.Application {
	return temporal.Application{Account: account, Plan: "plan-1", PayWith: ovhrenew.DefaultMethod.String()}
}

// apply runs the workflow to its end.
func (w *world) apply(in temporal.Application) (*temporal.Report, error) {
	w.env.ExecuteWorkflow(temporal.ApplyPlan, in)
	if err := w.env.GetWorkflowError(); err != nil {
		return nil, err
	}
	var report *temporal.Report
	err := w.env.GetWorkflowResult(&report)
	return report, err
}

// report asks the plan's workflow how far it is.
func (w *world) report() temporal.Report {
	w.t.Helper()
	var r temporal.Report
	value, err := w.env.QueryWorkflow(temporal.QueryProgress)
	if err == nil {
		err = value.Get(&r)
	}
	if err != nil {
		w.t.Error(err)
	}
	return r
}

// payments counts the domains that were paid, and fails for one that was paid twice.
func (w *world) payments() int {
	w.t.Helper()
	n := 0
	for i := range w.plan.Items {
		id := w.plan.Items[i].Via
		switch paid := w.server.PaymentsFor(int64(id)); {
		case paid > 1:
			w.t.Errorf("service %d was paid %d times", id, paid)
		case paid == 1:
			n++
		}
	}
	return n
}

// after does something in the workflow's time.
func (w *world) after(d time.Duration, do func()) { w.env.RegisterDelayedCallback(do, d) }

// progress asks the workflow.
func (w *world) progress() temporal.Progress {
	w.t.Helper()
	var p temporal.Progress
	value, err := w.env.QueryWorkflow(temporal.QueryProgress)
	if err == nil {
		err = value.Get(&p)
	}
	if err != nil {
		w.t.Error(err)
	}
	return p
}

// renew runs the workflow to its end.
func (w *world) renew(in temporal.Renewal) (*ovhrenew.Receipt, error) {
	w.env.ExecuteWorkflow(temporal.Renew, in)
	if err := w.env.GetWorkflowError(); err != nil {
		return nil, err
	}
	var receipt *ovhrenew.Receipt
	err := w.env.GetWorkflowResult(&receipt)
	return receipt, err
}

// paid checks how often the guide's VPS was ordered and paid.
func (w *world) paid(orders, payments int) {
	w.t.Helper()
	if got := len(w.server.Orders()); got != orders {
		w.t.Errorf("%d orders, want %d", got, orders)
	}
	if got := w.server.PaymentsFor(int64(vps)); got != payments {
		w.t.Errorf("paid %d times, want %d", got, payments)
	}
}

// fails checks an error's reaction and what it says of the renewal.
func (w *world) fails(err error, want temporal.Failure) {
	w.t.Helper()
	got, ok := temporal.FailureOf(err)
	if !ok || got.Reaction != want.Reaction || got.Outcome != want.Outcome {
		w.t.Errorf("%v: %+v, want %s, %s", err, got, want.Reaction, want.Outcome)
	}
}

type quiet struct{}

func (quiet) Debug(string, ...any) {}
func (quiet) Info(string, ...any)  {}
func (quiet) Warn(string, ...any)  {}
func (quiet) Error(string, ...any) {}
