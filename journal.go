// These tests fail without it: TestFileJournal, TestMemory, TestCheckJournal, TestNoJournal.

package ovhrenew

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"
)

// Sharing says who else may renew services of the account. What makes a payment safe
// depends on it.
type Sharing string

const (
	// OnlyJournal: every program that renews services of the account uses this journal.
	// Where that is not true, a service can be paid twice.
	OnlyJournal Sharing = "OnlyJournal"
	// OneOfSeveral: others may renew with other journals, or with none. An order is paid
	// only when it is older than [Patience.Settle] by a fifth.
	OneOfSeveral Sharing = "OneOfSeveral"
)

// Journal remembers how far each renewal is, so that the next run resumes it.
// [OpenJournal] returns one. An account is named as by [API.Account].
type Journal interface {
	Sharing() Sharing
	// Claim takes hold of services. The error is [ErrBusy] if another run has one of
	// them, else [ErrJournal].
	Claim(ctx context.Context, account string, services ...ServiceID) (Claim, error)
	// Orders returns what is known of the orders placed since a time.
	Orders(ctx context.Context, account string, since time.Time) ([]OrderFact, error)
	// Remember keeps facts about orders of others. Losing them costs requests only.
	Remember(ctx context.Context, account string, facts ...OrderFact) error
	// Receipts streams the renewals verified since a time, oldest first, with each order
	// once, as it was first kept. It claims nothing. An error ends it.
	Receipts(ctx context.Context, account string, since time.Time) iter.Seq2[Receipt, error]
}

// Claim is a hold on services of an account.
type Claim interface {
	// States returns the open renewals of the services, and of each service the one
	// that ended last, in the order in which they were last changed.
	States() []State
	// Inherited reports whether the claim was taken over from a holder that may be
	// alive. A payment that such a holder had begun is never sent again.
	Inherited() bool
	// Append keeps a state in place of an earlier one of the same renewal, durably. It
	// fails once the claim was released, and as [ErrBusy] if it has passed to another holder.
	Append(ctx context.Context, state State) error
	Release() error
}

// stateVersion is the form of the states and of the lines written.
const stateVersion = 1

// State is what a journal keeps of a renewal.
type State struct {
	Version  int         `json:"v"`
	Renewal  string      `json:"renewal"` // Task.Renewal
	Phase    Phase       `json:"phase"`
	Services []ServiceID `json:"services"`
	Time     time.Time   `json:"time"` // by the API's clock, like every time here
	Task     Task        `json:"task"`
	Order    OrderID     `json:"order,omitempty"`
	Placed   time.Time   `json:"placed,omitzero"` // zero for an order found or named
	Lapses   time.Time   `json:"lapses,omitzero"`
	Cost     Quote       `json:"cost,omitzero"`
	Before   []OrderID   `json:"before,omitempty"` // orders that might have been for the same then
	// Sent and Ended are when the last spending call began and ended, and of a payment that
	// a look has shown, between which times it was made. A later run that finds no end sets
	// it to the time of its first look.
	Sent    time.Time `json:"sent,omitzero"`
	Ended   time.Time `json:"ended,omitzero"`
	Watched time.Time `json:"watched,omitzero"`  // no sign of a payment since then
	Payment string    `json:"payment,omitempty"` // of the last payment sent
	Unseen  int       `json:"unseen,omitempty"`  // payments for the order that had no effect, and no refusal
	Taken   bool      `json:"taken,omitempty"`   // seen paid, or cancelled before its time
	Doubt   bool      `json:"doubt,omitempty"`   // a holder that may be alive had begun to pay
	Answer  Answer    `json:"answer,omitempty"`
	Why     string    `json:"why,omitempty"`    // why it was closed, or its payment declined
	Unsure  bool      `json:"unsure,omitempty"` // closed, and the payment sent may have been taken
	Receipt *Receipt  `json:"receipt,omitempty"`
}

// Over reports whether the renewal has ended.
func (s State) Over() bool { return s.Phase == PhaseRenewed || s.Phase == PhaseClosed }

// OrderFact is what a journal knows of an order of the account.
type OrderFact struct {
	Order    OrderID     `json:"order"`
	Date     time.Time   `json:"date"`
	Services []ServiceID `json:"services,omitempty"` // of this journal's own orders only
	Names    []string    `json:"names,omitempty"`    // that its lines name
	Prices   []Money     `json:"prices,omitempty"`   // of its lines
	Vague    bool        `json:"vague,omitempty"`    // a line names nothing
	Status   OrderStatus `json:"status,omitempty"`   // if final
}

// NoJournal remembers nothing. It counts as [OneOfSeveral]. A run that was cut off leaves an
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

func checkJournal(call, field string, j Journal) error {
	if j == nil {
		return badInput(call, field, nil, "is missing: set it to the journal of OpenJournal, or to NoJournal to run without one")
	}
	if s := j.Sharing(); s != OnlyJournal && s != OneOfSeveral {
		return badInput(call, field, s, "says neither OnlyJournal nor OneOfSeveral")
	}
	return nil
}

func journalError(err error) error {
	if err == nil || errors.Is(err, ErrJournal) || errors.Is(err, ErrBusy) || errors.Is(err, ErrBadInput) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrJournal, err)
}
