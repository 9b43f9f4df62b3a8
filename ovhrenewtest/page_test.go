package ovhrenewtest_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	. "github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// page asks for one expanded page.
func page(t *testing.T, s *Server, path string, number, size int, pragma string) (elements []object, header http.Header, raw string) {
	t.Helper()
	r := signed(t, s, "GET", path, "")
	r.Header.Set("X-Pagination-Mode", "CachedObjectList-Pages")
	r.Header.Set("X-Pagination-Number", strconv.Itoa(number))
	r.Header.Set("X-Pagination-Size", strconv.Itoa(size))
	if pragma != "" {
		r.Header.Set("Pragma", pragma)
	}
	answer, body := do(t, s, r)
	// Ids are no objects: then there is only the raw text.
	_ = json.Unmarshal([]byte(body), &elements)
	return elements, answer.Header, body
}

// Every route that can be expanded answers its elements as its items do.
func TestExpandedRoutes(t *testing.T) {
	t.Parallel()
	s, _ := clocked(t, Behaviour{})
	path := order(t, s)
	s.Pay(GuideOrderID)
	for list, id := range map[string]string{
		"/services":          "serviceId",
		"/me/order":          "orderId",
		path + "/details":    "orderDetailId",
		"/me/payment/method": "paymentMethodId",
		"/me/ovhAccount":     "ovhAccountId",
		"/me/bill":           "billId",
		"/vps":               "name",
		"/domain":            "name",
		"/hosting/web":       "name",
	} {
		elements, header, _ := page(t, s, list, 1, 10, "")
		ids := get[[]any](t, s, list)
		if len(elements) == 0 || len(elements) != len(ids) || header.Get("X-Pagination-Elements") != strconv.Itoa(len(ids)) {
			t.Errorf("%s: %d elements of %s, want %d", list, len(elements), header.Get("X-Pagination-Elements"), len(ids))
			continue
		}
		for i, element := range elements {
			want := fmt.Sprint(ids[i])
			if n, ok := element[id].(float64); ok && strconv.FormatFloat(n, 'f', -1, 64) != want || !ok && element[id] != want {
				t.Errorf("%s: element %d has %s %v, want %s", list, i, id, element[id], want)
			}
			var item object
			_, body := do(t, s, signed(t, s, "GET", list+"/"+want, ""))
			if err := json.Unmarshal([]byte(body), &item); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(item, element); diff != "" {
				t.Errorf("%s: item and element differ (-item +element)\n%s", list, diff)
			}
		}
	}
	// Nothing says that this one can be.
	if elements, _, raw := page(t, s, "/service", 1, 10, ""); elements[0] != nil {
		t.Errorf("/service = %s, want ids", raw)
	}
}

func TestPages(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		behaviour Behaviour
		size      int
		lengths   []int // of the pages 1, 2, 3 …
		nulls     int   // on page 1
		echoed    string
		elements  string
	}{
		{Behaviour{}, 4, []int{4, 4, 2, 0}, 0, "4", "10"},
		{Behaviour{}, 10, []int{10, 0}, 0, "10", "10"},
		{Behaviour{}, 0, []int{10, 0}, 0, "1000", "10"},
		{Behaviour{MaxPageSize: 3}, 50000, []int{3, 3, 3, 1, 0}, 0, "3", "10"},
		{Behaviour{NoElements: true}, 4, []int{4, 4, 2, 0}, 0, "4", ""},
		{Behaviour{Nulls: NullsInstead}, 4, []int{4, 4, 2, 0}, 1, "4", "10"},
		{Behaviour{Nulls: NullsBetween}, 4, []int{5, 5, 2, 0}, 1, "4", "10"},
	} {
		s := Start(t, test.behaviour)
		for i := range 10 {
			s.AddService(Service{Name: fmt.Sprint("s", i)})
		}
		seen := map[any]int{}
		for i, want := range test.lengths {
			elements, header, _ := page(t, s, "/services", i+1, test.size, "")
			nulls := 0
			for _, element := range elements {
				if element == nil {
					nulls++
					continue
				}
				seen[element["serviceId"]]++
			}
			if len(elements) != want || i == 0 && nulls != test.nulls {
				t.Errorf("%+v: page %d has %d elements and %d nulls, want %d and %d", test.behaviour, i+1, len(elements), nulls, want, test.nulls)
			}
			if header.Get("X-Pagination-Size") != test.echoed || header.Get("X-Pagination-Elements") != test.elements {
				t.Errorf("%+v: size %s, elements %s, want %s and %s", test.behaviour,
					header.Get("X-Pagination-Size"), header.Get("X-Pagination-Elements"), test.echoed, test.elements)
			}
		}
		if want := map[bool]int{false: 10, true: 8}[test.behaviour.Nulls == NullsInstead]; len(seen) != want {
			t.Errorf("%+v: %d services on all pages, want %d", test.behaviour, len(seen), want)
		}
	}
}

func TestExpandIgnored(t *testing.T) {
	t.Parallel()
	s := start(t, Behaviour{IgnoreExpand: true})
	_, header, raw := page(t, s, "/services", 1, 2, "")
	if raw != "[11223344,12345,67890]" || header.Get("X-Pagination-Mode") != "" {
		t.Errorf("page = %s, want every id", raw)
	}
}

func TestStaleCache(t *testing.T) {
	t.Parallel()
	s, clock := clocked(t, Behaviour{StaleCache: time.Minute})
	order(t, s)
	s.Pay(GuideOrderID)
	tell := func(pragma string) string {
		orders, _, _ := page(t, s, "/me/order", 1, 10, pragma)
		bills, _, _ := page(t, s, "/me/bill", 1, 10, pragma)
		services, _, _ := page(t, s, "/services", 1, 1, pragma)
		return fmt.Sprint(len(orders), " ", len(bills), " ", at(services[0], "billing.expirationDate"))
	}
	const stale, fresh = "0 0 2026-11-30T01:00:00+01:00", "1 1 2027-02-28T01:00:00+01:00"
	if got := tell(""); got != stale {
		t.Errorf("cached: %s, want %s", got, stale)
	}
	if got := tell("no-cache"); got != fresh {
		t.Errorf("uncached: %s, want %s", got, fresh)
	}
	if got := at(get[object](t, s, "/services/11223344"), "billing.expirationDate"); got != "2027-02-28T01:00:00+01:00" {
		t.Errorf("item: %v, want the new expiry", got)
	}
	clock.Advance(time.Minute)
	if got := tell(""); got != fresh {
		t.Errorf("a minute later: %s, want %s", got, fresh)
	}
}

// Stale pages do not heed Pragma; lists of ids and single objects do not come from
// the cache of pages.
func TestStalePages(t *testing.T) {
	t.Parallel()
	s, clock := clocked(t, Behaviour{StaleCache: time.Minute, StalePages: true})
	order(t, s)
	s.Pay(GuideOrderID)
	for _, want := range []int{0, 1} {
		orders, _, _ := page(t, s, "/me/order", 1, 10, "no-cache")
		bills, _, _ := page(t, s, "/me/bill", 1, 10, "no-cache")
		services, _, _ := page(t, s, "/services", 1, 1, "no-cache")
		moved := 0
		if at(services[0], "billing.expirationDate") != "2026-11-30T01:00:00+01:00" {
			moved = 1
		}
		if len(orders) != want || len(bills) != want || moved != want {
			t.Errorf("pages show %d orders, %d bills, %d moved expiries; want %d of each", len(orders), len(bills), moved, want)
		}
		r := signed(t, s, "GET", "/me/order", "")
		r.Header.Set("Pragma", "no-cache")
		if _, ids := do(t, s, r); ids != "[123456789]" {
			t.Errorf("ids = %s, want the order", ids)
		}
		if got := at(get[object](t, s, "/services/11223344"), "billing.expirationDate"); got != "2027-02-28T01:00:00+01:00" {
			t.Errorf("item: %v, want the new expiry", got)
		}
		clock.Advance(time.Minute)
	}
}

// TestSortAndFilter: pages are not sorted or filtered here, which is said and not passed
// over.
func TestSortAndFilter(t *testing.T) {
	t.Parallel()
	s := start(t, Behaviour{})
	for _, name := range []string{"X-Pagination-Sort", "X-Pagination-Sort-Order", "X-Pagination-Filter"} {
		for path, want := range map[string]int{"/services": http.StatusBadRequest, "/me/order": http.StatusBadRequest} {
			r, err := s.Client().NewRequest("GET", path, nil, true)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("X-Pagination-Mode", "CachedObjectList-Pages")
			r.Header.Set(name, "serviceId")
			response, err := s.Client().Client.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			response.Body.Close()
			if response.StatusCode != want {
				t.Errorf("GET %s with %s: %d, want %d", path, name, response.StatusCode, want)
			}
		}
	}
}
