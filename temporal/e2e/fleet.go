package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"
)

// fleet is the worker processes.
type fleet struct {
	config string

	mu        sync.Mutex
	processes []*exec.Cmd
	suspended map[*exec.Cmd]bool
	ended     bool

	kills, stops int
}

func startFleet(config string, n int) (*fleet, error) {
	f := &fleet{config: config, suspended: map[*exec.Cmd]bool{}}
	for range n {
		p, err := f.start()
		if err != nil {
			f.end()
			return nil, err
		}
		f.processes = append(f.processes, p)
	}
	return f, nil
}

func (f *fleet) start() (*exec.Cmd, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	p := exec.Command(self, "worker", f.config)
	p.Stderr = os.Stderr
	p.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	return p, p.Start()
}

// harm kills and suspends processes in turn, until so many have been or the context ends.
func (f *fleet) harm(ctx context.Context, s scenario, r *rand.Rand) {
	for turn := 0; f.kills < s.kills || f.stops < s.stops; turn++ {
		select {
		case <-ctx.Done():
			return
		case <-time.After(s.every):
		}
		stop := f.kills >= s.kills || turn%2 == 1 && f.stops < s.stops
		if err := f.strike(stop, s.suspend, r); err != nil {
			fmt.Fprintln(os.Stderr, "e2e:", err)
			return
		}
	}
}

func (f *fleet) strike(stop bool, suspend time.Duration, r *rand.Rand) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.ended {
		return nil
	}
	i := r.IntN(len(f.processes))
	p := f.processes[i]
	for f.suspended[p] {
		i = (i + 1) % len(f.processes)
		p = f.processes[i]
	}
	if stop {
		f.stops++
		f.suspended[p] = true
		time.AfterFunc(suspend, func() { f.resume(p) })
		return p.Process.Signal(syscall.SIGSTOP)
	}
	f.kills++
	if err := p.Process.Kill(); err != nil {
		return err
	}
	_ = p.Wait()
	next, err := f.start()
	f.processes[i] = next
	return err
}

func (f *fleet) resume(p *exec.Cmd) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.suspended, p)
	if !f.ended {
		_ = p.Process.Signal(syscall.SIGCONT)
	}
}

// end kills all.
func (f *fleet) end() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.ended = true
	for _, p := range f.processes {
		_ = p.Process.Kill()
		_ = p.Wait()
	}
}
