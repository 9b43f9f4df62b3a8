package ovhrenew

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// A payment that was paid by two ways that cannot be told apart says so.
func TestPaidByOther(t *testing.T) {
	t.Parallel()
	for tried, want := range map[string]string{"": "somebody else", "payment method 7": "payment method 7 or somebody else"} {
		if got := paidByOther(tried); got != want {
			t.Errorf("%q: %q, want %q", tried, got, want)
		}
	}
}

// A receipt never has the price of another order than the renewal's.
func TestCostOfAnotherOrder(t *testing.T) {
	t.Parallel()
	c := newLookCase(PhasePaid)
	c.st.Cost, c.api.order.OrderID = Quote{}, 8
	if err := c.cost(t.Context(), &look{}); !errors.Is(err, ErrMalformed) || !c.st.Cost.PriceWithTax.IsZero() {
		t.Errorf("order 7 costs what order 8 does: %v, %v", c.st.Cost.PriceWithTax, err)
	}
}

// refusedCall is an answer in the API's own words that nothing was done.
var refusedCall = &Error{Status: http.StatusForbidden, Class: "Client::Forbidden", Message: "no"}

// kept returns what the journal has been given.
func (c *lookCase) kept() []State { return c.claim.(*heldClaim).kept }

// phases are those of the states kept, in order.
func (c *lookCase) phases() string {
	var text []string
	for _, s := range c.kept() {
		text = append(text, string(s.Phase))
	}
	return strings.Join(text, " ")
}

// plain is a state without what every state kept has.
func plain(s State) State {
	s.Version, s.Renewal, s.Services, s.Task, s.Receipt = 0, "", nil, Task{}, nil
	return s
}

// lookNow is a look at the order as the API has it, at noon.
func (c *lookCase) lookNow() *look {
	return &look{at: time.Now(), began: time.Now(), now: noon, own: c.api.order, with: Method(6), renewed: []Renewed{{1, "1", MustDate("2026-12-01"), MustDate("2027-12-01")}}}
}

// A driveRow is what is done in a phase, and what of the state has changed afterwards.
type driveRow struct {
	name   string
	phase  Phase
	set    func(c *lookCase, l *look)
	step   step
	want   func(s *State)
	err    error
	says   Paid   // of the error
	phases string // kept
}

func checkDrive(t *testing.T, rows []driveRow, do func(c *lookCase, s step, l *look) error) {
	t.Helper()
	for _, row := range rows {
		c := newLookCase(row.phase)
		l := c.lookNow()
		if row.set != nil {
			row.set(c, l)
		}
		c.last, c.task.Hold = l, true
		var told []Step
		c.tell = func(p Progress) { told = append(told, p.Step) }
		want := plain(c.st)
		if row.want != nil {
			row.want(&want)
		}
		err := do(c, row.step, l)
		failed, _ := errors.AsType[*StepError](err)
		if !errors.Is(err, row.err) || (err == nil) != (row.err == nil) || err != nil && (failed == nil || failed.Paid != row.says) {
			t.Errorf("%s: %v, want %v and paid %s", row.name, err, row.err, row.says)
		}
		if got := plain(c.st); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: is\n%+v, want\n%+v", row.name, got, want)
		}
		if c.phases() != row.phases {
			t.Errorf("%s: kept %q, want %q", row.name, c.phases(), row.phases)
		}
		if c.claim.(*heldClaim).full > 0 && len(told) > 0 {
			t.Errorf("%s: told of %v", row.name, told)
		}
		if kept := c.kept(); len(kept) > 0 && c.claim.(*heldClaim).full == 0 {
			last := kept[len(kept)-1]
			if !reflect.DeepEqual(plain(last), want) || last.Version != stateVersion || last.Renewal != c.task.Renewal() || !slices.Equal(last.Services, c.task.ids()) {
				t.Errorf("%s: kept\n%+v, want\n%+v", row.name, last, want)
			}
			if last.Task.Renewal() != c.task.Renewal() || last.Task.Hold || !c.task.Hold {
				t.Errorf("%s: kept the task %+v", row.name, last.Task)
			}
			on := want.Phase != row.phase && slices.Contains([]Phase{PhaseOrdered, PhasePaid, PhaseRenewed}, want.Phase)
			if on != (len(told) == 1) {
				t.Errorf("%s: told of %v", row.name, told)
			}
			if until := last.Time.Add(c.task.patience().until(last.Phase)); last.Time.Equal(noon) && !c.task.Until.Equal(until) {
				t.Errorf("%s: until %v, want %v", row.name, c.task.Until, until)
			}
		}
	}
}

// What is noted of each decision.
func TestNote(t *testing.T) {
	t.Parallel()
	to := func(p Phase) func(s *State) { return func(s *State) { s.Phase, s.Time = p, noon } }
	also := func(p Phase, f func(s *State)) func(s *State) { return func(s *State) { to(p)(s); f(s) } }
	answered := func(c *lookCase, l *look) { c.answered(errDark) }
	none, declined := end(PhaseOrdered, becauseNoEffect), end(PhaseOrdered, becauseDeclined)
	ago := noon.Add(-lookedFor)
	taken := func(s *State) {
		s.Payment, s.Sent, s.Ended, s.Lapses = "x or somebody else", ago, noon, noon.Add(6*day)
		s.Cost = costs
	}
	watched := func(s *State) { s.Watched = s.Ended }
	unseen := func(s *State) { s.Watched, s.Unseen = s.Ended, 1 }
	fills := func(c *lookCase, _ *look) { c.claim.(*heldClaim).full = 1 }
	finds := func(means others) func(c *lookCase, l *look) {
		return func(c *lookCase, l *look) {
			other := c.api.order
			other.OrderID = 6
			l.rivals = []rival{{booked: booked{Order: other}, means: othersOpen}, {booked: booked{Order: c.api.order}, means: means}, {booked: booked{Order: other}, means: othersOpen}}
			c.st.Placed, c.st.Watched = noon, noon
		}
	}
	found := func(s *State) {
		s.Order, s.Placed, s.Watched, s.Lapses = 7, time.Time{}, time.Time{}, noon.Add(6*day)
		s.Cost = costs
	}
	checkDrive(t, []driveRow{
		{"no effect", PhasePaying, answered, none, also(PhaseOrdered, unseen), ErrNoEffect, PaidNo, "ordered"},
		{"no effect, of an earlier run", PhasePaying, nil, none, also(PhaseOrdered, unseen), nil, "", "ordered"},
		{"declined", PhaseDeclined, func(c *lookCase, _ *look) { c.answered(refusedCall) }, declined, also(PhaseOrdered, watched), refusedCall, PaidNo, "ordered"},
		{"declined, long ago", PhaseDeclined, func(c *lookCase, _ *look) { c.st.Ended = noon.Add(-2 * defaultSettle) }, declined, also(PhaseOrdered, watched), nil, "", "ordered"},
		{"declined, and told now", PhaseDeclined, func(c *lookCase, _ *look) { c.st.Ended = noon.Add(time.Second - 2*defaultSettle) }, declined, also(PhaseOrdered, watched), ErrCannotPay, PaidNo, "ordered"},
		{"one appeared", PhaseOrdering, finds(othersOne), note(PhaseOrdered), also(PhaseOrdered, found), nil, "", "ordered"},
		{"one is named", PhaseWanted, finds(othersNamed), note(PhaseOrdered), also(PhaseOrdered, found), nil, "", "ordered"},
		{"nothing appeared", PhaseOrdering, func(c *lookCase, _ *look) { c.st.Before = []OrderID{3}; c.answered(errDark) }, end(PhaseWanted, becauseNoEffect), also(PhaseWanted, func(s *State) { s.Before, s.Sent, s.Ended = nil, time.Time{}, time.Time{} }), ErrNoEffect, PaidNo, "wanted"},
		{"taken", PhasePaying, nil, note(PhasePaid), also(PhasePaid, taken), nil, "", "paid"},
		{"paid by somebody", PhaseOrdered, nil, note(PhasePaid), also(PhasePaid, func(s *State) { taken(s); s.Payment = bySomebody }), nil, "", "paid"},
		{"paid by somebody, an order with another date", PhaseOrdered, func(c *lookCase, l *look) { l.own.Date = Timestamp{noon.Add(-day)} }, note(PhasePaid), also(PhasePaid, func(s *State) { taken(s); s.Payment = bySomebody }), nil, "", "paid"},
		{"a named one, paid by somebody", PhaseOrdered, func(c *lookCase, l *look) { c.st.Placed = time.Time{}; l.own.Date = Timestamp{noon.Add(-day)} }, note(PhasePaid), also(PhasePaid, func(s *State) { taken(s); s.Payment, s.Sent = bySomebody, noon.Add(-day) }), nil, "", "paid"},
		{"a named one without a date, paid", PhasePaying, func(c *lookCase, l *look) {
			c.st.Placed, l.own.Date, c.st.Sent = time.Time{}, Timestamp{}, noon.Add(-day)
		}, note(PhasePaid), also(PhasePaid, func(s *State) { taken(s); s.Sent = noon.Add(-day) }), nil, "", "paid"},
		{"taken, and not to be read", PhasePaying, func(c *lookCase, l *look) { l.own, c.api.orderErr = Order{}, errDark }, note(PhasePaid), also(PhasePaid, func(s *State) { cost := s.Cost; taken(s); s.Cost = cost }), nil, "", "paid"},
		{"taken, and its price not known", PhasePaying, func(c *lookCase, l *look) { l.own, c.st.Cost = Order{}, Quote{} }, note(PhasePaid), also(PhasePaid, taken), nil, "", "paid"},
		{"taken, its price not known and not to be read", PhasePaying, func(c *lookCase, l *look) { l.own, c.st.Cost, c.api.orderErr = Order{}, Quote{}, errDark }, note(PhasePaid), also(PhasePaid, func(s *State) { taken(s); s.Cost = Quote{} }), nil, "", "paid"},
		{"taken, and not kept", PhasePaying, fills, note(PhasePaid), func(s *State) { s.Phase = PhasePaid }, ErrJournal, PaidYes, ""},
		{"renewed, and not kept", PhasePaid, fills, note(PhaseRenewed), nil, ErrJournal, PaidYes, ""},
		{"no effect, and not kept", PhasePaying, fills, none, nil, ErrJournal, PaidNo, ""},
		{"renewed", PhasePaid, nil, note(PhaseRenewed), also(PhaseRenewed, func(s *State) { s.Cost = costs }), nil, "", "renewed"},
		{"renewed, and the order not read", PhasePaid, func(c *lookCase, l *look) { l.own, c.st.Cost, c.api.orderErr = Order{}, costs, errDark }, note(PhaseRenewed), also(PhaseRenewed, func(s *State) { s.Cost = costs }), nil, "", "renewed"},
		{"renewed, at the price that was just read", PhasePaid, func(c *lookCase, l *look) { c.st.Cost, c.api.orderErr = Quote{}, errDark }, note(PhaseRenewed), also(PhaseRenewed, func(s *State) { s.Cost = costs }), nil, "", "renewed"},
		{"renewed, at a price that cannot be read", PhasePaid, func(c *lookCase, l *look) { l.own, c.st.Cost, c.api.orderErr = Order{}, Quote{}, errDark }, note(PhaseRenewed), nil, errDark, PaidYes, ""},
		{"never made", PhasePaid, nil, step{act: actNote, to: PhaseClosed, why: becauseLapsed, unsure: true}, also(PhaseClosed, func(s *State) {
			s.Why, s.Unsure = "the order has lapsed unpaid: order 7 could be paid until 2026-11-26", true
		}), ErrLapsed, PaidUnsure, "closed"},
		{"never made, and not kept", PhasePaid, fills, step{act: actNote, to: PhaseClosed, why: becauseLapsed, unsure: true}, nil, ErrJournal, PaidUnsure, ""},
		{"lapsed after a payment", PhasePaying, nil, end(PhaseClosed, becauseLapsed), also(PhaseClosed, func(s *State) { s.Why = "the order has lapsed unpaid: order 7 could be paid until 2026-11-26" }), ErrLapsed, PaidNo, "closed"},
		{"closed before a payment", PhaseOrdered, nil, step{act: actNote, to: PhaseClosed, why: becauseLapsed, unsure: true}, also(PhaseClosed, func(s *State) {
			s.Why = "the order has lapsed unpaid: order 7 is none of the account's, and no payment was sent for it"
		}), ErrLapsed, PaidUnsure, "closed"},
	}, func(c *lookCase, s step, l *look) error {
		err := c.note(t.Context(), s, l)
		if c.answer != nil || c.r.answerOf(c.task.Renewal()) != nil {
			t.Errorf("%s: the answer is kept: %v", s.to, c.answer)
		}
		if known, _ := c.r.book.get(7); s.to == PhaseOrdered && len(l.rivals) > 0 && !slices.Equal(known.fact.Services, c.task.ids()) {
			t.Errorf("the book does not know whose the order is: %+v", known)
		}
		want := Receipt{
			Period: P1Y, Order: 7, Price: costs.PriceWithTax, PriceWithoutTax: costs.PriceWithoutTax, Tax: costs.Tax, PaidWith: "x",
			PaidAfter: ago, PaidBefore: ago, Verified: noon, Services: l.renewed,
		}
		if r := c.st.Receipt; (r != nil) != (s.to == PhaseRenewed && c.st.Phase == PhaseRenewed) || r != nil && !reflect.DeepEqual(*r, want) {
			t.Errorf("%s: a receipt %+v, want %+v", s.to, r, want)
		}
		return err
	})
}

// What comes of an order that is sent.
func TestPlace(t *testing.T) {
	t.Parallel()
	placed := func(at time.Time, f func(s *State)) func(s *State) {
		return func(s *State) {
			lapses := noon.Add(6 * day)
			*s = State{Phase: PhaseOrdered, Time: noon, Order: 7, Sent: noon, Ended: noon, Placed: at, Cost: costs, Lapses: lapses, Before: []OrderID{3}}
			f(s)
		}
	}
	none := func(*State) {}
	dated := func(t time.Time) func(c *lookCase, l *look) {
		return func(c *lookCase, _ *look) { c.api.order.Date = Timestamp{t} }
	}
	fails := func(err error, full int) func(c *lookCase, l *look) {
		return func(c *lookCase, _ *look) { c.api.buyErr, c.claim.(*heldClaim).full = err, full }
	}
	lost := func(s *State) {
		*s = State{Phase: PhaseOrdering, Time: noon, Sent: noon, Ended: noon, Before: []OrderID{3}}
	}
	back := func(s *State) { lost(s); s.Phase = PhaseWanted }
	checkDrive(t, []driveRow{
		{"placed", PhaseWanted, dated(noon), step{}, placed(noon, none), nil, "", "ordering ordered"},
		{"dated a little before", PhaseWanted, dated(noon.Add(-time.Second)), step{}, placed(noon.Add(-time.Second), none), nil, "", "ordering ordered"},
		{"dated in the future", PhaseWanted, dated(noon.Add(time.Hour)), step{}, placed(noon, none), nil, "", "ordering ordered"},
		{"without a date", PhaseWanted, dated(time.Time{}), step{}, placed(noon, none), nil, "", "ordering ordered"},
		{"one of several", PhaseWanted, func(c *lookCase, l *look) { dated(noon)(c, l); c.r.journal.(*factsJournal).sharing = OneOfSeveral }, step{}, placed(noon, func(s *State) { s.Watched = noon }), nil, "", "ordering ordered"},
		{"the call is not kept", PhaseWanted, fails(nil, 1), step{}, func(s *State) { *s = State{} }, ErrJournal, PaidNo, ""},
		{"the order is not kept", PhaseWanted, func(c *lookCase, l *look) { dated(noon)(c, l); fails(nil, 2)(c, l) }, step{}, placed(noon, func(s *State) { s.Phase = PhaseOrdering }), ErrJournal, PaidNo, "ordering"},
		{"refused", PhaseWanted, fails(refusedCall, 0), step{}, back, refusedCall, PaidNo, "ordering wanted"},
		{"never sent", PhaseWanted, fails(ErrNotSent, 0), step{}, back, ErrNotSent, PaidNo, "ordering wanted"},
		{"refused, and not kept", PhaseWanted, fails(refusedCall, 2), step{}, lost, ErrJournal, PaidNo, "ordering"},
		{"lost", PhaseWanted, fails(errDark, 0), step{}, lost, nil, "", "ordering ordering"},
		{"lost, and not kept", PhaseWanted, fails(errDark, 2), step{}, lost, ErrJournal, PaidUnsure, "ordering"},
		{"answered with an older one", PhaseWanted, nil, step{}, back, ErrForeignOrder, PaidUnsure, "ordering wanted"},
		{"answered with an older one, and not kept", PhaseWanted, fails(nil, 2), step{}, lost, ErrJournal, PaidUnsure, "ordering"},
		{"nobody knows whose it is", PhaseWanted, func(c *lookCase, l *look) { dated(noon)(c, l); c.r.journal.(*factsJournal).err = errDark }, step{}, lost, nil, "", "ordering ordering"},
	}, func(c *lookCase, _ step, l *look) error {
		c.r.book.orders[3] = &booked{listed: true, Order: Order{OrderID: 3, Date: Timestamp{noon}}}
		l.own = Order{}
		err := c.place(t.Context(), l)
		if known, _ := c.r.book.get(7); c.st.Phase == PhaseOrdered && (!slices.Equal(known.fact.Services, c.task.ids()) || time.Since(known.at) > time.Minute || l.own.OrderID != 7) {
			t.Errorf("the book does not know whose the order is: %+v", known)
		}
		if kept := c.kept(); len(kept) > 0 && (kept[0].Sent != noon || kept[0].Order != 0 || !kept[0].Ended.IsZero() || !slices.Equal(kept[0].Before, []OrderID{3})) {
			t.Errorf("before the call %+v was kept", kept[0])
		}
		if sent := slices.Contains(c.api.asked, "place"); sent != (len(c.kept()) > 0) {
			t.Errorf("sent: %t, and %s", sent, c.phases())
		}
		if got := c.r.answerOf(c.task.Renewal()); errors.Is(c.api.buyErr, errDark) && (got != errDark || c.answer != errDark) {
			t.Errorf("the answer is forgotten: %v", got)
		}
		return err
	})
}

// What comes of a payment that is sent.
func TestPay(t *testing.T) {
	t.Parallel()
	sent := func(p Phase, ended time.Time) func(s *State) {
		return func(s *State) {
			lapses := noon.Add(6 * day)
			s.Phase, s.Time, s.Cost, s.Lapses, s.Sent, s.Ended, s.Payment, s.Why = p, noon, costs, lapses, noon, ended, Method(6).String(), ""
		}
	}
	fails := func(err error, full int) func(c *lookCase, l *look) {
		return func(c *lookCase, _ *look) { c.api.buyErr, c.claim.(*heldClaim).full = err, full }
	}
	back := func(s *State) { s.Time = noon }
	late := func(tries int) func(c *lookCase, l *look) {
		return func(c *lookCase, l *look) { l.at, c.staleTries = l.at.Add(-maxLook), tries }
	}
	checkDrive(t, []driveRow{
		{"paid", PhaseOrdered, func(c *lookCase, _ *look) { c.st.Why = "no" }, step{}, sent(PhasePaid, noon), nil, "", "paying paid"},
		{"the call is not kept", PhaseOrdered, fails(nil, 1), step{}, nil, ErrJournal, PaidNo, ""},
		{"paid, and not kept", PhaseOrdered, fails(nil, 2), step{}, func(s *State) { sent(PhasePaid, noon)(s) }, ErrJournal, PaidYes, "paying"},
		{"refused", PhaseOrdered, fails(refusedCall, 0), step{}, func(s *State) { sent(PhaseDeclined, noon)(s); s.Why = clean(refusedCall.Error()) }, nil, "", "paying declined"},
		{"lost", PhaseOrdered, fails(errDark, 0), step{}, sent(PhasePaying, noon), nil, "", "paying paying"},
		{"lost, and not kept", PhaseOrdered, fails(errDark, 2), step{}, sent(PhasePaying, noon), ErrJournal, PaidUnsure, "paying"},
		{"never sent", PhaseOrdered, fails(ErrNotSent, 0), step{}, back, ErrNotSent, PaidNo, "paying ordered"},
		{"bad input", PhaseOrdered, fails(ErrBadInput, 0), step{}, back, ErrBadInput, PaidNo, "paying ordered"},
		{"never sent, and not kept", PhaseOrdered, fails(ErrNotSent, 2), step{}, nil, ErrJournal, PaidNo, "paying"},
		{"too late", PhaseOrdered, fails(fmt.Errorf("%w: %w", ErrNotSent, errStale), 0), step{}, back, nil, "", "paying ordered"},
		{"a look too old", PhaseOrdered, late(0), step{}, back, nil, "", "paying ordered"},
		{"a look that is nearly too old", PhaseOrdered, func(c *lookCase, l *look) { l.at = l.at.Add(10*time.Second - maxLook) }, step{}, sent(PhasePaid, noon), nil, "", "paying paid"},
		{"the fifth too old", PhaseOrdered, late(4), step{}, back, nil, "", "paying ordered"},
		{"the sixth too old", PhaseOrdered, late(5), step{}, back, errStale, PaidNo, "paying ordered"},
	}, func(c *lookCase, _ step, l *look) error {
		err := c.pay(t.Context(), l)
		if kept := c.kept(); len(kept) > 0 {
			want := plain(newLookCase(PhaseOrdered).st)
			sent(PhasePaying, time.Time{})(&want)
			if got := plain(kept[0]); !reflect.DeepEqual(got, want) {
				t.Errorf("before the call was kept\n%+v, want\n%+v", got, want)
			}
		}
		if sent := slices.Contains(c.api.asked, "pay 7 with "+Method(6).String()); sent != (len(c.kept()) > 0 && l.age() < maxLook) || sent && !c.api.notAfter.Equal(l.at.Add(maxLook)) {
			t.Errorf("sent: %t, not after %v, and %s", sent, c.api.notAfter, c.phases())
		}
		if again := errors.Is(c.api.buyErr, errStale) || l.age() >= maxLook; c.paid == again && err == nil {
			t.Errorf("%s: may pay once more: %t", c.phases(), !c.paid)
		}
		if _, usable := c.r.payable[c.task.PayWith.String()]; usable == (c.st.Phase == PhaseDeclined) {
			t.Errorf("%s: the way to pay is taken to be usable: %t", c.phases(), usable)
		}
		if got := c.r.answerOf(c.task.Renewal()); c.api.buyErr != nil && (!errors.Is(got, c.api.buyErr) || !errors.Is(c.answer, c.api.buyErr)) {
			t.Errorf("the answer is forgotten: %v", got)
		}
		return err
	})
}

// What a person's answer to an order comes to.
func TestAsk(t *testing.T) {
	t.Parallel()
	yes := func(a Answer) func(c *lookCase, l *look) {
		return func(c *lookCase, l *look) {
			c.r.Approve = func(_ context.Context, a2 Approval) (Answer, error) {
				if a2.Order.OrderID != 7 || a2.Task.Renewal() != c.task.Renewal() {
					t.Errorf("asked of %+v", a2)
				}
				return a, nil
			}
		}
	}
	says := func(a Answer) func(s *State) {
		return func(s *State) { s.Answer, s.Cost = a, costs }
	}
	later := func(s *State) { s.Answer = AnswerLater }
	checkDrive(t, []driveRow{
		{"yes", PhaseOrdered, yes(AnswerYes), step{}, says(AnswerYes), nil, "", "ordered"},
		{"no", PhaseOrdered, yes(AnswerNo), step{}, says(AnswerNo), nil, "", "ordered"},
		{"later", PhaseOrdered, yes(AnswerLater), step{}, later, nil, "", ""},
		{"what nobody knows", PhaseOrdered, yes("perhaps"), step{}, later, nil, "", ""},
		{"nobody is asked", PhaseOrdered, nil, step{}, later, nil, "", ""},
		{"an error is no answer", PhaseOrdered, func(c *lookCase, _ *look) {
			c.r.Approve = func(context.Context, Approval) (Answer, error) { return AnswerYes, errDark }
		}, step{}, later, nil, "", ""},
		{"yes, and not kept", PhaseOrdered, func(c *lookCase, l *look) { yes(AnswerYes)(c, l); c.claim.(*heldClaim).full = 1 }, step{}, says(AnswerYes), ErrJournal, PaidNo, ""},
	}, func(c *lookCase, _ step, l *look) error { return c.ask(t.Context(), l) })
	ended, cancel := context.WithCancel(t.Context())
	c := newLookCase(PhaseOrdered)
	c.r.Approve = func(context.Context, Approval) (Answer, error) { cancel(); return AnswerYes, nil }
	if err := c.ask(ended, c.lookNow()); !errors.Is(err, context.Canceled) || c.st.Answer != "" || len(c.kept()) > 0 {
		t.Errorf("an answer after the end: %v, %q", err, c.st.Answer)
	}
}
