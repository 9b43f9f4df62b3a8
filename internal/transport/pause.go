package transport

import (
	"context"
	"fmt"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

type pause struct {
	mu    sync.Mutex
	until time.Time
}

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

// limiterError is the error of the limiter, in terms of the context where that is
// the reason.
func (c *Client) limiterError(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	// A rate.Limiter does not wait for a deadline that it knows to be too early,
	// but has no error to tell that by. Its only other error is for a burst of 0.
	l, known := c.config.Limiter.(*rate.Limiter)
	if _, bounded := ctx.Deadline(); known && bounded && l.Burst() > 0 {
		return fmt.Errorf("%w: %w", context.DeadlineExceeded, err)
	}
	return err
}
