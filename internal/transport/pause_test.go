package transport_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ovhrenew/ovhrenew/internal/transport"
	"golang.org/x/time/rate"
)

func TestTooManyRequestsHoldsEverybody(t *testing.T) {
	t.Parallel()
	for _, kind := range []transport.Kind{transport.Read, transport.Write, transport.Spend} {
		t.Run(fmt.Sprint(kind), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, status(429, "Retry-After", "30"))
				c := w.client(transport.Config{})
				start := time.Now()
				first := make(chan error)
				go func() {
					send := post(kind)
					if kind == transport.Read {
						send = read("/me/order")
					}
					_, err := c.Do(t.Context(), send)
					first <- err
				}()
				synctest.Wait() // it has met the 429
				for range 5 {
					go func() {
						_, err := c.Do(t.Context(), post(transport.Spend))
						first <- err
					}()
				}
				for range 6 {
					if err := <-first; err != nil {
						t.Errorf("Do: %v", err)
					}
				}
				for _, call := range w.calls()[1:] {
					if waited := call.at.Sub(start); waited != 30*time.Second {
						t.Errorf("%s came after %v, want 30s", call.call, waited)
					}
				}
			})
		})
	}
}

func TestTooManyRequestsHoldsNobodyForHours(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, status(429, "Retry-After", "86400"))
		c := w.client(transport.Config{})
		r, err := c.Do(t.Context(), read("/me/order"))
		if err != nil || r.Status != 429 {
			t.Fatalf("Do = %v, %v, want the 429", r, err)
		}
		start := time.Now()
		if r, err = c.Do(t.Context(), read("/me/order")); err != nil || r.Status != 200 {
			t.Fatalf("Do = %v, %v, want status 200", r, err)
		}
		if took := time.Since(start); took != 2*time.Minute {
			t.Errorf("the next request waited %v, want 2m", took)
		}
	})
}

func TestLongerPauseWins(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		slow := func(rw http.ResponseWriter, r *http.Request) {
			pass(t, time.Second)
			status(429, "Retry-After", "5")(rw, r)
		}
		w := newWorld(t, slow, status(429, "Retry-After", "30"))
		c := w.client(transport.Config{})
		start := time.Now()
		done := make(chan error)
		go func() {
			_, err := c.Do(t.Context(), post(transport.Spend))
			done <- err
		}()
		synctest.Wait() // the first is with the server
		if _, err := c.Do(t.Context(), post(transport.Spend)); err != nil {
			t.Fatal(err)
		}
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		if _, err := c.Do(t.Context(), post(transport.Spend)); err != nil {
			t.Fatal(err)
		}
		if waited := w.calls()[2].at.Sub(start); waited != 30*time.Second {
			t.Errorf("the request after both answers came after %v, want 30s", waited)
		}
	})
}

// limiter makes a limiter of a function.
type limiter func(context.Context) error

func (f limiter) Wait(ctx context.Context) error { return f(ctx) }

func TestPauseThatBeginsWhileTheLimiterWaits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		turns := 0
		c := w.client(transport.Config{Limiter: limiter(func(context.Context) error {
			if turns++; turns == 3 {
				pass(t, 2*time.Second)
			}
			return nil
		})})
		start := time.Now()
		if _, err := c.Do(t.Context(), read("/me")); err != nil { // turns 1 and 2, for the time
			t.Fatal(err)
		}
		w.set(func() { w.steps = []http.HandlerFunc{status(429, "Retry-After", "30")} })
		done := make(chan error)
		go func() {
			_, err := c.Do(t.Context(), post(transport.Spend))
			done <- err
		}()
		synctest.Wait() // it waits for the limiter
		if _, err := c.Do(t.Context(), post(transport.Spend)); err != nil {
			t.Fatal(err)
		}
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		if waited := w.calls()[2].at.Sub(start); waited != 30*time.Second {
			t.Errorf("the request that waited for the limiter came after %v, want 30s", waited)
		}
	})
}

func TestLimiterThatFails(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		c := w.client(transport.Config{Limiter: rate.NewLimiter(1, 0)})
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		_, err := c.Do(ctx, post(transport.Spend))
		failed, ok := errors.AsType[*transport.SendError](err)
		if !ok || !failed.NeverSent || errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Do: %v, want a SendError of the limiter's own error, NeverSent", err)
		}
	})
}
