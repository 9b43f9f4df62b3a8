// Package flock locks open files against other opens of them, in this process and
// in others. A lock ends when it is given back, when its file is closed, or when its
// process ends in whatever way.
package flock

import (
	"context"
	"errors"
	"os"
	"time"
)

// ErrLocked says that another open of the file has the lock.
var ErrLocked = errors.New("the file is locked")

// TryLock locks a file or returns [ErrLocked]. On a system without file locks the
// error is [errors.ErrUnsupported].
func TryLock(file *os.File) error { return tryLock(file) }

// Lock locks a file. It waits until the lock is free or ctx ends, and then returns the
// context's cause.
//
// It asks again and again, because a call that waits in the kernel cannot be
// interrupted. The lock is meant for moments, so it asks often.
func Lock(ctx context.Context, file *os.File) error {
	const longest = 2 * time.Millisecond
	timer := time.NewTimer(0)
	defer timer.Stop()
	for wait := 50 * time.Microsecond; ; wait = min(2*wait, longest) {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err := tryLock(file); !errors.Is(err, ErrLocked) {
			return err
		}
		timer.Reset(wait)
		select {
		case <-timer.C:
		case <-ctx.Done():
		}
	}
}

// Unlock gives a lock back. Closing the file alone would leave the lock to a process
// that is being forked at this moment and has the file still open.
func Unlock(file *os.File) error { return unlock(file) }
