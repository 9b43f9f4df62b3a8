// Package postgres keeps the journal and the pace of renewals in a Postgres database, for
// programs that run on several machines.
//
//	err := postgres.Migrate(ctx, pool)
//	journal, err := postgres.Open(ctx, pool, ovhrenew.OnlyJournal, postgres.Options{})
//	defer journal.Close()
//	limiter, err := postgres.NewLimiter(pool, "account ab12345-ovh", 60, 10)
//
// A [Journal] holds any number of accounts. A [Limiter] paces all processes that send
// requests with the same key of the API.
//
// # Claims
//
// A claim is a row for each service, with a number that is never used again. Each state
// is written in one statement together with the check that the rows still have the
// number: once a claim has passed to another, its former holder can write nothing, and
// so can begin no order and no payment.
//
// A claim passes to whoever asks when its holder shows no sign of life: it has not
// renewed its lease, and its session, where it keeps one, is over. A process that is
// suspended keeps its session, and so its claims. If a process of the same machine
// can tell that the holder is dead (on Linux, within the same container), the claim
// passes at once.
//
// A holder of whom that cannot be told may be alive: it may have written that it pays,
// and send the payment later. So a payment that it had begun is never sent again. The
// renewal then waits for a sign of the payment, or for the end of the order's time.
// This is remembered in the database until the renewal has left the phase.
//
// # Tables
//
// The README describes the tables. They are created by [Migrate], in the first schema of
// the search_path. What is open, what was paid and every receipt can be read by SQL.
package postgres
