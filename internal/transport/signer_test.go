package transport_test

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ovhrenew/ovhrenew/internal/transport"
)

func TestClockOffset(t *testing.T) {
	t.Parallel()
	for _, skew := range []time.Duration{0, time.Hour, -90 * time.Second, 40000 * time.Hour} {
		t.Run(skew.String(), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				w.skew = skew
				pass(t, 900*time.Millisecond)
				c := w.client(transport.Config{})
				got, err := c.ClockOffset(t.Context())
				if err != nil || got != skew {
					t.Errorf("ClockOffset() = %v, %v, want %v", got, err, skew)
				}
				for _, pause := range []time.Duration{0, 150 * time.Millisecond, 300 * time.Millisecond, 450 * time.Millisecond, time.Hour} {
					pass(t, pause)
					if _, err := c.Do(t.Context(), post(transport.Spend)); err != nil {
						t.Error(err) // the server checks the timestamp
					}
				}
				if w.clockRequests() != 1 {
					t.Errorf("%d requests for the time, want 1", w.clockRequests())
				}
			})
		})
	}
}

// TestClockOfCache answers the time from a cache, which says how old it is.
func TestClockOfCache(t *testing.T) {
	t.Parallel()
	for age, old := range map[string]time.Duration{"0": 0, "3600": time.Hour, "93600": 26 * time.Hour, "-5": 0, "1e3": 0} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t)
			w.clock = func(out http.ResponseWriter, r *http.Request) {
				if r.Header.Get("Pragma") != "no-cache" {
					t.Error("a cache may answer")
				}
				out.Header().Set("Age", age)
				fmt.Fprint(out, time.Now().Add(-old).Unix())
			}
			if got, err := w.client(transport.Config{}).ClockOffset(t.Context()); got != 0 || err != nil {
				t.Errorf("Age: %s: the clock is off by %v, %v", age, got, err)
			}
		})
	}
}

func TestClockRefused(t *testing.T) {
	t.Parallel()
	for _, answer := range []http.HandlerFunc{
		status(404), text(404, "1700000000"), text(200, ""), text(200, "null"), text(200, `"now"`), text(200, "-1"), text(200, "1.5"), text(200, "{}"), status(302, "Location", "/elsewhere"),
	} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t)
			w.clock = answer
			c := w.client(transport.Config{})
			_, err := c.Do(t.Context(), post(transport.Spend))
			failed, ok := errors.AsType[*transport.SendError](err)
			if !ok || !failed.NeverSent || failed.Route != post(transport.Spend).Route || len(w.calls()) != 0 {
				t.Errorf("Do: %v, want a SendError of the call, NeverSent", err)
			}
			if _, err := c.ClockOffset(t.Context()); err == nil {
				t.Error("ClockOffset(): no error")
			}
			w.set(func() { w.clock = nil })
			if _, err := c.Do(t.Context(), post(transport.Spend)); err != nil {
				t.Errorf("Do: %v, want the time to be asked for again", err)
			}
		})
	}
}

// A slow answer does not make the server's clock look slow.
func TestClockOfASlowServer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.clock = func(rw http.ResponseWriter, _ *http.Request) {
			pass(t, 10*time.Second)
			now := time.Now().Unix()
			pass(t, 10*time.Second)
			text(200, strconv.FormatInt(now, 10))(rw, nil)
		}
		if got, err := w.client(transport.Config{}).ClockOffset(t.Context()); err != nil || got != 0 {
			t.Errorf("ClockOffset() = %v, %v, want 0", got, err)
		}
	})
}

// late refuses requests that are signed for another time than the server's.
func late(w *world) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		stamp, _ := strconv.ParseInt(r.Header.Get("X-Ovh-Timestamp"), 10, 64)
		w.mu.Lock()
		now := time.Now().Add(w.skew)
		w.mu.Unlock()
		if now.Sub(time.Unix(stamp, 0)).Abs() > 30*time.Second {
			text(400, `{"errorCode":"QUERY_TIME_OUT","httpCode":"400 Bad Request","message":"Query out of time"}`)(rw, r)
			return
		}
		status(200)(rw, r)
	}
}

func TestClockIsReadAgain(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name           string
		send           transport.Request
		status         int // of the first answer
		requests, time int
	}{
		{"read", read("/me/order"), 200, 2, 2},
		{"write", post(transport.Write), 400, 1, 1},
		{"spend", post(transport.Spend), 400, 1, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				w.clock = func(rw http.ResponseWriter, r *http.Request) {
					w.mu.Lock()
					now := time.Now().Add(w.skew)
					w.mu.Unlock()
					text(200, strconv.FormatInt(now.Unix(), 10))(rw, r)
				}
				w.steps = []http.HandlerFunc{late(w), late(w), late(w), late(w)}
				c := w.client(transport.Config{Attempts: 1})
				if _, err := c.ClockOffset(t.Context()); err != nil {
					t.Fatal(err)
				}
				w.set(func() { w.skew = 10 * time.Minute })
				r, err := c.Do(t.Context(), test.send)
				if err != nil || r.Status != test.status || len(w.calls()) != test.requests || w.clockRequests() != test.time {
					t.Errorf("Do = %v, %v, %d requests, %d for the time; want status %d, %d and %d",
						r, err, len(w.calls()), w.clockRequests(), test.status, test.requests, test.time)
				}
				if r, err = c.Do(t.Context(), test.send); err != nil || r.Status != 200 || w.clockRequests() != 2 {
					t.Errorf("next Do = %v, %v, want status 200 with the new time", r, err)
				}
			})
		})
	}
}

func TestClockIsReadAgainOnceForAll(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		for i := range 5 {
			w.steps = append(w.steps, func(rw http.ResponseWriter, r *http.Request) {
				pass(t, time.Duration(i+1)*time.Second)
				text(400, `{"errorCode":"QUERY_TIME_OUT"}`)(rw, r)
			})
		}
		c := w.client(transport.Config{})
		if _, err := c.ClockOffset(t.Context()); err != nil {
			t.Fatal(err)
		}
		for _, err := range many(5, func() error { _, err := c.Do(t.Context(), read("/me")); return err }) {
			if err != nil {
				t.Error(err)
			}
		}
		if w.clockRequests() != 2 || len(w.calls()) != 10 {
			t.Errorf("%d requests for the time, %d others; want 2 and 10", w.clockRequests(), len(w.calls()))
		}
	})
}

func TestClockIsReadAgainOnce(t *testing.T) {
	t.Parallel()
	refuse := text(400, `{"errorCode":"QUERY_TIME_OUT"}`)
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, refuse, refuse, refuse, refuse, refuse)
		c := w.client(transport.Config{})
		r, err := c.Do(t.Context(), read("/me/order"))
		if err != nil || r.Status != 400 || len(w.calls()) != 2 || w.clockRequests() != 2 {
			t.Errorf("Do = %v, %v, %d requests, %d for the time; want the 400, 2 and 2", r, err, len(w.calls()), w.clockRequests())
		}
	})
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, text(400, `{"errorCode":"INVALID_SIGNATURE"}`), text(400, `QUERY_TIME_OUT`))
		c := w.client(transport.Config{})
		for range 2 {
			if r, err := c.Do(t.Context(), read("/me/order")); err != nil || r.Status != 400 {
				t.Errorf("Do = %v, %v, want the 400", r, err)
			}
		}
		if w.clockRequests() != 1 {
			t.Errorf("%d requests for the time, want 1", w.clockRequests())
		}
	})
}

// TestDrift: a clock that was set, or that went on while the machine slept, is told from
// one that ran as time did.
func TestDrift(t *testing.T) {
	t.Parallel()
	now := time.Now()
	if d := transport.Drift(now, now.Add(-time.Hour)); d != 0 {
		t.Errorf("drift of an hour that both clocks ran = %v, want 0", d)
	}
	for _, by := range []time.Duration{time.Hour, -time.Hour} {
		if d := transport.Drift(now, slept(t, now, by)); d != time.Hour {
			t.Errorf("drift of clocks that are %v apart = %v, want 1h", by, d)
		}
	}
}
