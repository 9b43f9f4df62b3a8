package temporal_test

import (
	"errors"
	"testing"
	"time"

	sdk "go.temporal.io/sdk/temporal"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
	"github.com/ovhrenew/ovhrenew/portfolio"
	"github.com/ovhrenew/ovhrenew/temporal"
)

func TestPause(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		at       time.Duration // of the pause
		fault    ovhrenewtest.Fault
		orders   int // while paused
		payments int
	}{
		"at the start":      {},
		"ordered":           {at: time.Second},
		"payment unsettled": {at: time.Minute, fault: ovhrenewtest.Fault{Route: ovhrenewtest.RoutePay, Kind: ovhrenewtest.Reset}, orders: 1},
		"paid, not told":    {at: time.Minute, fault: ovhrenewtest.Fault{Route: ovhrenewtest.RoutePay, Kind: ovhrenewtest.Reset, When: ovhrenewtest.After}, orders: 1, payments: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, ovhrenewtest.Behaviour{ChargeTwice: true, ListLag: 10 * time.Second, DeliveryDelay: 5 * time.Minute}, func(w *world) {
				if test.at == time.Second {
					test.orders = 1
				}
				if test.fault.Kind != 0 {
					w.server.Inject(test.fault)
				}
				w.after(test.at, func() { w.env.SignalWorkflow(temporal.SignalPause, nil) })
				w.after(8*time.Hour, func() {
					w.paid(test.orders, test.payments)
					if n := w.server.Count(ovhrenewtest.RoutePay); n > 1 {
						t.Errorf("%d payments sent while paused", n)
					}
					if p := w.progress(); test.payments == 0 && !p.Paused {
						t.Errorf("not paused: %+v", p)
					}
					w.env.SignalWorkflow(temporal.SignalResume, nil)
				})
				receipt, err := w.renew(renewal())
				if err != nil || receipt == nil {
					t.Fatal(receipt, err)
				}
				w.paid(1, 1)
			})
		})
	}
}

func TestStop(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		at       time.Duration
		fault    ovhrenewtest.Fault
		orders   int
		payments int
		outcome  portfolio.Outcome
	}{
		"at the start":   {outcome: portfolio.OutcomeSkipped},
		"ordered":        {at: time.Second, orders: 1, outcome: portfolio.OutcomeOrdered},
		"payment lost":   {at: time.Minute, fault: ovhrenewtest.Fault{Route: ovhrenewtest.RoutePay, Kind: ovhrenewtest.Reset}, orders: 1, outcome: portfolio.OutcomeOrdered},
		"order lost":     {at: time.Second, fault: ovhrenewtest.Fault{Route: ovhrenewtest.RouteOrder, Kind: ovhrenewtest.Reset}, outcome: portfolio.OutcomeSkipped},
		"payment late":   {at: time.Minute, fault: ovhrenewtest.Fault{Route: ovhrenewtest.RoutePay, Kind: ovhrenewtest.Late, Delay: 4 * time.Minute}, orders: 1, payments: 1},
		"paid, not told": {at: time.Minute, fault: ovhrenewtest.Fault{Route: ovhrenewtest.RoutePay, Kind: ovhrenewtest.Reset, When: ovhrenewtest.After}, orders: 1, payments: 1},
		"paid":           {at: time.Minute, orders: 1, payments: 1},
	} {
		for _, cancel := range []bool{false, true} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				inBubble(t, ovhrenewtest.Behaviour{ChargeTwice: true, ListLag: 10 * time.Second, DeliveryDelay: 5 * time.Minute}, func(w *world) {
					if test.fault.Kind != 0 {
						w.server.Inject(test.fault)
					}
					w.after(test.at, func() {
						if cancel {
							w.env.CancelWorkflow()
						} else {
							w.env.SignalWorkflow(temporal.SignalStop, nil)
						}
					})
					receipt, err := w.renew(renewal())
					w.paid(test.orders, test.payments)
					if n := w.server.Count(ovhrenewtest.RoutePay); n > 1 {
						t.Errorf("%d payments sent", n)
					}
					switch {
					case test.payments == 1:
						if err != nil || receipt == nil {
							t.Errorf("%v, %v, want the receipt", receipt, err)
						}
					case cancel:
						var f temporal.Failure
						canceled, ok := errors.AsType[*sdk.CanceledError](err)
						if !ok || canceled.Details(&f) != nil || f.Outcome != test.outcome {
							t.Errorf("%v: %+v, want cancelled, %s", err, f, test.outcome)
						}
					default:
						w.fails(err, temporal.Failure{Reaction: ovhrenew.ReactNever, Outcome: test.outcome})
					}
				})
			})
		}
	}
}
