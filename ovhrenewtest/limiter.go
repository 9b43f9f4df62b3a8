package ovhrenewtest

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"
)

// TestLimiter tests a limiter that newLimiter makes: it lets perMinute requests a minute
// through, after the first burst at once. The methods WaitFirst(context.Context) error
// and Pause(time.Duration) are tested where the limiter has them. It takes some seconds,
// or none within a bubble of testing/synctest.
func TestLimiter(t *testing.T, newLimiter func(perMinute, burst int) interface{ Wait(context.Context) error }) {
	t.Helper()
	testLimiterPace(t, newLimiter(1200, 4))
	testLimiterContext(t, newLimiter(300, 1))
	if first, ok := newLimiter(300, 1).(spendingLimiter); ok {
		testLimiterFirst(t, first)
	}
	if pausing, ok := newLimiter(300, 1).(pausingLimiter); ok {
		testLimiterPause(t, pausing)
	}
}

type (
	pacingLimiter   interface{ Wait(context.Context) error }
	spendingLimiter interface {
		pacingLimiter
		WaitFirst(ctx context.Context) error
	}
	pausingLimiter interface {
		pacingLimiter
		Pause(d time.Duration)
	}
)

// limiterSlack is how much two clocks may differ.
const limiterSlack = 5 * time.Millisecond

// pass waits for a limiter.
func pass(t *testing.T, wait func(context.Context) error) {
	t.Helper()
	if err := wait(t.Context()); err != nil {
		t.Errorf("Wait: %v", err)
	}
}

// testLimiterPace: 16 goroutines together keep to 1,200 a minute after a burst of 4.
func testLimiterPace(t *testing.T, limiter pacingLimiter) {
	t.Helper()
	const goroutines, each, burst, interval = 16, 2, 4, 50 * time.Millisecond
	passed := make(chan time.Duration, goroutines*each)
	var wait sync.WaitGroup
	start := time.Now()
	for range goroutines {
		wait.Go(func() {
			for range each {
				pass(t, limiter.Wait)
				passed <- time.Since(start)
			}
		})
	}
	wait.Wait()
	var at []time.Duration
	for range goroutines * each {
		at = append(at, <-passed)
	}
	slices.Sort(at)
	for i, passed := range at {
		if soonest := time.Duration(i+1-burst) * interval; passed < soonest-limiterSlack {
			t.Errorf("request %d passed after %v, want %v at the soonest", i+1, passed, soonest)
		}
	}
	if last, want := at[len(at)-1], (goroutines*each-burst)*interval; last > 2*want+time.Second {
		t.Errorf("the last request passed after %v, want about %v", last, want)
	}
}

// testLimiterContext: a context ends the wait, and who gives up takes nothing.
func testLimiterContext(t *testing.T, limiter pacingLimiter) {
	t.Helper()
	const interval = 200 * time.Millisecond
	ended, end := context.WithCancel(t.Context())
	end()
	if err := limiter.Wait(ended); !errors.Is(err, context.Canceled) {
		t.Errorf("Wait with a context that has ended: %v, want %v", err, context.Canceled)
	}
	start := time.Now()
	pass(t, limiter.Wait)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	time.AfterFunc(interval/4, cancel) // while it waits
	if err := limiter.Wait(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("Wait: %v, want %v", err, context.Canceled)
	}
	if waited := time.Since(start); waited >= interval {
		t.Errorf("Wait ended %v after the start, want it to end with its context after %v", waited, interval/4)
	}
	pass(t, limiter.Wait)
	if waited := time.Since(start); waited < interval-limiterSlack || waited >= 2*interval {
		t.Errorf("the second request passed after %v, want %v: who gave up takes nothing", waited, interval)
	}
}

// testLimiterFirst: what spends goes before all that wait.
func testLimiterFirst(t *testing.T, limiter spendingLimiter) {
	t.Helper()
	const reads, interval = 4, 200 * time.Millisecond
	pass(t, limiter.Wait)
	passed := make(chan string, reads+1)
	hold := func(name string, wait func(context.Context) error) {
		pass(t, wait)
		passed <- name
	}
	for range reads {
		go hold("Wait", limiter.Wait)
	}
	<-time.After(interval / 4) // they wait
	go hold("WaitFirst", limiter.WaitFirst)
	if first := <-passed; first != "WaitFirst" {
		t.Errorf("%s passed first, want WaitFirst", first)
	}
	for range reads {
		if <-passed != "Wait" {
			t.Error("WaitFirst passed twice")
		}
	}
}

// testLimiterPause: a pause holds all, also those that wait already, and a shorter one
// does not end it.
func testLimiterPause(t *testing.T, limiter pausingLimiter) {
	t.Helper()
	const pause, interval = 500 * time.Millisecond, 200 * time.Millisecond
	pass(t, limiter.Wait)
	start := time.Now()
	var wait sync.WaitGroup
	hold := func(f func(context.Context) error) {
		wait.Go(func() {
			pass(t, f)
			if passed := time.Since(start); passed < pause-limiterSlack {
				t.Errorf("passed after %v, want the pause of %v to hold it", passed, pause)
			}
		})
	}
	hold(limiter.Wait)
	hold(limiter.Wait)
	<-time.After(interval / 4) // they wait
	limiter.Pause(pause)
	limiter.Pause(pause / 10)
	hold(limiter.Wait)
	if first, ok := limiter.(spendingLimiter); ok {
		hold(first.WaitFirst)
	}
	wait.Wait()
}
