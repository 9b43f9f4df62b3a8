// These attacks aim at the guards: what renews by itself, clocks, accounts, old expiries.

package safety_test

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// TestAttackRenewingItself lets OVHcloud begin to renew the service at some moment of a
// run that may renew what renews by itself.
func TestAttackRenewingItself(t *testing.T) {
	t.Parallel()
	for _, field := range []string{`"pendingActions":["autorenewInProgress"]`, `"pendingActions":["somethingRenewing"]`} {
		for skip := range int32(6) {
			both(t, func(t *testing.T, sharing ovhrenew.Sharing) {
				w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true})
				time.Sleep(time.Hour)
				var n atomic.Int32
				var begun, late atomic.Bool
				h := w.host(&memoryJournal{sharing: sharing}, &wire{
					before: func(s sent) { late.Store(late.Load() || s.pays() && !begun.Load()) },
					answer: func(s sent, status int, body string) (int, string) {
						if strings.Contains(s.URL.Path, "/services/11223344") && n.Add(1) > skip {
							begun.Store(true)
							body = strings.ReplaceAll(body, `"pendingActions":[]`, field)
						}
						return status, body
					},
				})
				req := vpsFor(ovhrenew.P3M)
				req.Guards.AllowAutomatic = true
				_, err := h.renew(req)
				if late.Load() {
					want(t, err, nil, "") // it was paid before
					return
				}
				if !errors.Is(err, ovhrenew.ErrAutoRenew) && !errors.Is(err, ovhrenew.ErrState) || paidOf(err) != ovhrenew.PaidNo {
					t.Errorf("%s: %v", field, err)
				}
				w.paidFor(0, vps)
			})
		}
	}
}

// TestAttackModes says of the renewal of a service that renews itself what nobody knows: in
// the account's list, in the older one, and at its product. It is not paid for, and while a
// pending action speaks of renewing it is not, whatever is allowed.
func TestAttackModes(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{`"Automatic"`, `"AUTOMATIC"`, `"automaticV2027"`, `"assisted"`, `""`, `null`} {
		for _, listed := range []string{`null`, `"AutomaticV2012"`, `"automaticV2027"`, `"ofTomorrow"`} {
			for _, action := range []string{"", "renewInProgress", "AutoRenewInProgress"} {
				bubble(t, func(t *testing.T) {
					w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true})
					w.server.SetMode(int64(vps), "automatic")
					time.Sleep(time.Hour)
					said := map[string]string{
						`"mode":"automatic"`: `"mode":` + mode, `"mode":"automaticV2012"`: `"mode":` + listed,
						`"renewalType":"automaticV2012"`: `"renewalType":` + listed, `"automatic":true`: `"automatic":null`,
					}
					if action != "" {
						said[`"pendingActions":[]`] = `"pendingActions":["` + action + `"]`
					}
					var mu sync.Mutex
					hit := map[string]bool{}
					h := w.host(&memoryJournal{}, &wire{answer: func(s sent, status int, body string) (int, string) {
						mu.Lock()
						defer mu.Unlock()
						for old, changed := range said {
							hit[old] = hit[old] || strings.Contains(body, old)
							body = strings.ReplaceAll(body, old, changed)
						}
						return status, body
					}})
					req := vpsFor(ovhrenew.P3M)
					req.Guards.AllowAutomatic = action != ""
					_, err := h.renew(req)
					if len(said) != len(hit) || slices.Contains(slices.Collect(maps.Values(hit)), false) {
						t.Errorf("mode %s, listed %s, action %q: not all of it was read: %v", mode, listed, action, hit)
					}
					if !errors.Is(err, ovhrenew.ErrAutoRenew) && !errors.Is(err, ovhrenew.ErrState) || paidOf(err) != ovhrenew.PaidNo {
						t.Errorf("mode %s, listed %s, action %q: %v", mode, listed, action, err)
					}
					w.paidFor(0, vps)
				})
			}
		}
	}
}

// TestAttackClock puts this machine's clock wrong by months, and renews every night.
func TestAttackClock(t *testing.T) {
	t.Parallel()
	for _, ahead := range []time.Duration{-400 * days, -60 * days, -26 * time.Hour, 26 * time.Hour, 8 * days, 20 * days, 60 * days} {
		for _, kept := range []bool{false, true} {
			for _, lost := range []bool{false, true} {
				bubble(t, func(t *testing.T) {
					server := ovhrenewtest.StartPipe(t, ovhrenewtest.Behaviour{ChargeTwice: true, StatusLag: 3 * time.Minute, DeliveryDelay: time.Minute})
					server.SetNow(func() time.Time { return time.Now().Add(-ahead) })
					ovhrenewtest.Guide(server)
					w := &world{tb: t, server: server}
					if lost {
						server.Inject(ovhrenewtest.Fault{Route: ovhrenewtest.RouteOrder, Kind: ovhrenewtest.Reset, When: ovhrenewtest.After})
					}
					journal := several()
					renewed := 0
					for range 12 {
						h := w.host(ovhrenew.NoJournal, nil)
						if kept {
							h = w.host(journal, nil)
						}
						if receipt, err := h.renew(vpsFor(ovhrenew.P1M)); err == nil && !receipt.Already {
							renewed++
						}
						time.Sleep(days)
					}
					if renewed != 1 {
						t.Errorf("clock %v ahead, journal kept %t, answer lost %t: renewed %d times", ahead, kept, lost, renewed)
					}
					w.paidFor(1, vps)
				})
			}
		}
	}
}

// TestAttackClockAndAnothersOrder is a clock that is ahead, by which an order that was
// just paid would have lapsed.
func TestAttackClockAndAnothersOrder(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		server := ovhrenewtest.StartPipe(t, ovhrenewtest.Behaviour{ChargeTwice: true, StatusLag: 3 * time.Minute, DeliveryDelay: time.Minute})
		server.SetNow(func() time.Time { return time.Now().Add(-9 * days) })
		ovhrenewtest.Guide(server)
		w := &world{tb: t, server: server}
		server.Pay(server.AddOrder(ovhrenewtest.Order{Status: "notPaid", Services: []int64{int64(vps)}, Period: "P3M", Price: "17.97"}))
		_, err := w.host(several(), nil).renew(vpsFor(ovhrenew.P3M))
		want(t, err, ovhrenew.ErrForeignOrder, ovhrenew.PaidUnsure)
		w.paidFor(1, vps)
	})
}

// TestAttackLongExpired renews a service for less time than it has been expired: it would
// be due again, and paid again, every night.
func TestAttackLongExpired(t *testing.T) {
	t.Parallel()
	for _, since := range []int{20, 40, 100, 400} {
		both(t, func(t *testing.T, sharing ovhrenew.Sharing) {
			w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true, Expired: ovhrenewtest.ExpiredNowhere})
			w.server.SetExpiry(int64(vps), time.Now().AddDate(0, 0, -since))
			h := w.host(&memoryJournal{sharing: sharing}, nil)
			paid := 0
			for range 14 {
				receipt, err := h.renew(vpsFor(ovhrenew.P1M))
				if err == nil && !receipt.Already {
					if paid++; !receipt.Services[0].To.After(ovhrenew.DateOf(time.Now())) {
						t.Errorf("paid until %s, which is past", receipt.Services[0].To)
					}
				} else if since > 31 {
					want(t, err, ovhrenew.ErrState, ovhrenew.PaidNo)
				}
				time.Sleep(days)
			}
			if since > 31 && paid > 0 || since < 30 && paid == 0 || paid > 2 {
				t.Errorf("expired %d days ago: paid %d times in 14 nights", since, paid)
			}
		})
	}
}

// TestAttackOneJournalTwoAccounts uses one journal for two accounts, in which a service
// has the same number. A journal that keeps accounts apart serves both, and a directory
// refuses the second: neither is told what happened in the other.
func TestAttackOneJournalTwoAccounts(t *testing.T) {
	t.Parallel()
	for _, directory := range []bool{false, true} {
		bubble(t, func(t *testing.T) {
			dir, memory := t.TempDir(), ovhrenewtest.NewMemory(ovhrenew.OnlyJournal)
			for i, name := range []string{"aa1-ovh", "bb2-ovh"} {
				w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true, DeliveryDelay: time.Minute})
				journal := ovhrenew.Journal(memory.Another())
				if directory {
					var err error
					if journal, err = ovhrenew.OpenJournal(dir, ovhrenew.OnlyJournal); err != nil {
						t.Fatal(err)
					}
				}
				h := w.host(journal, &wire{answer: func(s sent, status int, body string) (int, string) {
					return status, strings.ReplaceAll(body, "xx1111-ovh", name)
				}})
				refused := directory && i > 0
				for night := range 3 {
					receipt, err := h.renew(vpsFor(ovhrenew.P1Y))
					if refused {
						want(t, err, ovhrenew.ErrJournal, ovhrenew.PaidNo)
					} else if want(t, err, nil, ""); receipt != nil && receipt.Already != (night > 0) {
						t.Errorf("account %d, night %d: already %t", i, night, receipt.Already)
					}
					time.Sleep(days)
				}
				paid := 1
				if refused {
					paid = 0
				}
				w.paidFor(paid, vps)
			}
		})
	}
}
