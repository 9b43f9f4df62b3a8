package ovhrenewtest_test

import (
	"fmt"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	. "github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

func TestOrderLag(t *testing.T) {
	t.Parallel()
	s, clock := clocked(t, Behaviour{OrderLag: time.Minute})
	path := order(t, s)
	clock.Advance(time.Minute - time.Second)
	const unknown = "404 Client::NotFound: The requested object (id = 123456789) does not exist"
	for _, below := range []string{"", "/status", "/details", "/payment", "/paymentMethods"} {
		wantFailure(t, "GET "+below, call(t.Context(), s.Client(), "GET", path+below, nil, nil), unknown)
	}
	_, err := send(t, s, "POST", path+"/pay", payDefault)
	wantFailure(t, "paying", err, unknown)
	if got := get[[]int64](t, s, "/me/order"); len(got) != 1 {
		t.Errorf("/me/order = %v, want the order", got)
	}
	clock.Advance(time.Second)
	if got := get[string](t, s, path+"/status"); got != "notPaid" {
		t.Errorf("status = %s, want notPaid", got)
	}
}

func TestDateSkew(t *testing.T) {
	t.Parallel()
	s, _ := clocked(t, Behaviour{DateSkew: -time.Hour})
	dates := []any{mustSend(t, s, "POST", "/service/11223344/renew", vpsOrder)["date"]}
	for range 3 {
		dates = append(dates, get[object](t, s, "/me/order/123456789")["date"])
	}
	const real, skewed = "2026-11-20T13:00:00+01:00", "2026-11-20T12:00:00+01:00"
	if diff := cmp.Diff([]any{real, skewed, real, skewed}, dates); diff != "" {
		t.Errorf("dates (-want +got)\n%s", diff)
	}
}

func TestDetails(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		behaviour Behaviour
		domain    string
		kind      string
	}{
		{Behaviour{}, "example.ovh", "DURATION"},
		{Behaviour{DetailDomain: "*", DetailType: "RENEW"}, "*", "RENEW"},
		{Behaviour{DetailsDelay: time.Minute}, "example.ovh", "DURATION"},
	} {
		s, clock := clocked(t, test.behaviour)
		mustSend(t, s, "POST", "/service/12345/renew", `{"dryRun":false,"duration":"P1Y","services":[67890,12345]}`)
		const path = "/me/order/123456789/details"
		if test.behaviour.DetailsDelay > 0 {
			if got := get[[]int64](t, s, path); len(got) != 0 {
				t.Errorf("details = %v right after ordering, want none", got)
			}
			clock.Advance(test.behaviour.DetailsDelay)
		}
		ids := get[[]int64](t, s, path)
		if len(ids) != 2 {
			t.Fatalf("details = %v, want two", ids)
		}
		got := get[object](t, s, fmt.Sprintf("%s/%d", path, ids[0]))
		want := object{
			"orderDetailId": got["orderDetailId"], "cancelled": false, "detailType": test.kind, "domain": test.domain,
			"quantity": "1", "description": "Renewal of example.ovh for P1Y", "totalPrice": got["totalPrice"], "unitPrice": got["totalPrice"],
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("detail (-want +got)\n%s", diff)
		}
		// 37.87 in two: 18.935 each.
		if got := fmt.Sprint(at(got, "totalPrice.value")); got != "18.935" {
			t.Errorf("totalPrice = %s, want 18.935", got)
		}
	}
}

func TestOrderOfSomethingNew(t *testing.T) {
	t.Parallel()
	s := start(t, Behaviour{})
	id := s.AddOrder(Order{Status: "checking", Price: "10"})
	path := fmt.Sprintf("/me/order/%d", id)
	if got := get[string](t, s, path+"/status"); got != "checking" {
		t.Errorf("status = %s, want checking", got)
	}
	ids := get[[]int64](t, s, path+"/details")
	if got := get[object](t, s, fmt.Sprintf("%s/details/%d", path, ids[0]))["domain"]; got != "*" {
		t.Errorf("domain = %v, want *", got)
	}
}

func TestFollowUp(t *testing.T) {
	t.Parallel()
	s := start(t, Behaviour{})
	path := order(t, s)
	steps := get[[]object](t, s, path+"/followUp")
	if len(steps) != 4 || steps[0]["step"] != "VALIDATING" || steps[3]["status"] != "TODO" {
		t.Errorf("followUp = %v, want four steps to do", steps)
	}
}

func TestListOrders(t *testing.T) {
	t.Parallel()
	s, clock := clocked(t, Behaviour{})
	begin := clock.Now()
	var ids []int64
	for range 3 {
		ids = append(ids, s.AddOrder(Order{Services: []int64{GuideVPSID}, Period: "P1M", Price: "5"}))
		clock.Advance(time.Hour)
	}
	for query, want := range map[string][]int64{
		"": ids,
		"?date.from=" + begin.Add(time.Hour).Format(time.RFC3339):                                                 ids[1:],
		"?date.to=" + begin.Add(time.Hour).Format(time.RFC3339):                                                   ids[:2],
		"?date.from=" + url.QueryEscape(begin.Add(time.Minute).In(time.FixedZone("", 7200)).Format(time.RFC3339)): ids[1:],
	} {
		if diff := cmp.Diff(want, get[[]int64](t, s, "/me/order"+query)); diff != "" {
			t.Errorf("/me/order%s (-want +got)\n%s", query, diff)
		}
	}
}

// listed is what the list of orders tells, as ids and as pages without a cache.
func listed(t *testing.T, s *Server) []int64 {
	t.Helper()
	ids := get[[]int64](t, s, "/me/order")
	orders, _, _ := page(t, s, "/me/order", 1, 100, "no-cache")
	paged := []int64{}
	for _, o := range orders {
		paged = append(paged, int64(o["orderId"].(float64)))
	}
	if diff := cmp.Diff(ids, paged); diff != "" {
		t.Errorf("pages differ from ids (-ids +pages)\n%s", diff)
	}
	return ids
}

func TestListLag(t *testing.T) {
	t.Parallel()
	s, clock := clocked(t, Behaviour{ListLag: time.Minute})
	s.AddOrder(Order{ID: 5, Date: clock.Now().AddDate(0, 0, -1), Price: "1"})
	path := order(t, s)
	if got := get[string](t, s, path+"/status"); got != "notPaid" {
		t.Errorf("the order's own route tells %s at once, want notPaid", got)
	}
	clock.Advance(30 * time.Second)
	s.AddOrder(Order{ID: 200_000_000, Price: "1"})
	var told [][]int64
	for range 4 {
		told = append(told, listed(t, s))
		clock.Advance(30*time.Second - time.Nanosecond)
	}
	want := [][]int64{{5}, {5}, {5, GuideOrderID}, {5, GuideOrderID, 200_000_000}}
	if diff := cmp.Diff(want, told); diff != "" {
		t.Errorf("listed every half minute (-want +got)\n%s", diff)
	}
}

func TestListShuffle(t *testing.T) {
	t.Parallel()
	appearances := func() (order []int64) {
		s, clock := clocked(t, Behaviour{ListLag: time.Minute, ListShuffle: true})
		for range 8 {
			s.AddOrder(Order{Price: "1"})
		}
		for range 61 {
			for _, id := range listed(t, s) {
				if !slices.Contains(order, id) {
					order = append(order, id)
				}
			}
			clock.Advance(time.Second)
		}
		return order
	}
	first := appearances()
	if len(first) != 8 || slices.IsSorted(first) {
		t.Errorf("orders appeared as %v, want all eight, out of order", first)
	}
	if diff := cmp.Diff(first, appearances()); diff != "" {
		t.Errorf("another run (-first +second)\n%s", diff)
	}
}

// Each order has a smaller id than the one before, also when some were added.
func TestFallingIDs(t *testing.T) {
	t.Parallel()
	s := start(t, Behaviour{FallingIDs: true})
	var ids []int64
	for range 2 {
		order(t, s)
		s.AddOrder(Order{Price: "1"})
	}
	for _, o := range s.Orders() {
		ids = append(ids, o.ID)
	}
	want := []int64{GuideOrderID, GuideOrderID - 1, GuideOrderID - 2, GuideOrderID - 3}
	if diff := cmp.Diff(want, ids); diff != "" {
		t.Errorf("ids (-want +got)\n%s", diff)
	}
}
