package ovhrenewtest_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/time/rate"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

type waiter = interface{ Wait(context.Context) error }

// A limiter has to have the method Wait only.
func TestPlainLimiter(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ovhrenewtest.TestLimiter(t, func(perMinute, burst int) waiter {
			return rate.NewLimiter(rate.Limit(perMinute)/60, burst)
		})
	})
}

// What is wrong with a limiter fails its test.
func TestBadLimiters(t *testing.T) {
	t.Parallel()
	for flaw, want := range map[string]string{
		"none": "", "too fast": "Limiter", "too slow": "Limiter", "deaf": "Limiter", "no first": "Limiter", "no pause": "Limiter",
	} {
		wantCaught(t, "TestBadLimiter", flaw, want)
	}
}

// TestBadLimiter is for wantCaught.
func TestBadLimiter(t *testing.T) {
	flaw := flaw(t)
	t.Run("Limiter", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			ovhrenewtest.TestLimiter(t, func(perMinute, burst int) waiter {
				switch flaw {
				case "too fast":
					perMinute += perMinute / 5
				case "too slow":
					perMinute /= 4
				}
				return badLimiter{ovhrenew.NewLimiter(perMinute, burst).(wholeLimiter), flaw}
			})
		})
	})
}

// wholeLimiter has all that a limiter can have.
type wholeLimiter interface {
	waiter
	WaitFirst(ctx context.Context) error
	Pause(d time.Duration)
}

// badLimiter is a limiter with a flaw.
type badLimiter struct {
	wholeLimiter
	flaw string
}

func (l badLimiter) Wait(ctx context.Context) error {
	if l.flaw == "deaf" {
		ctx = context.WithoutCancel(ctx)
	}
	return l.wholeLimiter.Wait(ctx)
}

func (l badLimiter) WaitFirst(ctx context.Context) error {
	if l.flaw == "no first" {
		return l.wholeLimiter.Wait(ctx)
	}
	return l.wholeLimiter.WaitFirst(ctx)
}

func (l badLimiter) Pause(d time.Duration) {
	if l.flaw != "no pause" {
		l.wholeLimiter.Pause(d)
	}
}
