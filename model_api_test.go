// What the model's API and people do, and what can go wrong with a run.

package ovhrenew

// fault emits what can go wrong with a run.
func (m *model) fault(w world, i int, e emit) {
	r := w.runs[i]
	if r.stage == waiting && w.losses > 0 { // it gives up
		v := w
		v.losses--
		m.unheard(&v, i)
		m.lost(&v, i)
		e(v, m.say("run %d gives up waiting for its order", i+1), true)
	}
	if r.stage == off || w.cuts == 0 {
		return
	}
	w.cuts--
	m.cut(w, i, e, "")
	if r.stage == paying && r.look <= m.fresh || r.stage == checked {
		order := r.order
		if w.orders[order].payable() && (m.twice || !w.taken(int(order))) {
			m.pays(&w, int(order), i)
			m.cut(w, i, e, " after its payment was taken")
		}
	}
}

// cut ends a process, with its journal or without.
func (m *model) cut(w world, i int, e emit, when string) {
	m.unheard(&w, i)
	w.runs[i] = modelRun{}
	held := m.holds(&w, i)
	if held {
		w.claim = 0
	}
	e(w, m.say("run %d is cut off%s", i+1, when), true)
	if !m.forgets || !held {
		return
	}
	*m.journal(&w, i) = m.freshJournal()
	for k := range w.payments {
		if by := w.payments[k].by; by == int8(i+1) || by > 0 && m.common {
			w.payments[k].forgotten = true
		}
	}
	e(w, m.say("run %d is cut off%s, and its journal is lost", i+1, when), true)
}

// unheard lets a run's order go on alone.
func (m *model) unheard(w *world, i int) {
	for k := range w.posts {
		if w.posts[k].by == int8(i+1) {
			w.posts[k].heard = false
		}
	}
}

// lost ends an order's call without an answer.
func (m *model) lost(w *world, i int) {
	w.runs[i] = modelRun{stage: looking}
	if m.holds(w, i) {
		m.journal(w, i).ended = 0
	} else {
		w.runs[i] = modelRun{told: 2}
	}
}

// apiSteps emits what the API can do.
func (m *model) apiSteps(w world, e emit) {
	for k, p := range w.posts {
		if p.by != 0 {
			m.executes(w, k, e)
		}
	}
	for k, o := range w.orders {
		if o.state != 0 {
			m.orderSteps(w, k, e)
		}
	}
	for k, p := range w.payments {
		if p.order != 0 {
			m.paymentSteps(w, k, e)
		}
	}
}

// paymentSteps emits what can become of a payment.
func (m *model) paymentSteps(w world, k int, e emit) {
	p := w.payments[k]
	o := w.orders[p.order-1]
	if !p.shown && !o.docs {
		v := w
		v.payments[k].shown = true
		e(v, m.say("the payment of order %d shows", p.order), false)
	}
	if !p.moved && (p.shown || m.moves) && !o.docs && o.state != revokedOrder {
		v := w
		v.payments[k].moved = true
		e(v, m.say("order %d is delivered", p.order), false)
	}
	if p.shown && p.moved && m.past && o.state != pastOrder {
		v := w
		v.orders[p.order-1].state = pastOrder
		e(v, m.say("order %d was delivered long ago", p.order), true)
	}
	if p.shown && !p.moved && m.bounces && w.oddities > 0 {
		v := w
		v.oddities--
		v.payments[k], v.back = modelPayment{}, true
		e(v, m.say("the payment of order %d is returned", p.order), true)
	}
}

// executes carries out an order on its way.
func (m *model) executes(w world, k int, e emit) {
	p, v := w.posts[k], w
	v.posts[k] = modelPost{}
	i := int(p.by - 1)
	if p.heard && w.losses > 0 {
		u := v
		u.losses--
		m.lost(&u, i)
		e(u, m.say("run %d's order never arrives, no answer", p.by), true)
	} else if !p.heard {
		e(v, m.say("run %d's order never arrives", p.by), true)
	}
	order, old := m.answered(&v)
	if v.full {
		e(v, "(the bound on orders)", false)
		return
	}
	if !p.heard {
		e(v, m.say("run %d's order %d is placed, and nobody hears the answer", p.by, order+1), false)
		return
	}
	if w.losses > 0 {
		u := v
		u.losses--
		m.lost(&u, i)
		e(u, m.say("run %d's order %d is placed, and the answer is lost", p.by, order+1), true)
	}
	r := v.runs[i]
	if !m.holds(&v, i) {
		v.runs[i] = modelRun{told: 2}
		e(v, m.say("run %d's order %d is placed, and its claim is lost", p.by, order+1), false)
		return
	}
	j := m.journal(&v, i)
	if old && (has(j.before, order) || v.orders[order].age > r.since) {
		j.phase = isWanted
		m.stop(&v, i, true)
		e(v, m.say("run %d is answered with order %d, which was there before", p.by, order+1), false)
		return
	}
	j.phase, j.order, j.placed, j.sent, j.watched = isOrdered, int8(order), true, false, -1
	if !m.only {
		j.watched = v.orders[order].age
	}
	v.runs[i] = modelRun{stage: looking}
	e(v, m.say("run %d's order %d is placed", p.by, order+1), false)
}

// answered returns the order that the API answers with, and whether it was there before.
func (m *model) answered(w *world) (order int, old bool) {
	if m.answers {
		for k, o := range w.orders {
			if o.state == openOrder && !w.taken(k) {
				return k, true
			}
		}
	}
	order, _ = w.place()
	return order, false
}

// orderSteps emits what can become of an order.
func (m *model) orderSteps(w world, k int, e emit) {
	o, v := w.orders[k], w
	change := func(how string, fault bool, f func(*modelOrder)) {
		u := v
		f(&u.orders[k])
		e(u, m.say("order %d %s", k+1, how), fault)
	}
	before := k == 0 || w.orders[k-1].listed || w.orders[k-1].state != openOrder
	if o.state == openOrder && !o.listed && (m.shuffle || before) {
		change("is listed", false, func(o *modelOrder) { o.listed = true })
	}
	if m.life > 0 && o.age >= m.life && o.listed && !w.taken(k) {
		switch o.state {
		case openOrder:
			change("expires", false, func(o *modelOrder) { o.state = expiredOrder })
		case expiredOrder, droppedOrder:
			change("lapses", false, func(o *modelOrder) { o.state = deadOrder })
		}
	}
	if m.overtakes && o.age >= m.life && o.state == openOrder && w.taken(k) && !w.shown(k) {
		change("lapses while it is being paid", false, func(o *modelOrder) { o.state = deadOrder })
	}
	if v.oddities--; v.oddities < 0 || !o.listed || o.state != openOrder {
		return
	}
	if !w.taken(k) {
		change("is cancelled early", true, func(o *modelOrder) { o.state = droppedOrder })
	} else if w.shown(k) && !w.moved() {
		change("is revoked", true, func(o *modelOrder) { o.state = revokedOrder })
	}
	change("asks for documents", true, func(o *modelOrder) { o.docs = true })
}

// paymentShows reports whether a person can see that the service has been paid for.
func (w *world) paymentShows() bool {
	for _, p := range w.payments {
		if p.shown || p.moved {
			return true
		}
	}
	return false
}

// handIn gives the API the documents that it asks for. What they were asked for goes on.
func (w *world) handIn(order int) {
	w.orders[order].docs = false
	for k := range w.payments {
		w.payments[k].shown = w.payments[k].shown || int(w.payments[k].order)-1 == order
	}
}

// peopleStep emits what people can do.
func (m *model) peopleStep(w world, e emit) {
	for k, o := range w.orders {
		if !o.listed || !o.payable() || o.docs || w.shown(k) || w.taken(k) && !m.twice {
			continue
		}
		if w.people > 0 && !w.paymentShows() {
			v := w
			v.people--
			m.pays(&v, k, -1)
			e(v, m.say("a person pays order %d", k+1), true)
		}
		if w.names > 0 && w.named == 0 && !w.owned(k) {
			v := w
			v.names--
			v.named = int8(k + 1)
			e(v, m.say("a person names order %d", k+1), true)
		}
	}
	if w.strangers > 0 {
		v := w
		v.strangers--
		if k, ok := v.place(); ok {
			e(v, m.say("a person places order %d by hand", k+1), true)
		}
	}
	if m.oddities > 0 && (w.unfit || w.oddities > 0) {
		v := w
		if v.unfit = !w.unfit; v.unfit {
			v.oddities--
		}
		e(v, m.say("that the price does not fit is %t", v.unfit), true)
	}
	if m.oddities > 0 {
		for k, o := range w.orders {
			if o.docs && o.state != 0 {
				v := w
				v.handIn(k)
				e(v, m.say("the documents of order %d are handed in", k+1), true)
			}
		}
	}
}
