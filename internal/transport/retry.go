package transport

import (
	"context"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"
)

// transient reports whether an answer with that status may be another one soon.
func transient(status int) bool {
	return slices.Contains([]int{408, 429, 500, 502, 503, 504}, status)
}

// The bound of the first pause between attempts, and that to which it doubles.
const (
	firstBackoff = 500 * time.Millisecond
	maxBackoff   = 30 * time.Second
)

// retry decides about the pauses of one call.
type retry struct {
	left     int           // attempts
	bound    time.Duration // of the next pause
	budget   time.Duration
	deadline time.Time // set by the first failure
}

// pause returns how long to wait after a failure: what the server asked for, or
// a random part of a bound that doubles (full jitter, so that clients that failed
// together do not come back together).
func (r *retry) pause(asked time.Duration) time.Duration {
	if asked > 0 {
		return asked
	}
	pause := rand.N(r.bound + 1)
	r.bound = min(2*r.bound, maxBackoff)
	return pause
}

// allow reports whether there may be another attempt after the pause.
func (r *retry) allow(pause time.Duration) bool {
	now := time.Now()
	if r.deadline.IsZero() {
		r.deadline = now.Add(r.budget)
	}
	if r.left <= 0 || pause > r.deadline.Sub(now) {
		return false
	}
	r.left--
	return true
}

// retryAfter returns the pause that a server asked for; 0 if it did not.
func retryAfter(header http.Header) time.Duration {
	value := header.Get("Retry-After")
	if value == "" {
		return 0
	}
	if seconds, err := strconv.ParseInt(value, 10, 64); err == nil {
		const most = 1 << 32 // far beyond any budget, and no overflow
		return time.Duration(min(max(seconds, 0), most)) * time.Second
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	// The server's own clock, where it is known, since ours may be off.
	now, err := http.ParseTime(header.Get("Date"))
	if err != nil {
		now = time.Now()
	}
	return max(at.Sub(now), 0)
}

// pause holds back all goroutines of a client.
type pause struct {
	mu    sync.Mutex
	until time.Time
}

// extend holds everybody back for that long from now on.
func (p *pause) extend(d time.Duration) {
	until := time.Now().Add(d)
	p.mu.Lock()
	defer p.mu.Unlock()
	if until.After(p.until) {
		p.until = until
	}
}

func (p *pause) left() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return time.Until(p.until)
}

// turn waits until a request of that kind may be sent.
func (c *Client) turn(ctx context.Context, kind Kind) error {
	wait := c.config.Limiter.Wait
	if first, ok := c.config.Limiter.(firstWaiter); ok && kind == Spend {
		wait = first.WaitFirst
	}
	for {
		for left := c.pause.left(); left > 0; left = c.pause.left() {
			if err := sleep(ctx, left); err != nil {
				return err
			}
		}
		if err := wait(ctx); err != nil {
			return c.limiterError(ctx, err)
		}
		// Somebody may have met a 429 while this one waited for the limiter.
		if c.pause.left() <= 0 {
			return ctx.Err()
		}
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return ctx.Err()
	case <-ctx.Done():
		return ctx.Err()
	}
}
