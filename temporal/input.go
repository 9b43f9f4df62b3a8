package temporal

import (
	"cmp"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// Timing is how a workflow waits.
type Timing struct {
	// Heartbeat is after how long without a sign of its worker an activity is run again. If
	// zero, it is a minute.
	Heartbeat time.Duration `json:"heartbeat,omitempty"`
	// Later is how long to leave alone what cannot be done now. If zero, it is 30 seconds.
	// It doubles each time, up to 6 hours.
	Later time.Duration `json:"later,omitempty"`
	// GiveUp is how long that is tried. If zero, it is 21 days, in which an order that is
	// in the way lapses.
	GiveUp time.Duration `json:"giveUp,omitempty"`
}

const (
	defaultHeartbeat = time.Minute
	defaultLater     = 30 * time.Second
	maxLater         = 6 * time.Hour
	defaultGiveUp    = 21 * 24 * time.Hour
)

func (t Timing) heartbeat() time.Duration { return cmp.Or(t.Heartbeat, defaultHeartbeat) }
func (t Timing) giveUp() time.Duration    { return cmp.Or(t.GiveUp, defaultGiveUp) }

// later is how long to wait after so many waits.
func (t Timing) later(n int) time.Duration {
	d := cmp.Or(t.Later, defaultLater)
	for range min(n, 20) {
		d = min(2*d, maxLater)
	}
	return d
}

// RenewInput is a renewal. It has a Wish, of which a task is proposed, or a Task.
type RenewInput struct {
	// Account is what [Config.Account] knows it by.
	Account string         `json:"account"`
	Wish    *ovhrenew.Wish `json:"wish,omitempty"`
	Task    *ovhrenew.Task `json:"task,omitempty"`
	Timing  Timing         `json:"timing,omitzero"`
	// Carried is what one run of the workflow hands to the next. It is not to be set.
	Carried *Progress `json:"carried,omitempty"`
}

// ID is the id of the renewal's workflow: the same renewal has the same.
func (in RenewInput) ID() string {
	id := "ovhrenew/" + in.Account + "/"
	switch {
	case in.Task != nil:
		return id + in.Task.Renewal()
	case in.Wish != nil && !in.Wish.From.IsZero():
		return id + in.Wish.Service.String() + "@" + in.Wish.From.String()
	case in.Wish != nil:
		return id + in.Wish.Service.String()
	}
	return id
}

// Check returns an error that is [ovhrenew.ErrBadInput] if the input cannot be meant.
func (in RenewInput) Check() error {
	const call = "Renew"
	switch {
	case in.Account == "":
		return &ovhrenew.InputError{Call: call, Field: "RenewInput.Account", Why: "is missing"}
	case (in.Wish == nil) == (in.Task == nil):
		return &ovhrenew.InputError{Call: call, Field: "RenewInput.Wish", Why: "and Task: set one of the two"}
	case in.Task != nil:
		return in.Task.Check(call)
	}
	_, err := in.Wish.Request()
	return err
}

// Answer is a person's word about an order. It counts for this order at this price alone.
type Answer struct {
	Order  ovhrenew.OrderID `json:"order"`
	Price  ovhrenew.Money   `json:"price"` // tax included
	Answer ovhrenew.Answer  `json:"answer"`
}

// Progress is how far a renewal is.
type Progress struct {
	Phase ovhrenew.Phase   `json:"phase,omitempty"`
	Order ovhrenew.OrderID `json:"order,omitempty"`
	// Asked is the order that waits for an [Answer], the answer left out.
	Asked *Answer `json:"asked,omitempty"`
	// Next is when the account is looked at again.
	Next   time.Time `json:"next,omitzero"`
	Paused bool      `json:"paused,omitempty"`
	// Later counts how often in a row it could not be done yet, and Why says what for.
	Later int    `json:"later,omitempty"`
	Why   string `json:"why,omitempty"`

	Task     *ovhrenew.Task `json:"task,omitempty"`
	Given    *Answer        `json:"given,omitempty"`
	Stopped  bool           `json:"stopped,omitempty"`
	Proposed int            `json:"proposed,omitempty"` // how often
	Began    time.Time      `json:"began,omitzero"`     // the waiting for what cannot be done yet
}

// Result is what came of a renewal.
type Result struct {
	Outcome portfolio.Outcome `json:"outcome"`
	// Receipt is of what was renewed.
	Receipt *ovhrenew.Receipt `json:"receipt,omitempty"`
	// Order is an order that is left unpaid, by a workflow that was stopped.
	Order ovhrenew.OrderID `json:"order,omitempty"`
	Why   string           `json:"why,omitempty"`
}
