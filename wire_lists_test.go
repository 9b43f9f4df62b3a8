// What lists that lie about their pages, totals and ids come to.

package ovhrenew_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ovh/go-ovh/ovh"

	"github.com/ovhrenew/ovhrenew"
)

// listServer answers GET /me/order nastily: pages(number) is a page and its total, or ""
// for none; ids is the plain list. Orders are read singly as they are.
type listServer struct {
	pages func(number int) (body, total string)
	ids   string
	lacks bool // nobody can say which order a null is in place of
}

// read is what the client makes of the list: the orders, and the errors.
func (s listServer) read(t *testing.T) (ids []ovhrenew.OrderID, requests int64, failed error) {
	t.Helper()
	var asked atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path := strings.TrimPrefix(r.URL.Path, "/1.0")
		asked.Add(1)
		switch {
		case path == "/auth/time":
			fmt.Fprint(w, time.Now().Unix())
		case path == "/me/order" && r.Header.Get("X-Pagination-Mode") != "":
			number, _ := strconv.Atoi(r.Header.Get("X-Pagination-Number"))
			body, total := s.pages(number)
			if total != "" {
				w.Header().Set("X-Pagination-Elements", total)
			}
			fmt.Fprint(w, body)
		case path == "/me/order":
			fmt.Fprint(w, s.ids)
		default:
			fmt.Fprintf(w, `{"orderId": %s}`, strings.TrimPrefix(path, "/me/order/"))
		}
	}))
	defer server.Close()
	api, err := ovh.NewClient(server.URL+"/1.0", "key", "secret", "consumer")
	if err != nil {
		t.Fatal(err)
	}
	client, err := ovhrenew.NewWithConfig(api, ovhrenew.Config{PageSize: 2, Limiter: ovhrenew.NewLimiter(1_000_000, 1000)})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	for order, err := range client.Orders(ctx, ovhrenew.OrderQuery{}) {
		if err != nil {
			failed = errors.Join(failed, err)
		} else {
			ids = append(ids, order.OrderID)
		}
	}
	return ids, asked.Load(), failed
}

func objects(ids ...int) string {
	var all []string
	for _, id := range ids {
		all = append(all, fmt.Sprintf(`{"orderId": %d}`, id))
	}
	return "[" + strings.Join(all, ",") + "]"
}

// Whatever a server makes of pages, each order is seen once or an error says that one is
// not; and the list ends.
func TestPagesThatLie(t *testing.T) {
	t.Parallel()
	calls := 0
	const all = "[1,2,3,4,5]"
	for name, s := range map[string]listServer{
		"ids that are cut at the size":  {func(int) (string, string) { return "[1,2]", "" }, all, false},
		"ids that are cut, and a total": {func(int) (string, string) { return "[1,2,3]", "5" }, all, false},
		"a total below the page": {func(n int) (string, string) {
			return []string{objects(1, 2), objects(3, 4), objects(5), "[]"}[min(n, 4)-1], "1"
		}, all, false},
		"a total of 0": {func(n int) (string, string) {
			return []string{objects(1, 2), objects(3, 4), objects(5), "[]"}[min(n, 4)-1], "0"
		}, all, false},
		"pages that overlap": {func(n int) (string, string) {
			return []string{objects(1, 2), objects(2, 3), objects(3, 4), objects(4, 5), "[]"}[min(n, 5)-1], "5"
		}, all, false},
		"the first page again, in another order": {func(n int) (string, string) {
			return []string{objects(1, 2), objects(2, 1)}[n%2], "5"
		}, all, false},
		"the first page again, in another order, no total": {func(n int) (string, string) {
			return []string{objects(1, 2), objects(2, 1)}[n%2], ""
		}, all, false},
		"the same order with something new in it": {func(n int) (string, string) {
			calls++
			return fmt.Sprintf(`[{"orderId": 1, "password": "%d"}, {"orderId": 2}]`, calls), ""
		}, all, false},
		"a hole, and ids that are expanded": {func(n int) (string, string) {
			return []string{`[{"orderId":1},null,{"orderId":3},{"orderId":4},{"orderId":5}]`, "[]"}[min(n, 2)-1], "5"
		}, objects(1, 2, 3, 4, 5), false},
		"a null beside ids": {func(n int) (string, string) { return "[1,2,null,4,5]", "" }, "[1,2,null,4,5]", true},
		"a hole, and a null in the ids": {func(n int) (string, string) {
			return []string{`[{"orderId":1},{"orderId":2},null,{"orderId":4},{"orderId":5}]`, "[]"}[min(n, 2)-1], "5"
		}, "[1,2,null,4,5]", true},
		"an order twice": {func(n int) (string, string) {
			return []string{objects(1, 2, 2, 3), objects(4, 5), "[]"}[min(n, 3)-1], "6"
		}, all, false},
	} {
		t.Run(name, func(t *testing.T) {
			ids, requests, failed := s.read(t)
			if requests > 30 {
				t.Errorf("%d requests", requests)
			}
			want := []ovhrenew.OrderID{1, 2, 3, 4, 5}
			if s.lacks {
				want = []ovhrenew.OrderID{1, 2, 4, 5}
			}
			slices.Sort(ids)
			if !slices.Equal(ids, want) || errors.Is(failed, ovhrenew.ErrMalformed) != s.lacks || !s.lacks && failed != nil {
				t.Errorf("orders %v and %v, want %v, and that one is missing: %t", ids[:min(len(ids), 9)], failed, want, s.lacks)
			}
		})
	}
}
