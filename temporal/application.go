package temporal

import (
	"fmt"
	"time"

	"go.temporal.io/sdk/client"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// Application is a plan to be carried out, as the input of [ApplyPlan].
type Application struct {
	// Account is the name by which workers know the account, and Plan the reference by
	// which they know the plan: a plan itself may be larger than Temporal takes.
	Account string `json:"account"`
	Plan    string `json:"plan"`
	// PayWith is a way to pay as [ovhrenew.ParsePayment] reads it. It has no default.
	PayWith string `json:"payWith"`
	// Patience is that of each renewal, but for Poll: if zero, it is a minute, since many
	// renewals are under way.
	Patience ovhrenew.Patience `json:"patience"`
	// Total is what may be spent in all, tax included, one amount for each currency. If
	// empty, it is the total of the plan's policy.
	Total []ovhrenew.Money `json:"total,omitempty"`
	// Approve waits for [SignalApprove] before anything is ordered, and ApproveEach for a
	// [SignalAnswer] to the workflow of each item before its order is paid.
	Approve     bool `json:"approve,omitempty"`
	ApproveEach bool `json:"approveEach,omitempty"`
	// AtOnce is how many renewals are under way at once. If zero, it is 50.
	AtOnce int `json:"atOnce,omitempty"`
	// StopAfter is how many items may fail before no further one is begun. If zero, all
	// may. Items that are refused because the account is no longer what the plan was made
	// from do not count.
	StopAfter int `json:"stopAfter,omitempty"`
	// GoOnWhenUnsure begins further items although it is not known whether one was paid.
	GoOnWhenUnsure bool `json:"goOnWhenUnsure,omitempty"`
	// FirstWithOthers begins several items at once. Otherwise, until the journal holds one
	// verified renewal of the account, one item is paid and verified before the second is
	// begun.
	FirstWithOthers bool `json:"firstWithOthers,omitempty"`
	// GiveUp is that of each [Renewal]. If zero, it is an hour.
	GiveUp time.Duration `json:"giveUp,omitempty"`
	// PerRun is how many items a run of the workflow begins before it hands on to the next
	// with a new history. If zero, it is 500.
	PerRun int `json:"perRun,omitempty"`

	// SoFar is what the workflow hands on to its next run. Leave it nil.
	SoFar *Report `json:"soFar,omitempty"`
}

const (
	defaultAtOnce = 50
	defaultPerRun = 500
	// planPage is how many items are read at once, and maxFailures how many failures a
	// report holds.
	planPage    = 100
	maxFailures = 100
)

// ID is the workflow's: the same plan of an account has the same one.
func (a Application) ID() string { return idPrefix + a.Account + "/plan/" + a.Plan }

// Start returns the options to start [ApplyPlan] with, as [Renewal.Start] does.
func (a Application) Start(queue string) client.StartWorkflowOptions {
	return startOptions(a.ID(), queue)
}

// Check returns an [ovhrenew.InputError] if the application cannot be carried out.
func (a Application) Check() error {
	bad := func(field string, value any, why string) error {
		e := &ovhrenew.InputError{Call: "ApplyPlan", Field: "Application." + field, Why: why}
		if value != nil {
			e.Value = fmt.Sprint(value)
		}
		return e
	}
	switch {
	case a.Account == "":
		return bad("Account", nil, "is missing: it names the account")
	case a.Plan == "":
		return bad("Plan", nil, "is missing: it refers to the plan")
	case a.PayWith == "":
		return &ovhrenew.InputError{Call: "ApplyPlan", Field: "Application.PayWith", Why: "is missing: it says how to pay", Err: ovhrenew.ErrNoPayment}
	case a.GiveUp < 0:
		return bad("GiveUp", a.GiveUp, "is negative")
	}
	for i, total := range a.Total {
		if total.Currency() == "" || total.Sign() < 0 || inCurrency(a.Total[:i], total.Currency()) != (ovhrenew.Money{}) {
			return bad(fmt.Sprintf("Total[%d]", i), total, "is not one amount of its currency")
		}
	}
	for _, field := range []struct {
		name  string
		value int
	}{{"AtOnce", a.AtOnce}, {"StopAfter", a.StopAfter}, {"PerRun", a.PerRun}} {
		if field.value < 0 {
			return bad(field.name, field.value, "is negative")
		}
	}
	_, err := ovhrenew.ParsePayment(a.PayWith)
	return err
}

// defaults fills in what was left at zero.
func (a Application) defaults() Application {
	if a.AtOnce == 0 {
		a.AtOnce = defaultAtOnce
	}
	if a.PerRun == 0 {
		a.PerRun = defaultPerRun
	}
	if a.GiveUp == 0 {
		a.GiveUp = time.Hour
	}
	if a.Patience.Poll == 0 {
		a.Patience.Poll = time.Minute
	}
	return a
}

// renewal is the renewal of an item.
func (a Application) renewal(item portfolio.PlanItem, guards ovhrenew.Guards) (Renewal, error) {
	task := item.Task(guards)
	with, err := ovhrenew.ParsePayment(a.PayWith)
	if err != nil {
		return Renewal{}, err
	}
	task.PayWith, task.Patience, task.Approve = with, a.Patience, a.ApproveEach
	r := Renewal{Account: a.Account, Task: &task, GiveUp: a.GiveUp}
	return r, r.Check()
}

// inCurrency is the amount in a currency, the zero value if there is none.
func inCurrency(amounts []ovhrenew.Money, c ovhrenew.Currency) ovhrenew.Money {
	for _, m := range amounts {
		if m.Currency() == c {
			return m
		}
	}
	return ovhrenew.Money{}
}
