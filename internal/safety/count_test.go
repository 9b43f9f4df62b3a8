// What a renewal costs in requests, by route.

package safety_test

import (
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// What one renewal with a journal costs in requests, by route, where the delivery is
// made at once. Requests are what a renewal costs in time.
func TestRequestsOfOneRenewal(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, ovhrenewtest.Behaviour{})
		p := w.start(&memoryJournal{}, 0)
		if v := w.run(p, w.renewVPS(p), vps); v.receipt == nil {
			t.Fatal(v)
		}
		got, total := map[string]int{}, 0
		for _, r := range w.server.Requests() {
			got[r.Route]++
			total++
		}
		want := map[string]int{
			"GET /auth/time": 1, "GET /me": 1, "GET /services/{serviceId}": 3, "GET /service/{serviceId}/renew": 1,
			"GET /me/payment/method": 1, "GET /me/order": 2, ovhrenewtest.RouteQuote: 1, ovhrenewtest.RouteOrder: 1,
			ovhrenewtest.RouteStatus: 1, "GET /me/order/{orderId}/paymentMethods": 1, ovhrenewtest.RoutePay: 1,
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("requests by route (-want +got):\n%s", diff)
		}
		if total > 14 {
			t.Errorf("%d requests, want at most 14", total)
		}
	})
}
