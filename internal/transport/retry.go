package transport

import (
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
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
