package transport_test

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ovhrenew/ovhrenew/internal/transport"
)

// many runs f at the same time and returns the errors.
func many(n int, f func() error) []error {
	errs := make([]error, n)
	var wait sync.WaitGroup
	for i := range errs {
		wait.Go(func() { errs[i] = f() })
	}
	wait.Wait()
	return errs
}

func TestClockIsShared(t *testing.T) {
	t.Parallel()
	slowly := func(then http.HandlerFunc) http.HandlerFunc {
		return func(rw http.ResponseWriter, r *http.Request) {
			pass(t, time.Second)
			then(rw, r)
		}
	}
	now := func(rw http.ResponseWriter, r *http.Request) {
		text(200, strconv.FormatInt(time.Now().Unix(), 10))(rw, r)
	}
	t.Run("success", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t)
			w.clock = slowly(now)
			c := w.client(transport.Config{})
			for _, err := range many(20, func() error { _, err := c.Do(t.Context(), read("/me/order")); return err }) {
				if err != nil {
					t.Error(err)
				}
			}
			if w.clockRequests() != 1 {
				t.Errorf("%d requests for the time, want 1", w.clockRequests())
			}
		})
	})
	t.Run("failure", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t)
			w.clock = slowly(status(404))
			c := w.client(transport.Config{})
			for _, err := range many(20, func() error { _, err := c.Do(t.Context(), read("/me/order")); return err }) {
				if err == nil {
					t.Error("Do: no error")
				}
			}
			if w.clockRequests() != 1 {
				t.Errorf("%d requests for the time, want 1", w.clockRequests())
			}
		})
	})
	t.Run("the one who asks gives up", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t)
			w.clock = hang
			c := w.client(transport.Config{})
			impatient, cancel := context.WithCancel(t.Context())
			gaveUp := make(chan error, 1)
			go func() {
				_, err := c.Do(impatient, read("/me/order"))
				gaveUp <- err
			}()
			synctest.Wait() // it asks for the time
			others := make(chan []error)
			go func() {
				others <- many(20, func() error { _, err := c.Do(t.Context(), read("/me/order")); return err })
			}()
			synctest.Wait() // they wait for its answer
			if w.clockRequests() != 1 {
				t.Fatalf("%d requests for the time, want 1", w.clockRequests())
			}
			w.set(func() { w.clock = slowly(now) })
			cancel()
			if err := <-gaveUp; !errors.Is(err, context.Canceled) {
				t.Errorf("Do: %v, want Canceled", err)
			}
			for _, err := range <-others {
				if err != nil {
					t.Errorf("Do of another: %v", err)
				}
			}
			if w.clockRequests() != 2 {
				t.Errorf("%d requests for the time, want 2", w.clockRequests())
			}
		})
	})
	t.Run("one who waits gives up", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t)
			w.clock = slowly(now)
			c := w.client(transport.Config{})
			patient := make(chan error, 1)
			go func() {
				_, err := c.Do(t.Context(), read("/me/order"))
				patient <- err
			}()
			synctest.Wait()
			ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
			defer cancel()
			start := time.Now()
			_, err := c.Do(ctx, read("/me/order"))
			if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != time.Millisecond {
				t.Errorf("Do: %v after %v, want DeadlineExceeded after 1ms", err, time.Since(start))
			}
			if err := <-patient; err != nil {
				t.Error(err)
			}
		})
	})
}

// A fetch that ended for the fetcher's own reasons is not the others' failure.
func TestClockIsTakenOver(t *testing.T) {
	t.Parallel()
	for _, how := range []string{"limiter", "panic"} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				turns, trips := 0, 0
				config := transport.Config{
					Limiter: limiter(func(context.Context) error {
						if turns++; turns == 2 && how == "limiter" {
							pass(t, time.Second)
							return context.DeadlineExceeded
						}
						return nil
					}),
					Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
						if trips++; trips == 1 && how == "panic" {
							pass(t, time.Second)
							panic("a foreign transport's")
						}
						return w.wire.RoundTrip(r)
					}),
				}
				c := w.client(config)
				first := make(chan any)
				go func() {
					defer func() { first <- recover() }()
					if _, err := c.Do(t.Context(), read("/me")); !errors.Is(err, context.DeadlineExceeded) {
						t.Errorf("Do: %v, want the limiter's DeadlineExceeded", err)
					}
				}()
				synctest.Wait() // it is about to ask for the time
				if _, err := c.Do(t.Context(), read("/me/order")); err != nil {
					t.Errorf("Do of another: %v", err)
				}
				if got := <-first; (got != nil) != (how == "panic") {
					t.Errorf("recover() = %v", got)
				}
			})
		})
	}
}
