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
		w.Close()
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

// share is what the nth account has of what all have together.
func (w *World) share(all, n int) int {
	if n < all%w.config.Accounts {
		return all/w.config.Accounts + 1
	}
	return all / w.config.Accounts
}

func (w *World) addAccount(ctx context.Context, n int) error {
	s := ovhrenewtest.New(ovhrenewtest.Behaviour{
		ChargeTwice: true, StatusLag: 200 * time.Millisecond, DeliveryDelay: 400 * time.Millisecond, ExpiryLag: 200 * time.Millisecond,
		RetryAfter: ovhrenewtest.RetryAfterSeconds,
	})
	if err := s.Listen("127.0.0.1:0"); err != nil {
		return err
	}
	w.Servers = append(w.Servers, s)
	for i := range w.share(w.config.Renewals, n) {
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
	plan, err := MakePlan(ctx, s, w.share(w.config.Renewals, n))
	if err != nil {
		return err
	}
	w.Plans = append(w.Plans, plan)
	w.surveyed += len(s.Requests())
	s.Forget()
	b := s.Behaviour()
	b.RateLimit = w.config.RateLimit
	s.SetBehaviour(b)
	w.inject(s, n)
	return nil
}

// MakePlan surveys an account and plans to renew all of it for a year. The error says so if
// that is not in so many items.
func MakePlan(ctx context.Context, s *ovhrenewtest.Server, items int) (*portfolio.Plan, error) {
	client, err := ovhrenew.NewWithConfig(s.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited})
	if err != nil {
		return nil, err
	}
	policy := portfolio.Policy{Period: ovhrenew.P1Y, TaxPercent: "20", Total: []ovhrenew.Money{ovhrenew.MustMoney("100000000 EUR")}}
	today := ovhrenew.DateOf(time.Now())
	wants, err := policy.Wants(today)
	if err != nil {
		return nil, err
	}
	var found []portfolio.Surveyed
	for service, err := range portfolio.Survey(ctx, client, portfolio.Query{Offers: wants}) {
		if err != nil {
			return nil, err
		}
		found = append(found, service)
	}
	plan, err := portfolio.MakePlan(found, policy, today)
	if err != nil {
		return nil, err
	}
	if len(plan.Items) != items {
		return nil, fmt.Errorf("the plan has %d items, want %d", len(plan.Items), items)
	}
	return plan, nil
}

// inject plans the faults, spread over the run.
func (w *World) inject(s *ovhrenewtest.Server, n int) {
	random := rand.New(rand.NewPCG(w.config.Seed, uint64(n))) // reproducible on purpose
	renewals, lost, late := w.share(w.config.Renewals, n), w.share(w.config.Lost, n), w.share(w.config.Late, n)
	for _, route := range []string{ovhrenewtest.RouteOrder, ovhrenewtest.RoutePay} {
		for i := range lost + late {
			f := ovhrenewtest.Fault{Route: route, Kind: ovhrenewtest.Reset, When: ovhrenewtest.After, Skip: 1 + random.IntN(max(1, renewals-1))}
			if i >= lost {
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
