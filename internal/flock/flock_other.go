//go:build (!unix && !windows) || solaris || aix

package flock

import (
	"errors"
	"os"
)

func tryLock(*os.File) error { return errors.ErrUnsupported }
func unlock(*os.File) error  { return errors.ErrUnsupported }
