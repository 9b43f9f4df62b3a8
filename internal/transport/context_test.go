// What a context that ends leaves behind, wherever a request is.

package transport_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ovh/go-ovh/ovh"
	"github.com/ovhrenew/ovhrenew/internal/transport"
)

// stuck is a limiter that never lets anything through.
type stuck struct{}

func (stuck) Wait(ctx context.Context) error {
	<-ctx.Done()
	return ctx.Err()
}

func service(t testing.TB, endpoint string) *ovh.Client {
	t.Helper()
	c := &ovh.Client{ClientID: clientID, ClientSecret: clientPass, Client: &http.Client{}}
	if err := c.SetEndpoint(endpoint); err != nil {
		t.Fatal(err)
	}
	return c
}

// Whatever a call is waiting for, the end of its context ends it at once, and the
// error tells whether the request may have arrived.
func TestContextEndsAnyWait(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name      string
		prepare   func(*world) transport.Config
		attempts  int
		neverSent bool
	}{
		{"auth/time hangs", func(w *world) transport.Config {
			w.clock = hang
			return transport.Config{}
		}, 0, true},
		{"auth/time fails for long", func(w *world) transport.Config {
			w.clock = status(503, "Retry-After", "100")
			return transport.Config{}
		}, 0, true},
		{"token endpoint hangs", func(w *world) transport.Config {
			w.token = hang
			return transport.Config{API: service(w.t, "http://api.test/1.0"), TokenURL: "http://token.test/token"}
		}, 0, true},
		{"token endpoint fails for long", func(w *world) transport.Config {
			w.token = status(503, "Retry-After", "100")
			return transport.Config{API: service(w.t, "http://api.test/1.0"), TokenURL: "http://token.test/token"}
		}, 0, true},
		{"limiter", func(*world) transport.Config {
			return transport.Config{Limiter: stuck{}}
		}, 0, true},
		{"answer", func(w *world) transport.Config {
			w.steps = []http.HandlerFunc{hang}
			return transport.Config{}
		}, 1, false},
		{"body", func(w *world) transport.Config {
			w.steps = []http.HandlerFunc{func(rw http.ResponseWriter, r *http.Request) {
				cut(rw, r)
				_ = http.NewResponseController(rw).Flush()
				hang(rw, r)
			}}
			return transport.Config{}
		}, 1, false},
		{"backoff", func(w *world) transport.Config {
			w.steps = []http.HandlerFunc{status(503, "Retry-After", "100")}
			return transport.Config{}
		}, 1, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			for name, want := range map[string]error{"deadline": context.DeadlineExceeded, "cancel": context.Canceled} {
				synctest.Test(t, func(t *testing.T) {
					w := newWorld(t)
					c := w.client(test.prepare(w))
					ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
					defer cancel()
					if name == "cancel" {
						plain, stop := context.WithCancel(t.Context())
						defer time.AfterFunc(3*time.Second, stop).Stop()
						ctx = plain
					}
					start := time.Now()
					_, err := c.Do(ctx, read("/me/order"))
					failed, ok := errors.AsType[*transport.SendError](err)
					if !ok || !errors.Is(err, want) || failed.NeverSent != test.neverSent || failed.Attempts != test.attempts {
						t.Errorf("%s: Do: %v, want a SendError with %v after %d attempts, NeverSent %t",
							name, err, want, test.attempts, test.neverSent)
					}
					if took := time.Since(start); took != 3*time.Second {
						t.Errorf("%s: Do took %v, want 3s", name, took)
					}
				})
			}
		})
	}
}

func TestContextEndsSharedPause(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, status(429, "Retry-After", "100"))
		c := w.client(transport.Config{})
		if _, err := c.Do(t.Context(), post(transport.Spend)); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		start := time.Now()
		_, err := c.Do(ctx, post(transport.Spend))
		failed, ok := errors.AsType[*transport.SendError](err)
		if !ok || !failed.NeverSent || !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != time.Second {
			t.Errorf("Do: %v after %v, want the deadline after 1s, and NeverSent", err, time.Since(start))
		}
	})
}

func TestCancelledBeforeSending(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		c := w.client(transport.Config{})
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := c.Do(ctx, post(transport.Spend))
		failed, ok := errors.AsType[*transport.SendError](err)
		if !ok || !failed.NeverSent || !errors.Is(err, context.Canceled) || len(w.calls()) != 0 {
			t.Errorf("Do: %v, and %d requests, want Canceled, NeverSent and none", err, len(w.calls()))
		}
	})
}
