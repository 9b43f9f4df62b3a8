// These tests fail without it: TestLookWhenOrdered, TestLookAfterPayment, TestLookWhenPaid,
// TestLookBeforeAnOrder, TestLookIsAsOldAsItsReadings, TestJustPlaced, TestWaits, TestAttackOldLook,
// TestAttackStalled.

package ovhrenew

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"
)

const (
	maxLook = time.Minute // how old a look may be when the payment that stands on it leaves
	// shared is how old a reading of the orders may be that serves several renewals: what
	// is left of maxLook is for the reads and the payment of each.
	shared = 40 * time.Second
	// justPlaced is how young an order has to be for its price to be believed from the
	// account's list, and for nobody to be taken to have paid it.
	justPlaced = time.Minute
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

func (l *look) unread(err error) { l.unreadErr = errors.Join(l.unreadErr, err) }

func (l *look) unfits(err error) {
	if err != nil && l.unfitErr == nil {
		l.unfitErr, l.unfit = err, true
	}
}

// standsOn notes when a reading began that the look stands on.
func (l *look) standsOn(at time.Time) {
	if at.Before(l.at) {
		l.at = at
	}
}

// age is how long ago the look began: by the clock that goes on while a machine sleeps,
// and by the one that nobody can set.
func (l *look) age() time.Duration {
	return max(time.Now().Round(0).Sub(l.at.Round(0)), time.Since(l.at))
}

func (j *job) look(ctx context.Context) *look {
	began := time.Now()
	l := &look{at: began, began: began, services: map[ServiceID]Service{}}
	l.only = j.r.journal.Sharing() == OnlyJournal
	l.doubt = j.st.Doubt
	l.word = j.word()
	var err error
	if l.now, err = j.r.client.Time(ctx); err != nil {
		l.unread(err)
		l.moved, l.others = movedDark, othersDark
		return l // without the time nothing can be decided
	}
	switch r := (reading{j, l}); j.st.Phase {
	case PhaseOrdering:
		r.ordering(ctx)
	case PhaseOrdered:
		r.ordered(ctx)
	case PhasePaying, PhaseDeclined:
		r.paying(ctx)
	case PhasePaid:
		r.paid(ctx)
	case PhaseRenewed:
		r.expiries(ctx, l.began)
	default:
		r.wanted(ctx)
	}
	l.over = j.overAt(l.now, l.status == OrderDelivered) ||
		errors.Is(l.unreadErr, ErrDenied) || // which no patience changes
		j.phase() == PhaseWanted && errors.Is(l.unreadErr, ErrNotFound)
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

func (j *job) word() word {
	switch {
	case j.st.Answer == AnswerNo, j.refused != 0:
		return wordNo
	case !j.task.Approve || j.st.Answer == AnswerYes:
		return wordYes
	case j.st.Answer == AnswerLater:
		return wordLater
	}
	return wordAsk
}

type reading struct {
	*job
	l *look
}

func (r reading) wanted(ctx context.Context) {
	// What the proposal stands on was read a moment ago, or for all renewals together:
	// the order costs nothing, and before its payment each expiry is read by itself.
	if !r.fromPages(max(pagesFor, r.r.gather(ctx, r.task.patience().Poll))) {
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
	r.lines(ctx)
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
	if r.fromPages(r.r.gather(ctx, r.task.patience().Poll)) && (r.l.elsewhere() || !last) {
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

func (r reading) settling() {
	r.l.settled = !r.st.Ended.IsZero() && r.l.now.Sub(r.st.Ended) >= r.task.patience().Settle
}

// just reports whether this journal's own call placed the order less than a minute ago,
// and nothing was sent since. An order from the future was placed nobody knows when: the
// API's clock was read wrong once.
func (r reading) just() bool {
	age := r.l.now.Sub(r.st.Placed)
	return r.st.Payment == "" && age < justPlaced && age > -sameMoment
}

// waits says which waits before a payment are over, and when the last will be.
func (r reading) waits() {
	settle := r.task.patience().Settle
	// Its date may be of another clock: it was not placed before the call, nor in the future.
	placed := later(r.st.Placed, r.st.Sent)
	if date := r.l.own.Date.Time; date.Before(r.l.now.Add(clockSkew)) {
		placed = later(placed, date)
	}
	placed = cmp.Or(placed, r.st.Watched) // it was there by then
	// The list may be 40 seconds old, and an order that counts as earlier a minute younger.
	aged := settle + settle/5
	r.l.aged = r.l.now.Sub(placed) >= aged
	r.l.quiet = r.just() || !r.st.Watched.IsZero() && r.l.now.Sub(r.st.Watched) >= settle
	if !r.l.only && !r.l.aged {
		r.l.wake = placed.Add(aged)
	}
	if !r.l.quiet && !r.st.Watched.IsZero() {
		r.l.wake = later(r.l.wake, r.st.Watched.Add(settle))
	}
}

// others judges the account's other orders. The list may have been read a moment ago for
// another renewal, as long as it shows the renewal's own order.
func (r reading) others(ctx context.Context) {
	after, shows := r.l.began.Add(-min(shared, r.task.patience().Settle/5)), OrderID(0)
	if r.st.Phase == PhaseOrdered {
		shows = r.st.Order
		if r.task.Approve { // not from before the person's answer
			after = r.l.began
		}
		r.r.book.own(Order{OrderID: shows}, r.task.ids(), time.Time{}) // an earlier run may have placed it
	}
	if r.st.Phase == PhaseOrdering {
		shows = unknownOrder
	}
	if r.st.Phase == PhaseOrdering || r.st.Phase.sent() { // nor from before the time to settle was over
		after = r.l.began
	}
	at, err := r.r.book.refresh(ctx, after, shows, r.task.patience().Settle)
	if err == nil {
		r.l.standsOn(at)
		judge := rivals{book: r.r.book, task: r.task, now: r.l.now, mine: r.st.Order, claim: r.claim}
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
