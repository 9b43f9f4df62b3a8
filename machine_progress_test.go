// Which rules of getting on every decision of the table keeps.

package ovhrenew

// progressRules are about getting on: refusing is a fault too.
var progressRules = []cellRule{
	{"a renewal that has not ended never stops without a reason", func(p Phase, s seen, do step) bool {
		return (p == PhaseWanted || p.Open()) && do.act == actStop && do.why == becauseNothing
	}},
	{"once the patience is over, a run waits only for what time alone brings", func(p Phase, s seen, do step) bool {
		return s.over && do.act == actLook && do.why != becauseNothing
	}},
	{"what time alone brings is waited for", func(p Phase, s seen, do step) bool {
		early := (p == PhaseOrdering || p.sent()) && !s.settled && !s.evidence() && s.clear()
		return early && do.act != actLook
	}},
	{"an order is placed where nothing speaks against it", func(p Phase, s seen, do step) bool {
		return p == PhaseWanted && s.clear() && !s.unfit && s.word != wordNo && do.act != actPlace
	}},
	{"an order is paid where nothing speaks against it", func(p Phase, s seen, do step) bool {
		return p == PhaseOrdered && s.payable() && do.act != actPay
	}},
	{"an order that a person named is taken", func(p Phase, s seen, do step) bool {
		named := (p == PhaseWanted || p == PhaseOrdering) && s.others == othersNamed && s.moved == movedNot && s.word != wordNo
		return named && !do.notes(PhaseOrdered)
	}},
	{"the account's only journal finds its lost order again", func(p Phase, s seen, do step) bool {
		found := p == PhaseOrdering && s.only && s.settled && s.others == othersOne && s.moved == movedNot
		return found && !do.notes(PhaseOrdered)
	}},
	{"a lost order of which nothing appeared is begun anew", func(p Phase, s seen, do step) bool {
		return p == PhaseOrdering && s.settled && s.clear() && !do.notes(PhaseWanted)
	}},
	{"a payment that had no effect can be sent again", func(p Phase, s seen, do step) bool {
		return (p == PhasePaying && !s.doubt || p == PhaseDeclined) && s.settled && s.clear() && s.waits() && !do.notes(PhaseOrdered)
	}},
	{"a renewal that somebody else has made is ended", func(p Phase, s seen, do step) bool {
		made := s.elsewhere() && (p == PhaseOrdering && s.others != othersPaid || p == PhaseOrdered && !s.evidence())
		return made && !do.notes(PhaseClosed)
	}},
	{"a renewal whose order has lapsed is ended, so that another can begin", func(p Phase, s seen, do step) bool {
		lapsed := p == PhaseOrdered || (p.sent() || p == PhasePaid) && s.settled && s.clear()
		return s.order == orderDead && lapsed && !do.notes(PhaseClosed)
	}},
	{"a renewal whose order was cancelled before a payment is ended", func(p Phase, s seen, do step) bool {
		return p == PhaseOrdered && s.order == orderDropped && !do.notes(PhaseClosed)
	}},
	{"a renewal that a person does not want is ended", func(p Phase, s seen, do step) bool {
		unwanted := p == PhaseOrdered && s.word == wordNo && s.order == orderUnpaid && s.clear()
		return unwanted && !do.notes(PhaseClosed)
	}},
	{"a paid order whose expiries have moved is renewed", func(p Phase, s seen, do step) bool {
		return p == PhasePaid && s.elsewhere() && !do.notes(PhaseRenewed)
	}},
	{"a person is told of documents as soon as nothing else can come of the order", func(p Phase, s seen, do step) bool {
		asked := (p == PhaseOrdered || p == PhasePaying && s.settled && !s.doubt || p == PhaseDeclined && s.settled || p == PhasePaid) && s.order == orderHuman && s.clear()
		return asked && !(do.act == actStop && do.why == becauseHuman)
	}},
	{"a person is told that an order was cancelled after a payment was sent", func(p Phase, s seen, do step) bool {
		sent := (p == PhasePaying && !s.doubt || p == PhaseDeclined) && s.settled && s.order == orderDropped || p == PhasePaid && s.is(orderDropped, orderRevoked)
		return sent && s.clear() && !(do.act == actStop && do.why == becauseDropped)
	}},
	{"a person is asked only about an order that lacks nothing but their word and time", func(p Phase, s seen, do step) bool {
		return do.act == actAsk && !(p == PhaseOrdered && s.order == orderUnpaid && s.clear() && !s.unfit && s.word == wordAsk)
	}},
	{"a person who has not been asked is asked", func(p Phase, s seen, do step) bool {
		lacks := p == PhaseOrdered && s.order == orderUnpaid && s.clear() && !s.unfit && s.word == wordAsk
		return lacks && do.act != actAsk
	}},
}
