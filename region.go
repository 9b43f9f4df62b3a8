package ovhrenew

import (
	"errors"
	"sync/atomic"
	"time"
)

// region remembers that the API's region has no route for renewals: a program finds out by
// asking once. It asks again after a day, since regions grow.
type region struct{ lacks atomic.Pointer[missing] }

type missing struct {
	answer *Error
	until  time.Time
}

// rememberFor is how long a region is remembered to lack the route.
const rememberFor = 24 * time.Hour

// known returns the answer that the route does not exist, or nil.
func (r *region) known() error {
	if lacks := r.lacks.Load(); lacks != nil && time.Now().Before(lacks.until) {
		return lacks.answer
	}
	return nil
}

// learn notes whether an error says that the route does not exist.
func (r *region) learn(err error) {
	if answer, ok := errors.AsType[*Error](err); ok && answer.unsupported() {
		r.lacks.Store(&missing{answer, time.Now().Add(rememberFor)})
	}
}
