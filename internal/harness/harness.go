//go:build unix

// Package harness runs renewals with several worker processes against the simulated API,
// loses answers, kills and suspends workers, and counts what was ordered and paid.
package harness

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/internal/harness/pgserver"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// Config is what is run.
type Config struct {
	Renewals int
	Accounts int // 1 if zero
	// Lost and Late are how many answers to orders, and how many to payments, never come,
	// the effect being there at once or some time later.
	Lost, Late int
	// RateLimit is how many requests a minute each account answers; all if zero.
	RateLimit int
	// WithoutPostgres goes on where there is no Postgres.
	WithoutPostgres bool
	Seed            uint64
}

// World is the accounts, their plans and the database.
type World struct {
	Servers  []*ovhrenewtest.Server
	Plans    []*portfolio.Plan
	Postgres *pgserver.Server
	Dir      string // for files that workers read
	config   Config
	surveyed int // requests
}

// New makes the world. The API charges twice what is paid twice.
func New(ctx context.Context, config Config) (*World, error) {
	config.Accounts = max(config.Accounts, 1)
	w := &World{config: config}
	var err error
	if w.Postgres, err = pgserver.Start(ctx); err != nil && !(config.WithoutPostgres && errors.Is(err, pgserver.ErrMissing)) {
		return nil, err
	}
	if w.Dir, err = os.MkdirTemp("", "harness"); err != nil {
		return nil, err
	}
	for n := range config.Accounts {
		if err := w.addAccount(ctx, n); err != nil {
			w.Close()
			return nil, err
		}
	}
	return w, nil
}

// Close ends it.
func (w *World) Close() {
	for _, s := range w.Servers {
		s.Close()
	}
	if w.Postgres != nil {
		_ = w.Postgres.Stop()
	}
	_ = os.RemoveAll(w.Dir)
}

// perAccount is how many renewals each account has.
func (w *World) perAccount() int { return w.config.Renewals / w.config.Accounts }

func (w *World) addAccount(ctx context.Context, n int) error {
	s := ovhrenewtest.New(ovhrenewtest.Behaviour{
		ChargeTwice: true, StatusLag: 200 * time.Millisecond, DeliveryDelay: 400 * time.Millisecond, ExpiryLag: 200 * time.Millisecond,
		RetryAfter: ovhrenewtest.RetryAfterSeconds,
	})
	if err := s.Listen("127.0.0.1:0"); err != nil {
		return err
	}
	w.Servers = append(w.Servers, s)
	for i := range w.perAccount() {
		name := fmt.Sprintf("d%d-%06d.ovh", n, i)
		id := s.AddService(ovhrenewtest.Service{
			ID: int64(1_000_000*(n+1) + i), Name: name, Route: "/domain/" + name, Type: "Domain .ovh", Product: "domain-ovh",
			Expiry: time.Now().AddDate(0, 0, 10).UTC().Truncate(24 * time.Hour),
		})
		s.Offer("P1Y", "9.99", id)
	}
	oneClick := true
	s.AddPaymentMethod(ovhrenewtest.PaymentMethod{Type: "CREDIT_CARD", SubType: "VISA", Default: true, OneClick: &oneClick, Integration: "IN_CONTEXT"})
	if err := s.Err(); err != nil {
		return err
	}
	if err := w.plan(ctx, s); err != nil {
		return err
	}
	w.surveyed += len(s.Requests())
	s.Forget()
	b := s.Behaviour()
	b.RateLimit = w.config.RateLimit
	s.SetBehaviour(b)
	w.inject(s, n)
	return nil
}

// plan surveys the account and plans to renew all of it.
func (w *World) plan(ctx context.Context, s *ovhrenewtest.Server) error {
	client, err := ovhrenew.NewWithConfig(s.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited})
	if err != nil {
		return err
	}
	policy := portfolio.Policy{Period: ovhrenew.P1Y, TaxPercent: "20", Total: []ovhrenew.Money{ovhrenew.MustMoney("100000000 EUR")}}
	today := ovhrenew.DateOf(time.Now())
	wants, err := policy.Wants(today)
	if err != nil {
		return err
	}
	var found []portfolio.Surveyed
	for service, err := range portfolio.Survey(ctx, client, portfolio.Query{Offers: wants}) {
		if err != nil {
			return err
		}
		found = append(found, service)
	}
	plan, err := portfolio.MakePlan(found, policy, today)
	if err != nil {
		return err
	}
	if len(plan.Items) != w.perAccount() {
		return fmt.Errorf("the plan has %d items, want %d", len(plan.Items), w.perAccount())
	}
	w.Plans = append(w.Plans, plan)
	return nil
}

// inject plans the faults, spread over the run.
func (w *World) inject(s *ovhrenewtest.Server, n int) {
	random := rand.New(rand.NewPCG(w.config.Seed, uint64(n))) // reproducible on purpose
	faults := (w.config.Lost + w.config.Late) / w.config.Accounts
	for _, route := range []string{ovhrenewtest.RouteOrder, ovhrenewtest.RoutePay} {
		for i := range faults {
			f := ovhrenewtest.Fault{Route: route, Kind: ovhrenewtest.Reset, When: ovhrenewtest.After, Skip: 1 + random.IntN(max(1, w.perAccount()-1))}
			if i >= w.config.Lost/w.config.Accounts {
				f.Kind, f.Delay = ovhrenewtest.Late, 700*time.Millisecond
			}
			s.Inject(f)
		}
	}
}

// PlanFile writes the plan of an account and returns where.
func (w *World) PlanFile(n int) (string, error) {
	text, err := json.Marshal(w.Plans[n])
	if err != nil {
		return "", err
	}
	path := filepath.Join(w.Dir, fmt.Sprintf("plan-%d.json", n))
	return path, os.WriteFile(path, text, 0o600)
}

// Environment is what a worker of an account's needs to find API and database.
func (w *World) Environment(n int) []string {
	s := w.Servers[n]
	keys := s.Credentials()
	env := []string{
		"OVH_ENDPOINT=" + s.Endpoint(), "OVH_APPLICATION_KEY=" + keys.AppKey, "OVH_APPLICATION_SECRET=" + keys.AppSecret,
		"OVH_CONSUMER_KEY=" + keys.ConsumerKey,
	}
	if w.Postgres != nil {
		env = append(env, "DATABASE_URL="+w.Postgres.URL())
	}
	return env
}

// Renewed is how many services have been paid for and have their new expiry.
func (w *World) Renewed() int {
	n := 0
	for _, s := range w.Servers {
		for _, service := range s.Services() {
			if service.Expiry.After(time.Now().AddDate(0, 6, 0)) {
				n++
			}
		}
	}
	return n
}
