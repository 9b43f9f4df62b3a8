package postgres_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/postgres"
)

func TestReleaseLater(t *testing.T) {
	t.Parallel()
	pool := database(t)
	a, b := open(t, pool, postgres.Options{Lease: time.Second}), open(t, pool, postgres.Options{Lease: time.Second})
	c, err := a.Claim(t.Context(), account, 1, 2)
	if err != nil {
		t.Fatal(err)
	}
	exec(t, pool, "alter table ovhrenew_claim rename to gone")
	if err := c.Release(); !errors.Is(err, ovhrenew.ErrJournal) {
		t.Errorf("Release without the table = %v, want %v", err, ovhrenew.ErrJournal)
	}
	if err := c.Append(t.Context(), paying(1)); !errors.Is(err, ovhrenew.ErrJournal) {
		t.Errorf("Append after a Release that failed = %v, want %v", err, ovhrenew.ErrJournal)
	}
	exec(t, pool, "alter table gone rename to ovhrenew_claim")
	own, err := a.Claim(t.Context(), account, 1) // at once, by the process that has let it go
	if err != nil {
		t.Fatalf("Claim by who has released it = %v", err)
	}
	if own.Inherited() {
		t.Error("Inherited of what the same process has let go = true")
	}
	claimed, _ := claimOf(t, b, 2)
	if claimed.Inherited() {
		t.Error("Inherited of what was released late = true")
	}
	if _, err := b.Claim(t.Context(), account, 1); !errors.Is(err, ovhrenew.ErrBusy) {
		t.Errorf("Claim of what was claimed anew = %v, want %v", err, ovhrenew.ErrBusy)
	}
}

func TestLateCommit(t *testing.T) {
	t.Parallel()
	for _, who := range []string{"this process", "another"} {
		t.Run(who, func(t *testing.T) {
			t.Parallel()
			pool := database(t)
			a, b := open(t, pool, postgres.Options{Lease: time.Second}), open(t, pool, postgres.Options{Lease: time.Second})
			if who == "this process" {
				b = a
			}
			slowly(t, pool, "ovhrenew_claim", "new.service = 1")
			ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
			defer cancel()
			if c, err := a.Claim(ctx, account, 1); !errors.Is(err, ovhrenew.ErrJournal) || !errors.Is(err, context.DeadlineExceeded) {
				t.Fatalf("Claim whose commit is late = %v, %v, want %v", c, err, context.DeadlineExceeded)
			}
			other, err := a.Claim(t.Context(), account, 2) // which is not to be let go with it
			if err != nil {
				t.Fatal(err)
			}
			exec(t, pool, "drop trigger slow on ovhrenew_claim") // waits for the commit
			if c, _ := claimOf(t, b, 1); c.Inherited() {
				t.Error("Inherited of what nobody was told of = true")
			}
			if err := other.Append(t.Context(), paying(2)); err != nil {
				t.Errorf("Append by the claim that came after it = %v", err)
			}
		})
	}
}

// TestLateReceipt keeps a receipt whose commit comes after its append has given up. Whether the
// claim is released or the journal closed meanwhile, the next has both the state and its
// receipt, and one that it writes anew changes nothing.
func TestLateReceipt(t *testing.T) {
	t.Parallel()
	for name, let := range map[string]func(*postgres.Journal, ovhrenew.Claim) error{
		"Release": func(_ *postgres.Journal, c ovhrenew.Claim) error { return c.Release() },
		"Close":   func(j *postgres.Journal, _ ovhrenew.Claim) error { return j.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pool := database(t)
			a, b := open(t, pool, postgres.Options{}), open(t, pool, postgres.Options{})
			slowly(t, pool, "ovhrenew_receipt", "true")
			c, err := a.Claim(t.Context(), account, 1)
			if err != nil {
				t.Fatal(err)
			}
			end := paying(1)
			end.Phase, end.Receipt = ovhrenew.PhaseRenewed, &ovhrenew.Receipt{Order: end.Order, PaidWith: "first"}
			ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
			defer cancel()
			if err := c.Append(ctx, end); !errors.Is(err, context.DeadlineExceeded) {
				t.Fatalf("Append whose commit is late = %v, want %v", err, context.DeadlineExceeded)
			}
			if err := let(a, c); err != nil {
				t.Errorf("%s = %v", name, err)
			}
			next, err := b.Claim(t.Context(), account, 1)
			if err != nil {
				t.Fatal(err)
			}
			if states := next.States(); len(states) != 1 || states[0].Phase != ovhrenew.PhaseRenewed {
				t.Errorf("the next has the states %v, want the one that was kept late", states)
			}
			end.Receipt.PaidWith = "second"
			if err := next.Append(t.Context(), end); err != nil {
				t.Error(err)
			}
			var told []string
			for receipt, err := range b.Receipts(t.Context(), account, time.Time{}) {
				told = append(told, receipt.PaidWith)
				if err != nil {
					t.Error(err)
				}
			}
			if len(told) != 1 || told[0] != "first" {
				t.Errorf("the receipts are %v, want the first", told)
			}
		})
	}
}

// slowly lets a commit of rows of a table take 2 seconds, which nothing cuts short. One that
// waits for a standby is like this: to cancel it does not undo it.
func slowly(t *testing.T, pool *pgxpool.Pool, table, when string) {
	t.Helper()
	exec(t, pool, `create function slow() returns trigger language plpgsql as $$
		declare over timestamptz := clock_timestamp() + interval '2 seconds';
		begin
			while clock_timestamp() < over loop
				begin perform pg_sleep(0.1); exception when query_canceled then end;
			end loop;
			return null;
		end $$`)
	exec(t, pool, "create constraint trigger slow after insert on "+table+" deferrable initially deferred for each row when ("+when+") execute function slow()")
}

func claimOf(t *testing.T, j *postgres.Journal, id ovhrenew.ServiceID) (c ovhrenew.Claim, err error) {
	t.Helper()
	waitFor(t, "it can be claimed", func() bool {
		c, err = j.Claim(t.Context(), account, id)
		return err == nil
	})
	return c, err
}

func TestNotText(t *testing.T) {
	t.Parallel()
	pool := database(t)
	j := open(t, pool, postgres.Options{})
	if _, err := j.Claim(t.Context(), "a\xff", 1); !errors.Is(err, ovhrenew.ErrBadInput) {
		t.Errorf("Claim for an account that is not UTF-8 = %v", err)
	}
	c, err := j.Claim(t.Context(), account, 1)
	if err != nil {
		t.Fatal(err)
	}
	s := paying(1)
	s.Renewal = "r\xff"
	if err := c.Append(t.Context(), s); !errors.Is(err, ovhrenew.ErrBadInput) {
		t.Errorf("Append of a renewal that is not UTF-8 = %v", err)
	}
}
