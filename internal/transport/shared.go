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
	current *fetching[T] // under way, or done without an error; nil: neither
}

type fetching[T any] struct {
	done  chan struct{}
	value T
	err   error
	// abandoned says that the one who fetched gave up for reasons of its own, so
	// that another must take over.
	abandoned bool
}

func (s *shared[T]) get(ctx context.Context, fetch func(context.Context) (T, error)) (T, error) {
	for {
		s.mu.Lock()
		f := s.current
		leads := f == nil
		if leads {
			f = &fetching[T]{done: make(chan struct{})}
			s.current = f
		}
		s.mu.Unlock()
		if leads {
			return s.lead(ctx, f, fetch)
		}
		select {
		case <-f.done:
			if !f.abandoned {
				return f.value, f.err
			}
		case <-ctx.Done():
			var none T
			return none, ctx.Err()
		}
	}
}

func (s *shared[T]) lead(ctx context.Context, f *fetching[T], fetch func(context.Context) (T, error)) (value T, err error) {
	abandoned := true
	defer func() { // deferred, so that a panic of a foreign transport leaves nobody waiting
		s.mu.Lock()
		defer s.mu.Unlock()
		f.value, f.err, f.abandoned = value, err, abandoned
		if abandoned || err != nil {
			s.current = nil
		}
		close(f.done)
	}()
	value, err = fetch(ctx)
	abandoned = err != nil && (ctx.Err() != nil || isContextError(err))
	return value, err
}

func (s *shared[T]) drop(value T) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.current != nil && s.current.value == value {
		s.current = nil
	}
}

func isContextError(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}
