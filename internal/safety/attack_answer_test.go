// These attacks answer what is not true, or about something else.

package safety_test

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// TestAttackOtherAnswers answers one read, or the order, as if it had been about another
// order or service. Two services of one price are renewed, and somebody's orders are
// open: none of them is paid, and what was paid is what was wanted.
func TestAttackOtherAnswers(t *testing.T) {
	t.Parallel()
	for _, route := range []string{
		"GET /me/order/{orderId}", ovhrenewtest.RouteStatus, "GET /me/order/{orderId}/details", "GET /me/order/{orderId}/payment",
		"GET /services/{serviceId}", "GET /service/{serviceId}", "GET /service/{serviceId}/renew", ovhrenewtest.RouteOrder, ovhrenewtest.RouteQuote,
	} {
		for _, skip := range []int{0, 1, 2, 3} {
			for _, when := range []ovhrenewtest.When{ovhrenewtest.Before, ovhrenewtest.After} {
				both(t, func(t *testing.T, sharing ovhrenew.Sharing) {
					w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true, DeliveryDelay: time.Minute})
					twin := w.server.AddService(ovhrenewtest.Service{Name: "vps9.ovh.net", Route: "/vps/vps9.ovh.net", Type: "VPS", Expiry: time.Now().Add(10 * days)})
					w.server.Offer("P3M", "17.97", twin)
					w.old[ovhrenew.ServiceID(twin)] = w.expiry(ovhrenew.ServiceID(twin))
					time.Sleep(time.Hour)
					w.server.AddOrder(ovhrenewtest.Order{Status: "notPaid", Services: []int64{twin}, Period: "P3M", Price: "17.97", Date: time.Now().Add(-time.Minute)})
					w.server.Inject(ovhrenewtest.Fault{Route: route, Kind: ovhrenewtest.Other, Skip: skip, When: when})
					h := w.host(&memoryJournal{sharing: sharing}, nil)
					for range 25 {
						if _, err := h.renew(vpsFor(ovhrenew.P3M)); err == nil {
							break
						}
						time.Sleep(days)
					}
					w.paidFor(1, vps)
					w.paidFor(0, ovhrenew.ServiceID(twin))
				})
			}
		}
	}
}

// TestAttackOtherRunsOrder renews two services of one price at once, from one journal, and
// answers the second's order with the first's.
func TestAttackOtherRunsOrder(t *testing.T) {
	t.Parallel()
	for _, when := range []ovhrenewtest.When{ovhrenewtest.Before, ovhrenewtest.After} {
		both(t, func(t *testing.T, sharing ovhrenew.Sharing) {
			w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true, ListLag: 6 * time.Second, StatusLag: time.Minute, DeliveryDelay: time.Minute})
			twin := w.server.AddService(ovhrenewtest.Service{Name: "vps9.ovh.net", Route: "/vps/vps9.ovh.net", Type: "VPS", Expiry: time.Now().Add(10 * days)})
			w.server.Offer("P3M", "17.97", twin)
			time.Sleep(time.Hour)
			w.server.Inject(ovhrenewtest.Fault{Route: ovhrenewtest.RouteOrder, Kind: ovhrenewtest.Other, Skip: 1, When: when})
			journal := &memoryJournal{sharing: sharing}
			var all sync.WaitGroup
			for i, id := range []ovhrenew.ServiceID{vps, ovhrenew.ServiceID(twin)} {
				all.Go(func() {
					time.Sleep(time.Duration(i) * 2 * time.Second)
					h := w.host(journal, nil)
					req := vpsFor(ovhrenew.P3M)
					req.Service = ovhrenew.ID(id)
					for range 25 {
						if _, err := h.renew(req); err == nil {
							return
						}
						time.Sleep(days)
					}
				})
			}
			all.Wait()
			w.paidFor(1, vps, ovhrenew.ServiceID(twin))
		})
	}
}

// TestAttackPaymentAnswers answers a payment with all kinds of statuses, before its effect
// and after it. Whatever is said, it is paid once, and what is told of it is true.
func TestAttackPaymentAnswers(t *testing.T) {
	t.Parallel()
	for _, when := range []ovhrenewtest.When{ovhrenewtest.Before, ovhrenewtest.After} {
		for _, status := range []int{301, 302, 307, 308, 400, 401, 402, 403, 404, 408, 409, 410, 425, 429, 460, 499, 500, 502, 503, 504} {
			for _, body := range []string{"", `{"message":"Forbidden"}`, `{"class":"Client::Forbidden","message":"This order can't be paid with 'creditCard'"}`, `{"errorCode":"INVALID_CREDENTIAL","httpCode":"403 Forbidden","message":"This credential is not valid"}`} {
				both(t, func(t *testing.T, sharing ovhrenew.Sharing) {
					w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true, StatusLag: 3 * time.Minute, DeliveryDelay: time.Minute})
					time.Sleep(time.Hour)
					w.server.Inject(ovhrenewtest.Fault{Route: ovhrenewtest.RoutePay, Kind: ovhrenewtest.StatusFault, Status: status, Body: body, When: when, Header: http.Header{"Location": {"/1.0/me/order/123456789/pay"}}})
					h := w.host(&memoryJournal{sharing: sharing}, nil)
					var err error
					for range 3 {
						if _, err = h.renew(vpsFor(ovhrenew.P3M)); err == nil {
							break
						}
						time.Sleep(time.Hour)
					}
					want(t, err, nil, "")
					w.paidFor(1, vps)
				})
			}
		}
	}
}

// TestAttackDuplicatePayment delivers the payment twice. The answer is that to the second,
// which the API refuses because the order is paid.
func TestAttackDuplicatePayment(t *testing.T) {
	t.Parallel()
	for _, forbidden := range []bool{false, true} {
		for _, lag := range []time.Duration{0, time.Minute, 9 * time.Minute} {
			both(t, func(t *testing.T, sharing ovhrenew.Sharing) {
				w := newWorld(t, ovhrenewtest.Behaviour{PaidForbidden: forbidden, StatusLag: lag, DeliveryDelay: time.Minute})
				time.Sleep(time.Hour)
				w.server.Inject(ovhrenewtest.Fault{Route: ovhrenewtest.RoutePay, Kind: ovhrenewtest.Duplicate})
				_, err := w.host(&memoryJournal{sharing: sharing}, nil).renew(vpsFor(ovhrenew.P3M))
				want(t, err, nil, "")
				w.paidFor(1, vps)
			})
		}
	}
}

// TestAttackPaidInWords answers 200 to a payment that never reached the API: an error in
// a 200, a portal's page, an object. It is not told as paid, and renewed by the next runs.
func TestAttackPaidInWords(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`{"class":"Server::InternalServerError","message":"Service is temporarily unavailable"}`, `{}`, `[]`, `true`, `"ok"`, `0`, `{"status":"ok"}`, `<h1>Welcome</h1>`,
	} {
		both(t, func(t *testing.T, sharing ovhrenew.Sharing) {
			w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true, DeliveryDelay: time.Minute})
			time.Sleep(time.Hour)
			w.server.Inject(ovhrenewtest.Fault{Route: ovhrenewtest.RoutePay, Kind: ovhrenewtest.Instead, Body: body})
			h := w.host(&memoryJournal{sharing: sharing}, nil)
			_, err := h.renew(vpsFor(ovhrenew.P3M))
			want(t, err, ovhrenew.ErrNoEffect, ovhrenew.PaidNo)
			_, err = h.renew(vpsFor(ovhrenew.P3M))
			want(t, err, nil, "")
			w.paidFor(1, vps)
		})
	}
}

// TestAttackOrderedInWords answers 200 to an order with what is no order.
func TestAttackOrderedInWords(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{"class":"Server::InternalServerError","message":"x"}`, `{}`, `null`, `{"orderId":0}`, `{"orderId":-1}`, `{"orderId":123456789}`} {
		both(t, func(t *testing.T, sharing ovhrenew.Sharing) {
			w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true, DeliveryDelay: time.Minute})
			time.Sleep(time.Hour)
			w.server.Inject(ovhrenewtest.Fault{Route: ovhrenewtest.RouteOrder, Kind: ovhrenewtest.Instead, Body: body})
			h := w.host(&memoryJournal{sharing: sharing}, nil)
			for range 12 {
				if _, err := h.renew(vpsFor(ovhrenew.P3M)); err == nil {
					break
				}
				time.Sleep(days)
			}
			w.paidFor(1, vps)
		})
	}
}

// TestAttackSecrets answers error pages that repeat the headers and the body of the
// request. Nothing of the credential comes into errors or into the journal.
func TestAttackSecrets(t *testing.T) {
	t.Parallel()
	for _, form := range []string{"<html><pre>%s</pre></html>", `{"message":%q}`, `{"class":"Client::BadRequest","message":%q,"details":{"request":%[1]q}}`} {
		for _, route := range []string{"/pay", "/renew", "/me/order", "/status", "/services/11223344"} {
			for _, status := range []int{400, 403, 502} {
				bubble(t, func(t *testing.T) {
					w := newWorld(t, ovhrenewtest.Behaviour{})
					time.Sleep(time.Hour)
					journal := several()
					var hit atomic.Int32
					h := w.host(journal, &wire{instead: func(s sent) (int, string) {
						if !strings.HasSuffix(s.URL.Path, route) {
							return 0, ""
						}
						hit.Add(1)
						var page bytes.Buffer
						fmt.Fprintf(&page, "%s %s HTTP/1.1\r\n", s.Method, s.URL)
						_ = s.Header.Write(&page)
						return status, fmt.Sprintf(form, page.String())
					}})
					_, err := h.renew(vpsFor(ovhrenew.P3M))
					if err == nil || hit.Load() == 0 {
						t.Fatalf("%s was not attacked: %v", route, err)
					}
					text := fmt.Sprintf("%v %+v %#v %s", err, err, err, bytes.Join(journal.lines, nil))
					keys := w.server.Credentials()
					for name, secret := range map[string]string{"application secret": keys.AppSecret, "consumer key": keys.ConsumerKey} {
						if strings.Contains(text, secret) {
							t.Errorf("%s, %d, %s: the %s is in the error: %v", route, status, form, name, err)
						}
					}
				})
			}
		}
	}
}
