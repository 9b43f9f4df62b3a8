// These attacks hide what an order of somebody's is for, or that it was paid.

package safety_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// TestAttackLines lets somebody pay a renewal whose lines name it in another way, or not
// at all, and runs without its journal while it is under way. The run wants another
// period than was paid.
func TestAttackLines(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"*", "*001", "* ", "vps-starter", "vps112233.vps.ovh.net", "VPS112233.OVH.NET.", "vps112233"} {
		for _, beside := range []string{"", "VOUCHER", "GIFT", "REFUND", "CAUTION", "OTHER"} {
			for _, period := range []ovhrenew.Period{ovhrenew.P3M, ovhrenew.P1M} {
				bubble(t, func(t *testing.T) {
					w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true, DetailDomain: name, DeliveryDelay: time.Hour})
					time.Sleep(time.Hour)
					w.server.Pay(w.server.AddOrder(ovhrenewtest.Order{Status: "notPaid", Services: []int64{int64(vps)}, Period: "P3M", Price: "17.97"}))
					time.Sleep(time.Minute)
					_, err := w.host(ovhrenew.NoJournal, lineBeside(beside)).renew(vpsFor(period))
					if paidOf(err) != ovhrenew.PaidUnsure {
						t.Errorf("a line %q beside %q, for %s: %v", name, beside, period, err)
					}
					w.paidFor(1, vps)
				})
			}
		}
	}
}

// lineBeside adds a line of a type to every order that is read line by line.
func lineBeside(kind string) *wire {
	if kind == "" {
		return nil
	}
	return &wire{answer: func(s sent, status int, body string) (int, string) {
		body = strings.TrimSpace(body)
		if s.reads("/details") && strings.HasPrefix(body, "[{") {
			body = strings.TrimSuffix(body, "]") + `,{"orderDetailId":1,"cancelled":false,"description":"","detailType":"` + kind +
				`","domain":"","quantity":"1","totalPrice":{"currencyCode":"EUR","text":"-5 EUR","value":-5},"unitPrice":{"currencyCode":"EUR","text":"-5 EUR","value":-5}}]`
		}
		return status, body
	}}
}

// TestAttackPunycode names a domain in Unicode in one place and in ASCII in another.
func TestAttackPunycode(t *testing.T) {
	t.Parallel()
	for service, line := range map[string]string{
		"exämple.fr": "xn--exmple-cua.fr", "xn--exmple-cua.fr": "exämple.fr", "EXÄMPLE.fr": "xn--exmple-cua.fr.", "straße.de": "xn--strae-oqa.de",
	} {
		bubble(t, func(t *testing.T) {
			w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true, DetailDomain: line, DeliveryDelay: time.Hour})
			id := w.server.AddService(ovhrenewtest.Service{Name: service, Type: "Domain .fr", Expiry: time.Now().Add(10 * days)})
			w.server.Offer("P1Y", "7.99", id)
			time.Sleep(time.Hour)
			// For a period and a price that are not offered any more.
			w.server.Pay(w.server.AddOrder(ovhrenewtest.Order{Status: "notPaid", Services: []int64{id}, Period: "P2Y", Price: "11.11"}))
			req := vpsFor(ovhrenew.P1Y)
			req.Service = ovhrenew.ID(ovhrenew.ServiceID(id))
			_, err := w.host(several(), nil).renew(req)
			want(t, err, ovhrenew.ErrForeignOrder, ovhrenew.PaidUnsure)
			w.paidFor(1, ovhrenew.ServiceID(id))
		})
	}
}

// TestAttackPaidLate pays an order today that was placed long ago. Its delivery is done,
// and the new expiry does not show yet.
func TestAttackPaidLate(t *testing.T) {
	t.Parallel()
	for _, placed := range []time.Duration{2 * days, 4 * days, 16 * days, 60 * days, 300 * days} {
		for _, domain := range []string{"", "*"} {
			for _, undated := range []bool{false, true} {
				both(t, func(t *testing.T, sharing ovhrenew.Sharing) {
					w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true, DetailDomain: domain, ExpiryLag: 25 * time.Minute, PaymentUndated: undated})
					time.Sleep(time.Hour)
					w.server.Pay(w.server.AddOrder(ovhrenewtest.Order{
						Status: "notPaid", Services: []int64{int64(vps)}, Period: "P3M", Price: "17.97",
						Date: time.Now().Add(-placed), Expiration: time.Now().Add(5 * days),
					}))
					time.Sleep(time.Minute)
					h := w.host(&memoryJournal{sharing: sharing}, nil)
					_, err := h.renew(vpsFor(ovhrenew.P3M))
					want(t, err, ovhrenew.ErrForeignOrder, ovhrenew.PaidUnsure)
					time.Sleep(time.Hour)
					_, err = h.renew(vpsFor(ovhrenew.P3M)) // the expiry shows now
					want(t, err, ovhrenew.ErrNotDue, ovhrenew.PaidNo)
					w.paidFor(1, vps)
				})
			}
		}
	}
}

// TestAttackIgnored names orders that are no orders.
func TestAttackIgnored(t *testing.T) {
	t.Parallel()
	for _, id := range []ovhrenew.OrderID{0, -1} {
		bubble(t, func(t *testing.T) {
			w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true})
			req := vpsFor(ovhrenew.P3M)
			req.Guards.IgnoreOrders = []ovhrenew.OrderID{id}
			_, err := w.host(&memoryJournal{}, nil).renew(req)
			want(t, err, ovhrenew.ErrBadInput, ovhrenew.PaidNo)
			w.paidFor(0, vps)
		})
	}
}

// TestAttackCancelled pays an order that comes to nothing: it is cancelled, and the money
// does not come back. A nightly job must not pay another.
func TestAttackCancelled(t *testing.T) {
	t.Parallel()
	for _, kept := range []bool{false, true} {
		for _, after := range []time.Duration{10 * time.Second, time.Hour, 3 * days} {
			for _, validity := range []time.Duration{7 * days, 14 * days} {
				bubble(t, func(t *testing.T) {
					w := newWorld(t, ovhrenewtest.Behaviour{
						ChargeTwice: true, CancelAfterPay: after, CancelledKeepsPayment: true, DeliveryDelay: 5 * days, OrderValidity: validity,
					})
					w.server.SetExpiry(int64(vps), time.Now().Add(28*days))
					time.Sleep(time.Hour)
					journal := several()
					for range 40 {
						var h *host
						if h = w.host(ovhrenew.NoJournal, nil); kept {
							h = w.host(journal, nil)
						}
						if _, err := h.renew(vpsFor(ovhrenew.P3M)); err == nil {
							t.Error("told as renewed")
						}
						time.Sleep(days)
					}
					w.paidFor(1, vps)
				})
			}
		}
	}
}

// TestAttackCancelledWithoutTrace is the same, and no payment is readable afterwards. The
// journal remembers its own; another run is refused until the order's time would have
// been over, when it looks like one that nobody has paid.
func TestAttackCancelledWithoutTrace(t *testing.T) {
	t.Parallel()
	for _, kept := range []bool{false, true} {
		bubble(t, func(t *testing.T) {
			w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true, CancelAfterPay: time.Hour, DeliveryDelay: 2 * time.Hour})
			time.Sleep(time.Hour)
			journal := several()
			_, err := w.host(journal, nil).renew(vpsFor(ovhrenew.P3M))
			want(t, err, ovhrenew.ErrPending, ovhrenew.PaidYes)
			nights := 6
			if kept {
				nights = 30
			}
			for range nights {
				time.Sleep(days)
				h := w.host(ovhrenew.NoJournal, nil)
				if kept {
					h = w.host(journal, nil)
				}
				if _, err := h.renew(vpsFor(ovhrenew.P3M)); err == nil || paidOf(err) == ovhrenew.PaidNo {
					t.Errorf("after a cancelled order: %v", err)
				}
			}
			w.paidFor(1, vps)
		})
	}
}

// TestAttackLinesOneByOne shows the lines of a paid order one after another.
func TestAttackLinesOneByOne(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, sharing ovhrenew.Sharing) {
		w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true, DeliveryDelay: time.Hour})
		time.Sleep(time.Hour)
		began := time.Now()
		w.server.Pay(w.server.AddOrder(ovhrenewtest.Order{Status: "notPaid", Services: []int64{int64(domain), int64(vps)}, Period: "P1Y", Price: "50"}))
		h := w.host(&memoryJournal{sharing: sharing}, &wire{answer: func(s sent, status int, body string) (int, string) {
			if end := strings.Index(body, "},{"); s.reads("/details") && end > 0 && time.Since(began) < 3*time.Second {
				return http.StatusOK, body[:end] + "}]"
			}
			return status, body
		}})
		_, err := h.renew(vpsFor(ovhrenew.P3M))
		if sharing == ovhrenew.OneOfSeveral && paidOf(err) == ovhrenew.PaidYes || err == nil {
			t.Errorf("renewed beside a paid order: %v", err)
		}
		w.paidFor(1, vps)
	})
}
