// These tests fail without it: TestJournal, TestFileJournal, TestMemory.

package ovhrenew

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"
)

var (
	// ErrBusy says that another run is renewing one of the services right now.
	ErrBusy = errors.New("another run has it")
	// ErrJournal says that the journal could not be read or written. Nothing is
	// sent whose record could not be kept.
	ErrJournal = errors.New("the journal failed")
)

// Sharing says who else may renew services of the account. It decides what makes a
// payment safe, so that it has to be stated where a journal is opened.
type Sharing int

const (
	_ Sharing = iota
	// OnlyJournal says that every program that renews services of the account uses
	// this journal. An order is then paid as soon as the account's list shows it, and
	// one whose answer was lost is found again. Where it is not true, a service can
	// be paid twice.
	OnlyJournal
	// OneOfSeveral says that other programs may renew services of the account with
	// other journals, or with none. An order is then paid only when it is older than
	// [Patience.Settle], and one whose answer was lost is left to lapse.
	OneOfSeveral
)

// String is the name of the constant.
func (s Sharing) String() string {
	switch s {
	case OnlyJournal:
		return "OnlyJournal"
	case OneOfSeveral:
		return "OneOfSeveral"
	}
	return fmt.Sprintf("Sharing(%d)", int(s))
}

// Journal remembers how far each renewal is, so that a run that was cut off is taken
// up by the next one. [OpenJournal] keeps one in a directory. [NoJournal] keeps none.
//
// An account is what [API.Account] returns. The contexts end a wait, never a record.
type Journal interface {
	// Sharing returns who shares the account.
	Sharing() Sharing
	// Claim takes hold of services until the Claim is released. The error is [ErrBusy]
	// if another run holds one of them, and otherwise [ErrJournal].
	Claim(ctx context.Context, account string, services ...ServiceID) (Claim, error)
	// Orders returns what is known of orders placed since a time: of the journal's own
	// renewals, and what others were found to be for.
	Orders(ctx context.Context, account string, since time.Time) ([]OrderFact, error)
	// Remember keeps facts about orders of others. Losing them costs requests and
	// nothing else.
	Remember(ctx context.Context, account string, facts ...OrderFact) error
	// Receipts streams the renewals verified since a time, oldest first. It claims
	// nothing. An error ends it.
	Receipts(ctx context.Context, account string, since time.Time) iter.Seq2[Receipt, error]
}

// Claim is a hold on services of an account.
type Claim interface {
	// States returns the open renewals of the services, and of each service the one
	// that ended last, in the order in which they were last changed.
	States() []State
	// Inherited reports whether the claim was taken over from a holder that is not
	// known to be dead. A payment that such a holder had begun is never sent again.
	Inherited() bool
	// Append keeps the state of a renewal, in place of an earlier one of the same
	// renewal: when it returns, a crash cannot lose it. It fails once the claim was
	// released or has passed to another holder.
	Append(ctx context.Context, state State) error
	// Release lets the services go. Calling it again does nothing.
	Release() error
}

// stateVersion is the form of the states written.
const stateVersion = 1

// State is what a journal keeps of a renewal.
type State struct {
	Version int `json:"v"`
	// Renewal is [Task.Renewal].
	Renewal  string      `json:"renewal"`
	Phase    Phase       `json:"phase"`
	Services []ServiceID `json:"services"`
	// Time is when the state was reached, by the API's clock, like every time in it.
	Time time.Time `json:"time"`
	Task Task      `json:"task"`

	// Order is the renewal's order. Placed is when the call that placed it was
	// answered, zero for an order that was found or named.
	Order  OrderID   `json:"order,omitempty"`
	Placed time.Time `json:"placed,omitzero"`
	// Before are the orders that might have been for the same when an order was sent.
	Before []OrderID `json:"before,omitempty"`
	// Sent and Ended are when the last spending call began and ended. Ended is zero
	// while the call may be under way; once a later run has found it so, it is when
	// that run first looked.
	Sent  time.Time `json:"sent,omitzero"`
	Ended time.Time `json:"ended,omitzero"`
	// Lapses is when the order's time to be paid is over, and Cost what it costs.
	Lapses time.Time `json:"lapses,omitzero"`
	Cost   Quote     `json:"cost,omitzero"`
	// Watched is since when the order has been looked at without a sign of a payment.
	Watched time.Time `json:"watched,omitzero"`
	// Payment is how the last payment was to be made; empty if none was sent.
	Payment string `json:"payment,omitempty"`
	// Refused is what the API said if it refused the last payment in its own words.
	Refused string `json:"refused,omitempty"`
	// Taken says that a run has seen the order paid, or cancelled before its time.
	Taken bool `json:"taken,omitempty"`
	// Doubt says that a holder that may be alive had the claim when a payment was sent.
	Doubt bool `json:"doubt,omitempty"`
	// Answer is what a person has said of the order.
	Answer Answer `json:"answer,omitempty"`
	// Why says why a renewal was closed.
	Why     string   `json:"why,omitempty"`
	Receipt *Receipt `json:"receipt,omitempty"`
}

// Over reports whether the renewal was renewed or closed.
func (s State) Over() bool { return s.Phase == PhaseRenewed || s.Phase == PhaseClosed }

// OrderFact is what is known of an order of the account.
type OrderFact struct {
	Order OrderID   `json:"order"`
	Date  time.Time `json:"date"`
	// Services are those of an order of this journal's; none of any other.
	Services []ServiceID `json:"services,omitempty"`
	// Names are what its lines name, and Prices what they cost.
	Names  []string `json:"names,omitempty"`
	Prices []Money  `json:"prices,omitempty"`
	// Vague says that a line names nothing.
	Vague bool `json:"vague,omitempty"`
	// Status is its last status, if that was a final one.
	Status OrderStatus `json:"status,omitempty"`
}

// NoJournal is the choice to remember nothing. Nothing is paid twice without a journal
// either, under the conditions of [OneOfSeveral]; but a run that was cut off leaves an
// order that the next run has to let lapse, and a finished renewal has no receipt.
var NoJournal Journal = noJournal{}

type noJournal struct{}

func (noJournal) Sharing() Sharing { return OneOfSeveral }

func (noJournal) Claim(ctx context.Context, _ string, _ ...ServiceID) (Claim, error) {
	return noClaim{}, ctx.Err()
}

func (noJournal) Orders(context.Context, string, time.Time) ([]OrderFact, error) { return nil, nil }
func (noJournal) Remember(context.Context, string, ...OrderFact) error           { return nil }

func (noJournal) Receipts(context.Context, string, time.Time) iter.Seq2[Receipt, error] {
	return func(func(Receipt, error) bool) {}
}

type noClaim struct{}

func (noClaim) States() []State                     { return nil }
func (noClaim) Inherited() bool                     { return false }
func (noClaim) Append(context.Context, State) error { return nil }
func (noClaim) Release() error                      { return nil }

// checkJournal refuses a journal that is missing or does not say who shares it.
func checkJournal(call, field string, j Journal) error {
	if j == nil {
		return badInput(call, field, nil, "is missing: set it to the journal of OpenJournal, or to NoJournal to run without one")
	}
	if file, ok := j.(*FileJournal); ok && file == nil {
		return badInput(call, field, nil, "is a nil *FileJournal: want one from OpenJournal")
	}
	if s := j.Sharing(); s != OnlyJournal && s != OneOfSeveral {
		return badInput(call, field, s, "says neither OnlyJournal nor OneOfSeveral")
	}
	return nil
}

// journalError makes every failure of a journal an ErrJournal or ErrBusy.
func journalError(err error) error {
	if err == nil || errors.Is(err, ErrJournal) || errors.Is(err, ErrBusy) || errors.Is(err, ErrBadInput) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrJournal, err)
}
