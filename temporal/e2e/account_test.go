package main

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// The count is of what the account saw: orders that were paid once, twice and not at all.
func TestCount(t *testing.T) {
	a, err := openAccount(t.Context(), t.TempDir(), "account", 3, scenario{delivery: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(a.server.Close)
	a.inject(5, 3, rand.New(rand.NewPCG(1, 1)))
	a.server.ClearFaults()
	client, err := ovhrenew.NewWithConfig(a.server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited})
	if err != nil {
		t.Fatal(err)
	}
	order := func(item int) ovhrenew.OrderID {
		o, err := client.PlaceOrder(t.Context(), a.plan.Items[item].Offer())
		if err != nil {
			t.Fatal(err)
		}
		return o.OrderID
	}
	one, two := order(0), order(1)
	with, err := ovhrenew.CheckPayment(t.Context(), client, one, ovhrenew.DefaultMethod)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []ovhrenew.OrderID{one, two, two} {
		if err := client.Pay(t.Context(), id, with); err != nil {
			t.Fatal(err)
		}
	}
	order(1)
	var got tally
	got.count(a)
	if got.orders != 3 || got.payments != 3 || got.once != 1 || got.twice != 1 || got.lost != 1 || got.unpaid != 1 {
		t.Errorf("counted %+v", got)
	}
	if got.requests == 0 || got.routes[ovhrenewtest.RoutePay] != 3 {
		t.Errorf("counted %d requests, by route %v", got.requests, got.routes)
	}
}
