//go:build unix

package harness

import (
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// The count is of what the accounts saw: services that were paid for once, twice and not at
// all, orders that nobody paid, and requests.
func TestCount(t *testing.T) {
	t.Parallel()
	w := world(t, Config{Renewals: 3, WithoutPostgres: true})
	s := w.Servers[0]
	b := s.Behaviour()
	b.StatusLag, b.DeliveryDelay, b.ExpiryLag = 0, 0, 0
	s.SetBehaviour(b)
	client, err := ovhrenew.NewWithConfig(s.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited})
	if err != nil {
		t.Fatal(err)
	}
	order := func(item int) ovhrenew.OrderID {
		o, err := client.PlaceOrder(t.Context(), w.Plans[0].Items[item].Offer())
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
	s.Inject(ovhrenewtest.Fault{Route: "GET /me", Kind: ovhrenewtest.StatusFault, Status: 429})
	if _, err := client.Account(t.Context()); err != nil {
		t.Fatal(err)
	}
	f := start(t, 2, func(int) *exec.Cmd { return exec.Command("true") })
	f.kills.Store(3)
	f.stops.Store(4)
	r := w.Count("run", f, 2*time.Second)
	if r.Orders != 3 || r.Payments != 3 || r.Twice != 1 || r.Lost != 1 || r.Unpaid != 1 || r.Limited != 1 || r.Faults != 1 || r.Renewals != 3 {
		t.Errorf("counted %+v", r)
	}
	if r.Workers != 2 || r.Kills != 3 || r.Stops != 4 {
		t.Errorf("of the fleet it counted %+v", r)
	}
	if r.Requests != len(s.Requests()) || r.Routes[ovhrenewtest.RoutePay] != 3 || r.Surveyed != w.surveyed {
		t.Errorf("counted %d requests, by route %v", r.Requests, r.Routes)
	}
	if got := w.Count("run", nil, time.Second); got.Workers != 0 || got.Orders != 3 {
		t.Errorf("without a fleet it counted %+v", got)
	}
}

// A row has as many cells as the header, and says what was counted.
func TestRow(t *testing.T) {
	t.Parallel()
	r := Result{Name: "run", Renewals: 4, Workers: 2, Orders: 5, Payments: 6, Twice: 7, Lost: 8, Requests: 30, Surveyed: 10, Took: 2 * time.Second, Routes: map[string]int{"GET /b": 8, "GET /a": 2}}
	head, _, _ := strings.Cut(Header, "\n")
	if got, want := r.Row(), "| run | 4 | 2 | 0 | 0 | 0 | 5/6 | 7 | 8 | 0 | 0 | 2.0/s | 10.0 |"; got != want || strings.Count(got, "|") != strings.Count(head, "|") {
		t.Errorf("%s\n%s, want %s", head, got, want)
	}
	if got, want := r.ByRoute(), "       2    0.50  GET /a\n       8    2.00  GET /b\n"; got != want {
		t.Errorf("by route\n%swant\n%s", got, want)
	}
}
