package ovhrenew

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

var (
	// ErrBusy says that another run is renewing one of the services right now.
	ErrBusy = errors.New("another run has it")
	// ErrJournal says that the journal could not be read or written. Nothing is
	// sent whose record could not be kept.
	ErrJournal = errors.New("the journal failed")
)

// Journal remembers what was about to be sent and what came of it, so that a run
// that was cut off can be taken up. [OpenJournal] keeps one in a directory.
//
// Without a journal nothing is paid twice either: the guards then have the orders
// and the expiries that the API shows. They wait longer and refuse more, and a run that
// is repeated finds the service not due instead of its receipt.
type Journal interface {
	// Open claims services until the Ledger is closed. The error is [ErrBusy] if
	// another run holds one of them, else [ErrJournal].
	Open(services ...ServiceID) (Ledger, error)
}

// Ledger is an exclusive hold on what a journal has on some services.
type Ledger interface {
	// Records are those of every renewal that concerns any of the services, oldest
	// first.
	Records() []Record
	// Order is which services the journal, whoever holds them, has an order for; none
	// if it does not know the order.
	Order(id OrderID) []ServiceID
	// Append keeps a record: when it returns, a crash cannot lose it. The error is
	// [ErrJournal]: the record may or may not be kept.
	Append(record Record) error
	// Close lets the services go.
	Close() error
}

// Event is what a record tells.
type Event string

// The events of a renewal, in the order in which they happen. Each spending call
// has one before it and one after it.
const (
	EventOrdering   Event = "ordering"    // about to send POST renew
	EventNotOrdered Event = "not-ordered" // it had no effect
	EventOrdered    Event = "ordered"     // the order exists
	EventPaying     Event = "paying"      // about to send POST pay
	EventNotPaid    Event = "not-paid"    // it had no effect
	EventPaid       Event = "paid"        // the payment was taken
	EventRenewed    Event = "renewed"     // the expiries have moved
	EventClosed     Event = "closed"      // the order came to nothing
)

// recordVersion is the form of the records written.
const recordVersion = 1

// Record is one thing that happened to a renewal.
type Record struct {
	Version int       `json:"v"`
	Time    time.Time `json:"time"`
	Event   Event     `json:"event"`
	// Renewal identifies the renewal: services, period, and the expiries it starts from.
	Renewal  string      `json:"renewal"`
	Services []ServiceID `json:"services"`
	// Intent is what was to be ordered; with [EventOrdering] and [EventOrdered].
	Intent *OrderIntent `json:"intent,omitempty"`
	Order  OrderID      `json:"order,omitempty"`
	// Payment is how it was to be paid; with [EventPaying].
	Payment string   `json:"payment,omitempty"`
	Receipt *Receipt `json:"receipt,omitempty"`
	Why     string   `json:"why,omitempty"`
}

// story is what the records of one renewal come to.
type story struct {
	intent   OrderIntent
	ordering time.Time // when POST renew was sent, while its outcome is not known
	order    OrderID
	paying   time.Time // when POST pay was sent, while its outcome is not known
	payment  string
	tried    string // the payment last sent, also after it was taken to have had no effect
	paid     bool
	receipt  *Receipt
	closed   bool
}

// open reports whether the renewal has begun and not ended.
func (s *story) open() bool {
	return s.receipt == nil && !s.closed && (s.order != 0 || !s.ordering.IsZero())
}

// paidWith is how a paid order was paid.
func (s *story) paidWith() string {
	switch {
	case s.payment != "":
		return s.payment
	case s.tried != "":
		return s.tried + " or somebody else"
	}
	return "somebody else"
}

// stories folds records into renewals, oldest first.
func stories(records []Record) []*story {
	var all []*story
	byKey := map[string]*story{}
	for _, record := range records {
		s := byKey[record.Renewal]
		if s == nil || s.closed && record.Event == EventOrdering {
			s = &story{}
			byKey[record.Renewal] = s
			all = append(all, s)
		}
		s.add(record)
	}
	return all
}

func (s *story) add(record Record) {
	if record.Intent != nil {
		s.intent = *record.Intent
	}
	switch record.Event {
	case EventOrdering:
		s.ordering, s.closed = record.Time, false
	case EventNotOrdered:
		s.ordering = time.Time{}
	case EventOrdered:
		s.ordering, s.order, s.closed = time.Time{}, record.Order, false
	case EventPaying:
		s.order, s.paying, s.payment, s.closed = record.Order, record.Time, record.Payment, false
		s.tried = record.Payment
	case EventNotPaid:
		s.paying, s.paid, s.payment = time.Time{}, false, ""
	case EventPaid:
		s.order, s.paying, s.paid, s.closed = record.Order, time.Time{}, true, false
	case EventRenewed:
		s.receipt = record.Receipt
	case EventClosed:
		s.closed = s.closed || record.Order == 0 || record.Order == s.order
	}
}

// ledger keeps the story of one renewal up to date with what is written of it.
// The zero value knows nothing, for looks that begin nothing.
type ledger struct {
	Ledger
	key   string
	story *story
}

// follow picks the story of one intent out of a ledger, or begins it.
func follow(l Ledger, in OrderIntent) *ledger {
	key := in.key()
	found := &story{intent: in}
	for _, s := range stories(l.Records()) {
		if s.intent.key() == key && !s.closed && !slices.Contains(in.Guards.IgnoreOrders, s.order) {
			found = s
		}
	}
	return &ledger{Ledger: l, key: key, story: found}
}

// note writes a record of the renewal.
func (l *ledger) note(record Record) error {
	record.Version, record.Time = recordVersion, time.Now().UTC()
	record.Renewal, record.Services = l.key, l.story.intent.Services
	if err := l.Append(record); err != nil {
		if errors.Is(err, ErrJournal) {
			return err
		}
		return fmt.Errorf("%w: %w", ErrJournal, err)
	}
	l.story.add(record)
	return nil
}

// noJournal remembers nothing.
type noJournal struct{}

func (noJournal) Open(...ServiceID) (Ledger, error) { return noLedger{}, nil }

type noLedger struct{}

func (noLedger) Records() []Record         { return nil }
func (noLedger) Order(OrderID) []ServiceID { return nil }
func (noLedger) Append(Record) error       { return nil }
func (noLedger) Close() error              { return nil }

func orNoJournal(j Journal) Journal {
	if j == nil {
		return noJournal{}
	}
	return j
}

// key identifies what an intent means to buy: the same services for the same time
// from the same expiries is the same renewal, whoever asks for it and when.
func (in OrderIntent) key() string {
	months, ok := in.Offer.Period.Months()
	period := string(in.Offer.Period)
	if ok {
		period = fmt.Sprintf("P%dM", months)
	}
	var b strings.Builder
	for _, id := range in.Services {
		fmt.Fprintf(&b, "%d@%s ", id, in.Expiries[id])
	}
	return b.String() + period
}
