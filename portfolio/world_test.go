// The simulated account in which plans are applied.

package portfolio_test

import (
	"context"
	"testing"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// world is the simulated account of an agency. It lives inside a bubble of
// testing/synctest: its hours take milliseconds.
type world struct {
	tb     testing.TB
	server *ovhrenewtest.Server
	old    map[ovhrenew.ServiceID]ovhrenew.Date // the expiries before anything was renewed
}

// agency starts an account of n services.
func agency(tb testing.TB, n int, seed uint64, b ovhrenewtest.Behaviour) *world {
	tb.Helper()
	w := &world{tb: tb, server: ovhrenewtest.StartPipe(tb, b), old: map[ovhrenew.ServiceID]ovhrenew.Date{}}
	ovhrenewtest.Agency(w.server, n, seed)
	for _, service := range w.server.Services() {
		w.old[ovhrenew.ServiceID(service.ID)] = ovhrenew.DateOf(service.Expiry)
	}
	return w
}

// client is one of a process, at the pace of the limiter; nil is the default pace.
func (w *world) client(limiter ovhrenew.Limiter) *ovhrenew.API {
	w.tb.Helper()
	client, err := ovhrenew.NewWithConfig(w.server.Client(), ovhrenew.Config{Limiter: limiter, Transport: w.server.Transport()})
	if err != nil {
		w.tb.Fatal(err)
	}
	return client
}

// agencyPolicy renews all that is due for a year, and machines for a month.
func agencyPolicy() portfolio.Policy {
	return portfolio.Policy{
		Period: ovhrenew.P1Y, TaxPercent: "20", Total: []ovhrenew.Money{ovhrenew.MustMoney("5000000 EUR")},
		Exceptions: []portfolio.PeriodException{{Services: portfolio.Selection{Products: []string{"*vps*", "*server*"}}, Period: ovhrenew.P1M}},
	}
}

// plan surveys the account and plans.
func (w *world) plan(ctx context.Context, client *ovhrenew.API) *portfolio.Plan {
	w.tb.Helper()
	policy, today := agencyPolicy(), ovhrenew.DateOf(time.Now())
	wants, err := policy.Wants(today)
	if err != nil {
		w.tb.Fatal(err)
	}
	services, errs := collect(portfolio.Survey(ctx, client, portfolio.Query{Offers: wants}))
	if len(errs) > 0 {
		w.tb.Fatal(errs)
	}
	plan, err := portfolio.MakePlan(services, policy, today)
	if err != nil {
		w.tb.Fatal(err)
	}
	return plan
}

// holds checks what holds at any time: no service is paid for twice, nothing is paid that
// the plan does not name, and no more than its totals.
func (w *world) holds(plan *portfolio.Plan) {
	w.tb.Helper()
	planned := map[ovhrenew.ServiceID]bool{}
	for _, item := range plan.Items {
		for _, id := range item.ServiceIDs() {
			planned[id] = true
		}
	}
	for id := range w.old {
		if n := w.server.PaymentsFor(int64(id)); n > 1 || n > 0 && !planned[id] {
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

// agrees compares what a report says was spent and moved with the account.
func (w *world) agrees(report *portfolio.Report) {
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
			if got := ovhrenew.DateOf(w.server.Expiry(int64(s.ServiceID))); got != s.To || s.From != w.old[s.ServiceID] {
				w.tb.Errorf("%s: %s to %s, expires on %s, before on %s", s.Name, s.From, s.To, got, w.old[s.ServiceID])
			}
		}
	}
}
