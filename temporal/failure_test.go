package temporal_test

import (
	"errors"
	"testing"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
	"github.com/ovhrenew/ovhrenew/temporal"
)

// TestFailures: what an activity's error asks for is what the core says of it, and it
// survives the way through Temporal, with what is known of the money.
func TestFailures(t *testing.T) {
	inBubble(t, ovhrenewtest.Behaviour{}, func(w *world) {
		w.server.Inject(ovhrenewtest.Fault{Route: ovhrenewtest.RoutePay, Kind: ovhrenewtest.StatusFault, Status: 400, Times: -1})
		env := w.env()
		env.ExecuteWorkflow(temporal.RenewWorkflow, temporal.RenewInput{Account: account, Wish: wish(), Timing: temporal.Timing{GiveUp: time.Hour}})
		f, ok := temporal.FailureOf(env.GetWorkflowError())
		if !ok || f.Order == 0 || f.Why == "" || f.Reaction != ovhrenew.ReactPerson || f.Paid != ovhrenew.PaidNo {
			t.Errorf("the failure is %+v of %v", f, env.GetWorkflowError())
		}
		w.payments(0)
	})
	if f, ok := temporal.FailureOf(errors.New("something else")); ok {
		t.Errorf("FailureOf something else = %+v", f)
	}
}

func TestRegisterRefuses(t *testing.T) {
	t.Parallel()
	if err := temporal.Register(nil, temporal.Config{}); !errors.Is(err, ovhrenew.ErrBadInput) {
		t.Errorf("Register without accounts = %v", err)
	}
}

// TestNoJournal: a worker without a journal would leave nobody who knows what it sent.
func TestNoJournal(t *testing.T) {
	inBubble(t, ovhrenewtest.Behaviour{}, func(w *world) {
		env := w.envWith(ovhrenew.NoJournal)
		env.ExecuteWorkflow(temporal.RenewWorkflow, temporal.RenewInput{Account: account, Wish: wish()})
		if f, ok := temporal.FailureOf(env.GetWorkflowError()); !ok || f.Reaction != ovhrenew.ReactNever {
			t.Errorf("with NoJournal: %v", env.GetWorkflowError())
		}
		if n := w.server.Count(ovhrenewtest.RouteOrder); n != 0 {
			t.Errorf("%d orders", n)
		}
	})
}

func TestIDs(t *testing.T) {
	t.Parallel()
	a, b := wish(), wish()
	b.From = ovhrenew.MustDate("2026-12-01")
	for want, in := range map[string]interface{ ID() string }{
		"ovhrenew/x/vps112233.ovh.net":            temporal.RenewInput{Account: "x", Wish: a},
		"ovhrenew/x/vps112233.ovh.net@2026-12-01": temporal.RenewInput{Account: "x", Wish: b},
		"ovhrenew/x/plan/p":                       temporal.PlanInput{Account: "x", Plan: "p"},
		"ovhrenew/x/5@2026-12-01 P12M": temporal.RenewInput{Account: "x", Task: &ovhrenew.Task{
			Offer: ovhrenew.Offer{Period: ovhrenew.P1Y}, Services: []ovhrenew.Renewed{{ServiceID: 5, From: b.From}},
		}},
	} {
		if got := in.ID(); got != want {
			t.Errorf("ID = %q, want %q", got, want)
		}
	}
}
