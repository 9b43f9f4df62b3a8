// A journal in memory, and what it keeps between runs.

package safety_test

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"sync"
	"time"

	"github.com/ovhrenew/ovhrenew"
)

// memoryJournal keeps its states as JSON, as a file would.
type memoryJournal struct {
	sharing ovhrenew.Sharing // OnlyJournal if zero

	mu    sync.Mutex
	lines [][]byte
	facts []ovhrenew.OrderFact
	held  map[ovhrenew.ServiceID]bool
	fail  func(ovhrenew.State) error // if set, may refuse a state
}

func (j *memoryJournal) Sharing() ovhrenew.Sharing {
	if j.sharing == "" {
		return ovhrenew.OnlyJournal
	}
	return j.sharing
}

func (j *memoryJournal) Claim(ctx context.Context, _ string, services ...ovhrenew.ServiceID) (ovhrenew.Claim, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.held == nil {
		j.held = map[ovhrenew.ServiceID]bool{}
	}
	for _, id := range services {
		if j.held[id] {
			return nil, fmt.Errorf("service %d: %w", id, ovhrenew.ErrBusy)
		}
	}
	for _, id := range services {
		j.held[id] = true
	}
	return &memoryClaim{j: j, services: slices.Clone(services)}, ctx.Err()
}

// states are the last ones of each renewal, in the order of their change.
func (j *memoryJournal) states() []ovhrenew.State {
	var last []ovhrenew.State
	for _, line := range j.lines {
		var s ovhrenew.State
		if err := json.Unmarshal(line, &s); err != nil {
			panic(err)
		}
		last = slices.DeleteFunc(last, func(o ovhrenew.State) bool { return o.Renewal == s.Renewal })
		last = append(last, s)
	}
	return last
}

func (j *memoryJournal) Orders(context.Context, string, time.Time) ([]ovhrenew.OrderFact, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	facts := slices.Clone(j.facts)
	for _, s := range j.states() {
		if s.Order != 0 {
			facts = append(facts, ovhrenew.OrderFact{Order: s.Order, Date: s.Placed, Services: s.Services})
		}
	}
	return facts, nil
}

func (j *memoryJournal) Remember(_ context.Context, _ string, facts ...ovhrenew.OrderFact) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.facts = append(j.facts, facts...)
	return nil
}

func (j *memoryJournal) Receipts(_ context.Context, _ string, since time.Time) iter.Seq2[ovhrenew.Receipt, error] {
	return func(yield func(ovhrenew.Receipt, error) bool) {
		j.mu.Lock()
		states := j.states()
		j.mu.Unlock()
		for _, s := range states {
			if s.Receipt != nil && !s.Receipt.Verified.Before(since) && !yield(*s.Receipt, nil) {
				return
			}
		}
	}
}

type memoryClaim struct {
	j        *memoryJournal
	services []ovhrenew.ServiceID
	released bool
}

func (c *memoryClaim) States() []ovhrenew.State {
	c.j.mu.Lock()
	defer c.j.mu.Unlock()
	all := c.j.states()
	ended := map[ovhrenew.ServiceID]string{}
	for _, s := range all {
		for _, id := range s.Services {
			if !s.Phase.Open() {
				ended[id] = s.Renewal
			}
		}
	}
	return slices.DeleteFunc(all, func(s ovhrenew.State) bool {
		return !slices.ContainsFunc(s.Services, func(id ovhrenew.ServiceID) bool {
			return slices.Contains(c.services, id) && (s.Phase.Open() || ended[id] == s.Renewal)
		})
	})
}

func (c *memoryClaim) Inherited() bool { return false }

func (c *memoryClaim) Append(_ context.Context, s ovhrenew.State) error {
	c.j.mu.Lock()
	defer c.j.mu.Unlock()
	if c.released {
		return fmt.Errorf("%w: released", ovhrenew.ErrJournal)
	}
	if c.j.fail != nil {
		if err := c.j.fail(s); err != nil {
			return err
		}
	}
	line, err := json.Marshal(s)
	if err != nil {
		return err
	}
	c.j.lines = append(c.j.lines, line)
	return nil
}

func (c *memoryClaim) Release() error {
	c.j.mu.Lock()
	defer c.j.mu.Unlock()
	if !c.released {
		for _, id := range c.services {
			delete(c.j.held, id)
		}
	}
	c.released = true
	return nil
}

// mortalJournal is a journal of a process that may be dead.
type mortalJournal struct {
	ovhrenew.Journal
	p *process
}

func (j mortalJournal) Claim(ctx context.Context, account string, services ...ovhrenew.ServiceID) (ovhrenew.Claim, error) {
	if j.p.dead.Load() {
		return nil, errDead
	}
	c, err := j.Journal.Claim(ctx, account, services...)
	if err != nil {
		return nil, err
	}
	return mortalClaim{c, j.p}, nil
}

type mortalClaim struct {
	ovhrenew.Claim
	p *process
}

func (c mortalClaim) Append(ctx context.Context, s ovhrenew.State) error {
	if !c.p.act() {
		return errDead
	}
	err := c.Claim.Append(ctx, s)
	if !c.p.act() {
		return errDead
	}
	return err
}
