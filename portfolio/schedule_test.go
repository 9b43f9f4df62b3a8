package portfolio_test

import (
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// gaps watches the requests of an application: how long before each payment the reading
// of its order's status was sent, and how many orders were unpaid at once.
type gaps struct {
	mu      sync.Mutex
	status  map[string]time.Time
	unpaid  int
	longest time.Duration
	most    int
}

func (g *gaps) watch(r ovhrenewtest.Request) {
	g.mu.Lock()
	defer g.mu.Unlock()
	order := ""
	if parts := strings.Split(r.Path, "/"); len(parts) > 4 {
		order = parts[4]
	}
	switch r.Route {
	case ovhrenewtest.RouteStatus:
		g.status[order] = time.Now()
	case ovhrenewtest.RouteOrder:
		g.unpaid++
		g.most = max(g.most, g.unpaid)
	case ovhrenewtest.RoutePay:
		g.unpaid--
		g.longest = max(g.longest, time.Since(g.status[order]))
	}
}

// However many workers there are and whoever shares the account: a payment stands on a
// look that is young, and few orders are unpaid at once.
func TestScheduleOfPayments(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		workers int
		sharing ovhrenew.Sharing
		ahead   int
		each    float64
	}{
		{"1 worker", 1, ovhrenew.OnlyJournal, 12, 4.8},
		{"4 workers", 4, ovhrenew.OnlyJournal, 12, 4.8},
		{"200 workers", 200, ovhrenew.OnlyJournal, 12, 4.8},
		{"one of several", 4, ovhrenew.OneOfSeveral, 60, 8.5},
		{"one of several, 200 workers", 200, ovhrenew.OneOfSeveral, 60, 8.5},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := agency(t, 800, 6, onePass())
				plan, g := w.plan(t.Context(), w.client(nil)), &gaps{status: map[string]time.Time{}}
				w.server.Forget()
				w.server.OnRequest(g.watch)
				report, err := portfolio.Apply(t.Context(), w.client(nil), plan, portfolio.Options{
					PayWith: ovhrenew.DefaultMethod, Journal: w.journalFor(tt.sharing), Workers: tt.workers,
				})
				if err != nil {
					t.Fatal(err)
				}
				w.holds(plan)
				if n := report.Count(portfolio.OutcomeRenewed); n != len(plan.Items) {
					t.Errorf("%d of %d items are renewed", n, len(plan.Items))
				}
				if g.longest > 30*time.Second {
					t.Errorf("a payment left %v after its order's status was read", g.longest)
				}
				if g.most > tt.ahead {
					t.Errorf("%d orders were unpaid at once, want at most %d", g.most, tt.ahead)
				}
				each := float64(total(w.routes())) / float64(len(plan.Items))
				t.Logf("%.2f requests each, %d unpaid at once, %v at most from status to payment", each, g.most, g.longest)
				if each > tt.each {
					t.Errorf("%.2f requests each, want at most %.1f", each, tt.each)
				}
			})
		})
	}
}

// A short Patience.Poll shortens what items wait for each other, and a long one lengthens
// nothing: an application of the same plan takes seconds, minutes and minutes.
func TestScheduleByPoll(t *testing.T) {
	t.Parallel()
	took := map[time.Duration]time.Duration{}
	for _, poll := range []time.Duration{20 * time.Millisecond, 0, time.Minute} {
		synctest.Test(t, func(t *testing.T) {
			w := agency(t, 100, 6, ovhrenewtest.Behaviour{})
			plan := w.plan(t.Context(), w.client(ovhrenew.Unlimited))
			began := time.Now()
			report, err := portfolio.Apply(t.Context(), w.client(ovhrenew.Unlimited), plan, portfolio.Options{
				PayWith: ovhrenew.DefaultMethod, Journal: w.journalFor(ovhrenew.OnlyJournal), Patience: ovhrenew.Patience{Poll: poll},
			})
			if err != nil || len(plan.Items) < 8 || report.Count(portfolio.OutcomeRenewed) != len(plan.Items) {
				t.Fatalf("%v: %d items\n%+v", err, len(plan.Items), report)
			}
			w.holds(plan)
			took[poll] = time.Since(began)
		})
	}
	t.Log(took)
	if took[20*time.Millisecond] > 10*time.Second || took[0] < time.Minute || took[time.Minute] > 20*time.Minute {
		t.Errorf("it took %v", took)
	}
}
