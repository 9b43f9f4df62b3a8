package portfolio_test

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// The budget of a month is counted over runs, from the journal's own records.
func TestPlanWithinTheMonth(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := agency(t, 200, 3, ovhrenewtest.Behaviour{DeliveryDelay: time.Minute})
		journal := ovhrenewtest.NewMemory(ovhrenew.OnlyJournal)
		client := w.client(ovhrenew.Unlimited)
		policy := agencyPolicy()
		policy.Total, policy.NoTotal = nil, []ovhrenew.Currency{ovhrenew.EUR}
		policy.PerMonth = []ovhrenew.Money{ovhrenew.MustMoney("150 EUR")}
		today := ovhrenew.DateOf(time.Now())
		if _, err := portfolio.MakePlan(nil, policy, today); !errors.Is(err, ovhrenew.ErrBadInput) {
			t.Fatalf("without what the month has cost: %v, want ErrBadInput", err)
		}
		made := func() (*portfolio.Plan, ovhrenew.Date) {
			today := ovhrenew.DateOf(time.Now())
			policy, err := w.ledger(journal, today.Time().AddDate(0, 0, 1-today.Time().Day())).Into(policy, today)
			if err != nil {
				t.Fatal(err)
			}
			services, _, err := portfolio.Gather(t.Context(), client, policy, today)
			if err != nil {
				t.Fatal(err)
			}
			plan, err := portfolio.MakePlan(services, policy, today)
			if err != nil {
				t.Fatal(err)
			}
			return plan, today
		}
		budget := int64(150 * 100 * 1_000_000)
		first, _ := made()
		stale, _ := made()
		w.apply(first, journal, 0, portfolio.Options{})
		if spent := int64(w.server.Spent()["EUR"]); spent == 0 || spent > budget {
			t.Fatalf("the first run has spent %d", spent)
		}

		// The same again finds all of it done; what was planned before has no room left.
		report, _ := w.apply(first, journal, 0, portfolio.Options{})
		if err := report.Err(); err != nil {
			t.Errorf("applied again: %v", err)
		}
		stale.Items = append(stale.Items[:0:0], stale.Items[0])
		stale.Items[0].Services = append(stale.Items[0].Services[:0:0], stale.Items[0].Services...)
		stale.Items[0].Services[0].Expiry = stale.Items[0].Services[0].Expiry.AddDays(1) // something else
		stale.Items[0].Services[0].NewExpiry, _ = stale.Items[0].Period.AddTo(stale.Items[0].Services[0].Expiry)
		stale.Items[0].Limit = ovhrenew.MustMoney("149 EUR")
		if _, err := portfolio.Apply(t.Context(), client, stale, portfolio.Options{PayWith: ovhrenew.DefaultMethod, Journal: journal.Another()}); !errors.Is(err, ovhrenew.ErrOverLimit) {
			t.Errorf("a plan from before: %v, want ErrOverLimit", err)
		}

		before := int64(w.server.Spent()["EUR"])
		second, _ := made()
		for _, item := range second.Items {
			if before += item.Limit.Ucents(); before > budget {
				t.Fatalf("the second plan is over the budget:\n%s", second)
			}
		}
		left := 0
		for _, l := range second.LeftOut {
			if l.Why == portfolio.LeftBudget || l.Why == portfolio.LeftOverLimit {
				left++
			}
		}
		if left == 0 {
			t.Errorf("the second plan leaves nothing out:\n%s", second)
		}

		// Another run with a budget is not begun beside one.
		account, err := client.Account(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		held, err := journal.Claim(t.Context(), account, 1<<63-1)
		if err != nil {
			t.Fatal(err)
		}
		how := portfolio.Options{PayWith: ovhrenew.DefaultMethod, Journal: journal.Another()}
		if _, err := portfolio.Apply(t.Context(), client, second, how); !errors.Is(err, ovhrenew.ErrBusy) || !strings.HasPrefix(err.Error(), "the budget of the month: its lock: another run has it") {
			t.Errorf("beside another: %v, want ErrBusy, and of what", err)
		}
		if err := held.Release(); err != nil {
			t.Fatal(err)
		}
		how.Journal = ovhrenew.NoJournal
		if _, err := portfolio.Apply(t.Context(), client, second, how); !errors.Is(err, ovhrenew.ErrBadInput) {
			t.Errorf("without a journal: %v, want ErrBadInput", err)
		}

		// The next month begins anew.
		time.Sleep(time.Until(time.Date(2000, 2, 1, 3, 0, 0, 0, time.UTC)))
		third, _ := made()
		if len(third.Items) == 0 {
			t.Errorf("in the next month the plan is\n%s", third)
		}
		if before := int64(w.server.Spent()["EUR"]); before > budget {
			t.Errorf("%d was spent of %d", before, budget)
		}
	})
}

// A payment that leaves before midnight and takes its effect after it, and whose answer is
// lost, counts in both months: before it is known what came of it, and afterwards.
func TestPlanWithinTheMonthAroundMidnight(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := agency(t, 120, 2, ovhrenewtest.Behaviour{DeliveryDelay: time.Minute})
		journal := ovhrenewtest.NewMemory(ovhrenew.OnlyJournal)
		time.Sleep(time.Until(time.Date(2000, 1, 31, 23, 59, 30, 0, time.UTC)))
		began, plan := time.Now(), w.plan(t.Context(), w.client(ovhrenew.Unlimited))
		plan.Items = plan.Items[len(plan.Items)-2:]
		w.server.Inject(ovhrenewtest.Fault{Route: ovhrenewtest.RoutePay, Kind: ovhrenewtest.Late, Delay: 2 * time.Minute, Times: 1})
		first := *plan
		first.Items = plan.Items[:1]
		ctx, stop := context.WithTimeout(t.Context(), 45*time.Second)
		defer stop()
		report, err := portfolio.Apply(ctx, w.client(ovhrenew.Unlimited), &first, portfolio.Options{PayWith: ovhrenew.DefaultMethod, Journal: journal})
		if err != nil || report.Count(portfolio.OutcomeUnsure) != 1 || len(w.server.Spent()) > 0 {
			t.Fatalf("the first run is %v, %v, spent %v; want nothing known", report, err, w.server.Spent())
		}
		time.Sleep(5 * time.Minute)
		cost := int64(w.server.Spent()["EUR"])
		budget := func() []ovhrenew.Money { return []ovhrenew.Money{plan.Items[0].Limit} }
		counts := func(when string) {
			t.Helper()
			for _, month := range []string{"2000-01", "2000-02"} {
				if spent, err := w.ledger(journal, began).Spent(month); err != nil || len(spent) != 1 || spent[0].Ucents() < cost || cost == 0 {
					t.Errorf("%s %s has cost %s, %v, and may have cost %d", when, month, spent, err, cost)
				}
			}
			second := *plan
			second.Items, second.Policy.PerMonth = plan.Items[1:], budget()
			if _, err := portfolio.Apply(t.Context(), w.client(ovhrenew.Unlimited), &second, portfolio.Options{PayWith: ovhrenew.DefaultMethod, Journal: journal}); !errors.Is(err, ovhrenew.ErrOverLimit) {
				t.Errorf("%s a plan for the rest of the month: %v, want ErrOverLimit", when, err)
			}
		}
		counts("before anybody has looked")
		first.Policy.PerMonth = budget() // it costs what is counted already
		report, err = portfolio.Apply(t.Context(), w.client(ovhrenew.Unlimited), &first, portfolio.Options{PayWith: ovhrenew.DefaultMethod, Journal: journal})
		if err != nil || report.Err() != nil {
			t.Fatalf("the second run is %v, %v", report, err)
		}
		counts("afterwards")
	})
}

// An order that lapsed, and may have been paid nevertheless, counts beside the one that is
// placed for the same instead.
func TestBudgetOfAnOrderPlacedAnew(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := agency(t, 120, 2, ovhrenewtest.Behaviour{DeliveryDelay: time.Minute})
		journal, plan := ovhrenewtest.NewMemory(ovhrenew.OnlyJournal), w.small(1)
		item := plan.Items[0]
		account, err := w.client(ovhrenew.Unlimited).Account(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		claim, err := journal.Claim(t.Context(), account, item.ServiceIDs()...)
		if err != nil {
			t.Fatal(err)
		}
		st := ovhrenew.State{
			Version: 1, Renewal: item.Task(ovhrenew.Guards{}).Renewal(), Phase: ovhrenew.PhaseClosed, Services: item.ServiceIDs(), Time: time.Now(),
			Order: 5, Placed: time.Now(), Sent: time.Now(), Ended: time.Now(), Payment: "payment method 5678901", Unsure: true, Task: item.Task(ovhrenew.Guards{}),
		}
		if err := errors.Join(claim.Append(t.Context(), st), claim.Release()); err != nil {
			t.Fatal(err)
		}
		plan.Policy.PerMonth = []ovhrenew.Money{item.Limit}
		how := portfolio.Options{PayWith: ovhrenew.DefaultMethod, Journal: journal}
		if _, err := portfolio.Apply(t.Context(), w.client(ovhrenew.Unlimited), plan, how); !errors.Is(err, ovhrenew.ErrOverLimit) || len(w.server.Spent()) > 0 {
			t.Errorf("with a budget for one of the two: %v, spent %v, want ErrOverLimit", err, w.server.Spent())
		}
	})
}

// A run whose hold on the budget has passed to another, as from a machine that slept, pays
// nothing more.
func TestBudgetPassedOn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := agency(t, 120, 2, ovhrenewtest.Behaviour{DeliveryDelay: time.Minute})
		journal := ovhrenewtest.NewMemory(ovhrenew.OnlyJournal)
		plan := w.plan(t.Context(), w.client(ovhrenew.Unlimited))
		slices.SortFunc(plan.Items, func(a, b portfolio.PlanItem) int { return cmp.Compare(a.Limit.Ucents(), b.Limit.Ucents()) })
		last := len(plan.Items) - 1
		cheap, next, dear := plan.Items[0], plan.Items[last-1], plan.Items[last]
		budget := max(cheap.Limit.Ucents()+next.Limit.Ucents(), dear.Limit.Ucents())
		plan.Policy.PerMonth = []ovhrenew.Money{ovhrenew.NewMoney(budget, ovhrenew.EUR)}
		sleeper, other := *plan, *plan
		sleeper.Items, other.Items = []portfolio.PlanItem{cheap, next}, []portfolio.PlanItem{dear}
		own, asked := journal.Another(), false
		report, err := portfolio.Apply(t.Context(), w.client(ovhrenew.Unlimited), &sleeper, portfolio.Options{
			PayWith: ovhrenew.DefaultMethod, Journal: own,
			Approve: func(ctx context.Context, _ ovhrenew.Approval) (ovhrenew.Answer, error) {
				if !asked {
					asked = true
					own.ExpireLeases()
					report, err := portfolio.Apply(ctx, w.client(ovhrenew.Unlimited), &other, portfolio.Options{PayWith: ovhrenew.DefaultMethod, Journal: journal.Another()})
					if err != nil || report.Err() != nil {
						t.Errorf("the other run is %v, %v", report, err)
					}
				}
				return ovhrenew.AnswerYes, nil
			},
		})
		if spent := int64(w.server.Spent()["EUR"]); err != nil || report.Count(portfolio.OutcomeRenewed) > 0 || spent == 0 || spent > budget {
			t.Errorf("the run whose hold has passed on is %v, %v; spent %d of %d", report, err, spent, budget)
		}
		if !errors.Is(report.Err(), ovhrenew.ErrJournal) {
			t.Errorf("it says %v, want ErrJournal", report.Err())
		}
	})
}
