package transport_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ovhrenew/ovhrenew/internal/transport"
)

func TestPaceOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := transport.NewPace(60, 1)
		if err := p.Wait(t.Context()); err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		passed := make(chan string, 10)
		wait := func(name string, ctx context.Context, f func(context.Context) error) {
			go func() {
				if err := f(ctx); err != nil {
					name += " gave up"
				}
				passed <- fmt.Sprint(name, " ", time.Since(start))
			}()
			synctest.Wait() // in its queue
		}
		impatient, cancel := context.WithTimeout(t.Context(), 1500*time.Millisecond)
		defer cancel()
		wait("read 1", t.Context(), p.Wait)
		wait("read 2", impatient, p.Wait)
		wait("read 3", t.Context(), p.Wait)
		wait("spend 1", t.Context(), p.WaitFirst)
		pass(t, 1200*time.Millisecond)
		wait("spend 2", t.Context(), p.WaitFirst) // read 1 is next and waits
		var got []string
		for range 5 {
			got = append(got, <-passed)
		}
		want := []string{"spend 1 1s", "read 2 gave up 1.5s", "spend 2 2s", "read 1 3s", "read 3 4s"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("passed (-want +got):\n%s", diff)
		}
	})
}

// The one whose turn is next gives up: the next one is told.
func TestPaceNextGivesUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := transport.NewPace(60, 1)
		_ = p.Wait(t.Context())
		start := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		gaveUp, read := make(chan error, 1), make(chan error, 1)
		go func() { gaveUp <- p.WaitFirst(ctx) }()
		synctest.Wait()
		go func() { read <- p.Wait(t.Context()) }()
		if err := <-gaveUp; !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("WaitFirst = %v, want %v", err, context.DeadlineExceeded)
		}
		if err := <-read; err != nil || time.Since(start) != time.Second {
			t.Errorf("Wait = %v after %v, want it to pass after 1s", err, time.Since(start))
		}
	})
}

// The pace of a client without a Limiter.
func TestDefaultPace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		c, err := transport.New(transport.Config{API: tokened(t), Transport: w.wire})
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		for i := range 13 {
			if _, err := c.Do(t.Context(), read("/me")); err != nil {
				t.Fatal(err)
			}
			if got, want := time.Since(start), time.Duration(max(0, i-9))*time.Second; got != want {
				t.Errorf("request %d after %v, want %v", i+1, got, want)
			}
		}
	})
}

// A client asks its limiter's WaitFirst for what spends and for nothing else, and tells
// its Pause of a 429.
func TestLimiterMethods(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		l := &noting{}
		c := w.client(transport.Config{API: tokened(t), Limiter: l})
		w.steps = append(w.steps, status(200), status(200), status(429, "Retry-After", "30"))
		for _, r := range []transport.Request{read("/me"), post(transport.Write), post(transport.Spend)} {
			if _, err := c.Do(t.Context(), r); err != nil {
				t.Error(err)
			}
		}
		if diff := cmp.Diff([]string{"wait", "wait", "first", "pause 30s"}, l.calls); diff != "" {
			t.Errorf("the limiter was asked (-want +got):\n%s", diff)
		}
	})
}

// noting is a limiter that notes what it is asked.
type noting struct{ calls []string }

func (l *noting) Wait(context.Context) error      { l.calls = append(l.calls, "wait"); return nil }
func (l *noting) WaitFirst(context.Context) error { l.calls = append(l.calls, "first"); return nil }
func (l *noting) Pause(d time.Duration)           { l.calls = append(l.calls, "pause "+d.String()) }

func TestDefaultLimiter(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		c, err := transport.New(transport.Config{API: keyed(t, "http://api.test/1.0"), Transport: w.wire})
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		for range 69 { // and one request for the time
			if _, err := c.Do(t.Context(), read("/me/order")); err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(start); took != time.Minute {
			t.Errorf("70 requests took %v, want 1m after the first 10", took)
		}
		// A deadline that cannot be met is the deadline's error, and known at once.
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		_, err = c.Do(ctx, read("/me/order"))
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Do: %v, want DeadlineExceeded", err)
		}
	})
}
