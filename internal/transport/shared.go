package transport

import (
	"context"
	"errors"
	"sync"
)

// shared is a value that all goroutines fetch together: one of them does, with its
// own context, and the others wait, each with theirs. It starts no goroutine.
type shared[T comparable] struct {
	mu      sync.Mutex
	value   T // zero: none
	pending *fetching[T]
}

type fetching[T any] struct {
	done  chan struct{}
	value T
	err   error
	// abandoned says that the one who fetched gave up for reasons of its own, so
	// that another must take over.
	abandoned bool
}

// get returns the value, fetching it if there is none.
func (s *shared[T]) get(ctx context.Context, fetch func(context.Context) (T, error)) (T, error) {
	var none T
	for {
		s.mu.Lock()
		value, f := s.value, s.pending
		leads := value == none && f == nil
		if leads {
			f = &fetching[T]{done: make(chan struct{}), abandoned: true}
			s.pending = f
		}
		s.mu.Unlock()
		switch {
		case value != none:
			return value, nil
		case leads:
			return s.lead(ctx, f, fetch)
		}
		select {
		case <-f.done:
			if !f.abandoned {
				return f.value, f.err
			}
		case <-ctx.Done():
			return none, ctx.Err()
		}
	}
}

func (s *shared[T]) lead(ctx context.Context, f *fetching[T], fetch func(context.Context) (T, error)) (T, error) {
	// Deferred, so that a panic of a foreign transport leaves nobody waiting.
	defer func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.value, s.pending = f.value, nil
		close(f.done)
	}()
	value, err := fetch(ctx)
	f.abandoned = err != nil && (ctx.Err() != nil || isContextError(err))
	f.err = err
	if err == nil {
		f.value = value
	}
	return value, err
}

// drop forgets the value, unless it is another one already.
func (s *shared[T]) drop(value T) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.value == value {
		var none T
		s.value = none
	}
}

func isContextError(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}
