package transport

import (
	"context"
	"slices"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Limiter paces requests: Wait returns when the next one may be sent, or with an
// error if that will not be before the context ends. *rate.Limiter is one.
//
// Two optional methods are used where a Limiter has them. WaitFirst is called instead of
// Wait for an order or a payment, which goes before the reads that wait. Pause is called
// when the API has answered that it wants no requests for that long (status 429), so that
// a Limiter that processes share can hold back all of them.
type Limiter interface {
	Wait(ctx context.Context) error
}

type (
	firstWaiter interface {
		WaitFirst(ctx context.Context) error
	}
	pauser interface{ Pause(d time.Duration) }
)

// Pace is a [Limiter] that lets spending go first. Among equals, who came first goes
// first. It starts no goroutine: the one whose turn is next waits for it, and wakes the
// one after.
type Pace struct {
	mu     sync.Mutex
	bucket *rate.Limiter
	queue  []chan struct{} // of those that wait; each is told when it comes to the head
	first  int             // how many of them spend: those at the head
	paused pause
}

// NewPace returns a Pace of perMinute requests a minute, after a burst. Both are
// positive.
func NewPace(perMinute, burst int) *Pace {
	return &Pace{bucket: rate.NewLimiter(rate.Limit(perMinute)/60, burst)}
}

// Wait waits until a request may be sent, or returns the error of ctx.
func (p *Pace) Wait(ctx context.Context) error { return p.wait(ctx, false) }

// WaitFirst is like Wait, but goes before all that wait in Wait.
func (p *Pace) WaitFirst(ctx context.Context) error { return p.wait(ctx, true) }

// Pause lets nothing through for that long. Of two pauses, the one that ends later
// counts.
func (p *Pace) Pause(d time.Duration) { p.paused.extend(d) }

func (p *Pace) wait(ctx context.Context, spends bool) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	turn := make(chan struct{}, 1)
	p.enter(turn, spends)
	defer p.leave(turn)
	for {
		left, next := p.left(turn)
		var err error
		switch {
		case !next:
			select {
			case <-turn:
			case <-ctx.Done():
				err = ctx.Err()
			}
		case left <= 0:
			return nil
		default:
			err = sleep(ctx, left)
		}
		if err != nil {
			return err
		}
	}
}

// left takes a token for the one whose turn is next, or returns how long it has to
// wait for one. It reports whether turn is next.
func (p *Pace) left(turn chan struct{}) (left time.Duration, next bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.queue[0] != turn {
		return 0, false
	}
	if left = p.paused.left(); left > 0 {
		return left, true
	}
	now := time.Now()
	token := p.bucket.ReserveN(now, 1)
	if left = token.DelayFrom(now); left > 0 {
		// Not kept: somebody who spends may come before it is there.
		token.CancelAt(now)
	}
	return left, true
}

func (p *Pace) enter(turn chan struct{}, spends bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	at := len(p.queue)
	if spends {
		at = p.first
		p.first++
	}
	p.queue = slices.Insert(p.queue, at, turn)
}

func (p *Pace) leave(turn chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	at := slices.Index(p.queue, turn)
	if at < p.first {
		p.first--
	}
	if p.queue = slices.Delete(p.queue, at, at+1); len(p.queue) > 0 {
		select {
		case p.queue[0] <- struct{}{}:
		default: // it has been told
		}
	}
}
