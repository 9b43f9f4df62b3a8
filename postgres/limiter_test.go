package postgres_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
	"github.com/ovhrenew/ovhrenew/postgres"
)

func TestLimiter(t *testing.T) {
	t.Parallel()
	pool := database(t)
	n := 0
	ovhrenewtest.TestLimiter(t, func(perMinute, burst int) interface{ Wait(context.Context) error } {
		n++
		l, err := postgres.NewLimiter(pool, string(rune('a'+n)), perMinute, burst)
		if err != nil {
			t.Fatal(err)
		}
		return l
	})
}

func limiter(t *testing.T, pool *pgxpool.Pool, perMinute, burst int) *postgres.Limiter {
	t.Helper()
	l, err := postgres.NewLimiter(pool, "key", perMinute, burst)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// TestLimiterShared: what several processes send together keeps to the pace.
func TestLimiterShared(t *testing.T) {
	t.Parallel()
	pool := database(t)
	const processes, each, burst, interval = 4, 10, 3, 20 * time.Millisecond
	var (
		mu sync.Mutex
		at []time.Duration
		wg sync.WaitGroup
	)
	start := time.Now()
	for range processes {
		l := limiter(t, pool, 3000, burst)
		for range each {
			wg.Go(func() {
				if err := l.Wait(t.Context()); err != nil {
					t.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
				at = append(at, time.Since(start))
			})
		}
	}
	wg.Wait()
	slices.Sort(at)
	for i, passed := range at {
		if soonest := time.Duration(i+1-burst) * interval; passed < soonest-5*time.Millisecond {
			t.Errorf("request %d passed after %v, want %v at the soonest", i+1, passed, soonest)
		}
	}
}

// TestLimiterFirstOfAll: what spends goes before the reads of other processes too.
func TestLimiterFirstOfAll(t *testing.T) {
	t.Parallel()
	pool := database(t)
	a, b := limiter(t, pool, 60, 1), limiter(t, pool, 60, 1)
	if err := a.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	passed := make(chan string, 3)
	for range 2 {
		go func() {
			if err := a.Wait(t.Context()); err != nil {
				t.Error(err)
			}
			passed <- "read"
		}()
	}
	waitFor(t, "somebody waits", func() bool { return pool.Stat().TotalConns() > 0 })
	go func() {
		if err := b.WaitFirst(t.Context()); err != nil {
			t.Error(err)
		}
		passed <- "payment"
	}()
	waitFor(t, "the payment is known to wait", func() bool {
		var n int
		return pool.QueryRow(t.Context(), "select count(*) from ovhrenew_pace_first").Scan(&n) == nil && n == 1 || len(passed) > 0
	})
	if first := <-passed; first != "payment" {
		t.Errorf("a %s passed first, want the payment", first)
	}
	for range 2 {
		<-passed
	}
	var left int
	if err := pool.QueryRow(t.Context(), "select count(*) from ovhrenew_pace_first").Scan(&left); err != nil || left != 0 {
		t.Errorf("%d are still said to wait, %v", left, err)
	}
}

// TestLimiterGivesUp: a payment that does not wait any more holds nobody back.
func TestLimiterGivesUp(t *testing.T) {
	t.Parallel()
	pool := database(t)
	l := limiter(t, pool, 60, 1)
	l.Pause(300 * time.Millisecond)
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if err := l.WaitFirst(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("WaitFirst = %v, want %v", err, context.DeadlineExceeded)
	}
	var left int
	if err := pool.QueryRow(t.Context(), "select count(*) from ovhrenew_pace_first").Scan(&left); err != nil || left != 0 {
		t.Errorf("%d are said to wait, %v", left, err)
	}
	if err := l.Wait(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestLimiterPausesAll: a pause of one process holds the others.
func TestLimiterPausesAll(t *testing.T) {
	t.Parallel()
	pool := database(t)
	a, b := limiter(t, pool, 6000, 10), limiter(t, pool, 6000, 10)
	start := time.Now()
	a.Pause(400 * time.Millisecond)
	if err := b.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	if passed := time.Since(start); passed < 395*time.Millisecond {
		t.Errorf("a request of another process passed %v after a pause of 400ms began", passed)
	}
}

// TestLimiterFails: without the database nothing passes, and a pause is kept all the same.
func TestLimiterFails(t *testing.T) {
	t.Parallel()
	pool := empty(t)
	l := limiter(t, pool, 60, 1)
	if err := l.Wait(t.Context()); !errors.Is(err, ovhrenew.ErrJournal) {
		t.Errorf("Wait without tables = %v, want %v", err, ovhrenew.ErrJournal)
	}
	start := time.Now()
	l.Pause(2 * time.Second)
	migrate(t, pool)
	if err := l.Wait(t.Context()); err != nil || time.Since(start) < 1990*time.Millisecond {
		t.Errorf("Wait after a pause of 2s that the database could not be told = %v after %v", err, time.Since(start))
	}
}
