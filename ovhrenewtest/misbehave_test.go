package ovhrenewtest_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

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

func TestFaultHeader(t *testing.T) {
	t.Parallel()
	s := start(t, Behaviour{})
	s.Inject(Fault{Kind: StatusFault, Status: http.StatusTemporaryRedirect, Header: http.Header{"Location": {"https://example.com/"}}, Route: "GET /me"})
	answer, _ := do(t, s, signed(t, s, "GET", "/me", ""))
	if answer.StatusCode != http.StatusTemporaryRedirect || answer.Header.Get("Location") != "https://example.com/" {
		t.Errorf("%d to %q, want 307 to https://example.com/", answer.StatusCode, answer.Header.Get("Location"))
	}
}

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
