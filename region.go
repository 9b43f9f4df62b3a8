package ovhrenew

import (
	"errors"
	"sync"
	"time"
)

// region remembers that the API's region has no route for renewals: a program finds out by
// asking once. It asks again after a day, since regions grow.
type region struct {
	mu    sync.Mutex
	lacks *Error
	until time.Time
}

// rememberFor is how long a region is remembered to lack the route.
const rememberFor = 24 * time.Hour

// known returns the answer that the route does not exist, or nil.
func (r *region) known() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.lacks == nil || time.Now().After(r.until) {
		return nil
	}
	return r.lacks
}

// learn notes whether an error says that the route does not exist.
func (r *region) learn(err error) {
	answer, ok := errors.AsType[*Error](err)
	if !ok || !answer.unsupported() {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lacks, r.until = answer, time.Now().Add(rememberFor)
}
