// Command river renews the items of a plan with workers on any number of machines: one job
// a renewal on River, and the journal in the same Postgres.
//
//	river -plan plan.json   # puts the plan's items into the queue; again does no harm
//	river -work             # works, on each machine
//
// It takes the database from DATABASE_URL and the credentials as go-ovh does.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"log"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/ovh/go-ovh/ovh"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/portfolio"
	"github.com/ovhrenew/ovhrenew/postgres"
)

var (
	planFile = flag.String("plan", "", "put the items of this plan into the queue")
	work     = flag.Bool("work", false, "work until interrupted")
	pace     = flag.Int("pace", 60, "requests a minute, of all machines together")
	jobs     = flag.Int("jobs", 20, "jobs at once, on this machine")
	gather   = flag.Duration("gather", time.Minute, "how long renewals wait for each other's readings")
	settle   = flag.Duration("settle", 10*time.Minute, "how long the effect of a call may take to show")
	longest  = flag.Duration("longest", 15*time.Minute, "the longest time of a job, in which an order or a payment has to fit")
	lease    = flag.Duration("lease", 30*time.Second, "how long a machine may be silent")
	session  = flag.Bool("session", true, "keep a connection for the claims: no machine loses them while it is suspended")
)

// Renewal is a job: one renewal. Two for the same are one job.
type Renewal struct {
	Key  string        `json:"key" river:"unique"`
	Task ovhrenew.Task `json:"task"`
}

// Kind is the job's name in the queue.
func (Renewal) Kind() string { return "ovh_renewal" }

// InsertOpts makes renewals unique, and lets them be tried for days.
func (Renewal) InsertOpts() river.InsertOpts {
	return river.InsertOpts{MaxAttempts: 500, UniqueOpts: river.UniqueOpts{ByArgs: true}}
}

// Worker advances renewals. What was sent is known from the journal, not from the job.
type Worker struct {
	river.WorkerDefaults[Renewal]
	runner *ovhrenew.Runner
}

// NextRetry is soon: what has to wait longer is snoozed.
func (*Worker) NextRetry(*river.Job[Renewal]) time.Time { return time.Now().Add(time.Second) }

// Work does what can be done now, and lets the job wait in the database until there is more.
func (w *Worker) Work(ctx context.Context, job *river.Job[Renewal]) error {
	task := job.Args.Task
	if before := job.Output(); before != nil {
		if err := json.Unmarshal(before, &task); err != nil {
			return river.JobCancel(err)
		}
	}
	task, err := w.runner.Advance(ctx, task)
	reaction := ovhrenew.ReactionTo(err)
	switch {
	case task.Receipt != nil:
		return errors.Join(river.RecordOutput(ctx, task), err)
	case err == nil:
		return errors.Join(river.RecordOutput(ctx, task), river.JobSnooze(max(time.Until(task.Next), 0)))
	case reaction == ovhrenew.ReactLater:
		task.Until = time.Time{} // with patience anew
		return errors.Join(river.RecordOutput(ctx, task), river.JobSnooze(*gather))
	case reaction == ovhrenew.ReactAgain, errors.Is(err, ovhrenew.ErrLapsed): // which is ordered anew
		return err
	}
	return river.JobCancel(err) // a person has to look, or to plan anew
}

func main() {
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	pool := must(pgxpool.New(ctx, os.Getenv("DATABASE_URL")))
	defer pool.Close()
	must(must(rivermigrate.New(riverpgxv5.New(pool), nil)).Migrate(ctx, rivermigrate.DirectionUp, nil))
	must(0, postgres.Migrate(ctx, pool))
	if *planFile != "" {
		enqueue(ctx, pool)
	}
	if *work {
		workAll(ctx, pool)
	}
}

// enqueue inserts a job for each item of the plan.
func enqueue(ctx context.Context, pool *pgxpool.Pool) {
	var plan portfolio.Plan
	must(0, json.Unmarshal(must(os.ReadFile(*planFile)), &plan))
	var all []river.InsertManyParams
	for _, item := range plan.Items {
		task := item.Task(plan.Policy.Guards())
		task.PayWith, task.Patience.Settle = ovhrenew.DefaultMethod, *settle
		all = append(all, river.InsertManyParams{Args: Renewal{Key: task.Renewal(), Task: task}})
	}
	must(must(river.NewClient(riverpgxv5.New(pool), &river.Config{})).InsertMany(ctx, all))
}

// workAll works until the context ends.
func workAll(ctx context.Context, pool *pgxpool.Pool) {
	api := must(ovh.NewDefaultClient())
	client := must(ovhrenew.NewWithConfig(api, ovhrenew.Config{Limiter: must(postgres.NewLimiter(pool, api.AppKey, *pace, 10))}))
	journal := must(postgres.Open(ctx, pool, ovhrenew.OnlyJournal, postgres.Options{Lease: *lease, NoSession: !*session}))
	defer journal.Close()
	worker := &Worker{runner: must(ovhrenew.NewRunner(client, journal))}
	worker.runner.Gather = *gather
	workers := river.NewWorkers()
	river.AddWorker(workers, worker)
	queue := must(river.NewClient(riverpgxv5.New(pool), &river.Config{
		Queues: map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: *jobs}}, Workers: workers,
		JobTimeout: *longest, RescueStuckJobsAfter: *longest + time.Second,
		Logger: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError})),
	}))
	must(0, queue.Start(ctx))
	<-queue.Stopped() // when the context has ended
}

// must ends the program at an error. What is under way is known from the journal.
func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}
