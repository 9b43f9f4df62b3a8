package transport_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unsafe"

	"github.com/ovhrenew/ovhrenew/internal/transport"
)

// wantStale checks that err says that nothing was sent, and that nothing arrived.
func wantStale(t *testing.T, w *world, err error, before int) {
	t.Helper()
	failed, ok := errors.AsType[*transport.SendError](err)
	if !ok || !failed.NeverSent || !errors.Is(err, transport.ErrStale) {
		t.Errorf("Do: %v, want a SendError with NeverSent and ErrStale", err)
	}
	if got := len(w.calls()); got != before {
		t.Errorf("%d requests arrived, want %d", got, before)
	}
}

// payWithin is a payment that may be sent for that long.
func payWithin(d time.Duration) transport.Request {
	r := post(transport.Spend)
	r.NotAfter = time.Now().Add(d)
	return r
}

func TestSpendIsNotSentLate(t *testing.T) {
	t.Parallel()
	slow := func(w *world, d time.Duration) {
		w.wire.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
			pass(w.t, d)
			return w.dial(ctx, network, address)
		}
	}
	for name, config := range map[string]func(w *world, d time.Duration) transport.Config{
		"limiter": func(w *world, d time.Duration) transport.Config {
			return transport.Config{Limiter: limiter(func(context.Context) error { pass(w.t, d); return nil })}
		},
		"dial": func(w *world, d time.Duration) transport.Config {
			slow(w, d)
			return transport.Config{}
		},
		"body": func(w *world, d time.Duration) transport.Config {
			return transport.Config{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
				pass(w.t, d) // the machine sleeps between the making of the body and its reading
				return w.wire.RoundTrip(r)
			})}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				w.aborts = true
				settings := config(w, time.Minute)
				settings.API = tokened(t)
				c := w.client(settings)
				_, err := c.Do(t.Context(), payWithin(59*time.Second))
				wantStale(t, w, err, 0)
				w.wire.CloseIdleConnections()
				if r, err := c.Do(t.Context(), payWithin(61*time.Second)); err != nil || r.Status != 200 {
					t.Errorf("Do in time = %v, %v, want status 200", r, err)
				}
			})
		})
	}
}

func TestSpendIsNotSentLateOverAnOpenConnection(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.aborts = true
		pause := time.Duration(0)
		c := w.client(transport.Config{API: tokened(t), Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
			pass(t, pause)
			return w.wire.RoundTrip(r)
		})})
		if _, err := c.Do(t.Context(), payWithin(time.Second)); err != nil {
			t.Fatal(err)
		}
		pause = 2 * time.Second
		_, err := c.Do(t.Context(), payWithin(time.Second))
		wantStale(t, w, err, 1)
		if w.dials != 1 {
			t.Errorf("%d connections, want the open one to be used", w.dials)
		}
		pause = 0
		if _, err := c.Do(t.Context(), payWithin(time.Second)); err != nil {
			t.Errorf("Do in time: %v", err)
		}
	})
}

// What is late before the first attempt takes no turn from others.
func TestLateSpendTakesNoTurn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		turns := 0
		c := w.client(transport.Config{Limiter: limiter(func(context.Context) error { turns++; return nil })})
		_, err := c.Do(t.Context(), payWithin(-time.Nanosecond))
		wantStale(t, w, err, 0)
		if turns != 0 {
			t.Errorf("%d turns, want none", turns)
		}
	})
}

// A repetition after a refused connection is as late as a first attempt.
func TestLateSpendIsNotRepeated(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.refuse = 1
		c := w.client(transport.Config{API: tokened(t)})
		_, err := c.Do(t.Context(), payWithin(0)) // the pause after the refused connection is too long
		wantStale(t, w, err, 0)
		if w.dials != 1 {
			t.Errorf("%d connections were tried, want one", w.dials)
		}
	})
}

// slept returns t as a machine sees it that has slept for d since: the wall clock has
// gone on, the monotonic one has not.
func slept(t *testing.T, at time.Time, d time.Duration) time.Time {
	t.Helper()
	late := at
	(*struct{ wall, ext uint64 })(unsafe.Pointer(&late)).ext += uint64(d) // time.Time has no other way
	if !late.Round(0).Equal(at.Round(0)) || late.Sub(at) != d {
		t.Fatal("the layout of time.Time has changed")
	}
	return late
}

func TestSpendIsNotSentAfterSleep(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name       string
		wall, mono time.Duration // of what is left
	}{
		{"slept", -time.Second, time.Hour},
		{"clock set back", time.Hour, -time.Second},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			// Outside of a bubble of synctest, which has no monotonic clock.
			w := newWorld(t)
			c := w.client(transport.Config{API: tokened(t)})
			r := payWithin(test.wall)
			r.NotAfter = slept(t, r.NotAfter, test.mono-test.wall)
			_, err := c.Do(t.Context(), r)
			wantStale(t, w, err, 0)
		})
	}
}

// Only what spends has to stand on a fresh look.
func TestNotAfterIsForSpending(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		c := w.client(transport.Config{})
		for _, r := range []transport.Request{read("/me"), post(transport.Write)} {
			r.NotAfter = time.Now().Add(-time.Hour)
			if _, err := c.Do(t.Context(), r); err != nil {
				t.Errorf("%s: %v", r.Route, err)
			}
		}
	})
}

// A transport that answers for a body which it could not read is not believed.
func TestLateSpendWithAnAnswer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		c := w.client(transport.Config{API: tokened(t), Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
			pass(t, time.Minute)
			for range 2 {
				if n, err := r.Body.Read(make([]byte, 100)); n != 0 || err == nil {
					t.Errorf("Read = %d, %v, want an error", n, err)
				}
			}
			return &http.Response{StatusCode: 400, Body: io.NopCloser(strings.NewReader("{}"))}, nil
		})})
		_, err := c.Do(t.Context(), payWithin(time.Second))
		wantStale(t, w, err, 0)
	})
}

// A body that is on its way is not cut short.
func TestSpendIsNotCutShort(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		c := w.client(transport.Config{API: tokened(t), Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
			var body []byte
			for one := make([]byte, 1); ; pass(t, time.Second) {
				n, err := r.Body.Read(one)
				body = append(body, one[:n]...)
				if err == io.EOF {
					break
				}
				if err != nil {
					return nil, err
				}
			}
			return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader(string(body)))}, nil
		})})
		r, err := c.Do(t.Context(), payWithin(time.Second))
		if err != nil || string(r.Body) != `{"id":9}` {
			t.Errorf("Do = %v, %v, want the whole body", r, err)
		}
	})
}
