package ovhrenewtest_test

import (
	"fmt"
	"testing"

	. "github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

func TestOther(t *testing.T) {
	t.Parallel()
	s := start(t, Behaviour{})
	s.AddService(Service{ID: 7, Name: "other.ovh", Route: "/domain/other.ovh"})
	first, second := order(t, s), order(t, s)
	details := get[[]int64](t, s, second+"/details")
	s.Pay(GuideOrderID)
	s.Pay(GuideOrderID + 1)
	bills := get[[]string](t, s, "/me/bill")
	for _, test := range []struct {
		route, path, field string
		want               any
	}{
		{"GET /me/order/{orderId}", first, "orderId", GuideOrderID + 1},
		{"GET /me/order/{orderId}", second, "orderId", GuideOrderID},
		{
			"GET /me/order/{orderId}/details/{orderDetailId}",
			fmt.Sprintf("%s/details/%d", first, details[0]-1), "orderDetailId", details[0],
		},
		{"GET /services/{serviceId}", "/services/12345", "serviceId", GuideHostingID},
		{"GET /service/{serviceId}", "/service/12345", "route.url", "/hosting/web/example.ovh"},
		{"GET /domain/{serviceName}/serviceInfos", "/domain/example.ovh/serviceInfos", "serviceId", 7},
		{"GET /vps/{serviceName}/serviceInfos", "/vps/" + GuideVPS + "/serviceInfos", "serviceId", GuideVPSID}, // the only VPS
		{"GET /me/bill/{billId}", "/me/bill/" + bills[0], "billId", bills[1]},
	} {
		s.Inject(Fault{Kind: Other, Route: test.route})
		got := at(get[object](t, s, test.path), test.field)
		if fmt.Sprint(got) != fmt.Sprint(test.want) {
			t.Errorf("GET %s: %s = %v, want %v", test.path, test.field, got, test.want)
		}
	}
}

func TestOtherOrderAnswered(t *testing.T) {
	t.Parallel()
	for when, orders := range map[When]int{Before: 1, After: 2} {
		s := start(t, Behaviour{})
		s.Inject(Fault{Kind: Other, Route: RouteOrder, When: when, Times: 2})
		order(t, s) // there is no other yet
		if got := len(s.Orders()); got != 1 {
			t.Fatalf("%v: %d orders, want 1", when, got)
		}
		got := mustSend(t, s, "POST", "/service/11223344/renew", `{"dryRun":false,"duration":"P1M","services":[11223344]}`)
		if id := fmt.Sprint(got["orderId"]); id != fmt.Sprint(GuideOrderID) || len(s.Orders()) != orders {
			t.Errorf("%v: answered order %s, %d orders; want %d, %d", when, id, len(s.Orders()), GuideOrderID, orders)
		}
	}
}
