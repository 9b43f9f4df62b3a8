package ovhrenew

import (
	"testing"
	"time"
)

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
