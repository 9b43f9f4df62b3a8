package main

import (
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
	"github.com/ovhrenew/ovhrenew/temporal"
)

// scene is a scenario that has not begun, on a Temporal of its own.
func scene(t *testing.T, s scenario, c client.Client) *running {
	t.Helper()
	s.delivery = time.Millisecond
	h := &stage{dir: t.TempDir(), temporal: &temporalServer{address: "127.0.0.1:7233", namespace: "default"}, runs: 1}
	x := &running{h: h, s: s, queue: "renewals-1", client: c, r: rand.New(rand.NewPCG(1, 1))}
	t.Cleanup(func() {
		for _, a := range x.accounts {
			a.server.Close()
		}
	})
	if err := x.open(t.Context()); err != nil {
		t.Fatal(err)
	}
	return x
}

// The accounts have all renewals and all faults between them, and workers are told of each.
func TestOpen(t *testing.T) {
	t.Parallel()
	x := scene(t, scenario{renewals: 7, accounts: 3, faults: 2, settle: 10 * time.Second, lease: time.Second, noSession: true, pace: 600}, nil)
	renewals := 0
	for _, a := range x.accounts {
		renewals += len(a.plan.Items)
	}
	if len(x.accounts) != 3 || renewals != 7 || len(x.accounts[0].plan.Items) != 3 {
		t.Errorf("%d accounts with %d renewals", len(x.accounts), renewals)
	}
	file, err := x.writeConfig()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var c workerConfig
	if err := json.Unmarshal(text, &c); err != nil {
		t.Fatal(err)
	}
	if c.Temporal != "127.0.0.1:7233" || c.Namespace != "default" || c.Queue != "renewals-1" || c.Dir != x.h.dir || c.Lease != time.Second || !c.NoSession || c.Pace != 600 || c.Gather != time.Second {
		t.Errorf("workers are told %+v", c)
	}
	for _, a := range x.accounts {
		if c.Endpoints[a.name] != a.server.Endpoint() || c.Keys != a.server.Credentials() {
			t.Errorf("workers are told of %s: %s", a.name, c.Endpoints[a.name])
		}
		if got := a.server.Behaviour().RateLimit; got != 600 {
			t.Errorf("%s answers %d requests a minute", a.name, got)
		}
	}
}

// Faults are divided between the accounts, and none is lost by it.
func TestOpenFaults(t *testing.T) {
	t.Parallel()
	x := scene(t, scenario{renewals: 6, accounts: 3, faults: 2}, nil)
	var hit []int
	for _, a := range x.accounts {
		client, err := ovhrenew.NewWithConfig(a.server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited, Attempts: 1})
		if err != nil {
			t.Fatal(err)
		}
		for _, item := range append(a.plan.Items, a.plan.Items...) {
			_, _ = client.PlaceOrder(t.Context(), item.Offer()) // one fails where there is a fault
		}
		hit = append(hit, len(a.server.Faults()))
	}
	if !slices.Equal(hit, []int{1, 1, 0}) {
		t.Errorf("%v faults", hit)
	}
}

// Where the journal is is said as it is.
func TestStore(t *testing.T) {
	t.Parallel()
	if got := (&stage{}).store() + ", " + (&stage{database: "postgres:///"}).store(); got != "a directory, Postgres" {
		t.Error(got)
	}
}

// applied is a Temporal on which every plan ends with a report, or with an error.
type applied struct {
	client.Client
	began  []string
	report temporal.Report
	failed error
	spends func()
}

func (a *applied) ExecuteWorkflow(_ context.Context, options client.StartWorkflowOptions, _ any, _ ...any) (client.WorkflowRun, error) {
	a.began = append(a.began, options.ID)
	return ended{a: a}, nil
}

func (a *applied) QueryWorkflow(context.Context, string, string, string, ...any) (converter.EncodedValue, error) {
	return nil, serviceerror.NewNotFound("no such workflow\nwith more lines")
}

type ended struct {
	client.WorkflowRun
	a *applied
}

func (e ended) Get(_ context.Context, value any) error {
	if report, ok := value.(**temporal.Report); ok {
		*report = &e.a.report
	}
	if e.a.spends != nil {
		e.a.spends()
	}
	return e.a.failed
}

// A plan is applied by its own workflow, the control's by another, and an error is one of the
// run.
func TestApply(t *testing.T) {
	t.Parallel()
	c := &applied{report: temporal.Report{Items: 2}}
	x := scene(t, scenario{renewals: 2, accounts: 1}, c)
	reports, err := x.apply(t.Context())
	if err != nil || len(reports) != 1 || reports[0].Items != 2 || c.began[0] != x.application(x.accounts[0]).ID() {
		t.Errorf("%v, %v of %q", err, reports, c.began)
	}
	x.s.naive = true
	if _, err := x.apply(t.Context()); err != nil || c.began[1] != "naive-"+x.accounts[0].name {
		t.Errorf("%v, the control is %q", err, c.began)
	}
	x.s.naive, c.failed = false, errors.New("failed")
	if _, err := x.apply(t.Context()); !errors.Is(err, c.failed) {
		t.Errorf("a plan that fails: %v", err)
	}
	if got := x.progress(t.Context()); got != "; no such workflow" {
		t.Errorf("where nobody tells how far it is: %q", got)
	}
}

// Applied again, a plan is counted by what it sends and pays from then on.
func TestAgain(t *testing.T) {
	t.Parallel()
	c := &applied{report: temporal.Report{Already: 2}}
	x := scene(t, scenario{renewals: 2, accounts: 1}, c)
	server := x.accounts[0].server
	pay := func() {
		server.Pay(server.AddOrder(ovhrenewtest.Order{Services: []int64{100000}, Period: "P1Y", Price: "9.99"}))
	}
	pay()
	got, err := x.again(t.Context())
	if want := "2 of 2 found renewed, 0 further payments, 0 requests"; err != nil || got != want {
		t.Errorf("%q, %v, want %q", got, err, want)
	}
	c.spends = pay
	got, err = x.again(t.Context())
	if err != nil || !strings.Contains(got, " 1 further payments, ") {
		t.Errorf("with a payment: %q, %v", got, err)
	}
}
