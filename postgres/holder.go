package postgres

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/ovhrenew/ovhrenew"
)

// newHolder registers this process, and keeps giving signs of life until it is closed.
func newHolder(ctx context.Context, pool *pgxpool.Pool, how Options) (*holder, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	h := &holder{pool: pool, lease: how.Lease, claims: map[int64]bool{}, let: map[int64]int64{}, ended: make(chan struct{})}
	h.host, _ = os.Hostname()
	if !how.NoSession {
		h.lock = new(randomKey())
		if err := h.connect(ctx); err != nil {
			return nil, err
		}
	}
	err := pool.QueryRow(ctx, `with over as (
			delete from ovhrenew_holder h where until < clock_timestamp() - interval '1 day' and not `+alive+`
			and not exists (select from ovhrenew_claim c where c.holder = h.holder))
		insert into ovhrenew_holder (host, process, until, lock) values ($1, $2, clock_timestamp() + $3, $4) returning holder`,
		text(h.who()), process(), h.lease, h.lock).Scan(&h.id)
	if err != nil {
		h.disconnect()
		return nil, err
	}
	live, stop := context.WithCancel(context.WithoutCancel(ctx))
	h.stop = stop
	go h.live(live)
	return h, nil
}

// alive is the condition that the holder h shows a sign of life.
const alive = `(h.until > clock_timestamp() or exists (
	select from pg_locks l where l.locktype = 'advisory' and l.granted and l.objsubid = 1
	and l.database = (select oid from pg_database where datname = current_database())
	and l.classid = (h.lock >> 32 & 4294967295)::oid and l.objid = (h.lock & 4294967295)::oid))`

// randomKey returns a key for an advisory lock, which a database has 2^64 of.
func randomKey() int64 {
	var key [8]byte
	_, _ = rand.Read(key[:]) // it never fails
	return int64(binary.NativeEndian.Uint64(key[:]))
}

func (h *holder) who() string { return fmt.Sprintf("%s, process %d", h.host, os.Getpid()) }

// connect opens the session and takes its lock. Where the connection breaks without a
// word, both sides notice within about a lease.
func (h *holder) connect(ctx context.Context) error {
	config := h.pool.Config().ConnConfig.Copy()
	seconds := strconv.Itoa(max(int(h.lease/(3*time.Second)), 1))
	config.RuntimeParams["tcp_keepalives_idle"] = seconds
	config.RuntimeParams["tcp_keepalives_interval"] = seconds
	config.RuntimeParams["tcp_keepalives_count"] = "3"
	config.RuntimeParams["idle_session_timeout"] = "0"
	session, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return err
	}
	var locked bool
	err = session.QueryRow(ctx, "select pg_try_advisory_lock($1)", *h.lock).Scan(&locked)
	if err == nil && !locked { // by the session before, whose end the server has not noticed
		err = errors.New("the lock of the former session is still held")
	}
	if err != nil {
		_ = session.Close(ctx)
		return err
	}
	h.session = session
	return nil
}

func (h *holder) disconnect() {
	if h.session == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), callTimeout)
	defer cancel()
	_ = h.session.Close(ctx)
	h.session = nil
}

// live gives signs of life. What fails is tried again: whether a claim still holds is
// decided by its rows alone.
func (h *holder) live(ctx context.Context) {
	defer close(h.ended)
	tick := time.NewTicker(h.lease / 3)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		bounded, cancel := context.WithTimeout(ctx, h.lease)
		h.sign(bounded)
		_ = h.forget(bounded)
		cancel()
	}
}

// sign renews the lease and looks after the session.
func (h *holder) sign(ctx context.Context) {
	_, _ = h.pool.Exec(ctx, `insert into ovhrenew_holder (holder, host, process, until, lock) overriding system value
		values ($1, $2, $3, clock_timestamp() + $4, $5)
		on conflict (holder) do update set until = excluded.until`,
		h.id, text(h.who()), process(), h.lease, h.lock)
	if h.lock == nil {
		return
	}
	if h.session != nil && h.session.Ping(ctx) != nil {
		h.disconnect()
	}
	if h.session == nil {
		_ = h.connect(ctx)
	}
}

// hold notes a claim as one that holds.
func (h *holder) hold(claim int64) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return fmt.Errorf("%w: it was closed", ovhrenew.ErrJournal)
	}
	h.claims[claim] = true
	return nil
}

// holds reports whether a claim has neither been released nor failed to be made.
func (h *holder) holds(claim int64) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.claims[claim]
}

// letGo removes the rows of a claim. If that fails, it is tried again; and as long as the
// transaction that makes them may be committed, as a commit can whose answer was lost.
func (h *holder) letGo(claim, made int64) error {
	h.mu.Lock()
	delete(h.claims, claim)
	h.let[claim] = made
	h.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), callTimeout)
	defer cancel()
	return failed(ctx, "Release", h.forget(ctx))
}

// forget removes the rows of the claims that were let go.
func (h *holder) forget(ctx context.Context) error {
	h.mu.Lock()
	let := h.let
	h.let = map[int64]int64{}
	h.mu.Unlock()
	if len(let) == 0 {
		return nil
	}
	err := h.remove(ctx, let)
	h.mu.Lock()
	defer h.mu.Unlock()
	maps.Copy(h.let, let)
	return err
}

// remove removes rows of claims, and from let those that will have none any more.
func (h *holder) remove(ctx context.Context, let map[int64]int64) error {
	over := slices.Collect(maps.Keys(let))
	made := slices.DeleteFunc(slices.Collect(maps.Values(let)), func(transaction int64) bool { return transaction == 0 })
	if len(made) > 0 {
		// Asked before the rows are: a transaction that is over then has made its rows.
		rows, err := h.pool.Query(ctx, "select id from unnest($1::bigint[]) id where pg_xact_status(id::text::xid8) = 'in progress'", made)
		if err != nil {
			return err
		}
		open, err := pgx.CollectRows(rows, pgx.RowTo[int64])
		if err != nil {
			return err
		}
		over = slices.DeleteFunc(over, func(claim int64) bool { return slices.Contains(open, let[claim]) })
	}
	// In the order in which claims are made, so that neither waits for the other.
	_, err := h.pool.Exec(ctx, `delete from ovhrenew_claim c using (
			select account, service from ovhrenew_claim where claim = any($1) and holder = $2 order by account, service for update
		) gone where c.account = gone.account and c.service = gone.service and c.claim = any($1)`, over, h.id)
	if err == nil {
		for _, claim := range over {
			delete(let, claim)
		}
	}
	return err
}

func (h *holder) close() error {
	h.mu.Lock()
	if h.closed {
		h.mu.Unlock()
		return nil
	}
	h.closed = true
	h.claims = map[int64]bool{}
	h.mu.Unlock()
	h.stop()
	<-h.ended
	ctx, cancel := context.WithTimeout(context.Background(), callTimeout)
	defer cancel()
	_, err := h.pool.Exec(ctx, `with let as (delete from ovhrenew_claim where holder = $1)
		delete from ovhrenew_holder where holder = $1`, h.id)
	h.disconnect()
	return failed(ctx, "Close", err)
}
