//go:build !plan9

package ovhrenew

import "syscall"

// errReadOnly is the error of a file system that cannot be written.
const errReadOnly = syscall.EROFS
