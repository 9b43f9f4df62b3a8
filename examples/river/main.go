// Command river renews the items of a plan with workers on any number of machines: one job
// a renewal on River, and the journal in the same Postgres. README.md says how to run it.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"log"
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
	"github.com/ovhrenew/ovhrenew/examples/internal/command"
	"github.com/ovhrenew/ovhrenew/portfolio"
	"github.com/ovhrenew/ovhrenew/postgres"
)

// Renewal is a job: one renewal. Two for the same are one job.
type Renewal struct {
	Key  string        `json:"key" river:"unique"`
	Task ovhrenew.Task `json:"task"`
}

// Kind is the job's name in the queue.
func (Renewal) Kind() string { return "ovh_renewal" }

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
		return errors.Join(river.RecordOutput(ctx, task), river.JobSnooze(w.runner.Gather))
	case reaction == ovhrenew.ReactAgain, errors.Is(err, ovhrenew.ErrLapsed): // which is ordered anew
		return err
	}
	return river.JobCancel(err) // a person has to look, or to plan anew
}

func main() {
	flags := flag.NewFlagSet("river", flag.ContinueOnError)
	file := flags.String("plan", "", "put the items of the plan in `FILE` into the queue, and end")
	pace := flags.Int("pace", 60, "requests a minute, of all machines together")
	jobs := flags.Int("jobs", 20, "jobs at once, on this machine")
	gather := flags.Duration("gather", time.Minute, "how long renewals wait for each other's readings")
	settle := flags.Duration("settle", 10*time.Minute, "how long the effect of a call may take to show")
	longest := flags.Duration("longest", 15*time.Minute, "the longest time of a job, for an order or a payment")
	lease := flags.Duration("lease", 30*time.Second, "how long a machine may be silent")
	session := flags.Bool("session", true, "keep a connection for the claims while suspended")
	command.Parse(flags, os.Args[1:], "river [-plan FILE]\nRenews the items that are in the queue of the database DATABASE_URL.")
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	pool := must(pgxpool.New(ctx, os.Getenv("DATABASE_URL")))
	driver := riverpgxv5.New(pool)
	must(must(rivermigrate.New(driver, nil)).Migrate(ctx, rivermigrate.DirectionUp, nil))
	must(0, postgres.Migrate(ctx, pool))
	if *file != "" {
		plan, all := must(portfolio.ParsePlan(must(os.ReadFile(*file)))), []river.InsertManyParams(nil)
		for _, item := range plan.Items {
			task := item.Task(plan.Policy.Guards())
			task.PayWith, task.Patience.Settle = ovhrenew.DefaultMethod, *settle
			opts := &river.InsertOpts{MaxAttempts: 500, UniqueOpts: river.UniqueOpts{ByArgs: true}} // for days
			all = append(all, river.InsertManyParams{Args: Renewal{Key: task.Renewal(), Task: task}, InsertOpts: opts})
		}
		must(must(river.NewClient(driver, &river.Config{})).InsertMany(ctx, all))
		return
	}
	api := must(ovh.NewDefaultClient())
	client := must(ovhrenew.NewWithConfig(api, ovhrenew.Config{Limiter: must(postgres.NewLimiter(pool, api.AppKey, *pace, 10))}))
	journal := must(postgres.Open(ctx, pool, ovhrenew.OnlyJournal, postgres.Options{Lease: *lease, NoSession: !*session}))
	defer journal.Close()
	worker := &Worker{runner: must(ovhrenew.NewRunner(client, journal))}
	worker.runner.Gather = *gather
	workers := river.NewWorkers()
	river.AddWorker(workers, worker)
	queue := must(river.NewClient(driver, &river.Config{
		Queues: map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: *jobs}}, Workers: workers,
		JobTimeout: *longest, RescueStuckJobsAfter: *longest + time.Second,
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
