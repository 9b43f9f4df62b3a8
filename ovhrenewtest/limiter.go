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
	testLimiterPace(t, newLimiter(1200, 4).Wait)
	testLimiterContext(t, newLimiter(300, 1).Wait)
	limiter := newLimiter(300, 1)
	first, spends := limiter.(interface{ WaitFirst(context.Context) error })
	waits := []waiting{limiter.Wait}
	if spends {
		testLimiterFirst(t, limiter.Wait, first.WaitFirst)
		waits = append(waits, first.WaitFirst)
	}
	if pausing, ok := limiter.(interface{ Pause(time.Duration) }); ok {
		testLimiterPause(t, pausing.Pause, waits)
	}
}

type waiting = func(context.Context) error

// limiterSlack is how much two clocks may differ.
const limiterSlack = 5 * time.Millisecond

func pass(t *testing.T, wait waiting) {
	t.Helper()
	if err := wait(t.Context()); err != nil {
		t.Errorf("Wait: %v", err)
	}
}

// testLimiterPace: 16 goroutines together keep to 1,200 a minute after a burst of 4.
func testLimiterPace(t *testing.T, wait waiting) {
	t.Helper()
	const goroutines, each, burst, interval = 16, 2, 4, 50 * time.Millisecond
	at := make([]time.Duration, goroutines*each)
	var all sync.WaitGroup
	start := time.Now()
	for one := range goroutines {
		all.Go(func() {
			for i := range each {
				pass(t, wait)
				at[one*each+i] = time.Since(start)
			}
		})
	}
	all.Wait()
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
func testLimiterContext(t *testing.T, wait waiting) {
	t.Helper()
	const interval = 200 * time.Millisecond
	ended, end := context.WithCancel(t.Context())
	end()
	if err := wait(ended); !errors.Is(err, context.Canceled) {
		t.Errorf("Wait with a context that has ended: %v, want %v", err, context.Canceled)
	}
	start := time.Now()
	pass(t, wait)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	time.AfterFunc(interval/4, cancel) // while it waits
	if err := wait(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("Wait: %v, want %v", err, context.Canceled)
	}
	if waited := time.Since(start); waited >= interval {
		t.Errorf("Wait ended %v after the start, want it to end with its context after %v", waited, interval/4)
	}
	pass(t, wait)
	if waited := time.Since(start); waited < interval-limiterSlack || waited >= 2*interval {
		t.Errorf("the second request passed after %v, want %v: who gave up takes nothing", waited, interval)
	}
}

// testLimiterFirst: what spends goes before all that wait.
func testLimiterFirst(t *testing.T, wait, waitFirst waiting) {
	t.Helper()
	const reads, interval = 4, 200 * time.Millisecond
	pass(t, wait)
	passed := make(chan string, reads+1)
	hold := func(name string, wait waiting) {
		pass(t, wait)
		passed <- name
	}
	for range reads {
		go hold("Wait", wait)
	}
	<-time.After(interval / 4) // they wait
	go hold("WaitFirst", waitFirst)
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
func testLimiterPause(t *testing.T, pause func(time.Duration), waits []waiting) {
	t.Helper()
	const long, interval = 500 * time.Millisecond, 200 * time.Millisecond
	pass(t, waits[0])
	start := time.Now()
	var all sync.WaitGroup
	hold := func() {
		for _, wait := range waits {
			all.Go(func() {
				pass(t, wait)
				if passed := time.Since(start); passed < long-limiterSlack {
					t.Errorf("passed after %v, want the pause of %v to hold it", passed, long)
				}
			})
		}
	}
	hold()
	<-time.After(interval / 4) // they wait
	pause(long)
	pause(long / 10)
	hold()
	all.Wait()
}
