package postgres

import (
	"context"
	"embed"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"github.com/ovhrenew/ovhrenew"
)

//go:embed migrations/*.sql
var migrations embed.FS

// versionTable has the versions that were applied.
const versionTable = "ovhrenew_version"

// Migrate creates the tables, or brings them up to date. It uses the first schema of the
// pool's search_path. Any number of processes can call it at once, and again.
func Migrate(ctx context.Context, pool *pgxpool.Pool) error {
	p, done, err := provider(pool)
	if err != nil {
		return err
	}
	defer done()
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("%w: Migrate: %w", ovhrenew.ErrJournal, err)
	}
	return nil
}

// provider returns goose on the pool, and what lets go of it.
func provider(pool *pgxpool.Pool) (*goose.Provider, func() error, error) {
	if pool == nil {
		return nil, nil, &ovhrenew.InputError{Call: "Migrate", Field: "pool", Why: "is nil"}
	}
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, nil, err
	}
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return nil, nil, err
	}
	db := stdlib.OpenDBFromPool(pool)
	p, err := goose.NewProvider(goose.DialectPostgres, db, files,
		goose.WithTableName(versionTable), goose.WithSessionLocker(locker), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return nil, nil, fmt.Errorf("%w: Migrate: %w", ovhrenew.ErrJournal, err)
	}
	return p, db.Close, nil
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
		if err := pool.QueryRow(ctx, "select coalesce(max(version_id), 0) from "+versionTable+" where is_applied").Scan(&is); err != nil {
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
