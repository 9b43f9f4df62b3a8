package temporal_test

import (
	"errors"
	"testing"
	"time"

	"go.temporal.io/sdk/converter"
	sdk "go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
	"github.com/ovhrenew/ovhrenew/portfolio"
	"github.com/ovhrenew/ovhrenew/temporal"
)

// A plan is renewed once, the first item alone, and few requests serve each item.
func TestApplyPlan(t *testing.T) {
	t.Parallel()
	const n = 40
	inBubble(t, ovhrenewtest.Behaviour{ChargeTwice: true, StatusLag: 10 * time.Second, DeliveryDelay: 3 * time.Minute, ExpiryLag: 20 * time.Second}, func(w *world) {
		w.domains(n)
		first := time.Time{}
		w.server.OnAnswer(func(r ovhrenewtest.Request) {
			if r.Route == ovhrenewtest.RouteOrder && first.IsZero() {
				first = r.Time
			} else if r.Route == ovhrenewtest.RouteOrder && r.Time.Sub(first) < 3*time.Minute {
				t.Errorf("a second order %v after the first", r.Time.Sub(first))
			}
		})
		report, err := w.apply(application())
		if err != nil {
			t.Fatal(err)
		}
		if report.Counts[portfolio.OutcomeRenewed] != n || report.Spent[0] != ovhrenew.MustMoney("479.60 EUR") || w.payments() != n || report.Alone {
			t.Errorf("report %+v, %d payments", report, w.payments())
		}
		if each := float64(len(w.server.Requests())) / n; each > 7 {
			t.Errorf("%.1f requests each", each)
		} else {
			t.Logf("%.1f requests each", each)
		}
		w.renewEnv()
		w.server.Forget()
		report, err = w.apply(application())
		if err != nil || report.Already != n || w.payments() != n || report.Spent[0] != ovhrenew.MustMoney("479.60 EUR") {
			t.Errorf("again: %+v, %v", report, err)
		}
		t.Logf("again: %d requests", len(w.server.Requests()))
	})
}

// Nothing is ordered before the plan is approved, and nothing begun while it is paused or
// after it was stopped; what is under way comes to its end.
func TestPlanSignals(t *testing.T) {
	t.Parallel()
	const n = 12
	inBubble(t, ovhrenewtest.Behaviour{ChargeTwice: true, DeliveryDelay: 3 * time.Minute}, func(w *world) {
		w.domains(n)
		in := application()
		in.Approve, in.AtOnce, in.FirstWithOthers = true, 2, true
		var paused int
		orders := func() int { return len(w.server.Orders()) }
		w.after(48*time.Hour, func() {
			if r := w.report(); !r.Waiting || orders() > 0 || r.Items != n || r.Digest == "" {
				t.Errorf("waits to be approved: %+v, %d orders", r, orders())
			}
			w.env.SignalWorkflow(temporal.SignalApprove, nil)
		})
		w.after(48*time.Hour+time.Minute, func() { w.env.SignalWorkflow(temporal.SignalPause, nil) })
		w.after(49*time.Hour, func() { paused = orders() })
		w.after(60*time.Hour, func() {
			if r := w.report(); orders() != paused || paused == 0 || !r.Paused || r.Running != 0 {
				t.Errorf("paused with %d orders, now %d: %+v", paused, orders(), r)
			}
			w.env.SignalWorkflow(temporal.SignalResume, nil)
		})
		w.after(60*time.Hour+time.Minute, func() { w.env.SignalWorkflow(temporal.SignalStop, nil) })
		report, err := w.apply(in)
		if err != nil {
			t.Fatal(err)
		}
		renewed := report.Counts[portfolio.OutcomeRenewed]
		if renewed != w.payments() || renewed <= paused || renewed+report.Counts[portfolio.OutcomeSkipped] != n || orders() != renewed || report.Stopped == "" {
			t.Errorf("%+v with %d orders and %d payments", report, orders(), w.payments())
		}
	})
}

// A cancelled plan cancels what is under way: what is paid is followed to its end, and
// nothing more is paid.
func TestPlanCancelled(t *testing.T) {
	t.Parallel()
	const n = 8
	inBubble(t, ovhrenewtest.Behaviour{ChargeTwice: true, ListLag: 20 * time.Second, DeliveryDelay: 10 * time.Minute}, func(w *world) {
		w.domains(n)
		in := application()
		in.AtOnce, in.FirstWithOthers = 3, true
		var paid int
		w.after(12*time.Minute, func() { paid = w.payments(); w.env.CancelWorkflow() })
		_, err := w.apply(in)
		var report temporal.Report
		canceled, ok := errors.AsType[*sdk.CanceledError](err)
		if !ok || canceled.Details(&report) != nil {
			t.Fatalf("%v, want cancelled with its report", err)
		}
		renewed := report.Counts[portfolio.OutcomeRenewed]
		if w.payments() != paid || renewed != paid || paid == 0 || report.Counts[portfolio.OutcomeSkipped]+report.Counts[portfolio.OutcomeOrdered]+renewed != n {
			t.Errorf("%d payments, %d when it was cancelled: %+v", w.payments(), paid, report)
		}
	})
}

// What is spent stays within the total, across runs of the workflow.
func TestPlanTotal(t *testing.T) {
	t.Parallel()
	const n = 12
	inBubble(t, ovhrenewtest.Behaviour{ChargeTwice: true}, func(w *world) {
		w.domains(n)
		in := application()
		in.Total = []ovhrenew.Money{ovhrenew.MustMoney("71.93 EUR")} // a cent less than six
		in.PerRun, in.AtOnce = 2, 4
		runs := 1
		report, err := w.apply(in)
		for ; workflow.IsContinueAsNewError(err); runs++ {
			again, _ := errors.AsType[*workflow.ContinueAsNewError](err)
			if err := converter.GetDefaultDataConverter().FromPayloads(again.Input, &in); err != nil {
				t.Fatal(err)
			}
			w.renewEnv()
			report, err = w.apply(in)
		}
		if err != nil || report.Counts[portfolio.OutcomeRenewed] != 5 || report.Counts[portfolio.OutcomeSkipped] != n-5 || w.payments() != 5 || runs != n/2 {
			t.Fatalf("%+v, %v, %d payments, %d runs", report, err, w.payments(), runs)
		}
		if report.Spent[0] != ovhrenew.MustMoney("59.95 EUR") || report.Runs != runs || len(report.Failures) != n-5 {
			t.Errorf("%+v", report)
		}
	})
}

// A plan that changes while it is applied is not gone on with.
// What is not known of one item's money stops the plan, unless it is to go on.
func TestPlanUnsure(t *testing.T) {
	t.Parallel()
	for _, goOn := range []bool{false, true} {
		inBubble(t, ovhrenewtest.Behaviour{ChargeTwice: true, DeliveryDelay: time.Minute}, func(w *world) {
			const n = 4
			w.domains(n)
			in := application()
			in.GoOnWhenUnsure, in.AtOnce, in.FirstWithOthers, in.GiveUp = goOn, 1, true, time.Minute
			w.server.Inject(
				ovhrenewtest.Fault{Route: ovhrenewtest.RoutePay, Kind: ovhrenewtest.Reset, When: ovhrenewtest.After},
				ovhrenewtest.Fault{Route: ovhrenewtest.RouteStatus, Skip: 1, Times: 40, Kind: ovhrenewtest.StatusFault, Status: 400},
			)
			report, err := w.apply(in)
			if err != nil {
				t.Fatal(err)
			}
			unsure, renewed := report.Counts[portfolio.OutcomeUnsure], report.Counts[portfolio.OutcomeRenewed]
			if unsure == 0 || (report.Stopped == "") != goOn || goOn && unsure+renewed != n || !goOn && report.Counts[portfolio.OutcomeSkipped] != n-1 {
				t.Errorf("go on %t: %+v", goOn, report)
			}
			if limit := ovhrenew.MustMoney("11.99 EUR").Ucents() * int64(unsure+renewed); report.Spent[0].Ucents() != limit {
				t.Errorf("spent %s, want the limits of what is unsure", report.Spent[0])
			}
			w.payments()
		})
	}
}

// What cannot be meant is refused before anything is read.
// both begins the renewal of a plan's first item, and then the plan.
func both(ctx workflow.Context, first temporal.Renewal, in temporal.Application) (*temporal.Report, error) {
	one := workflow.ExecuteChildWorkflow(workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{WorkflowID: first.ID()}), temporal.Renew, first)
	if err := one.GetChildWorkflowExecution().Get(ctx, nil); err != nil {
		return nil, err
	}
	var report *temporal.Report
	all := workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{WorkflowID: in.ID()})
	return report, workflow.ExecuteChildWorkflow(all, temporal.ApplyPlan, in).Get(ctx, &report)
}

// A renewal that somebody else has under way is waited for, and found renewed.
func TestPlanMeetsRenewal(t *testing.T) {
	t.Parallel()
	const n = 5
	inBubble(t, ovhrenewtest.Behaviour{ChargeTwice: true, DeliveryDelay: 10 * time.Minute}, func(w *world) {
		w.domains(n)
		task := w.plan.Items[0].Task(w.plan.Policy.Guards())
		task.PayWith = ovhrenew.DefaultMethod
		in := application()
		in.FirstWithOthers = true
		w.env.RegisterWorkflow(both)
		w.env.ExecuteWorkflow(both, temporal.Renewal{Account: account, Task: &task}, in)
		var report temporal.Report
		if err := errors.Join(w.env.GetWorkflowError(), w.env.GetWorkflowResult(&report)); err != nil {
			t.Fatal(err)
		}
		if report.Counts[portfolio.OutcomeRenewed] != n || report.Already != 1 || w.payments() != n || len(w.server.Payments()) != n {
			t.Errorf("%+v, %d payments", report, len(w.server.Payments()))
		}
	})
}

// So many failures stop a plan; refusals because the account has changed do not count.
func TestPlanStopAfter(t *testing.T) {
	t.Parallel()
	const n = 10
	inBubble(t, ovhrenewtest.Behaviour{ChargeTwice: true}, func(w *world) {
		w.domains(n)
		in := application()
		in.StopAfter, in.AtOnce, in.FirstWithOthers = 2, 1, true
		for _, item := range w.plan.Items[:3] { // renewed by somebody since
			w.server.SetExpiry(int64(item.Via), w.server.Expiry(int64(item.Via)).AddDate(1, 0, 0))
		}
		w.server.Inject(ovhrenewtest.Fault{Route: ovhrenewtest.RoutePay, Times: -1, Kind: ovhrenewtest.StatusFault, Status: 403, Body: `{"class":"Client::Forbidden","message":"This order can't be paid with 'creditCard'"}`})
		report, err := w.apply(in)
		if err != nil || report.Counted != 2 || report.Stopped == "" || report.Counts[portfolio.OutcomeSkipped] != n-5 || w.payments() != 0 {
			t.Fatalf("%+v, %v", report, err)
		}
		for _, f := range report.Failures {
			if changed := f.Item < 3; f.Failure.Changed != changed {
				t.Errorf("%+v", f)
			}
		}
	})
}
