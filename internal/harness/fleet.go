//go:build unix

package harness

import (
	"context"
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
	f := &Fleet{n: n, command: command, stop: func() {}}
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
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			i := random.IntN(f.n)
			switch kills, stops := int(f.kills.Load()), int(f.stops.Load()); {
			case kills < t.Kills && (kills <= stops || stops >= t.Stops):
				f.kill(i)
			case stops < t.Stops:
				f.suspend(ctx, i, t.Suspend)
			}
		}
	})
}

func (f *Fleet) kill(i int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	_ = f.workers[i].Process.Kill()
	_ = f.workers[i].Wait()
	f.kills.Add(1)
	_ = f.start(i)
}

func (f *Fleet) suspend(ctx context.Context, i int, d time.Duration) {
	f.mu.Lock()
	p := f.workers[i].Process
	f.mu.Unlock()
	if p.Signal(syscall.SIGSTOP) != nil {
		return
	}
	f.stops.Add(1)
	f.over.Go(func() {
		timer := time.NewTimer(d)
		defer timer.Stop()
		select {
		case <-ctx.Done():
		case <-timer.C:
		}
		_ = p.Signal(syscall.SIGCONT)
	})
}

// Stop ends the trouble and the workers.
func (f *Fleet) Stop() {
	f.stop()
	f.over.Wait()
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
