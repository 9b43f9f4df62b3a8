// Each answer that the API may give where nobody knows which it gives.

package safety_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// TestEveryAnswerOfTheUnknown renews once for each way in which the API may answer
// what nobody has confirmed of it.
func TestEveryAnswerOfTheUnknown(t *testing.T) {
	t.Parallel()
	type behaviour = ovhrenewtest.Behaviour
	for _, tt := range []struct {
		name string
		b    behaviour
		set  func(*world) // further circumstances
		want string
	}{
		{name: "dry run answers null", b: behaviour{DryRun: ovhrenewtest.DryRunNull}, want: "renewed"},
		{name: "dry run answers zeros", b: behaviour{DryRun: ovhrenewtest.DryRunZero}, want: "renewed"},
		{name: "dry run answers an order", b: behaviour{DryRun: ovhrenewtest.DryRunFilled}, want: "renewed"},
		{name: "dry run leaves the fields out", b: behaviour{DryRun: ovhrenewtest.DryRunAbsent}, want: "renewed"},
		{name: "a dry run is what an order without dryRun would be", b: behaviour{DryRunDefault: true}, want: "renewed"},
		{name: "a second order is refused", b: behaviour{SecondOrder: ovhrenewtest.SecondOrderRefused}, want: "renewed"},
		// Reads wait for their turn; an order that met a 429 is looked for, not repeated.
		{name: "429 without Retry-After", b: behaviour{RateLimit: 15}, want: "renewed"},
		{name: "429 with seconds", b: behaviour{RateLimit: 15, RetryAfter: ovhrenewtest.RetryAfterSeconds}, want: "renewed"},
		{name: "429 with a date", b: behaviour{RateLimit: 15, RetryAfter: ovhrenewtest.RetryAfterDate}, want: "renewed"},
		{name: "429 to the order", b: behaviour{RateLimit: 6, RetryAfter: ovhrenewtest.RetryAfterSeconds}, want: "order: the call had no effect, paid: no"},
		{name: "lists are not expanded", b: behaviour{IgnoreExpand: true}, want: "renewed"},
		{name: "pages say no total", b: behaviour{NoElements: true}, want: "renewed"},
		{name: "pages are small", b: behaviour{MaxPageSize: 1}, want: "renewed"},
		{name: "pages have extra nulls", b: behaviour{Nulls: ovhrenewtest.NullsBetween}, want: "renewed"},
		{name: "pages have nulls for elements", b: behaviour{Nulls: ovhrenewtest.NullsInstead}, want: "renewed"},
		{name: "lists are cached", b: behaviour{StaleCache: time.Hour}, want: "renewed"},
		{name: "prices are floats", b: behaviour{FloatNoise: true}, want: "renewed"},
		{name: "another tax", b: behaviour{TaxPercent: "5.5"}, want: "renewed"},
		{name: "no tax", b: behaviour{TaxPercent: "0"}, want: "renewed"},
		{name: "details come late", b: behaviour{DetailsDelay: 10 * time.Minute}, want: "renewed"},
		{name: "details do not name the service", b: behaviour{DetailDomain: "*"}, want: "renewed"},
		{name: "details are RENEW", b: behaviour{DetailType: "RENEW"}, want: "renewed"},
		{name: "delivery takes minutes", b: behaviour{DeliveryDelay: 20 * time.Minute}, want: "renewed"},
		{name: "delivery takes longer than the patience", b: behaviour{DeliveryDelay: 3 * time.Hour}, want: "watch: paid, and not seen renewed yet, paid: yes"},
		{name: "the status lags", b: behaviour{StatusLag: 9 * time.Minute}, want: "renewed"},
		{name: "the expiry lags", b: behaviour{ExpiryLag: 25 * time.Minute}, want: "renewed"},
		{name: "the expiry lags longer than the patience", b: behaviour{ExpiryLag: 3 * time.Hour}, want: "verify: paid, and not seen renewed yet, paid: yes"},
		{name: "documents are asked for", b: behaviour{AfterPay: "documentsRequested"}, want: "watch: a person has to act, paid: yes"},
		{name: "an unknown status", b: behaviour{AfterPay: "somethingNew"}, want: "watch: paid, and not seen renewed yet, paid: yes"},
		{name: "cancelled after it was paid", b: behaviour{AfterPay: "cancelled"}, want: "watch: the order is cancelled, paid: yes"},
		{name: "the default method is refused, and not listed", b: behaviour{DefaultRefused: true}, want: "pay: no usable payment, paid: no"},
		{name: "the default method is refused, though listed", b: behaviour{DefaultRefused: true, RefusedListed: true}, want: "pay: the order cannot be paid this way, paid: no"},
		{name: "payment methods are ids", b: behaviour{PaymentMethodIDsOnly: true}, want: "renewed"},
		{name: "no renew route", b: behaviour{NoRenewRoute: true}, want: "offers: not supported in this region, paid: no"},
		{name: "no payment route", b: behaviour{Absent: []string{"GET /me/order/{orderId}/payment"}}, want: "renewed"},
		{name: "expired, 460 nowhere", b: behaviour{Expired: ovhrenewtest.ExpiredNowhere}, set: expired, want: "renewed"},
		{name: "expired, 460 under the product", b: behaviour{Expired: ovhrenewtest.ExpiredProduct}, set: expired, want: "renewed"},
		{name: "expired, 460 everywhere", b: behaviour{Expired: ovhrenewtest.ExpiredEverywhere}, set: expired, want: "guard: service expired, paid: no"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				tt.b.ChargeTwice = true
				w := newWorld(t, tt.b)
				time.Sleep(time.Hour)
				if tt.set != nil {
					tt.set(w)
				}
				p := w.start(&memoryJournal{}, 0)
				if got := w.run(p, w.renewVPS(p), vps).String(); got != tt.want {
					t.Errorf("told %q, want %q", got, tt.want)
				}
				if n := w.server.Count(ovhrenewtest.RoutePay); n > 1 {
					t.Errorf("POST pay was sent %d times", n)
				}
				if n := w.server.Count(ovhrenewtest.RouteOrder); n > 1 {
					t.Errorf("POST renew was sent %d times", n)
				}
			})
		})
	}
}

func expired(w *world) {
	w.server.SetExpiry(int64(vps), time.Now().AddDate(0, 0, -3))
	w.old[vps] = w.expiry(vps)
}
