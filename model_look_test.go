// What a run of the model sees in one look.

package ovhrenew

// A darkness is what a look fails to read.
type darkness uint8

const (
	light darkness = iota
	darkOthers
	darkMoved
	darkOrder
	slowLook
	darknesses
)

// see is a run's look at the world. It reads what the driver reads in each phase.
func (m *model) see(w *world, run int, d darkness) seen {
	j := m.journal(w, run)
	s := seen{
		word: wordYes, only: m.only, unfit: w.unfit, fresh: d != slowLook,
		settled: j.ended >= m.settle, doubt: j.doubt,
	}
	if m.asks {
		s.word = j.word
	}
	if j.order >= 0 {
		s.order = m.standing(w, j)
		o := w.orders[j.order]
		s.listed, s.aged = o.listed, o.age >= m.settle
		s.quiet = m.placedJustNow(w, j) || j.watched >= m.settle
	}
	if d == darkOrder {
		s.order = orderUnclear
	}
	readsOthers, readsMoved := true, true
	switch j.phase {
	case isOrdering:
		readsOthers, readsMoved = s.settled, s.settled
	case isOrdered:
		readsMoved = s.waits()
	case isPaying, isDeclined:
		readsOthers = s.settled && !s.evidence()
		readsMoved = readsOthers
	case isPaid:
		readsOthers = false
	}
	if readsMoved && w.moved() {
		s.moved = movedOn
	}
	if readsMoved && d == darkMoved {
		s.moved = movedDark
	}
	if readsOthers {
		s.others = m.others(w, j)
		if d == darkOthers {
			s.others = othersDark
		}
	}
	return s
}

// placedJustNow reports whether the journal's own call placed the order a moment ago, and
// nothing was sent since.
func (m *model) placedJustNow(w *world, j *modelJournal) bool {
	return j.placed && !j.sent && w.orders[j.order].age <= m.just
}

func (m *model) standing(w *world, j *modelJournal) standing {
	o, shown := w.orders[j.order], w.shown(int(j.order))
	switch {
	case o.state == revokedOrder:
		return orderRevoked
	case o.state == droppedOrder:
		return orderDropped
	case o.state == deadOrder && !shown:
		return orderDead
	case o.docs && (j.phase == isPaid || !shown):
		return orderHuman
	case shown:
		return orderTaken
	case o.state == expiredOrder, m.life > 0 && o.age+m.settle >= m.life:
		return orderLapsing
	}
	return orderUnpaid
}

func (m *model) others(w *world, j *modelJournal) others {
	var paid, open, named, appeared int
	for k, o := range w.orders {
		switch {
		case !o.listed || k == int(j.order) || has(j.known, k) || o.state == pastOrder:
		case w.shown(k), o.state == droppedOrder, o.state == revokedOrder, o.docs:
			paid++
		case o.state == deadOrder:
		case int(w.named)-1 == k && j.order < 0:
			named++
		case j.phase == isOrdering && !has(j.before, k):
			appeared++
		case j.order >= 0 && k > int(j.order):
		default:
			open++
		}
	}
	switch {
	case paid > 0:
		return othersPaid
	case appeared > 1:
		return othersMany
	case appeared == 1:
		return othersOne
	case open > 0:
		return othersOpen
	case named > 0:
		return othersNamed
	}
	return othersClear
}
