// What the world of the model is made of.

package ovhrenew

import "slices"

const (
	modelOrders, modelPosts, modelPayments, modelRuns = 4, 2, 2, 2
)

// A model is a scenario: how the API behaves, what goes wrong, and the table that decides.
// Time passes in ticks. Ages saturate, so that time has no end and the states have one.
type model struct {
	name    string
	table   map[Phase][]row
	telling bool // steps are described

	settle, fresh, listLag, late, showLag, just int8
	life                                        int8 // an order lapses from this age on; 0: only where nothing else helps

	runs      int
	only      bool // what the journals are opened with
	common    bool // one journal, with a claim
	lease     bool // the claim may pass on while its holder lives
	sleepers  bool // the check of a look's age and the send are two steps
	shuffle   bool // lists show orders out of order
	answers   bool // a second order is answered with the open one
	twice     bool // a paid order is charged again
	asks      bool // a person is asked
	dark      bool // looks may fail
	forgets   bool // a cut may lose the journal
	moves     bool // expiries may move before a payment shows
	past      bool // orders that were delivered long ago are in nobody's way
	bounces   bool // a payment may be returned
	overtakes bool // an order may lapse while its payment does not show
	direct    bool // of getting on: no order has to lapse first
	cuts      int8
	losses    int8
	people    int8 // payments by hand
	strangers int8 // orders by hand
	names     int8 // times that a person names an order to be taken over
	oddities  int8 // cancellations, documents, prices

	documented []string // kinds of what must not happen that are known windows
}

type orderState uint8

const (
	openOrder    orderState = iota + 1
	expiredOrder            // past its date, and still payable
	deadOrder
	droppedOrder
	revokedOrder
	pastOrder // delivered long ago
)

type modelOrder struct {
	state        orderState
	age          int8
	listed, docs bool
}

// payable reports whether the API would take a payment of the order.
func (o modelOrder) payable() bool { return o.state == openOrder || o.state == expiredOrder }

// modelPost is an order on its way.
type modelPost struct {
	by    int8 // run+1
	heard bool // the run waits for the answer
	age   int8 // since nobody waits
}

type modelPayment struct {
	order        int8 // order+1
	by           int8 // run+1; 0 for a person
	age          int8
	shown, moved bool
	forgotten    bool // the journal that knew of it is lost
}

// modelJournal is what a journal keeps of the renewal.
type modelJournal struct {
	phase          uint8 // index in modelPhases
	order          int8  // -1: none
	before, known  uint8 // sets of orders: there when the order was sent; placed by renewals that were closed
	placed, sent   bool  // by its own call; a payment was sent
	doubt          bool
	ended, watched int8 // ticks since; -1: not kept
	word           word
}

type stage uint8

const (
	off stage = iota
	looking
	placing // recorded, and the order has not left
	waiting // for the answer of an order
	paying  // recorded, and the payment has not left
	checked // as paying, with the look's age checked
)

type modelRun struct {
	stage   stage
	look    int8 // age of the look that a payment stands on
	since   int8 // ticks since the order was sent
	order   int8 // that it is about to pay
	wasSent bool
	told    uint8 // 0 nothing, 1 no, 2 unsure, 3 yes
}

type world struct {
	orders   [modelOrders]modelOrder
	posts    [modelPosts]modelPost
	payments [modelPayments]modelPayment
	journals [modelRuns]modelJournal
	runs     [modelRuns]modelRun

	claim int8 // run+1
	named int8 // order+1
	unfit bool
	full  bool // the model's bound on orders was met
	back  bool // a payment was returned
	bad   uint8

	cuts, losses, people, strangers, names, oddities int8
}

var modelPhases = []Phase{PhaseWanted, PhaseOrdering, PhaseOrdered, PhasePaying, PhaseDeclined, PhasePaid, PhaseRenewed, PhaseClosed}

const (
	isWanted uint8 = iota
	isOrdering
	isOrdered
	isPaying
	isDeclined
	isPaid
	isRenewed
	isClosed
)

func phaseIndex(p Phase) uint8 {
	return uint8(slices.Index(modelPhases, p))
}

func (m *model) freshJournal() modelJournal {
	j := modelJournal{order: -1, ended: -1, watched: -1}
	if m.asks {
		j.word = wordAsk
	}
	return j
}

func (m *model) start() world {
	w := world{cuts: m.cuts, losses: m.losses, people: m.people, strangers: m.strangers, names: m.names, oddities: m.oddities}
	for i := range w.journals {
		w.journals[i] = m.freshJournal()
	}
	return w
}

// journal returns the journal of a run.
func (m *model) journal(w *world, run int) *modelJournal {
	if m.common {
		return &w.journals[0]
	}
	return &w.journals[run]
}

func (m *model) oldest() int8 { return max(m.settle, m.just+1, m.listLag, m.life) }

func (w *world) count() (n int) {
	for _, o := range w.orders {
		if o.state != 0 {
			n++
		}
	}
	return n
}

func (w *world) taken(order int) bool {
	for _, p := range w.payments {
		if int(p.order)-1 == order {
			return true
		}
	}
	return false
}

func (w *world) shown(order int) bool {
	for _, p := range w.payments {
		if int(p.order)-1 == order && p.shown {
			return true
		}
	}
	return false
}

func (w *world) moved() bool {
	for _, p := range w.payments {
		if p.moved {
			return true
		}
	}
	return false
}

// charge takes a payment; a third is never looked at, since two are an error.
func (w *world) charge(order, run int) {
	for k := range w.payments {
		if w.payments[k].order == 0 {
			w.payments[k] = modelPayment{order: int8(order + 1), by: int8(run + 1)}
			return
		}
	}
}

// place adds an order, and returns false at the model's bound.
func (w *world) place() (int, bool) {
	n := w.count()
	if n == modelOrders {
		w.full = true
		return 0, false
	}
	w.orders[n] = modelOrder{state: openOrder}
	return n, true
}

// tick lets time pass. It returns false while something is due before.
func (m *model) tick(w world) (world, bool) {
	for k, p := range w.posts {
		if p.by == 0 || p.heard {
			continue
		}
		if p.age >= m.late {
			return w, false
		}
		w.posts[k].age++
	}
	for k, o := range w.orders {
		if o.state == openOrder && !o.listed && o.age >= m.listLag {
			return w, false
		}
		if o.state != 0 {
			w.orders[k].age = min(o.age+1, m.oldest())
		}
	}
	for k, p := range w.payments {
		switch {
		case p.order == 0:
		case !p.shown && p.age >= m.showLag && !w.orders[p.order-1].docs:
			return w, false
		case !p.shown || m.people > 0:
			w.payments[k].age = min(p.age+1, m.showLag+m.fresh+3)
		}
	}
	for k := range w.journals {
		j := &w.journals[k]
		if j.ended >= 0 {
			j.ended = min(j.ended+1, m.settle)
		}
		if j.watched >= 0 {
			j.watched = min(j.watched+1, m.settle)
		}
	}
	for k := range w.runs {
		r := &w.runs[k]
		if r.stage == paying {
			r.look = min(r.look+1, m.fresh+1)
		}
		if r.stage == waiting || r.stage == placing {
			r.since = min(r.since+1, 3)
		}
	}
	return w, true
}

// tidy makes worlds equal that differ in nothing that counts, and forgets dead orders.
func (w *world) tidy() {
	for k := range w.journals {
		j := &w.journals[k]
		if j.phase != isOrdering {
			j.before = 0
		}
		if j.phase != isOrdered && j.phase != isPaying && j.phase != isDeclined {
			j.watched = -1
		}
		if j.phase == isWanted || j.phase == isOrdered {
			j.ended = -1
		}
	}
	for o := modelOrders - 1; o >= 0; o-- {
		if w.orders[o].state == deadOrder && !w.taken(o) && !w.owned(o) {
			w.drop(o)
		}
	}
}

func (w *world) owned(order int) bool {
	for _, j := range w.journals {
		if int(j.order) == order {
			return true
		}
	}
	for _, r := range w.runs {
		if r.pays() && int(r.order) == order {
			return true
		}
	}
	return false
}

// pays reports whether a payment of the run may still leave.
func (r modelRun) pays() bool { return r.stage == paying || r.stage == checked }

// drop forgets an order. Those after it keep their order.
func (w *world) drop(order int) {
	copy(w.orders[order:], w.orders[order+1:])
	w.orders[modelOrders-1] = modelOrder{}
	for k := range w.payments {
		if int(w.payments[k].order)-1 > order {
			w.payments[k].order--
		}
	}
	for k := range w.journals {
		j := &w.journals[k]
		if int(j.order) > order {
			j.order--
		}
		j.before, j.known = without(j.before, order), without(j.known, order)
	}
	for k := range w.runs {
		if r := &w.runs[k]; r.pays() && int(r.order) > order {
			r.order--
		}
	}
	switch {
	case int(w.named)-1 == order:
		w.named = 0
	case int(w.named)-1 > order:
		w.named--
	}
}

func without(set uint8, order int) uint8 {
	low := set & (1<<order - 1)
	return low | set>>(order+1)<<order
}

func has(set uint8, order int) bool { return set>>order&1 == 1 }
