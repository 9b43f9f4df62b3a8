//go:build !linux

package postgres

import (
	"os"
	"testing"
)

// Where nothing can be told of a process none is dead, and this one leaves nothing by which
// another machine could take it for dead.
func TestNothingIsKnown(t *testing.T) {
	t.Parallel()
	if got := process(); got != "" {
		t.Errorf("this process is %q", got)
	}
	for _, of := range []string{"", "boot pid:[1] 4711 1", "  4711 1", " 4711 "} {
		if dead(of) {
			t.Errorf("%q is dead", of)
		}
	}
	if !processExists(os.Getpid()) || !processExists(1<<30) {
		t.Error("a process is said not to be there")
	}
}
