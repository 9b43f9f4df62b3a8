package temporal

import (
	"errors"

	sdk "go.temporal.io/sdk/temporal"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// Failure is an error of the library as it goes through Temporal: what was known of it
// where it happened. It is the detail of an ApplicationError whose type is the Reaction.
// [FailureOf] finds it.
type Failure struct {
	// Reaction is what to do about it.
	Reaction ovhrenew.Reaction `json:"reaction"`
	// Outcome is what became of the renewal, and Spent what was paid, or may have been.
	Outcome portfolio.Outcome `json:"outcome"`
	Spent   ovhrenew.Money    `json:"spent,omitzero"`
	// Phase is how far the renewal is. Order is its order, or the one in its way.
	Phase ovhrenew.Phase   `json:"phase,omitempty"`
	Order ovhrenew.OrderID `json:"order,omitempty"`
	Step  ovhrenew.Step    `json:"step,omitempty"`
	Paid  ovhrenew.Paid    `json:"paid,omitempty"`
	// Changed says that the account is no longer what the task was made from.
	Changed bool `json:"changed,omitempty"`
	// Receipt is that of a renewal whose expiry has moved to an unexpected day.
	Receipt *ovhrenew.Receipt `json:"receipt,omitempty"`
	Why     string            `json:"why"`
}

// failure classifies an error where it happened.
func failure(task ovhrenew.Task, err error) Failure {
	report := portfolio.PlanItem{Limit: task.Limit}.Report(task, err)
	f := Failure{
		Reaction: ovhrenew.ReactionTo(err), Outcome: report.Outcome, Spent: report.Spent, Phase: task.Phase, Order: report.Order,
		Changed: report.Changed(), Receipt: task.Receipt, Why: err.Error(),
	}
	if failed, ok := errors.AsType[*ovhrenew.StepError](err); ok {
		f.Step, f.Paid = failed.Step, failed.Paid
	}
	return f
}

// refused is the failure of an input or a step before anything could be sent.
func refused(err error) Failure {
	return Failure{Reaction: ovhrenew.ReactionTo(err), Outcome: portfolio.OutcomeRefused, Paid: ovhrenew.PaidNo, Why: err.Error()}
}

// Err returns the failure as the error that Temporal carries. It is final: the activity
// that says it is not tried again.
func (f Failure) Err() error {
	return sdk.NewApplicationErrorWithOptions(f.Why, string(f.Reaction), sdk.ApplicationErrorOptions{NonRetryable: true, Details: []any{f}})
}

// FailureOf returns the failure that an error of [Renew] or its activities carries, wrapped
// or not.
func FailureOf(err error) (Failure, bool) {
	for {
		app, ok := errors.AsType[*sdk.ApplicationError](err)
		if !ok {
			return Failure{}, false
		}
		if f, ok := detail(app); ok {
			return f, true
		}
		err = app.Unwrap()
	}
}

// detail is the failure in an error's details. Of an error that has not travelled yet they
// have any type, and reading them as another panics.
func detail(app *sdk.ApplicationError) (f Failure, ok bool) {
	defer func() {
		if recover() != nil {
			f, ok = Failure{}, false
		}
	}()
	ok = app.HasDetails() && app.Details(&f) == nil && f.Reaction != "" && string(f.Reaction) == app.Type()
	return f, ok
}
