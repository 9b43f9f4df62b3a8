package portfolio_test

import (
	"context"
	"errors"
	"iter"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// What is paid is found renewed however long that takes, in few requests: when to look
// is learnt.
func TestVerifyLearnsTheDelay(t *testing.T) {
	t.Parallel()
	cached := fromCache()
	cached.DeliveryDelay = 20 * time.Minute
	for name, b := range map[string]ovhrenewtest.Behaviour{
		"at once":                            {},
		"25 minutes to deliver":              {DeliveryDelay: 25 * time.Minute},
		"the expiry shows 15 minutes late":   {DeliveryDelay: time.Minute, ExpiryLag: 15 * time.Minute},
		"20 minutes, and pages from a cache": cached,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := agency(t, 800, 5, b)
				plan := w.plan(t.Context(), w.client(nil))
				w.server.Forget()
				w.night(plan, w.fileJournal(), nil)
				w.holds(plan)
				routes := w.routes()
				services := 0
				for _, item := range plan.Items {
					services += len(item.Services)
				}
				if n := routes[routeService] - services; n > 40 {
					t.Errorf("%d services were read beside those before a payment", n)
				}
				if n := routes[routePages]; n > 25 {
					t.Errorf("%d pages were read", n)
				}
			})
		})
	}
}

// Where pages cannot be read, each item is looked at by itself.
func TestVerifyWithoutPages(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := agency(t, 120, 2, onePass())
		plan, journal := w.small(15), ovhrenewtest.NewMemory(ovhrenew.OnlyJournal)
		w.server.Inject(ovhrenewtest.Fault{Route: routePages, Kind: ovhrenewtest.StatusFault, Status: 500, Times: -1})
		report, _ := w.apply(plan, journal, 0, portfolio.Options{})
		if n := report.Count(portfolio.OutcomeRenewed); n != len(plan.Items) {
			t.Errorf("%d of %d items are renewed", n, len(plan.Items))
		}
		w.agrees(report)
	})
}

// broken is a Client from elsewhere that cannot list services.
type broken struct{ ovhrenew.Client }

func (broken) Services(context.Context, ovhrenew.ServiceQuery) iter.Seq2[ovhrenew.Service, error] {
	panic("no pages here")
}

// A Client that panics where pages are read keeps nothing from being paid and verified.
func TestVerifyPanic(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := agency(t, 120, 2, onePass())
		plan := w.small(15)
		how := portfolio.Options{PayWith: ovhrenew.DefaultMethod, Journal: ovhrenewtest.NewMemory(ovhrenew.OnlyJournal)}
		report, err := portfolio.Apply(t.Context(), broken{w.client(ovhrenew.Unlimited)}, plan, how)
		if err != nil || report.Count(portfolio.OutcomeRenewed) != len(plan.Items) {
			t.Fatalf("%v, %v", report, err)
		}
		w.agrees(report)
	})
}

// One that OVHcloud asks documents for does not keep the others, and is told as paid.
func TestVerifyStuck(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := agency(t, 120, 2, onePass())
		plan := w.small(15)
		stuck, pays := "", 0
		asking := onePass()
		asking.AfterPay = "documentsRequested"
		w.server.OnRequest(func(r ovhrenewtest.Request) {
			if r.Route != ovhrenewtest.RoutePay {
				return
			}
			w.server.SetBehaviour(onePass())
			if pays++; pays == 4 {
				stuck = strings.Split(r.Path, "/")[4]
				w.server.SetBehaviour(asking)
			}
		})
		began := time.Now()
		report, _ := w.apply(plan, ovhrenewtest.NewMemory(ovhrenew.OnlyJournal), 0, portfolio.Options{Workers: 1})
		if took := time.Since(began); took > 2*time.Hour {
			t.Errorf("it took %v", took)
		}
		for _, item := range report.Items {
			switch {
			case item.Order.String() != stuck && item.Outcome != portfolio.OutcomeRenewed:
				t.Errorf("order %d is %s: %v", item.Order, item.Outcome, item.Err)
			case item.Order.String() == stuck && (item.Outcome != portfolio.OutcomePaid || !errors.Is(item.Err, ovhrenew.ErrNeedsHuman)):
				t.Errorf("order %d is %s: %v, want documents to be asked for", item.Order, item.Outcome, item.Err)
			}
		}
	})
}
