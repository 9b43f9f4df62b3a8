package ovhrenew_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ovhrenew/ovhrenew"
)

func TestBills(t *testing.T) {
	t.Parallel()
	const bills = `[
		{"billId":"FR1","orderId":1,"category":"autorenew","date":"2026-08-01T08:19:43+02:00"},
		null,
		{"billId":"FR2","orderId":2,"category":"purchase-web","date":"2026-08-02T08:19:43+02:00"},
		{"billId":"FR3","orderId":2,"category":"autorenew","date":"2026-08-03T08:19:43+02:00"},
		{"billId":"FR4","orderId":4,"category":"of tomorrow","date":"2026-08-04T08:19:43+02:00"}]`
	day := func(d int) time.Time { return time.Date(2026, 8, d, 0, 0, 0, 0, time.UTC) }
	for name, test := range map[string]struct {
		query ovhrenew.BillQuery
		sent  string
		want  []string
	}{
		"all":      {ovhrenew.BillQuery{}, "", []string{"FR1", "FR2", "FR3", "FR4"}},
		"order":    {ovhrenew.BillQuery{Order: 2}, "orderId=2", []string{"FR2", "FR3"}},
		"category": {ovhrenew.BillQuery{Category: "autorenew"}, "category=autorenew", []string{"FR1", "FR3"}},
		"dates": {
			ovhrenew.BillQuery{From: day(2), To: day(4)},
			"date.from=2026-08-02T00%3A00%3A00Z&date.to=2026-08-04T00%3A00%3A00Z",
			[]string{"FR2", "FR3"},
		},
		"none": {ovhrenew.BillQuery{Order: 4, Category: "autorenew"}, "category=autorenew&orderId=4", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			// This server takes no parameters, as those of a region that does not know them may.
			client, mock := mocked(t)
			var kept sent
			mock.RegisterResponder("GET", mockEndpoint+"/me/bill", func(r *http.Request) (*http.Response, error) {
				response, err := kept.then(200, bills)(r)
				response.Header.Set("X-Pagination-Elements", "5")
				return response, err
			})
			var got []string
			for bill, err := range client.Bills(t.Context(), test.query) {
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, bill.BillID)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("Bills(%+v) (-want +got):\n%s", test.query, diff)
			}
			if query := kept.requests[0].URL.RawQuery; query != test.sent {
				t.Errorf("Bills(%+v) asks for %q, want %q", test.query, query, test.sent)
			}
		})
	}
}

func TestBillsBadInput(t *testing.T) {
	t.Parallel()
	client, mock := mocked(t)
	for bill, err := range client.Bills(t.Context(), ovhrenew.BillQuery{Order: -1}) {
		if !errors.Is(err, ovhrenew.ErrBadInput) {
			t.Errorf("Bills of order -1 yields %+v, %v, want %v", bill, err, ovhrenew.ErrBadInput)
		}
	}
	if n := mock.GetTotalCallCount(); n != 0 {
		t.Errorf("%d requests sent", n)
	}
}
