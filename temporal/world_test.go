package temporal_test

import (
	"context"
	"fmt"
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

// world is an account, and an environment of Temporal in the same bubble, so that hours
// pass in milliseconds for both.
type world struct {
	t       *testing.T
	server  *ovhrenewtest.Server
	client  ovhrenew.Client
	journal *ovhrenewtest.Memory
	plans   map[string]*portfolio.Plan
}

const account = "ab12345-ovh"

func inBubble(t *testing.T, behaviour ovhrenewtest.Behaviour, run func(*world)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		behaviour.ChargeTwice = true
		w := &world{t: t, server: ovhrenewtest.StartPipe(t, behaviour), journal: ovhrenewtest.NewMemory(ovhrenew.OnlyJournal), plans: map[string]*portfolio.Plan{}}
		ovhrenewtest.Guide(w.server)
		var err error
		if w.client, err = ovhrenew.NewWithConfig(w.server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited}); err != nil {
			t.Fatal(err)
		}
		run(w)
	})
}

// env is a new environment with the workflows.
func (w *world) env() *testsuite.TestWorkflowEnvironment { return w.envWith(w.journal) }

func (w *world) envWith(journal ovhrenew.Journal) *testsuite.TestWorkflowEnvironment {
	w.t.Helper()
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(silent{})
	env := suite.NewTestWorkflowEnvironment()
	env.SetTestTimeout(1000 * time.Hour)
	env.SetStartTime(time.Now())
	env.SetWorkerOptions(worker.Options{DeadlockDetectionTimeout: 1000 * time.Hour})
	// The environment skips what its timers wait for; the bubble has to wait it.
	env.SetOnTimerFiredListener(func(string) { wait(env) })
	err := temporal.Register(env, temporal.Config{
		Account: func(_ context.Context, name string) (temporal.Account, error) {
			if name != account {
				return temporal.Account{}, fmt.Errorf("there is no account %s", name)
			}
			return temporal.Account{Client: w.client, Journal: journal}, nil
		},
		Plan: func(_ context.Context, ref string) (*portfolio.Plan, error) { return w.plans[ref], nil },
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return env
}

// wait lets the bubble come to the environment's time.
func wait(env *testsuite.TestWorkflowEnvironment) {
	if behind := env.Now().Sub(time.Now()); behind > 0 {
		time.Sleep(behind)
	}
}

// after does something at a time after the start.
func after(env *testsuite.TestWorkflowEnvironment, d time.Duration, do func()) {
	env.RegisterDelayedCallback(func() {
		wait(env)
		do()
	}, d)
}

type silent struct{}

func (silent) Debug(string, ...any) {}
func (silent) Info(string, ...any)  {}
func (silent) Warn(string, ...any)  {}
func (silent) Error(string, ...any) {}

func wish() *ovhrenew.Wish {
	return &ovhrenew.Wish{
		Service: ovhrenew.Name(ovhrenewtest.GuideVPS), Period: ovhrenew.P3M, Alone: true,
		Limit: ovhrenew.MustMoney("50 EUR"), PayWith: ovhrenew.DefaultMethod.String(),
	}
}

func (w *world) payments(want int) {
	w.t.Helper()
	if n := len(w.server.Payments()); n != want {
		w.t.Errorf("%d payments, want %d", n, want)
	}
}

func result(t *testing.T, env *testsuite.TestWorkflowEnvironment) temporal.Result {
	t.Helper()
	if !env.IsWorkflowCompleted() {
		t.Fatal("the workflow has not ended")
	}
	if err := env.GetWorkflowError(); err != nil {
		t.Fatalf("the workflow: %v", err)
	}
	var r temporal.Result
	if err := env.GetWorkflowResult(&r); err != nil {
		t.Fatal(err)
	}
	return r
}

func progress(t *testing.T, env *testsuite.TestWorkflowEnvironment) temporal.Progress {
	t.Helper()
	value, err := env.QueryWorkflow("progress")
	if err != nil {
		t.Fatal(err)
	}
	var p temporal.Progress
	if err := value.Get(&p); err != nil {
		t.Fatal(err)
	}
	return p
}
