// What a run of the model does in a step.

package ovhrenew

import "fmt"

// An emit receives a world that can come next, how, and whether that is a fault.
type emit func(next world, how string, fault bool)

// The kinds of what must not happen, as bits of world.bad.
const (
	paidTwice       uint8 = 1 << iota // one order, both by runs
	paidTwo                           // two orders, both by runs
	paidByPersonToo                   // a run and a person, later than a payment takes to show
	paidInWindow                      // the same, within the time that it takes: documented
	saidUntrue                        // of the money
	saidUntrueLost                    // the same, by a run whose journal was lost
	paidUnasked                       // against a person's word, a price or a guard
	tookNothing                       // an order was taken over that is not there
)

// next emits every world that can follow.
func (m *model) next(w world, e emit) {
	tidied := func(v world, how string, fault bool) {
		v.tidy()
		e(v, how, fault)
	}
	for i := range m.runs {
		m.step(w, i, tidied)
		m.fault(w, i, tidied)
	}
	m.apiSteps(w, tidied)
	m.peopleStep(w, tidied)
	if v, ok := m.tick(w); ok {
		tidied(v, "a tick", false)
	}
}

// step emits what a run can do.
func (m *model) step(w world, i int, e emit) {
	switch w.runs[i].stage {
	case off:
		m.begin(w, i, e)
	case looking:
		if m.common && w.claim != int8(i+1) {
			v := w // the next record fails
			v.runs[i] = modelRun{told: 2}
			e(v, m.say("run %d has lost its claim", i+1), false)
			return
		}
		m.looks(w, i, e)
	case placing:
		for k, p := range w.posts {
			if p.by == 0 {
				v := w
				v.posts[k] = modelPost{by: int8(i + 1), heard: true}
				v.runs[i].stage, v.runs[i].since = waiting, 0
				e(v, m.say("run %d sends its order", i+1), false)
				return
			}
		}
	case paying:
		r := w.runs[i]
		switch {
		case r.look > m.fresh:
			v := w
			if m.holds(&v, i) {
				j := m.journal(&v, i)
				j.phase, j.sent, j.ended = isOrdered, r.wasSent, -1
			}
			v.runs[i] = modelRun{stage: looking}
			e(v, m.say("run %d does not send its payment: the look is old", i+1), false)
		case m.sleepers:
			v := w
			v.runs[i].stage, v.runs[i].look = checked, 0
			e(v, m.say("run %d checks the look's age", i+1), false)
		default:
			m.send(w, i, e)
		}
	case checked:
		m.send(w, i, e)
	}
}

// say describes a step, while somebody reads it.
func (m *model) say(format string, a ...any) string {
	if !m.telling {
		return ""
	}
	return fmt.Sprintf(format, a...)
}

func (m *model) holds(w *world, i int) bool { return !m.common || w.claim == int8(i+1) }

// begin starts a run, as cron does.
func (m *model) begin(w world, i int, e emit) {
	j := m.journal(&w, i)
	if j.phase == isRenewed {
		return
	}
	taken := false
	if m.common && w.claim != 0 {
		if !m.lease {
			return
		}
		taken = w.runs[w.claim-1].stage != off
	}
	v := w
	if m.common {
		v.claim = int8(i + 1)
	}
	j = m.journal(&v, i)
	if j.phase == isOrdering || j.phase == isPaying {
		j.ended = max(j.ended, 0)
		j.doubt = j.doubt || taken && j.phase == isPaying
	}
	v.runs[i] = modelRun{stage: looking}
	e(v, m.say("run %d begins", i+1), false)
}

// looks emits what comes of each look that a run can take now.
func (m *model) looks(w world, i int, e emit) {
	for d := light; d < darknesses; d++ {
		if d > light && !m.dark {
			break
		}
		s, v := m.see(&w, i, d), w
		j := m.journal(&v, i)
		if j.phase == isOrdered && s.waits() && !s.quiet && j.watched < 0 {
			j.watched = 0
		}
		decided := nextOf(m.table[modelPhases[j.phase]], s)
		m.act(v, w, i, s, decided, e)
		if decided.act == actLook && decided.why != becauseNothing {
			s.over = true
			m.act(v, w, i, s, nextOf(m.table[modelPhases[j.phase]], s), e)
		}
	}
}

// act carries out a step. The world before says whether a look has changed anything.
func (m *model) act(v, before world, i int, s seen, do step, e emit) {
	j := m.journal(&v, i)
	how := func(what string) string { return m.say("run %d in %s: %s", i+1, modelPhases[j.phase], what) }
	switch do.act {
	case actLook:
		if v != before {
			e(v, how("begins to watch"), false)
		}
	case actStop:
		what := how(m.say("stops, reason %d", do.why))
		m.stop(&v, i, do.unsure)
		e(v, what, false)
	case actNote:
		m.note(v, i, s, do, e)
	case actAsk:
		for _, answer := range []word{wordYes, wordNo} {
			u := v
			m.journal(&u, i).word = answer
			e(u, how(m.say("a person says %d", answer)), false)
		}
		u := v
		s.word, s.over = wordLater, true
		m.act(u, before, i, s, nextOf(m.table[modelPhases[j.phase]], s), e)
	case actPlace:
		*j = modelJournal{phase: isOrdering, order: -1, known: j.known, ended: -1, watched: -1, word: j.word}
		for k, o := range v.orders {
			if o.listed {
				j.before |= 1 << k
			}
		}
		v.runs[i].stage, v.runs[i].since = placing, 0
		e(v, how("is about to order"), false)
	case actPay:
		if s.word != wordYes || s.unfit {
			v.bad |= paidUnasked
		}
		v.runs[i].wasSent = j.sent
		j.phase, j.sent, j.ended = isPaying, true, -1
		v.runs[i].stage, v.runs[i].look, v.runs[i].order = paying, 0, j.order
		e(v, m.say("run %d is about to pay order %d", i+1, j.order+1), false)
	}
}

// stop ends a run, which tells what the phase says of the money.
func (m *model) stop(w *world, i int, unsure bool) {
	paid := modelPhases[m.journal(w, i).phase].paid()
	if unsure {
		paid = PaidUnsure
	}
	told := map[Paid]uint8{PaidNo: 1, PaidUnsure: 2, PaidYes: 3}[paid]
	w.runs[i] = modelRun{told: told}
	if m.holds(w, i) {
		w.claim = 0
	}
	w.bad |= m.untrue(w, i, told)
}

// untrue returns what is untrue of the word of a run that stops.
func (m *model) untrue(w *world, i int, told uint8) (bad uint8) {
	ours := func(by int) bool { return by == i || by >= 0 && m.common }
	any := false
	for _, p := range w.payments {
		any = any || p.order != 0
		if told != 1 || p.order == 0 || !ours(int(p.by-1)) {
			continue
		}
		if p.forgotten {
			bad |= saidUntrueLost
		} else {
			bad |= saidUntrue
		}
	}
	for k, r := range w.runs {
		if told == 1 && ours(k) && r.pays() && w.orders[r.order].payable() {
			bad |= saidUntrue
		}
	}
	if told == 3 && !any && !w.back {
		bad |= saidUntrue
	}
	return bad
}

// note enters a phase.
func (m *model) note(v world, i int, s seen, do step, e emit) {
	j := m.journal(&v, i)
	from, to := j.phase, phaseIndex(do.to)
	how := m.say("run %d: %s to %s", i+1, modelPhases[from], do.to)
	switch {
	case to == isOrdered && (from == isPaying || from == isDeclined):
		j.watched = j.ended
	case to == isOrdered: // found, or named
		for k, o := range v.orders {
			found := o.listed && o.payable() && !has(j.known, k) && !v.shown(k)
			if found && (s.others == othersNamed && int(v.named)-1 == k || s.others == othersOne && !has(j.before, k)) {
				j.order, j.placed, j.sent, j.watched = int8(k), false, false, j.ended
				v.named = 0
			}
		}
		if j.order < 0 {
			v.bad |= tookNothing
		}
	case to == isPaid:
		j.ended = 0
	}
	j.phase = to
	if do.why != becauseNothing || to == isRenewed {
		u := v
		m.stop(&u, i, do.unsure)
		m.close(&u, i)
		e(u, how+", and stops", false)
	}
	if do.why == becauseNothing && to != isRenewed || do.why == becauseNoEffect || do.why == becauseDeclined {
		m.close(&v, i)
		e(v, how, false)
	}
}

// close makes a renewal that came to nothing one that has not begun.
func (m *model) close(w *world, i int) {
	j := m.journal(w, i)
	switch {
	case j.phase == isClosed:
		known := j.known
		if j.order >= 0 {
			known |= 1 << j.order
		}
		*j = modelJournal{order: -1, known: known, ended: -1, watched: -1, word: j.word}
		if j.word != wordNo {
			j.word = wordYes
			if m.asks {
				j.word = wordAsk
			}
		}
	case j.phase == isWanted:
		j.order = -1
	}
}

// send sends a payment.
func (m *model) send(w world, i int, e emit) {
	order := int(w.runs[i].order) // the journal may be another's by now
	answer := func(v world, to uint8, how string, fault bool) {
		if m.holds(&v, i) {
			j := m.journal(&v, i)
			j.phase, j.ended = to, 0
			v.runs[i] = modelRun{stage: looking}
		} else {
			told := uint8(2)
			if to == isPaid {
				told = 3
			}
			v.runs[i] = modelRun{told: told}
		}
		e(v, m.say("run %d sends the payment of order %d: %s", i+1, order+1, how), fault)
	}
	if !w.orders[order].payable() || w.taken(order) && !m.twice {
		answer(w, isDeclined, "refused", false)
		return
	}
	v := w
	m.pays(&v, order, i)
	answer(v, isPaid, "taken", false)
	if w.losses > 0 {
		w.losses--
		v.losses--
		answer(w, isPaying, "it never arrives", true)
		answer(v, isPaying, "taken, and the answer is lost", true)
		answer(v, isDeclined, "taken, and a second delivery of it is refused", true)
	}
}

// pays charges a payment, and says what is wrong with it.
func (m *model) pays(w *world, order, run int) {
	if old := w.payments[0]; old.order != 0 {
		switch {
		case old.by == 0 || run < 0:
			if old.age > m.showLag+m.fresh {
				w.bad |= paidByPersonToo
			} else {
				w.bad |= paidInWindow
			}
		case int(old.order)-1 == order:
			w.bad |= paidTwice
		default:
			w.bad |= paidTwo
		}
	}
	w.charge(order, run)
}
