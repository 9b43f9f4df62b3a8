package ovhrenewtest_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	. "github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// onBoth runs a test over loopback in real time, and over a pipe in a bubble.
func onBoth(t *testing.T, test func(t *testing.T, start func(Behaviour) *Server)) {
	t.Run("loopback", func(t *testing.T) {
		t.Parallel()
		test(t, func(b Behaviour) *Server { return Start(t, b) })
	})
	t.Run("pipe", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			test(t, func(b Behaviour) *Server { return StartPipe(t, b) })
		})
	})
}

// Each fault, before the effect and after it: what the client is told, and how
// many orders there are then.
func TestFaults(t *testing.T) {
	t.Parallel()
	tests := []struct {
		fault  Fault
		told   string // part of what the client learns
		orders int
	}{
		{Fault{Kind: Refuse}, "connection refused", 0},
		{Fault{Kind: Reset}, "EOF|reset by peer", 0},
		{Fault{Kind: Reset, When: After}, "EOF|reset by peer", 1},
		{Fault{Kind: Hang, Delay: time.Millisecond}, "order 256729207", 1},
		{Fault{Kind: Hang, When: After, Delay: time.Millisecond}, "order 256729207", 1},
		{Fault{Kind: SlowBody, Delay: time.Millisecond}, "order 256729207", 1},
		{Fault{Kind: Truncate}, "unexpected EOF", 0},
		{Fault{Kind: Truncate, When: After}, "unexpected EOF", 1},
		{Fault{Kind: WrongLength}, "unexpected EOF|unexpected end of JSON", 0},
		{Fault{Kind: WrongLength, When: After}, "unexpected EOF|unexpected end of JSON", 1},
		{Fault{Kind: StatusFault}, "500 Server::InternalServerError: Internal Server Error", 0},
		{Fault{Kind: StatusFault, When: After, Status: 503}, "503 Server::InternalServerError: Service Unavailable", 1},
		{Fault{Kind: StatusFault, Status: 429}, "429 : Too Many Requests", 0},
		{Fault{Kind: StatusFault, Status: 408, HTML: true}, "<h1>408 Request Timeout</h1>", 0},
		{Fault{Kind: StatusFault, When: After, Status: 504, HTML: true}, "<title>504 Gateway Timeout</title>", 1},
		{Fault{Kind: StatusFault, Status: 502, Body: `{"message":"x"}`}, "502 : x", 0},
		{Fault{Kind: Garbage}, "unexpected EOF", 0},
		{Fault{Kind: Garbage, When: After, Body: "{]"}, "invalid character", 1},
		{Fault{Kind: Instead, Body: `{"orderId":7}`}, "order 7", 0},
		{Fault{Kind: Instead, When: After, Body: `{"orderId":7}`}, "order 7", 1},
		{Fault{Kind: Duplicate}, "order 256729208", 2},
		{Fault{Kind: Late}, "EOF|reset by peer", 1},
	}
	onBoth(t, func(t *testing.T, start func(Behaviour) *Server) {
		for _, test := range tests {
			s := start(Behaviour{})
			id := s.AddService(Service{Name: "a"})
			s.Offer("P1Y", "10", id)
			test.fault.Route = RouteOrder
			s.Inject(test.fault)
			what := fmt.Sprintf("%v %v %d", test.fault.Kind, test.fault.When, test.fault.Status)

			if got := place(t.Context(), s, id); !containsAny(got, test.told) {
				t.Errorf("%s: %s, want %s", what, got, test.told)
			}
			if got := len(s.Orders()); got != test.orders {
				t.Errorf("%s: %d orders, want %d", what, got, test.orders)
			}
			if fired := s.Faults(); len(fired) != 1 || fired[0].Fault.Kind != test.fault.Kind || fired[0].Request.Route != RouteOrder {
				t.Errorf("%s: fired %+v", what, fired)
			}
			if got := place(t.Context(), s, id); !strings.HasPrefix(got, "order ") {
				t.Errorf("%s: the next order says %s", what, got)
			}
		}
	})
}

// place orders a service for a year, and says what came of it.
func place(ctx context.Context, s *Server, id int64) string {
	var order struct{ OrderID int64 }
	err := call(ctx, s.Client(), "POST", fmt.Sprintf("/service/%d/renew", id),
		object{"dryRun": false, "duration": "P1Y", "services": []int64{id}}, &order)
	if err != nil {
		return failure(err)
	}
	return fmt.Sprint("order ", order.OrderID)
}

func containsAny(text, parts string) bool {
	for part := range strings.SplitSeq(parts, "|") {
		if strings.Contains(text, part) {
			return true
		}
	}
	return false
}

// A refused connection is one that errors.Is knows.
func TestRefuseIsADialError(t *testing.T) {
	t.Parallel()
	s := start(t, Behaviour{})
	s.Inject(Fault{Kind: Refuse, Route: "GET /me"})
	if err := call(t.Context(), s.Client(), "GET", "/me", nil, nil); !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("error is %v, want ECONNREFUSED", err)
	}
	if got := s.Count("GET /me"); got != 0 {
		t.Errorf("the server heard of %d requests, want none", got)
	}
}

// A hanging request ends when its client gives up. Before the effect there is none
// then, after it there is.
func TestHang(t *testing.T) {
	t.Parallel()
	for when, orders := range map[When]int{Before: 0, After: 1} {
		synctest.Test(t, func(t *testing.T) {
			s := StartPipe(t, Behaviour{})
			Guide(s)
			s.Inject(Fault{Kind: Hang, Route: RouteOrder, When: when})
			begin := time.Now()
			ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
			defer cancel()
			api := s.Client()
			api.Timeout = 3 * time.Minute
			err := call(ctx, api, "POST", "/service/11223344/renew", object{"dryRun": false, "duration": "P3M", "services": []int64{GuideVPSID}}, nil)
			if err == nil || time.Since(begin) != 3*time.Minute {
				t.Errorf("%v after %v, want a time-out after 3m", err, time.Since(begin))
			}
			if got := len(s.Orders()); got != orders {
				t.Errorf("%v: %d orders, want %d", when, got, orders)
			}
		})
	}
}

// A late request takes its effect long after its client has gone.
func TestLate(t *testing.T) {
	t.Parallel()
	s, clock := clocked(t, Behaviour{})
	path := order(t, s)
	s.Inject(Fault{Kind: Late, Route: RoutePay, Delay: 5 * time.Minute})
	if _, err := send(t, s, "POST", path+"/pay", payDefault); err == nil {
		t.Fatal("the payment was answered")
	}
	clock.Advance(5*time.Minute - time.Second)
	if got := get[string](t, s, path+"/status"); got != "notPaid" || len(s.Payments()) != 0 {
		t.Errorf("status %s with %d payments before the delay is over, want notPaid and none", got, len(s.Payments()))
	}
	clock.Advance(time.Hour)
	paid := s.Payments()
	if len(paid) != 1 || !paid[0].Time.Equal(clock.Now().Add(-time.Hour+time.Second)) {
		t.Errorf("Payments = %+v, want one, five minutes after it was sent", paid)
	}
	// Who is not let in has no effect later either.
	s.Inject(Fault{Kind: Late, Route: RouteOrder})
	s.Grant()
	if _, err := send(t, s, "POST", "/service/11223344/renew", vpsOrder); err == nil || len(s.Orders()) != 1 {
		t.Errorf("%v and %d orders, want an error and 1", err, len(s.Orders()))
	}
}

func TestSlowBody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := StartPipe(t, Behaviour{Latency: time.Second})
		s.Inject(Fault{Kind: SlowBody, Route: "GET /me", Delay: time.Minute})
		api := s.Client()
		if err := call(t.Context(), api, "GET", "/auth/time", nil, nil); err != nil {
			t.Fatal(err)
		}
		begin := time.Now()
		if err := call(t.Context(), api, "GET", "/me", nil, &object{}); err != nil {
			t.Error(err)
		}
		if got := time.Since(begin); got != time.Minute+time.Second {
			t.Errorf("it took %v, want 1m1s", got)
		}
	})
}

func TestSkipAndTimes(t *testing.T) {
	t.Parallel()
	s := start(t, Behaviour{})
	s.Inject(
		Fault{Kind: StatusFault, Status: 500, Route: "GET /me", Skip: 1, Times: 2},
		Fault{Kind: StatusFault, Status: 502, Route: "GET /service"},
		Fault{Kind: StatusFault, Status: 503, Route: "GET /me", Skip: 1, Times: -1},
	)
	api := s.Client()
	var got []string
	for range 6 {
		got = append(got, failure(call(t.Context(), api, "GET", "/me", nil, nil))[:3])
	}
	// The third fault counts only what the first did not hit.
	if diff := cmp.Diff([]string{"<ni", "500", "500", "503", "503", "503"}, got); diff != "" {
		t.Errorf("answers (-want +got)\n%s", diff)
	}
	s.ClearFaults()
	if err := call(t.Context(), api, "GET", "/service", nil, nil); err != nil {
		t.Errorf("after ClearFaults: %v", err)
	}
}

func TestFaultHeader(t *testing.T) {
	t.Parallel()
	s := start(t, Behaviour{})
	s.Inject(Fault{Kind: StatusFault, Status: http.StatusTemporaryRedirect, Header: http.Header{"Location": {"https://example.com/"}}, Route: "GET /me"})
	answer, _ := do(t, s, signed(t, s, "GET", "/me", ""))
	if answer.StatusCode != http.StatusTemporaryRedirect || answer.Header.Get("Location") != "https://example.com/" {
		t.Errorf("%d to %q, want 307 to https://example.com/", answer.StatusCode, answer.Header.Get("Location"))
	}
}

// What a client sees of a chaotic server depends on the seed alone.
func TestChaos(t *testing.T) {
	t.Parallel()
	run := func(seed uint64) (told []string, kinds map[FaultKind]bool) {
		synctest.Test(t, func(t *testing.T) {
			s := StartPipe(t, Behaviour{ChaosDelay: time.Minute})
			id := s.AddService(Service{Name: "a"})
			s.Offer("P1Y", "10", id)
			s.Chaos(seed, 0.5)
			api := s.Client()
			for range 200 {
				err := call(t.Context(), api, "POST", fmt.Sprintf("/service/%d/renew", id),
					object{"dryRun": false, "duration": "P1Y", "services": []int64{id}}, &object{})
				told = append(told, fmt.Sprint(err != nil, len(s.Orders())))
			}
			kinds = map[FaultKind]bool{}
			for _, fired := range s.Faults() {
				kinds[fired.Fault.Kind] = true
			}
			s.Chaos(0, 0)
			if err := call(t.Context(), api, "GET", "/service", nil, nil); err != nil {
				t.Errorf("without chaos: %v", err)
			}
		})
		return told, kinds
	}
	first, kinds := run(1)
	if len(kinds) != int(Late) {
		t.Errorf("200 requests met %d kinds of fault, want all %d: %v", len(kinds), int(Late), kinds)
	}
	again, _ := run(1)
	if diff := cmp.Diff(first, again); diff != "" {
		t.Errorf("one seed, two stories:\n%s", diff)
	}
	if other, _ := run(2); cmp.Equal(first, other) {
		t.Error("two seeds tell one story")
	}
}

func TestHooks(t *testing.T) {
	t.Parallel()
	s := start(t, Behaviour{})
	var told []string
	s.OnRequest(func(r Request) {
		if r.Route == RouteOrder {
			told = append(told, fmt.Sprint("request ", len(s.Orders()), r.Status))
		}
	})
	s.OnAnswer(func(r Request) {
		if r.Route == RouteOrder {
			told = append(told, fmt.Sprint("answer ", len(s.Orders()), " ", r.Status))
		}
	})
	order(t, s)
	if diff := cmp.Diff([]string{"request 0 0", "answer 1 200"}, told); diff != "" {
		t.Errorf("hooks (-want +got)\n%s", diff)
	}
}

func TestRequests(t *testing.T) {
	t.Parallel()
	s := start(t, Behaviour{})
	mustSend(t, s, "PUT", "/services/12345?x=1%2B2", `{}`)
	requests := s.Requests()
	r := requests[len(requests)-1]
	if r.Method != http.MethodPut || r.Path != "/1.0/services/12345?x=1%2B2" || r.Route != "PUT /services/{serviceId}" ||
		r.Body != "{}" || r.Status != 200 || r.Header.Get("X-Ovh-Application") != s.Credentials().AppKey {
		t.Errorf("last request = %+v", r)
	}
	s.Forget()
	if len(s.Requests()) != 0 || s.Count("PUT /services/{serviceId}") != 0 {
		t.Error("Forget left requests behind")
	}
}

// The pipe carries a whole renewal in no time, however long it takes.
func TestPipe(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := StartPipe(t, Behaviour{DeliveryDelay: 24 * time.Hour, ExpiryLag: time.Hour})
		Guide(s)
		path := order(t, s)
		mustSend(t, s, "POST", path+"/pay", payDefault)
		begin := time.Now()
		for get[string](t, s, path+"/status") != "delivered" {
			<-time.After(time.Minute)
		}
		if got := time.Since(begin); got != 24*time.Hour {
			t.Errorf("delivered after %v, want 24h", got)
		}
	})
}

// Closing ends what is under way.
func TestClose(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, start func(Behaviour) *Server) {
		s := start(Behaviour{})
		s.Inject(Fault{Kind: Hang, Route: RouteTime})
		done := make(chan error)
		s.OnRequest(func(Request) { go s.Close() })
		go func() { done <- call(t.Context(), s.Client(), "GET", "/me", nil, nil) }()
		if err := <-done; err == nil || errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("a request over a closed server: %v", err)
		}
	})
}
