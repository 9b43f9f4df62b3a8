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
	Target ServiceID `json:"target"` // the service asked for
	Offer  Offer     `json:"offer"`  // what is to be ordered
	// Services are the offer's in ascending order, with the expiries to renew from and
	// those expected. If one moves otherwise, nothing is paid.
	Services []Renewed `json:"services"`
	// Prices are all at which the services are offered now. An order at another price
	// counts as one for something else.
	Prices   []Money  `json:"prices,omitempty"`
	Quoted   Money    `json:"quoted"` // tax included; an order at another price is not paid
	Limit    Money    `json:"limit"`  // tax included
	PayWith  Payment  `json:"payWith"`
	Guards   Guards   `json:"guards"`
	Patience Patience `json:"patience"`
	Approve  bool     `json:"approve,omitempty"` // ask Runner.Approve before paying
	// Hold sends nothing. What was sent is followed to its end, and what is left to be
	// sent is refused with [ErrHeld].
	Hold bool `json:"hold,omitempty"`

	Phase Phase     `json:"phase,omitempty"`
	Order OrderID   `json:"order,omitempty"`
	Next  time.Time `json:"next,omitzero"` // when to call Advance again
	// Until is when the patience for what is being waited for ends. Set it to zero to
	// begin anew.
	Until   time.Time `json:"until,omitzero"`
	Receipt *Receipt  `json:"receipt,omitempty"` // at the end
}

type taskJSON struct {
	plainTask
	PayWith string `json:"payWith"`
}

type plainTask Task

// MarshalJSON writes the task, its payment as text.
func (t Task) MarshalJSON() ([]byte, error) {
	plain := taskJSON{plainTask: plainTask(t)}
	if t.PayWith != nil {
		plain.PayWith = t.PayWith.String()
	}
	return json.Marshal(plain)
}

// UnmarshalJSON reads what MarshalJSON wrote. The error is [ErrBadInput] for a member
// that is there twice or named otherwise.
func (t *Task) UnmarshalJSON(data []byte) error {
	plain, err := exactly[taskJSON]("Task", data)
	if err != nil {
		return err
	}
	if plain.PayWith != "" {
		if plain.plainTask.PayWith, err = ParsePayment(plain.PayWith); err != nil {
			return err
		}
	}
	*t = Task(plain.plainTask)
	return nil
}

// exactly reads JSON whose members are named as the type names them, each once.
func exactly[T any](call string, data []byte) (value T, err error) {
	if wrong, ok := errors.AsType[*exact.Error](exact.Members(data, reflect.TypeFor[T]())); ok {
		return value, badInput(call, wrong.Field, wrong.Value, wrong.Why)
	}
	return value, json.Unmarshal(data, &value)
}

func (t Task) ids() []ServiceID {
	ids := make([]ServiceID, 0, len(t.Services))
	for _, s := range t.Services {
		ids = append(ids, s.ServiceID)
	}
	return ids
}

// about returns an error of the task as one about a service of it.
func (t Task) about(id ServiceID, err error) error {
	if failed, ok := errors.AsType[*StepError](err); ok {
		failed.Service = Target{name: t.name(id), id: id}
	}
	return err
}

func (t Task) name(id ServiceID) string { return t.service(id).Name }

func (t Task) meets(other Task) bool {
	return slices.ContainsFunc(t.Services, func(s Renewed) bool { return other.service(s.ServiceID).From == s.From })
}

func (t Task) service(id ServiceID) Renewed {
	for _, s := range t.Services {
		if s.ServiceID == id {
			return s
		}
	}
	return Renewed{}
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
		return badInput(call, "Task.Services", callAll(t.name, t.ids()), "are not those of the offer in ascending order")
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

// Approval is an order that waits for a person's decision.
type Approval struct {
	Task  Task
	Order Order
}

// Approver asks a person about an order before it is paid. An error counts as
// [AnswerLater].
type Approver func(ctx context.Context, a Approval) (Answer, error)

// undecided is the Approver of those who are asked elsewhere.
func undecided(context.Context, Approval) (Answer, error) { return AnswerLater, nil }

func (t Task) patience() Patience {
	p := t.Patience
	p.Poll, p.Settle, p.Delivery = cmp.Or(p.Poll, defaultPoll), cmp.Or(p.Settle, defaultSettle), cmp.Or(p.Delivery, defaultDelivery)
	return p
}
