// How renewals that are advanced one by one share their looks.

package ovhrenew_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// TestGather advances renewals step by step, as an engine with many does, and counts the
// requests: those that are gathered share their looks, and cost about half.
func TestGather(t *testing.T) {
	t.Parallel()
	const n = 40
	requests := map[time.Duration]float64{}
	for _, gather := range []time.Duration{0, time.Minute} {
		synctest.Test(t, func(t *testing.T) {
			server := ovhrenewtest.StartPipe(t, ovhrenewtest.Behaviour{ChargeTwice: true, DeliveryDelay: 2 * time.Minute})
			ovhrenewtest.Guide(server)
			tasks := make([]ovhrenew.Task, n)
			for i := range tasks {
				tasks[i] = domainTask(t, server, i)
			}
			client, err := ovhrenew.NewWithConfig(server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited})
			if err != nil {
				t.Fatal(err)
			}
			runner, err := ovhrenew.NewRunner(client, ovhrenewtest.NewMemory(ovhrenew.OnlyJournal))
			if err != nil {
				t.Fatal(err)
			}
			runner.Gather = gather
			began := time.Now()
			for left := n; left > 0; {
				for i, task := range tasks {
					if task.Receipt != nil || task.Next.After(time.Now()) {
						continue
					}
					if tasks[i], err = runner.Advance(t.Context(), task); err != nil {
						t.Fatalf("%d: %v", i, err)
					}
					if tasks[i].Receipt != nil {
						left--
					}
				}
				time.Sleep(time.Second)
			}
			if took := time.Since(began); took > 10*time.Minute {
				t.Errorf("Gather %v: it took %v", gather, took)
			}
			if paid := len(server.Payments()); paid != n {
				t.Errorf("Gather %v: %d payments, want %d", gather, paid, n)
			}
			requests[gather] = float64(len(server.Requests())) / n
		})
	}
	if requests[time.Minute] > 6 || requests[0] < 8 {
		t.Errorf("requests for each renewal: %v, want at most 6 with Gather, and it to matter", requests)
	}
}

// domainTask adds a domain and returns the task to renew it.
func domainTask(t *testing.T, server *ovhrenewtest.Server, i int) ovhrenew.Task {
	t.Helper()
	name := fmt.Sprintf("d%d.ovh", i)
	expiry := ovhrenew.DateOf(time.Now().AddDate(0, 0, 10))
	id := server.AddService(ovhrenewtest.Service{
		ID: int64(500_000 + i), Name: name, Route: "/domain/" + name, Type: "Domain .ovh", Product: "domain-ovh",
		Expiry: time.Now().AddDate(0, 0, 10).UTC().Truncate(24 * time.Hour),
	})
	server.Offer("P1Y", "9.99", id)
	to, err := ovhrenew.P1Y.AddTo(expiry)
	if err != nil {
		t.Fatal(err)
	}
	price := ovhrenew.MustMoney("9.99 EUR")
	service := ovhrenew.ServiceID(id)
	return ovhrenew.Task{
		Target: service, Offer: ovhrenew.Offer{Service: service, Period: ovhrenew.P1Y, Strategy: ovhrenew.RenewStrategy{Price: price, Services: []ovhrenew.ServiceID{service}}},
		Services: []ovhrenew.Renewed{{ServiceID: service, Name: name, From: expiry, To: to}},
		Prices:   []ovhrenew.Money{price}, Limit: ovhrenew.MustMoney("20 EUR"), PayWith: ovhrenew.DefaultMethod, Guards: ovhrenew.Guards{Early: true},
	}
}

// TestOthersOfTheJournal: an order that another process of the same journal has placed, and
// that shows before the journal says whose it is, is not taken for somebody's for ever.
func TestOthersOfTheJournal(t *testing.T) {
	t.Parallel()
	const lines = "GET /me/order/{orderId}/details"
	synctest.Test(t, func(t *testing.T) {
		server := ovhrenewtest.StartPipe(t, ovhrenewtest.Behaviour{ChargeTwice: true})
		ovhrenewtest.Guide(server)
		tasks := []ovhrenew.Task{domainTask(t, server, 0), domainTask(t, server, 1)}
		tasks[1].Approve = true // nobody answers: it goes on looking
		journal := ovhrenewtest.NewMemory(ovhrenew.OnlyJournal)
		var runners [2]*ovhrenew.Runner
		for i, j := range []ovhrenew.Journal{journal, journal.Another()} {
			client, err := ovhrenew.NewWithConfig(server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited})
			if err != nil {
				t.Fatal(err)
			}
			if runners[i], err = ovhrenew.NewRunner(client, j); err != nil {
				t.Fatal(err)
			}
		}
		advance := func(i int) {
			var err error
			if tasks[i], err = runners[i].Advance(t.Context(), tasks[i]); err != nil {
				t.Fatal(err)
			}
		}
		advance(1) // it has read the list, and placed its own
		looked := false
		server.OnAnswer(func(r ovhrenewtest.Request) {
			if r.Route == ovhrenewtest.RouteOrder && !looked {
				looked = true
				advance(1) // while the order of the first shows, and the journal does not have it
			}
		})
		advance(0)
		if !looked || server.Count(lines) == 0 {
			t.Fatal("the second process has not met the order of the first")
		}
		server.Forget()
		for range 4 {
			time.Sleep(40 * time.Second) // each look reads the list anew
			advance(1)
		}
		if n := server.Count(lines); n > 0 {
			t.Errorf("the lines of the journal's own order were read %d times more", n)
		}
		if server.Count(ovhrenewtest.RouteOrders) < 4 {
			t.Error("the list was not read anew")
		}
	})
}
