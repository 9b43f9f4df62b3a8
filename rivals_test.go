package ovhrenew_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// Which orders of somebody's are in the way of the VPS for three months, at 17.97. An
// order is a day old unless it says when it was placed.
func TestRivals(t *testing.T) {
	t.Parallel()
	const vps, hosting = ovhrenewtest.GuideVPSID, ovhrenewtest.GuideHostingID
	star := ovhrenewtest.Behaviour{DetailDomain: "*"}
	named := func(name string) ovhrenewtest.Behaviour { return ovhrenewtest.Behaviour{DetailDomain: name} }
	for _, test := range []struct {
		name      string
		behaviour ovhrenewtest.Behaviour
		order     ovhrenewtest.Order
		in        bool // the way
	}{
		{"the same", ovhrenewtest.Behaviour{}, ovhrenewtest.Order{Services: []int64{vps}, Period: "P3M", Price: "17.97"}, true},
		{"another period", ovhrenewtest.Behaviour{}, ovhrenewtest.Order{Services: []int64{vps}, Period: "P1M", Price: "5.99"}, true},
		{"the name in capitals", named("VPS112233.OVH.NET."), ovhrenewtest.Order{Services: []int64{vps}, Period: "P3M", Price: "17.97"}, true},
		{"another service", ovhrenewtest.Behaviour{}, ovhrenewtest.Order{Services: []int64{hosting}, Period: "P3M", Price: "17.97"}, false},
		{"another service of another price", ovhrenewtest.Behaviour{}, ovhrenewtest.Order{Services: []int64{hosting}, Period: "P3M", Price: "1.00"}, false},
		{"a star of this price", star, ovhrenewtest.Order{Services: []int64{vps}, Period: "P3M", Price: "17.97"}, true},
		{"a star of another offer's price", star, ovhrenewtest.Order{Services: []int64{vps}, Period: "P1M", Price: "5.99"}, true},
		{"a star of no offer's price", star, ovhrenewtest.Order{Services: []int64{vps}, Period: "P3M", Price: "123.00"}, false},
		{"a star with more", named("*001"), ovhrenewtest.Order{Services: []int64{vps}, Period: "P3M", Price: "17.97"}, true},
		{"a name of nothing known, of this price", named("new.example"), ovhrenewtest.Order{Services: []int64{vps}, Period: "P3M", Price: "17.97"}, true},
		{"a voucher says nothing", ovhrenewtest.Behaviour{DetailType: "VOUCHER"}, ovhrenewtest.Order{Services: []int64{vps}, Period: "P3M", Price: "17.97"}, true},
		{"a voucher of no offer's price", ovhrenewtest.Behaviour{DetailType: "VOUCHER"}, ovhrenewtest.Order{Services: []int64{vps}, Period: "P3M", Price: "123.00"}, false},
		{"of somebody's, delivered just now", ovhrenewtest.Behaviour{}, ovhrenewtest.Order{Status: "delivered", Services: []int64{vps}, Period: "P3M", Price: "17.97"}, true},
		{"delivered long ago", ovhrenewtest.Behaviour{}, ovhrenewtest.Order{Status: "delivered", Services: []int64{vps}, Period: "P3M", Price: "17.97", Date: time.Date(1999, 11, 1, 0, 0, 0, 0, time.UTC)}, false},
		{"lapsed long ago", ovhrenewtest.Behaviour{}, ovhrenewtest.Order{Status: "cancelled", Services: []int64{vps}, Period: "P3M", Price: "17.97", Date: time.Date(1999, 11, 1, 0, 0, 0, 0, time.UTC)}, false},
		{"under way", ovhrenewtest.Behaviour{}, ovhrenewtest.Order{Status: "checking", Services: []int64{vps}, Period: "P3M", Price: "17.97"}, true},
		{"of a status nobody knows", ovhrenewtest.Behaviour{}, ovhrenewtest.Order{Status: "newOf2031", Services: []int64{vps}, Period: "P3M", Price: "17.97"}, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				server, client, req := renewalCase{behaviour: test.behaviour}.inBubble(t)
				test.order.ID = 700
				if test.order.Status == "" {
					test.order.Status = "notPaid"
				}
				if test.order.Date.IsZero() {
					test.order.Date = server.Now().Add(-24 * time.Hour)
				}
				server.AddOrder(test.order)
				paid := len(server.Payments())
				receipt, err := ovhrenew.Renew(t.Context(), client, req)
				if !test.in {
					if err != nil || receipt.Price.String() != "21.56 EUR" {
						t.Fatalf("Renew = %v, %v, want a receipt", receipt, err)
					}
					spendCalls(t, server, 1, 1)
					return
				}
				failed, _ := errors.AsType[*ovhrenew.StepError](err)
				if !errors.Is(err, ovhrenew.ErrForeignOrder) || failed.Order != 700 || failed.Paid != ovhrenew.PaidUnsure {
					t.Fatalf("Renew = %v, %v, want ErrForeignOrder of order 700, paid unsure", receipt, err)
				}
				if !strings.Contains(err.Error(), "order 700 of ") || !strings.Contains(err.Error(), "Guards.TakeOver") {
					t.Errorf("%v, want the order, and what can be done", err)
				}
				spendCalls(t, server, 0, 0)
				// A person names it as in nobody's way.
				req.Guards.IgnoreOrders = []ovhrenew.OrderID{700}
				if _, err := ovhrenew.Renew(t.Context(), client, req); err != nil || len(server.Payments()) != paid+1 {
					t.Errorf("with IgnoreOrders: %v, %d payments, want 1", err, len(server.Payments())-paid)
				}
			})
		})
	}
}

// TestForgottenOrder moves the file of a service's states away, or puts an old one in its
// place, while an order of the journal's is under way: nobody looks after the order any more,
// and it is in the way like somebody's until it has come to its end.
func TestForgottenOrder(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		behaviour ovhrenewtest.Behaviour
		ordered   bool // and not paid
		old       bool // a file is put in the place
	}{
		"unpaid":                {ovhrenewtest.Behaviour{}, true, false},
		"being delivered":       {ovhrenewtest.Behaviour{DeliveryDelay: 10 * time.Hour}, false, false},
		"delivered, not shown":  {ovhrenewtest.Behaviour{ExpiryLag: 10 * time.Hour}, false, false},
		"unpaid, an old file":   {ovhrenewtest.Behaviour{}, true, true},
		"under way, an old one": {ovhrenewtest.Behaviour{DeliveryDelay: 10 * time.Hour}, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { forget(t, test.behaviour, test.ordered, test.old) })
		})
	}
}

func forget(t *testing.T, behaviour ovhrenewtest.Behaviour, ordered, old bool) {
	t.Helper()
	behaviour.ChargeTwice = true
	server, client, req := renewalCase{behaviour: behaviour}.inBubble(t)
	dir := t.TempDir()
	states := filepath.Join(dir, "services", "11223344.jsonl")
	journal, err := ovhrenew.OpenJournal(dir, ovhrenew.OnlyJournal)
	if err != nil {
		t.Fatal(err)
	}
	req.Journal = journal
	var before []byte
	if old {
		for range 2 { // the second, once it shows
			if _, err = ovhrenew.Renew(t.Context(), client, req); err == nil {
				break
			}
			time.Sleep(11 * time.Hour) //nolint:forbidigo // of fake time
		}
		first, err := ovhrenew.Renew(t.Context(), client, req)
		if err != nil {
			t.Fatal(err)
		}
		if before, err = os.ReadFile(states); err != nil {
			t.Fatal(err)
		}
		time.Sleep(80 * 24 * time.Hour) //nolint:forbidigo // of fake time
		req.From = first.Services[0].To
	}
	runner, err := ovhrenew.NewRunner(client, journal)
	if err != nil {
		t.Fatal(err)
	}
	task, err := runner.Propose(t.Context(), req)
	if err == nil {
		task, err = runner.Advance(t.Context(), task)
	}
	if err != nil || task.Phase != ovhrenew.PhaseOrdered {
		t.Fatalf("Advance = %s, %v, want it ordered", task.Phase, err)
	}
	if !ordered {
		if _, err := runner.Run(t.Context(), task); !errors.Is(err, ovhrenew.ErrPending) {
			t.Fatalf("Run = %v, want %v", err, ovhrenew.ErrPending)
		}
	}
	if err = os.Rename(states, states+".away"); err == nil && old {
		err = os.WriteFile(states, before, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	orders, payments := server.Count(ovhrenewtest.RouteOrder), payCalls(server)
	for range 2 { // a program that was restarted
		_, err := ovhrenew.Renew(t.Context(), client, req)
		if failed, ok := errors.AsType[*ovhrenew.StepError](err); !errors.Is(err, ovhrenew.ErrForeignOrder) || !ok || failed.Order != task.Order || failed.Paid != ovhrenew.PaidUnsure {
			t.Fatalf("Renew = %v, want ErrForeignOrder of order %d, paid unsure", err, task.Order)
		}
		if !strings.Contains(err.Error(), "placed from here, with no record of what became of it") {
			t.Errorf("Renew = %v, want it to say whose the order is", err)
		}
	}
	spendCalls(t, server, orders, payments)
	if ordered { // a person, who has looked
		req.Guards.TakeOver = task.Order
		if receipt, err := ovhrenew.Renew(t.Context(), client, req); err != nil || receipt.Order != task.Order {
			t.Errorf("with TakeOver: %v, %v", receipt, err)
		}
		spendCalls(t, server, orders, payments+1)
	}
}

// TestForgottenWithoutJournal runs a task, cut off before it pays or paid and not delivered, and
// renews once more, with one runner that has no journal: what it has ordered is in the way until
// it has come to its end. One step at a time needs a journal.
func TestForgottenWithoutJournal(t *testing.T) {
	t.Parallel()
	for name, delay := range map[string]time.Duration{"unpaid": 0, "being delivered": 10 * time.Hour} {
		synctest.Test(t, func(t *testing.T) {
			server, client, req := renewalCase{behaviour: ovhrenewtest.Behaviour{ChargeTwice: true, DeliveryDelay: delay}}.inBubble(t)
			req.Journal = ovhrenew.NoJournal
			runner, err := ovhrenew.NewRunner(client, req.Journal)
			if err != nil {
				t.Fatal(err)
			}
			task, err := runner.Propose(t.Context(), req)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := runner.Advance(t.Context(), task); !errors.Is(err, ovhrenew.ErrBadInput) {
				t.Errorf("Advance = %v, want ErrBadInput", err)
			}
			payments, ctx := 1, t.Context()
			if delay == 0 {
				cut, cancel := context.WithTimeout(ctx, time.Minute)
				defer cancel()
				payments, ctx = 0, cut
			}
			task, err = runner.Run(ctx, task)
			if task.Order == 0 || !errors.Is(err, ovhrenew.ErrPending) && !errors.Is(err, context.DeadlineExceeded) {
				t.Fatalf("%s: %s, %v", name, task.Phase, err)
			}
			order := task.Order
			for range 3 {
				again, err := runner.Propose(t.Context(), req)
				if err == nil {
					_, err = runner.Run(t.Context(), again)
				}
				if failed, ok := errors.AsType[*ovhrenew.StepError](err); !errors.Is(err, ovhrenew.ErrForeignOrder) || !ok || failed.Order != order {
					t.Errorf("%s: %v, want ErrForeignOrder of order %d", name, err, order)
				}
				time.Sleep(20 * time.Minute) //nolint:forbidigo // of fake time
			}
			spendCalls(t, server, 1, payments)
		})
	}
}
