package portfolio_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// When all will be done is about right from the first payments on, also where the first
// item was verified alone.
func TestProgressUntil(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := agency(t, 800, 1, onePass())
		plan := w.plan(t.Context(), w.client(nil))
		var told []portfolio.Progress
		var at []time.Time
		began := time.Now()
		w.night(plan, w.fileJournal(), func(p portfolio.Progress) {
			told, at = append(told, p), append(at, time.Now())
			if p.Ordered > p.Paid+12 || p.Paid < p.Renewed || p.Failed > 0 {
				t.Errorf("%+v", p)
			}
		})
		took, known := time.Since(began), 0
		for i, p := range told {
			if p.Until.IsZero() {
				continue
			}
			known++
			left := time.Since(at[i])
			if off := time.Until(p.Until).Abs(); off > took/4 && p.Paid > 12 {
				t.Errorf("%d paid, %v left: it would be done %v off", p.Paid, left, off)
			}
			if p.Until.Before(at[i]) {
				t.Errorf("%d paid: done at a time that is past", p.Paid)
			}
		}
		if known < len(told)*8/10 {
			t.Errorf("%d of %d times it was said when it will be done", known, len(told))
		}
		last := told[len(told)-1]
		if last.Renewed != len(plan.Items) || last.Ordered != len(plan.Items) || !last.Until.IsZero() {
			t.Errorf("the last progress is %v", last)
		}
	})
}

// What may have been paid counts as spent, as in the report.
func TestProgressSpent(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := agency(t, 120, 2, onePass())
		plan := w.small(3)
		w.server.Inject(ovhrenewtest.Fault{Route: ovhrenewtest.RoutePay, Kind: ovhrenewtest.Reset})
		w.server.Inject(ovhrenewtest.Fault{Route: "GET /me/order/{orderId}/payment", Kind: ovhrenewtest.StatusFault, Status: 500, Times: -1})
		var last portfolio.Progress
		report, err := portfolio.Apply(t.Context(), w.client(ovhrenew.Unlimited), plan, portfolio.Options{
			PayWith: ovhrenew.DefaultMethod, Journal: ovhrenewtest.NewMemory(ovhrenew.OnlyJournal), GoOnWhenUnsure: true,
			Progress: func(p portfolio.Progress) { last = p },
		})
		if err != nil || report.Count(portfolio.OutcomeUnsure) != 1 {
			t.Fatalf("%v, %+v, want one of which it is not known whether it was paid", err, report)
		}
		if spent, err := report.Spent(); err != nil || len(last.Spent) != 1 || !slices.Equal(last.Spent, spent) {
			t.Errorf("the last progress has spent %s, the report %s, %v", last.Spent, spent, err)
		}
	})
}

func TestProgressString(t *testing.T) {
	t.Parallel()
	p := portfolio.Progress{
		Items: 9, Ordered: 5, Paid: 4, Renewed: 3, Failed: 1, Spent: []ovhrenew.Money{ovhrenew.MustMoney("12.50 EUR")},
		Until: time.Date(2026, 11, 1, 14, 5, 0, 0, time.UTC),
	}
	if got, want := p.String(), "3 of 9 renewed, 4 paid, 5 ordered, 1 failed; 12.50 EUR; until about 14:05"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := (portfolio.Progress{Items: 2}).String(); strings.ContainsAny(got, ";") {
		t.Errorf("got %q", got)
	}
}
