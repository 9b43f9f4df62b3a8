package ovhrenew_test

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"strings"
	"testing"

	"github.com/ovhrenew/ovhrenew"
)

// reactionsWanted has every sentinel of the package: that none is missing is checked
// against the source.
var reactionsWanted = map[string]struct {
	err error
	to  ovhrenew.Reaction
}{
	"ErrAmbiguous": {ovhrenew.ErrAmbiguous, ovhrenew.ReactPerson}, "ErrAutoRenew": {ovhrenew.ErrAutoRenew, ovhrenew.ReactPerson},
	"ErrAutoRenewFailed": {ovhrenew.ErrAutoRenewFailed, ovhrenew.ReactPerson},
	"ErrBadInput":        {ovhrenew.ErrBadInput, ovhrenew.ReactNever},
	"ErrBusy":            {ovhrenew.ErrBusy, ovhrenew.ReactLater}, "ErrCancelled": {ovhrenew.ErrCancelled, ovhrenew.ReactPerson},
	"ErrCannotPay": {ovhrenew.ErrCannotPay, ovhrenew.ReactPerson}, "ErrCurrency": {ovhrenew.ErrCurrency, ovhrenew.ReactPerson},
	"ErrCredential": {ovhrenew.ErrCredential, ovhrenew.ReactPerson}, "ErrDenied": {ovhrenew.ErrDenied, ovhrenew.ReactPerson}, "ErrExpiryMoved": {ovhrenew.ErrExpiryMoved, ovhrenew.ReactOrderAnew},
	"ErrForeignOrder": {ovhrenew.ErrForeignOrder, ovhrenew.ReactLater}, "ErrHeld": {ovhrenew.ErrHeld, ovhrenew.ReactLater}, "ErrJournal": {ovhrenew.ErrJournal, ovhrenew.ReactLater},
	"ErrLapsed": {ovhrenew.ErrLapsed, ovhrenew.ReactOrderAnew}, "ErrMalformed": {ovhrenew.ErrMalformed, ovhrenew.ReactAgain},
	"ErrMismatch": {ovhrenew.ErrMismatch, ovhrenew.ReactPerson}, "ErrNeedsHuman": {ovhrenew.ErrNeedsHuman, ovhrenew.ReactPerson},
	"ErrNoEffect": {ovhrenew.ErrNoEffect, ovhrenew.ReactAgain}, "ErrNoLimit": {ovhrenew.ErrNoLimit, ovhrenew.ReactNever},
	"ErrNoPayment": {ovhrenew.ErrNoPayment, ovhrenew.ReactPerson}, "ErrNoStrategy": {ovhrenew.ErrNoStrategy, ovhrenew.ReactPerson},
	"ErrNotDue": {ovhrenew.ErrNotDue, ovhrenew.ReactLater}, "ErrNotFound": {ovhrenew.ErrNotFound, ovhrenew.ReactNever},
	"ErrNotSent": {ovhrenew.ErrNotSent, ovhrenew.ReactAgain}, "ErrOverLimit": {ovhrenew.ErrOverLimit, ovhrenew.ReactPerson},
	"ErrPending": {ovhrenew.ErrPending, ovhrenew.ReactLater}, "ErrPriceChanged": {ovhrenew.ErrPriceChanged, ovhrenew.ReactOrderAnew},
	"ErrRange": {ovhrenew.ErrRange, ovhrenew.ReactNever}, "ErrRateLimited": {ovhrenew.ErrRateLimited, ovhrenew.ReactAgain}, "ErrRejected": {ovhrenew.ErrRejected, ovhrenew.ReactNever},
	"ErrServer": {ovhrenew.ErrServer, ovhrenew.ReactAgain},
	"ErrState":  {ovhrenew.ErrState, ovhrenew.ReactPerson}, "ErrUndecided": {ovhrenew.ErrUndecided, ovhrenew.ReactLater},
	"ErrUnderWay": {ovhrenew.ErrUnderWay, ovhrenew.ReactLater}, "ErrUnread": {ovhrenew.ErrUnread, ovhrenew.ReactAgain},
	"ErrUnsure": {ovhrenew.ErrUnsure, ovhrenew.ReactLater}, "ErrUnsupported": {ovhrenew.ErrUnsupported, ovhrenew.ReactNever},
}

func TestReactionTo(t *testing.T) {
	t.Parallel()
	for name, want := range reactionsWanted {
		wrapped := &ovhrenew.StepError{Step: ovhrenew.StepPay, Paid: ovhrenew.PaidNo, Err: fmt.Errorf("at night: %w", want.err)}
		for _, err := range []error{want.err, wrapped} {
			if got := ovhrenew.ReactionTo(err); got != want.to {
				t.Errorf("ReactionTo(%s) = %q, want %q", name, got, want.to)
			}
		}
	}
	if got := ovhrenew.ReactionTo(nil); got != "" {
		t.Errorf("ReactionTo(nil) = %q, want nothing", got)
	}
	for _, err := range []error{context.Canceled, errors.New("of somebody else's")} {
		if got := ovhrenew.ReactionTo(err); got != ovhrenew.ReactAgain {
			t.Errorf("ReactionTo(%v) = %q, want %q", err, got, ovhrenew.ReactAgain)
		}
	}
	// What is not known of the money comes before what else is known.
	unsure := &ovhrenew.StepError{Step: ovhrenew.StepPay, Paid: ovhrenew.PaidUnsure, Err: ovhrenew.ErrServer}
	if got := ovhrenew.ReactionTo(unsure); got != ovhrenew.ReactLater {
		t.Errorf("ReactionTo(%v) = %q, want %q", unsure, got, ovhrenew.ReactLater)
	}
	human := &ovhrenew.StepError{Step: ovhrenew.StepWatch, Paid: ovhrenew.PaidUnsure, Err: ovhrenew.ErrNeedsHuman}
	if got := ovhrenew.ReactionTo(human); got != ovhrenew.ReactPerson {
		t.Errorf("ReactionTo(%v) = %q, want %q", human, got, ovhrenew.ReactPerson)
	}
}

// Every sentinel of the package is in the table, or in the one of what is another
// sentinel too.
func TestReactionToEverySentinel(t *testing.T) {
	t.Parallel()
	sentinels := 0
	for _, name := range sentinelsOf(t) {
		sentinels++
		if _, ok := reactionsWanted[name]; !ok && !isAnother[name] {
			t.Errorf("no reaction to %s is tested", name)
		}
	}
	if sentinels < len(reactionsWanted) {
		t.Errorf("%d sentinels found, want %d at least", sentinels, len(reactionsWanted))
	}
}

// isAnother are sentinels that are a more general one too, in the API's own answers.
var isAnother = map[string]bool{
	"ErrExpired": true, "ErrIAM": true, "ErrNotGranted": true,
}

// sentinelsOf are the package's constants that begin with Err.
func sentinelsOf(t *testing.T) []string {
	t.Helper()
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, entry := range entries {
		if !strings.HasSuffix(entry.Name(), ".go") || strings.HasSuffix(entry.Name(), "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), entry.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range file.Decls {
			vars, ok := decl.(*ast.GenDecl)
			if !ok || vars.Tok != token.CONST {
				continue
			}
			for _, spec := range vars.Specs {
				for _, name := range spec.(*ast.ValueSpec).Names {
					if strings.HasPrefix(name.Name, "Err") {
						names = append(names, name.Name)
					}
				}
			}
		}
	}
	return names
}
