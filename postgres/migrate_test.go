package postgres_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/postgres"
)

func migrate(t testing.TB, pool *pgxpool.Pool) {
	t.Helper()
	if err := postgres.Migrate(t.Context(), pool); err != nil {
		t.Fatal(err)
	}
}

func TestMigrate(t *testing.T) {
	t.Parallel()
	pool := empty(t)
	if _, err := postgres.Open(t.Context(), pool, ovhrenew.OnlyJournal, postgres.Options{}); !errors.Is(err, ovhrenew.ErrJournal) || !strings.Contains(err.Error(), "call Migrate") {
		t.Errorf("Open without tables = %v, want it to say what to do", err)
	}
	var wg sync.WaitGroup
	for range 3 { // processes that start together
		wg.Go(func() {
			if err := postgres.Migrate(t.Context(), pool); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	open(t, pool, postgres.Options{})
	exec(t, pool, "update ovhrenew_version set version = 99")
	if _, err := postgres.Open(t.Context(), pool, ovhrenew.OnlyJournal, postgres.Options{}); !errors.Is(err, ovhrenew.ErrJournal) || !strings.Contains(err.Error(), "version 99") {
		t.Errorf("Open with the tables of a later program = %v, want it refused", err)
	}
}

func TestBadInput(t *testing.T) {
	t.Parallel()
	pool := database(t)
	for name, call := range map[string]func() error{
		"Migrate: pool": func() error { return postgres.Migrate(t.Context(), nil) },
		"Open: pool": func() error {
			_, err := postgres.Open(t.Context(), nil, ovhrenew.OnlyJournal, postgres.Options{})
			return err
		},
		"Open: sharing": func() error {
			_, err := postgres.Open(t.Context(), pool, "", postgres.Options{})
			return err
		},
		"Open: Options.Lease": func() error {
			_, err := postgres.Open(t.Context(), pool, ovhrenew.OnlyJournal, postgres.Options{Lease: -1})
			return err
		},
		`Open: Options.Lease "10ms"`: func() error {
			_, err := postgres.Open(t.Context(), pool, ovhrenew.OnlyJournal, postgres.Options{Lease: 10 * time.Millisecond})
			return err
		},
		"NewLimiter: pool":      func() error { _, err := postgres.NewLimiter(nil, "k", 60, 1); return err },
		"NewLimiter: key":       func() error { _, err := postgres.NewLimiter(pool, "", 60, 1); return err },
		"NewLimiter: perMinute": func() error { _, err := postgres.NewLimiter(pool, "k", 0, 1); return err },
		"NewLimiter: burst":     func() error { _, err := postgres.NewLimiter(pool, "k", 60, -1); return err },
	} {
		if err := call(); !errors.Is(err, ovhrenew.ErrBadInput) || !strings.HasPrefix(err.Error(), name) {
			t.Errorf("%s: %v, want %v that begins with the name", name, err, ovhrenew.ErrBadInput)
		}
	}
}
