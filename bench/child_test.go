package main

import (
	"strings"
	"testing"
)

// What is for no child is for the program itself.
func TestRunChild(t *testing.T) {
	t.Parallel()
	for _, arg := range []string{"-quick", "", "child", "serve"} {
		if runChild([]string{arg}) {
			t.Errorf("%q is for a child", arg)
		}
	}
}

// A child that does not serve is an error, and not waited for.
func TestStartChildFails(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"child-serve", "many", "1ms"}, {"child-serve", "50", "soon"}} {
		if c, err := startChild(args...); err == nil || !strings.Contains(err.Error(), "did not start") {
			t.Errorf("%q: %+v, %v", args, c, err)
		}
	}
}

// A child is this program again, and says where it serves.
func TestStartChild(t *testing.T) {
	t.Parallel()
	c, err := startChild("child-answer")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(c.endpoint, "http://127.0.0.1:") || !strings.HasSuffix(c.endpoint, "/1.0") {
		t.Errorf("it serves at %q", c.endpoint)
	}
	c.stop()
	if !c.command.ProcessState.Success() {
		t.Errorf("it ends with its input, and as %v", c.command.ProcessState)
	}
}
