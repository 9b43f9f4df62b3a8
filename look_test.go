package ovhrenew

import (
	"testing"
	"time"
)

// lookAt is a reading of an order, some time after noon by the API's clock.
func lookAt(after time.Duration, st State) reading {
	return reading{&job{st: st}, &look{now: noon.Add(after)}}
}

// An order counts as just placed for a minute after this journal's own call placed it.
func TestJustPlaced(t *testing.T) {
	t.Parallel()
	own, sent := State{Placed: noon}, State{Placed: noon, Payment: "x"}
	for _, tt := range []struct {
		st    State
		after time.Duration
		want  bool
	}{
		{own, 0, true}, {own, 59 * time.Second, true}, {own, time.Minute, false}, {own, 11 * time.Minute, false},
		{own, -time.Second, true}, {own, 1 - sameMoment, true}, {own, -sameMoment, false}, {own, -time.Hour, false}, // a clock that was read wrong once
		{sent, 0, false}, {State{}, 0, false}, {State{Watched: noon}, 0, false},
	} {
		if got := lookAt(tt.after, tt.st).just(); got != tt.want {
			t.Errorf("%v after it was placed: %+v counts as just placed: %t, want %t", tt.after, tt.st, got, tt.want)
		}
	}
}

// The waits before a payment: of one of several journals until the order is aged, and of
// what was found, paid or stalled until it was watched.
func TestWaits(t *testing.T) {
	t.Parallel()
	const settle, aged, undated = defaultSettle, defaultSettle + maxLook + 2*sameMoment, -1 << 60
	for name, tt := range map[string]struct {
		st          State
		dated       time.Duration // of the order, after noon
		after       time.Duration
		only        bool
		aged, quiet bool
		wake        time.Duration // after noon; 0: nothing to wait for
	}{
		"just placed":                      {st: State{Placed: noon, Sent: noon}, only: true, quiet: true},
		"just placed, one of several":      {st: State{Placed: noon, Sent: noon, Watched: noon}, quiet: true, wake: aged},
		"aged":                             {st: State{Placed: noon, Sent: noon, Watched: noon}, after: aged, aged: true, quiet: true},
		"nearly aged":                      {st: State{Placed: noon, Sent: noon, Watched: noon}, after: aged - time.Second, quiet: true, wake: aged},
		"dated before it was sent":         {st: State{Placed: noon, Sent: noon, Watched: noon}, dated: -settle, after: time.Minute, wake: aged},
		"dated after it was placed":        {st: State{Placed: noon, Sent: noon, Watched: noon}, dated: time.Minute, after: aged, quiet: true, wake: aged + time.Minute},
		"placed before it was sent":        {st: State{Placed: noon.Add(-sameMoment), Sent: noon, Watched: noon.Add(-sameMoment)}, dated: -sameMoment, after: aged - time.Second, quiet: true, wake: aged},
		"dated late, and still watched":    {st: State{Placed: noon, Sent: noon, Watched: noon}, dated: time.Minute, after: settle - time.Second, wake: aged + time.Minute},
		"named, without a date":            {st: State{Watched: noon}, dated: undated, after: aged - time.Second, quiet: true, wake: aged},
		"named, without a date, aged":      {st: State{Watched: noon}, dated: undated, after: aged, aged: true, quiet: true},
		"stalled":                          {st: State{Placed: noon, Sent: noon}, after: time.Hour, only: true, aged: true},
		"stalled, watched":                 {st: State{Placed: noon, Sent: noon, Watched: noon.Add(time.Hour)}, after: time.Hour + settle, only: true, aged: true, quiet: true},
		"stalled, being watched":           {st: State{Placed: noon, Sent: noon, Watched: noon.Add(time.Hour)}, after: time.Hour, only: true, aged: true, wake: time.Hour + settle},
		"a payment that had no effect":     {st: State{Placed: noon, Sent: noon, Payment: "x", Watched: noon}, after: settle, only: true, quiet: true},
		"a payment, and not watched since": {st: State{Placed: noon, Sent: noon, Payment: "x"}, only: true},
	} {
		r := lookAt(tt.after, tt.st)
		if r.l.only = tt.only; tt.dated != undated {
			r.l.own.Date = Timestamp{noon.Add(tt.dated)}
		}
		r.waits()
		var wake time.Duration
		if !r.l.wake.IsZero() {
			wake = r.l.wake.Sub(noon)
		}
		if r.l.aged != tt.aged || r.l.quiet != tt.quiet || wake != tt.wake {
			t.Errorf("%s: aged %t, quiet %t, wakes after %v; want %t, %t, %v", name, r.l.aged, r.l.quiet, wake, tt.aged, tt.quiet, tt.wake)
		}
	}
}

// A look ages by the wall clock, which goes on while a machine sleeps, and by the other.
func TestLookAges(t *testing.T) {
	t.Parallel()
	for name, at := range map[string]time.Time{
		"both": time.Now().Add(-time.Hour), "the wall clock alone": time.Now().Round(0).Add(-time.Hour),
	} {
		if age := (&look{at: at}).age(); age < time.Hour {
			t.Errorf("%s: a look of an hour ago is %v old", name, age)
		}
	}
}
