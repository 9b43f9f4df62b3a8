package billing_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jarcoal/httpmock"
	"github.com/ovh/go-ovh/ovh"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/billing"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
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
		query billing.Query
		sent  string
		want  []string
	}{
		"all":      {billing.Query{}, "", []string{"FR1", "FR2", "FR3", "FR4"}},
		"order":    {billing.Query{Order: 2}, "orderId=2", []string{"FR2", "FR3"}},
		"category": {billing.Query{Category: "autorenew"}, "category=autorenew", []string{"FR1", "FR3"}},
		"dates": {
			billing.Query{From: day(2), To: day(4)},
			"date.from=2026-08-02T00%3A00%3A00Z&date.to=2026-08-04T00%3A00%3A00Z",
			[]string{"FR2", "FR3"},
		},
		"none": {billing.Query{Order: 4, Category: "autorenew"}, "category=autorenew&orderId=4", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			// This server takes no parameters, as those of a region that does not know them may.
			client, mock := mocked(t)
			var kept sent
			mock.RegisterResponder("GET", mockEndpoint+"/me/bill", func(r *http.Request) (*http.Response, error) {
				body := bills
				if r.Header.Get("X-Pagination-Mode") == "" { // pages alone have holes
					body = strings.Replace(bills, "null,", "", 1)
				}
				response, err := kept.then(200, body)(r)
				response.Header.Set("X-Pagination-Elements", "5")
				return response, err
			})
			var got []string
			for bill, err := range billing.Bills(t.Context(), client, test.query) {
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
	for bill, err := range billing.Bills(t.Context(), client, billing.Query{Order: -1}) {
		if !errors.Is(err, ovhrenew.ErrBadInput) {
			t.Errorf("Bills of order -1 yields %+v, %v, want %v", bill, err, ovhrenew.ErrBadInput)
		}
	}
	if n := mock.GetTotalCallCount(); n != 0 {
		t.Errorf("%d requests sent", n)
	}
}

// TestBillsMalformed: a bill that cannot be read is an error that names the call, tells
// no password, and costs no other bill.
func TestBillsMalformed(t *testing.T) {
	t.Parallel()
	client, mock := mocked(t)
	mock.RegisterResponder("GET", mockEndpoint+"/me/bill", func(*http.Request) (*http.Response, error) {
		answer := httpmock.NewStringResponse(200, `[{"billId":"FR1","password":{"a":"hunter2"}},{"billId":"FR2"},{"billId":3}]`)
		answer.Header.Set("X-Pagination-Elements", "3")
		return answer, nil
	})
	var got []string
	failed := 0
	for bill, err := range billing.Bills(t.Context(), client, billing.Query{}) {
		switch {
		case err == nil:
			got = append(got, bill.BillID)
		case !errors.Is(err, ovhrenew.ErrMalformed) || !strings.HasPrefix(err.Error(), "GET /me/bill: ") || strings.Contains(err.Error(), "hunter2"):
			t.Errorf("a malformed bill is %v", err)
		default:
			failed++
		}
	}
	if diff := cmp.Diff([]string{"FR2"}, got); diff != "" || failed != 2 {
		t.Errorf("%d bills failed, want 2 (-want +got):\n%s", failed, diff)
	}
}

// TestNullsInPages: a null in a page of bills costs none: the bill is read by itself.
func TestNullsInPages(t *testing.T) {
	t.Parallel()
	for _, nulls := range []ovhrenewtest.Nulls{ovhrenewtest.NullsNone, ovhrenewtest.NullsBetween, ovhrenewtest.NullsInstead} {
		server := ovhrenewtest.Start(t, ovhrenewtest.Behaviour{Nulls: nulls})
		for range 7 {
			server.Pay(server.AddOrder(ovhrenewtest.Order{Price: "1"}))
		}
		client, err := ovhrenew.NewWithConfig(server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited})
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for bill, err := range billing.Bills(t.Context(), client, billing.Query{}) {
			if err != nil {
				t.Errorf("nulls %d: %v", nulls, err)
			}
			seen[bill.BillID] = true
		}
		if len(seen) != 7 {
			t.Errorf("nulls %d: %d bills, want 7", nulls, len(seen))
		}
	}
}

// mockEndpoint is where mocked answers are registered: nothing listens there.
const mockEndpoint = "https://api.test/1.0"

// mocked returns a client whose requests a mock answers, and the mock, which knows
// the time and nothing else yet.
func mocked(t *testing.T) (*ovhrenew.API, *httpmock.MockTransport) {
	t.Helper()
	mock := httpmock.NewMockTransport()
	mock.RegisterResponder("GET", mockEndpoint+"/auth/time", func(*http.Request) (*http.Response, error) {
		return httpmock.NewJsonResponse(200, time.Now().Unix())
	})
	api := &ovh.Client{AppKey: "app", AppSecret: "secret", ConsumerKey: "consumer", Client: &http.Client{}, Timeout: time.Minute}
	if err := api.SetEndpoint(mockEndpoint); err != nil {
		t.Fatal(err)
	}
	client, err := ovhrenew.NewWithConfig(api, ovhrenew.Config{Transport: mock, Limiter: ovhrenew.Unlimited, Attempts: 1})
	if err != nil {
		t.Fatal(err)
	}
	return client, mock
}

// sent keeps what a mock is sent.
type sent struct {
	mu       sync.Mutex
	requests []*http.Request
	bodies   []string
}

// then answers a request after it was kept.
func (s *sent) then(status int, body string) httpmock.Responder {
	return func(r *http.Request) (*http.Response, error) {
		var content []byte
		if r.Body != nil {
			content, _ = io.ReadAll(r.Body)
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		s.requests = append(s.requests, r)
		s.bodies = append(s.bodies, string(content))
		return httpmock.NewStringResponse(status, body), nil
	}
}
