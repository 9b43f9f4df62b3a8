package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"go.temporal.io/sdk/client"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/internal/harness"
	"github.com/ovhrenew/ovhrenew/portfolio"
	"github.com/ovhrenew/ovhrenew/temporal"
)

// stage is what all scenarios share.
type stage struct {
	dir      string
	database string // of the journal; empty for files
	temporal *temporalServer
	runs     int
}

func (h *stage) store() string {
	if h.database == "" {
		return "a directory"
	}
	return "Postgres"
}

// running is a scenario that runs.
type running struct {
	h        *stage
	s        scenario
	queue    string
	client   client.Client
	accounts []*account
	r        *rand.Rand
}

// run runs a scenario and counts.
func (h *stage) run(ctx context.Context, s scenario) (result, error) {
	h.runs++
	ctx, cancel := context.WithTimeout(ctx, s.limit)
	defer cancel()
	x := &running{h: h, s: s, queue: fmt.Sprintf("renewals-%d", h.runs), r: rand.New(rand.NewPCG(s.seed, 1))}
	var err error
	if x.client, err = client.Dial(client.Options{HostPort: h.temporal.address, Namespace: h.temporal.namespace, Logger: quiet()}); err != nil {
		return result{}, err
	}
	defer func() {
		x.client.Close()
		for _, a := range x.accounts {
			a.server.Close()
		}
	}()
	if err := x.open(ctx); err != nil {
		return result{}, err
	}
	config, err := x.writeConfig()
	if err != nil {
		return result{}, err
	}
	if s.pace > 0 { // the surveys' requests are not of the minute that is counted
		time.Sleep(time.Minute)
	}
	self, err := os.Executable()
	if err != nil {
		return result{}, err
	}
	fleet, err := harness.Start(s.workers, func(int) *exec.Cmd { return workerProcess(self, config) })
	if err != nil {
		return result{}, err
	}
	defer fleet.Stop()
	began := time.Now()
	fleet.Suffer(harness.Trouble{Every: s.every, Kills: s.kills, Stops: s.stops, Suspend: s.suspend, Seed: s.seed})
	logged, done := context.WithCancel(ctx)
	var wg sync.WaitGroup
	wg.Go(func() { x.log(logged) })
	reports, err := x.apply(ctx)
	took := time.Since(began)
	done()
	wg.Wait()
	if err := errors.Join(err, fleet.Calm()); err != nil {
		return result{}, err
	}
	row := result{scenario: s, kills: fleet.Kills(), stops: fleet.Stops(), took: took, reports: reports}
	for _, a := range x.accounts {
		row.count(a)
	}
	if s.again {
		if row.again, err = x.again(ctx); err != nil {
			return row, err
		}
	}
	return row, x.writeHistories(ctx)
}

// open starts the accounts, with their plans and faults.
func (x *running) open(ctx context.Context) error {
	for i := range x.s.accounts {
		n := x.s.renewals / x.s.accounts
		if i < x.s.renewals%x.s.accounts {
			n++
		}
		a, err := openAccount(ctx, x.h.dir, fmt.Sprintf("account%d-%d", x.h.runs, i), n, x.s)
		if err != nil {
			return err
		}
		x.accounts = append(x.accounts, a)
		faults := x.s.faults / x.s.accounts
		if i < x.s.faults%x.s.accounts {
			faults++
		}
		a.inject(faults, n, x.r)
	}
	return nil
}

func (x *running) writeConfig() (string, error) {
	c := workerConfig{
		Temporal: x.h.temporal.address, Namespace: x.h.temporal.namespace, Queue: x.queue,
		Dir: x.h.dir, Database: x.h.database, Lease: x.s.lease, NoSession: x.s.noSession, Pace: x.s.pace,
		Gather: x.gather(), Endpoints: map[string]string{},
	}
	for _, a := range x.accounts {
		c.Endpoints[a.name], c.Keys = a.server.Endpoint(), a.server.Credentials()
	}
	text, err := json.Marshal(c)
	if err != nil {
		return "", err
	}
	file := filepath.Join(x.h.dir, x.queue+".json")
	return file, os.WriteFile(file, text, 0o600)
}

// gather is a minute, scaled as the time to settle is.
func (x *running) gather() time.Duration { return x.s.settle / 10 }

func (x *running) application(a *account) temporal.Application {
	return temporal.Application{
		Account: a.name, Plan: a.ref, PayWith: ovhrenew.DefaultMethod.String(), AtOnce: 50, GiveUp: 10 * x.s.settle,
		Patience: ovhrenew.Patience{Poll: x.s.settle / 10, Settle: x.s.settle, Delivery: 3 * x.s.settle},
	}
}

// apply applies all plans to their end.
func (x *running) apply(ctx context.Context) ([]*temporal.Report, error) {
	reports := make([]*temporal.Report, len(x.accounts))
	errs := make([]error, len(x.accounts))
	var wg sync.WaitGroup
	for i, a := range x.accounts {
		wg.Go(func() { reports[i], errs[i] = x.applyOne(ctx, a) })
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return reports, nil
}

func (x *running) applyOne(ctx context.Context, a *account) (*temporal.Report, error) {
	if x.s.naive {
		var offers []ovhrenew.Offer
		for _, item := range a.plan.Items {
			offers = append(offers, item.Offer())
		}
		run, err := x.client.ExecuteWorkflow(ctx, client.StartWorkflowOptions{ID: "naive-" + a.name, TaskQueue: x.queue}, NaivePlan, a.name, offers)
		if err != nil {
			return nil, err
		}
		return nil, run.Get(ctx, nil)
	}
	in := x.application(a)
	run, err := x.client.ExecuteWorkflow(ctx, in.Start(x.queue), temporal.ApplyPlan, in)
	if err != nil {
		return nil, err
	}
	var report *temporal.Report
	return report, run.Get(ctx, &report)
}

// again applies the plans once more, and tells how many requests that took and what it
// found.
func (x *running) again(ctx context.Context) (string, error) {
	payments, requests := 0, 0
	for _, a := range x.accounts {
		payments += len(a.server.Payments())
		a.server.Forget()
	}
	reports, err := x.apply(ctx)
	if err != nil {
		return "", err
	}
	already := 0
	for i, a := range x.accounts {
		payments -= len(a.server.Payments())
		requests += len(a.server.Requests())
		already += reports[i].Already
	}
	return fmt.Sprintf("%d of %d found renewed, %d further payments, %d requests", already, x.s.renewals, -payments, requests), nil
}

// log tells how far it is, now and then.
func (x *running) log(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(15 * time.Second):
		}
		orders, payments := 0, 0
		for _, a := range x.accounts {
			orders += len(a.server.Orders())
			payments += len(a.server.Payments())
		}
		text := fmt.Sprintf("%s: %d orders, %d payments", x.s.name, orders, payments)
		if !x.s.naive {
			text += x.progress(ctx)
		}
		log.Print(text)
	}
}

func (x *running) progress(ctx context.Context) string {
	var r temporal.Report
	value, err := x.client.QueryWorkflow(ctx, x.application(x.accounts[0]).ID(), "", temporal.QueryProgress)
	if err == nil {
		err = value.Get(&r)
	}
	if err != nil {
		return "; " + strings.SplitN(err.Error(), "\n", 2)[0]
	}
	return fmt.Sprintf("; the first plan: %d of %d begun, %d running, %d renewed, run %d", r.Begun, r.Items, r.Running, r.Counts[portfolio.OutcomeRenewed], r.Runs)
}
