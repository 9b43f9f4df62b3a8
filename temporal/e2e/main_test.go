//go:build unix

package main

import (
	"errors"
	"os"
	"testing"

	"github.com/ovhrenew/ovhrenew/internal/harness"
	"github.com/ovhrenew/ovhrenew/internal/pgserver"
	"go.temporal.io/server/temporaltest"
)

// TestMain runs a worker in the processes that the test starts.
func TestMain(m *testing.M) {
	if os.Getenv(workerVariable) != "" {
		if err := work(); err != nil {
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// TestSmall is the small form: every renewal is paid once while workers are killed and
// suspended, and the naive control pays some twice.
func TestSmall(t *testing.T) {
	*renewals, *kills, *stops, *lost, *late = 60, 2, 2, 4, 3
	server := temporaltest.NewServer()
	for name, test := range map[string]struct {
		start starter
		naive bool
	}{"naive control": {startNaive, true}, "Temporal": {startPlans, false}} {
		r, err := renewAll(t.Context(), server, name, test.start)
		if errors.Is(err, pgserver.ErrMissing) {
			t.Skip(err)
		}
		if err != nil {
			t.Fatal(err)
		}
		t.Log("\n" + harness.Header + "\n" + r.Row())
		switch {
		case test.naive && r.Twice == 0:
			t.Error("the naive control has paid nothing twice: the harness proves nothing")
		case !test.naive && (r.Twice != 0 || r.Lost != 0 || r.Payments != *renewals):
			t.Errorf("%d paid twice, %d lost, %d payments of %d", r.Twice, r.Lost, r.Payments, *renewals)
		}
	}
}
