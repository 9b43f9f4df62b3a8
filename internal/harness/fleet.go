//go:build unix

package harness

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// Fleet is worker processes, of which now and then one is killed and begun anew, or
// suspended for a while.
type Fleet struct {
	n            int
	command      func(worker int) *exec.Cmd
	kills, stops atomic.Int64

	mu      sync.Mutex
	workers []*exec.Cmd
	asleep  map[*exec.Cmd]bool // of these
	failed  error
	stop    context.CancelFunc
	over    sync.WaitGroup
}

// Trouble is what happens to a fleet.
type Trouble struct {
	Every   time.Duration // between two troubles; none if zero
	Kills   int           // at most
	Stops   int           // at most
	Suspend time.Duration
	Seed    uint64
}

// Start starts n workers.
func Start(n int, command func(worker int) *exec.Cmd) (*Fleet, error) {
	f := &Fleet{n: n, command: command, asleep: map[*exec.Cmd]bool{}, stop: func() {}}
	for i := range n {
		f.workers = append(f.workers, nil)
		if err := f.start(i); err != nil {
			f.Stop()
			return nil, err
		}
	}
	return f, nil
}

func (f *Fleet) start(i int) error {
	c := f.command(i)
	if c.Stderr == nil {
		c.Stderr = os.Stderr
	}
	if err := c.Start(); err != nil {
		return err
	}
	f.workers[i] = c
	return nil
}

// Suffer begins the trouble, kills and stops by turns as long as there are some left.
func (f *Fleet) Suffer(t Trouble) {
	if t.Every <= 0 {
		return
	}
	ctx, stop := context.WithCancel(context.Background())
	f.stop = stop
	random := rand.New(rand.NewPCG(t.Seed, 7)) // reproducible on purpose
	f.over.Go(func() {
		tick := time.NewTicker(t.Every)
		defer tick.Stop()
		for f.Kills() < t.Kills || f.Stops() < t.Stops {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			i := random.IntN(f.n)
			if f.Kills() < t.Kills && (f.Kills() <= f.Stops() || f.Stops() >= t.Stops) {
				f.kill(i)
			} else {
				f.suspend(ctx, i, t.Suspend)
			}
		}
	})
}

// Kills is how many workers were killed so far.
func (f *Fleet) Kills() int { return int(f.kills.Load()) }

// Stops is how many workers were suspended so far.
func (f *Fleet) Stops() int { return int(f.stops.Load()) }

// kill kills a worker and begins it anew.
func (f *Fleet) kill(i int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	_ = f.workers[i].Process.Kill()
	_ = f.workers[i].Wait()
	f.kills.Add(1)
	if err := f.start(i); err != nil {
		f.failed = errors.Join(f.failed, err)
	}
}

// suspend suspends a worker for a while: the one named, or the next that is not suspended
// already. If all are, it does nothing.
func (f *Fleet) suspend(ctx context.Context, i int, d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for n := 0; f.asleep[f.workers[i]]; n++ {
		if n == f.n {
			return
		}
		i = (i + 1) % f.n
	}
	worker := f.workers[i]
	if worker.Process.Signal(syscall.SIGSTOP) != nil {
		return
	}
	f.asleep[worker] = true
	f.stops.Add(1)
	f.over.Go(func() {
		timer := time.NewTimer(d)
		defer timer.Stop()
		select {
		case <-ctx.Done():
		case <-timer.C:
		}
		f.mu.Lock()
		defer f.mu.Unlock()
		delete(f.asleep, worker)
		_ = worker.Process.Signal(syscall.SIGCONT) // it may have been killed
	})
}

// Calm ends the trouble: who is suspended goes on. The error is that of workers that could
// not be begun anew.
func (f *Fleet) Calm() error {
	f.stop()
	f.over.Wait()
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.failed
}

// Stop ends the trouble and the workers.
func (f *Fleet) Stop() {
	_ = f.Calm()
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, c := range f.workers {
		if c != nil && c.Process != nil {
			_ = c.Process.Kill()
			_ = c.Wait()
		}
	}
}

// Until waits until done or the context ends, and returns how long it took.
func Until(ctx context.Context, done func() bool) (time.Duration, error) {
	began := time.Now()
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for !done() {
		select {
		case <-ctx.Done():
			return time.Since(began), ctx.Err()
		case <-tick.C:
		}
	}
	return time.Since(began), nil
}
