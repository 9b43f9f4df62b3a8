package postgres

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// A process number means something within a boot and a namespace, which stay what they are.
func TestProcessWorld(t *testing.T) {
	t.Parallel()
	world := processWorld()
	fields := strings.Fields(world)
	clock, _ := os.Readlink("/proc/self/ns/time") // which old kernels do not have
	if len(fields) != 2 || len(fields[0]) != 36 || !strings.HasPrefix(fields[1], "pid:[") || !strings.HasSuffix(fields[1], "]"+clock) {
		t.Errorf("this world is %q", world)
	}
	if again := processWorld(); again != world {
		t.Errorf("it was %q, and is %q", world, again)
	}
}

// A process is there until somebody has waited for it, whoever's it is.
func TestProcessExists(t *testing.T) {
	t.Parallel()
	c := exec.Command("sleep", "600")
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	if !processExists(c.Process.Pid) || !processExists(os.Getpid()) || !processExists(1) {
		t.Error("a process that runs is not there")
	}
	if err := c.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if !processExists(c.Process.Pid) {
		t.Error("a process that nobody has waited for is not there")
	}
	_ = c.Wait() // it was killed
	if processExists(c.Process.Pid) {
		t.Error("a process that has ended is there")
	}
}

// A process began once, and another at another time; of one that is not there nothing is
// known.
func TestProcessBegan(t *testing.T) {
	t.Parallel()
	own, first := processBegan(os.Getpid()), processBegan(1)
	if own == "" || strings.Trim(own, "0123456789") != "" || own == first {
		t.Errorf("this process began at %q, the first one at %q", own, first)
	}
	if again := processBegan(os.Getpid()); again != own {
		t.Errorf("this process began at %q, and then at %q", own, again)
	}
	c := exec.Command("true")
	if err := c.Run(); err != nil {
		t.Fatal(err)
	}
	if gone := processBegan(c.Process.Pid); gone != "" {
		t.Errorf("a process that has ended began at %q", gone)
	}
}
