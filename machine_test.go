package ovhrenew

import (
	"fmt"
	"slices"
	"testing"
)

// everySeen yields each combination of what a look can show.
func everySeen(yield func(seen) bool) {
	var s seen
	for n := range int(standings) * int(moveds) * int(otherss) * int(wordss) {
		s.word = word(n % int(wordss))
		n /= int(wordss)
		s.others = others(n % int(otherss))
		n /= int(otherss)
		s.moved, s.order = moved(n%int(moveds)), standing(n/int(moveds))
		for bits := range 1 << 9 {
			on := func(k int) bool { return bits>>k&1 == 1 }
			s.only, s.unfit, s.listed, s.aged, s.quiet = on(0), on(1), on(2), on(3), on(4)
			s.fresh, s.settled, s.over, s.doubt = on(5), on(6), on(7), on(8)
			if !yield(s) {
				return
			}
		}
	}
}

func TestEveryCell(t *testing.T) {
	for _, p := range modelPhases {
		t.Run(string(p), func(t *testing.T) {
			t.Parallel()
			cells, acts, notes := 0, map[act]int{}, map[Phase]int{}
			for s := range everySeen {
				do := next(p, s)
				cells++
				acts[do.act]++
				if do.act == actNote {
					notes[do.to]++
				}
				if broken := brokenIn(p, s, do); broken != "" {
					t.Fatalf("next(%s, %+v) = %+v: %s", p, s, do, broken)
				}
			}
			t.Logf("%d cells: %d look, %d stop, %d ask, %d order, %d pay, notes %v",
				cells, acts[actLook], acts[actStop], acts[actAsk], acts[actPlace], acts[actPay], notes)
		})
	}
}

func TestWherePaymentIsMade(t *testing.T) {
	t.Parallel()
	values, cells := map[string][]string{}, 0
	for s := range everySeen {
		if next(PhaseOrdered, s).act != actPay {
			continue
		}
		cells++
		for name, v := range map[string]any{
			"order": s.order, "moved": s.moved, "others": s.others, "word": s.word, "unfit": s.unfit, "listed": s.listed,
			"quiet": s.quiet, "fresh": s.fresh, "only or aged": s.only || s.aged,
			"settled": s.settled, "over": s.over, "doubt": s.doubt,
		} {
			if text := fmt.Sprint(v); !slices.Contains(values[name], text) {
				values[name] = append(values[name], text)
			}
		}
	}
	t.Logf("%d cells pay: %v", cells, values)
	for name, got := range values {
		free := slices.Contains([]string{"settled", "over", "doubt"}, name)
		if len(got) != 1 && !free {
			t.Errorf("a payment is made with %s of %v: want one value", name, got)
		}
	}
	// The journal is the only one, or the order is aged: 3 of 4. Nothing else is free
	// but what an order that has not been paid does not have.
	if want := 3 * 8; cells != want {
		t.Errorf("%d cells pay, want %d", cells, want)
	}
}

// told is what a step says of the money, empty if it goes on without a word.
func told(p Phase, do step) Paid {
	switch {
	case do.act == actStop && !do.unsure:
		return p.paid()
	case do.act == actNote && do.why != becauseNothing && !do.unsure:
		return do.to.paid()
	case do.act == actStop, do.act == actNote && do.why != becauseNothing:
		return PaidUnsure
	}
	return ""
}

// brokenIn returns the first rule that a decision breaks.
func brokenIn(p Phase, s seen, do step) string {
	for _, r := range cellRules {
		if r.broken(p, s, do) {
			return r.rule
		}
	}
	return ""
}

// clear reports whether the account was read, and shows nothing of a renewal by somebody.
func (s seen) clear() bool { return s.moved == movedNot && s.others == othersClear }

// payable reports whether everything speaks for a payment.
func (s seen) payable() bool {
	return s.clear() && s.order == orderUnpaid && !s.unfit && s.word == wordYes && s.listed &&
		s.quiet && s.fresh && (s.only || s.aged)
}

func (do step) notes(p Phase) bool { return do.act == actNote && do.to == p }

// A cellRule is a sentence about money, or about getting on, that every decision keeps.
type cellRule struct {
	rule   string
	broken func(p Phase, s seen, do step) bool
}

var cellRules = slices.Concat(spendingRules, wordRules, progressRules)

var spendingRules = []cellRule{
	{"a payment is made for an order that is there, and only if nothing speaks against it", func(p Phase, s seen, do step) bool {
		return do.act == actPay && !(p == PhaseOrdered && s.payable())
	}},
	{"an order is placed only before anything was sent, in an account where nothing is in the way", func(p Phase, s seen, do step) bool {
		return do.act == actPlace && !(p == PhaseWanted && s.clear() && !s.unfit && s.word != wordNo)
	}},
	{"an order that was not placed by the journal is taken only if a person named it, or if the account's only journal has just lost one like it", func(p Phase, s seen, do step) bool {
		lost := p == PhaseOrdering && s.only && s.settled && s.others == othersOne && !s.dark()
		return do.notes(PhaseOrdered) && !p.sent() && s.others != othersNamed && !lost
	}},
	{"an order is taken only for services that nobody has renewed", func(p Phase, s seen, do step) bool {
		return do.notes(PhaseOrdered) && !p.sent() && s.elsewhere()
	}},
	{"after a payment was sent, another is possible only once nothing has come of it in the time to settle", func(p Phase, s seen, do step) bool {
		again := do.notes(PhaseOrdered) || do.notes(PhaseWanted) || do.notes(PhaseClosed)
		return p.sent() && again && (!s.settled || s.evidence() || s.dark())
	}},
	{"a payment that may still leave is never sent again", func(p Phase, s seen, do step) bool {
		return p == PhasePaying && do.notes(PhaseOrdered) && s.doubt
	}},
	{"an order that was sent is given up only once it had the time to appear", func(p Phase, s seen, do step) bool {
		return p == PhaseOrdering && do.notes(PhaseWanted) && (!s.settled || s.dark() || s.appeared())
	}},
	{"a payment on record is believed", func(p Phase, s seen, do step) bool {
		return (p == PhaseOrdered || p.sent()) && s.evidence() && !do.notes(PhasePaid)
	}},
	{"nothing but a payment on record makes an order a paid one", func(p Phase, s seen, do step) bool {
		return do.notes(PhasePaid) && !s.evidence()
	}},
	{"only a paid renewal whose expiries have moved is renewed", func(p Phase, s seen, do step) bool {
		return do.notes(PhaseRenewed) && !(p == PhasePaid && s.elsewhere())
	}},
	{"a paid renewal is never closed while an expiry moved or a payment is on record", func(p Phase, s seen, do step) bool {
		return p == PhasePaid && do.notes(PhaseClosed) && (s.moved != movedNot || s.evidence() || !s.settled || s.order != orderDead)
	}},
	{"a paid renewal goes nowhere but to its end", func(p Phase, s seen, do step) bool {
		return p == PhasePaid && do.act == actNote && do.to != PhaseRenewed && do.to != PhaseClosed
	}},
	{"what has ended stays so", func(p Phase, s seen, do step) bool {
		return (p == PhaseRenewed || p == PhaseClosed) && do.act != actStop
	}},
}

var wordRules = []cellRule{
	{"no is said before anything was sent only by a person's word, or where the account shows no renewal: a lost journal may have had one", func(p Phase, s seen, do step) bool {
		return p == PhaseWanted && told(p, do) == PaidNo && s.word != wordNo && !s.clear()
	}},
	{"no is said of a lost order only when the account was read in time and shows nothing new", func(p Phase, s seen, do step) bool {
		return p == PhaseOrdering && told(p, do) == PaidNo && !(s.settled && s.moved == movedNot && (s.others == othersClear || s.others == othersOpen))
	}},
	{"no is said of an unpaid order only while nothing speaks of a payment of it or, unless it is over, of another for the same", func(p Phase, s seen, do step) bool {
		elsewhere := s.elsewhere() || s.others == othersPaid && !s.is(orderDead, orderDropped)
		return p == PhaseOrdered && told(p, do) == PaidNo && (s.evidence() || elsewhere)
	}},
	{"no is said of a payment only when nothing came of it in the time to settle, and its order is over or waits in an account that shows nothing else", func(p Phase, s seen, do step) bool {
		waits := s.waits() && s.moved == movedNot && s.others != othersPaid && !(p == PhasePaying && s.doubt)
		return p.sent() && told(p, do) == PaidNo && (!s.settled || s.dark() || !waits && s.order != orderDead)
	}},
	{"no is never said of a paid order", func(p Phase, s seen, do step) bool {
		return p == PhasePaid && told(p, do) == PaidNo
	}},
	{"a renewal is told as done only while the expiries show it", func(p Phase, s seen, do step) bool {
		return p == PhaseRenewed && (do.why == becauseNothing) == (s.moved == movedNot)
	}},
	{"a refusal because of somebody's order is unsure about the money", func(p Phase, s seen, do step) bool {
		return do.why == becauseForeign && do.act == actStop && told(p, do) != PaidUnsure
	}},
	{"a reason that is given is true", func(p Phase, s seen, do step) bool {
		return do.act != actLook && !isTrue(p, s, do.why)
	}},
}

// isTrue reports whether a look bears a reason out.
func isTrue(p Phase, s seen, why reason) bool {
	switch why {
	case becauseMoved:
		return s.elsewhere()
	case becauseForeign:
		return s.others != othersClear && s.others != othersDark
	case becauseUnfit:
		return s.unfit
	case becauseNoWord:
		return s.word == wordNo
	case becauseLater:
		return s.word == wordLater
	case becauseUnread:
		return s.dark() || s.is(orderUnclear) || !s.listed || !s.fresh
	case becauseLapsed:
		return s.is(orderDead, orderLapsing)
	case becauseDropped:
		return s.is(orderDropped, orderRevoked)
	case becauseHuman:
		return s.is(orderHuman)
	case becauseNoEffect:
		if p == PhaseOrdering {
			return s.settled && s.others != othersNamed && !s.appeared()
		}
		return p == PhasePaying && s.settled && !s.evidence()
	case becauseDeclined:
		return p == PhaseDeclined && s.settled && !s.evidence()
	case becauseUnsure:
		return p == PhaseOrdering || p.sent()
	case becausePending:
		return p == PhasePaid
	case becauseTakenBack:
		return p == PhaseRenewed && s.moved == movedNot
	}
	return true
}
