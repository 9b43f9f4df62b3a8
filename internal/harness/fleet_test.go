//go:build unix

package harness

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// The test's binary is its own worker, which waits to be killed.
func TestMain(m *testing.M) {
	if os.Getenv("HARNESS_WORKER") == "1" {
		select {}
	}
	os.Exit(m.Run())
}

// command counts how many workers were begun.
func command(begun *atomic.Int64) func(int) *exec.Cmd {
	return func(int) *exec.Cmd {
		begun.Add(1)
		c := exec.Command(os.Args[0])
		c.Env = append(os.Environ(), "HARNESS_WORKER=1")
		return c
	}
}

func start(t *testing.T, n int, command func(int) *exec.Cmd) *Fleet {
	t.Helper()
	f, err := Start(n, command)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Stop)
	return f
}

// state is the letter that Linux has for what a process does; T for one that is suspended,
// and nothing for one that is gone.
func state(t *testing.T, pid int) string {
	t.Helper()
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if errors.Is(err, os.ErrNotExist) {
		if _, err := os.Stat("/proc/self/stat"); err != nil {
			t.Skip("what a process does cannot be seen here")
		}
		return ""
	}
	if err != nil {
		t.Fatal(err)
	}
	return strings.Fields(string(stat[strings.LastIndex(string(stat), ")")+1:]))[0]
}

// become waits for something that has to come.
func become(t *testing.T, what string, is func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	if _, err := Until(ctx, is); err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}

// Each kill begins another worker in the place of the one that is gone, and there are no
// more of them than were asked for. Stop leaves nobody behind.
func TestKill(t *testing.T) {
	t.Parallel()
	var begun atomic.Int64
	f := start(t, 3, command(&begun))
	f.Suffer(Trouble{Every: time.Millisecond, Kills: 4, Seed: 1})
	become(t, "kills", func() bool { return f.Kills() == 4 })
	time.Sleep(20 * time.Millisecond)
	if err := f.Calm(); err != nil || f.Kills() != 4 || f.Stops() != 0 || begun.Load() != 7 {
		t.Errorf("%v: %d kills, %d stops, %d workers begun", err, f.Kills(), f.Stops(), begun.Load())
	}
	var pids []int
	for _, worker := range f.workers {
		pids = append(pids, worker.Process.Pid)
		if got := state(t, worker.Process.Pid); got == "" || got == "Z" {
			t.Errorf("a worker is in state %q", got)
		}
	}
	f.Stop()
	for _, pid := range pids {
		if got := state(t, pid); got != "" {
			t.Errorf("after Stop a worker is in state %q", got)
		}
	}
}

// A stop suspends another worker each time, none of them twice, and who is calmed goes on.
func TestSuspend(t *testing.T) {
	t.Parallel()
	var begun atomic.Int64
	f := start(t, 2, command(&begun))
	f.Suffer(Trouble{Every: time.Millisecond, Stops: 3, Suspend: time.Hour, Seed: 1})
	become(t, "stops", func() bool { return f.Stops() == 2 })
	become(t, "both are suspended", func() bool {
		return state(t, f.workers[0].Process.Pid) == "T" && state(t, f.workers[1].Process.Pid) == "T"
	})
	if f.Stops() != 2 {
		t.Errorf("%d stops of 2 workers", f.Stops())
	}
	if err := f.Calm(); err != nil {
		t.Error(err)
	}
	become(t, "both go on", func() bool {
		return state(t, f.workers[0].Process.Pid) != "T" && state(t, f.workers[1].Process.Pid) != "T"
	})
	if begun.Load() != 2 {
		t.Errorf("%d workers begun", begun.Load())
	}
}

// Who is suspended goes on when its time is over, and can be suspended again.
func TestSuspendForAWhile(t *testing.T) {
	t.Parallel()
	var begun atomic.Int64
	f := start(t, 1, command(&begun))
	f.Suffer(Trouble{Every: time.Millisecond, Stops: 3, Suspend: 5 * time.Millisecond, Seed: 1})
	become(t, "stops", func() bool { return f.Stops() == 3 })
	become(t, "it goes on", func() bool { return state(t, f.workers[0].Process.Pid) != "T" })
}

// Kills and stops come by turns.
func TestSufferByTurns(t *testing.T) {
	t.Parallel()
	var begun atomic.Int64
	var fleet atomic.Pointer[Fleet]
	var stops []int // that there were at each kill
	good := command(&begun)
	f := start(t, 2, func(n int) *exec.Cmd {
		if f := fleet.Load(); f != nil {
			stops = append(stops, f.Stops())
		}
		return good(n)
	})
	fleet.Store(f)
	f.Suffer(Trouble{})
	f.Suffer(Trouble{Every: time.Millisecond, Kills: 3, Stops: 2, Suspend: time.Millisecond, Seed: 1})
	become(t, "all trouble", func() bool { return f.Kills() == 3 && f.Stops() == 2 })
	if err := f.Calm(); err != nil || !slices.Equal(stops, []int{0, 1, 2}) {
		t.Errorf("%v, workers were killed after %v stops", err, stops)
	}
}

// Workers that cannot be begun are an error, at once or later, and the others are not left
// behind.
func TestStartFails(t *testing.T) {
	t.Parallel()
	var begun atomic.Int64
	var first *exec.Cmd
	failing := func(after int64) func(int) *exec.Cmd {
		good := command(&begun)
		begun.Store(0)
		return func(n int) *exec.Cmd {
			if begun.Load() == after {
				return exec.Command("/nowhere/worker")
			}
			c := good(n)
			if begun.Load() == 1 {
				first = c
			}
			return c
		}
	}
	if f, err := Start(2, failing(1)); !errors.Is(err, os.ErrNotExist) || f != nil {
		t.Errorf("Start = %v, %v", f, err)
	}
	if got := state(t, first.Process.Pid); got != "" {
		t.Errorf("the first worker is left, in state %q", got)
	}
	f := start(t, 1, failing(1))
	f.Suffer(Trouble{Every: time.Millisecond, Kills: 1, Seed: 1})
	become(t, "a kill", func() bool { return f.Kills() == 1 })
	if err := f.Calm(); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("Calm = %v, want what kept a worker from being begun anew", err)
	}
}

// Until ends with what it waits for, or with the context.
func TestUntil(t *testing.T) {
	t.Parallel()
	asked := 0
	if _, err := Until(t.Context(), func() bool { asked++; return asked == 2 }); err != nil || asked != 2 {
		t.Errorf("%v, asked %d times", err, asked)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Until(ctx, func() bool { return false }); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
