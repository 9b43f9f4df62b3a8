// These attacks aim at how it is paid, and at what is told when the account cannot be read.

package safety_test

import (
	"errors"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// TestAttackUnknownWayToPay pays with a mean that nobody knows. That is refused at once: no
// look gets any wiser.
func TestAttackUnknownWayToPay(t *testing.T) {
	t.Parallel()
	for _, with := range []ovhrenew.Payment{
		ovhrenew.Mean{Kind: "crypto", ID: 1}, ovhrenew.Mean{Kind: "SEPA_OF_TOMORROW"}, ovhrenew.Mean{Kind: "PayPal", ID: ovhrenewtest.GuidePayPalMean}, ovhrenew.Method(42),
	} {
		both(t, func(t *testing.T, sharing ovhrenew.Sharing) {
			w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true})
			time.Sleep(time.Hour)
			req := vpsFor(ovhrenew.P3M)
			req.PayWith = with
			began := time.Now()
			_, err := w.host(&memoryJournal{sharing: sharing}, nil).renew(req)
			want(t, err, ovhrenew.ErrNoPayment, ovhrenew.PaidNo)
			if took := time.Since(began); took > time.Minute {
				t.Errorf("%s was refused after %v", with, took)
			}
			w.paidFor(0, vps)
		})
	}
}

// TestAttackUnreadable pays, and lets a later call of Advance find that nothing can be
// read: the account, the journal, a claim of another run. It is not told as not paid.
func TestAttackUnreadable(t *testing.T) {
	t.Parallel()
	for _, what := range []string{"the API", "the claim", "the time"} {
		for _, old := range []bool{false, true} {
			both(t, func(t *testing.T, sharing ovhrenew.Sharing) {
				w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true, DeliveryDelay: time.Hour})
				time.Sleep(time.Hour)
				journal := ovhrenewtest.NewMemory(sharing)
				advance := func(task ovhrenew.Task, through *wire, journal ovhrenew.Journal) (ovhrenew.Task, error) {
					runner, err := ovhrenew.NewRunner(w.host(journal, through).api, journal)
					if err != nil {
						t.Fatal(err)
					}
					return runner.Advance(t.Context(), task)
				}
				h := w.host(journal, nil)
				runner, err := ovhrenew.NewRunner(h.api, journal)
				if err != nil {
					t.Fatal(err)
				}
				req := vpsFor(ovhrenew.P3M)
				req.Journal = journal
				first, err := runner.Propose(t.Context(), req)
				if err != nil {
					t.Fatal(err)
				}
				task := first
				for task.Phase != ovhrenew.PhasePaid {
					if task, err = advance(task, nil, journal); err != nil {
						t.Fatal(err)
					}
					time.Sleep(time.Until(task.Next))
				}
				if old {
					task = first // an engine's copy of before
				}
				dark := &wire{instead: func(s sent) (int, string) {
					if what == "the API" || what == "the time" && s.reads("/auth/time") {
						return http.StatusForbidden, `{"message":"Forbidden"}`
					}
					return 0, ""
				}}
				if what == "the claim" {
					account, err := h.api.Account(t.Context())
					if err != nil {
						t.Fatal(err)
					}
					claim, err := journal.Claim(t.Context(), account, vps)
					if err != nil {
						t.Fatal(err)
					}
					defer func() { _ = claim.Release() }()
					dark = nil
				}
				_, err = advance(task, dark, journal.Another())
				var failed *ovhrenew.StepError
				if !errors.As(err, &failed) {
					t.Fatalf("without %s: %v", what, err)
				}
				if unread := old && failed.Step == ovhrenew.StepFind; failed.Paid == ovhrenew.PaidNo && !unread {
					t.Errorf("without %s: %v", what, err) // of StepFind, it says that this run has paid nothing
				}
			})
		}
	}
}

// TestAttackPairsOfBundles lets two hosts renew overlapping sets of services at the same
// time: the domain alone, and with its hosting. The domain is paid for once.
func TestAttackPairsOfBundles(t *testing.T) {
	t.Parallel()
	for _, lag := range []time.Duration{0, 6 * time.Second, 5 * time.Minute} {
		for _, name := range []string{"", "*"} {
			bubble(t, func(t *testing.T) {
				w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true, DetailDomain: name, ListLag: lag, ListShuffle: true, StatusLag: 2 * time.Minute, DeliveryDelay: time.Minute})
				w.server.SetExpiry(int64(domain), time.Now().Add(25*days))
				w.server.SetExpiry(int64(hosting), time.Now().Add(25*days))
				time.Sleep(time.Hour)
				var all sync.WaitGroup
				for i, rule := range []ovhrenew.Rule{ovhrenew.Alone, ovhrenew.Only(domain, hosting)} {
					all.Go(func() {
						h := w.host(several(), nil)
						time.Sleep(time.Duration(i) * time.Second)
						req := vpsFor(ovhrenew.P1Y)
						req.Service = ovhrenew.ID(domain)
						req.Rules = []ovhrenew.Rule{ovhrenew.For(ovhrenew.P1Y), rule}
						for range 20 {
							if _, err := h.renew(req); err == nil {
								return
							}
							time.Sleep(days)
						}
					})
				}
				all.Wait()
				w.paidFor(1, domain)
			})
		}
	}
}
