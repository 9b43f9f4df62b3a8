package ovhrenew

import (
	"context"

	"github.com/ovhrenew/ovhrenew/internal/transport"
)

// Limiter paces requests: Wait returns when the next one may be sent, or with an
// error if that will not be before the context ends. *rate.Limiter of
// golang.org/x/time/rate is one.
//
// Two further methods are used where a Limiter has them:
//
//	WaitFirst(ctx context.Context) error
//	Pause(d time.Duration)
//
// WaitFirst is called instead of Wait for an order or a payment, which goes before
// the reads that wait. Pause is called when the API has answered that it wants no
// requests for that long (status 429), so that a Limiter that processes share can hold
// back all of them.
type Limiter = transport.Limiter

// NewLimiter returns a Limiter that lets perMinute requests a minute through, after
// the first burst at once. It has both optional methods, so what spends goes first. If
// perMinute or burst is not positive, its Wait returns an error that is [ErrBadInput],
// and so does [NewWithConfig].
func NewLimiter(perMinute, burst int) Limiter {
	switch {
	case perMinute <= 0:
		return badLimiter{badInput("NewLimiter", "perMinute", perMinute, "is not positive")}
	case burst <= 0:
		return badLimiter{badInput("NewLimiter", "burst", burst, "is not positive")}
	}
	return transport.NewPace(perMinute, burst)
}

type badLimiter struct{ err error }

func (l badLimiter) Wait(context.Context) error { return l.err }

// Unlimited is the Limiter that never waits, for tests and simulations.
var Unlimited Limiter = unlimited{}

type unlimited struct{}

func (unlimited) Wait(ctx context.Context) error { return ctx.Err() }
