package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/ovhrenew/ovhrenew"
)

// Options is how a Journal holds its claims.
type Options struct {
	// Lease is how long claims hold after the last sign of life of their process. If
	// zero, it is 30 seconds. Signs are given three times as often.
	Lease time.Duration
	// NoSession keeps no connection open for the claims. It is for a pooler that shares
	// connections by the transaction, as PgBouncer can. A process that is suspended for
	// longer than its lease then loses its claims.
	NoSession bool
}

const (
	defaultLease = 30 * time.Second
	// callTimeout bounds what a context does not: an append whose context has no end, a
	// release.
	callTimeout = 30 * time.Second
)

// Journal is an [ovhrenew.Journal] in a database, for any number of accounts. It is safe
// for concurrent use. A process opens one and keeps it.
type Journal struct {
	pool    *pgxpool.Pool
	sharing ovhrenew.Sharing
	holder  *holder
}

// Open opens the journal of a database whose tables [Migrate] has created. The sharing
// is of every account that is used through the Journal. Close it at the end.
//
// The error is [ovhrenew.ErrBadInput] for what cannot be meant, else
// [ovhrenew.ErrJournal].
func Open(ctx context.Context, pool *pgxpool.Pool, sharing ovhrenew.Sharing, how Options) (*Journal, error) {
	const call = "Open"
	switch {
	case pool == nil:
		return nil, badInput(call, "pool", "", "is nil")
	case sharing != ovhrenew.OnlyJournal && sharing != ovhrenew.OneOfSeveral:
		return nil, badInput(call, "sharing", string(sharing),
			"does not say who shares the accounts: write OnlyJournal if every program that renews their services uses this database, else OneOfSeveral")
	case how.Lease < 0:
		return nil, badInput(call, "Options.Lease", how.Lease.String(), "is negative")
	case how.Lease == 0:
		how.Lease = defaultLease
	case how.Lease < time.Second:
		return nil, badInput(call, "Options.Lease", how.Lease.String(), "is less than a second")
	}
	if err := checkVersion(ctx, call, pool); err != nil {
		return nil, err
	}
	h, err := newHolder(ctx, pool, how)
	if err != nil {
		return nil, failed(ctx, call, err)
	}
	return &Journal{pool: pool, sharing: sharing, holder: h}, nil
}

// Close releases every claim and ends the session. The pool stays open.
func (j *Journal) Close() error { return j.holder.close() }

// Sharing returns who shares the accounts, as the journal was opened with.
func (j *Journal) Sharing() ovhrenew.Sharing { return j.sharing }

// Orders returns what is known of the orders placed since a time, by their dates. The
// error is [ovhrenew.ErrJournal].
func (j *Journal) Orders(ctx context.Context, account string, since time.Time) ([]ovhrenew.OrderFact, error) {
	const call = "Orders"
	if err := checkAccount(call, account); err != nil {
		return nil, err
	}
	rows, err := j.pool.Query(ctx, `select order_id, dated, services, fact::text from ovhrenew_order
		where account = $1 and dated >= $2 order by dated, order_id`, text(account), since)
	if err != nil {
		return nil, failed(ctx, call, err)
	}
	facts, err := pgx.CollectRows(rows, readFact)
	if err != nil {
		return nil, failed(ctx, call, err)
	}
	// The database rounds to microseconds.
	return slices.DeleteFunc(facts, func(f ovhrenew.OrderFact) bool { return f.Date.Before(since) }), nil
}

func readFact(row pgx.CollectableRow) (fact ovhrenew.OrderFact, err error) {
	var (
		order    ovhrenew.OrderID
		dated    time.Time
		services []ovhrenew.ServiceID
		body     *string
	)
	if err := row.Scan(&order, &dated, &services, &body); err != nil {
		return fact, err
	}
	if body != nil {
		if err := json.Unmarshal([]byte(*body), &fact); err != nil {
			return fact, fmt.Errorf("order %d: %w", order, err)
		}
	} else {
		fact.Date = dated.UTC()
	}
	fact.Order, fact.Services = order, services
	return fact, nil
}

// Remember keeps facts about orders of others. The error is [ovhrenew.ErrBadInput] for
// one without an order or a date, of which none is kept, else [ovhrenew.ErrJournal].
func (j *Journal) Remember(ctx context.Context, account string, facts ...ovhrenew.OrderFact) error {
	const call = "Remember"
	if err := checkAccount(call, account); err != nil {
		return err
	}
	batch := &pgx.Batch{}
	for i, fact := range facts {
		field := fmt.Sprintf("facts[%d]", i)
		switch {
		case fact.Order <= 0:
			return badInput(call, field+".Order", fmt.Sprint(fact.Order), "is no order")
		case fact.Date.IsZero():
			return badInput(call, field+".Date", "", "is not set")
		}
		fact.Services = nil // which only states can say
		body, err := json.Marshal(fact)
		if err != nil {
			return failed(ctx, call, err)
		}
		batch.Queue(`insert into ovhrenew_order (account, order_id, dated, fact) values ($1, $2, $3, $4::json)
			on conflict (account, order_id) do update set dated = excluded.dated, fact = excluded.fact`,
			text(account), fact.Order, fact.Date, string(body))
	}
	if len(facts) == 0 {
		return nil
	}
	// Two processes that remember the same orders take them in the same order.
	slices.SortStableFunc(batch.QueuedQueries, func(a, b *pgx.QueuedQuery) int {
		return int(min(max(a.Arguments[1].(ovhrenew.OrderID)-b.Arguments[1].(ovhrenew.OrderID), -1), 1))
	})
	return failed(ctx, call, j.pool.SendBatch(ctx, batch).Close())
}

// receiptsAtOnce is how many receipts are read before they are handed out.
const receiptsAtOnce = 500

// Receipts streams the renewals verified since a time, oldest first. It keeps no
// connection while it hands them out. An error, which is [ovhrenew.ErrJournal], ends it.
func (j *Journal) Receipts(ctx context.Context, account string, since time.Time) iter.Seq2[ovhrenew.Receipt, error] {
	const call = "Receipts"
	return func(yield func(ovhrenew.Receipt, error) bool) {
		if err := checkAccount(call, account); err != nil {
			yield(ovhrenew.Receipt{}, err)
			return
		}
		type row struct {
			at     time.Time
			change int64
			ended
		}
		after := row{at: since.Truncate(time.Microsecond), change: -1}
		for {
			rows, err := j.pool.Query(ctx, `select verified, change, receipt::text from ovhrenew_receipt
				where account = $1 and (verified, change) > ($2, $3)
				order by verified, change limit $4`, text(account), after.at, after.change, receiptsAtOnce)
			if err != nil {
				yield(ovhrenew.Receipt{}, failed(ctx, call, err))
				return
			}
			page, err := pgx.CollectRows(rows, func(from pgx.CollectableRow) (r row, err error) {
				var body string
				if err = from.Scan(&r.at, &r.change, &body); err == nil {
					err = json.Unmarshal([]byte(body), &r.ended)
				}
				return r, err
			})
			if err != nil {
				yield(ovhrenew.Receipt{}, failed(ctx, call, err))
				return
			}
			for _, after = range page {
				if !after.Ended.Before(since) && !yield(after.Receipt, nil) {
					return
				}
			}
			if len(page) < receiptsAtOnce {
				return
			}
		}
	}
}

// text is a string as a text of the database can hold it: it has no place for the
// character 0, nor for what is no UTF-8. Names as they are stay as they are.
func text(s string) string {
	return escapes.Replace(strings.ToValidUTF8(s, "\uFFFD"))
}

var escapes = strings.NewReplacer(`\`, `\\`, "\x00", `\0`)

func checkAccount(call, account string) error {
	switch {
	case account == "":
		return badInput(call, "account", "", "has no name")
	case !utf8.ValidString(account): // two such could look the same
		return badInput(call, "account", account, "is not UTF-8")
	}
	return nil
}

func badInput(call, field, value, why string) error {
	return &ovhrenew.InputError{Call: call, Field: field, Value: value, Why: why}
}

// failed makes every failure an ErrJournal, with the cause where the context ended.
func failed(ctx context.Context, call string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, ovhrenew.ErrJournal), errors.Is(err, ovhrenew.ErrBusy), errors.Is(err, ovhrenew.ErrBadInput):
		return err
	case ctx.Err() != nil:
		return fmt.Errorf("%w: %s: %w", ovhrenew.ErrJournal, call, context.Cause(ctx))
	}
	return fmt.Errorf("%w: %s: %w", ovhrenew.ErrJournal, call, err)
}

// holder is what a Journal is for the others that share the database.
type holder struct {
	pool  *pgxpool.Pool
	lease time.Duration
	id    int64
	host  string
	lock  *int64 // the key of the session's lock; nil without a session
	stop  context.CancelFunc
	ended chan struct{}

	session *pgx.Conn // used by one goroutine

	mu     sync.Mutex
	claims map[int64]bool  // those that hold
	let    map[int64]int64 // those whose rows are to be removed, and the transaction that may yet make them
	closed bool
}
