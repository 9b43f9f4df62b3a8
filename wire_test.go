package ovhrenew_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jarcoal/httpmock"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// tenOrders starts an account with orders 1001 to 1010.
func tenOrders(t *testing.T, b ovhrenewtest.Behaviour) (*ovhrenewtest.Server, []ovhrenew.OrderID) {
	t.Helper()
	server := ovhrenewtest.Start(t, b)
	var ids []ovhrenew.OrderID
	for i := range 10 {
		id := server.AddOrder(ovhrenewtest.Order{ID: int64(1001 + i), Status: "delivered", Price: "1.99", Domain: "example.org"})
		ids = append(ids, ovhrenew.OrderID(id))
	}
	return server, ids
}

func orderIDs(t *testing.T, client *ovhrenew.API, query ovhrenew.OrderQuery) []ovhrenew.OrderID {
	t.Helper()
	var ids []ovhrenew.OrderID
	for order, err := range client.Orders(t.Context(), query) {
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Contains(ids, order.OrderID) {
			ids = append(ids, order.OrderID)
		}
	}
	slices.Sort(ids)
	return ids
}

// Every order is seen, whatever the server makes of pages: one that is missed could
// be the one that is in the way of a payment.
func TestPages(t *testing.T) {
	t.Parallel()
	const list, item = "GET /me/order", "GET /me/order/{orderId}"
	for _, test := range []struct {
		name        string
		behaviour   ovhrenewtest.Behaviour
		size        int
		lists, each int // requests
	}{
		{"one page", ovhrenewtest.Behaviour{}, 0, 1, 0},
		{"pages of 4", ovhrenewtest.Behaviour{}, 4, 3, 0},
		{"pages of 5, which fit", ovhrenewtest.Behaviour{}, 5, 2, 0},
		{"pages of 1", ovhrenewtest.Behaviour{}, 1, 10, 0},
		{"server's smaller maximum", ovhrenewtest.Behaviour{MaxPageSize: 3}, 0, 4, 0},
		{"no total", ovhrenewtest.Behaviour{NoElements: true}, 0, 2, 0},
		{"no total, pages of 4", ovhrenewtest.Behaviour{NoElements: true}, 4, 4, 0},
		{"no total, smaller maximum", ovhrenewtest.Behaviour{NoElements: true, MaxPageSize: 3}, 0, 5, 0},
		{"nulls between", ovhrenewtest.Behaviour{Nulls: ovhrenewtest.NullsBetween}, 0, 2, 0},
		{"nulls between, pages of 4", ovhrenewtest.Behaviour{Nulls: ovhrenewtest.NullsBetween}, 4, 4, 0},
		{"nulls instead", ovhrenewtest.Behaviour{Nulls: ovhrenewtest.NullsInstead}, 0, 3, 3},
		{"nulls instead, pages of 4, no total", ovhrenewtest.Behaviour{Nulls: ovhrenewtest.NullsInstead, NoElements: true}, 4, 5, 2},
		{"no pages", ovhrenewtest.Behaviour{IgnoreExpand: true}, 0, 2, 10},
		{"no pages, a size", ovhrenewtest.Behaviour{IgnoreExpand: true}, 2, 1, 10},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			server, want := tenOrders(t, test.behaviour)
			client := clientOf(t, server, ovhrenew.Config{PageSize: test.size})
			if diff := cmp.Diff(want, orderIDs(t, client, ovhrenew.OrderQuery{})); diff != "" {
				t.Errorf("Orders (-want +got):\n%s", diff)
			}
			if lists, each := server.Count(list), server.Count(item); lists != test.lists || each != test.each {
				t.Errorf("%d lists and %d orders read, want %d and %d", lists, each, test.lists, test.each)
			}
		})
	}
}

func TestPagesHeaders(t *testing.T) {
	t.Parallel()
	server, _ := tenOrders(t, ovhrenewtest.Behaviour{})
	orderIDs(t, clientOf(t, server, ovhrenew.Config{PageSize: 6}), ovhrenew.OrderQuery{})
	var numbers []string
	for _, r := range server.Requests() {
		if r.Route != ovhrenewtest.RouteOrders {
			continue
		}
		if mode, size := r.Header.Get("X-Pagination-Mode"), r.Header.Get("X-Pagination-Size"); mode != "CachedObjectList-Pages" || size != "6" {
			t.Errorf("page asked for with mode %q and size %q", mode, size)
		}
		if r.Header.Get("Pragma") != "no-cache" {
			t.Error("orders read from the API's cache")
		}
		numbers = append(numbers, r.Header.Get("X-Pagination-Number"))
	}
	if diff := cmp.Diff([]string{"1", "2"}, numbers); diff != "" {
		t.Errorf("pages (-want +got):\n%s", diff)
	}
}

// That a list is not expanded is found out once, and for that list alone.
func TestPagesIgnoredIsRemembered(t *testing.T) {
	t.Parallel()
	server, _ := tenOrders(t, ovhrenewtest.Behaviour{IgnoreExpand: true})
	client := clientOf(t, server, ovhrenew.Config{})
	for range 3 {
		orderIDs(t, client, ovhrenew.OrderQuery{})
	}
	asked := 0
	for _, r := range server.Requests() {
		if r.Route == ovhrenewtest.RouteOrders && r.Header.Get("X-Pagination-Mode") != "" {
			asked++
		}
	}
	if asked != 1 || server.Count(ovhrenewtest.RouteOrders) != 4 {
		t.Errorf("expanded pages asked for %d times in %d lists, want once in 4", asked, server.Count(ovhrenewtest.RouteOrders))
	}
	for _, err := range client.PaymentMethods(t.Context()) {
		if err != nil {
			t.Error(err)
		}
	}
	for _, r := range server.Requests() {
		if r.Route == "GET /me/payment/method" && r.Header.Get("X-Pagination-Mode") == "" {
			t.Error("expanded pages of payment methods not asked for because orders have none")
		}
	}
}

// A server that does not count pages sends the first again and again.
func TestPagesNotCounted(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, total, ids string
		want             []ovhrenew.ServiceID
	}{
		{"all on the first", "2", `[1, 2]`, []ovhrenew.ServiceID{1, 2}},
		{"no total", "", `[1, 2]`, []ovhrenew.ServiceID{1, 2}},
		{"more than the first has", "3", `[1, 2, 3]`, []ovhrenew.ServiceID{1, 2, 3}},
	} {
		client, mock := mocked(t)
		requests := 0
		mock.RegisterResponder("GET", mockEndpoint+"/services", func(r *http.Request) (*http.Response, error) {
			if r.Header.Get("X-Pagination-Mode") == "" {
				return httpmock.NewStringResponse(200, test.ids), nil
			}
			if requests++; requests > 9 {
				return nil, errors.New("asked for ever more pages")
			}
			answer := httpmock.NewStringResponse(200, `[{"serviceId": 1}, {"serviceId": 2}]`)
			if test.total != "" {
				answer.Header.Set("X-Pagination-Elements", test.total)
			}
			return answer, nil
		})
		mock.RegisterResponder("GET", mockEndpoint+"/services/3", httpmock.NewStringResponder(200, `{"serviceId": 3}`))
		var ids []ovhrenew.ServiceID
		for service, err := range client.Services(t.Context(), ovhrenew.ServiceQuery{}) {
			if err != nil {
				t.Errorf("%s: %v", test.name, err)
			}
			ids = append(ids, service.ID)
		}
		if !slices.Equal(ids, test.want) {
			t.Errorf("%s: services %v, want %v", test.name, ids, test.want)
		}
	}
}

// Where nobody knows whether a page was all, the ids of the orders are compared.
func TestPagesNotCountedOrders(t *testing.T) {
	t.Parallel()
	client, mock := mocked(t)
	mock.RegisterResponder("GET", mockEndpoint+"/me/order", func(r *http.Request) (*http.Response, error) {
		if r.Header.Get("X-Pagination-Mode") == "" {
			return httpmock.NewStringResponse(200, `[1, 2, 3]`), nil
		}
		return httpmock.NewStringResponse(200, `[{"orderId": 1}, {"orderId": 2}]`), nil
	})
	mock.RegisterResponder("GET", mockEndpoint+"/me/order/3", httpmock.NewStringResponder(200, `{"orderId": 3}`))
	if diff := cmp.Diff([]ovhrenew.OrderID{1, 2, 3}, orderIDs(t, client, ovhrenew.OrderQuery{})); diff != "" {
		t.Errorf("Orders (-want +got):\n%s", diff)
	}
}

// One element that cannot be read does not hide the others.
func TestPagesWithBadElements(t *testing.T) {
	t.Parallel()
	server, _ := tenOrders(t, ovhrenewtest.Behaviour{IgnoreExpand: true})
	server.Inject(ovhrenewtest.Fault{Route: "GET /me/order/{orderId}", Skip: 3, Kind: ovhrenewtest.StatusFault, Status: 404, Body: `{"message":"The requested object (id = 1004) does not exist"}`})
	client := clientOf(t, server, ovhrenew.Config{})
	read, failed := 0, 0
	for _, err := range client.Orders(t.Context(), ovhrenew.OrderQuery{}) {
		switch {
		case err == nil:
			read++
		case errors.Is(err, ovhrenew.ErrNotFound):
			failed++
		default:
			t.Error(err)
		}
	}
	if read != 9 || failed != 1 {
		t.Errorf("%d orders read and %d not, want 9 and 1", read, failed)
	}
}

func TestPagesMalformed(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ body, elements, want string }{
		{`{}`, "", "GET /me/order: malformed answer"},
		{`[{"orderId": 1}, {"orderId": "x"}]`, "2", "GET /me/order: malformed answer: orderId"},
		{`[{"orderId": 1}]`, "many", `header X-Pagination-Elements is "many"`},
		{`[{"orderId": 1}]`, "-1", `header X-Pagination-Elements is "-1"`},
		{`[true]`, "", "GET /me/order: malformed answer: not an id (got true)"},
		{`[[1]]`, "", "GET /me/order: malformed answer: not an id (got "},
		{`[1.5]`, "", "GET /me/order: malformed answer: not an id (got 1.5)"},
		{``, "", "GET /me/order: malformed answer: the answer is empty"},
	} {
		client, mock := mocked(t)
		mock.RegisterResponder("GET", mockEndpoint+"/me/order", func(*http.Request) (*http.Response, error) {
			answer := httpmock.NewStringResponse(200, test.body)
			if test.elements != "" {
				answer.Header.Set("X-Pagination-Elements", test.elements)
			}
			return answer, nil
		})
		var failed error
		for _, err := range client.Orders(t.Context(), ovhrenew.OrderQuery{}) {
			failed = errors.Join(failed, err)
		}
		if !errors.Is(failed, ovhrenew.ErrMalformed) || !strings.Contains(failed.Error(), test.want) {
			t.Errorf("Orders of %s: %v, want %q", test.body, failed, test.want)
		}
	}
}

// Ids are escaped into one segment each.
func TestPathEscapes(t *testing.T) {
	t.Parallel()
	client, mock := mocked(t)
	var paths []string
	mock.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
		paths = append(paths, r.URL.RequestURI())
		if strings.HasSuffix(r.URL.Path, "/ovhAccount") {
			return httpmock.NewStringResponse(200, `["FR", "a/b?c"]`), nil
		}
		return httpmock.NewStringResponse(200, `{}`), nil
	})
	for _, err := range client.ReadList(t.Context(), "/me/ovhAccount", "/me/ovhAccount/{ovhAccountId}") {
		if err != nil {
			t.Error(err)
		}
	}
	want := []string{"/1.0/me/ovhAccount", "/1.0/me/ovhAccount", "/1.0/me/ovhAccount/FR", "/1.0/me/ovhAccount/a%2Fb%3Fc"}
	if diff := cmp.Diff(want, paths); diff != "" {
		t.Errorf("paths (-want +got):\n%s", diff)
	}
}

// The list is narrowed here too: some regions cannot, and others may not.
func TestOrdersByDate(t *testing.T) {
	t.Parallel()
	client, mock := mocked(t)
	var query string
	mock.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
		query = r.URL.RawQuery
		answer := httpmock.NewStringResponse(200, `[
			{"orderId": 1, "date": "2026-05-31T23:59:59Z"}, {"orderId": 2, "date": "2026-06-01T02:00:00+02:00"},
			{"orderId": 3, "date": null}, {"orderId": 4, "date": "2026-06-30T00:00:00Z"}, {"orderId": 5, "date": "2026-06-30T00:00:01Z"}]`)
		answer.Header.Set("X-Pagination-Elements", "5")
		return answer, nil
	})
	from := time.Date(2026, 6, 1, 2, 0, 0, 999, time.FixedZone("", 7200))
	to := time.Date(2026, 6, 30, 0, 0, 0, 0, time.UTC)
	got := orderIDs(t, client, ovhrenew.OrderQuery{From: from, To: to})
	if diff := cmp.Diff([]ovhrenew.OrderID{2, 3, 4}, got); diff != "" {
		t.Errorf("Orders of June (-want +got):\n%s", diff)
	}
	if want := "date.from=2026-06-01T00%3A00%3A00Z&date.to=2026-06-30T00%3A00%3A00Z"; query != want {
		t.Errorf("query %q, want %q", query, want)
	}
}

// A long list is one of a few requests.
func TestPagesAreCheap(t *testing.T) {
	t.Parallel()
	server := ovhrenewtest.Start(t, ovhrenewtest.Behaviour{})
	for i := range 2500 {
		server.AddService(ovhrenewtest.Service{Name: "s" + strconv.Itoa(i) + ".example"})
	}
	client := clientOf(t, server, ovhrenew.Config{})
	n := 0
	for service, err := range client.Services(t.Context(), ovhrenew.ServiceQuery{}) {
		if err != nil {
			t.Fatal(err)
		}
		if want := fmt.Sprintf("s%d.example", n); service.Name != want {
			t.Fatalf("service %d is %s, want %s", n, service.Name, want)
		}
		n++
	}
	if requests := len(server.Requests()); n != 2500 || requests > 4 {
		t.Errorf("%d services in %d requests, want 2500 in 4 at the most", n, requests)
	}
}

// No read of this package may reach the server with an id that is none.
func TestIDsRefused(t *testing.T) {
	t.Parallel()
	server, client := guideAccount(t, ovhrenewtest.Behaviour{})
	ctx := t.Context()
	for _, n := range []int64{0, -1} {
		id, order := ovhrenew.ServiceID(n), ovhrenew.OrderID(n)
		for name, call := range map[string]func() error{
			"ListedService":       func() error { _, err := client.ListedService(ctx, id); return err },
			"Service":             func() error { _, err := client.Service(ctx, id); return err },
			"Renewals":            func() error { _, err := client.Renewals(ctx, id, true); return err },
			"Order":               func() error { _, err := client.Order(ctx, order); return err },
			"OrderStatus":         func() error { _, err := client.OrderStatus(ctx, order); return err },
			"OrderDetails":        func() error { _, err := client.OrderDetails(ctx, order); return err },
			"OrderPayment":        func() error { _, err := client.OrderPayment(ctx, order); return err },
			"OrderPaymentMethods": func() error { _, err := client.OrderPaymentMethods(ctx, order); return err },
			"OrderPaymentMeans":   func() error { _, err := client.OrderPaymentMeans(ctx, order); return err },
			"Pay":                 func() error { return client.Pay(ctx, order, ovhrenew.Method(1)) },
		} {
			input, ok := errors.AsType[*ovhrenew.InputError](call())
			if !ok || input.Call != name {
				t.Errorf("%s(%d): %v, want an InputError of it", name, n, input)
			}
		}
	}
	if n := len(server.Requests()); n != 0 {
		t.Errorf("%d requests sent for bad ids, want none", n)
	}
}
