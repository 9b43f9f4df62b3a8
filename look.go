package ovhrenew

import (
	"context"
	"errors"
	"fmt"
	"time"
)

const (
	// maxLook is how old a look may be when the payment that stands on it leaves.
	maxLook = time.Minute
	// justPlaced is how young an order has to be for its price to be believed from the
	// account's list, and for nobody to be taken to have paid it.
	justPlaced = time.Minute
	// lapsedFor is how long after its time an order that shows notPaid is over.
	lapsedFor = day
)

// look is one reading of the account for one renewal, stamped before its first request.
// It is the only place where answers of the API become what a decision is made of.
type look struct {
	seen
	at    time.Time // by this machine's clock: the oldest reading that it stands on
	began time.Time // when the look itself began
	now   time.Time // by the API's

	own      Order // the renewal's order, as far as it was read
	status   OrderStatus
	with     Payment // what PayWith means for the order
	services map[ServiceID]Service
	renewed  []Renewed // the services with their expiries as they are
	rivals   []rival
	wake     time.Time // when a wait that only time can end is over, by the API's clock

	unfitErr  error
	unreadErr error
	movedErr  error
}

// unread notes that something could not be read.
func (l *look) unread(err error) { l.unreadErr = errors.Join(l.unreadErr, err) }

// unfits notes the first thing that does not fit.
func (l *look) unfits(err error) {
	if err != nil && l.unfitErr == nil {
		l.unfitErr, l.unfit = err, true
	}
}

// age is how long ago the look began: by the clock that goes on while a machine sleeps,
// and by the one that nobody can set.
func (l *look) age() time.Duration {
	return max(time.Now().Round(0).Sub(l.at.Round(0)), time.Since(l.at))
}

// look reads what the phase needs to know.
func (j *job) look(ctx context.Context) *look {
	l := &look{at: time.Now(), began: time.Now(), services: map[ServiceID]Service{}}
	l.only = j.r.journal.Sharing() == OnlyJournal
	l.doubt = j.st.Doubt
	l.word = j.word()
	var err error
	if l.now, err = j.r.client.Time(ctx); err != nil {
		l.unread(err)
		l.order, l.moved, l.others = orderUnclear, movedDark, othersDark
		return l // without the time nothing can be decided
	}
	switch r := (reading{j, l}); j.st.Phase {
	case PhaseOrdering:
		r.ordering(ctx)
	case PhaseOrdered:
		r.ordered(ctx)
	case PhasePaying:
		r.paying(ctx)
	case PhasePaid:
		r.paid(ctx)
	default:
		r.wanted(ctx)
	}
	l.over = j.overAt(l.now, l.status == OrderDelivered) ||
		errors.Is(l.unreadErr, ErrDenied) // which no patience changes
	l.fresh = l.age() < maxLook
	return l
}

// overAt reports whether the patience is over. For a paid order it counts twice: for the
// delivery, and for the expiry to move after it.
func (j *job) overAt(now time.Time, delivered bool) bool {
	until := j.task.Until
	if j.st.Phase == PhasePaid && !delivered {
		until = until.Add(-j.task.patience().Delivery)
	}
	return !j.task.Until.IsZero() && !now.Before(until)
}

// word is what a person has said.
func (j *job) word() word {
	switch {
	case j.st.Answer == AnswerNo:
		return wordNo
	case !j.task.Approve || j.st.Answer == AnswerYes:
		return wordYes
	case j.st.Answer == AnswerLater:
		return wordLater
	}
	return wordAsk
}

// reading is one look being taken.
type reading struct {
	*job
	l *look
}

func (r reading) wanted(ctx context.Context) {
	// What the proposal stands on was read a moment ago, or for all renewals together:
	// the order costs nothing, and before its payment each expiry is read by itself.
	if !r.fromPages(max(pagesFor, r.r.gather(ctx))) {
		r.expiries(ctx, r.l.began.Add(-maxLook/2))
	}
	r.guards(true)
	if !r.task.Quoted.IsZero() {
		r.l.unfits(checkLimit(r.task.Quoted, r.task.Limit))
	}
	if !r.l.elsewhere() {
		r.others(ctx)
	}
}

func (r reading) ordering(ctx context.Context) {
	r.settling()
	r.l.wake = r.st.Ended.Add(r.task.patience().Settle)
	if r.l.settled {
		r.expiries(ctx, r.l.began)
		r.others(ctx)
	}
}

func (r reading) ordered(ctx context.Context) {
	r.others(ctx)
	if known, _ := r.r.book.get(r.st.Order); !known.listed && r.just() {
		r.l.unread(fmt.Errorf("order %d does not show in the account's list yet", r.st.Order))
		return // nothing can be decided before it does
	}
	r.ownOrder(ctx)
	r.standing(ctx)
	if !r.l.waits() {
		return
	}
	r.expiries(ctx, r.l.began)
	r.guards(false)
	r.price()
	r.payment(ctx)
	r.waits()
}

func (r reading) paying(ctx context.Context) {
	r.settling()
	r.standing(ctx)
	if r.l.settled && !r.l.evidence() {
		r.expiries(ctx, r.l.began)
		r.others(ctx)
	}
}

// paid asks for the expiries at once, and then only when the order is delivered, lapsed or
// the patience over: until then its status tells whether anything can have changed.
//
// That an expiry has moved is believed from a page that was read for all renewals; that
// it has not is read singly, when the patience is over.
func (r reading) paid(ctx context.Context) {
	r.settling()
	first := r.l.now.Sub(r.st.Time) < r.task.patience().Poll
	last := r.overAt(r.l.now, false)
	if r.fromPages(r.r.gather(ctx)) && (r.l.elsewhere() || !last) {
		return
	}
	if first {
		r.expiries(ctx, r.l.began)
		if r.l.elsewhere() {
			return
		}
	}
	r.standing(ctx)
	if !first && (last || r.l.status == OrderDelivered || r.l.is(orderDead, orderDropped, orderRevoked)) {
		r.expiries(ctx, r.l.began)
	}
}

// settling reports whether the time to settle since the spending call is over.
func (r reading) settling() {
	r.l.settled = !r.st.Ended.IsZero() && r.l.now.Sub(r.st.Ended) >= r.task.patience().Settle
}

// just reports whether this journal's own call placed the order less than a minute ago,
// and nothing was sent since.
func (r reading) just() bool {
	return !r.st.Placed.IsZero() && r.st.Payment == "" && r.l.now.Sub(r.st.Placed) < justPlaced
}

// waits says which waits before a payment are over, and when the last will be.
func (r reading) waits() {
	settle := r.task.patience().Settle
	// Two clocks of the API may date the order differently: it was not placed before the
	// call was sent.
	placed := later(r.l.own.Date.Time, r.st.Placed)
	if !r.st.Placed.IsZero() {
		placed = later(placed, r.st.Sent)
	}
	r.l.aged = !placed.IsZero() && r.l.now.Sub(placed) >= settle
	r.l.quiet = r.just() || !r.st.Watched.IsZero() && r.l.now.Sub(r.st.Watched) >= settle
	if !r.l.only && !r.l.aged && !placed.IsZero() {
		r.l.wake = placed.Add(settle)
	}
	if !r.l.quiet && !r.st.Watched.IsZero() && r.st.Watched.Add(settle).After(r.l.wake) {
		r.l.wake = r.st.Watched.Add(settle)
	}
}

// others judges the account's other orders. The list may have been read a moment ago for
// another renewal, as long as it shows the renewal's own order.
func (r reading) others(ctx context.Context) {
	after := r.l.began.Add(-maxLook / 2)
	known, _ := r.r.book.get(r.st.Order)
	switch {
	case r.st.Phase == PhaseOrdered && (!known.listed || r.task.Approve): // or from before a person's answer
		after = r.l.began
	case r.st.Phase == PhaseOrdering || r.st.Phase == PhasePaying: // nor from before the time to settle was over
		after = r.l.began
	}
	at, err := r.r.book.refresh(ctx, after, r.task.patience().Settle)
	if err == nil {
		if at.Before(r.l.at) {
			r.l.at = at
		}
		judge := rivals{book: r.r.book, task: r.task, now: r.l.now, mine: r.st.Order}
		if r.st.Phase == PhaseOrdering {
			judge.since, judge.before = r.st.Sent, r.st.Before
		}
		r.l.others, r.l.rivals, err = judge.look(ctx)
	}
	if err != nil {
		r.l.others = othersDark
		r.l.unread(err)
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// ownOrder reads the renewal's own order: from the list, which has just been read, while
// it is new; and by itself once a page may be older than what has become of it.
func (r reading) ownOrder(ctx context.Context) {
	known, _ := r.r.book.get(r.st.Order)
	r.l.listed = known.listed
	if known.listed && r.just() {
		r.l.own = known.Order
		return
	}
	own, err := r.r.client.Order(ctx, r.st.Order)
	switch {
	case err == nil && own.OrderID != r.st.Order:
		err = fmt.Errorf("%w: order %d was asked for, and %d was answered", ErrMalformed, r.st.Order, own.OrderID)
		fallthrough
	case err != nil:
		r.l.unread(err)
	default:
		r.l.own = own
	}
}

// standing reads where the renewal's own order stands.
func (r reading) standing(ctx context.Context) {
	status, err := r.r.client.OrderStatus(ctx, r.st.Order)
	r.l.status = status
	switch {
	case errors.Is(err, ErrNotFound):
		r.l.order = orderNone
		r.l.unread(fmt.Errorf("order %d does not show yet: %w", r.st.Order, err))
	case err != nil:
		r.l.order = orderUnclear
		r.l.unread(err)
	case status == OrderDelivering || status == OrderDelivered:
		r.l.order = orderTaken
	case status == OrderDocumentsRequested && r.st.Phase == PhasePaid:
		r.l.order = orderHuman
	case status == OrderNotPaid && (r.st.Phase == PhaseOrdered && r.just() || r.st.Phase == PhasePaid && !r.l.settled):
		r.l.order = r.unpaid()
	default:
		r.byRecord(ctx, status)
	}
}

// byRecord reads whether a payment is on record, where the status alone does not tell.
func (r reading) byRecord(ctx context.Context, status OrderStatus) {
	paid, err := onRecord(ctx, r.r.client, r.st.Order)
	lapses := r.lapses()
	switch {
	case err != nil:
		r.l.order = orderUnclear
		r.l.unread(err)
	case paid && (status == OrderCancelled || status == OrderCancelling):
		r.l.order = orderRevoked
	case paid:
		r.l.order = orderTaken
	case status == OrderNotPaid:
		r.l.order = r.unpaid()
	case status == OrderCancelled && !r.st.Taken && !lapses.IsZero() && !r.l.now.Before(lapses):
		r.l.order = orderDead
	case status == OrderCancelled:
		r.l.order = orderDropped
	case status == OrderDocumentsRequested:
		r.l.order = orderHuman
	default:
		r.l.order = orderUnclear
		r.l.unread(fmt.Errorf("order %d has the status %q, which does not say whether it is paid", r.st.Order, status))
	}
}

// lapses is when the order's time to be paid is over; zero if that is not known.
func (r reading) lapses() time.Time {
	if !r.l.own.ExpirationDate.IsZero() {
		return r.l.own.ExpirationDate.Time
	}
	return r.st.Lapses
}

// unpaid tells an order that waits from one whose time is over.
func (r reading) unpaid() standing {
	lapses := r.lapses()
	switch {
	case lapses.IsZero():
		return orderUnpaid
	case r.l.now.Sub(lapses) > lapsedFor:
		return orderDead
	case r.l.now.Add(r.task.patience().Settle).After(lapses):
		return orderLapsing
	}
	return orderUnpaid
}

// expiries reads where the services' expiries stand.
func (r reading) expiries(ctx context.Context, after time.Time) {
	services := map[ServiceID]Service{}
	for _, want := range r.task.Services {
		service, at, err := r.r.service(ctx, want.ServiceID, after)
		if at.Before(r.l.at) && !at.IsZero() {
			r.l.at = at
		}
		if err == nil && (service.Expiry.IsZero() || service.Expiry.Before(want.From)) {
			err = fmt.Errorf("%s: its expiry is given as %s, after it was %s", called(want.Name, want.ServiceID), service.Expiry, want.From)
		}
		if err != nil {
			r.l.moved = movedDark
			r.l.unread(err)
			return
		}
		services[want.ServiceID] = service
	}
	r.move(services)
}

// pagesFor is how long pages of services serve the renewals under way.
const pagesFor = 10 * time.Minute

// fromPages takes the expiries from pages that were read for all renewals, and reports
// whether there are any.
func (r reading) fromPages(age time.Duration) bool {
	services := r.r.paged(r.task.ids(), r.l.at.Add(-age))
	if services == nil {
		return false
	}
	for _, want := range r.task.Services {
		if is := services[want.ServiceID].Expiry; is.IsZero() || is.Before(want.From) {
			return false
		}
	}
	r.move(services)
	return true
}

// move says where expiries stand that were read.
func (r reading) move(services map[ServiceID]Service) {
	r.l.services, r.l.renewed, r.l.movedErr = services, nil, nil
	unmoved, odd := 0, 0
	for _, want := range r.task.Services {
		is := services[want.ServiceID].Expiry
		r.l.renewed = append(r.l.renewed, Renewed{ServiceID: want.ServiceID, Name: want.Name, From: want.From, To: is})
		switch {
		case is == want.From:
			unmoved++
			continue
		case !r.task.Offer.Period.Moved(want.From, is):
			odd++
		}
		r.l.movedErr = errors.Join(r.l.movedErr, fmt.Errorf("%s expires on %s, not on %s", called(want.Name, want.ServiceID), is, want.From))
	}
	switch n := len(r.task.Services); {
	// A paid order is done when all have moved; before a payment, one is enough.
	case unmoved == n, unmoved > 0 && r.st.Phase == PhasePaid:
		r.l.moved = movedNot
	case odd > 0:
		r.l.moved = movedOdd
	default:
		r.l.moved = movedWell
	}
}

// guards applies those that need nothing but the services as they are now.
func (r reading) guards(due bool) {
	today := DateOf(r.l.now)
	for _, want := range r.task.Services {
		if service, ok := r.l.services[want.ServiceID]; ok {
			r.l.unfits(r.task.Guards.service(service, r.task.Offer.Period, today, want.ServiceID == r.task.Target, due))
		}
	}
	if r.task.Hold {
		r.l.unfits(refuse(ErrHeld, "the task says so"))
	}
	if r.swept {
		r.l.unfits(refuse(ErrUnderWay, "another renewal of the same is wanted"))
	}
}

// price compares the order's price, as it is now, with what was offered and allowed.
func (r reading) price() {
	own, offered := r.l.own, r.task.Offer.Price()
	if own.OrderID == 0 {
		r.l.others = othersDark // it could not be read
		return
	}
	switch {
	case own.PriceWithoutTax != offered:
		r.l.unfits(refuse(ErrPriceChanged, "order %d costs %s before tax, and %s was offered", own.OrderID, own.PriceWithoutTax, offered))
	case !r.task.Quoted.IsZero() && own.PriceWithTax != r.task.Quoted:
		r.l.unfits(refuse(ErrPriceChanged, "order %d costs %s, and the quote was %s", own.OrderID, own.PriceWithTax, r.task.Quoted))
	}
	r.l.unfits(checkLimit(own.PriceWithTax, r.task.Limit))
}

// payment learns what the way to pay means for an order. It is asked once, and again
// after a payment was refused: nothing can be lost by an answer that is old.
func (r reading) payment(ctx context.Context) {
	if r.l.unfit || r.l.own.OrderID == 0 {
		return
	}
	with, err := r.r.usable(ctx, r.l.own, r.task.PayWith)
	switch {
	case err == nil:
		r.l.with = with
	case errors.Is(err, ErrNoPayment), errors.Is(err, ErrNeedsHuman), errors.Is(err, ErrBadInput):
		r.l.unfits(err)
	default:
		r.l.unread(err)
		r.l.others = othersDark
	}
}

// service says whether the guards let a service be renewed. Only the one that was asked
// for has to be due: what is bundled with it comes along.
func (g Guards) service(s Service, period Period, today Date, target, due bool) error {
	if err := g.State(s, today); err != nil && (target || s.Parent == 0 || s.Expiry.IsZero()) {
		return err
	}
	if to, err := period.AddTo(s.Expiry); err == nil && !to.After(today) {
		return s.refuse(ErrState, "it expired on %s, so that %s would end on %s: renew it for longer", s.Expiry, period, to)
	}
	if target && due {
		if err := g.Due(s, period, today); err != nil {
			return err
		}
	}
	return g.Automatic(s, today)
}
