package ovhrenew_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

func TestNewRunnerRefuses(t *testing.T) {
	t.Parallel()
	client, _ := mocked(t)
	for name, make := range map[string]func() (*ovhrenew.Runner, error){
		"no client":  func() (*ovhrenew.Runner, error) { return ovhrenew.NewRunner(nil, ovhrenew.NoJournal) },
		"no journal": func() (*ovhrenew.Runner, error) { return ovhrenew.NewRunner(client, nil) },
	} {
		if runner, err := make(); runner != nil || !errors.Is(err, ovhrenew.ErrBadInput) {
			t.Errorf("%s: NewRunner = %v, %v, want ErrBadInput", name, runner, err)
		}
	}
}

// Advance returns when there is something to wait for: no time passes in it, and it says
// when to call again.
func TestAdvanceNeverSleeps(t *testing.T) {
	t.Parallel()
	for name, behaviour := range map[string]ovhrenewtest.Behaviour{
		"listed late":        {ListLag: time.Minute},
		"delivered late":     {DeliveryDelay: 10 * time.Minute},
		"expiry late":        {ExpiryLag: 10 * time.Minute},
		"payment shown late": {StatusLag: 5 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				server, client, req := renewalCase{behaviour: behaviour}.inBubble(t)
				runner, err := ovhrenew.NewRunner(client, req.Journal)
				if err != nil {
					t.Fatal(err)
				}
				task, err := runner.Propose(t.Context(), req)
				if err != nil {
					t.Fatal(err)
				}
				waits := 0
				for calls := 0; task.Receipt == nil; calls++ {
					if calls > 100 {
						t.Fatalf("no end after %d calls: %s", calls, task.Phase)
					}
					began := time.Now()
					if task, err = runner.Advance(t.Context(), task); err != nil {
						t.Fatal(err)
					}
					if took := time.Since(began); took != 0 {
						t.Fatalf("Advance took %s", took)
					}
					if task.Receipt == nil && task.Next.IsZero() {
						t.Fatalf("%s without a receipt or a time to call again", task.Phase)
					}
					if pause := time.Until(task.Next); pause > 0 {
						waits++
						time.Sleep(pause) //nolint:forbidigo // of fake time
					}
				}
				if waits == 0 {
					t.Error("nothing was waited for")
				}
				spendCalls(t, server, 1, 1)
			})
		})
	}
}

// One runner serves many goroutines, each with a service of its own.
func TestRunnerConcurrent(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server, client, req := renewalCase{}.inBubble(t)
		const n = 20
		for i := range n {
			server.AddService(ovhrenewtest.Service{ID: int64(5000 + i), Name: fmt.Sprintf("vps-%d.ovh.net", i), Route: fmt.Sprintf("/vps/vps-%d.ovh.net", i), Expiry: server.Now().AddDate(0, 0, 10)})
			server.Offer("P1M", "5.99", int64(5000+i))
		}
		runner, err := ovhrenew.NewRunner(client, req.Journal)
		if err != nil {
			t.Fatal(err)
		}
		var group sync.WaitGroup
		for i := range n {
			group.Go(func() {
				mine := req
				mine.Service, mine.Rules = ovhrenew.ID(5000+ovhrenew.ServiceID(i)), []ovhrenew.Rule{ovhrenew.For(ovhrenew.P1M)}
				task, err := runner.Propose(t.Context(), mine)
				if err == nil {
					task, err = runner.Run(t.Context(), task)
				}
				if err != nil || task.Receipt == nil || task.Phase != ovhrenew.PhaseRenewed {
					t.Errorf("service %d: %s, %v", 5000+i, task.Phase, err)
				}
			})
		}
		group.Wait()
		spendCalls(t, server, n, n)
		for i := range n {
			if paid := server.PaymentsFor(int64(5000 + i)); paid != 1 {
				t.Errorf("service %d was paid %d times", 5000+i, paid)
			}
		}
	})
}

// An order that shows in a reading for another renewal, before the call that placed it is
// answered, is the call's own all the same.
func TestOrderListedBeforeItsAnswer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server, client, req := renewalCase{}.inBubble(t)
		runner, err := ovhrenew.NewRunner(client, req.Journal)
		if err != nil {
			t.Fatal(err)
		}
		other, err := runner.Propose(t.Context(), renewBundle(req.Journal, "EUR"))
		if err == nil {
			other, err = runner.Advance(t.Context(), other) // its order is not listed yet
		}
		if err != nil || other.Phase != ovhrenew.PhaseOrdered {
			t.Fatal(other.Phase, err)
		}
		task, err := runner.Propose(t.Context(), req)
		if err != nil {
			t.Fatal(err)
		}
		hooked(ovhrenewtest.RouteOrder, func(*ovhrenewtest.Server) {
			if other, err := runner.Advance(t.Context(), other); err != nil || other.Receipt == nil {
				t.Errorf("the other renewal: %s, %v", other.Phase, err)
			}
		})(server)
		if task, err = runner.Run(t.Context(), task); err != nil || task.Receipt == nil {
			t.Fatalf("Run: %s, %v", task.Phase, err)
		}
		spendCalls(t, server, 2, 2)
	})
}

// follow advances a task until it ends or fails, and waits in between.
func follow(t *testing.T, runner *ovhrenew.Runner, task ovhrenew.Task, most time.Duration) (ovhrenew.Task, error) {
	t.Helper()
	for began := time.Now(); time.Since(began) < most; {
		var err error
		if task, err = runner.Advance(t.Context(), task); err != nil || task.Receipt != nil {
			return task, err
		}
		time.Sleep(time.Until(task.Next))
	}
	t.Fatalf("it is %s after %v", task.Phase, most)
	return task, nil
}

// One that advances step by step is told when the patience is over, and that a call which
// it has followed had no effect: it is not sent anew without being asked.
func TestAdvanceEnds(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		fault  ovhrenewtest.Fault
		want   error
		orders int
		pays   int
		paid   ovhrenew.Paid
	}{
		"the orders cannot be read": {ovhrenewtest.Fault{Route: "GET /me/order", Kind: ovhrenewtest.StatusFault, Times: -1}, ovhrenew.ErrUnread, 0, 0, ovhrenew.PaidUnsure},
		"the order has no effect":   {ovhrenewtest.Fault{Route: ovhrenewtest.RouteOrder, Kind: ovhrenewtest.Reset, Times: -1}, ovhrenew.ErrNoEffect, 1, 0, ovhrenew.PaidNo},
		"the payment has no effect": {ovhrenewtest.Fault{Route: ovhrenewtest.RoutePay, Kind: ovhrenewtest.Reset, Times: -1}, ovhrenew.ErrNoEffect, 1, 1, ovhrenew.PaidNo},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				server, client, req := renewalCase{}.inBubble(t)
				server.Inject(tt.fault)
				runner, err := ovhrenew.NewRunner(client, req.Journal)
				if err != nil {
					t.Fatal(err)
				}
				task, err := runner.Propose(t.Context(), req)
				if err != nil {
					t.Fatal(err)
				}
				task, err = follow(t, runner, task, 2*time.Hour)
				var failed *ovhrenew.StepError
				if !errors.Is(err, tt.want) || !errors.As(err, &failed) || failed.Paid != tt.paid {
					t.Errorf("%s: %v, want %v and paid: %s", task.Phase, err, tt.want, tt.paid)
				}
				if orders, pays := server.Count(ovhrenewtest.RouteOrder), server.Count(ovhrenewtest.RoutePay); orders != tt.orders || pays != tt.pays {
					t.Errorf("%d orders and %d payments were sent, want %d and %d", orders, pays, tt.orders, tt.pays)
				}
				server.ClearFaults()
				if task, err = follow(t, runner, task, 2*time.Hour); err != nil || task.Receipt == nil {
					t.Errorf("afterwards: %s, %v", task.Phase, err)
				}
			})
		})
	}
}

// A person's no has to be remembered: with an approval, a journal is needed, whether the
// renewal is a request or a task.
func TestApproveNeedsAJournal(t *testing.T) {
	t.Parallel()
	server, client, req := renewalCase{}.inBubble(t)
	req.Journal, req.Approve = ovhrenew.NoJournal, func(context.Context, ovhrenew.Approval) (ovhrenew.Answer, error) { return ovhrenew.AnswerYes, nil }
	_, renewErr := ovhrenew.Renew(t.Context(), client, req)
	runner, err := ovhrenew.NewRunner(client, ovhrenew.NoJournal)
	if err != nil {
		t.Fatal(err)
	}
	task := ovhrenew.Task{Approve: true}
	_, advanceErr := runner.Advance(t.Context(), task)
	_, runErr := runner.Run(t.Context(), task)
	for call, err := range map[string]error{"Renew": renewErr, "Advance": advanceErr, "Run": runErr} {
		if !errors.Is(err, ovhrenew.ErrBadInput) || !strings.Contains(err.Error(), "nowhere to remember") {
			t.Errorf("%s with an approval and NoJournal: %v", call, err)
		}
	}
	if n := len(server.Requests()); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
}
