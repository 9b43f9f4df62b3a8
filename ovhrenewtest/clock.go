package ovhrenewtest

import (
	"container/heap"
	"sync"
	"time"
)

// Now is the time on the server's clock.
func (s *Server) Now() time.Time {
	s.mu.Lock()
	clock := s.clock
	s.mu.Unlock()
	return clock()
}

// SetNow replaces the server's clock, which is time.Now otherwise. The clock is
// called with the server locked: it must not call the server.
func (s *Server) SetNow(now func() time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clock = now
}

// Clock is a clock that stands still until it is told to go on. Its Now method
// fits [Server.SetNow]. It is safe for concurrent use.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// NewClock returns a clock that stands at start.
func NewClock(start time.Time) *Clock { return &Clock{now: start} }

// Now is the time at which the clock stands.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Advance moves the clock on by d.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// agenda holds what is still to happen, soonest first.
type agenda []event

type event struct {
	at time.Time
	// seq keeps events of one moment in the order in which they were planned.
	seq int
	do  func(at time.Time)
}

func (a agenda) Len() int { return len(a) }
func (a agenda) Less(i, j int) bool {
	if a[i].at.Equal(a[j].at) {
		return a[i].seq < a[j].seq
	}
	return a[i].at.Before(a[j].at)
}
func (a agenda) Swap(i, j int) { a[i], a[j] = a[j], a[i] }
func (a *agenda) Push(x any)   { *a = append(*a, x.(event)) }
func (a *agenda) Pop() any {
	last := len(*a) - 1
	e := (*a)[last]
	*a = (*a)[:last]
	return e
}

// later plans do for a moment. What is planned for now or before happens at once.
// The caller holds the lock.
func (s *Server) later(now, at time.Time, do func(at time.Time)) {
	if !at.After(now) {
		do(at)
		return
	}
	s.planned++
	heap.Push(&s.agenda, event{at: at, seq: s.planned, do: do})
}

// settle does everything that is due, in its order, and returns the time. The
// caller holds the lock.
func (s *Server) settle() time.Time {
	now := s.clock()
	for len(s.agenda) > 0 && !s.agenda[0].at.After(now) {
		e := heap.Pop(&s.agenda).(event)
		e.do(e.at)
	}
	return now
}
