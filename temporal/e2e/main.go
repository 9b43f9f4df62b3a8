// Command e2e renews plans on Temporal with several worker processes, kills and suspends
// them, loses answers of the simulated API, which charges what is paid twice, and counts
// what was ordered and paid. It needs the module proxy, and Postgres for the journal;
// without one, the journal is in a directory.
//
//	go run .                                   # a small form, with the control that pays twice
//	go run . -n 2000 -kills 15 -stops 15       # longer
//	go run . -n 10000 -accounts 20 -faults 0 -kills 0 -stops 0
//
// It compiles a Temporal server, which takes minutes the first time.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/ovhrenew/ovhrenew/internal/harness/pgserver"
	"github.com/ovhrenew/ovhrenew/postgres"
)

// scenario is one run.
type scenario struct {
	name           string
	renewals       int
	accounts       int
	workers        int
	kills, stops   int
	every, suspend time.Duration // between two of them, and how long a process is suspended
	faults         int           // lost or late answers
	naive          bool          // the control
	pace           int           // requests a minute; 0 for no limit
	settle         time.Duration
	lease          time.Duration
	noSession      bool
	delivery       time.Duration
	again          bool
	histories      string
	seed           uint64
	limit          time.Duration
}

func flags() (scenario, bool, string) {
	s := scenario{name: "Temporal", seed: 1}
	control := flag.Bool("control", true, "run the naive control first")
	store := flag.String("journal", "auto", "postgres, files, or auto: postgres if it is installed")
	flag.IntVar(&s.renewals, "n", 200, "renewals")
	flag.IntVar(&s.accounts, "accounts", 1, "accounts, each with an API of its own")
	flag.IntVar(&s.workers, "workers", 4, "worker processes")
	flag.IntVar(&s.kills, "kills", 4, "SIGKILLs")
	flag.IntVar(&s.stops, "stops", 4, "SIGSTOPs")
	flag.DurationVar(&s.every, "every", 3*time.Second, "time between two of them")
	flag.DurationVar(&s.suspend, "suspend", 5*time.Second, "how long a process is suspended")
	flag.IntVar(&s.faults, "faults", 46, "lost and late answers to orders and payments")
	flag.IntVar(&s.pace, "pace", 0, "requests a minute of each account, paced by all workers together and refused above; 0: no limit")
	flag.DurationVar(&s.settle, "settle", 10*time.Second, "Patience.Settle")
	flag.DurationVar(&s.lease, "lease", 3*time.Second, "lease of the journal's claims")
	flag.BoolVar(&s.noSession, "nosession", true, "hold claims by leases alone, so that a suspended process loses them")
	flag.DurationVar(&s.delivery, "delivery", 400*time.Millisecond, "how long a delivery takes")
	flag.BoolVar(&s.again, "again", true, "apply each plan a second time")
	flag.StringVar(&s.histories, "histories", "", "write histories of a plan and a renewal into this directory")
	flag.Uint64Var(&s.seed, "seed", 1, "seed of the faults")
	flag.DurationVar(&s.limit, "limit", time.Hour, "longest time of a run")
	flag.Parse()
	return s, *control, *store
}

func main() {
	if len(os.Args) > 2 && os.Args[1] == "worker" {
		exitOn(work(os.Args[2]))
		return
	}
	s, control, store := flags()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	exitOn(run(ctx, s, control, store))
}

func exitOn(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "e2e:", err)
		os.Exit(1)
	}
}

// run starts what all scenarios share, and runs them.
func run(ctx context.Context, s scenario, control bool, store string) error {
	dir, err := os.MkdirTemp("", "e2e")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	h := &stage{dir: dir}
	if store != "files" {
		database, err := startPostgres(ctx)
		switch {
		case errors.Is(err, pgserver.ErrMissing) && store == "auto":
			fmt.Println(err, "- the journal is in a directory")
		case err != nil:
			return err
		default:
			defer func() { _ = database.Stop() }()
			h.database = database.URL()
		}
	}
	if h.temporal, err = startTemporal(ctx, dir); err != nil {
		return err
	}
	defer h.temporal.stop()
	fmt.Println("The journal is in", h.store())
	var rows []result
	if control {
		naive := s
		naive.name, naive.naive, naive.again, naive.histories = "naive control", true, false, ""
		naive.renewals, naive.accounts = min(s.renewals, 200), 1
		row, err := h.run(ctx, naive)
		if err != nil {
			return err
		}
		rows = append(rows, row)
	}
	row, err := h.run(ctx, s)
	if err != nil {
		return err
	}
	rows = append(rows, row)
	printTable(rows)
	return verdict(rows)
}

func startPostgres(ctx context.Context) (*pgserver.Server, error) {
	server, err := pgserver.Start(ctx)
	if err != nil {
		return nil, err
	}
	pool, err := pgxpool.New(ctx, server.URL())
	if err == nil {
		err = postgres.Migrate(ctx, pool)
		pool.Close()
	}
	if err != nil {
		return nil, errors.Join(err, server.Stop())
	}
	return server, nil
}
