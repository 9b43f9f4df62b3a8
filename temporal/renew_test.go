package temporal_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/workflow"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
	"github.com/ovhrenew/ovhrenew/portfolio"
	"github.com/ovhrenew/ovhrenew/temporal"
)

// A renewal is paid once, whatever answer is lost, and ends with its receipt.
func TestRenew(t *testing.T) {
	t.Parallel()
	for _, lost := range []string{"", ovhrenewtest.RouteOrder, ovhrenewtest.RoutePay} {
		for _, kind := range []ovhrenewtest.FaultKind{ovhrenewtest.Late, ovhrenewtest.Reset} {
			inBubble(t, ovhrenewtest.Behaviour{ChargeTwice: true, DeliveryDelay: 90 * time.Second, ExpiryLag: 30 * time.Second, StatusLag: time.Minute}, func(w *world) {
				if lost != "" {
					w.server.Inject(ovhrenewtest.Fault{Route: lost, Kind: kind, When: ovhrenewtest.After, Delay: 4 * time.Minute})
				}
				began := time.Now()
				receipt, err := w.renew(renewal())
				if err != nil || receipt.Price != ovhrenew.MustMoney("21.56 EUR") {
					t.Fatalf("lost %q: %v, %v", lost, receipt, err)
				}
				w.paid(1, 1)
				t.Logf("lost %q %s: %d requests, %v", lost, kind, len(w.server.Requests()), time.Since(began))
			})
		}
	}
}

// The same input a second time finds what the first has done.
func TestRenewAgain(t *testing.T) {
	t.Parallel()
	inBubble(t, ovhrenewtest.Behaviour{ChargeTwice: true}, func(w *world) {
		in := renewal()
		in.Wish.From = ovhrenew.DateOf(w.server.Expiry(int64(vps)))
		for again := range 2 {
			w.renewEnv()
			receipt, err := w.renew(in)
			if err != nil || receipt.Already != (again == 1) {
				t.Fatalf("run %d: %v, %v", again+1, receipt, err)
			}
		}
		w.paid(1, 1)
	})
}

// A yes pays, a no lets the order lapse and is kept, and a word about another order or
// another price is none.
func TestAnswer(t *testing.T) {
	t.Parallel()
	for _, says := range []ovhrenew.Answer{ovhrenew.AnswerYes, ovhrenew.AnswerNo} {
		inBubble(t, ovhrenewtest.Behaviour{ChargeTwice: true, DeliveryDelay: time.Minute}, func(w *world) {
			in := renewal()
			in.Wish.Approve = true
			answer := func(change func(*temporal.Answer)) func() {
				return func() {
					asked := w.progress().Asked
					if asked == nil || asked.Price != ovhrenew.MustMoney("21.56 EUR") || w.server.Count(ovhrenewtest.RoutePay) != 0 {
						t.Fatalf("asked %+v, %d payments", asked, w.server.Count(ovhrenewtest.RoutePay))
					}
					a := temporal.Answer{Order: asked.Order, Price: asked.Price, Says: says}
					change(&a)
					w.env.SignalWorkflow(temporal.SignalAnswer, a)
				}
			}
			var before int
			w.after(5*time.Minute, answer(func(a *temporal.Answer) { a.Order++ }))
			w.after(6*time.Minute, answer(func(a *temporal.Answer) { a.Price = ovhrenew.MustMoney("21.55 EUR") }))
			w.after(7*time.Minute, answer(func(a *temporal.Answer) { a.Says = ovhrenew.AnswerLater }))
			w.after(8*time.Minute, answer(func(a *temporal.Answer) { a.Says = "perhaps" }))
			w.after(9*time.Minute, func() { before = len(w.server.Requests()) })
			w.after(30*time.Hour, answer(func(*temporal.Answer) {}))
			receipt, err := w.renew(in)
			if says == ovhrenew.AnswerYes {
				if err != nil || receipt == nil {
					t.Fatal(receipt, err)
				}
				w.paid(1, 1)
				if n := len(w.server.Requests()) - before; n > 100 {
					t.Errorf("%d requests while a person thinks for 30 hours", n)
				}
				return
			}
			w.fails(err, temporal.Failure{Reaction: ovhrenew.ReactNever, Outcome: portfolio.OutcomeOrdered})
			w.renewEnv()
			_, err = w.renew(in)
			w.fails(err, temporal.Failure{Reaction: ovhrenew.ReactNever, Outcome: portfolio.OutcomeRefused})
			w.paid(1, 0)
		})
	}
}

// An order that lapses while a person thinks is ordered anew, and asked about anew.
func TestAnswerLate(t *testing.T) {
	t.Parallel()
	inBubble(t, ovhrenewtest.Behaviour{ChargeTwice: true, OrderValidity: 2 * 24 * time.Hour}, func(w *world) {
		in := renewal()
		in.Wish.Approve = true
		w.after(3*24*time.Hour, func() {
			asked := w.progress().Asked
			w.env.SignalWorkflow(temporal.SignalAnswer, temporal.Answer{Order: asked.Order, Price: asked.Price, Says: ovhrenew.AnswerYes})
		})
		if _, err := w.renew(in); err != nil {
			t.Fatal(err)
		}
		w.paid(2, 1)
	})
}

// Pause sends nothing until resume, whatever phase it meets.
// Stop, and a cancellation, end what is not paid, and follow what may have been paid to its
// end without paying anew.
// An order that lapsed is ordered anew; what time may mend is tried again, and no longer
// than GiveUp; what a person has to look at is told at once.
func TestReactions(t *testing.T) {
	t.Parallel()
	t.Run("a foreign order lapses", func(t *testing.T) {
		t.Parallel()
		inBubble(t, ovhrenewtest.Behaviour{ChargeTwice: true}, func(w *world) {
			w.server.AddOrder(ovhrenewtest.Order{Status: "notPaid", Services: []int64{int64(vps)}, Period: "P3M", Price: "17.97"})
			in := renewal()
			in.GiveUp = 20 * 24 * time.Hour
			receipt, err := w.renew(in)
			if err != nil || receipt == nil {
				t.Fatal(receipt, err)
			}
			w.paid(2, 1)
		})
	})
	t.Run("giving up", func(t *testing.T) {
		t.Parallel()
		inBubble(t, ovhrenewtest.Behaviour{ChargeTwice: true}, func(w *world) {
			w.server.AddOrder(ovhrenewtest.Order{Status: "notPaid", Services: []int64{int64(vps)}, Period: "P3M", Price: "17.97"})
			began := time.Now()
			_, err := w.renew(renewal())
			w.fails(err, temporal.Failure{Reaction: ovhrenew.ReactLater, Outcome: portfolio.OutcomeRefused})
			if d := time.Since(began); d < 23*time.Hour || d > 26*time.Hour {
				t.Errorf("gave up after %v", d)
			}
			w.paid(1, 0)
		})
	})
	// What is lost each time is not sent for ever.
	for route, want := range map[string]temporal.Failure{
		ovhrenewtest.RouteOrder: {Reaction: ovhrenew.ReactAgain, Outcome: portfolio.OutcomeRefused},
		ovhrenewtest.RoutePay:   {Reaction: ovhrenew.ReactPerson, Outcome: portfolio.OutcomeOrdered},
	} {
		t.Run("lost: "+route, func(t *testing.T) {
			t.Parallel()
			inBubble(t, ovhrenewtest.Behaviour{ChargeTwice: true}, func(w *world) {
				w.server.Inject(ovhrenewtest.Fault{Route: route, Kind: ovhrenewtest.Reset, Times: -1})
				in, began := renewal(), time.Now()
				in.GiveUp = 5 * time.Hour
				_, err := w.renew(in)
				w.fails(err, want)
				if d, pays := time.Since(began), w.server.Count(ovhrenewtest.RoutePay); d > 6*time.Hour || pays > 3 {
					t.Errorf("%v, %d payments sent", d, pays)
				}
			})
		})
	}
	t.Run("a person", func(t *testing.T) {
		t.Parallel()
		inBubble(t, ovhrenewtest.Behaviour{}, func(w *world) {
			in := renewal()
			in.Wish.Limit = ovhrenew.MustMoney("20 EUR")
			_, err := w.renew(in)
			w.fails(err, temporal.Failure{Reaction: ovhrenew.ReactPerson, Outcome: portfolio.OutcomeRefused})
			w.paid(0, 0)
		})
	})
	t.Run("never", func(t *testing.T) {
		t.Parallel()
		inBubble(t, ovhrenewtest.Behaviour{}, func(w *world) {
			for field, in := range map[string]temporal.Renewal{
				"Account": {Wish: renewal().Wish}, "Wish or a Task": {Account: account}, "no service": {Account: account, Wish: &ovhrenew.Wish{Service: ovhrenew.ID(1)}},
			} {
				w.renewEnv()
				_, err := w.renew(in)
				w.fails(err, temporal.Failure{Reaction: ovhrenew.ReactNever, Outcome: portfolio.OutcomeRefused})
				if field != "no service" && !strings.Contains(err.Error(), field) {
					t.Errorf("%v does not name %s", err, field)
				}
			}
			if n := len(w.server.Requests()); n > 0 {
				t.Errorf("%d requests", n)
			}
		})
	})
}

// A renewal that has waited long goes on with a new history, and forgets nothing.
func TestRenewHandsOn(t *testing.T) {
	t.Parallel()
	inBubble(t, ovhrenewtest.Behaviour{ChargeTwice: true}, func(w *world) {
		in := renewal()
		in.Wish.Approve = true
		w.after(time.Hour, func() { w.env.SignalWorkflow(temporal.SignalPause, nil) })
		w.after(2*time.Hour, func() {
			asked := w.progress().Asked
			w.env.SetContinueAsNewSuggested(true)
			w.env.SignalWorkflow(temporal.SignalAnswer, temporal.Answer{Order: asked.Order, Price: asked.Price, Says: ovhrenew.AnswerYes})
		})
		_, err := w.renew(in)
		next, ok := errors.AsType[*workflow.ContinueAsNewError](err)
		if !ok {
			t.Fatal(err)
		}
		if err := converter.GetDefaultDataConverter().FromPayloads(next.Input, &in); err != nil {
			t.Fatal(err)
		}
		w.renewEnv()
		w.after(time.Hour, func() {
			w.paid(1, 0)
			w.env.SignalWorkflow(temporal.SignalResume, nil)
		})
		receipt, err := w.renew(in)
		if err != nil || receipt == nil {
			t.Fatal(receipt, err)
		}
		w.paid(1, 1)
	})
}
