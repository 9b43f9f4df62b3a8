//go:build unix

package harness

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

func world(t *testing.T, config Config) *World {
	t.Helper()
	w, err := New(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Close)
	return w
}

// The accounts have all renewals between them, as many faults as are asked for, and a plan
// each that can be read from its file.
func TestNew(t *testing.T) {
	t.Parallel()
	w := world(t, Config{Renewals: 8, Accounts: 3, Lost: 4, Late: 2, RateLimit: 500, WithoutPostgres: true, Seed: 1})
	var services []int
	for n, server := range w.Servers {
		services = append(services, len(server.Services()))
		if got := server.Behaviour(); got.RateLimit != 500 || !got.ChargeTwice {
			t.Errorf("account %d: %+v", n, got)
		}
		if len(server.Requests()) > 0 {
			t.Errorf("account %d counts the survey", n)
		}
		file, err := w.PlanFile(n)
		if err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var plan portfolio.Plan
		if err := json.Unmarshal(text, &plan); err != nil || len(plan.Items) != services[n] || !strings.HasPrefix(file, w.Dir) {
			t.Errorf("account %d: the plan in %s has %d items, %v", n, file, len(plan.Items), err)
		}
		env := w.Environment(n)
		for _, want := range []string{"OVH_ENDPOINT=" + server.Endpoint(), "OVH_CONSUMER_KEY=" + server.Credentials().ConsumerKey} {
			if !slices.Contains(env, want) {
				t.Errorf("account %d: the environment lacks %s", n, want)
			}
		}
		if database := slices.ContainsFunc(env, func(s string) bool { return strings.HasPrefix(s, "DATABASE_URL=") }); database != (w.Postgres != nil) {
			t.Errorf("account %d: a database is named: %t", n, database)
		}
	}
	if !slices.Equal(services, []int{3, 3, 2}) || w.surveyed < 8 {
		t.Errorf("the accounts have %v services, surveyed with %d requests", services, w.surveyed)
	}
	if w.share(4, 0)+w.share(4, 1)+w.share(4, 2) != 4 {
		t.Error("faults are lost between the accounts")
	}
	dir := w.Dir
	w.Close()
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("after Close there is %s: %v", dir, err)
	}
}

// Faults hit orders and payments, so many of each: the answers of some are lost, and others
// take effect later.
func TestInject(t *testing.T) {
	t.Parallel()
	w := world(t, Config{Renewals: 6, Lost: 2, Late: 1, WithoutPostgres: true, Seed: 1})
	s := w.Servers[0]
	client, err := ovhrenew.NewWithConfig(s.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited, Attempts: 1})
	if err != nil {
		t.Fatal(err)
	}
	failed := 0
	for _, item := range append(slices.Clone(w.Plans[0].Items), w.Plans[0].Items...) {
		order, err := client.PlaceOrder(t.Context(), item.Offer())
		if err != nil {
			failed++
			continue
		}
		with, err := ovhrenew.CheckPayment(t.Context(), client, order.OrderID, ovhrenew.DefaultMethod)
		if err != nil {
			t.Fatal(err)
		}
		if err := client.Pay(t.Context(), order.OrderID, with); err != nil {
			failed++
		}
	}
	kinds := map[string]int{}
	for _, fired := range s.Faults() {
		kinds[fired.Request.Route+" "+fired.Fault.Kind.String()]++
	}
	for _, route := range []string{ovhrenewtest.RouteOrder, ovhrenewtest.RoutePay} {
		if kinds[route+" Reset"] != 2 || kinds[route+" Late"] != 1 {
			t.Errorf("of %s there fail %v", route, kinds)
		}
	}
	if failed != 6 {
		t.Errorf("%d calls failed, want 6", failed)
	}
}

// A plan that does not have what it should is an error: a run with it would count wrongly.
func TestMakePlan(t *testing.T) {
	t.Parallel()
	w := world(t, Config{Renewals: 2, WithoutPostgres: true})
	if plan, err := MakePlan(t.Context(), w.Servers[0], 2); err != nil || len(plan.Items) != 2 {
		t.Errorf("%v, %v", plan, err)
	}
	if _, err := MakePlan(t.Context(), w.Servers[0], 3); err == nil || !strings.Contains(err.Error(), "2 items, want 3") {
		t.Errorf("of another number: %v", err)
	}
	w.Servers[0].Inject(ovhrenewtest.Fault{Route: "GET /services", Kind: ovhrenewtest.StatusFault, Status: 403, Times: -1})
	if _, err := MakePlan(t.Context(), w.Servers[0], 2); err == nil {
		t.Error("an account that cannot be read has a plan")
	}
}
