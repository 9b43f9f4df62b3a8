// These tests fail without it: TestTaskJSON, TestTaskRefused, TestAttackFoldedKeys,
// TestAttackEditedTask.

package ovhrenew

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/ovhrenew/ovhrenew/internal/exact"
)

// Task is one renewal as plain data, made by [Runner.Propose]. It survives JSON, so that
// a workflow engine can keep it between calls of [Runner.Advance]. The journal is the
// evidence of what was sent: an older copy of a task does no harm.
type Task struct {
	Target ServiceID // the service asked for
	Offer  Offer     // what is to be ordered
	// Services are the offer's in ascending order, with the expiries to renew from and
	// those expected. If one moves otherwise, nothing is paid.
	Services []Renewed
	// Prices are all at which the services are offered now. An order at another price is
	// in nobody's way.
	Prices   []Money
	Quoted   Money // tax included; an order at another price is not paid
	Limit    Money // tax included
	PayWith  Payment
	Guards   Guards
	Patience Patience
	Approve  bool // ask Runner.Approve before paying
	// Hold sends nothing. What was sent is followed to its end, and what is left to be
	// sent is refused with [ErrHeld].
	Hold bool

	Phase Phase
	Order OrderID
	Next  time.Time // when to call Advance again
	// Until is when the patience for what is being waited for ends. Set it to zero to
	// begin anew.
	Until   time.Time
	Receipt *Receipt // at the end
}

type taskJSON struct {
	Target   ServiceID `json:"target"`
	Offer    Offer     `json:"offer"`
	Services []Renewed `json:"services"`
	Prices   []Money   `json:"prices,omitempty"`
	Quoted   Money     `json:"quoted"`
	Limit    Money     `json:"limit"`
	PayWith  string    `json:"payWith"`
	Guards   Guards    `json:"guards"`
	Patience Patience  `json:"patience"`
	Approve  bool      `json:"approve,omitempty"`
	Hold     bool      `json:"hold,omitempty"`
	Phase    Phase     `json:"phase,omitempty"`
	Order    OrderID   `json:"order,omitempty"`
	Next     time.Time `json:"next,omitzero"`
	Until    time.Time `json:"until,omitzero"`
	Receipt  *Receipt  `json:"receipt,omitempty"`
}

// MarshalJSON writes the task, its payment as text.
func (t Task) MarshalJSON() ([]byte, error) {
	plain := taskJSON{
		t.Target, t.Offer, t.Services, t.Prices, t.Quoted, t.Limit, "", t.Guards, t.Patience, t.Approve, t.Hold,
		t.Phase, t.Order, t.Next, t.Until, t.Receipt,
	}
	if t.PayWith != nil {
		plain.PayWith = t.PayWith.String()
	}
	return json.Marshal(plain)
}

// UnmarshalJSON reads what MarshalJSON wrote. The error is [ErrBadInput] for a member
// that is there twice or named otherwise.
func (t *Task) UnmarshalJSON(data []byte) error {
	if err := exact.Members(data, reflect.TypeFor[taskJSON]()); err != nil {
		if wrong, ok := errors.AsType[*exact.Error](err); ok {
			return badInput("Task", wrong.Field, wrong.Value, wrong.Why)
		}
		return err
	}
	var plain taskJSON
	if err := json.Unmarshal(data, &plain); err != nil {
		return err
	}
	var with Payment
	if plain.PayWith != "" {
		var err error
		if with, err = ParsePayment(plain.PayWith); err != nil {
			return err
		}
	}
	*t = Task{
		plain.Target, plain.Offer, plain.Services, plain.Prices, plain.Quoted, plain.Limit, with, plain.Guards,
		plain.Patience, plain.Approve, plain.Hold, plain.Phase, plain.Order, plain.Next, plain.Until, plain.Receipt,
	}
	return nil
}

// ids are the services of the task, in ascending order.
func (t Task) ids() []ServiceID {
	ids := make([]ServiceID, 0, len(t.Services))
	for _, s := range t.Services {
		ids = append(ids, s.ServiceID)
	}
	return ids
}

// meets reports whether two tasks renew a service from the same expiry.
func (t Task) meets(other Task) bool {
	return slices.ContainsFunc(t.Services, func(s Renewed) bool { return other.from(s.ServiceID) == s.From })
}

// name is what the task calls a service.
func (t Task) name(id ServiceID) string {
	for _, s := range t.Services {
		if s.ServiceID == id {
			return s.Name
		}
	}
	return ""
}

// Renewal identifies what the task means to buy, whoever asks for it and when.
func (t Task) Renewal() string {
	period := string(t.Offer.Period)
	if months, ok := t.Offer.Period.Months(); ok {
		period = fmt.Sprintf("P%dM", months)
	}
	var b strings.Builder
	for _, s := range t.Services {
		fmt.Fprintf(&b, "%d@%s ", s.ServiceID, s.From)
	}
	return b.String() + period
}

// Check returns an [InputError] that names the call if the task cannot be carried out.
func (t Task) Check(call string) error {
	if err := t.Offer.check(call); err != nil {
		return err
	}
	if t.Offer.Price().Currency() == "" {
		return badInput(call, "Task.Offer", t.Offer, "has no price")
	}
	if !t.Offer.Period.Known() {
		return badInput(call, "Task.Offer.Period", t.Offer.Period, "has no known length")
	}
	if !slices.Equal(t.ids(), t.Offer.Services()) {
		return badInput(call, "Task.Services", idList(t.ids()), "are not those of the offer in ascending order")
	}
	if len(t.Offer.Services()) != len(t.Offer.Strategy.Services) {
		return badInput(call, "Task.Offer", t.Offer, "names a service twice")
	}
	for _, s := range t.Services {
		switch {
		case s.From.IsZero():
			return badInput(call, "Task.Services", called(s.Name, s.ServiceID), "has no expiry to renew from")
		case s.Name == "":
			return badInput(call, "Task.Services", s.ServiceID, "has no name")
		}
	}
	if t.Target != 0 && !t.Offer.Covers(t.Target) {
		return badInput(call, "Task.Target", t.Target, "is not renewed by the offer")
	}
	return errors.Join(checkSpending(call, "Task", t.Limit, t.PayWith), t.Guards.check(call), t.Patience.check(call))
}

// checkSpending refuses a limit or a way to pay that is missing or makes no sense.
func checkSpending(call, what string, limit Money, with Payment) error {
	switch {
	case limit.IsZero():
		return &InputError{Call: call, Field: what + ".Limit", Why: "is missing: it says what may be spent, tax included", Err: ErrNoLimit}
	case limit.Sign() < 0:
		return badInput(call, what+".Limit", limit, "is negative")
	case limit.Currency() == "":
		return badInput(call, what+".Limit", limit, "is not an amount with a currency")
	}
	return checkPayment(call, what+".PayWith", with)
}

// Answer is what a person says of an order.
type Answer string

const (
	AnswerYes   Answer = "yes"
	AnswerLater Answer = "later" // asked again at the next look
	// AnswerNo is kept: no order is placed for any of these services at these expiries,
	// unless [Guards.IgnoreOrders] names the order.
	AnswerNo Answer = "no"
)

// Approval is an order that waits for a person's word.
type Approval struct {
	Task  Task
	Order Order
}

// Approver asks a person about an order before it is paid. An error counts as
// [AnswerLater].
type Approver func(ctx context.Context, a Approval) (Answer, error)

// undecided is the Approver of those who are asked elsewhere.
func undecided(context.Context, Approval) (Answer, error) { return AnswerLater, nil }

// from is the expiry from which the task renews a service.
func (t Task) from(id ServiceID) Date {
	for _, s := range t.Services {
		if s.ServiceID == id {
			return s.From
		}
	}
	return Date{}
}

// patience is the task's, with its defaults.
func (t Task) patience() Patience {
	p := t.Patience
	p.Poll, p.Settle, p.Delivery = cmp.Or(p.Poll, defaultPoll), cmp.Or(p.Settle, defaultSettle), cmp.Or(p.Delivery, defaultDelivery)
	return p
}
