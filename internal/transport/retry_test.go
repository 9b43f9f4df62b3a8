package transport_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptrace"
	"strconv"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ovhrenew/ovhrenew/internal/transport"
)

func statuses(code, times int) []http.HandlerFunc {
	steps := make([]http.HandlerFunc, times)
	for i := range steps {
		steps[i] = status(code)
	}
	return steps
}

func TestRepeats(t *testing.T) {
	t.Parallel()
	type result struct {
		Requests int // that reached the server
		Status   int // 0: an error
	}
	get := read("/me/order")
	put := transport.Request{Method: "PUT", Path: "/services/1", Kind: transport.Write}
	write, spend := post(transport.Write), post(transport.Spend)
	tests := []struct {
		name  string
		send  transport.Request
		steps []http.HandlerFunc
		want  result
	}{
		{"read", get, nil, result{1, 200}},
		{"read, attempts used up", get, statuses(500, 9), result{4, 500}},
		{"read, answer lost", get, []http.HandlerFunc{lose}, result{2, 200}},
		{"read, answer always lost", get, []http.HandlerFunc{lose, lose, lose, lose, lose}, result{4, 0}},
		{"read, answer cut", get, []http.HandlerFunc{cut, cutChunked}, result{3, 200}},
		{"read, mixed", get, []http.HandlerFunc{status(503), lose, status(429)}, result{4, 200}},
		{"write, answer lost", write, []http.HandlerFunc{lose}, result{1, 0}},
		{"write without body, answer lost", put, []http.HandlerFunc{lose}, result{1, 0}},
		{"write, answer cut", write, []http.HandlerFunc{cut}, result{1, 0}},
		{"spend, answer lost", spend, []http.HandlerFunc{lose}, result{1, 0}},
		{"spend, answer cut", spend, []http.HandlerFunc{cut}, result{1, 0}},
		{"spend, answer cut in chunks", spend, []http.HandlerFunc{cutChunked}, result{1, 0}},
	}
	for _, code := range []int{408, 429, 500, 502, 503, 504} {
		tests = append(tests, []struct {
			name  string
			send  transport.Request
			steps []http.HandlerFunc
			want  result
		}{
			{fmt.Sprint("read ", code), get, statuses(code, 1), result{2, 200}},
			{fmt.Sprint("write ", code), write, statuses(code, 1), result{1, code}},
			{fmt.Sprint("spend ", code), spend, statuses(code, 1), result{1, code}},
		}...)
	}
	for _, code := range []int{201, 204, 301, 400, 401, 403, 404, 409, 460, 501} {
		tests = append(tests, []struct {
			name  string
			send  transport.Request
			steps []http.HandlerFunc
			want  result
		}{
			{fmt.Sprint("read ", code), get, statuses(code, 1), result{1, code}},
			{fmt.Sprint("spend ", code), spend, statuses(code, 1), result{1, code}},
		}...)
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				c := w.client(transport.Config{})
				// On a connection that was used before, net/http would repeat a request
				// itself. That must not happen to a Write, nor help a Read.
				if _, err := c.Do(t.Context(), read("/me")); err != nil {
					t.Fatal(err)
				}
				if test.send.Kind == transport.Read {
					w.wire.CloseIdleConnections()
				}
				w.set(func() { w.steps = test.steps })
				r, err := c.Do(t.Context(), test.send)
				got := result{Requests: len(w.calls()) - 1}
				if err == nil {
					got.Status = r.Status
				}
				if got != test.want {
					t.Errorf("Do(%s) = %+v, want %+v (error %v)", test.send.Route, got, test.want, err)
				}
				if err == nil {
					return
				}
				failed, ok := errors.AsType[*transport.SendError](err)
				if !ok || failed.NeverSent || failed.Attempts != got.Requests {
					t.Errorf("Do(%s): error %#v, want a SendError of %d attempts that may have arrived", test.send.Route, err, got.Requests)
				}
			})
		})
	}
}

func TestConnectionRefused(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		kind              transport.Kind
		refuse            int
		requests, dials   int
		failed, neverSent bool
	}{
		{transport.Read, 3, 1, 4, false, false},
		{transport.Write, 3, 1, 4, false, false},
		{transport.Spend, 3, 1, 4, false, false},
		{transport.Read, 9, 0, 4, true, false},
		{transport.Write, 9, 0, 4, true, true},
		{transport.Spend, 9, 0, 4, true, true},
	} {
		t.Run(fmt.Sprint(test.kind, test.refuse), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				c := w.client(transport.Config{})
				if _, err := c.ClockOffset(t.Context()); err != nil {
					t.Fatal(err)
				}
				w.wire.CloseIdleConnections()
				w.set(func() { w.refuse, w.dials = test.refuse, 0 })
				send := post(test.kind)
				if test.kind == transport.Read {
					send = read("/me/order")
				}
				_, err := c.Do(t.Context(), send)
				if (err != nil) != test.failed || len(w.calls()) != test.requests || w.dials != test.dials {
					t.Errorf("Do: error %v, %d requests, %d dials; want error %t, %d requests, %d dials",
						err, len(w.calls()), w.dials, test.failed, test.requests, test.dials)
				}
				failed, ok := errors.AsType[*transport.SendError](err)
				if ok != test.failed || ok && failed.NeverSent != test.neverSent {
					t.Errorf("Do: error %v, want a SendError: %t, NeverSent: %t", err, test.failed, test.neverSent)
				}
				if test.failed && !errors.Is(err, syscall.ECONNREFUSED) {
					t.Errorf("errors.Is(%v, ECONNREFUSED) = false, want true", err)
				}
			})
		})
	}
}

// roundTripper makes a transport of a function.
type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestUncertainFailuresAreNotRepeated(t *testing.T) {
	t.Parallel()
	dial := &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
	for _, test := range []struct {
		name      string
		trip      func(*http.Request) error
		attempts  int
		neverSent bool
	}{
		{"dial", func(*http.Request) error { return dial }, 4, true},
		{"dial to a proxy", func(*http.Request) error {
			return &net.OpError{Op: "proxyconnect", Err: dial}
		}, 4, true},
		{"lookup", func(*http.Request) error {
			return &net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: "api.test"}}
		}, 4, true},
		{"dial after a connection", func(r *http.Request) error {
			httptrace.ContextClientTrace(r.Context()).GotConn(httptrace.GotConnInfo{})
			return dial
		}, 1, false},
		{"dial after headers", func(r *http.Request) error {
			httptrace.ContextClientTrace(r.Context()).WroteHeaders()
			return dial
		}, 1, false},
		{"write", func(*http.Request) error { return &net.OpError{Op: "write", Err: syscall.EPIPE} }, 1, false},
		{"bare", func(*http.Request) error { return syscall.ECONNREFUSED }, 1, false},
		{"lookup, bare", func(*http.Request) error { return &net.DNSError{Err: "no such host"} }, 1, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				c := w.client(transport.Config{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
					if r.Method == http.MethodGet {
						return w.wire.RoundTrip(r)
					}
					return nil, test.trip(r)
				})})
				_, err := c.Do(t.Context(), post(transport.Spend))
				failed, ok := errors.AsType[*transport.SendError](err)
				if !ok || failed.Attempts != test.attempts || failed.NeverSent != test.neverSent {
					t.Errorf("Do: %v (%+v), want a SendError after %d attempts, NeverSent %t", err, failed, test.attempts, test.neverSent)
				}
			})
		})
	}
}

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	date := func(d time.Duration) string { return time.Now().Add(d).UTC().Format(http.TimeFormat) }
	for _, test := range []struct {
		name   string
		header func() []string
		status int // of the answer in the end
		pause  time.Duration
	}{
		{"seconds", func() []string { return []string{"Retry-After", "7"} }, 200, 7 * time.Second},
		{"date", func() []string { return []string{"Retry-After", date(11 * time.Second)} }, 200, 11 * time.Second},
		{"date of a clock that is off", func() []string {
			return []string{"Date", date(-time.Hour), "Retry-After", date(-time.Hour + 13*time.Second)}
		}, 200, 13 * time.Second},
		{"all the budget", func() []string { return []string{"Retry-After", "120"} }, 200, 2 * time.Minute},
		{"more than the budget", func() []string { return []string{"Retry-After", "121"} }, 503, 0},
		{"more than an int64 of nanoseconds", func() []string {
			return []string{"Retry-After", strconv.Itoa(1 << 62)}
		}, 503, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, status(503, test.header()...))
				c := w.client(transport.Config{})
				start := time.Now()
				r, err := c.Do(t.Context(), read("/me/order"))
				if err != nil || r.Status != test.status {
					t.Fatalf("Do = %v, %v, want status %d", r, err, test.status)
				}
				if took := time.Since(start); took != test.pause {
					t.Errorf("Do took %v, want %v", took, test.pause)
				}
			})
		})
	}
	for _, value := range []string{"0", "-5", "soon", "1.5", "Mon, 01 Jan 1990 00:00:00 GMT"} {
		t.Run(value, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, status(503, "Retry-After", value))
				start := time.Now()
				r, err := w.client(transport.Config{}).Do(t.Context(), read("/me/order"))
				if err != nil || r.Status != 200 {
					t.Fatalf("Do = %v, %v, want status 200", r, err)
				}
				if took := time.Since(start); took > 500*time.Millisecond {
					t.Errorf("Do took %v, want at most the first backoff", took)
				}
			})
		})
	}
}

func TestBackoff(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, statuses(500, 40)...)
		c := w.client(transport.Config{Attempts: 1000, RetryFor: 5 * time.Minute})
		r, err := c.Do(t.Context(), read("/me/order"))
		if err != nil {
			t.Fatal(err)
		}
		calls := w.calls()
		bound, previous := 500*time.Millisecond, calls[0].at
		distinct := map[time.Duration]bool{}
		for i, call := range calls[1:] {
			pause := call.at.Sub(previous)
			if pause > bound {
				t.Errorf("pause %d = %v, want at most %v", i, pause, bound)
			}
			if bound == 30*time.Second {
				distinct[pause] = true
			}
			bound, previous = min(2*bound, 30*time.Second), call.at
		}
		if len(distinct) < 2 {
			t.Errorf("%d different pauses at the bound in %d attempts, want jitter", len(distinct), len(calls))
		}
		if last := previous.Sub(calls[0].at); last > 5*time.Minute {
			t.Errorf("the last attempt came after %v, want at most 5m", last)
		}
		if r.Status != 500 && len(calls) != 41 {
			t.Errorf("status %d after %d attempts", r.Status, len(calls))
		}
	})
}

func TestAttemptTimeout(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		kind     transport.Kind
		config   transport.Config
		attempts int
		least    time.Duration
	}{
		// The second attempt of a Read fails when its 2 minutes are over.
		{transport.Read, transport.Config{}, 2, 6 * time.Minute},
		{transport.Write, transport.Config{}, 1, 3 * time.Minute},
		{transport.Spend, transport.Config{}, 1, 6 * time.Minute},
		{transport.Read, transport.Config{ReadTimeout: time.Second, Attempts: 3}, 3, 3 * time.Second},
		{transport.Write, transport.Config{ReadTimeout: time.Second}, 1, time.Second},
		{transport.Spend, transport.Config{ReadTimeout: time.Second, SpendTimeout: time.Minute}, 1, time.Minute},
	} {
		t.Run(fmt.Sprint(test.kind, test.config.ReadTimeout), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, hang, hang, hang, hang)
				c := w.client(test.config)
				send := post(test.kind)
				if test.kind == transport.Read {
					send = read("/me/order")
				}
				start := time.Now()
				_, err := c.Do(t.Context(), send)
				failed, ok := errors.AsType[*transport.SendError](err)
				if !ok || failed.NeverSent || failed.Attempts != test.attempts || !errors.Is(err, transport.ErrTimeout) {
					t.Errorf("Do: %v, want a SendError with ErrTimeout after %d attempts", err, test.attempts)
				}
				if errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("errors.Is(%v, DeadlineExceeded) = true, want false: it is not the caller's", err)
				}
				if took := time.Since(start); took < test.least || took > test.least+2*time.Second {
					t.Errorf("Do took %v, want %v and the backoff", took, test.least)
				}
			})
		})
	}
}

func TestSpendTimeoutIsNoLessThanTheTimeout(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, hang)
		api := keyed(t, "http://api.test/1.0")
		api.Timeout = 10 * time.Minute
		start := time.Now()
		_, err := w.client(transport.Config{API: api}).Do(t.Context(), post(transport.Spend))
		if !errors.Is(err, transport.ErrTimeout) || time.Since(start) != 10*time.Minute {
			t.Errorf("Do: %v after %v, want ErrTimeout after 10m", err, time.Since(start))
		}
	})
}

// Only the caller's own context may be blamed.
func TestContextErrorOfTheTransport(t *testing.T) {
	t.Parallel()
	c, err := transport.New(transport.Config{
		API: keyed(t, "http://api.test/1.0"),
		Transport: roundTripper(func(*http.Request) (*http.Response, error) {
			return nil, fmt.Errorf("inner: %w", context.Canceled)
		}),
	})
	if err != nil {
		t.Fatal(err)
	}
	send := post(transport.Spend)
	send.NoAuth = true
	if _, err = c.Do(t.Context(), send); err == nil || errors.Is(err, context.Canceled) {
		t.Errorf("Do: %v, want an error that is not Canceled", err)
	}
}

func TestWritesCannotBeReplayed(t *testing.T) {
	t.Parallel()
	for _, kind := range []transport.Kind{transport.Write, transport.Spend} {
		c, err := transport.New(transport.Config{
			API: keyed(t, "http://api.test/1.0"),
			Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
				if r.GetBody != nil {
					t.Errorf("kind %d: GetBody is there for net/http to send the body again", kind)
				}
				return answer("{}"), nil
			}),
		})
		if err != nil {
			t.Fatal(err)
		}
		send := post(kind)
		send.NoAuth = true
		if _, err := c.Do(t.Context(), send); err != nil {
			t.Error(err)
		}
	}
}
