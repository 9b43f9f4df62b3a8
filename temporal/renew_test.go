package temporal_test

import (
	"strings"
	"testing"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
	"github.com/ovhrenew/ovhrenew/portfolio"
	"github.com/ovhrenew/ovhrenew/temporal"
)

// TestRenew: a renewal with the default patience, whose order or payment takes effect
// after its answer was lost. It takes minutes, none of which an activity sleeps.
func TestRenew(t *testing.T) {
	t.Parallel()
	for _, lost := range []string{"", ovhrenewtest.RouteOrder, ovhrenewtest.RoutePay} {
		t.Run("lost "+lost, func(t *testing.T) {
			inBubble(t, ovhrenewtest.Behaviour{DeliveryDelay: 90 * time.Second, ExpiryLag: 30 * time.Second, StatusLag: time.Minute}, func(w *world) {
				if lost != "" {
					w.server.Inject(ovhrenewtest.Fault{Route: lost, Kind: ovhrenewtest.Late, Delay: 4 * time.Minute})
				}
				env := w.env()
				began := time.Now()
				env.ExecuteWorkflow(temporal.RenewWorkflow, temporal.RenewInput{Account: account, Wish: wish()})
				r := result(t, env)
				if r.Outcome != portfolio.OutcomeRenewed || r.Receipt == nil || r.Receipt.Price != ovhrenew.MustMoney("21.56 EUR") {
					t.Errorf("the result is %+v", r)
				}
				w.payments(1)
				if took := time.Since(began); took < time.Minute || took > 30*time.Minute {
					t.Errorf("it took %v", took)
				}
				env = w.env() // the workflow again, as after its history was forgotten
				env.ExecuteWorkflow(temporal.RenewWorkflow, temporal.RenewInput{Account: account, Wish: wish()})
				if again := result(t, env); again.Receipt == nil || !again.Receipt.Already || again.Receipt.Order != r.Receipt.Order {
					t.Errorf("the second workflow's result is %+v", again)
				}
				w.payments(1)
			})
		})
	}
}

// TestAnswer: a person is asked about the order by the query. Their word counts for this
// order at this price alone.
func TestAnswer(t *testing.T) {
	t.Parallel()
	for _, say := range []ovhrenew.Answer{ovhrenew.AnswerYes, ovhrenew.AnswerNo} {
		t.Run(string(say), func(t *testing.T) {
			inBubble(t, ovhrenewtest.Behaviour{}, func(w *world) {
				env, asked := w.env(), wish()
				asked.Approve = true
				steps := 0
				after(env, 5*time.Minute, func() {
					steps++
					p := progress(t, env)
					if p.Asked == nil || p.Asked.Order != p.Order || p.Asked.Price != ovhrenew.MustMoney("21.56 EUR") || p.Phase != ovhrenew.PhaseOrdered {
						t.Errorf("after 5 minutes the progress is %+v", p)
						env.CancelWorkflow()
						return
					}
					wrong := *p.Asked
					wrong.Answer, wrong.Price = say, ovhrenew.MustMoney("1 EUR")
					env.SignalWorkflow("answer", wrong)
				})
				after(env, 40*time.Minute, func() {
					steps++
					w.payments(0)
					p := progress(t, env)
					if p.Asked == nil {
						t.Errorf("after an answer about another price the progress is %+v", p)
						env.CancelWorkflow()
						return
					}
					right := *p.Asked
					right.Answer = say
					env.SignalWorkflow("answer", right)
				})
				env.ExecuteWorkflow(temporal.RenewWorkflow, temporal.RenewInput{Account: account, Wish: asked})
				if steps != 2 {
					t.Errorf("it ended after %d of 2 answers", steps)
				}
				if say == ovhrenew.AnswerYes {
					if r := result(t, env); r.Outcome != portfolio.OutcomeRenewed {
						t.Errorf("the result is %+v", r)
					}
					w.payments(1)
					return
				}
				f, ok := temporal.FailureOf(env.GetWorkflowError())
				if !ok || f.Reaction != ovhrenew.ReactNever || f.Paid != ovhrenew.PaidNo {
					t.Errorf("the workflow ended with %+v, %v", f, env.GetWorkflowError())
				}
				w.payments(0)
			})
		})
	}
}

// TestStopAndCancel: nothing that spends is sent after it, and an order that waits lapses.
func TestStopAndCancel(t *testing.T) {
	t.Parallel()
	for _, how := range []string{"stop", "cancel", "paused and stop"} {
		t.Run(how, func(t *testing.T) {
			inBubble(t, ovhrenewtest.Behaviour{}, func(w *world) {
				env, asked := w.env(), wish()
				asked.Approve = true
				after(env, 5*time.Minute, func() {
					switch how {
					case "cancel":
						env.CancelWorkflow()
					case "paused and stop":
						env.SignalWorkflow("pause", nil)
						env.SignalWorkflow("answer", temporal.Answer{Order: progress(t, env).Order, Price: ovhrenew.MustMoney("21.56 EUR"), Answer: ovhrenew.AnswerYes})
					default:
						env.SignalWorkflow("stop", nil)
					}
				})
				after(env, 10*time.Hour, func() {
					if how == "paused and stop" {
						env.SignalWorkflow("stop", nil)
					}
				})
				env.ExecuteWorkflow(temporal.RenewWorkflow, temporal.RenewInput{Account: account, Wish: asked})
				if how == "cancel" {
					if err := env.GetWorkflowError(); err == nil || !strings.Contains(err.Error(), "canceled") {
						t.Errorf("the workflow ended with %v", err)
					}
				} else if r := result(t, env); r.Outcome != portfolio.OutcomeSkipped || r.Order == 0 {
					t.Errorf("the result is %+v", r)
				}
				w.payments(0)
			})
		})
	}
}

// TestCancelWhilePaying: a payment that is under way is followed to its end.
func TestCancelWhilePaying(t *testing.T) {
	inBubble(t, ovhrenewtest.Behaviour{}, func(w *world) {
		w.server.Inject(ovhrenewtest.Fault{Route: ovhrenewtest.RoutePay, Kind: ovhrenewtest.Late, Delay: 4 * time.Minute})
		env := w.env()
		after(env, 2*time.Minute, func() {
			if p := progress(t, env); p.Phase != ovhrenew.PhasePaying {
				t.Errorf("after 2 minutes it is %s", p.Phase)
			}
			env.CancelWorkflow()
		})
		env.ExecuteWorkflow(temporal.RenewWorkflow, temporal.RenewInput{Account: account, Wish: wish()})
		if r := result(t, env); r.Outcome != portfolio.OutcomeRenewed {
			t.Errorf("the result is %+v", r)
		}
		w.payments(1)
	})
}

// TestLater: an order of somebody's that is in the way lapses in two weeks, and then the
// service is renewed, without anybody.
func TestLater(t *testing.T) {
	inBubble(t, ovhrenewtest.Behaviour{}, func(w *world) {
		w.server.AddOrder(ovhrenewtest.Order{Services: []int64{ovhrenewtest.GuideVPSID}, Period: "P3M", Price: "17.97"})
		env := w.env()
		began := time.Now()
		after(env, 24*time.Hour, func() {
			if p := progress(t, env); p.Later == 0 || !strings.Contains(p.Why, "order") {
				t.Errorf("after a day the progress is %+v", p)
			}
		})
		patient := wish()
		patient.Guards.Early = true
		env.ExecuteWorkflow(temporal.RenewWorkflow, temporal.RenewInput{Account: account, Wish: patient, Timing: temporal.Timing{GiveUp: 60 * 24 * time.Hour}})
		if r := result(t, env); r.Outcome != portfolio.OutcomeRenewed {
			t.Errorf("the result is %+v", r)
		}
		if took := time.Since(began); took < 24*time.Hour {
			t.Errorf("it took %v", took)
		}
		w.payments(1)
	})
}

// TestGivesUp: what cannot be done fails in the end, and says that nothing was paid.
func TestGivesUp(t *testing.T) {
	inBubble(t, ovhrenewtest.Behaviour{}, func(w *world) {
		w.server.SetExpiry(ovhrenewtest.GuideVPSID, time.Now().AddDate(1, 0, 0)) // not due
		env := w.env()
		began := time.Now()
		env.ExecuteWorkflow(temporal.RenewWorkflow, temporal.RenewInput{Account: account, Wish: wish(), Timing: temporal.Timing{GiveUp: 48 * time.Hour}})
		f, ok := temporal.FailureOf(env.GetWorkflowError())
		if took := time.Since(began); !ok || f.Reaction != ovhrenew.ReactLater || f.Paid != ovhrenew.PaidNo || took < 48*time.Hour {
			t.Errorf("after %v it ended with %+v, %v", took, f, env.GetWorkflowError())
		}
		w.payments(0)
	})
}

// TestRenewRefuses: what cannot be meant, and what a person has to look at.
func TestRenewRefuses(t *testing.T) {
	inBubble(t, ovhrenewtest.Behaviour{}, func(w *world) {
		noLimit, tooDear := wish(), wish()
		noLimit.Limit, tooDear.Limit = ovhrenew.Money{}, ovhrenew.MustMoney("1 EUR")
		for name, test := range map[string]struct {
			in   temporal.RenewInput
			want ovhrenew.Reaction
		}{
			"nothing":        {temporal.RenewInput{Account: account}, ovhrenew.ReactNever},
			"no account":     {temporal.RenewInput{Wish: wish()}, ovhrenew.ReactNever},
			"no limit":       {temporal.RenewInput{Account: account, Wish: noLimit}, ovhrenew.ReactNever},
			"over the limit": {temporal.RenewInput{Account: account, Wish: tooDear}, ovhrenew.ReactPerson},
		} {
			env := w.env()
			env.ExecuteWorkflow(temporal.RenewWorkflow, test.in)
			if f, ok := temporal.FailureOf(env.GetWorkflowError()); !ok || f.Reaction != test.want || f.Paid != ovhrenew.PaidNo {
				t.Errorf("%s: %+v, %v, want %s", name, f, env.GetWorkflowError(), test.want)
			}
		}
		w.payments(0)
	})
}
