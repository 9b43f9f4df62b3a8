package temporal

import (
	"context"
	"errors"

	"go.temporal.io/sdk/temporal"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// Failure is an error of the core as it goes through Temporal: the detail of an
// application error whose type is the reaction.
type Failure struct {
	Reaction ovhrenew.Reaction `json:"reaction"`
	Step     ovhrenew.Step     `json:"step,omitempty"`
	Order    ovhrenew.OrderID  `json:"order,omitempty"`
	Paid     ovhrenew.Paid     `json:"paid"`
	Why      string            `json:"why"`
}

// FailureOf returns the failure in an error of an activity or a workflow.
func FailureOf(err error) (f Failure, ok bool) {
	app, found := errors.AsType[*temporal.ApplicationError](err)
	if !found || !app.HasDetails() || app.Details(&f) != nil {
		return Failure{}, false
	}
	return f, f.Reaction != ""
}

// failed makes an error of the core one of an activity. What is to be tried again at once
// is left to Temporal; the end of the activity's context is, too.
func failed(ctx context.Context, err error) error {
	if err == nil || ctx.Err() != nil {
		return err
	}
	f := Failure{Reaction: ovhrenew.ReactionTo(err), Paid: ovhrenew.PaidNo, Why: err.Error()}
	if step, ok := errors.AsType[*ovhrenew.StepError](err); ok {
		f.Step, f.Order, f.Paid = step.Step, step.Order, step.Paid
	}
	return f.err(f.Reaction != ovhrenew.ReactAgain)
}

// err is the failure as an application error.
func (f Failure) err(final bool) error {
	return temporal.NewApplicationErrorWithOptions(f.Why, string(f.Reaction), temporal.ApplicationErrorOptions{NonRetryable: final, Details: []any{f}})
}

// outcome is what a failure means for an item of a plan.
func (f Failure) outcome() portfolio.Outcome {
	switch {
	case f.Paid == ovhrenew.PaidYes:
		return portfolio.OutcomePaid
	case f.Paid == ovhrenew.PaidUnsure:
		return portfolio.OutcomeUnsure
	case f.Order != 0:
		return portfolio.OutcomeOrdered
	}
	return portfolio.OutcomeRefused
}
