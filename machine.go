// These tests fail without it: TestEveryCell, TestModel, TestEveryRowIsNeeded.

package ovhrenew

import "slices"

// Phase is how far a renewal is.
type Phase string

// The phases, in the order in which a renewal goes through them.
const (
	PhaseWanted   Phase = "wanted"   // nothing has been sent
	PhaseOrdering Phase = "ordering" // an order was sent, and its outcome is not known
	PhaseOrdered  Phase = "ordered"  // the order exists, and no payment is on its way
	PhasePaying   Phase = "paying"   // a payment was sent, and its outcome is not known
	PhaseDeclined Phase = "declined" // the API refused the payment, and an effect may still show
	PhasePaid     Phase = "paid"     // the payment was taken
	PhaseRenewed  Phase = "renewed"  // the end: the expiries have moved
	PhaseClosed   Phase = "closed"   // the end: it came to nothing
)

// Open reports whether a renewal in this phase has begun and not ended.
func (p Phase) Open() bool {
	return p == PhaseOrdering || p == PhaseOrdered || p.sent() || p == PhasePaid
}

// sent reports whether a payment was sent of which nothing is known yet.
func (p Phase) sent() bool { return p == PhasePaying || p == PhaseDeclined }

// paid is what a phase says of the money, and all that is ever said of it: a refusal
// because of somebody's order adds that it is unsure, since that order may be one's own.
func (p Phase) paid() Paid {
	switch p {
	case PhaseOrdering, PhasePaying, PhaseDeclined:
		return PaidUnsure
	case PhasePaid, PhaseRenewed:
		return PaidYes
	}
	return PaidNo
}

// standing is where the renewal's own order stands.
type standing uint8

const (
	orderUnclear standing = iota // not read, cannot be read, or has a status that does not tell
	orderUnpaid                  // waits for a payment, without a sign of one
	orderLapsing                 // unpaid, and lapses before a payment could be followed
	orderTaken                   // delivering or delivered, or a payment is on record
	orderHuman                   // waits for documents
	orderDead                    // lapsed or cancelled since, without a sign of a payment
	orderDropped                 // cancelled before its time, and no payment is on record
	orderRevoked                 // cancelled, and a payment is on record
	standings
)

// moved is where the expiries of the services stand.
type moved uint8

const (
	movedNot  moved = iota
	movedOn         // one of them has; for a paid order, all of them have
	movedDark       // one of them cannot be read
	moveds
)

// others is what the account's other orders mean for the renewal.
type others uint8

const (
	othersClear others = iota
	othersDark         // they cannot be read, or one does not say yet what it is for
	othersOpen         // one that may be for the same is in the way
	othersPaid         // one that may be for the same has been paid, or is under way
	othersNamed        // the one that a person named to be taken over can be paid
	othersOne          // since the lost order, exactly one for exactly this has appeared
	othersMany         // since the lost order, several have, or one that does not say what for
	otherss
)

// word is what a person has said of the order.
type word uint8

const (
	wordYes   word = iota // or nobody has to be asked
	wordAsk               // nobody has been asked yet
	wordLater             // the person has not decided
	wordNo
	wordss
)

// seen is one look at the account: all that a decision is made of.
type seen struct {
	order  standing
	moved  moved
	others others
	word   word

	only    bool // the journal is the account's only one
	unfit   bool // price, limit, way to pay or a guard speaks against it
	listed  bool // the account's list shows the order
	aged    bool // the order is so old that every earlier one shows
	quiet   bool // it was placed just now, or was seen unpaid for the time to settle
	fresh   bool // the look began less than a minute ago
	settled bool // the time to settle since the spending call is over
	over    bool // the patience is over
	doubt   bool // a holder that may be alive had the claim when a payment was sent
}

// act is what the driver does.
type act uint8

const (
	actLook  act = iota // look again, later; an error if the patience is over
	actStop             // return the reason
	actNote             // record the phase; return the reason if there is one
	actAsk              // ask the person
	actPlace            // record PhaseOrdering, then POST renew
	actPay              // record PhasePaying, then POST pay
)

// reason says why a renewal stops.
type reason uint8

const (
	becauseNothing   reason = iota
	becauseMoved            // the expiry is not the one to renew from
	becauseForeign          // of somebody's order
	becauseUnfit            // of what does not fit
	becauseNoWord           // a person has said no
	becauseLater            // a person has not decided
	becauseUnread           // something cannot be read
	becauseLapsed           // the order lapsed, or is about to
	becauseDropped          // the order was cancelled
	becauseHuman            // documents are asked for
	becauseNoEffect         // the spending call had none
	becauseDeclined         // the payment was refused, and had no effect
	becauseUnsure           // what the spending call did cannot be said
	becausePending          // what was paid is not delivered yet
	becauseTakenBack        // the expiries had moved, and do not show so any more
)

// A step is what to do next.
type step struct {
	act    act
	to     Phase  // with actNote
	why    reason // with actStop and actNote; with actLook, what to say when the patience is over
	unsure bool   // the money is unsure whatever the phase says
}

// A row is one line of the table: if the condition holds, and none before it does.
type row struct {
	name string
	when func(seen) bool
	step step
}

func always(seen) bool { return true }

func stop(why reason) step           { return step{act: actStop, why: why} }
func stopUnsure(why reason) step     { return step{act: actStop, why: why, unsure: true} }
func note(to Phase) step             { return step{act: actNote, to: to} }
func end(to Phase, why reason) step  { return step{act: actNote, to: to, why: why} }
func lookOr(why reason) step         { return step{act: actLook, why: why} }
func (s seen) elsewhere() bool       { return s.moved == movedOn }
func (s seen) dark() bool            { return s.moved == movedDark || s.others == othersDark }
func (s seen) appeared() bool        { return s.others == othersOne || s.others == othersMany }
func (s seen) waits() bool           { return s.order == orderUnpaid || s.order == orderLapsing }
func (s seen) evidence() bool        { return s.order == orderTaken || s.order == orderRevoked }
func (s seen) is(o ...standing) bool { return slices.Contains(o, s.order) }

// table is the whole of what a renewal decides: for each phase its rows, of which the
// first that holds counts. Payment is the last row of PhaseOrdered, and stands nowhere
// else; an order is the last row of PhaseWanted.
var table = map[Phase][]row{
	PhaseWanted: {
		{"renewed by somebody", seen.elsewhere, stopUnsure(becauseMoved)},
		{"a person said no", func(s seen) bool { return s.word == wordNo }, stop(becauseNoWord)},
		{"unread", seen.dark, step{act: actLook, why: becauseUnread, unsure: true}},
		{"a named order", func(s seen) bool { return s.others == othersNamed }, note(PhaseOrdered)},
		{"somebody's order", func(s seen) bool { return s.others != othersClear }, stopUnsure(becauseForeign)},
		{"unfit", func(s seen) bool { return s.unfit }, stop(becauseUnfit)},
		{"order", always, step{act: actPlace}},
	},
	PhaseOrdering: {
		{"renewed by somebody", seen.elsewhere, step{act: actNote, to: PhaseClosed, why: becauseMoved, unsure: true}},
		{"somebody has paid", func(s seen) bool { return s.others == othersPaid }, stop(becauseForeign)},
		{"a named order", func(s seen) bool { return s.others == othersNamed }, note(PhaseOrdered)},
		{"may still appear", func(s seen) bool { return !s.settled }, lookOr(becauseNothing)},
		{"unread", seen.dark, lookOr(becauseUnsure)},
		{"the one that appeared", func(s seen) bool { return s.only && s.others == othersOne }, note(PhaseOrdered)},
		{"may be its own", seen.appeared, stop(becauseForeign)},
		{"nothing appeared", always, end(PhaseWanted, becauseNoEffect)},
	},
	PhaseOrdered: {
		{"paid by somebody", seen.evidence, note(PhasePaid)},
		{"renewed by somebody", seen.elsewhere, step{act: actNote, to: PhaseClosed, why: becauseMoved, unsure: true}},
		{"lapsed", func(s seen) bool { return s.is(orderDead) }, end(PhaseClosed, becauseLapsed)},
		{"cancelled", func(s seen) bool { return s.is(orderDropped) }, end(PhaseClosed, becauseDropped)},
		{"somebody has paid another", func(s seen) bool { return s.others == othersPaid }, stopUnsure(becauseForeign)},
		{"documents", func(s seen) bool { return s.is(orderHuman) }, stop(becauseHuman)},
		{"unread", func(s seen) bool { return s.dark() || s.is(orderUnclear) }, lookOr(becauseUnread)},
		{"lapsing", func(s seen) bool { return s.is(orderLapsing) }, stop(becauseLapsed)},
		{"an earlier order", func(s seen) bool { return s.others != othersClear }, stopUnsure(becauseForeign)},
		{"a person said no", func(s seen) bool { return s.word == wordNo }, end(PhaseClosed, becauseNoWord)},
		{"unfit", func(s seen) bool { return s.unfit }, stop(becauseUnfit)},
		{"ask", func(s seen) bool { return s.word == wordAsk }, step{act: actAsk}},
		{"undecided", func(s seen) bool { return s.word == wordLater }, lookOr(becauseLater)},
		{"not listed", func(s seen) bool { return !s.listed }, lookOr(becauseUnread)},
		{"earlier ones may show", func(s seen) bool { return !s.only && !s.aged }, lookOr(becauseNothing)},
		{"a payment may show", func(s seen) bool { return !s.quiet }, lookOr(becauseNothing)},
		{"stale", func(s seen) bool { return !s.fresh }, lookOr(becauseUnread)},
		{"pay", always, step{act: actPay}},
	},
	PhasePaying:   afterPayment(becauseNoEffect, row{"may still leave", func(s seen) bool { return s.doubt }, stop(becauseUnsure)}),
	PhaseDeclined: afterPayment(becauseDeclined),
	PhasePaid: {
		{"renewed", seen.elsewhere, note(PhaseRenewed)},
		{"documents", func(s seen) bool { return s.is(orderHuman) }, stop(becauseHuman)},
		{"cancelled", func(s seen) bool { return s.is(orderRevoked, orderDropped) }, stop(becauseDropped)},
		{"never made", func(s seen) bool { return s.is(orderDead) && s.settled && s.moved == movedNot }, step{act: actNote, to: PhaseClosed, why: becauseLapsed, unsure: true}},
		{"not delivered yet", always, lookOr(becausePending)},
	},
	PhaseRenewed: {
		{"taken back", func(s seen) bool { return s.moved == movedNot }, stop(becauseTakenBack)},
	},
}

// afterPayment are the rows of a payment that was sent, and why it is over if nothing is
// seen of it.
func afterPayment(none reason, unless ...row) []row {
	return slices.Concat([]row{
		{"taken", seen.evidence, note(PhasePaid)},
		{"may still show", func(s seen) bool { return !s.settled }, lookOr(becauseNothing)},
		{"lapsed", func(s seen) bool { return s.is(orderDead) && !s.dark() }, end(PhaseClosed, becauseLapsed)},
	}, unless, []row{
		{"cancelled", func(s seen) bool { return s.is(orderDropped) }, stop(becauseDropped)},
		{"documents", func(s seen) bool { return s.is(orderHuman) }, stop(becauseHuman)},
		{"somebody has paid another", func(s seen) bool { return s.others == othersPaid }, stop(becauseForeign)},
		{"no effect", func(s seen) bool { return s.waits() && s.moved == movedNot && !s.dark() }, end(PhaseOrdered, none)},
		{"cannot be said", always, lookOr(becauseUnsure)},
	})
}

// next decides. It is pure, and nothing else decides.
func next(p Phase, s seen) step { return nextOf(table[p], s) }

func nextOf(rows []row, s seen) step {
	for _, r := range rows {
		if !r.when(s) {
			continue
		}
		if r.step.act == actLook && s.over && r.step.why != becauseNothing {
			return step{act: actStop, why: r.step.why, unsure: r.step.unsure}
		}
		return r.step
	}
	return step{act: actStop} // it has ended
}
