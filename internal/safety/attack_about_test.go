// These attacks answer about another service, name one order for two ends, and answer with
// pages that are not the API's.

package safety_test

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// twinWorld is a world with a second service at the price of the first.
func twinWorld(t *testing.T, b ovhrenewtest.Behaviour) (w *world, twin int64) {
	t.Helper()
	b.ChargeTwice = true
	w = newWorld(t, b)
	twin = w.server.AddService(ovhrenewtest.Service{Name: "vps9.ovh.net", Route: "/vps/vps9.ovh.net", Type: "VPS", Expiry: time.Now().Add(10 * days)})
	w.server.Offer("P3M", "17.97", twin)
	w.old[ovhrenew.ServiceID(twin)] = w.expiry(ovhrenew.ServiceID(twin))
	time.Sleep(time.Hour)
	return w, twin
}

// TestAttackInfosOfAnother lets a product give the number of another service for the route
// that is asked about, with its name or without, once or always. That one is not renewed.
func TestAttackInfosOfAnother(t *testing.T) {
	t.Parallel()
	for _, named := range []bool{false, true} {
		for _, always := range []bool{false, true} {
			both(t, func(t *testing.T, sharing ovhrenew.Sharing) {
				w, twin := twinWorld(t, ovhrenewtest.Behaviour{DeliveryDelay: time.Minute})
				var n atomic.Int32
				h := w.host(&memoryJournal{sharing: sharing}, &wire{answer: func(s sent, status int, body string) (int, string) {
					if s.reads("/vps112233.ovh.net/serviceInfos") && (n.Add(1) == 1 || always) {
						body = strings.ReplaceAll(body, "11223344", fmt.Sprint(twin))
						if named {
							body = strings.ReplaceAll(body, "vps112233.ovh.net", "vps9.ovh.net")
						}
					}
					return status, body
				}})
				req := vpsFor(ovhrenew.P3M)
				req.Service = ovhrenew.Route("/vps/vps112233.ovh.net")
				_, err := h.renew(req)
				want(t, err, ovhrenew.ErrMalformed, ovhrenew.PaidNo)
				_, err = h.renew(req)
				paid := 1
				if always {
					paid = 0
					want(t, err, ovhrenew.ErrMalformed, ovhrenew.PaidNo)
				} else {
					want(t, err, nil, "")
				}
				w.paidFor(paid, vps)
				w.paidFor(0, ovhrenew.ServiceID(twin))
			})
		}
	}
}

// TestAttackNameOfAnother lets somebody pay an order whose line has a name that no service
// has, and answers other services where that name is asked for, as a server does that
// ignores the name. The order is not taken for one of those.
func TestAttackNameOfAnother(t *testing.T) {
	t.Parallel()
	for _, ids := range []string{"[11223344]", "[134043784]", "[11223344,134043784]", "[1]", "[0]", "[134043784,1]", "[" + strings.Repeat("7,", 200) + "7]"} {
		both(t, func(t *testing.T, sharing ovhrenew.Sharing) {
			w, _ := twinWorld(t, ovhrenewtest.Behaviour{DeliveryDelay: 3 * time.Hour})
			w.server.Pay(w.server.AddOrder(ovhrenewtest.Order{Status: "notPaid", Services: []int64{int64(vps)}, Period: "P3M", Price: "17.97", Date: time.Now().Add(-time.Hour)}))
			var hit atomic.Bool
			h := w.host(&memoryJournal{sharing: sharing}, &wire{answer: func(s sent, status int, body string) (int, string) {
				if strings.Contains(s.URL.RawQuery, "resourceName=vps-starter") {
					hit.Store(true)
					return 200, ids
				}
				if strings.Contains(s.URL.Path, "/details") {
					body = strings.ReplaceAll(body, "vps112233.ovh.net", "vps-starter")
				}
				return status, body
			}})
			_, err := h.renew(vpsFor(ovhrenew.P3M))
			if err == nil || !hit.Load() {
				t.Errorf("%.20s, asked for the name %t: %v", ids, hit.Load(), err)
			}
			time.Sleep(4 * time.Hour)
			w.paidFor(1, vps)
		})
	}
}

// TestAttackNamedTwice names one order to be paid and to be for something else.
func TestAttackNamedTwice(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, sharing ovhrenew.Sharing) {
		w, _ := twinWorld(t, ovhrenewtest.Behaviour{})
		order := ovhrenew.OrderID(w.server.AddOrder(ovhrenewtest.Order{Status: "notPaid", Services: []int64{int64(vps)}, Period: "P3M", Price: "17.97"}))
		req := vpsFor(ovhrenew.P3M)
		req.Guards = ovhrenew.Guards{TakeOver: order, IgnoreOrders: []ovhrenew.OrderID{1, order}}
		_, err := w.host(&memoryJournal{sharing: sharing}, nil).renew(req)
		want(t, err, ovhrenew.ErrBadInput, ovhrenew.PaidNo)
		if n := len(w.server.Orders()); n != 1 {
			t.Errorf("there are %d orders", n)
		}
		w.paidFor(0, vps)
	})
}

// TestAttackForced says of a service that it is renewed by force, and not automatically.
func TestAttackForced(t *testing.T) {
	t.Parallel()
	for _, said := range []string{
		`"forced":true,"automatic":false,"manualPayment":false`, `"forced":true,"automatic":false,"manualPayment":true`,
		`"forced":true,"automatic":false`, `"forced":true,"automatic":null`, `"forced":true`, `"forced":"true","automatic":false`,
	} {
		both(t, func(t *testing.T, sharing ovhrenew.Sharing) {
			w, _ := twinWorld(t, ovhrenewtest.Behaviour{})
			var hit atomic.Bool
			h := w.host(&memoryJournal{sharing: sharing}, &wire{answer: func(s sent, status int, body string) (int, string) {
				switch {
				case s.reads("/services/11223344"):
					body = strings.ReplaceAll(body, `"mode":"manual"`, `"mode":null`)
				case s.reads("/service/11223344"):
					body = strings.ReplaceAll(body, `"mode":"manual"`, `"mode":"automaticV2016"`)
				case s.reads("/serviceInfos"):
					hit.Store(true)
					before, rest, _ := strings.Cut(body, `"renew":{`)
					_, after, _ := strings.Cut(rest, "}")
					body = strings.ReplaceAll(before+`"renew":{`+said+"}"+after, `"renewalType":"manual"`, `"renewalType":"automaticV2016"`)
				}
				return status, body
			}})
			_, err := h.renew(vpsFor(ovhrenew.P3M))
			if !hit.Load() || !errors.Is(err, ovhrenew.ErrAutoRenew) && !errors.Is(err, ovhrenew.ErrMalformed) || paidOf(err) != ovhrenew.PaidNo {
				t.Errorf("%s: %v", said, err)
			}
			w.paidFor(0, vps)
		})
	}
}

// TestAttackPages answers each read once with a page of a gateway. It says nothing of the
// account: no service is missing for it, no right, and no payment.
func TestAttackPages(t *testing.T) {
	t.Parallel()
	for _, route := range []string{"/me", "/services/11223344", "/renew", "/me/payment/method", "/me/order", "/status", "/payment", "/paymentMethods"} {
		for _, status := range []int{400, 401, 403, 404, 407, 451, 460} {
			for _, page := range []string{"", "<h1>blocked</h1>"} {
				both(t, func(t *testing.T, sharing ovhrenew.Sharing) {
					w, _ := twinWorld(t, ovhrenewtest.Behaviour{StatusLag: time.Minute, DeliveryDelay: 5 * time.Minute})
					var n atomic.Int32
					h := w.host(&memoryJournal{sharing: sharing}, &wire{instead: func(s sent) (int, string) {
						if s.reads(route) && n.Add(1) == 1 {
							return status, page
						}
						return 0, ""
					}})
					_, err := h.renew(vpsFor(ovhrenew.P3M))
					if n.Load() == 0 {
						t.Errorf("%s is not read", route)
					}
					if err != nil {
						if reaction := ovhrenew.ReactionTo(err); reaction != ovhrenew.ReactAgain {
							t.Errorf("%s, %d: %s: %v", route, status, reaction, err)
						}
						_, err = h.renew(vpsFor(ovhrenew.P3M))
						want(t, err, nil, "")
					}
					w.paidFor(1, vps)
				})
			}
		}
	}
}

// TestAttackPageForPayment cancels an order that somebody has paid, and answers a page of
// a gateway where its payment is asked for. It is not taken for unpaid.
func TestAttackPageForPayment(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, sharing ovhrenew.Sharing) {
		w, _ := twinWorld(t, ovhrenewtest.Behaviour{DeliveryDelay: 100 * days})
		order := w.server.AddOrder(ovhrenewtest.Order{Status: "notPaid", Services: []int64{int64(vps)}, Period: "P3M", Price: "17.97", Date: time.Now().Add(-20 * days)})
		w.server.Pay(order)
		w.server.SetStatus(order, "cancelled")
		h := w.host(&memoryJournal{sharing: sharing}, &wire{instead: func(s sent) (int, string) {
			if s.reads("/payment") {
				return 404, "<h1>404 Not Found</h1>"
			}
			return 0, ""
		}})
		for range 5 {
			if _, err := h.renew(vpsFor(ovhrenew.P3M)); err == nil {
				t.Error("renewed, with a payment that cannot be read")
			}
			time.Sleep(days)
		}
		w.paidFor(1, vps)
	})
}

// TestAttackOrderRefusedInWords refuses an order in the API's words after it was placed.
// Nobody says then that nothing was ordered.
func TestAttackOrderRefusedInWords(t *testing.T) {
	t.Parallel()
	for _, status := range []int{400, 401, 402, 403, 404, 460} {
		for _, body := range []string{`{"message":"Forbidden"}`, `{"class":"Client::NotFound","message":"This service does not exist"}`} {
			both(t, func(t *testing.T, sharing ovhrenew.Sharing) {
				w, _ := twinWorld(t, ovhrenewtest.Behaviour{})
				w.server.Inject(ovhrenewtest.Fault{Route: ovhrenewtest.RouteOrder, Kind: ovhrenewtest.StatusFault, Status: status, Body: body, When: ovhrenewtest.After})
				h := w.host(&memoryJournal{sharing: sharing}, nil)
				for night := 0; ; night++ {
					_, err := h.renew(vpsFor(ovhrenew.P3M))
					if err == nil || night > 14 {
						want(t, err, nil, "")
						break
					}
					if strings.Contains(err.Error(), "nothing was ordered") {
						t.Errorf("%d, night %d: %v", status, night, err)
					}
					time.Sleep(days)
				}
				w.paidFor(1, vps)
			})
		}
	}
}

// TestAttackOrderOfNobody answers the order with the number of one that the account does
// not have, before the effect or after it. It is waited for, and given up after a day.
func TestAttackOrderOfNobody(t *testing.T) {
	t.Parallel()
	for _, more := range []string{"", `,"date":"2000-01-01T01:00:00Z","expirationDate":"2000-01-20T01:00:00Z","url":"https://x/5"`} {
		for _, effect := range []bool{false, true} {
			both(t, func(t *testing.T, sharing ovhrenew.Sharing) {
				w, _ := twinWorld(t, ovhrenewtest.Behaviour{DeliveryDelay: time.Minute})
				w.server.SetExpiry(int64(vps), time.Now().Add(25*days))
				var n atomic.Int32
				nobodys := func(s sent, status int, body string) (int, string) {
					if s.orders() && n.Add(1) == 1 {
						return 200, `{"orderId":5,"priceWithTax":{"currencyCode":"EUR","value":21.56},"priceWithoutTax":{"currencyCode":"EUR","value":17.97}` + more + `}`
					}
					return status, body
				}
				through := &wire{instead: func(s sent) (int, string) { return nobodys(s, 0, "") }}
				if effect {
					through = &wire{answer: nobodys}
				}
				h := w.host(&memoryJournal{sharing: sharing}, through)
				for night := 0; ; night++ {
					_, err := h.renew(vpsFor(ovhrenew.P3M))
					if err == nil || night > 12 {
						want(t, err, nil, "")
						break
					}
					if paidOf(err) == ovhrenew.PaidYes {
						t.Error(err)
					}
					time.Sleep(days)
				}
				w.paidFor(1, vps)
			})
		}
	}
}

// TestAttackNamesakeUnreadable has an open order of somebody's for another service of the
// account, at the price of ours, which the credential may not read or which has expired. It
// is in the way as long as it can be paid, and not for good.
func TestAttackNamesakeUnreadable(t *testing.T) {
	t.Parallel()
	for _, status := range []int{403, 404, 460} {
		both(t, func(t *testing.T, sharing ovhrenew.Sharing) {
			w, twin := twinWorld(t, ovhrenewtest.Behaviour{DeliveryDelay: time.Minute})
			w.server.SetExpiry(int64(vps), time.Now().Add(20*days))
			w.server.AddOrder(ovhrenewtest.Order{Status: "notPaid", Services: []int64{twin}, Period: "P3M", Price: "17.97"})
			var hit atomic.Bool
			h := w.host(&memoryJournal{sharing: sharing}, &wire{instead: func(s sent) (int, string) {
				if s.reads(fmt.Sprint("/services/", twin)) {
					hit.Store(true)
					return status, `{"class":"Client::Forbidden","message":"not for you"}`
				}
				return 0, ""
			}})
			for night := 0; ; night++ {
				_, err := h.renew(vpsFor(ovhrenew.P3M))
				if err == nil || night > 12 {
					want(t, err, nil, "")
					break
				}
				want(t, err, ovhrenew.ErrForeignOrder, ovhrenew.PaidUnsure)
				time.Sleep(days)
			}
			if !hit.Load() {
				t.Error("the other service was not read")
			}
			w.paidFor(1, vps)
		})
	}
}

// TestAttackOrderFromTheFuture dates every order years ahead, or not at all: one's own, and
// one that a person names. Nobody waits for years.
func TestAttackOrderFromTheFuture(t *testing.T) {
	t.Parallel()
	for _, date := range []string{`"date":"2030-01-01T00:00:00Z"`, `"date":"2000-01-01T09:00:00Z"`, `"date":null`} {
		for _, named := range []bool{false, true} {
			both(t, func(t *testing.T, sharing ovhrenew.Sharing) {
				w, _ := twinWorld(t, ovhrenewtest.Behaviour{DeliveryDelay: time.Minute})
				req := vpsFor(ovhrenew.P3M)
				if named {
					req.Guards.TakeOver = ovhrenew.OrderID(w.server.AddOrder(ovhrenewtest.Order{Status: "notPaid", Services: []int64{int64(vps)}, Period: "P3M", Price: "17.97"}))
				}
				dated := regexp.MustCompile(`"date":"[^"]*"`)
				h := w.host(&memoryJournal{sharing: sharing}, &wire{answer: func(s sent, status int, body string) (int, string) {
					return status, dated.ReplaceAllLiteralString(body, date)
				}})
				ctx, cancel := context.WithTimeout(t.Context(), 5*days)
				defer cancel()
				_, err := h.renewWithin(ctx, req)
				want(t, err, nil, "")
				w.paidFor(1, vps)
			})
		}
	}
}

// TestAttackResumedForAnother leaves an order of the second service unpaid, and then gives
// its number for the route of the first: it is not paid for that.
func TestAttackResumedForAnother(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, sharing ovhrenew.Sharing) {
		w, twin := twinWorld(t, ovhrenewtest.Behaviour{DeliveryDelay: time.Minute})
		journal := &memoryJournal{sharing: sharing}
		ctx, cut := context.WithCancel(t.Context())
		req := vpsFor(ovhrenew.P3M)
		req.Service = ovhrenew.ID(ovhrenew.ServiceID(twin))
		_, _ = w.host(journal, &wire{after: func(s sent) {
			if s.orders() {
				cut()
			}
		}}).renewWithin(ctx, req)
		if n := len(w.server.Orders()); n != 1 {
			t.Fatalf("there are %d orders", n)
		}
		h := w.host(journal, &wire{answer: func(s sent, status int, body string) (int, string) {
			if s.reads("/vps112233.ovh.net/serviceInfos") {
				body = strings.ReplaceAll(body, "11223344", fmt.Sprint(twin))
			}
			return status, body
		}})
		req.Service = ovhrenew.Route("/vps/vps112233.ovh.net")
		_, err := h.renew(req)
		want(t, err, ovhrenew.ErrMalformed, ovhrenew.PaidNo)
		w.paidFor(0, vps, ovhrenew.ServiceID(twin))
	})
}
