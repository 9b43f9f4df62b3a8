// These attacks aim at what is sent again and again.

package safety_test

import (
	"errors"
	"testing"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// TestAttackLostPayments loses every payment on its way to the API, for as long as the
// order lives. Each that is sent could take its effect after the time to settle: so they
// are few, a person is told, and the order that follows is paid once.
func TestAttackLostPayments(t *testing.T) {
	t.Parallel()
	for name, lost := range map[string]ovhrenewtest.Fault{
		"no answer": {Route: ovhrenewtest.RoutePay, Kind: ovhrenewtest.Reset, Times: -1},
		"a gateway": {Route: ovhrenewtest.RoutePay, Kind: ovhrenewtest.StatusFault, Status: 502, Times: -1},
		"a rate":    {Route: ovhrenewtest.RoutePay, Kind: ovhrenewtest.StatusFault, Status: 429, Body: `{"message":"too many"}`, Times: -1},
	} {
		for _, steps := range []bool{true, false} {
			both(t, func(t *testing.T, sharing ovhrenew.Sharing) {
				w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true, DeliveryDelay: time.Minute})
				time.Sleep(time.Hour)
				w.server.Inject(lost)
				journal := &memoryJournal{sharing: sharing}
				renew := func() error { return repeat(t, w.host(journal, nil), steps) }
				var err error
				for range 6 {
					err = renew()
					time.Sleep(time.Hour)
				}
				failed, ok := errors.AsType[*ovhrenew.StepError](err)
				if !ok || failed.Paid != ovhrenew.PaidNo || !errors.Is(err, ovhrenew.ErrNeedsHuman) || ovhrenew.ReactionTo(err) != ovhrenew.ReactPerson {
					t.Errorf("%s, in steps %t: %v, want a person", name, steps, err)
				}
				if sent := w.paysSent(); sent != 3 {
					t.Errorf("%s, in steps %t: %d payments were sent, want 3", name, steps, sent)
				}
				w.server.ClearFaults()
				for range 25 {
					if err = renew(); err == nil {
						break
					}
					time.Sleep(days)
				}
				want(t, err, nil, "")
				w.paidFor(1, vps)
				if sent := w.paysSent(); sent != 4 {
					t.Errorf("%s, in steps %t: %d payments were sent in the end, want 4", name, steps, sent)
				}
			})
		}
	}
}

// TestAttackRefusedPayments refuses payments in the API's own words, known and unknown. None
// can have had an effect: each night may try again, and the one that is taken is the only
// one. Until then a person is asked for, however the program goes on.
func TestAttackRefusedPayments(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{"class":"Client::Forbidden","message":"This order can't be paid with 'creditCard'"}`, `{"message":"Bad Request"}`, `{"message":"This credential is not valid"}`} {
		for _, steps := range []bool{true, false} {
			both(t, func(t *testing.T, sharing ovhrenew.Sharing) {
				w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true, DeliveryDelay: time.Minute})
				time.Sleep(time.Hour)
				w.server.Inject(ovhrenewtest.Fault{Route: ovhrenewtest.RoutePay, Times: 5, Kind: ovhrenewtest.StatusFault, Status: 403, Body: body})
				journal := &memoryJournal{sharing: sharing}
				for night := range 6 {
					err := repeat(t, w.host(journal, nil), steps)
					if night == 5 {
						want(t, err, nil, "")
					} else if ovhrenew.ReactionTo(err) != ovhrenew.ReactPerson || paidOf(err) != ovhrenew.PaidNo || errors.Is(err, ovhrenew.ErrNeedsHuman) {
						t.Errorf("%s: %v, want a person", body, err)
					}
					time.Sleep(20 * time.Hour)
				}
				w.paidFor(1, vps)
			})
		}
	}
}

// TestAttackLateEffect lets a payment's effect, or a person's, move the expiry after the time
// to settle. Whose it was cannot be said: nothing more is paid, and the journal keeps that
// it may have been this renewal's.
func TestAttackLateEffect(t *testing.T) {
	t.Parallel()
	for _, lost := range []bool{true, false} {
		both(t, func(t *testing.T, sharing ovhrenew.Sharing) {
			w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true})
			time.Sleep(time.Hour)
			fault := ovhrenewtest.Fault{Route: ovhrenewtest.RoutePay, Kind: ovhrenewtest.Reset}
			if !lost { // no payment is sent: the order's status cannot be read
				fault = ovhrenewtest.Fault{Route: ovhrenewtest.RouteStatus, Kind: ovhrenewtest.StatusFault, Status: 500, Times: 500}
			}
			w.server.Inject(fault)
			journal := &memoryJournal{sharing: sharing}
			_ = repeat(t, w.host(journal, nil), false)
			w.server.ClearFaults()
			w.server.SetExpiry(int64(vps), w.server.Expiry(int64(vps)).AddDate(0, 3, 0))
			req := vpsFor(ovhrenew.P3M)
			req.Journal = journal
			_, err := ovhrenew.Renew(t.Context(), w.host(journal, nil).api, req)
			want(t, err, ovhrenew.ErrExpiryMoved, ovhrenew.PaidUnsure)
			claim, err := journal.Claim(t.Context(), "", vps)
			if err != nil {
				t.Fatal(err)
			}
			if states := claim.States(); len(states) != 1 || states[0].Phase != ovhrenew.PhaseClosed || states[0].Unsure != lost {
				t.Errorf("a payment was sent: %t; the journal has %+v", lost, states)
			}
			w.paidFor(0, vps)
		})
	}
}

// repeat renews in one call, or in steps until there is an end or an error.
func repeat(t *testing.T, h *host, steps bool) error {
	t.Helper()
	req := vpsFor(ovhrenew.P3M)
	if !steps {
		_, err := h.renew(req)
		return err
	}
	req.Journal = h.journal
	runner, err := ovhrenew.NewRunner(h.api, h.journal)
	if err != nil {
		t.Fatal(err)
	}
	claim, err := h.journal.Claim(t.Context(), "", vps)
	if err != nil {
		t.Fatal(err)
	}
	var task ovhrenew.Task
	for _, st := range claim.States() {
		if st.Phase.Open() {
			task = st.Task
		}
	}
	_ = claim.Release()
	if task.Target == 0 {
		if task, err = runner.Propose(t.Context(), req); err != nil {
			return err
		}
	}
	task.Until = time.Time{}
	for {
		if task, err = runner.Advance(t.Context(), task); err != nil || task.Receipt != nil {
			return err
		}
		time.Sleep(time.Until(task.Next))
	}
}
