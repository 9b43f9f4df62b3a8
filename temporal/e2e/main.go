//go:build unix

// Command e2e renews on Temporal with several worker processes, of which some are killed
// and some suspended, against a simulated API that loses answers and charges twice what is
// paid twice. It prints what was ordered and paid.
//
//	go run .            # 200 renewals, and the naive control, which pays some of them twice
//	go run . -help
//
// It needs the module proxy alone: the Temporal server is compiled in, which takes minutes
// the first time. The journal is in a Postgres of its own where one is installed, and else
// in a directory.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"strings"
	"time"

	"go.temporal.io/sdk/client"
	"go.temporal.io/server/temporaltest"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/internal/harness"
	"github.com/ovhrenew/ovhrenew/temporal"
)

var (
	renewals   = flag.Int("renewals", 200, "how many renewals")
	accounts   = flag.Int("accounts", 1, "of how many accounts")
	workers    = flag.Int("workers", 4, "how many worker processes")
	kills      = flag.Int("kills", 5, "how many workers are killed")
	stops      = flag.Int("stops", 5, "how many workers are suspended")
	every      = flag.Duration("every", time.Second, "how often one of the two happens")
	suspended  = flag.Duration("suspended", 4*time.Second, "how long a worker is suspended")
	lease      = flag.Duration("lease", 2*time.Second, "how long a worker may be silent before its claims pass")
	session    = flag.Bool("session", false, "keep a connection for the claims: they do not pass while a worker is suspended")
	settle     = flag.Duration("settle", 8*time.Second, "how long the effect of a call may take to show")
	lost       = flag.Int("lost", 6, "how many answers to orders, and to payments, are lost")
	late       = flag.Int("late", 5, "how many of each take effect after their answer was lost")
	pace       = flag.Int("pace", 0, "requests a minute, of all workers of an account together; no limit if 0")
	rateLimit  = flag.Int("ratelimit", 0, "requests a minute that the API answers; all if 0")
	limit      = flag.Duration("limit", 9*time.Minute, "when to give up")
	control    = flag.Bool("control", true, "run the naive control too")
	historyDir = flag.String("history", "", "write the histories of a plan and of a renewal into this directory")
	routes     = flag.Bool("routes", false, "print how many requests each route had")
)

const taskQueue = "renewals"

func main() {
	flag.Parse()
	if os.Getenv(workerVariable) != "" {
		if err := work(); err != nil {
			log.Fatal(err)
		}
		return
	}
	if err := run(context.Background()); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context) error {
	log.Print("the Temporal server starts")
	server := temporaltest.NewServer()
	fmt.Println(harness.Header)
	failed := false
	if *control {
		r, err := renewAll(ctx, server, "naive control", startNaive)
		if err != nil {
			return err
		}
		fmt.Println(r.Row())
		if r.Twice == 0 {
			failed = true
			log.Print("the naive control has paid nothing twice: it proves nothing")
		}
	}
	r, err := renewAll(ctx, server, "Temporal", startPlans)
	if err != nil {
		return err
	}
	fmt.Println(r.Row())
	if *routes {
		fmt.Print(r.ByRoute())
	}
	if r.Twice > 0 || r.Lost > 0 {
		failed = true
	}
	if failed {
		return errors.New("this is not what it should be")
	}
	return nil
}

// starter starts the workflows that renew all, and returns what waits for their end.
type starter func(ctx context.Context, c client.Client, w *harness.World) (wait func() error, err error)

// renewAll makes a world of its own, and workers, and has all renewed.
func renewAll(ctx context.Context, server *temporaltest.TestServer, name string, start starter) (harness.Result, error) {
	ctx, cancel := context.WithTimeout(ctx, *limit)
	defer cancel()
	w, err := harness.New(ctx, harness.Config{
		Renewals: *renewals, Accounts: *accounts, Lost: *lost, Late: *late, RateLimit: *rateLimit, WithoutPostgres: true, Seed: 1,
	})
	if err != nil {
		return harness.Result{}, err
	}
	defer w.Close()
	settings, err := workerSettings(w, server, name)
	if err != nil {
		return harness.Result{}, err
	}
	fleet, err := harness.Start(*workers, func(int) *exec.Cmd {
		c := exec.Command(os.Args[0])
		c.Env = append(os.Environ(), workerVariable+"="+settings)
		c.Stderr = os.Stderr
		return c
	})
	if err != nil {
		return harness.Result{}, err
	}
	defer fleet.Stop()
	c := server.NewClientWithOptions(client.Options{Logger: silent{}})
	began := time.Now()
	wait, err := start(ctx, c, w)
	if err != nil {
		return harness.Result{}, err
	}
	fleet.Suffer(harness.Trouble{Every: *every, Kills: *kills, Stops: *stops, Suspend: *suspended, Seed: 1})
	go report(ctx, w, name)
	if err := wait(); err != nil {
		log.Printf("%s: %v", name, err)
	}
	took := time.Since(began)
	fleet.Stop()
	return w.Count(name, fleet, took), nil
}

// report says now and then how far it is.
func report(ctx context.Context, w *harness.World, name string) {
	tick := time.NewTicker(15 * time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			log.Printf("%s: %d of %d renewed", name, w.Renewed(), *renewals)
		}
	}
}

// startPlans applies the plan of each account.
func startPlans(ctx context.Context, c client.Client, w *harness.World) (func() error, error) {
	var runs []client.WorkflowRun
	for n := range w.Plans {
		path, err := w.PlanFile(n)
		if err != nil {
			return nil, err
		}
		run, err := temporal.StartPlan(ctx, c, taskQueue+" Temporal", temporal.PlanInput{
			Account: accountName(n), Plan: path, PayWith: ovhrenew.DefaultMethod.String(), AtOnce: max(80 / *accounts, 2), FirstWithOthers: true, GoOnWhenUnsure: true,
			Patience: ovhrenew.Patience{Poll: 500 * time.Millisecond, Settle: *settle, Delivery: time.Minute},
			Timing:   temporal.Timing{Heartbeat: 3 * time.Second, Later: time.Second, GiveUp: *limit / 2},
		})
		if err != nil {
			return nil, err
		}
		runs = append(runs, run)
	}
	return func() error {
		var errs []error
		for _, run := range runs {
			var p temporal.PlanProgress
			if err := run.Get(ctx, &p); err != nil {
				errs = append(errs, err)
				continue
			}
			for _, f := range p.Failures {
				log.Printf("failure: %s: %s", f.Reaction, f.Why)
			}
		}
		if *historyDir != "" && len(errs) == 0 {
			errs = append(errs, dump(ctx, c, w))
		}
		return errors.Join(errs...)
	}, nil
}

func accountName(n int) string { return fmt.Sprintf("account-%d", n) }

// workerSettings are what a worker is told.
func workerSettings(w *harness.World, server *temporaltest.TestServer, name string) (string, error) {
	s := settings{
		Temporal: server.GetFrontendHostPort(), Namespace: server.GetDefaultNamespace(), TaskQueue: taskQueue + " " + strings.Fields(name)[0],
		Dir: w.Dir, Lease: *lease, Session: *session, Pace: *pace,
	}
	if w.Postgres != nil {
		s.Database = w.Postgres.URL()
	}
	for _, api := range w.Servers {
		keys := api.Credentials()
		s.Accounts = append(s.Accounts, credentials{api.Endpoint(), keys.AppKey, keys.AppSecret, keys.ConsumerKey})
	}
	text, err := json.Marshal(s)
	return string(text), err
}

type silent struct{}

func (silent) Debug(string, ...any) {}
func (silent) Info(string, ...any)  {}
func (silent) Warn(string, ...any)  {}
func (silent) Error(string, ...any) {}
