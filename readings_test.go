// What a look makes of the API's answers, in each phase: look.go, standing.go, moved.go and fit.go.

package ovhrenew

import (
	"cmp"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

type lookRow struct {
	name  string
	set   func(c *lookCase)
	want  func(s *seen) // of what the first row sees
	unfit error
	err   error
	asked string
}

// checkLooks compares what is seen with what the phase sees where nothing is the matter.
func checkLooks(t *testing.T, phase Phase, well seen, rows []lookRow) {
	t.Helper()
	for _, row := range rows {
		c := newLookCase(phase)
		if row.set != nil {
			row.set(c)
		}
		l, want := c.look(t.Context()), well
		if row.want != nil {
			row.want(&want)
		}
		if l.seen != want {
			t.Errorf("%s: saw\n%+v, want\n%+v (%v, %v)", row.name, l.seen, want, l.unfitErr, l.unreadErr)
		}
		if !errors.Is(l.unfitErr, row.unfit) || (l.unfitErr == nil) != (row.unfit == nil) || row.err != errAny && !errors.Is(l.unreadErr, row.err) || (l.unreadErr == nil) != (row.err == nil) {
			t.Errorf("%s: unfit %v, unread %v; want %v, %v", row.name, l.unfitErr, l.unreadErr, row.unfit, row.err)
		}
		if asked := cmp.Or(strings.Join(c.api.asked, " "), "nothing"); row.asked != "" && asked != row.asked {
			t.Errorf("%s: asked %q, want %q", row.name, asked, row.asked)
		}
	}
}

func TestLookWhenOrdered(t *testing.T) {
	t.Parallel()
	well := seen{order: orderUnpaid, only: true, listed: true, aged: true, quiet: true, fresh: true}
	unfit := func(s *seen) { s.unfit = true }
	dark := func(s *seen) { s.others = othersDark }
	ends := func(o standing) func(s *seen) {
		return func(s *seen) { *s = seen{order: o, only: true, listed: true, fresh: true} }
	}
	checkLooks(t, PhaseOrdered, well, []lookRow{
		{name: "well", asked: "list order status payment service"},
		{name: "one of several", set: func(c *lookCase) { c.r.journal.(*factsJournal).sharing = OneOfSeveral }, want: func(s *seen) { s.only = false }},
		{name: "just placed", set: func(c *lookCase) { c.placed(59 * time.Second) }, want: func(s *seen) { s.aged = false }, asked: "list status service"},
		{name: "just placed, and not listed", set: func(c *lookCase) { c.placed(0); c.api.list = nil }, want: func(s *seen) { *s = seen{only: true, fresh: true} }, err: errAny, asked: "list numbers"},
		{name: "just placed, and listed at another price", set: func(c *lookCase) { c.placed(0); c.api.list[0].PriceWithTax = MustMoney("1 EUR") }, want: func(s *seen) { s.aged = false }, asked: "list order status service"},
		{name: "placed a minute ago", set: func(c *lookCase) { c.placed(time.Minute) }, want: func(s *seen) { s.aged, s.quiet = false, false }, asked: "list order status payment service"},
		{name: "not listed", set: func(c *lookCase) { c.api.list = nil }, want: func(s *seen) { s.listed = false }},
		{name: "another's is in the way", set: func(c *lookCase) { c.foreign() }, want: func(s *seen) { s.others = othersOpen }},
		{name: "taken", set: func(c *lookCase) { c.api.status = OrderDelivered }, want: ends(orderTaken), asked: "list order status"},
		{name: "lapsing", set: func(c *lookCase) { c.changes(func(o *Order) { o.ExpirationDate = Timestamp{noon} }) }, want: func(s *seen) { s.order = orderLapsing }},
		{name: "lapsed", set: func(c *lookCase) { c.changes(func(o *Order) { o.ExpirationDate = Timestamp{noon.Add(-2 * day)} }) }, want: ends(orderDead)},
		{name: "its status cannot be read", set: func(c *lookCase) { c.api.statusErr = errDark }, want: ends(orderUnclear), err: errDark},
		{name: "it is not there", set: func(c *lookCase) { c.api.statusErr = ErrNotFound }, want: ends(orderUnclear), err: ErrNotFound},
		{name: "it cannot be read", set: func(c *lookCase) { c.api.orderErr = errDark }, want: dark, err: errDark},
		{name: "two cannot be read", set: func(c *lookCase) { c.api.orderErr, c.api.serviceErr = errDark, ErrNotFound }, want: func(s *seen) { s.moved, s.others = movedDark, othersDark }, err: errDark},
		{name: "it cannot be read, nor the way to pay", set: func(c *lookCase) { c.api.orderErr = errDark; clear(c.r.payable) }, want: dark, err: errDark, asked: "list order status payment service"},
		{name: "the list cannot be read", set: func(c *lookCase) { c.api.listErr = errDark }, want: func(s *seen) { s.listed, s.others = false, othersDark }, err: errDark},
		{name: "the list was read a while ago", set: func(c *lookCase) { c.read(shared - time.Second) }, asked: "order status payment service"},
		{name: "the list was read long ago", set: func(c *lookCase) { c.read(shared + time.Second) }, asked: "list order status payment service"},
		{name: "just placed, the list was read a while ago", set: func(c *lookCase) { c.placed(50 * time.Second); c.read(shared - time.Second) }, want: func(s *seen) { s.aged = false }, asked: "status service"},
		{name: "just placed, and listed long ago", set: func(c *lookCase) { c.placed(50 * time.Second); c.read(shared + time.Second); c.api.list = nil }, want: func(s *seen) { s.aged = false }, asked: "list order status service"},
		{name: "the list was read before a person agreed", set: func(c *lookCase) { c.read(time.Second); c.task.Approve, c.st.Answer = true, AnswerYes }, asked: "list order status payment service"},
		{name: "another's lapsed long ago", set: func(c *lookCase) { c.foreign(); c.api.list[1].ExpirationDate = Timestamp{noon.Add(-2 * day)} }},
		{name: "another's came later", set: func(c *lookCase) {
			c.foreign()
			c.api.list[1].OrderID, c.api.list[1].Date = 9, Timestamp{noon}
			c.r.book.orders[9] = c.r.book.orders[3]
		}},
		{name: "one of this journal's is forgotten", set: func(c *lookCase) { c.foreign(); c.r.book.orders[3].fact.Services = []ServiceID{1} }, want: func(s *seen) { s.others = othersOpen }},
		{name: "another is answered", set: func(c *lookCase) { c.api.order.OrderID = 8 }, want: dark, err: ErrMalformed},
		{name: "the others cannot be read", set: func(c *lookCase) { c.foreign(); c.r.book.orders[3].read = false; c.api.linesErr = errDark }, want: dark, err: errDark},
		{name: "moved", set: func(c *lookCase) { c.moves("2027-12-01") }, want: func(s *seen) { s.moved = movedOn }},
		{name: "moved to another day", set: func(c *lookCase) { c.moves("2026-12-05") }, want: func(s *seen) { s.moved = movedOn }},
		{name: "an expiry before", set: func(c *lookCase) { c.moves("2026-11-30") }, want: func(s *seen) { s.moved = movedDark }, err: errAny},
		{name: "no expiry", set: func(c *lookCase) { c.api.expiry = nil }, want: func(s *seen) { s.moved = movedDark }, err: errAny},
		{name: "the service cannot be read", set: func(c *lookCase) { c.api.serviceErr = errDark }, want: func(s *seen) { s.moved = movedDark }, err: errDark},
		{name: "a guard", set: func(c *lookCase) { c.moves("2025-10-01"); c.task.Services[0].From = MustDate("2025-10-01") }, want: unfit, unfit: ErrState, asked: "list order status payment service"},
		{name: "dearer", set: func(c *lookCase) { c.changes(func(o *Order) { o.PriceWithTax = MustMoney("13 EUR") }) }, want: unfit, unfit: ErrOverLimit},
		{name: "held", set: func(c *lookCase) { c.task.Hold = true }, want: unfit, unfit: ErrHeld},
		{name: "held, and dearer", set: func(c *lookCase) {
			c.task.Hold = true
			c.changes(func(o *Order) { o.PriceWithTax = MustMoney("13 EUR") })
		}, want: unfit, unfit: ErrHeld},
		{name: "in another's way", set: func(c *lookCase) { c.swept = true }, want: unfit, unfit: ErrUnderWay},
		{name: "taken back", set: func(c *lookCase) { c.undone = State{Order: 6, Services: []ServiceID{1}} }, want: unfit, unfit: ErrMismatch},
		{name: "paid twice to no effect", set: func(c *lookCase) { c.st.Unseen = maxUnseen - 1 }},
		{name: "paid three times to no effect", set: func(c *lookCase) { c.st.Unseen = maxUnseen }, want: unfit, unfit: ErrNeedsHuman},
		{name: "in doubt", set: func(c *lookCase) { c.st.Doubt = true }, want: func(s *seen) { s.doubt = true }},
		{name: "a person is to be asked", set: func(c *lookCase) { c.task.Approve = true }, want: func(s *seen) { s.word = wordAsk }},
		{name: "a person has agreed", set: func(c *lookCase) { c.task.Approve, c.st.Answer = true, AnswerYes }},
		{name: "a person has agreed to another price", set: func(c *lookCase) {
			c.task.Approve, c.st.Answer, c.st.Cost.PriceWithTax = true, AnswerYes, MustMoney("11 EUR")
		}, want: func(s *seen) { s.word = wordAsk }},
		{name: "a person has said no, to another price", set: func(c *lookCase) {
			c.task.Approve, c.st.Answer, c.st.Cost.PriceWithTax = true, AnswerNo, MustMoney("11 EUR")
		}, want: func(s *seen) { s.word = wordNo }},
		{name: "a person thinks", set: func(c *lookCase) { c.task.Approve, c.st.Answer = true, AnswerLater }, want: func(s *seen) { s.word = wordLater }},
		{name: "a person has said no", set: func(c *lookCase) { c.st.Answer = AnswerNo }, want: func(s *seen) { s.word = wordNo }},
		{name: "a person has said no to an earlier one", set: func(c *lookCase) { c.refused = 6 }, want: func(s *seen) { s.word = wordNo }},
		{name: "the way to pay is not known", set: func(c *lookCase) { clear(c.r.payable); c.api.usageErr = errDark }, want: dark, err: errDark, asked: "list order status payment service usable"},
		{name: "the way to pay does not fit", set: func(c *lookCase) { clear(c.r.payable); c.api.usageErr = ErrNoPayment }, want: unfit, unfit: ErrNoPayment},
		{name: "the way to pay wants a person", set: func(c *lookCase) { clear(c.r.payable); c.api.usageErr = ErrNeedsHuman }, want: unfit, unfit: ErrNeedsHuman},
		{name: "the way to pay is none", set: func(c *lookCase) { clear(c.r.payable); c.api.usageErr = ErrBadInput }, want: unfit, unfit: ErrBadInput},
		{name: "unfit already", set: func(c *lookCase) { clear(c.r.payable); c.task.Hold = true }, want: unfit, unfit: ErrHeld, asked: "list order status payment service"},
		{name: "the patience is over", set: func(c *lookCase) { c.task.Until = noon }, want: func(s *seen) { s.over = true }},
		{name: "the patience is nearly over", set: func(c *lookCase) { c.task.Until = noon.Add(time.Second) }},
		{name: "no patience has begun", set: func(c *lookCase) { c.task.Until = time.Time{} }},
		{name: "denied", set: func(c *lookCase) { c.api.serviceErr = ErrDenied }, want: func(s *seen) { s.moved, s.over = movedDark, true }, err: ErrDenied},
		{name: "a service that is not there", set: func(c *lookCase) { c.api.serviceErr = ErrNotFound }, want: func(s *seen) { s.moved = movedDark }, err: ErrNotFound},
		{name: "no time", set: func(c *lookCase) { c.api.timeErr = errDark }, want: func(s *seen) { *s = seen{moved: movedDark, others: othersDark, only: true} }, err: errDark},
	})
}

func TestLookAfterPayment(t *testing.T) {
	t.Parallel()
	settling := func(c *lookCase) { c.st.Ended = noon.Add(time.Second - defaultSettle) }
	for _, phase := range []Phase{PhasePaying, PhaseDeclined} {
		checkLooks(t, phase, seen{order: orderUnpaid, only: true, settled: true, fresh: true}, []lookRow{
			{name: "no effect", asked: "status payment service list"},
			{name: "settled just now", set: func(c *lookCase) { c.st.Ended = noon.Add(-defaultSettle) }, asked: "status payment service list"},
			{name: "may still show", set: settling, want: func(s *seen) { s.settled = false }, asked: "status payment"},
			{name: "no end is known", set: func(c *lookCase) { c.st.Ended = time.Time{} }, want: func(s *seen) { s.settled = false }, asked: "status payment"},
			{name: "taken", set: func(c *lookCase) { c.api.status = OrderDelivered }, want: func(s *seen) { s.order = orderTaken }, asked: "status"},
			{name: "on record", set: func(c *lookCase) { c.onRecord() }, want: func(s *seen) { s.order = orderTaken }, asked: "status payment"},
			{name: "moved", set: func(c *lookCase) { c.moves("2027-12-01") }, want: func(s *seen) { s.moved = movedOn }},
			{name: "another's was paid", set: func(c *lookCase) { c.foreign(); c.api.status = "x" }, want: func(s *seen) { s.order, s.others = orderUnclear, othersPaid }, err: errAny},
			{name: "in doubt", set: func(c *lookCase) { c.st.Doubt = true }, want: func(s *seen) { s.doubt = true }},
			{name: "the order lapsed", set: func(c *lookCase) { c.api.status, c.st.Lapses = OrderCancelled, noon }, want: func(s *seen) { s.order = orderDead }},
			{name: "the list was read before", set: func(c *lookCase) { c.r.book.at, c.r.book.settle = time.Now().Add(-time.Second), defaultSettle }, asked: "status payment service list"},
		})
	}
}

func (c *lookCase) onRecord() { c.api.paymentErr = nil }

func TestLookWhenPaid(t *testing.T) {
	t.Parallel()
	last := func(c *lookCase) { c.task.Until = noon.Add(c.task.patience().Delivery) }
	moved := func(s *seen) { s.order, s.moved = orderUnclear, movedOn }
	checkLooks(t, PhasePaid, seen{order: orderTaken, only: true, settled: true, fresh: true}, []lookRow{
		{name: "not delivered", set: func(c *lookCase) { c.onRecord() }, asked: "status payment"},
		{name: "being delivered", set: func(c *lookCase) { c.api.status = orderDelivering }, asked: "status"},
		{name: "delivered", set: func(c *lookCase) { c.api.status = OrderDelivered }, asked: "status service"},
		{name: "moved", set: func(c *lookCase) { c.api.status = OrderDelivered; c.moves("2027-12-01") }, want: func(s *seen) { s.moved = movedOn }},
		{name: "one of two has moved", set: func(c *lookCase) { c.api.status = OrderDelivered; c.moves("2027-12-01"); c.task = withBoth(c.task) }, asked: "status service service"},
		{name: "both have moved", set: func(c *lookCase) {
			c.api.status = OrderDelivered
			c.moves("2027-12-01")
			c.task, c.api.expiry[2] = withBoth(c.task), MustDate("2027-12-01")
		}, want: func(s *seen) { s.moved = movedOn }},
		{name: "paid just now", set: func(c *lookCase) { c.onRecord(); c.st.Time = noon }, asked: "service status payment"},
		{name: "paid a poll ago", set: func(c *lookCase) { c.onRecord(); c.st.Time = noon.Add(-defaultPoll) }, asked: "status payment"},
		{name: "paid just now, and delivered", set: func(c *lookCase) { c.api.status = OrderDelivered; c.st.Time = noon }, asked: "service status"},
		{name: "paid just now, and moved", set: func(c *lookCase) { c.st.Time = noon; c.moves("2027-12-01") }, want: moved, asked: "service"},
		{name: "no delivery in time", set: func(c *lookCase) { c.onRecord(); last(c) }, want: func(s *seen) { s.over = true }, asked: "status payment service"},
		{name: "delivered in time, and not moved yet", set: func(c *lookCase) { c.api.status = OrderDelivered; last(c) }, asked: "status service"},
		{name: "delivered, and not moved in time", set: func(c *lookCase) { c.api.status = OrderDelivered; c.task.Until = noon }, want: func(s *seen) { s.over = true }, asked: "status service"},
		{name: "documents", set: func(c *lookCase) { c.api.status = orderDocumentsRequested }, want: func(s *seen) { s.order = orderHuman }, asked: "status"},
		{name: "taken back", set: func(c *lookCase) { c.onRecord(); c.api.status = OrderCancelled }, want: func(s *seen) { s.order = orderRevoked }, asked: "status payment service"},
		{name: "cancelled", set: func(c *lookCase) { c.api.status = OrderCancelled }, want: func(s *seen) { s.order = orderDropped }, asked: "status payment service"},
		{name: "lapsed", set: func(c *lookCase) { c.api.status, c.st.Lapses = OrderCancelled, noon }, want: func(s *seen) { s.order = orderDead }, asked: "status payment service"},
		{name: "shows unpaid", want: func(s *seen) { s.order = orderUnpaid }, asked: "status payment"},
		{name: "shows unpaid yet", set: func(c *lookCase) { c.st.Ended = noon.Add(time.Second - defaultSettle) }, want: func(s *seen) { s.order, s.settled = orderUnpaid, false }, asked: "status"},
		{name: "pages show it moved", set: func(c *lookCase) { c.moves("2027-12-01"); c.paged(0) }, want: moved, asked: "nothing"},
		{name: "pages show it moved at the end", set: func(c *lookCase) { c.moves("2027-12-01"); c.paged(0); last(c) }, want: func(s *seen) { moved(s); s.over = true }, asked: "nothing"},
		{name: "pages show it unmoved", set: func(c *lookCase) { c.paged(0) }, want: func(s *seen) { s.order = orderUnclear }, asked: "nothing"},
		{name: "pages show it unmoved to the end", set: func(c *lookCase) { c.paged(0); c.onRecord(); last(c) }, want: func(s *seen) { s.over = true }, asked: "status payment service"},
		{name: "pages show it moved back", set: func(c *lookCase) { c.moves("2026-11-30"); c.paged(0); c.onRecord() }, asked: "status payment"},
		{name: "pages without an expiry", set: func(c *lookCase) { c.api.expiry = nil; c.paged(0); c.onRecord() }, asked: "status payment"},
		{name: "pages that are old", set: func(c *lookCase) { c.moves("2027-12-01"); c.paged(2 * time.Minute); c.onRecord() }, asked: "status payment"},
	})
}

func withBoth(t Task) Task {
	t.Services = append(t.Services, Renewed{ServiceID: 2, Name: "2", From: MustDate("2026-12-01")})
	return t
}

func TestLookBeforeAnOrder(t *testing.T) {
	t.Parallel()
	unfit := func(s *seen) { s.unfit = true }
	checkLooks(t, PhaseWanted, seen{only: true, fresh: true}, []lookRow{
		{name: "well", set: func(c *lookCase) { c.api.list = nil }, asked: "service list"},
		{name: "from pages", set: func(c *lookCase) { c.api.list = nil; c.paged(pagesFor - time.Minute) }, asked: "list"},
		{name: "from old pages", set: func(c *lookCase) { c.api.list = nil; c.paged(pagesFor + time.Second) }, asked: "service list"},
		{name: "what was read a while ago serves", set: func(c *lookCase) {
			c.api.list = nil
			c.r.services[1] = serviceRead{Service{ID: 1, Expiry: c.api.expiry[1], Mode: ModeManual}, time.Now().Add(-maxLook / 3)}
		}, asked: "list"},
		{name: "what was read long ago does not", set: func(c *lookCase) {
			c.api.list = nil
			c.r.services[1] = serviceRead{Service{ID: 1, Expiry: c.api.expiry[1], Mode: ModeManual}, time.Now().Add(-maxLook/2 - time.Second)}
		}, asked: "service list"},
		{name: "another's is in the way", set: func(c *lookCase) { c.api.list = nil; c.foreign() }, want: func(s *seen) { s.others = othersOpen }},
		{name: "moved", set: func(c *lookCase) { c.moves("2027-12-01") }, want: func(s *seen) { s.moved = movedOn }, asked: "service"},
		{name: "not due", set: func(c *lookCase) {
			c.api.list = nil
			c.moves("2027-02-01")
			c.task.Services[0].From, c.task.Target = MustDate("2027-02-01"), 1
		}, want: unfit, unfit: ErrNotDue},
		{name: "another of the bundle is not due", set: func(c *lookCase) {
			c.api.list = nil
			c.moves("2027-02-01")
			c.task.Services[0].From, c.task.Target = MustDate("2027-02-01"), 2
		}},
		{name: "the quote is over the limit", set: func(c *lookCase) { c.api.list = nil; c.task.Quoted = MustMoney("12.01 EUR") }, want: unfit, unfit: ErrOverLimit},
		{name: "the service is not there", set: func(c *lookCase) { c.api.list = nil; c.api.serviceErr = ErrNotFound }, want: func(s *seen) { s.moved, s.over = movedDark, true }, err: ErrNotFound},
		{name: "the service cannot be read", set: func(c *lookCase) { c.api.list = nil; c.api.serviceErr = errDark }, want: func(s *seen) { s.moved = movedDark }, err: errDark},
	})
	checkLooks(t, PhaseOrdering, seen{only: true, settled: true, fresh: true}, []lookRow{
		{name: "nothing appeared", set: func(c *lookCase) { c.api.list = nil }, asked: "service list numbers"},
		{name: "may still appear", set: func(c *lookCase) { c.st.Ended = noon.Add(time.Second - defaultSettle) }, want: func(s *seen) { s.settled = false }, asked: "nothing"},
		{name: "one appeared", set: func(c *lookCase) {
			c.r.book.orders[7] = &booked{read: true, fact: OrderFact{Order: 7, Names: []string{"1"}}}
		}, want: func(s *seen) { s.others = othersOne }},
		{name: "it was there before", set: func(c *lookCase) {
			c.r.book.orders[7] = &booked{read: true, fact: OrderFact{Order: 7, Names: []string{"1"}}}
			c.st.Before = []OrderID{7}
		}, want: func(s *seen) { s.others = othersOpen }},
		{name: "the list was read before", set: func(c *lookCase) {
			c.api.list = nil
			c.r.book.at, c.r.book.settle = time.Now().Add(-time.Second), defaultSettle
		}, asked: "service list numbers"},
	})
	checkLooks(t, PhaseRenewed, seen{only: true, fresh: true, moved: movedOn}, []lookRow{
		{name: "still so", set: func(c *lookCase) { c.moves("2027-12-01") }, asked: "service"},
		{name: "moved back", want: func(s *seen) { s.moved = movedNot }, asked: "service"},
	})
}

// A look is as old as the oldest reading that it stands on, and is fresh for a minute.
func TestLookIsAsOldAsItsReadings(t *testing.T) {
	t.Parallel()
	const ago = 20 * time.Second
	for name, tt := range map[string]struct {
		phase Phase
		set   func(c *lookCase)
		ago   time.Duration
		fresh bool
	}{
		"all of it now":                        {PhaseOrdered, nil, 0, true},
		"the list":                             {PhaseOrdered, func(c *lookCase) { c.read(ago) }, ago, true},
		"the order":                            {PhaseOrdered, func(c *lookCase) { c.placed(0); c.read(ago); c.r.book.at = time.Now() }, ago, true},
		"the list, and the order listed since": {PhaseOrdered, func(c *lookCase) { c.placed(0); c.read(ago); c.r.book.orders[7].at = time.Now().Add(-time.Second) }, ago, true},
		"the service": {PhaseWanted, func(c *lookCase) {
			c.r.services[1] = serviceRead{Service{ID: 1, Expiry: c.api.expiry[1]}, time.Now().Add(-ago)}
		}, ago, true},
		"nearly a minute":     {PhaseOrdered, func(c *lookCase) { c.api.slow = maxLook - time.Second }, 0, true},
		"a minute":            {PhaseOrdered, func(c *lookCase) { c.api.slow = maxLook }, 0, false},
		"a list and a minute": {PhaseOrdered, func(c *lookCase) { c.read(ago); c.api.slow = maxLook - ago }, ago, false},
	} {
		synctest.Test(t, func(t *testing.T) {
			c := newLookCase(tt.phase)
			if tt.set != nil {
				tt.set(c)
			}
			began := time.Now()
			l := c.look(t.Context())
			if got := began.Sub(l.at); got != tt.ago || l.fresh != tt.fresh {
				t.Errorf("%s: of %v ago, fresh %t; want %v, %t", name, got, l.fresh, tt.ago, tt.fresh)
			}
			if tt.phase == PhaseOrdered && l.with != Method(6) {
				t.Errorf("%s: pays with %v", name, l.with)
			}
		})
	}
}

// While a lost order may still appear, nothing is asked until the time to settle is over.
func TestLookWakes(t *testing.T) {
	t.Parallel()
	c := newLookCase(PhaseOrdering)
	c.st.Ended = noon.Add(-time.Minute)
	if l := c.look(t.Context()); !l.wake.Equal(c.st.Ended.Add(defaultSettle)) {
		t.Errorf("wakes at %v", l.wake)
	}
}
