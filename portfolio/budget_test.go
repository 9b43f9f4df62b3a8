package portfolio_test

import (
	"errors"
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
		if _, err := portfolio.Apply(t.Context(), client, second, how); !errors.Is(err, ovhrenew.ErrBusy) {
			t.Errorf("beside another: %v, want ErrBusy", err)
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
