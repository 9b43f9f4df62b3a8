package temporal_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"go.temporal.io/sdk/testsuite"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
	"github.com/ovhrenew/ovhrenew/portfolio"
	"github.com/ovhrenew/ovhrenew/temporal"
)

// domains adds domains that are due, and plans to renew them.
func (w *world) domains(n int, total string) temporal.PlanInput {
	w.t.Helper()
	for i := range n {
		name := fmt.Sprintf("d%03d.ovh", i)
		id := w.server.AddService(ovhrenewtest.Service{
			ID: int64(500_000 + i), Name: name, Route: "/domain/" + name, Type: "Domain .ovh", Product: "domain-ovh",
			Expiry: time.Now().AddDate(0, 0, 10).UTC().Truncate(24 * time.Hour),
		})
		w.server.Offer("P1Y", "10.00", id)
	}
	policy := portfolio.Policy{Period: ovhrenew.P1Y, TaxPercent: "20", Total: []ovhrenew.Money{ovhrenew.MustMoney(total)}, Only: []portfolio.Selection{{Names: []string{"d*.ovh"}}}}
	today := ovhrenew.DateOf(time.Now())
	wants, err := policy.Wants(today)
	if err != nil {
		w.t.Fatal(err)
	}
	var found []portfolio.Surveyed
	for service, err := range portfolio.Survey(w.t.Context(), w.client, portfolio.Query{Offers: wants}) {
		if err != nil {
			w.t.Fatal(err)
		}
		found = append(found, service)
	}
	plan, err := portfolio.MakePlan(found, policy, today)
	if err != nil {
		w.t.Fatal(err)
	}
	w.plans["december"] = plan
	w.server.Forget()
	return temporal.PlanInput{Account: account, Plan: "december", PayWith: ovhrenew.DefaultMethod.String(), FirstWithOthers: true}
}

// apply runs the plan's workflow, and each of the runs that it is continued as.
func (w *world) apply(in temporal.PlanInput, prepare func(*testsuite.TestWorkflowEnvironment)) (temporal.PlanProgress, error) {
	w.t.Helper()
	for range 20 {
		env := w.env()
		if prepare != nil {
			prepare(env)
		}
		env.ExecuteWorkflow(temporal.ApplyPlanWorkflow, in)
		if !env.IsWorkflowCompleted() {
			w.t.Fatal("the plan's workflow has not ended")
		}
		next, ok := temporal.Continued(env.GetWorkflowError())
		if !ok {
			var p temporal.PlanProgress
			err := env.GetWorkflowError()
			if err == nil {
				err = env.GetWorkflowResult(&p)
			}
			return p, err
		}
		in = next
	}
	w.t.Fatal("the plan's workflow is continued for ever")
	return temporal.PlanProgress{}, nil
}

func planProgress(t *testing.T, env *testsuite.TestWorkflowEnvironment) (p temporal.PlanProgress) {
	t.Helper()
	value, err := env.QueryWorkflow("progress")
	if err == nil {
		err = value.Get(&p)
	}
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestPlan: the items of a plan by child workflows, continued as new several times, and
// once more: what is renewed is found renewed.
func TestPlan(t *testing.T) {
	inBubble(t, ovhrenewtest.Behaviour{DeliveryDelay: 2 * time.Minute}, func(w *world) {
		in := w.domains(25, "1000 EUR")
		in.PerRun, in.AtOnce = 10, 6
		for run := range 2 {
			p, err := w.apply(in, nil)
			if err != nil {
				t.Fatal(err)
			}
			if p.Outcomes[portfolio.OutcomeRenewed] != 25 || p.Items != 25 || p.Runs != 3 || p.Running != 0 || fmt.Sprint(p.Spent) != "[300.00 EUR]" {
				t.Errorf("run %d: the progress is %+v", run, p)
			}
			w.payments(25)
		}
		if n := float64(len(w.server.Requests())) / 25; n > 8 {
			t.Errorf("%.1f requests for each renewal, want at most 8", n)
		}
	})
}

// TestPlanGoesOn: items that somebody's orders are in the way of neither take the places of
// the others for long, nor hold up the plan where its workflow is continued as new.
func TestPlanGoesOn(t *testing.T) {
	inBubble(t, ovhrenewtest.Behaviour{}, func(w *world) {
		in := w.domains(12, "1000 EUR")
		in.AtOnce, in.PerRun = 2, 6
		for _, id := range []int64{500_000, 500_001, 500_002} {
			w.server.AddOrder(ovhrenewtest.Order{Services: []int64{id}, Period: "P1Y", Price: "10.00"})
		}
		p, err := w.apply(in, nil)
		if err != nil || p.Outcomes[portfolio.OutcomeRenewed] != 9 || p.Outcomes[temporal.LeftAlone] != 3 || len(p.Left) != 3 || p.Runs != 2 {
			t.Errorf("%+v, %v", p, err)
		}
		if want := "[144.00 EUR]"; fmt.Sprint(p.Spent) != want { // what was left alone stays reserved
			t.Errorf("spent and reserved are %v, want %s", p.Spent, want)
		}
		w.payments(12) // the environment runs those that were left alone to their end
	})
}

// TestPlanTotal: what is spent stays within the plan's total, over all its runs. The plan
// was made for more than its policy allows now.
func TestPlanTotal(t *testing.T) {
	inBubble(t, ovhrenewtest.Behaviour{}, func(w *world) {
		in := w.domains(6, "1000 EUR")
		w.plans["december"].Policy.Total = []ovhrenew.Money{ovhrenew.MustMoney("37 EUR")} // each costs 12
		in.PerRun = 2
		p, err := w.apply(in, nil)
		if err == nil {
			t.Fatalf("a plan over its total was applied: %+v", p)
		}
		if f, ok := temporal.FailureOf(err); !ok || f.Reaction != ovhrenew.ReactNever {
			t.Errorf("the workflow ended with %v", err)
		}
		w.payments(0)
	})
}

// TestPlanFirst: until the account has a verified renewal, one item goes alone.
func TestPlanFirst(t *testing.T) {
	inBubble(t, ovhrenewtest.Behaviour{DeliveryDelay: 5 * time.Minute}, func(w *world) {
		in := w.domains(6, "1000 EUR")
		in.FirstWithOthers = false
		looked := 0
		p, err := w.apply(in, func(env *testsuite.TestWorkflowEnvironment) {
			after(env, 2*time.Minute, func() {
				looked++
				if p := planProgress(t, env); p.Running != 1 || !p.Alone {
					t.Errorf("after 2 minutes the progress is %+v", p)
				}
				w.payments(1)
			})
		})
		if err != nil || p.Outcomes[portfolio.OutcomeRenewed] != 6 || looked != 1 {
			t.Errorf("%+v, %v", p, err)
		}
	})
}

// TestPlanSignals: nothing is ordered before the approval, nothing is begun while it is
// paused, and nothing after it is stopped; what is under way is finished.
func TestPlanSignals(t *testing.T) {
	inBubble(t, ovhrenewtest.Behaviour{DeliveryDelay: 5 * time.Minute}, func(w *world) {
		in := w.domains(6, "1000 EUR")
		in.Approve, in.AtOnce = true, 2
		p, err := w.apply(in, func(env *testsuite.TestWorkflowEnvironment) {
			after(env, time.Hour, func() {
				if n := len(w.server.Requests()); n != 0 {
					t.Errorf("before the approval there were %d requests", n)
				}
				env.SignalWorkflow("approve", nil)
			})
			after(env, time.Hour+2*time.Minute, func() { env.SignalWorkflow("pause", nil) })
			after(env, 3*time.Hour, func() {
				if p := planProgress(t, env); p.Running != 0 || p.Next != 2 || !p.Paused {
					t.Errorf("while it is paused the progress is %+v", p)
				}
				env.SignalWorkflow("resume", nil)
			})
			after(env, 3*time.Hour+2*time.Minute, func() { env.SignalWorkflow("stop", nil) })
		})
		if err != nil || p.Outcomes[portfolio.OutcomeRenewed] != 4 || p.Next != 4 || p.Stopped == "" {
			t.Errorf("%+v, %v", p, err)
		}
		w.payments(4)
	})
}

// TestPlanFailures: an item whose price has changed fails alone; after too many the plan
// stops.
func TestPlanFailures(t *testing.T) {
	inBubble(t, ovhrenewtest.Behaviour{}, func(w *world) {
		in := w.domains(8, "1000 EUR")
		in.AtOnce, in.StopAfter = 1, 2
		for _, id := range []int64{500_001, 500_003, 500_005} {
			w.server.SetPrice("P1Y", "15.00", id)
		}
		p, err := w.apply(in, nil)
		if err != nil || p.Failed != 2 || p.Outcomes[portfolio.OutcomeRenewed] != 2 || p.Next != 4 || p.Stopped == "" || len(p.Failures) != 2 {
			t.Errorf("%+v, %v", p, err)
		}
		w.payments(2)
	})
}

func TestPlanRefuses(t *testing.T) {
	inBubble(t, ovhrenewtest.Behaviour{}, func(w *world) {
		good := w.domains(1, "1000 EUR")
		for name, change := range map[string]func(*temporal.PlanInput){
			"PlanInput.Account":   func(in *temporal.PlanInput) { in.Account = "" },
			"PlanInput.Plan":      func(in *temporal.PlanInput) { in.Plan = "" },
			"PlanInput.PayWith":   func(in *temporal.PlanInput) { in.PayWith = "" },
			"PlanInput.AtOnce":    func(in *temporal.PlanInput) { in.AtOnce = -1 },
			"PlanInput.PerRun":    func(in *temporal.PlanInput) { in.PerRun = -1 },
			"PlanInput.StopAfter": func(in *temporal.PlanInput) { in.StopAfter = -1 },
			"ParsePayment":        func(in *temporal.PlanInput) { in.PayWith = "a promise" },
			"names no plan":       func(in *temporal.PlanInput) { in.Plan = "january" },
		} {
			in := good
			change(&in)
			_, err := w.apply(in, nil)
			f, ok := temporal.FailureOf(err)
			if !ok || f.Reaction != ovhrenew.ReactNever || !strings.Contains(err.Error(), name) {
				t.Errorf("%s: %v, want never, with the name", name, err)
			}
			if name == "names no plan" {
				continue
			}
			if _, err := temporal.StartPlan(t.Context(), nil, "queue", in); !errors.Is(err, ovhrenew.ErrBadInput) && !errors.Is(err, ovhrenew.ErrNoPayment) {
				t.Errorf("StartPlan with a bad %s: %v", name, err)
			}
		}
		w.payments(0)
	})
}
