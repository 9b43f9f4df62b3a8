// How a story of the model goes on once nothing fails any more.

package ovhrenew

// A verdict is how a story goes on once nothing fails any more.
type verdict uint8

const (
	unknown     verdict = iota
	getsRenewed         // without anybody's help
	afterLapse          // once the orders in the way have lapsed, or were delivered long ago
	needsPerson         // an order was cancelled or revoked: a person says what it means
	saidNo              // a person said no
	forEver             // every run refuses, and no lapse changes that
	stuck               // time passes, and nothing ends
	verdicts
)

var badVerdicts = map[verdict]string{forEver: "refused for ever", stuck: "stuck", afterLapse: "refused until an order lapses"}

// A calm is the world in which nothing fails any more: every run steps when it can, and
// cron begins again what has stopped.
type calm struct {
	*model
	fast  bool // the API is as fast as it may be, not as slow
	known map[world]verdict
}

// live tells how the story goes on from a world.
func (c *calm) live(w world) verdict {
	w.cuts, w.losses, w.people, w.strangers, w.names, w.oddities, w.unfit = 0, 0, 0, 0, 0, 0, false
	for k := range w.orders {
		if w.orders[k].docs {
			w.handIn(k)
		}
	}
	return c.follow(w, 600)
}

// follow goes on until the story ends, or a step is known, and keeps what it learns.
func (c *calm) follow(w world, steps int) verdict {
	if known, ok := c.known[w]; ok {
		return known
	}
	start := w
	v, found := c.untilRest(w, &steps)
	if found == unknown {
		next, how := c.weeks(v)
		switch {
		case steps <= 0:
			found = stuck
		case how == unknown:
			found = forEver
		default:
			found = c.follow(next, steps)
			if !v.moved() || how == needsPerson {
				found = max(how, found)
			}
		}
	}
	c.known[start] = found
	return found
}

// untilRest lets time pass until the story ends, or nothing moves but what cron begins
// again: each run twice.
func (c *calm) untilRest(w world, steps *int) (world, verdict) {
	var passed []world
	for idle := 0; idle <= 2*c.runs; {
		if *steps--; *steps < 0 {
			return w, unknown
		}
		end := c.ended(w)
		if known, ok := c.known[w]; ok && idle == 0 {
			end = known
		}
		if end != unknown {
			for _, v := range passed {
				c.known[v] = end
			}
			return w, end
		}
		if idle == 0 {
			passed = append(passed, w)
		}
		v, rest := c.next(w, idle)
		switch {
		case rest:
			idle++
		case v.progress(w):
			idle = 0
		}
		w = v
	}
	return w, unknown
}

// progress reports whether anything but a run's coming and going has changed.
func (w world) progress(from world) bool {
	w.runs, from.runs, w.claim, from.claim = [modelRuns]modelRun{}, [modelRuns]modelRun{}, 0, 0
	return w != from
}

// ended tells whether the story is over. A payment that was taken moves the expiries.
func (c *calm) ended(w world) verdict {
	no := c.asks
	for i := range c.runs {
		j := c.journal(&w, i)
		no = no && j.word == wordNo && j.phase == isWanted
	}
	if no {
		return saidNo
	}
	if !w.moved() {
		return unknown
	}
	for i := range c.runs { // all that is left to do is to tell of it, and to close the books
		phase := c.journal(&w, i).phase
		if phase != isRenewed && (phase != isWanted || w.runs[i].told == 0) {
			return unknown
		}
	}
	return getsRenewed
}

// next returns what comes next while nothing fails, and whether only a new beginning is left.
func (c *calm) next(w world, idle int) (world, bool) {
	var v *world
	keep := func(u world, _ string, fault bool) {
		u.tidy()
		if v == nil && !fault && u != w {
			v = &u
		}
	}
	for i := range c.runs {
		if w.runs[i].stage != off {
			c.patient(w, i, keep)
		}
		if v != nil {
			return *v, false
		}
	}
	if c.fast {
		if c.apiSteps(w, keep); v != nil {
			return *v, false
		}
	}
	if u, ok := c.tick(w); ok && u != w {
		u.tidy()
		return u, false
	}
	if c.apiSteps(w, keep); v != nil {
		return *v, false
	}
	for i := range c.runs { // the patience is over
		if w.runs[i].stage != off {
			c.step(w, i, keep)
		}
		if v != nil {
			return *v, false
		}
	}
	for n := range c.runs {
		i := (n + idle) % c.runs
		if w.runs[i].stage == off {
			c.begin(w, i, keep)
		}
		if v != nil {
			return *v, true
		}
	}
	return w, true
}

// patient steps a run that never runs out of patience, and sees everything.
func (c *calm) patient(w world, i int, e emit) {
	if w.runs[i].stage == looking && c.holds(&w, i) {
		s := c.see(&w, i, light)
		if nextOf(c.table[modelPhases[c.journal(&w, i).phase]], s).act == actLook {
			c.begins(w, i, s, e)
			return
		}
	}
	c.step(w, i, e)
}

// begins emits that a run begins to watch, where it does.
func (c *calm) begins(w world, i int, s seen, e emit) {
	j := c.journal(&w, i)
	if j.phase == isOrdered && s.waits() && !s.quiet && j.watched < 0 {
		j.watched = 0
		e(w, "begins to watch", false)
	}
}

// delivered reports whether an order was paid, and its expiries have moved.
func (w *world) delivered(order int) bool {
	for _, p := range w.payments {
		if int(p.order)-1 == order && p.shown && p.moved {
			return true
		}
	}
	return false
}

// weeks lets weeks pass: the orders that wait lapse, those delivered are long past. Where
// there are none, a person says that a cancelled one is in nobody's way.
func (c *calm) weeks(w world) (world, verdict) {
	how := verdict(unknown)
	for k, o := range w.orders {
		if o.state != 0 && o.state < deadOrder && !w.taken(k) || o.state == droppedOrder && c.life == 0 {
			w.orders[k].state, w.orders[k].listed = deadOrder, true
			how = afterLapse
		} else if o.state != pastOrder && w.delivered(k) {
			w.orders[k].state = pastOrder
			how = afterLapse
		}
	}
	if how == afterLapse {
		w.tidy()
		return w, how
	}
	for k, o := range w.orders {
		if o.state == droppedOrder || o.state == revokedOrder {
			w.orders[k].state = deadOrder
			how = needsPerson
			for i := range w.payments {
				if int(w.payments[i].order)-1 == k {
					w.payments[i] = modelPayment{}
				}
			}
			for i := range w.journals {
				if int(w.journals[i].order) == k {
					w.journals[i] = c.freshJournal()
				}
			}
			break
		}
	}
	w.tidy()
	return w, how
}
