package main

import (
	"testing"
	"time"

	"go.temporal.io/sdk/testsuite"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// naively runs the control on an account, and counts.
func naively(t *testing.T, n int, faults ...ovhrenewtest.Fault) (got tally, err error) {
	t.Helper()
	dir := t.TempDir()
	a, err := openAccount(t.Context(), dir, "account", n, scenario{delivery: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(a.server.Close)
	a.server.Inject(faults...)
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(quiet())
	env := suite.NewTestWorkflowEnvironment()
	env.SetTestTimeout(time.Minute)
	registerNaive(env, &opener{
		config:  workerConfig{Dir: dir, Endpoints: map[string]string{"account": a.server.Endpoint()}, Keys: a.server.Credentials()},
		clients: map[string]ovhrenew.Client{},
	})
	var offers []ovhrenew.Offer
	for _, item := range a.plan.Items {
		offers = append(offers, item.Offer())
	}
	env.ExecuteWorkflow(NaivePlan, "account", offers)
	if !env.IsWorkflowCompleted() {
		t.Fatal("the control does not end")
	}
	got.count(a)
	return got, env.GetWorkflowError()
}

// The control does renew: where nothing is lost, everything once.
func TestNaive(t *testing.T) {
	t.Parallel()
	if got, err := naively(t, 4); err != nil || got.once != 4 || got.twice+got.lost+got.unpaid > 0 || got.orders != 4 {
		t.Errorf("%v: %+v", err, got)
	}
}

// It is a control because it tries again: a lost answer to an order is a second order, and
// one to a payment a second payment.
func TestNaiveTwice(t *testing.T) {
	t.Parallel()
	lost := ovhrenewtest.Fault{Route: ovhrenewtest.RouteOrder, Kind: ovhrenewtest.Reset, When: ovhrenewtest.After}
	if got, err := naively(t, 2, lost); err != nil || got.orders != 3 || got.unpaid != 1 {
		t.Errorf("a lost order: %v, %+v", err, got)
	}
	lost.Route = ovhrenewtest.RoutePay
	if got, err := naively(t, 2, lost); got.payments != 3 || got.twice != 1 {
		t.Errorf("a lost payment: %v, %+v", err, got)
	}
}
