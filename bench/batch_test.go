// A night in which all that is due in an account is renewed: the guide's loop, with go-ovh alone, against this library.

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ovh/go-ovh/ovh"
	"golang.org/x/time/rate"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

var batch = flag.Bool("batch", false, "renew a large account in TestBatch, and print the table")

// night is an account with much that is due, on a simulated clock. The API delivers in a
// minute, shows an order in its list after 6 seconds, and takes the money again for a second
// order of the same.
type night struct {
	server *ovhrenewtest.Server
	plan   *portfolio.Plan
}

func newNight(t *testing.T, services, lost int) *night {
	t.Helper()
	n := &night{server: ovhrenewtest.StartPipe(t, ovhrenewtest.Behaviour{DeliveryDelay: time.Minute, ListLag: 6 * time.Second, ChargeTwice: true})}
	ovhrenewtest.Agency(n.server, services, 1)
	policy := portfolio.Policy{
		Period: ovhrenew.P1Y, TaxPercent: "20", Total: []ovhrenew.Money{ovhrenew.MustMoney("5000000 EUR")},
		Exceptions: []portfolio.PeriodException{{Services: portfolio.Selection{Products: []string{"*vps*", "*server*"}}, Period: ovhrenew.P1M}},
	}
	today := ovhrenew.DateOf(time.Now())
	wants, err := policy.Wants(today)
	if err != nil {
		t.Fatal(err)
	}
	var surveyed []portfolio.Surveyed
	for s, err := range portfolio.Survey(t.Context(), n.client(t, ovhrenew.Unlimited), portfolio.Query{Offers: wants}) {
		if err != nil {
			t.Fatal(err)
		}
		surveyed = append(surveyed, s)
	}
	if n.plan, err = portfolio.MakePlan(surveyed, policy, today); err != nil {
		t.Fatal(err)
	}
	n.server.Forget()
	if lost > 0 {
		for skip := lost - 1; skip < len(n.plan.Items); skip += lost {
			n.server.Inject(ovhrenewtest.Fault{Route: ovhrenewtest.RoutePay, Skip: skip, Kind: ovhrenewtest.Reset, When: ovhrenewtest.After})
		}
	}
	return n
}

func (n *night) client(t *testing.T, limiter ovhrenew.Limiter) *ovhrenew.API {
	t.Helper()
	client, err := ovhrenew.NewWithConfig(n.server.Client(), ovhrenew.Config{Limiter: limiter, Transport: n.server.Transport()})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// ours applies the plan; after an error it is applied again.
func (n *night) ours(t *testing.T) {
	journal, err := ovhrenew.OpenJournal(t.TempDir(), ovhrenew.OnlyJournal)
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		report, err := portfolio.Apply(t.Context(), n.client(t, nil), n.plan, portfolio.Options{PayWith: ovhrenew.DefaultMethod, Journal: journal})
		if err != nil {
			t.Fatal(err)
		}
		if report.Count(portfolio.OutcomeRenewed) == len(n.plan.Items) {
			return
		}
	}
	t.Error("the plan does not come to its end")
}

// paced is a transport at 60 requests a minute.
type paced struct {
	next    http.RoundTripper
	limiter *rate.Limiter
}

func (p paced) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := p.limiter.Wait(r.Context()); err != nil {
		return nil, err
	}
	return p.next.RoundTrip(r)
}

// guide renews what is due as OVHcloud's guide does, with go-ovh alone: each service by
// itself, if its expiry is still the old one. After an error it is started again.
func (n *night) guide(goroutines int) func(t *testing.T) {
	return func(t *testing.T) {
		limiter := rate.NewLimiter(1, 10)
		for range 200 {
			if err := n.guideOnce(t.Context(), goroutines, limiter); err == nil {
				time.Sleep(2 * time.Minute) // until all is delivered
				return
			} else if ovhErr := (*ovh.APIError)(nil); errors.As(err, &ovhErr) {
				t.Fatal(err)
			}
		}
		t.Error("the loop does not come to its end")
	}
}

func (n *night) guideOnce(ctx context.Context, goroutines int, limiter *rate.Limiter) error {
	due := make(chan portfolio.PlanItem, len(n.plan.Items))
	for _, item := range n.plan.Items {
		due <- item
	}
	close(due)
	errs := make([]error, goroutines)
	var all sync.WaitGroup
	for i := range goroutines {
		client := n.server.Client()
		client.Client = &http.Client{Transport: paced{n.server.Transport(), limiter}}
		all.Go(func() {
			for item := range due {
				for _, s := range item.Services {
					if s.Along {
						continue
					}
					if errs[i] = guideRenew(ctx, client, s, string(item.Period)); errs[i] != nil {
						return
					}
				}
			}
		})
	}
	all.Wait()
	return errors.Join(errs...)
}

func guideRenew(ctx context.Context, client *ovh.Client, s portfolio.PlannedService, period string) error {
	var service plainService
	if err := client.GetWithContext(ctx, fmt.Sprintf("/services/%d", s.ID), &service); err != nil { //nolint:forbidigo // what ours is measured against
		return err
	}
	if ovhrenew.DateOf(*service.Billing.ExpirationDate) != s.Expiry {
		return nil // renewed
	}
	var choices []struct {
		RenewPeriod string
		Strategies  []struct{ Services []int64 }
	}
	if err := client.GetWithContext(ctx, fmt.Sprintf("/service/%d/renew", s.ID), &choices); err != nil { //nolint:forbidigo // what ours is measured against
		return err
	}
	for _, choice := range choices {
		for _, strategy := range choice.Strategies {
			if choice.RenewPeriod != period || len(strategy.Services) != 1 {
				continue
			}
			var order struct{ OrderID int64 }
			body := map[string]any{"dryRun": false, "duration": period, "services": strategy.Services}
			if err := client.PostWithContext(ctx, fmt.Sprintf("/service/%d/renew", s.ID), body, &order); err != nil { //nolint:forbidigo // what ours is measured against
				return err
			}
			pay := map[string]any{"paymentMethod": map[string]any{"id": payWith}}
			return client.PostWithContext(ctx, fmt.Sprintf("/me/order/%d/pay", order.OrderID), pay, nil) //nolint:forbidigo // what ours is measured against
		}
	}
	return fmt.Errorf("service %d is not offered alone for %s", s.ID, period)
}

// payWith is the method that the simulated agency pays with by default.
var payWith int64

// came is what a night came to.
type came struct {
	name                     string
	renewed, requests, twice int
	each                     float64
	took                     time.Duration
	extra                    ovhrenewtest.Amount
}

// measure lets somebody renew all that is due.
func measure(t *testing.T, name string, services, lost int, how func(n *night) func(*testing.T)) came {
	c := came{name: name}
	t.Run(name, func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			n := newNight(t, services, lost)
			for method, err := range n.client(t, ovhrenew.Unlimited).PaymentMethods(t.Context()) {
				if err == nil && method.Default {
					payWith = int64(method.PaymentMethodID)
				}
			}
			n.server.Forget()
			began := time.Now()
			how(n)(t)
			c.took = time.Since(began)
			c.requests = len(n.server.Requests())
			orders := map[int64]ovhrenewtest.Order{}
			for _, o := range n.server.Orders() {
				orders[o.ID] = o
			}
			paid := map[int64]int{}
			for _, p := range n.server.Payments() {
				o := orders[p.Order]
				for _, id := range o.Services {
					if paid[id]++; paid[id] > 1 {
						c.twice++
						c.extra += o.WithTax / ovhrenewtest.Amount(len(o.Services))
					}
				}
			}
			for _, item := range n.plan.Items {
				for _, s := range item.Services {
					if paid[int64(s.ID)] > 0 {
						c.renewed++
					}
				}
			}
			c.each = float64(c.requests) / float64(len(n.plan.Items))
		})
	})
	return c
}

// Renewing all that is due in an account: requests, time, and what is paid twice when
// answers to payments are lost and the program is started again.
func TestBatch(t *testing.T) {
	services := 800
	if *batch {
		services = 8_000
	}
	var table strings.Builder
	fmt.Fprintf(&table, "| %d services | requests | for each item | time at 60 a minute | services renewed twice | paid for that |\n|---|---:|---:|---:|---:|---:|\n", services)
	for _, lost := range []int{0, 50} {
		ways := []came{
			measure(t, "the guide's loop, go-ovh", services, lost, func(n *night) func(*testing.T) { return n.guide(1) }),
			measure(t, "go-ovh, 8 goroutines", services, lost, func(n *night) func(*testing.T) { return n.guide(8) }),
			measure(t, "ovhrenew", services, lost, func(n *night) func(*testing.T) { return n.ours }),
		}
		for _, c := range ways {
			name := c.name
			if lost > 0 {
				name += fmt.Sprintf(", the answer to every %dth payment lost", lost)
			}
			fmt.Fprintf(&table, "| %s | %d | %.2f | %v | %d | %s EUR |\n", name, c.requests, c.each, c.took.Round(time.Second), c.twice, c.extra)
		}
		ours := ways[2]
		if ours.twice != 0 || ours.renewed == 0 || ours.each > 4.8 {
			t.Errorf("ovhrenew: %+v", ours)
		}
		if other := ways[0]; (lost > 0) != (other.twice > 0) {
			t.Errorf("%s: %d services twice: what is measured against does not do what it should", other.name, other.twice)
		}
	}
	t.Log("\n" + table.String())
}
