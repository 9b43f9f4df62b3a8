//go:build unix

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/ovhrenew/ovhrenew/internal/harness"
	"github.com/ovhrenew/ovhrenew/internal/harness/pgserver"
)

var (
	renewals  = flag.Int("renewals", 120, "how many TestRiver renews")
	troubles  = flag.Int("troubles", 3, "how many workers TestRiver kills, and how many it suspends")
	every     = flag.Duration("every", 700*time.Millisecond, "how often there is trouble")
	suspended = flag.Duration("suspended", 4*time.Second, "how long a worker is suspended")
)

// TestMain runs the program itself in the worker processes that TestRiver starts.
func TestMain(m *testing.M) {
	if os.Getenv("RIVER_EXAMPLE") != "" {
		main()
		return
	}
	flag.Parse()
	os.Exit(m.Run())
}

func program(w *harness.World, args ...string) *exec.Cmd {
	c := exec.Command(os.Args[0], args...)
	c.Env = append(append(os.Environ(), "RIVER_EXAMPLE=1"), w.Environment(0)...)
	c.Stderr = os.Stderr
	return c
}

// TestRiver renews with worker processes of which some are killed and some are suspended
// for longer than their lease, against an API that loses answers and charges twice.
func TestRiver(t *testing.T) {
	w, err := harness.New(t.Context(), harness.Config{Renewals: *renewals, Lost: 12 * *renewals / 500, Late: 11 * *renewals / 500, Seed: 1})
	if errors.Is(err, pgserver.ErrMissing) && os.Getenv("CI") == "" {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	plan, err := w.PlanFile(0)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time does no harm
		if err := program(w, "-plan", plan, "-settle", "8s").Run(); err != nil {
			t.Fatal(err)
		}
	}
	fleet, err := harness.Start(4, func(int) *exec.Cmd {
		return program(w, "-pace", "100000", "-jobs", "5", "-gather", "1s", "-longest", "15s", "-lease", "2s", "-session=false")
	})
	if err != nil {
		t.Fatal(err)
	}
	defer fleet.Stop()
	fleet.Suffer(harness.Trouble{Every: *every, Kills: *troubles, Stops: *troubles, Suspend: *suspended, Seed: 1})
	ctx, cancel := context.WithTimeout(t.Context(), 9*time.Minute)
	defer cancel()
	took, err := harness.Until(ctx, func() bool { return w.Renewed() == *renewals })
	if err != nil {
		t.Errorf("not all was renewed: %v", err)
	}
	fleet.Stop()
	result := w.Count("River", fleet, took)
	fmt.Println(harness.Header)
	fmt.Println(result.Row())
	t.Log("\n" + result.ByRoute())
	if result.Twice != 0 || result.Lost != 0 || result.Payments != *renewals {
		t.Errorf("%d services were paid twice, %d were lost, %d payments of %d", result.Twice, result.Lost, result.Payments, *renewals)
	}
}
