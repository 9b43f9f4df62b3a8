package temporal

import (
	"fmt"
	"strings"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"

	"github.com/ovhrenew/ovhrenew"
)

// Renewal is a renewal that is wanted, as the input of [Renew].
type Renewal struct {
	// Account is the name by which workers know the account.
	Account string `json:"account"`
	// Wish says what to renew. It is proposed by the workflow's first activity.
	Wish *ovhrenew.Wish `json:"wish,omitempty"`
	// Task is what was proposed already, such as a plan's item. It is given instead of a
	// Wish. With Approve in either, a person decides by [SignalAnswer] before the order is
	// paid.
	Task *ovhrenew.Task `json:"task,omitempty"`
	// GiveUp is how long to go on against errors that time may mend, while nothing else
	// changes. If zero, it is a day.
	GiveUp time.Duration `json:"giveUp,omitempty"`

	// SoFar is what the workflow hands on to its next run. Leave it nil.
	SoFar *Progress `json:"soFar,omitempty"`
}

const (
	idPrefix   = "ovhrenew/"
	defaultDay = 24 * time.Hour
)

// ID is the workflow's: the same renewal has the same one. It is made of the account, the
// services with the expiries renewed from, and the length of the period. A wish that names
// no expiry has an ID without.
func (r Renewal) ID() string {
	switch {
	case r.Task != nil:
		return idPrefix + r.Account + "/" + strings.ReplaceAll(r.Task.Renewal(), " ", "/")
	case r.Wish == nil:
		return idPrefix + r.Account
	}
	w, period := *r.Wish, string(r.Wish.Period)
	if months, ok := w.Period.Months(); ok {
		period = fmt.Sprintf("P%dM", months)
	}
	what := w.Service.String()
	if !w.From.IsZero() {
		what += "@" + w.From.String()
	}
	if w.Alone {
		what += "+alone"
	}
	for _, id := range w.Only {
		what += "+" + id.String()
	}
	return idPrefix + r.Account + "/" + what + "/" + period
}

// Start returns the options to start [Renew] with: if the same renewal is running, that is
// the one that is started. One that has ended can be started again; the journal knows what
// it has done.
func (r Renewal) Start(queue string) client.StartWorkflowOptions {
	return startOptions(r.ID(), queue)
}

func startOptions(id, queue string) client.StartWorkflowOptions {
	return client.StartWorkflowOptions{
		ID: id, TaskQueue: queue,
		WorkflowIDConflictPolicy: enumspb.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
		WorkflowIDReusePolicy:    enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE,
	}
}

// Check returns an [ovhrenew.InputError] if the renewal cannot be carried out.
func (r Renewal) Check() error {
	const call = "Renew"
	bad := func(field, why string) error { return &ovhrenew.InputError{Call: call, Field: field, Why: why} }
	switch {
	case r.Account == "":
		return bad("Renewal.Account", "is missing: it names the account")
	case (r.Wish == nil) == (r.Task == nil):
		return bad("Renewal", "wants a Wish or a Task, and not both")
	case r.GiveUp < 0:
		return &ovhrenew.InputError{Call: call, Field: "Renewal.GiveUp", Value: r.GiveUp.String(), Why: "is negative"}
	case r.Task != nil:
		return r.Task.Check(call)
	}
	_, err := r.Wish.Request()
	return err
}

// patience is the renewal's.
func (r Renewal) patience() ovhrenew.Patience {
	switch {
	case r.Task != nil:
		return r.Task.Patience
	case r.Wish != nil:
		return r.Wish.Patience
	}
	return ovhrenew.Patience{}
}

func (r Renewal) giveUp() time.Duration {
	if r.GiveUp == 0 {
		return defaultDay
	}
	return r.GiveUp
}
