// A whole plan while each kind of fault meets each of its requests.

package portfolio_test

import (
	"flag"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

var faults = flag.Int("faults", 9, "try every so manieth fault on a whole plan; 1: each")

// faultKinds is everything that can go wrong with a request.
func faultKinds() []ovhrenewtest.Fault {
	kinds := []ovhrenewtest.Fault{
		{Kind: ovhrenewtest.Refuse},
		{Kind: ovhrenewtest.Hang, Delay: 8 * time.Minute},
		{Kind: ovhrenewtest.Hang, Delay: 8 * time.Minute, When: ovhrenewtest.After},
		{Kind: ovhrenewtest.SlowBody, Delay: 30 * time.Second},
		{Kind: ovhrenewtest.Duplicate},
		{Kind: ovhrenewtest.Late, Delay: 5 * time.Minute},
	}
	for _, when := range []ovhrenewtest.When{ovhrenewtest.Before, ovhrenewtest.After} {
		for _, kind := range []ovhrenewtest.FaultKind{ovhrenewtest.Reset, ovhrenewtest.Truncate, ovhrenewtest.WrongLength, ovhrenewtest.Garbage} {
			kinds = append(kinds, ovhrenewtest.Fault{Kind: kind, When: when})
		}
		for _, status := range []int{408, 429, 500, 503} {
			kinds = append(kinds, ovhrenewtest.Fault{Kind: ovhrenewtest.StatusFault, Status: status, When: when})
		}
	}
	return kinds
}

// Each fault at each route of a plan, at its first request, at a later one or for good in
// the first run: the runs after it finish the plan, each item is paid once, and nothing
// is told wrong on the way.
func TestApplyEveryFault(t *testing.T) {
	t.Parallel()
	n, done := 0, 0
	for _, route := range []string{
		"GET /me", routePages, routeService, routeOrders, ovhrenewtest.RouteOrder, ovhrenewtest.RouteStatus,
		"GET /me/order/{orderId}", "GET /me/order/{orderId}/paymentMethods", "GET /me/order/{orderId}/payment", ovhrenewtest.RoutePay,
	} {
		for _, fault := range faultKinds() {
			for _, reach := range []struct{ skip, times int }{{0, 1}, {3, 2}, {0, -1}} {
				if n++; n%*faults != 0 {
					continue
				}
				done++
				fault.Route, fault.Skip, fault.Times = route, reach.skip, reach.times
				synctest.Test(t, func(t *testing.T) { planUnder(t, fault) })
				if t.Failed() {
					return
				}
			}
		}
	}
	t.Logf("%d plans", done)
}

func planUnder(t *testing.T, fault ovhrenewtest.Fault) {
	name := fmt.Sprintf("%v %v %d on %s, %d times after %d", fault.Kind, fault.When, fault.Status, fault.Route, fault.Times, fault.Skip)
	b := onePass()
	b.ChargeTwice = fault.Kind != ovhrenewtest.Duplicate // a network that pays twice is not the program's fault
	t.Log(name)
	w := agency(t, 60, 9, b)
	plan, journal := w.small(5), ovhrenewtest.NewMemory(ovhrenew.OnlyJournal)
	w.server.Inject(fault)
	var told []string
	for run := range 14 {
		client, err := ovhrenew.NewWithConfig(w.server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited, Transport: w.server.Transport(), ReadTimeout: time.Minute})
		if err != nil {
			t.Fatal(err)
		}
		report, err := portfolio.Apply(t.Context(), client, plan, portfolio.Options{
			PayWith: ovhrenew.DefaultMethod, Journal: journal, GoOnWhenUnsure: true, FirstWithOthers: run%2 == 0,
		})
		w.holds(plan)
		if err != nil {
			told = append(told, err.Error())
		} else {
			told = append(told, fmt.Sprint(w.true(name, report)))
			if report.Count(portfolio.OutcomeRenewed) == len(plan.Items) {
				w.agrees(report)
				return
			}
		}
		w.server.ClearFaults()
		time.Sleep(15 * time.Minute)
		if run > 1 { // an order that a network placed twice lapses
			time.Sleep(24 * time.Hour)
		}
	}
	t.Errorf("%s: the plan does not come to its end: %v", name, told)
}

// true checks what a report says of each item's money, and returns the outcomes.
func (w *world) true(name string, report *portfolio.Report) []portfolio.Outcome {
	w.tb.Helper()
	var outcomes []portfolio.Outcome
	for _, item := range report.Items {
		paid := w.server.PaymentsFor(int64(item.Item.Via))
		outcomes = append(outcomes, item.Outcome)
		switch item.Outcome {
		case portfolio.OutcomeRenewed, portfolio.OutcomePaid:
			if paid != 1 {
				w.tb.Errorf("%s: told as %s, and paid %d times", name, item.Outcome, paid)
			}
		case portfolio.OutcomeUnsure:
		default:
			if paid != 0 {
				w.tb.Errorf("%s: told as %s, and paid %d times: %s", name, item.Outcome, paid, item.Why)
			}
		}
	}
	return outcomes
}
