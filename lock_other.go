//go:build (!unix && !windows) || solaris || aix

package ovhrenew

import (
	"errors"
	"os"
)

var errLocked = errors.New("locked")

// A system without file locks keeps no journal in files.
func tryLock(*os.File) error                     { return errors.ErrUnsupported }
func waitLock(*os.File) error                    { return errors.ErrUnsupported }
func syncDir(string, func(*os.File) error) error { return nil }

// unlock does nothing: closing the file does it.
func unlock(*os.File) {}
