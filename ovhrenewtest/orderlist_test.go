package ovhrenewtest_test

import (
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	. "github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

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
