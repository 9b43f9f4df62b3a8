//go:build windows

package ovhrenew

import (
	"errors"
	"os"
	"syscall"
	"unsafe"
)

var errLocked = errors.New("locked")

var lockFileEx = syscall.NewLazyDLL("kernel32.dll").NewProc("LockFileEx")

const (
	failImmediately    = 1
	exclusiveLock      = 2
	errorLockViolation = syscall.Errno(33)
)

// tryLock locks a file for this open of it, until it is closed or the process ends.
func tryLock(file *os.File) error {
	err := lockFile(file, exclusiveLock|failImmediately)
	if errors.Is(err, errorLockViolation) {
		return errLocked
	}
	return err
}

// waitLock is tryLock that waits for its turn.
func waitLock(file *os.File) error { return lockFile(file, exclusiveLock) }

// lockFile locks one byte far behind the file's end, so that reading and writing
// through other handles stay possible.
func lockFile(file *os.File, flags uintptr) error {
	at := syscall.Overlapped{OffsetHigh: 1 << 30}
	done, _, err := lockFileEx.Call(file.Fd(), flags, 0, 1, 0, uintptr(unsafe.Pointer(&at)))
	if done == 0 {
		return err
	}
	return nil
}

// syncDir does nothing: Windows keeps directory entries with the file.
func syncDir(string, func(*os.File) error) error { return nil }

// unlock does nothing: closing the file does it.
func unlock(*os.File) {}
