//go:build windows

package flock

import (
	"errors"
	"os"
	"syscall"
	"unsafe"
)

var (
	kernel32     = syscall.NewLazyDLL("kernel32.dll")
	lockFileEx   = kernel32.NewProc("LockFileEx")
	unlockFileEx = kernel32.NewProc("UnlockFileEx")
)

const (
	failImmediately    = 1
	exclusiveLock      = 2
	errorLockViolation = syscall.Errno(33)
)

// lockedByte lies far behind the file's end, so that reading and writing through
// other handles stay possible.
func lockedByte() *syscall.Overlapped { return &syscall.Overlapped{OffsetHigh: 1 << 30} }

func tryLock(file *os.File) error {
	done, _, err := lockFileEx.Call(file.Fd(), exclusiveLock|failImmediately, 0, 1, 0, uintptr(unsafe.Pointer(lockedByte())))
	switch {
	case done != 0:
		return nil
	case errors.Is(err, errorLockViolation):
		return ErrLocked
	}
	return err
}

func unlock(file *os.File) error {
	done, _, err := unlockFileEx.Call(file.Fd(), 0, 1, 0, uintptr(unsafe.Pointer(lockedByte())))
	if done == 0 {
		return err
	}
	return nil
}
