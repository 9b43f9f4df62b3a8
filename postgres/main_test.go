// What the tests of the package share: a Postgres of their own.

package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/ovhrenew/ovhrenew/internal/harness/pgserver"
	"github.com/ovhrenew/ovhrenew/postgres"
)

// server is the Postgres of all tests; empty if there is none.
var server string

func TestMain(m *testing.M) {
	s, err := pgserver.Start(context.Background())
	if err != nil && !errors.Is(err, pgserver.ErrMissing) {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	if s != nil {
		server = s.URL()
	}
	code := m.Run()
	if s != nil {
		_ = s.Stop()
	}
	os.Exit(code)
}

var schemas atomic.Int64

// empty returns a pool on a new schema without tables.
func empty(t testing.TB) *pgxpool.Pool {
	t.Helper()
	return connect(t, schema(t))
}

// schema returns how to connect to a new schema.
func schema(t testing.TB) string {
	t.Helper()
	if server == "" {
		if os.Getenv("CI") != "" {
			t.Fatal(pgserver.ErrMissing)
		}
		t.Skip(pgserver.ErrMissing)
	}
	name := fmt.Sprintf("test%d", schemas.Add(1))
	admin := connect(t, server)
	if _, err := admin.Exec(t.Context(), "create schema "+name); err != nil {
		t.Fatal(err)
	}
	return server + "&search_path=" + name
}

func connect(t testing.TB, url string) *pgxpool.Pool {
	t.Helper()
	pool, err := pgxpool.New(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pool
}

// database returns a pool on a new database with the tables.
func database(t testing.TB) *pgxpool.Pool {
	t.Helper()
	pool := empty(t)
	if err := postgres.Migrate(t.Context(), pool); err != nil {
		t.Fatal(err)
	}
	return pool
}
