package ovhrenewtest

import (
	"slices"
	"sync"
	"time"
)

// Now is the time on the server's clock.
func (s *Server) Now() time.Time {
	defer s.lock()()
	return s.now
}

// SetNow replaces the server's clock, which is time.Now otherwise. The clock is
// called with the server locked: it must not call the server.
func (s *Server) SetNow(now func() time.Time) {
	defer s.lock()()
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

// event is something that is still to happen.
type event struct {
	at time.Time
	do func()
}

// later plans do for a moment, after what is planned for the same. What is planned for
// now happens at once. The caller holds the lock.
func (s *Server) later(at time.Time, do func()) {
	if !at.After(s.now) {
		do()
		return
	}
	i, _ := slices.BinarySearchFunc(s.agenda, at, func(e event, at time.Time) int {
		return 2*e.at.Compare(at) - 1 // never equal: the first that is later
	})
	s.agenda = slices.Insert(s.agenda, i, event{at, do})
}

// lock locks the server, reads its clock, and lets everything happen that is due, in its
// order and at its time. It returns what unlocks the server.
func (s *Server) lock() (unlock func()) {
	s.mu.Lock()
	now := s.clock()
	for len(s.agenda) > 0 && !s.agenda[0].at.After(now) {
		due := s.agenda[0]
		s.agenda = s.agenda[1:]
		s.now = due.at
		due.do()
	}
	s.now = now
	return s.mu.Unlock
}
