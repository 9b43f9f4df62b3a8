package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/internal/harness"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// account is a simulated account and the plan for it.
type account struct {
	name   string
	server *ovhrenewtest.Server
	plan   *portfolio.Plan
	ref    string
}

// openAccount starts an account of n domains that are due, surveys it and makes its plan.
func openAccount(ctx context.Context, dir, name string, n int, s scenario) (_ *account, err error) {
	a := &account{name: name, ref: name + "-plan", server: ovhrenewtest.New(ovhrenewtest.Behaviour{
		ChargeTwice: true, StatusLag: s.delivery / 2, DeliveryDelay: s.delivery, ExpiryLag: s.delivery / 2,
	})}
	if err := a.server.Listen("127.0.0.1:0"); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			a.server.Close()
		}
	}()
	for i := range n {
		domain := fmt.Sprintf("d%06d.example", i)
		id := a.server.AddService(ovhrenewtest.Service{
			ID: int64(100000 + i), Name: domain, Route: "/domain/" + domain, Type: "Domain .example", Product: "domain",
			Expiry: time.Now().AddDate(0, 0, 10).UTC().Truncate(24 * time.Hour),
		})
		a.server.Offer("P1Y", "9.99", id)
	}
	oneClick := true
	a.server.AddPaymentMethod(ovhrenewtest.PaymentMethod{Type: "CREDIT_CARD", SubType: "VISA", Default: true, OneClick: &oneClick, Integration: "IN_CONTEXT"})
	if a.plan, err = harness.MakePlan(ctx, a.server, n); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	text, err := json.Marshal(a.plan)
	if err != nil {
		return nil, err
	}
	b := a.server.Behaviour()
	b.RateLimit, b.RetryAfter = s.pace, ovhrenewtest.RetryAfterSeconds
	a.server.SetBehaviour(b)
	return a, os.WriteFile(planFile(dir, a.ref), text, 0o600)
}

func planFile(dir, ref string) string { return filepath.Join(dir, ref+".json") }

// inject plans faults of orders and payments, half of them lost and half late.
func (a *account) inject(n, renewals int, r *rand.Rand) {
	for i := range n {
		f := ovhrenewtest.Fault{Route: ovhrenewtest.RouteOrder, Kind: ovhrenewtest.Reset, When: ovhrenewtest.After, Skip: 1 + r.IntN(max(1, renewals/2))}
		if i%2 == 1 {
			f.Route = ovhrenewtest.RoutePay
		}
		if i%4 > 1 {
			f.Kind, f.Delay = ovhrenewtest.Late, 700*time.Millisecond
		}
		a.server.Inject(f)
	}
}

// tally is what became of accounts.
type tally struct {
	orders, payments       int
	once, twice, lost, odd int // services paid so often, and those with another expiry than planned
	unpaid                 int // orders
	requests, limited      int
	faulted                int
	routes                 map[string]int
}

// count adds what the account has come to.
func (t *tally) count(a *account) {
	t.orders += len(a.server.Orders())
	t.payments += len(a.server.Payments())
	for _, order := range a.server.Orders() {
		if order.Payments == 0 {
			t.unpaid++
		}
	}
	for _, item := range a.plan.Items {
		switch paid := a.server.PaymentsFor(int64(item.Via)); {
		case paid == 0:
			t.lost++
		case paid == 1:
			t.once++
		default:
			t.twice++
		}
		if ovhrenew.DateOf(a.server.Expiry(int64(item.Via))) != item.Services[0].NewExpiry {
			t.odd++
		}
	}
	if t.routes == nil {
		t.routes = map[string]int{}
	}
	for _, r := range a.server.Requests() {
		t.requests++
		t.routes[r.Route]++
		if r.Status == 429 {
			t.limited++
		}
	}
	t.faulted += len(a.server.Faults())
}
