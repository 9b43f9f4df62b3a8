package main

import (
	"os"
	"testing"
	"time"
)

// The test's binary is its own worker.
func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == "worker" {
		exitOn(work(os.Args[2]))
		return
	}
	os.Exit(m.Run())
}

// The small form: every renewal is paid once, whatever is killed, suspended or lost, and the
// control pays twice.
func TestSmall(t *testing.T) {
	for _, store := range []string{"auto", "files"} {
		t.Run(store, func(t *testing.T) {
			s := scenario{
				name: "Temporal", renewals: 60, accounts: 1, workers: 3, kills: 2, stops: 2, every: 2 * time.Second, suspend: 5 * time.Second,
				faults: 16, settle: 8 * time.Second, lease: 3 * time.Second, noSession: true, delivery: 400 * time.Millisecond, again: true, seed: 1, limit: 4 * time.Minute,
			}
			if err := run(t.Context(), s, store == "auto", store); err != nil {
				t.Error(err)
			}
		})
	}
}
