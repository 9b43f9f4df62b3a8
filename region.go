package ovhrenew

import (
	"errors"
	"sync/atomic"
	"time"
)

// region remembers that the API's region has no route for renewals: a program finds out by
// asking once. It asks again after a day, since regions grow. One that had it does not lose it.
type region struct {
	lacks atomic.Pointer[missing]
	has   atomic.Bool
}

type missing struct {
	answer *Error
	until  time.Time
}

const rememberFor = 24 * time.Hour // that a region lacks the route

// known returns the answer that the route does not exist, or nil.
func (r *region) known() error {
	if lacks := r.lacks.Load(); lacks != nil && time.Now().Before(lacks.until) {
		return lacks.answer
	}
	return nil
}

// learn notes whether an error says that the route does not exist.
func (r *region) learn(err error) {
	r.has.CompareAndSwap(false, err == nil)
	if answer, ok := errors.AsType[*Error](err); ok && answer.unsupported() && !r.has.Load() {
		r.lacks.Store(&missing{answer, time.Now().Add(rememberFor)})
	}
}
