// These attacks aim at orders that a person names, at what comes after a renewal that was
// closed, and at what a failed read makes of a lost answer.

package safety_test

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// TestAttackTakeOverAnothers names the order of another service, at the same price, to be
// paid for this one: somebody's, or one that this journal has placed for the other. It is
// not paid, and neither is a second order for this one.
func TestAttackTakeOverAnothers(t *testing.T) {
	t.Parallel()
	for _, own := range []bool{false, true} {
		both(t, func(t *testing.T, sharing ovhrenew.Sharing) {
			w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true, DeliveryDelay: time.Minute})
			twin := w.server.AddService(ovhrenewtest.Service{Name: "vps9.ovh.net", Route: "/vps/vps9.ovh.net", Type: "VPS", Expiry: time.Now().Add(10 * days)})
			w.server.Offer("P3M", "17.97", twin)
			time.Sleep(time.Hour)
			journal := &memoryJournal{sharing: sharing}
			if own { // it waits unpaid in the journal
				journal.fail = func(s ovhrenew.State) error {
					if s.Phase == ovhrenew.PhasePaying {
						return errors.New("the disk is full")
					}
					return nil
				}
				req := vpsFor(ovhrenew.P3M)
				req.Service = ovhrenew.ID(ovhrenew.ServiceID(twin))
				_, _ = w.host(journal, nil).renew(req)
				journal.fail = nil
			} else {
				w.server.AddOrder(ovhrenewtest.Order{Status: "notPaid", Services: []int64{twin}, Period: "P3M", Price: "17.97"})
				time.Sleep(time.Minute)
			}
			orders := w.server.Orders()
			if len(orders) != 1 {
				t.Fatalf("%d orders, want the twin's", len(orders))
			}
			req := vpsFor(ovhrenew.P3M)
			req.Guards.TakeOver = ovhrenew.OrderID(orders[0].ID)
			_, err := w.host(journal, nil).renew(req)
			w.paidFor(0, ovhrenew.ServiceID(twin))
			w.paidFor(0, vps)
			if !errors.Is(err, ovhrenew.ErrForeignOrder) || strings.Contains(err.Error(), "name it in") {
				t.Errorf("refused with %v, want that it is for something else, and no advice to name it", err)
			}
		})
	}
}

// TestAttackGivenBack closes a renewal whose expiry moved to an odd day. The support takes
// it back, a person orders anew and names that order, and the run is cut off before it pays:
// the order is not told as paid for what was paid for the first.
func TestAttackGivenBack(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, sharing ovhrenew.Sharing) {
		w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true})
		from := time.Now().Add(25 * days).Truncate(24 * time.Hour)
		w.server.SetExpiry(int64(vps), from)
		time.Sleep(time.Hour)
		odd := true
		w.server.OnAnswer(func(r ovhrenewtest.Request) {
			if r.Route == ovhrenewtest.RoutePay && odd {
				odd = false
				w.server.SetExpiry(int64(vps), from.AddDate(0, 0, 40))
			}
		})
		journal := &memoryJournal{sharing: sharing}
		receipt, err := w.host(journal, nil).renew(vpsFor(ovhrenew.P3M))
		if receipt == nil || !receipt.Unexpected {
			t.Fatalf("moved by 40 days: %v, %v", receipt, err)
		}
		time.Sleep(17 * days)
		w.server.SetExpiry(int64(vps), from)
		id := w.server.AddOrder(ovhrenewtest.Order{Status: "notPaid", Services: []int64{int64(vps)}, Period: "P3M", Price: "17.97"})
		time.Sleep(time.Hour)
		journal.fail = func(s ovhrenew.State) error {
			if s.Phase == ovhrenew.PhasePaying {
				return errors.New("the disk is full")
			}
			return nil
		}
		req := vpsFor(ovhrenew.P3M)
		req.Guards.TakeOver, req.Guards.IgnoreOrders = ovhrenew.OrderID(id), []ovhrenew.OrderID{receipt.Order}
		for range 2 {
			_, err = w.host(journal, nil).renew(req)
			if err == nil || paidOf(err) == ovhrenew.PaidYes {
				t.Errorf("nobody has paid order %d: %v", id, err)
			}
		}
		journal.fail = nil
		receipt, err = w.host(journal, nil).renew(req)
		if w.paidFor(2, vps); err != nil || receipt.Already || receipt.Order != ovhrenew.OrderID(id) {
			t.Errorf("in the end: %v, %v", receipt, err)
		}
	})
}

// TestAttackLostAndUnread loses the answer to an order, and then answers nothing about it, or
// nothing at all. The error does not contradict itself, and nothing is paid twice later.
func TestAttackLostAndUnread(t *testing.T) {
	t.Parallel()
	for _, unread := range []string{"/status", "/payment", "/details", "/me/order", "/services/11223344", "/me/order/123456789", ""} {
		for _, status := range []int{403, 500} {
			both(t, func(t *testing.T, sharing ovhrenew.Sharing) {
				w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true, DeliveryDelay: time.Minute})
				time.Sleep(time.Hour)
				w.server.Inject(ovhrenewtest.Fault{Route: ovhrenewtest.RouteOrder, Kind: ovhrenewtest.Reset, When: ovhrenewtest.After})
				var dark atomic.Bool
				h := w.host(&memoryJournal{sharing: sharing}, &wire{
					instead: func(s sent) (int, string) {
						if dark.Load() && s.Method == http.MethodGet && strings.HasSuffix(s.URL.Path, unread) {
							return status, `{"class":"Server::InternalServerError","message":"x"}`
						}
						return 0, ""
					},
					before: func(s sent) {
						if s.orderPath() {
							dark.Store(len(w.server.Orders()) == 0)
						}
					},
				})
				_, err := h.renew(vpsFor(ovhrenew.P3M)) // compares what is told with the truth
				text := fmt.Sprint(err)
				if err != nil && strings.Contains(text, "may have") && paidOf(err) == ovhrenew.PaidNo {
					t.Errorf("contradicts itself: %v", err)
				}
				if err != nil && errors.Is(err, ovhrenew.ErrUnsure) != (paidOf(err) == ovhrenew.PaidUnsure) {
					t.Errorf("unsure %t, and told as paid %s: %v", errors.Is(err, ovhrenew.ErrUnsure), paidOf(err), err)
				}
				dark.Store(false)
				h.wire.before = nil
				for range 12 {
					if _, err = h.renew(vpsFor(ovhrenew.P3M)); err == nil {
						break
					}
					time.Sleep(days)
				}
				want(t, err, nil, "")
				w.paidFor(1, vps)
			})
		}
	}
}

// TestAttackBearer answers error pages that repeat the headers to a client with a token.
func TestAttackBearer(t *testing.T) {
	t.Parallel()
	const token = "TokenOfTheTest0123456789"
	for _, form := range []string{"<html><pre>%s</pre></html>", `{"message":%q}`} {
		for _, route := range []string{"/pay", "/renew", "/me/order", "/services/11223344"} {
			bubble(t, func(t *testing.T) {
				w := newWorld(t, ovhrenewtest.Behaviour{AccessToken: token})
				time.Sleep(time.Hour)
				login := w.server.Client()
				login.AppKey, login.AppSecret, login.ConsumerKey, login.AccessToken = "", "", "", token
				h := &host{w: w, journal: several(), settled: map[int64]bool{}, wire: &wire{instead: func(s sent) (int, string) {
					if !strings.HasSuffix(s.URL.Path, route) {
						return 0, ""
					}
					var page bytes.Buffer
					_ = s.Header.Write(&page)
					if !strings.Contains(page.String(), token) {
						t.Errorf("the page does not repeat the token: %s", &page)
					}
					return 403, fmt.Sprintf(form, page.String())
				}}}
				var err error
				if h.api, err = ovhrenew.NewWithConfig(login, ovhrenew.Config{Limiter: ovhrenew.Unlimited, Transport: h}); err != nil {
					t.Fatal(err)
				}
				_, err = h.renew(vpsFor(ovhrenew.P3M))
				text := fmt.Sprintf("%v %+v %#v %s", err, err, err, bytes.Join(h.journal.(*memoryJournal).lines, nil))
				if err == nil || strings.Contains(text, token) {
					t.Errorf("%s, %s: the token is in %s", route, form, text)
				}
			})
		}
	}
}

// TestAttackNamesakesOffers lets the offers of a zone be refused, which has the name of the
// domain and the hosting that are renewed together, and loses the answer to their order.
func TestAttackNamesakesOffers(t *testing.T) {
	t.Parallel()
	for _, status := range []int{400, 403, 404, 500} {
		both(t, func(t *testing.T, sharing ovhrenew.Sharing) {
			b := ovhrenewtest.Behaviour{ChargeTwice: true, DeliveryDelay: time.Minute}
			if sharing == ovhrenew.OnlyJournal {
				b.OrderValidity = 30 * days // it is taken for its own, and need not lapse first
			}
			w := newWorld(t, b)
			w.server.SetExpiry(int64(domain), time.Now().Add(20*days))
			w.server.SetExpiry(int64(hosting), time.Now().Add(20*days))
			zone := w.server.AddService(ovhrenewtest.Service{Name: "example.ovh", Route: "/domain/zone/example.ovh", Type: "Zone", RenewalType: "oneShot", Expiry: time.Now().Add(20 * days)})
			time.Sleep(time.Hour)
			w.server.Inject(ovhrenewtest.Fault{Route: ovhrenewtest.RouteOrder, Kind: ovhrenewtest.Reset, When: ovhrenewtest.After})
			h := w.host(&memoryJournal{sharing: sharing}, &wire{instead: func(s sent) (int, string) {
				if s.reads(fmt.Sprintf("/service/%d/renew", zone)) {
					return status, `{"class":"Client::Forbidden","message":"This service cannot be renewed"}`
				}
				return 0, ""
			}})
			req := vpsFor(ovhrenew.P1Y)
			req.Service, req.Rules = ovhrenew.ID(domain), []ovhrenew.Rule{ovhrenew.For(ovhrenew.P1Y), ovhrenew.Only(domain, hosting)}
			var err error
			for range 15 {
				if _, err = h.renew(req); err == nil {
					break
				}
				time.Sleep(days)
			}
			want(t, err, nil, "")
			w.paidFor(1, domain, hosting)
		})
	}
}

// TestAttackMeanInVain pays with what the order does not take, every night: also the order
// that an earlier night has left is not watched before that is said.
func TestAttackMeanInVain(t *testing.T) {
	t.Parallel()
	for _, with := range []ovhrenew.Payment{ovhrenew.Mean{Kind: "crypto", ID: 1}, ovhrenew.Mean{Kind: "bankAccount", ID: 7}, ovhrenew.Method(42)} {
		both(t, func(t *testing.T, sharing ovhrenew.Sharing) {
			w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true})
			time.Sleep(time.Hour)
			h := w.host(&memoryJournal{sharing: sharing}, nil)
			req := vpsFor(ovhrenew.P3M)
			req.PayWith = with
			for night := range 3 {
				began := time.Now()
				_, err := h.renew(req)
				want(t, err, ovhrenew.ErrNoPayment, ovhrenew.PaidNo)
				if took := time.Since(began); took > time.Minute {
					t.Errorf("%s, night %d: refused after %v", with, night, took)
				}
				time.Sleep(days)
			}
			if n := w.paysSent(); n != 0 {
				t.Errorf("%s: %d payments were sent", with, n)
			}
			w.paidFor(0, vps)
		})
	}
}

// TestAttackClockAndLongOrders is a clock that is ahead, and orders that do not lapse by it.
func TestAttackClockAndLongOrders(t *testing.T) {
	t.Parallel()
	for _, kept := range []bool{false, true} {
		bubble(t, func(t *testing.T) {
			server := ovhrenewtest.StartPipe(t, ovhrenewtest.Behaviour{ChargeTwice: true, OrderValidity: 100 * days, DeliveryDelay: time.Minute})
			server.SetNow(func() time.Time { return time.Now().Add(-60 * days) })
			ovhrenewtest.Guide(server)
			w := &world{tb: t, server: server}
			journal := several()
			for range 5 {
				h := w.host(ovhrenew.NoJournal, nil)
				if kept {
					h = w.host(journal, nil)
				}
				_, _ = h.renew(vpsFor(ovhrenew.P1M))
				time.Sleep(days)
			}
			w.paidFor(1, vps)
		})
	}
}
