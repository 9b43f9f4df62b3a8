package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/ovh/go-ovh/ovh"
	"go.temporal.io/sdk/client"
	tlog "go.temporal.io/sdk/log"
	"go.temporal.io/sdk/worker"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
	"github.com/ovhrenew/ovhrenew/portfolio"
	"github.com/ovhrenew/ovhrenew/postgres"
	"github.com/ovhrenew/ovhrenew/temporal"
)

// workerConfig is what a worker process is told, in a file.
type workerConfig struct {
	Temporal, Namespace, Queue string
	Dir                        string // of plans, and of the journal if there is no database
	Database                   string
	Lease                      time.Duration
	NoSession                  bool
	Pace                       int
	Gather                     time.Duration
	Endpoints                  map[string]string // of the accounts
	Keys                       ovhrenewtest.Credentials
}

// quiet is Temporal's logger, for errors only.
func quiet() tlog.Logger {
	return tlog.NewStructuredLogger(slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError + 1})))
}

// workerProcess is this program as a worker process, which dies with the one that begins it.
func workerProcess(program, config string) *exec.Cmd {
	p := exec.Command(program, "worker", config)
	p.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	return p
}

// work is a worker process. It ends when it is killed.
func work(file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var c workerConfig
	if err := json.Unmarshal(text, &c); err != nil {
		return err
	}
	ctx := context.Background()
	t, err := client.Dial(client.Options{HostPort: c.Temporal, Namespace: c.Namespace, Logger: quiet()})
	if err != nil {
		return err
	}
	defer t.Close()
	o := &opener{config: c, clients: map[string]ovhrenew.Client{}}
	if c.Database != "" {
		if err := o.openDatabase(ctx); err != nil {
			return err
		}
	}
	w := worker.New(t, c.Queue, temporal.WorkerOptions())
	err = temporal.Register(w, temporal.Config{Account: o.account, Plan: o.plan, Gather: c.Gather})
	if err != nil {
		return err
	}
	registerNaive(w, o)
	return w.Run(nil)
}

// opener opens accounts and plans.
type opener struct {
	config  workerConfig
	pool    *pgxpool.Pool
	journal ovhrenew.Journal

	mu      sync.Mutex
	clients map[string]ovhrenew.Client
}

func (o *opener) openDatabase(ctx context.Context) error {
	config, err := pgxpool.ParseConfig(o.config.Database)
	if err != nil {
		return err
	}
	config.MaxConns = 6
	if o.pool, err = pgxpool.NewWithConfig(ctx, config); err != nil {
		return err
	}
	o.journal, err = postgres.Open(ctx, o.pool, ovhrenew.OnlyJournal, postgres.Options{Lease: o.config.Lease, NoSession: o.config.NoSession})
	return err
}

func (o *opener) account(_ context.Context, name string) (temporal.Account, error) {
	c, err := o.client(name)
	if err != nil {
		return temporal.Account{}, err
	}
	journal := o.journal
	if journal == nil {
		journal, err = ovhrenew.OpenJournal(filepath.Join(o.config.Dir, name), ovhrenew.OnlyJournal)
	}
	return temporal.Account{Client: c, Journal: journal}, err
}

func (o *opener) client(name string) (ovhrenew.Client, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if c := o.clients[name]; c != nil {
		return c, nil
	}
	keys := o.config.Keys
	api, err := ovh.NewClient(o.config.Endpoints[name], keys.AppKey, keys.AppSecret, keys.ConsumerKey)
	if err != nil {
		return nil, err
	}
	config := ovhrenew.Config{Account: name, Limiter: ovhrenew.Unlimited}
	switch {
	case o.config.Pace > 0 && o.pool == nil:
		return nil, fmt.Errorf("a pace that workers share needs the database")
	case o.config.Pace > 0:
		// Requests that leave evenly arrive in clusters: a little below what is allowed.
		if config.Limiter, err = postgres.NewLimiter(o.pool, name, max(1, o.config.Pace*98/100), 1); err != nil {
			return nil, err
		}
	}
	c, err := ovhrenew.NewWithConfig(api, config)
	if err == nil {
		o.clients[name] = c
	}
	return c, err
}

func (o *opener) plan(_ context.Context, _, ref string) (*portfolio.Plan, error) {
	text, err := os.ReadFile(planFile(o.config.Dir, ref))
	if err != nil {
		return nil, err
	}
	var plan portfolio.Plan
	return &plan, json.Unmarshal(text, &plan)
}
