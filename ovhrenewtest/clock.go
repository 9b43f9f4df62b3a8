package ovhrenewtest

import (
	"slices"
	"time"
)

// Now returns the time on the server's clock.
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
