package safety_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

var plans = flag.Uint64("plans", 4, "how many plans to apply while requests fail at random")

// agency starts an account of many services with a plan to renew those that are due.
func agency(t *testing.T, n int, seed uint64, b ovhrenewtest.Behaviour) (*world, *ovhrenew.Plan) {
	t.Helper()
	w := &world{tb: t, server: ovhrenewtest.StartPipe(t, b), old: map[ovhrenew.ServiceID]ovhrenew.Date{}}
	ovhrenewtest.Agency(w.server, n, seed)
	for _, service := range w.server.Services() {
		w.old[ovhrenew.ServiceID(service.ID)] = ovhrenew.DateOf(w.server.Expiry(service.ID))
	}
	policy := ovhrenew.Policy{
		Period: ovhrenew.P1Y, TaxPercent: "20", Total: []ovhrenew.Money{ovhrenew.MustMoney("5000 EUR")},
		Exceptions: []ovhrenew.PeriodException{{Services: ovhrenew.Selection{Products: []string{"*vps*", "*server*", "*VPS*"}}, Period: ovhrenew.P1M}},
	}
	today := ovhrenew.DateOf(time.Now())
	wants, err := policy.Wants(today)
	if err != nil {
		t.Fatal(err)
	}
	p := w.start(nil, 0)
	defer p.kill()
	var services []ovhrenew.Surveyed
	for service, err := range ovhrenew.Survey(p.ctx, p.client, ovhrenew.SurveyQuery{Offers: wants}) {
		if err != nil {
			t.Fatal(err)
		}
		services = append(services, service)
	}
	plan, err := ovhrenew.MakePlan(services, policy, today)
	if err != nil {
		t.Fatal(err)
	}
	return w, plan
}

// applyOnce runs a program that applies a plan and may die at some act.
func (w *world) applyOnce(plan *ovhrenew.Plan, journal ovhrenew.Journal, dieAt int) (*ovhrenew.Report, bool) {
	w.tb.Helper()
	p := w.start(journal, dieAt)
	defer p.kill()
	report, err := ovhrenew.Apply(p.ctx, p.client, plan, ovhrenew.Application{
		PayWith: ovhrenew.DefaultMethod, Journal: p.journal, GoOnWhenUnsure: true,
	})
	if err != nil && !p.dead.Load() {
		w.tb.Fatal(err)
	}
	w.planInvariants(plan)
	return report, p.dead.Load()
}

// planInvariants hold at any time: no service is paid for twice, nothing is paid that
// the plan does not name, and no more than its total.
func (w *world) planInvariants(plan *ovhrenew.Plan) {
	w.tb.Helper()
	planned := map[ovhrenew.ServiceID]bool{}
	for _, item := range plan.Items {
		for _, id := range item.ServiceIDs() {
			planned[id] = true
		}
	}
	for id := range w.old {
		n := w.server.PaymentsFor(int64(id))
		if n > 1 || n > 0 && !planned[id] {
			w.tb.Fatalf("service %d, planned %t, was paid for %d times", id, planned[id], n)
		}
	}
	totals, err := plan.Totals()
	if err != nil {
		w.tb.Fatal(err)
	}
	for currency, spent := range w.server.Spent() {
		for _, total := range totals {
			if string(total.Currency()) == currency && int64(spent) > total.Ucents() {
				w.tb.Fatalf("%s %s were spent of %s", spent, currency, total)
			}
		}
	}
}

// TestApply applies a plan in one go.
func TestApply(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, plan := agency(t, 200, 1, ovhrenewtest.Behaviour{ChargeTwice: true, DeliveryDelay: time.Minute})
		report, _ := w.applyOnce(plan, &memoryJournal{}, 0)
		if n := report.Count(ovhrenew.OutcomeRenewed); n != len(plan.Items) || n < 10 {
			t.Errorf("%d of %d items were renewed: %v", n, len(plan.Items), report.Items)
		}
		if len(w.server.Payments()) != len(plan.Items) {
			t.Errorf("%d payments for %d items", len(w.server.Payments()), len(plan.Items))
		}
		w.agrees(report)
		// The payment method is looked up for the plan, by as many items as begin at
		// once, and not for each.
		const workers = 4
		if n := w.server.Count("GET /me/payment/method"); n < 1 || n > workers {
			t.Errorf("the account's payment methods were read %d times for %d items", n, len(plan.Items))
		}
		again, _ := w.applyOnce(plan, &memoryJournal{}, 0)
		if n := again.Count(ovhrenew.OutcomeRefused); n != len(plan.Items) {
			t.Errorf("applied again without its journal, %d of %d were refused", n, len(plan.Items))
		}
	})
}

// agrees compares what a report says was spent and moved with the account.
func (w *world) agrees(report *ovhrenew.Report) {
	w.tb.Helper()
	spent, err := report.Spent()
	if err != nil {
		w.tb.Fatal(err)
	}
	for _, amount := range spent {
		if got := int64(w.server.Spent()[string(amount.Currency())]); got != amount.Ucents() {
			w.tb.Errorf("the report says %s, spent was %d", amount, got)
		}
	}
	for _, item := range report.Items {
		for _, s := range item.Services {
			if got := w.expiry(s.ServiceID); got != s.To || s.From != w.old[s.ServiceID] {
				w.tb.Errorf("%s: %s to %s, expires on %s, before on %s", s.Name, s.From, s.To, got, w.old[s.ServiceID])
			}
		}
	}
}

// TestApplyKilledAndResumed kills the program that applies a plan at many acts, so
// that every item is cut off somewhere, and applies the plan again until it is done.
func TestApplyKilledAndResumed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, plan := agency(t, 120, 2, ovhrenewtest.Behaviour{ChargeTwice: true, DeliveryDelay: time.Minute, StatusLag: time.Minute})
		journal := &memoryJournal{}
		random := rand.New(rand.NewPCG(2, 2))
		deaths := 0
		for run := 0; ; run++ {
			dieAt := 20 + random.IntN(150) + 2*run // even when most are done, the rest gets on
			report, died := w.applyOnce(plan, journal, dieAt)
			if !died {
				if n := report.Count(ovhrenew.OutcomeRenewed); n != len(plan.Items) {
					t.Fatalf("%d of %d items were renewed", n, len(plan.Items))
				}
				w.agrees(report)
				break
			}
			deaths++
			if run > 40*len(plan.Items) {
				t.Fatal("the plan never ends")
			}
			time.Sleep(time.Minute)
		}
		if deaths < 10 {
			t.Errorf("the program died only %d times", deaths)
		}
		t.Logf("%d items, %d deaths, %d payments", len(plan.Items), deaths, len(w.server.Payments()))
	})
}

// TestApplyInChaos applies plans while requests fail at random, from many seeds.
func TestApplyInChaos(t *testing.T) {
	t.Parallel()
	items, faults, payments := 0, 0, 0
	for seed := range *plans {
		synctest.Test(t, func(t *testing.T) {
			w, plan := agency(t, 60, seed, ovhrenewtest.Behaviour{DeliveryDelay: time.Minute, ChaosDelay: 3 * time.Minute})
			journal := &memoryJournal{}
			w.server.Chaos(seed, 0.08)
			for run := range 12 {
				if run == 8 {
					w.server.ClearFaults()
				}
				report, _ := w.applyOnce(plan, journal, 0)
				if report.Count(ovhrenew.OutcomeRenewed) == len(plan.Items) {
					w.agrees(report)
					break
				}
				if run == 11 {
					for _, item := range report.Items {
						if item.Outcome != ovhrenew.OutcomeRenewed {
							t.Errorf("seed %d: %s %s", seed, item.Outcome, item.Why)
						}
					}
				}
				time.Sleep(time.Hour)
			}
			items, faults, payments = items+len(plan.Items), faults+len(w.server.Faults()), payments+len(w.server.Payments())
		})
	}
	t.Logf("%d items, %d faults, %d payments", items, faults, payments)
}

// TestApplyRefusesWhatChanged changes prices, expiries and modes after the plan was
// made: those items are refused, the others renewed.
func TestApplyRefusesWhatChanged(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, plan := agency(t, 200, 3, ovhrenewtest.Behaviour{ChargeTwice: true})
		want := map[int]error{}
		for i, change := range []func(ovhrenew.PlanItem) error{
			func(item ovhrenew.PlanItem) error {
				w.server.SetPrice(string(item.Period), "0.01", ids(item)...)
				return ovhrenew.ErrPriceChanged
			},
			func(item ovhrenew.PlanItem) error {
				last := item.Services[len(item.Services)-1]
				w.server.SetExpiry(int64(last.ID), last.Expiry.AddDays(1).Time())
				return ovhrenew.ErrExpiryMoved
			},
			func(item ovhrenew.PlanItem) error {
				w.server.SetMode(int64(item.Via), "automatic")
				return ovhrenew.ErrAutoRenew
			},
			func(item ovhrenew.PlanItem) error {
				w.server.Withdraw(int64(item.Via))
				return ovhrenew.ErrNoStrategy
			},
		} {
			want[i] = change(plan.Items[i])
		}
		report, _ := w.applyOnce(plan, &memoryJournal{}, 0)
		for i, item := range report.Items {
			switch target, changed := want[i]; {
			case changed && (item.Outcome != ovhrenew.OutcomeRefused || !errors.Is(item.Err, target)):
				t.Errorf("item %d: %s %v, want refused, %v", i, item.Outcome, item.Err, target)
			case !changed && item.Outcome != ovhrenew.OutcomeRenewed:
				t.Errorf("item %d: %s %v, want renewed", i, item.Outcome, item.Err)
			}
		}
	})
}

func ids(item ovhrenew.PlanItem) []int64 {
	var all []int64
	for _, id := range item.ServiceIDs() {
		all = append(all, int64(id))
	}
	return all
}

// TestApplyStops applies the rules for stopping.
func TestApplyStops(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		how   ovhrenew.Application
		spoil func(*world)
		began int
	}{
		{"after 3 failures", ovhrenew.Application{StopAfter: 3}, func(w *world) { w.server.DenyIAM(ovhrenewtest.RoutePay) }, 3},
		{"at the first unsure outcome", ovhrenew.Application{Patience: ovhrenew.Patience{Settle: time.Minute}}, func(w *world) {
			w.server.Inject(ovhrenewtest.Fault{Route: ovhrenewtest.RoutePay, Kind: ovhrenewtest.Reset})
			w.server.Inject(ovhrenewtest.Fault{Route: "GET /me/order/{orderId}/payment", Kind: ovhrenewtest.StatusFault, Status: 500, Times: -1})
		}, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w, plan := agency(t, 100, 4, ovhrenewtest.Behaviour{ChargeTwice: true})
				tt.spoil(w)
				p := w.start(&memoryJournal{}, 0)
				defer p.kill()
				tt.how.PayWith, tt.how.Journal, tt.how.Workers = ovhrenew.DefaultMethod, p.journal, 1
				report, err := ovhrenew.Apply(p.ctx, p.client, plan, tt.how)
				if err != nil {
					t.Fatal(err)
				}
				if n := len(plan.Items) - report.Count(ovhrenew.OutcomeSkipped); n != tt.began {
					t.Errorf("%d items were begun, want %d: %+v", n, tt.began, report.Items[0])
				}
			})
		})
	}
	synctest.Test(t, func(t *testing.T) {
		w, plan := agency(t, 100, 5, ovhrenewtest.Behaviour{})
		p := w.start(&memoryJournal{}, 0)
		ctx, cancel := context.WithCancel(p.ctx)
		report, err := ovhrenew.Apply(ctx, p.client, plan, ovhrenew.Application{
			PayWith: ovhrenew.DefaultMethod, Journal: p.journal, Workers: 1,
			Progress: func(progress ovhrenew.ItemProgress) {
				if progress.Report != nil && progress.Index == 2 {
					cancel()
				}
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		if got, want := fmt.Sprint(report.Count(ovhrenew.OutcomeRenewed), report.Count(ovhrenew.OutcomeSkipped)), fmt.Sprint(3, len(plan.Items)-3); got != want {
			t.Errorf("renewed and skipped are %s, want %s", got, want)
		}
	})
}
