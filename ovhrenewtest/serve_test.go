package ovhrenewtest_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	. "github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// What every answer has, whatever it says.
func TestHead(t *testing.T) {
	t.Parallel()
	s := start(t, Behaviour{})
	ids := map[string]bool{}
	for path, status := range map[string]int{"/me": 200, "/services/12345": 200, "/nothing": 404, "/services/x": 400} {
		answer, body := do(t, s, signed(t, s, "GET", path, ""))
		ids[answer.Header.Get("X-Ovh-Queryid")] = true
		if answer.StatusCode != status || answer.Header.Get("Content-Type") != "application/json; charset=utf-8" || answer.ContentLength != int64(len(body)) {
			t.Errorf("%s: %d with %v for %d bytes, want %d", path, answer.StatusCode, answer.Header, len(body), status)
		}
	}
	if len(ids) != 4 || ids[""] {
		t.Errorf("4 requests have the ids %v, want one each", ids)
	}
}

// A server without a listener is a handler like any other.
func TestHandler(t *testing.T) {
	t.Parallel()
	s := New(Behaviour{})
	answer := httptest.NewRecorder()
	s.ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/1.0/auth/time", http.NoBody))
	if answer.Code != http.StatusOK || s.Count(RouteTime) != 1 {
		t.Errorf("%d %s, counted %d times; want 200 once", answer.Code, answer.Body, s.Count(RouteTime))
	}
	large := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/1.0/auth/credential", strings.NewReader(strings.Repeat("x", 2<<20)))
	s.ServeHTTP(httptest.NewRecorder(), large)
	if got := len(s.Requests()); got != 1 {
		t.Errorf("%d requests, want 1: what no client of the API sends is no request", got)
	}
}

// Each answer takes the latency, and a client that does not wait for it has its effect.
func TestLatency(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := StartPipe(t, Behaviour{Latency: time.Second})
		Guide(s)
		api := s.Client()
		if err := call(t.Context(), api, "GET", "/auth/time", nil, nil); err != nil {
			t.Fatal(err)
		}
		begin := time.Now()
		if err := call(t.Context(), api, "GET", "/me", nil, nil); err != nil || time.Since(begin) != time.Second {
			t.Errorf("%v after %v, want 1s", err, time.Since(begin))
		}
		api.Timeout = time.Second / 2
		err := call(t.Context(), api, "POST", "/service/11223344/renew", object{"dryRun": false, "duration": "P3M", "services": []int64{GuideVPSID}}, nil)
		synctest.Wait()
		if err == nil || len(s.Orders()) != 1 {
			t.Errorf("%v and %d orders, want a time-out and 1", err, len(s.Orders()))
		}
	})
}
