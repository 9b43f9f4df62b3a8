package ovhrenew

import (
	"context"

	"golang.org/x/time/rate"

	"github.com/ovhrenew/ovhrenew/internal/transport"
)

// Limiter paces requests. Wait returns when the next one may be sent. A *rate.Limiter of
// golang.org/x/time/rate is one. Two optional methods are used if a Limiter has them:
// WaitFirst(context.Context) error is called instead of Wait for orders and payments,
// and Pause(time.Duration) when the API answers 429.
type Limiter = transport.Limiter

// NewLimiter returns a Limiter, with both optional methods, that lets perMinute requests
// a minute through after a first burst.
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
var Unlimited Limiter = rate.NewLimiter(rate.Inf, 0)
