package ovhrenew

import (
	"testing"
	"time"
)

// The pause before the next look grows with the wait, between Patience.Poll and a minute.
// What is known to come at a time is waited for until then, but not beyond Task.Until.
func TestWait(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 6, 15, 12, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		waited, wake, until time.Duration // 0: none
		over                bool
		want                time.Duration
	}{
		"at once":                      {want: defaultPoll},
		"half of the wait":             {waited: 20 * time.Second, want: 10 * time.Second},
		"a minute at most":             {waited: time.Hour, want: maxPoll},
		"until it is known to come":    {waited: time.Second, wake: 7 * time.Minute, want: 7 * time.Minute},
		"not beyond the end":           {waited: time.Hour, until: 30 * time.Second, want: 30 * time.Second},
		"the end is there":             {waited: time.Hour, until: time.Millisecond, want: defaultPoll},
		"beyond an end that is passed": {waited: time.Hour, until: time.Second, over: true, want: maxPoll},
	} {
		j := &job{}
		j.st.Phase, j.st.Time = PhasePaid, now.Add(-c.waited)
		l := &look{now: now}
		l.over = c.over
		if c.wake != 0 {
			l.wake = now.Add(c.wake)
		}
		if c.until != 0 {
			j.task.Until = now.Add(c.until)
		}
		if j.wait(l); j.pause != c.want {
			t.Errorf("%s: a pause of %v, want %v", name, j.pause, c.want)
		}
	}
}

// The pause before the next look grows with the wait, and ends when time has brought what
// only time can, or with the patience.
func TestPauses(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		waited, wake, until time.Duration
		over                bool
		want                time.Duration
	}{
		"at first":             {want: defaultPoll},
		"after ten seconds":    {waited: 10 * time.Second, want: 5 * time.Second},
		"after an hour":        {waited: time.Hour, want: maxPoll},
		"only time can":        {waited: time.Minute, wake: 9 * time.Minute, want: 9 * time.Minute},
		"the patience ends":    {waited: time.Hour, until: 7 * time.Second, want: 7 * time.Second},
		"the patience is over": {waited: time.Hour, until: -time.Second, over: true, want: maxPoll},
	} {
		j := &job{st: State{Phase: PhasePaid, Time: noon}}
		l := &look{now: noon.Add(tt.waited)}
		l.over = tt.over
		if tt.wake != 0 {
			l.wake = l.now.Add(tt.wake)
		}
		if tt.until != 0 {
			j.task.Until = l.now.Add(tt.until)
		}
		j.wait(l)
		if j.pause != tt.want || j.task.Next.IsZero() {
			t.Errorf("%s: pauses %v, want %v", name, j.pause, tt.want)
		}
	}
}
