// Which orders are this journal's own, of those of rivals.go.

package ovhrenew

import (
	"errors"
	"testing"
	"time"
)

// Whether the order that a call was answered with is the one it placed.
func TestOurs(t *testing.T) {
	t.Parallel()
	sent := noon
	line := func(name string) []OrderDetail { return []OrderDetail{{DetailType: "DURATION", Domain: name}} }
	for name, tt := range map[string]struct {
		dated    time.Duration // after the call
		set      func(c *rivalsCase)
		readings int
		want     bool
		err      error
	}{
		"new":                          {0, nil, 0, true, nil},
		"listed by a later reading":    {0, func(c *rivalsCase) { c.order.listed, c.order.since = true, 3 }, 2, true, nil},
		"listed by the last reading":   {0, func(c *rivalsCase) { c.order.listed, c.order.since = true, 3 }, 3, false, nil},
		"of another renewal":           {0, func(c *rivalsCase) { c.order.fact.Services = []ServiceID{2} }, 0, false, nil},
		"of another renewal elsewhere": {0, func(c *rivalsCase) { c.journal.facts = []OrderFact{{Order: 7, Services: []ServiceID{1}}} }, 0, false, nil},
		"noted by another as foreign":  {0, func(c *rivalsCase) { c.journal.facts = []OrderFact{{Order: 7}, {Order: 8, Services: []ServiceID{1}}} }, 0, true, nil},
		"the journal cannot be read":   {0, func(c *rivalsCase) { c.journal.err = errDark }, 0, false, ErrJournal},
		"dated long before":            {-sameMoment - time.Millisecond, nil, 0, false, nil},
		"dated a little before":        {-sameMoment, func(c *rivalsCase) { c.api.lines, c.api.services = line("1"), []string{"1"} }, 0, true, nil},
		"and for something new":        {-sameMoment, func(c *rivalsCase) { c.api.lines = []OrderDetail{{DetailType: detailInstallation, Domain: "1"}} }, 0, false, nil},
		"and does not say all":         {-sameMoment, func(c *rivalsCase) { c.api.lines, c.api.services = append(line("2"), line("*")...), []string{"2"} }, 0, true, nil},
		"and for something else":       {-sameMoment, func(c *rivalsCase) { c.api.lines, c.api.services = line("2"), []string{"2"} }, 0, false, nil},
		"and for what is not known":    {-sameMoment, func(c *rivalsCase) { c.api.lines = line("2") }, 0, true, nil},
		"and does not say what for":    {-sameMoment, func(c *rivalsCase) { c.api.lines = line("*") }, 0, true, nil},
		"and without lines":            {-sameMoment, nil, 0, true, nil},
		"and its lines are not there":  {-sameMoment, func(c *rivalsCase) { c.api.linesErr = ErrNotFound }, 0, true, nil},
		"and its lines cannot be read": {-sameMoment, func(c *rivalsCase) { c.api.linesErr = errDark }, 0, false, errDark},
		"and what they name cannot be": {-sameMoment, func(c *rivalsCase) { c.api.lines, c.api.serviceErr = line("2"), errDark }, 0, false, errDark},
		"dated a second before":        {-time.Second, func(c *rivalsCase) { c.api.linesErr = errDark }, 0, true, nil},
		"dated more than that before":  {-time.Second - time.Millisecond, func(c *rivalsCase) { c.api.linesErr = errDark }, 0, false, errDark},
		"without a date":               {-1 << 60, func(c *rivalsCase) { c.api.lines = line("1") }, 0, true, nil},
		"without a date, for another":  {-1 << 60, func(c *rivalsCase) { c.api.lines, c.api.services = line("2"), []string{"2"} }, 0, false, nil},
	} {
		c := newRivalsCase()
		c.order.listed = false
		if tt.set != nil {
			tt.set(c)
		}
		j := &job{r: &Runner{book: c.book, client: c.api, journal: c.journal, account: "a"}, task: c.task, st: State{Sent: sent}}
		order, since := Order{OrderID: 7, Date: Timestamp{sent.Add(tt.dated)}}, sent.Add(-sameMoment-clockSkew)
		if tt.dated == -1<<60 {
			order.Date, since = Timestamp{}, sent.Add(-day)
		}
		got, err := j.ours(t.Context(), order, tt.readings)
		if got != tt.want || !errors.Is(err, tt.err) || (err == nil) != (tt.err == nil) {
			t.Errorf("%s: %t, %v; want %t, %v", name, got, err, tt.want, tt.err)
		}
		if !c.journal.since.IsZero() && !c.journal.since.Equal(since) {
			t.Errorf("%s: the journal is asked for orders since %v, want %v", name, c.journal.since, since)
		}
	}
	c := newRivalsCase() // of which the book knows nothing
	j := &job{r: &Runner{book: c.book, client: c.api, journal: c.journal}, task: c.task, st: State{Sent: sent}}
	if got, err := j.ours(t.Context(), Order{OrderID: 8, Date: Timestamp{sent}}, 5); !got || err != nil {
		t.Errorf("one of which nothing is known: %t, %v", got, err)
	}
}

// An order of this journal's is forgotten if no state of its service is of it, or began later.
func TestForgotten(t *testing.T) {
	t.Parallel()
	placed := noon.Add(-day)
	state := func(order OrderID, began time.Time, ids ...ServiceID) []State {
		return []State{{Order: order, Services: ids, Placed: began, Time: placed.Add(-day)}}
	}
	for name, tt := range map[string]struct {
		states []State
		want   bool
	}{
		"no state":                        {nil, true},
		"its own":                         {state(7, placed.Add(-day), 1), false},
		"a later one":                     {state(8, placed, 1), false},
		"a later one of another service":  {state(8, placed, 2), true},
		"an earlier one":                  {state(8, placed.Add(-time.Second), 1), true},
		"one that was sent later":         {[]State{{Order: 8, Services: []ServiceID{1}, Sent: placed, Time: placed.Add(-day)}}, false},
		"one that was changed later":      {[]State{{Order: 8, Services: []ServiceID{1}, Time: placed}}, false},
		"one placed before, sent later":   {[]State{{Order: 8, Services: []ServiceID{1}, Placed: placed.Add(-day), Sent: placed}}, true},
		"the call, dated a little before": {state(0, placed.Add(sameMoment), 1), false},
		"an earlier call":                 {state(0, placed.Add(sameMoment-time.Second), 1), true},
	} {
		c := newRivalsCase()
		c.claim = &heldClaim{states: tt.states}
		c.order.fact.Services = []ServiceID{1}
		if got := c.forgotten(c.order); got != tt.want {
			t.Errorf("%s: forgotten %t, want %t", name, got, tt.want)
		}
		want := othersClear
		if tt.want {
			want = othersOpen
		}
		c.order.fact.Names, c.order.fact.Vague = []string{"2"}, true
		if got, _, err := c.look(t.Context()); got != want || err != nil {
			t.Errorf("%s: means %d, %v; want %d", name, got, err, want)
		}
		c.order.fact.Services = []ServiceID{2}
		if c.forgotten(c.order) {
			t.Errorf("%s: one of another service is forgotten", name)
		}
	}
}
