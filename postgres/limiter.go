package postgres

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/ovhrenew/ovhrenew"
)

// Limiter paces the requests of all processes that use the same database and key. It is
// an [ovhrenew.Limiter] with both optional methods: orders and payments go before reads,
// whichever process they are of, and a pause holds all. It is safe for concurrent use.
//
// The time is the database's. If the database does not answer, nothing passes.
type Limiter struct {
	pool  *pgxpool.Pool
	key   string
	every float64 // seconds between two requests
	burst int

	// One read and one spending call of a process ask the database; the others wait
	// behind them.
	first, others chan struct{}

	mu     sync.Mutex
	paused time.Time // that the database could not be told of
}

// NewLimiter returns a Limiter that lets perMinute requests a minute through for a key,
// after the first burst at once. The key names what the API counts: one of its
// credentials, or the account. Processes that share it are given the same numbers. The
// error is [ovhrenew.ErrBadInput]. [Migrate] has created the tables.
func NewLimiter(pool *pgxpool.Pool, key string, perMinute, burst int) (*Limiter, error) {
	const call = "NewLimiter"
	switch {
	case pool == nil:
		return nil, badInput(call, "pool", "", "is nil")
	case key == "":
		return nil, badInput(call, "key", "", "is empty: name what the API counts, such as the account")
	case perMinute <= 0:
		return nil, badInput(call, "perMinute", fmt.Sprint(perMinute), "is not positive")
	case burst <= 0:
		return nil, badInput(call, "burst", fmt.Sprint(burst), "is not positive")
	}
	return &Limiter{
		pool: pool, key: text(key), every: 60 / float64(perMinute), burst: burst,
		first: make(chan struct{}, 1), others: make(chan struct{}, 1),
	}, nil
}

// Wait waits until a request may be sent. The error is that of ctx, or
// [ovhrenew.ErrJournal] if the database fails.
func (l *Limiter) Wait(ctx context.Context) error { return l.wait(ctx, l.others, nil) }

// WaitFirst is like Wait, but goes before all that wait in Wait, in any process.
func (l *Limiter) WaitFirst(ctx context.Context) error {
	who := waiter()
	return l.wait(ctx, l.first, &who)
}

// waiter returns a number that nobody else has.
func waiter() int64 {
	var b [8]byte
	_, _ = rand.Read(b[:]) // it never fails
	return int64(binary.NativeEndian.Uint64(b[:]))
}

func (l *Limiter) wait(ctx context.Context, turn chan struct{}, who *int64) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case turn <- struct{}{}:
		defer func() { <-turn }()
	case <-ctx.Done():
		return ctx.Err()
	}
	asked := false
	for {
		if pause := l.pause(); pause > 0 {
			if err := sleep(ctx, pause); err != nil {
				return err
			}
			continue
		}
		var seconds float64
		err := l.pool.QueryRow(ctx, "select ovhrenew_pass($1, $2, $3, $4)", l.key, l.every, l.burst, who).Scan(&seconds)
		if err == nil && seconds <= 0 {
			return nil
		}
		asked = asked || who != nil
		if err == nil {
			err = sleep(ctx, time.Duration(seconds*float64(time.Second)))
		}
		if err != nil {
			if asked {
				l.giveUp(*who)
			}
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return failed(ctx, "Limiter", err)
		}
	}
}

// giveUp lets others pass again before who's time is over.
func (l *Limiter) giveUp(who int64) {
	ctx, cancel := context.WithTimeout(context.Background(), callTimeout)
	defer cancel()
	_, _ = l.pool.Exec(ctx, "delete from ovhrenew_pace_first where waiter = $1", who)
}

// Pause lets nothing through for that long, in any process. Of two pauses, the one that
// ends later counts. If the database cannot be told, it holds this process.
func (l *Limiter) Pause(d time.Duration) {
	ctx, cancel := context.WithTimeout(context.Background(), callTimeout)
	defer cancel()
	until := time.Now().Add(d)
	_, err := l.pool.Exec(ctx, `insert into ovhrenew_pace as p (key, paused) values ($1, clock_timestamp() + make_interval(secs => $2))
		on conflict (key) do update set paused = greatest(p.paused, excluded.paused)`, l.key, d.Seconds())
	if err == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if until.After(l.paused) {
		l.paused = until
	}
}

// pause is what is left of one that the database does not know.
func (l *Limiter) pause() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return time.Until(l.paused)
}

func sleep(ctx context.Context, d time.Duration) error {
	pause, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	<-pause.Done()
	return ctx.Err()
}

var _ ovhrenew.Limiter = (*Limiter)(nil)
