//go:build unix

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/ovh/go-ovh/ovh"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/portfolio"
	"github.com/ovhrenew/ovhrenew/postgres"
	"github.com/ovhrenew/ovhrenew/temporal"
)

// workerVariable has the settings of a process that is a worker.
const workerVariable = "OVHRENEW_E2E_WORKER"

type settings struct {
	Temporal, Namespace, TaskQueue string
	Database                       string // none if empty
	Dir                            string
	Accounts                       []credentials
	Lease                          time.Duration
	Session                        bool
	Pace                           int
}

type credentials struct{ Endpoint, Key, Secret, Consumer string }

// work is a worker, until it is killed.
func work() error {
	ctx := context.Background()
	var s settings
	if err := json.Unmarshal([]byte(os.Getenv(workerVariable)), &s); err != nil {
		return err
	}
	open, err := s.journals(ctx)
	if err != nil {
		return err
	}
	c, err := client.Dial(client.Options{HostPort: s.Temporal, Namespace: s.Namespace, Logger: silent{}})
	if err != nil {
		return err
	}
	w := worker.New(c, s.TaskQueue, worker.Options{MaxConcurrentActivityExecutionSize: 20})
	account := func(_ context.Context, name string) (temporal.Account, error) { return s.account(name, open) }
	if err := temporal.Register(w, temporal.Config{Account: account, Plan: readPlan}); err != nil {
		return err
	}
	registerNaive(w, &naive{account: account})
	return w.Run(worker.InterruptCh())
}

// journals is what opens the journal and the limiter of an account.
func (s settings) journals(ctx context.Context) (func(name string) (ovhrenew.Journal, ovhrenew.Limiter, error), error) {
	if s.Database == "" {
		return func(name string) (ovhrenew.Journal, ovhrenew.Limiter, error) {
			j, err := ovhrenew.OpenJournal(filepath.Join(s.Dir, "journal-"+name), ovhrenew.OnlyJournal)
			return j, ovhrenew.Unlimited, err
		}, nil
	}
	pool, err := pgxpool.New(ctx, s.Database)
	if err != nil {
		return nil, err
	}
	if err := postgres.Migrate(ctx, pool); err != nil {
		return nil, err
	}
	journal, err := postgres.Open(ctx, pool, ovhrenew.OnlyJournal, postgres.Options{Lease: s.Lease, NoSession: !s.Session})
	if err != nil {
		return nil, err
	}
	return func(name string) (ovhrenew.Journal, ovhrenew.Limiter, error) {
		if s.Pace == 0 {
			return journal, ovhrenew.Unlimited, nil
		}
		l, err := postgres.NewLimiter(pool, name, s.Pace, 10)
		return journal, l, err
	}, nil
}

func (s settings) account(name string, open func(string) (ovhrenew.Journal, ovhrenew.Limiter, error)) (temporal.Account, error) {
	n := -1
	if _, err := fmt.Sscanf(name, "account-%d", &n); err != nil || n < 0 || n >= len(s.Accounts) {
		return temporal.Account{}, fmt.Errorf("there is no %s", name)
	}
	journal, limiter, err := open(name)
	if err != nil {
		return temporal.Account{}, err
	}
	keys := s.Accounts[n]
	api, err := ovh.NewClient(keys.Endpoint, keys.Key, keys.Secret, keys.Consumer)
	if err != nil {
		return temporal.Account{}, err
	}
	// All simulated accounts have the same name.
	own, err := ovhrenew.NewWithConfig(api, ovhrenew.Config{Limiter: limiter, Account: name})
	if err != nil {
		return temporal.Account{}, err
	}
	return temporal.Account{Client: own, Journal: journal, Gather: time.Second}, nil
}

func readPlan(_ context.Context, ref string) (*portfolio.Plan, error) {
	text, err := os.ReadFile(ref)
	if err != nil {
		return nil, err
	}
	plan := &portfolio.Plan{}
	return plan, json.Unmarshal(text, plan)
}
