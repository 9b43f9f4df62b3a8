package ovhrenew

import (
	"errors"
	"slices"
	"testing"
	"time"
)

// An unpaid order waits, is about to lapse, or has lapsed, by its own date or, where that
// could not be read, by the one that the journal has.
func TestUnpaidStands(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		lapses time.Duration // after noon
		want   standing
	}{
		"days to go":        {7 * day, orderUnpaid},
		"just enough":       {defaultSettle, orderUnpaid},
		"too soon":          {defaultSettle - time.Second, orderLapsing},
		"over, and payable": {-time.Hour, orderLapsing},
		"over for a day":    {-day, orderLapsing},
		"over for good":     {-day - time.Second, orderDead},
	} {
		read, kept := lookAt(0, State{Lapses: noon.AddDate(1, 0, 0)}), lookAt(0, State{Lapses: noon.Add(tt.lapses)})
		read.l.own.ExpirationDate = Timestamp{noon.Add(tt.lapses)}
		for from, r := range map[string]reading{"the order": read, "the journal": kept} {
			if got := r.unpaid(); got != tt.want {
				t.Errorf("%s, by %s: %d, want %d", name, from, got, tt.want)
			}
		}
	}
	if got := lookAt(1000*day, State{}).unpaid(); got != orderUnpaid {
		t.Errorf("an order without an end: %d, want %d", got, orderUnpaid)
	}
}

// Where an order stands follows from its status and, where that does not tell, from whether a
// payment is on record.
func TestStanding(t *testing.T) {
	t.Parallel()
	lapsed := func(c *lookCase) { c.st.Lapses = noon }
	onRecord := (*lookCase).onRecord
	both := func(a, b func(c *lookCase)) func(c *lookCase) { return func(c *lookCase) { a(c); b(c) } }
	taken := func(c *lookCase) { c.st.Taken = true }
	for _, tt := range []struct {
		phase  Phase
		status OrderStatus
		set    func(c *lookCase)
		want   standing
		record bool // whether a payment on record is asked for
		err    error
	}{
		{PhasePaying, orderDelivering, nil, orderTaken, false, nil},
		{PhasePaying, OrderDelivered, nil, orderTaken, false, nil},
		{PhasePaying, OrderNotPaid, nil, orderUnpaid, true, nil},
		{PhasePaying, OrderNotPaid, onRecord, orderTaken, true, nil},
		{PhasePaying, OrderNotPaid, func(c *lookCase) { c.api.paymentErr = errDark }, orderUnclear, true, errDark},
		{PhasePaying, OrderNotPaid, func(c *lookCase) { c.api.paymentErr = ErrUnsupported }, orderUnpaid, true, nil},
		{PhasePaying, OrderNotPaid, func(c *lookCase) { c.placed(0); c.st.Payment = "" }, orderUnpaid, true, nil},
		{PhasePaying, "checking", onRecord, orderTaken, true, nil},
		{PhasePaying, "checking", nil, orderUnclear, true, errAny},
		{PhasePaying, orderDocumentsRequested, nil, orderHuman, true, nil},
		{PhasePaying, orderDocumentsRequested, onRecord, orderTaken, true, nil},
		{PhasePaying, OrderCancelled, nil, orderDropped, true, nil},
		{PhasePaying, OrderCancelled, func(c *lookCase) { c.st.Lapses = noon.Add(time.Second) }, orderDropped, true, nil},
		{PhasePaying, OrderCancelled, func(c *lookCase) { c.st.Lapses = time.Time{} }, orderDropped, true, nil},
		{PhasePaying, OrderCancelled, lapsed, orderDead, true, nil},
		{PhasePaying, OrderCancelled, both(lapsed, taken), orderDropped, true, nil},
		{PhasePaying, OrderCancelled, both(lapsed, onRecord), orderRevoked, true, nil},
		{PhasePaying, orderCancelling, onRecord, orderRevoked, true, nil},
		{PhasePaying, orderCancelling, lapsed, orderUnclear, true, errAny},
		{PhasePaying, "", func(c *lookCase) { c.api.statusErr = errDark }, orderUnclear, false, errDark},
		{PhaseOrdered, OrderNotPaid, nil, orderUnpaid, true, nil},
		{PhaseOrdered, OrderNotPaid, onRecord, orderTaken, true, nil},
		{PhaseOrdered, OrderNotPaid, func(c *lookCase) { c.placed(0) }, orderUnpaid, false, nil},
		{PhaseOrdered, "checking", func(c *lookCase) { c.placed(0) }, orderUnclear, true, errAny},
		{PhasePaid, "checking", func(c *lookCase) { c.onRecord(); c.st.Ended = noon }, orderTaken, true, nil},
		{PhasePaid, OrderNotPaid, onRecord, orderTaken, true, nil},
		{PhasePaid, OrderNotPaid, func(c *lookCase) { c.st.Ended = noon }, orderUnpaid, false, nil},
		{PhasePaid, orderDocumentsRequested, onRecord, orderHuman, false, nil},
	} {
		c := newLookCase(tt.phase)
		c.api.status = tt.status
		if tt.set != nil {
			tt.set(c)
		}
		r := reading{c.job, &look{now: noon}}
		r.settling()
		r.standing(t.Context())
		if r.l.order != tt.want || (r.l.unreadErr == nil) != (tt.err == nil) || tt.err != errAny && !errors.Is(r.l.unreadErr, tt.err) {
			t.Errorf("%s, %s: %d, %v; want %d, %v", tt.phase, tt.status, r.l.order, r.l.unreadErr, tt.want, tt.err)
		}
		if asked := slices.Contains(c.api.asked, "payment"); asked != tt.record {
			t.Errorf("%s, %s: asked for the payment: %t, want %t", tt.phase, tt.status, asked, tt.record)
		}
	}
}
