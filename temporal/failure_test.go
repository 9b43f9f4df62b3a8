package temporal_test

import (
	"errors"
	"fmt"
	"testing"

	sdk "go.temporal.io/sdk/temporal"

	"github.com/google/go-cmp/cmp"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/portfolio"
	"github.com/ovhrenew/ovhrenew/temporal"
)

// A failure survives Temporal's own form of an error, and is final.
func TestFailureTravels(t *testing.T) {
	t.Parallel()
	want := temporal.Failure{
		Reaction: ovhrenew.ReactOrderAnew, Outcome: portfolio.OutcomeUnsure, Spent: ovhrenew.MustMoney("21.56 EUR"), Phase: ovhrenew.PhasePaying,
		Order: 123456789, Step: ovhrenew.StepPay, Paid: ovhrenew.PaidUnsure, Changed: true, Why: "pay: …", Receipt: &ovhrenew.Receipt{Period: "P3M", Order: 5},
	}
	convert := sdk.GetDefaultFailureConverter()
	travelled := convert.FailureToError(convert.ErrorToFailure(fmt.Errorf("in a child: %w", want.Err())))
	got, ok := temporal.FailureOf(travelled)
	if diff := cmp.Diff(fmt.Sprintf("%+v", want.Receipt), fmt.Sprintf("%+v", got.Receipt)); !ok || diff != "" {
		t.Fatalf("%v (-want +got):\n%s", travelled, diff)
	}
	got.Receipt, want.Receipt = nil, nil
	if got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	app, ok := errors.AsType[*sdk.ApplicationError](convert.FailureToError(convert.ErrorToFailure(want.Err())))
	if !ok || !app.NonRetryable() || app.Type() != string(want.Reaction) {
		t.Errorf("%v would be tried again", travelled)
	}
	for _, err := range []error{
		nil, errors.New("x"), sdk.NewApplicationError("x", "again"), sdk.NewApplicationError("x", "again", "text"),
		sdk.NewApplicationError("x", "other", want), sdk.NewCanceledError(want),
	} {
		if f, ok := temporal.FailureOf(err); ok {
			t.Errorf("%v carries %+v", err, f)
		}
	}
}
