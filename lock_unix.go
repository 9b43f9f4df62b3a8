//go:build unix && !solaris && !aix

package ovhrenew

import (
	"errors"
	"os"
	"syscall"
)

var errLocked = errors.New("locked")

// tryLock locks a file for this open of it, until it is closed or the process ends.
func tryLock(file *os.File) error {
	err := flock(file, syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return errLocked
	}
	return err
}

// waitLock is tryLock that waits for its turn.
func waitLock(file *os.File) error { return flock(file, syscall.LOCK_EX) }

// unlock gives a lock back. Closing alone would leave it to a process that is being
// forked at this moment and has the file still open.
func unlock(file *os.File) { _ = flock(file, syscall.LOCK_UN) }

func flock(file *os.File, how int) error {
	for {
		err := syscall.Flock(int(file.Fd()), how)
		if !errors.Is(err, syscall.EINTR) {
			return err
		}
	}
}

// syncDir makes the entries of a directory survive a crash.
func syncDir(dir string, sync func(*os.File) error) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return sync(d)
}
