package postgres

import (
	"context"
	"embed"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/tern/v2/migrate"

	"github.com/ovhrenew/ovhrenew"
)

//go:embed migrations/*.sql
var migrations embed.FS

// versionTable has the version of the tables.
const versionTable = "ovhrenew_version"

// Migrate creates the tables, or brings them up to date. It uses the first schema of the
// pool's search_path. Any number of processes can call it at once, and again.
func Migrate(ctx context.Context, pool *pgxpool.Pool) error {
	const call = "Migrate"
	if pool == nil {
		return badInput(call, "pool", "", "is nil")
	}
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return failed(ctx, call, err)
	}
	defer conn.Release()
	m, err := migrate.NewMigrator(ctx, conn.Conn(), versionTable)
	if err != nil {
		return failed(ctx, call, err)
	}
	if err := m.LoadMigrations(files); err != nil {
		return failed(ctx, call, err)
	}
	return failed(ctx, call, m.Migrate(ctx))
}

// checkVersion refuses tables that are not those of this package.
func checkVersion(ctx context.Context, call string, pool *pgxpool.Pool) error {
	entries, err := migrations.ReadDir("migrations")
	if err != nil {
		return err
	}
	var exists bool
	var is int
	if err := pool.QueryRow(ctx, "select to_regclass($1) is not null", versionTable).Scan(&exists); err != nil {
		return failed(ctx, call, err)
	}
	if exists {
		if err := pool.QueryRow(ctx, "select version from "+versionTable).Scan(&is); err != nil {
			return failed(ctx, call, err)
		}
	}
	switch {
	case is < len(entries):
		return fmt.Errorf("%w: %s: the database has version %d of the tables, and %d is needed: call Migrate", ovhrenew.ErrJournal, call, is, len(entries))
	case is > len(entries):
		return fmt.Errorf("%w: %s: the database has version %d of the tables, and this program knows %d: it is too old", ovhrenew.ErrJournal, call, is, len(entries))
	}
	return nil
}
