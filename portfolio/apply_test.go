package portfolio_test

import (
	"context"
	"errors"
	"flag"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

var (
	plans = flag.Uint64("plans", 2, "how many plans to apply while requests fail at random")
	kills = flag.Int("kills", 7, "kill the program at every so manieth request; 1: at each")
)

// mortal is the transport of a process that dies at a request: before it is sent if the
// number is odd, and before its answer comes otherwise.
type mortal struct {
	next    http.RoundTripper
	journal *ovhrenewtest.Memory
	kill    context.CancelFunc

	mu    sync.Mutex
	left  int // requests until its death; never if negative
	alive bool
}

var errDead = errors.New("the process is dead")

func (m *mortal) live() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.left--
	if m.left == 0 {
		m.alive = false
		m.journal.Lose()
		m.kill()
	}
	return m.alive
}

func (m *mortal) RoundTrip(r *http.Request) (*http.Response, error) {
	if !m.live() {
		return nil, errDead
	}
	response, err := m.next.RoundTrip(r)
	if !m.live() {
		if err == nil {
			response.Body.Close()
		}
		return nil, errDead
	}
	return response, err
}

// apply applies a plan once, in a process that dies at some act; 0: never. It reports
// whether it has died.
func (w *world) apply(plan *portfolio.Plan, journal *ovhrenewtest.Memory, dieAt int, how portfolio.Options) (*portfolio.Report, bool) {
	w.tb.Helper()
	ctx, kill := context.WithCancel(w.tb.Context())
	defer kill()
	own := journal.Another()
	process := &mortal{next: w.server.Transport(), journal: own, kill: kill, left: dieAt, alive: true}
	client, err := ovhrenew.NewWithConfig(w.server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited, Transport: process, ReadTimeout: time.Minute})
	if err != nil {
		w.tb.Fatal(err)
	}
	how.PayWith, how.Journal = ovhrenew.DefaultMethod, own
	report, err := portfolio.Apply(ctx, client, plan, how)
	if err != nil && process.alive {
		w.tb.Fatal(err)
	}
	w.holds(plan)
	return report, !process.alive
}

func (w *world) small(items int) *portfolio.Plan {
	w.tb.Helper()
	plan := w.plan(w.tb.Context(), w.client(ovhrenew.Unlimited))
	if len(plan.Items) < items {
		w.tb.Fatalf("the plan has %d items, want %d", len(plan.Items), items)
	}
	plan.Items = plan.Items[:items]
	return plan
}

// A program that is killed at any request is followed by one that finishes the plan.
func TestApplyKilledAndResumed(t *testing.T) {
	t.Parallel()
	deaths := 0
	for dieAt := 1; ; dieAt += *kills {
		died := true
		synctest.Test(t, func(t *testing.T) {
			w := agency(t, 120, 2, ovhrenewtest.Behaviour{ChargeTwice: true, DeliveryDelay: time.Minute, ListLag: 6 * time.Second})
			plan, journal := w.small(15), ovhrenewtest.NewMemory(ovhrenew.OnlyJournal)
			how := portfolio.Options{GoOnWhenUnsure: true, FirstWithOthers: true}
			_, died = w.apply(plan, journal, dieAt, how)
			if !died {
				return
			}
			deaths++
			time.Sleep(time.Minute)
			report, _ := w.apply(plan, journal, 0, how)
			if n := report.Count(portfolio.OutcomeRenewed); n != len(plan.Items) {
				t.Errorf("killed at act %d: %d of %d items are renewed in the end", dieAt, n, len(plan.Items))
				for _, item := range report.Items {
					if item.Why != "" {
						t.Log(item.Outcome, item.Why)
					}
				}
			}
			w.agrees(report)
		})
		if !died || t.Failed() {
			break
		}
	}
	if deaths < 10 {
		t.Errorf("the program died only %d times", deaths)
	}
	t.Logf("%d deaths", deaths)
}

// Plans come to their end, and pay each item once, while requests fail at random.
func TestApplyInChaos(t *testing.T) {
	t.Parallel()
	for seed := range *plans {
		synctest.Test(t, func(t *testing.T) {
			w := agency(t, 60, seed, ovhrenewtest.Behaviour{DeliveryDelay: time.Minute, ChaosDelay: 3 * time.Minute})
			plan, journal := w.plan(t.Context(), w.client(ovhrenew.Unlimited)), ovhrenewtest.NewMemory(ovhrenew.OnlyJournal)
			w.server.Chaos(seed, 0.08)
			for run := range 12 {
				if run == 8 {
					w.server.ClearFaults()
				}
				report, _ := w.apply(plan, journal, 0, portfolio.Options{GoOnWhenUnsure: true})
				if report.Count(portfolio.OutcomeRenewed) == len(plan.Items) {
					w.agrees(report)
					return
				}
				time.Sleep(time.Hour)
				if run >= 8 { // an order that a network delivered twice lapses
					time.Sleep(5 * 24 * time.Hour)
				}
			}
			t.Errorf("seed %d: the plan does not come to its end", seed)
		})
	}
}

// An item whose price, expiry or mode is no longer the plan's is not paid, and leaves the
// others alone. What was ordered at another price lapses.
func TestApplyRefusesWhatChanged(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := agency(t, 200, 3, ovhrenewtest.Behaviour{ChargeTwice: true})
		plan, journal := w.small(12), ovhrenewtest.NewMemory(ovhrenew.OnlyJournal)
		via := func(i int) int64 { return int64(plan.Items[i].Via) }
		var all []int64
		for _, id := range plan.Items[0].ServiceIDs() {
			all = append(all, int64(id))
		}
		w.server.SetPrice(string(plan.Items[0].Period), "0.01", all...)
		w.server.SetExpiry(via(1), plan.Items[1].Services[0].Expiry.AddDays(1).Time())
		w.server.SetMode(via(2), "automatic")
		want := map[int]error{0: ovhrenew.ErrPriceChanged, 1: ovhrenew.ErrExpiryMoved, 2: ovhrenew.ErrAutoRenew}
		report, _ := w.apply(plan, journal, 0, portfolio.Options{FirstWithOthers: true})
		for i, item := range report.Items {
			target, refused := want[i]
			switch {
			case refused && (item.Outcome != portfolio.OutcomeRefused && item.Outcome != portfolio.OutcomeOrdered || !errors.Is(item.Err, target)):
				t.Errorf("item %d: %s %v, want %v", i, item.Outcome, item.Err, target)
			case !refused && item.Outcome != portfolio.OutcomeRenewed:
				t.Errorf("item %d: %s %v, want renewed", i, item.Outcome, item.Err)
			}
		}
		if report.Items[0].Outcome != portfolio.OutcomeOrdered {
			t.Errorf("the item at another price is %s, want ordered: its order lapses", report.Items[0].Outcome)
		}
	})
}

// Until one renewal is verified a second is not begun.
func TestApplyFirstAlone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := agency(t, 120, 4, ovhrenewtest.Behaviour{DeliveryDelay: time.Minute})
		plan, journal := w.small(5), ovhrenewtest.NewMemory(ovhrenew.OnlyJournal)
		var last portfolio.Progress
		early := 0
		report, _ := w.apply(plan, journal, 0, portfolio.Options{Progress: func(p portfolio.Progress) {
			if p.Renewed == 0 && p.Ordered > 1 {
				early++
			}
			last = p
		}})
		if n := report.Count(portfolio.OutcomeRenewed); early > 0 || n != 5 {
			t.Errorf("%d times a second item had been begun; %d of 5 renewed", early, n)
		}
		spent, err := report.Spent()
		if err != nil || last.Renewed != 5 || last.Paid != 5 || last.Items != 5 || len(last.Spent) != 1 || last.Spent[0] != spent[0] {
			t.Errorf("the last progress is %+v, spent was %v, %v", last, spent, err)
		}
	})
}

func TestApplyStops(t *testing.T) {
	t.Parallel()
	t.Run("after 3 failures", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			w := agency(t, 120, 4, ovhrenewtest.Behaviour{})
			plan := w.small(10)
			w.server.DenyIAM(ovhrenewtest.RouteOrder)
			report, _ := w.apply(plan, ovhrenewtest.NewMemory(ovhrenew.OnlyJournal), 0, portfolio.Options{StopAfter: 3, Workers: 1, FirstWithOthers: true})
			if n := len(plan.Items) - report.Count(portfolio.OutcomeSkipped); n != 3 {
				t.Errorf("%d items were begun, want 3: %+v", n, report.Items[0])
			}
		})
	})
	t.Run("when interrupted", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			w := agency(t, 120, 4, ovhrenewtest.Behaviour{DeliveryDelay: time.Hour})
			plan := w.small(3)
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
			defer cancel()
			report, err := portfolio.Apply(ctx, w.client(ovhrenew.Unlimited), plan, portfolio.Options{
				PayWith: ovhrenew.DefaultMethod, Journal: ovhrenewtest.NewMemory(ovhrenew.OnlyJournal),
			})
			if err != nil {
				t.Fatal(err)
			}
			if first := report.Items[0]; first.Outcome != portfolio.OutcomePaid || first.Order == 0 || first.Why == "" || report.Count(portfolio.OutcomeSkipped) != 2 {
				t.Errorf("the report is %+v, want the first paid and the others skipped", report)
			}
		})
	})
}

// An option with an order of its own is renewed with the service that it belongs to.
func TestApplyOption(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := &world{tb: t, server: ovhrenewtest.StartPipe(t, ovhrenewtest.Behaviour{}), old: map[ovhrenew.ServiceID]ovhrenew.Date{}}
		ovhrenewtest.Guide(w.server)
		end := w.server.Now().AddDate(0, 0, 6)
		id := w.server.AddService(ovhrenewtest.Service{
			Name: "backup of " + ovhrenewtest.GuideVPS, Type: "Automated backup", Product: "option-backup",
			Parent: ovhrenewtest.GuideVPSID, Expiry: end, Creation: end.AddDate(-1, 0, 0),
		})
		w.server.Offer("P1M", "2.00", id)
		for _, service := range w.server.Services() {
			w.old[ovhrenew.ServiceID(service.ID)] = ovhrenew.DateOf(service.Expiry)
		}
		client := w.client(ovhrenew.Unlimited)
		policy, today := agencyPolicy(), ovhrenew.DateOf(time.Now())
		policy.Period = ovhrenew.P1M
		policy.RenewAutomatic = true // the API does not tell whether an option renews by itself
		services, _, err := portfolio.Gather(t.Context(), client, policy, today)
		if err != nil {
			t.Fatal(err)
		}
		plan, err := portfolio.MakePlan(services, policy, today)
		if err != nil {
			t.Fatal(err)
		}
		if len(plan.Items) != 2 || plan.Items[0].Services[0].Parent != ovhrenewtest.GuideVPSID {
			t.Fatalf("the plan is\n%s\nwant the VPS and its option", plan)
		}
		report, _ := w.apply(plan, ovhrenewtest.NewMemory(ovhrenew.OnlyJournal), 0, portfolio.Options{})
		if err := report.Err(); err != nil {
			t.Errorf("the option: %v", err)
		}
		if got := ovhrenew.DateOf(w.server.Expiry(id)); !got.After(w.old[ovhrenew.ServiceID(id)]) {
			t.Errorf("the option expires on %s", got)
		}
	})
}

// Without a journal nothing remembers an item between two steps: each is run to its end, and
// what a run that was cut off has left is in the way of the next.
func TestApplyWithoutJournal(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := agency(t, 200, 1, ovhrenewtest.Behaviour{ChargeTwice: true, DeliveryDelay: time.Minute, ListLag: 6 * time.Second})
		client := w.client(nil)
		plan := w.plan(t.Context(), client)
		how := portfolio.Options{PayWith: ovhrenew.DefaultMethod, Journal: ovhrenew.NoJournal}
		ctx, cancel := context.WithCancel(t.Context())
		w.server.OnAnswer(func(r ovhrenewtest.Request) {
			if r.Route == ovhrenewtest.RouteOrder && len(w.server.Orders()) >= 3 {
				cancel()
			}
		})
		cut, err := portfolio.Apply(ctx, client, plan, how)
		if err != nil {
			t.Fatal(err)
		}
		report, err := portfolio.Apply(t.Context(), client, plan, how)
		if err != nil {
			t.Fatal(err)
		}
		left := cut.Count(portfolio.OutcomeOrdered) + cut.Count(portfolio.OutcomeUnsure)
		if n := report.Count(portfolio.OutcomeRefused); n == 0 || n > left+cut.Count(portfolio.OutcomeRenewed) {
			t.Errorf("%d refused after a run that left %d", n, left)
		}
		for _, item := range report.Items {
			n := w.server.PaymentsFor(int64(item.Item.Services[0].ID))
			if n > 1 || n == 0 && item.Outcome == portfolio.OutcomeRenewed {
				t.Errorf("%d payments for one that is %s: %s", n, item.Outcome, item.Why)
			}
		}
		if renewed := report.Count(portfolio.OutcomeRenewed); renewed < len(plan.Items)-6 { // the first, and one for each worker
			t.Errorf("%d of %d renewed\n%s", renewed, len(plan.Items), report)
		}
	})
}
