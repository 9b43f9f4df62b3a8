// What a plan says of an item beside another renewal of the same service.

package portfolio_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// A renewal for another period is paid and not delivered yet, or it is not known whether it
// is. Applying a plan for a year pays nothing, and says nothing of its limit as spent.
func TestApplyBesideAnotherPeriod(t *testing.T) {
	t.Parallel()
	for _, lost := range []bool{false, true} {
		for _, sharing := range []ovhrenew.Sharing{ovhrenew.OnlyJournal, ovhrenew.OneOfSeveral} {
			synctest.Test(t, func(t *testing.T) {
				w, plan := guideWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true, DeliveryDelay: 3 * time.Hour}, ovhrenew.P1Y, func(*ovhrenewtest.Service) {})
				if lost {
					w.server.Inject(ovhrenewtest.Fault{Route: ovhrenewtest.RoutePay, Kind: ovhrenewtest.Reset, When: ovhrenewtest.After})
				}
				journal := ovhrenewtest.NewMemory(sharing)
				ctx, cut := context.WithCancel(t.Context())
				w.server.OnAnswer(func(r ovhrenewtest.Request) {
					if lost && r.Route == ovhrenewtest.RoutePay {
						w.server.Inject(ovhrenewtest.Fault{Route: ovhrenewtest.RouteStatus, Kind: ovhrenewtest.StatusFault, Status: 500, Times: -1})
						go func() { time.Sleep(time.Minute); cut() }()
					}
				})
				_, err := ovhrenew.Renew(ctx, w.client(ovhrenew.Unlimited), ovhrenew.Request{
					Service: ovhrenew.ID(ovhrenewtest.GuideVPSID), Rules: []ovhrenew.Rule{ovhrenew.For(ovhrenew.P3M)},
					Limit: ovhrenew.MustMoney("30 EUR"), PayWith: ovhrenew.DefaultMethod, Journal: journal,
				})
				if cut(); !errors.Is(err, ovhrenew.ErrPending) && !errors.Is(err, ovhrenew.ErrUnsure) {
					t.Fatalf("for three months: %v", err)
				}
				own := ovhrenew.MustMoney("21.56 EUR")
				for run := range 2 {
					report, err := portfolio.Apply(t.Context(), w.client(ovhrenew.Unlimited), plan, portfolio.Options{PayWith: ovhrenew.DefaultMethod, Journal: journal.Another()})
					if err != nil {
						t.Fatal(err)
					}
					item := report.Items[0]
					if n := w.server.PaymentsFor(ovhrenewtest.GuideVPSID); n != 1 {
						t.Errorf("run %d: paid %d times", run, n)
					}
					if item.Outcome == portfolio.OutcomeRenewed || !item.Spent.IsZero() && item.Spent != own {
						t.Errorf("answer lost %t, run %d: %s, spent %s where %s were, for three months: %s", lost, run, item.Outcome, item.Spent, own, item.Why)
					}
					w.server.ClearFaults()
					time.Sleep(4 * time.Hour)
				}
			})
		}
	}
}

// A person names the order of an item, which is paid and not delivered yet, as one to ignore,
// and renews the service for another period while the plan is being applied, or is held before
// that. What the item has cost is still told, and it is not paid again.
func TestApplyWhileItsOrderIsIgnored(t *testing.T) {
	t.Parallel()
	for _, delivery := range []time.Duration{20 * time.Hour, 10*time.Minute + 10*time.Second} { // the second moves the expiry under the other
		for _, hold := range []bool{false, true} {
			synctest.Test(t, func(t *testing.T) { applyIgnored(t, delivery, hold) })
		}
	}
}

func applyIgnored(t *testing.T, delivery time.Duration, hold bool) {
	t.Helper()
	w, plan := guideWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true, DeliveryDelay: delivery}, ovhrenew.P1Y, func(*ovhrenewtest.Service) {})
	journal := ovhrenewtest.NewMemory(ovhrenew.OnlyJournal)
	go func() {
		time.Sleep(10 * time.Minute)
		var ignored []ovhrenew.OrderID
		for _, order := range w.server.Orders() {
			ignored = append(ignored, ovhrenew.OrderID(order.ID))
		}
		req := ovhrenew.Request{
			Service: ovhrenew.ID(ovhrenewtest.GuideVPSID), Rules: []ovhrenew.Rule{ovhrenew.For(ovhrenew.P3M)},
			Limit: ovhrenew.MustMoney("30 EUR"), PayWith: ovhrenew.DefaultMethod, Journal: journal.Another(),
			Guards: ovhrenew.Guards{IgnoreOrders: ignored},
		}
		runner, err := ovhrenew.NewRunner(w.client(ovhrenew.Unlimited), req.Journal)
		if err != nil {
			t.Error(err)
			return
		}
		task, err := runner.Propose(t.Context(), req)
		if err == nil {
			task.Hold = hold
			task, err = runner.Advance(t.Context(), task)
		}
		if (task.Phase == ovhrenew.PhaseOrdered) == hold {
			t.Errorf("%s, %v", task.Phase, err)
		}
	}()
	report, err := portfolio.Apply(t.Context(), w.client(ovhrenew.Unlimited), plan, portfolio.Options{PayWith: ovhrenew.DefaultMethod, Journal: journal.Another()})
	if err != nil {
		t.Fatal(err)
	}
	item := report.Items[0]
	order := ovhrenew.OrderID(w.server.Orders()[0].ID)
	if item.Outcome != portfolio.OutcomePaid || item.Spent != item.Item.Limit || item.Order != order || !errors.Is(item.Err, ovhrenew.ErrNeedsHuman) || w.server.PaymentsFor(ovhrenewtest.GuideVPSID) != 1 {
		t.Errorf("%s, order %d, spent %s: %s, want order %d paid", item.Outcome, item.Order, item.Spent, item.Why, order)
	}
}

// What is told of an item's own money does not depend on the renewal that is in its way.
func TestReportBesideAnother(t *testing.T) {
	t.Parallel()
	for phase, want := range map[ovhrenew.Phase]portfolio.Outcome{
		"": portfolio.OutcomeRefused, ovhrenew.PhaseWanted: portfolio.OutcomeRefused, ovhrenew.PhaseOrdered: portfolio.OutcomeOrdered,
		ovhrenew.PhasePaying: portfolio.OutcomeUnsure, ovhrenew.PhaseDeclined: portfolio.OutcomeUnsure, ovhrenew.PhasePaid: portfolio.OutcomePaid,
	} {
		for _, paid := range []ovhrenew.Paid{ovhrenew.PaidNo, ovhrenew.PaidUnsure, ovhrenew.PaidYes} {
			for _, err := range []error{ovhrenew.ErrUnderWay, errors.Join(ovhrenew.ErrUnderWay, ovhrenew.ErrExpiryMoved)} {
				task := ovhrenew.Task{Phase: phase}
				if want != portfolio.OutcomeRefused {
					task.Order = 5
				}
				item := portfolio.PlanItem{Limit: ovhrenew.MustMoney("9 EUR")}
				got := item.Report(task, &ovhrenew.StepError{Step: ovhrenew.StepGuard, Order: 6, Paid: paid, Err: err})
				spent := want == portfolio.OutcomePaid || want == portfolio.OutcomeUnsure
				if got.Outcome != want || got.Spent.IsZero() == spent {
					t.Errorf("%s beside one that is paid: %s (%v): %s, spent %s, want %s", phase, paid, err, got.Outcome, got.Spent, want)
				}
			}
		}
	}
}
