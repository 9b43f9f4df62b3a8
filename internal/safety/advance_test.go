// These tests carry renewals out one step at a time, as a workflow engine does: the task
// is kept as JSON between the calls, and each call may be another process.

package safety_test

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// viaJSON is a task as an engine gets it back.
func viaJSON(t *testing.T, task ovhrenew.Task) ovhrenew.Task {
	t.Helper()
	text, err := json.Marshal(task)
	if err != nil {
		t.Fatal(err)
	}
	var back ovhrenew.Task
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	again, err := json.Marshal(back)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(text), string(again)); diff != "" {
		t.Fatalf("a task changes by its JSON (-first +second):\n%s", diff)
	}
	return back
}

// engine advances a task to its end, each call by a process of its own that may die.
type engine struct {
	w       *world
	journal ovhrenew.Journal
	approve ovhrenew.Approver
	dieAt   func(call int) int // the act at which the process of a call dies; 0: never
	calls   int
	phases  []ovhrenew.Phase
}

func (e *engine) runner(p *process) *ovhrenew.Runner {
	r, err := ovhrenew.NewRunner(p.client, p.journal)
	if err != nil {
		e.w.tb.Fatal(err)
	}
	r.Approve = e.approve
	return r
}

func (e *engine) propose(req func(*process) ovhrenew.Request) (ovhrenew.Task, error) {
	p := e.w.start(e.journal, 0)
	defer p.kill()
	return e.runner(p).Propose(p.ctx, req(p))
}

// run calls Advance until there is a receipt or an error that is not the process's death.
func (e *engine) run(t *testing.T, task ovhrenew.Task) (ovhrenew.Task, error) {
	t.Helper()
	for range 500 {
		e.calls++
		at := 0
		if e.dieAt != nil {
			at = e.dieAt(e.calls)
		}
		p := e.w.start(e.journal, at)
		sent := e.w.paysSent() + e.w.server.Count(ovhrenewtest.RouteOrder)
		began := time.Now()
		next, err := e.runner(p).Advance(p.ctx, viaJSON(t, task))
		if n := e.w.paysSent() + e.w.server.Count(ovhrenewtest.RouteOrder) - sent; n > 1 {
			t.Fatalf("one call of Advance sent %d spending calls", n)
		}
		if d := time.Since(began); d > 0 && at == 0 && e.w.server.Behaviour().Latency == 0 && len(e.w.server.Faults()) == 0 {
			t.Fatalf("Advance slept for %v", d)
		}
		p.kill()
		if p.dead.Load() {
			continue
		}
		task = next
		if len(e.phases) == 0 || e.phases[len(e.phases)-1] != task.Phase {
			e.phases = append(e.phases, task.Phase)
		}
		if err != nil || task.Receipt != nil {
			return task, err
		}
		if task.Next.IsZero() {
			t.Fatalf("neither an end nor a time to call again: %+v", task)
		}
		time.Sleep(time.Until(task.Next))
	}
	t.Fatal("no end")
	return task, nil
}

func TestAdvance(t *testing.T) {
	t.Parallel()
	for _, sharing := range []ovhrenew.Sharing{ovhrenew.OnlyJournal, ovhrenew.OneOfSeveral} {
		t.Run(string(sharing), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true, DeliveryDelay: 5 * time.Minute})
				e := &engine{w: w, journal: &memoryJournal{sharing: sharing}}
				task, err := e.propose(w.renewBundle)
				if err != nil {
					t.Fatal(err)
				}
				began := time.Now()
				task, err = e.run(t, task)
				if err != nil {
					t.Fatal(err)
				}
				want := []ovhrenew.Phase{ovhrenew.PhaseOrdered, ovhrenew.PhasePaid, ovhrenew.PhaseRenewed}
				if diff := cmp.Diff(want, e.phases); diff != "" {
					t.Errorf("phases (-want +got):\n%s", diff)
				}
				if w.payments([]ovhrenew.ServiceID{domain, hosting}) != 1 || task.Receipt.Price != ovhrenew.MustMoney("45.44 EUR") {
					t.Errorf("receipt %v", task.Receipt)
				}
				paid := w.server.Payments()[0].Time.Sub(began)
				if early := paid < 10*time.Minute; early != (sharing == ovhrenew.OnlyJournal) {
					t.Errorf("paid after %v", paid)
				}
				// The receipt has reached the journal, and a task of before the end gets it.
				for receipt := range e.journal.Receipts(context.Background(), "", time.Time{}) {
					if receipt.Order != task.Order {
						t.Errorf("the journal has the receipt of order %d", receipt.Order)
					}
				}
				task.Receipt, task.Phase = nil, ovhrenew.PhaseOrdered
				again, err := e.run(t, task)
				if err != nil || again.Receipt == nil || !again.Receipt.Already {
					t.Errorf("again: %v, %v", again.Receipt, err)
				}
			})
		})
	}
}

// TestAdvanceDies lets the process of each call die at one of its acts.
func TestAdvanceDies(t *testing.T) {
	t.Parallel()
	for at := 1; at < 30; at++ {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true, DeliveryDelay: time.Minute, StatusLag: 2 * time.Minute})
			e := &engine{w: w, journal: &memoryJournal{}, dieAt: func(call int) int {
				if call%2 == 0 && call < 20 {
					return at
				}
				return 0
			}}
			task, err := e.propose(w.renewVPS)
			if err != nil {
				t.Fatal(err)
			}
			for range 5 {
				if task, err = e.run(t, task); err == nil {
					break
				}
				if r := ovhrenew.ReactionTo(err); r != ovhrenew.ReactAgain {
					t.Fatalf("at %d: %s: %v", at, r, err)
				}
			}
			if n := w.server.PaymentsFor(int64(vps)); n != 1 || task.Receipt == nil {
				t.Fatalf("at %d: paid %d times: %v", at, n, err)
			}
		})
	}
}

// TestApproval asks a person between order and payment.
func TestApproval(t *testing.T) {
	t.Parallel()
	for _, last := range []ovhrenew.Answer{ovhrenew.AnswerYes, ovhrenew.AnswerNo} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true})
			journal := &memoryJournal{}
			asked := 0
			approve := func(_ context.Context, a ovhrenew.Approval) (ovhrenew.Answer, error) {
				asked++
				if a.Order.PriceWithTax != ovhrenew.MustMoney("21.56 EUR") || a.Order.OrderID == 0 || w.paysSent() > 0 {
					t.Errorf("asked about %v", a.Order)
				}
				switch asked {
				case 1:
					return ovhrenew.AnswerLater, nil
				case 2:
					return "", errors.New("the chat is down")
				}
				time.Sleep(8 * time.Minute) // what was seen before is old by now
				return last, nil
			}
			request := func() (*ovhrenew.Receipt, error) {
				p := w.start(journal, 0)
				defer p.kill()
				req := w.renewVPS(p)
				req.Approve = approve
				return ovhrenew.Renew(p.ctx, p.client, req)
			}
			receipt, err := request()
			if last == ovhrenew.AnswerYes {
				if err != nil || receipt == nil || asked != 3 || w.server.PaymentsFor(int64(vps)) != 1 {
					t.Fatalf("asked %d times: %v, %v", asked, receipt, err)
				}
				return
			}
			for range 3 { // the no is kept, also after the order has lapsed
				var failed *ovhrenew.StepError
				if !errors.Is(err, ovhrenew.ErrRejected) || !errors.As(err, &failed) || failed.Paid != ovhrenew.PaidNo {
					t.Fatal(err)
				}
				time.Sleep(8 * 24 * time.Hour)
				_, err = request()
			}
			if n := w.server.Count(ovhrenewtest.RouteOrder); n != 1 || w.paysSent() != 0 || asked != 3 {
				t.Errorf("%d orders, %d payments, asked %d times", n, w.paysSent(), asked)
			}
		})
	}
}

// TestTakeOver pays somebody's order that a person names, after watching it, and
// otherwise never.
func TestTakeOver(t *testing.T) {
	t.Parallel()
	for _, named := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true, DeliveryDelay: time.Minute})
			order := ovhrenew.OrderID(w.server.AddOrder(ovhrenewtest.Order{Status: "notPaid", Services: []int64{int64(vps)}, Period: "P3M", Price: "17.97"}))
			time.Sleep(time.Hour)
			began := time.Now()
			p := w.start(&memoryJournal{}, 0)
			req := w.renewVPS(p)
			if named {
				req.Guards.TakeOver = order
			}
			v := w.run(p, req, vps)
			if !named {
				if !errors.Is(v.failed, ovhrenew.ErrForeignOrder) || v.failed.Order != order || v.failed.Paid != ovhrenew.PaidUnsure || w.server.Count(ovhrenewtest.RouteOrder) != 0 {
					t.Errorf("told %v", v.failed)
				}
				return
			}
			if v.receipt == nil || v.receipt.Order != order || w.server.Count(ovhrenewtest.RouteOrder) != 0 {
				t.Fatalf("told %v", v.failed)
			}
			if d := w.server.Payments()[0].Time.Sub(began); d < 10*time.Minute {
				t.Errorf("paid after %v", d)
			}
		})
	}
}

// TestHosts lets two hosts without a common journal renew at the same moment, against a
// list that shows an order late.
func TestHosts(t *testing.T) {
	t.Parallel()
	for _, lag := range []time.Duration{0, 6 * time.Second, 2 * time.Minute, 9 * time.Minute} {
		for _, shuffle := range []bool{false, true} {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true, ListLag: lag, ListShuffle: shuffle, StatusLag: 30 * time.Second, DeliveryDelay: time.Minute})
				time.Sleep(time.Hour)
				var wg sync.WaitGroup
				verdicts := make([]verdict, 2)
				for i := range verdicts {
					wg.Go(func() {
						p := w.start(&memoryJournal{sharing: ovhrenew.OneOfSeveral}, 0)
						defer p.kill()
						receipt, err := ovhrenew.Renew(p.ctx, p.client, w.renewVPS(p))
						verdicts[i].receipt = receipt
						errors.As(err, &verdicts[i].failed)
					})
				}
				wg.Wait()
				if n := w.server.PaymentsFor(int64(vps)); n != 1 {
					t.Fatalf("list %v late, shuffled %t: paid %d times: %v", lag, shuffle, n, verdicts)
				}
			})
		}
	}
}

// TestHold holds a renewal in each phase: nothing is sent then, what was sent is followed
// to its end, and once let go it is paid once.
func TestHold(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		fault  ovhrenewtest.Fault
		calls  int // of Advance before it is held
		end    ovhrenew.Phase
		orders int
	}{
		{name: "wanted", end: ovhrenew.PhaseWanted},
		{name: "the order's answer lost", fault: ovhrenewtest.Fault{Route: ovhrenewtest.RouteOrder, Kind: ovhrenewtest.Reset, When: ovhrenewtest.After}, calls: 1, end: ovhrenew.PhaseOrdered, orders: 1},
		{name: "the order lost", fault: ovhrenewtest.Fault{Route: ovhrenewtest.RouteOrder, Kind: ovhrenewtest.Reset}, calls: 1, end: ovhrenew.PhaseWanted, orders: 1},
		{name: "ordered", calls: 1, end: ovhrenew.PhaseOrdered, orders: 1},
		{name: "the payment lost", fault: ovhrenewtest.Fault{Route: ovhrenewtest.RoutePay, Kind: ovhrenewtest.Reset}, calls: 2, end: ovhrenew.PhaseOrdered, orders: 1},
		{name: "the payment's answer lost", fault: ovhrenewtest.Fault{Route: ovhrenewtest.RoutePay, Kind: ovhrenewtest.Reset, When: ovhrenewtest.After}, calls: 2, end: ovhrenew.PhaseRenewed, orders: 1},
		{name: "paid", calls: 2, end: ovhrenew.PhaseRenewed, orders: 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true, DeliveryDelay: time.Minute})
				if test.fault.Kind != 0 {
					w.server.Inject(test.fault)
				}
				e := &engine{w: w, journal: &memoryJournal{}}
				task, err := e.propose(w.renewVPS)
				if err != nil {
					t.Fatal(err)
				}
				p := w.start(e.journal, 0)
				for range test.calls {
					if task, err = e.runner(p).Advance(p.ctx, task); err != nil {
						t.Fatal(err)
					}
				}
				sent := w.paysSent()
				task.Hold = true
				task, err = e.run(t, task)
				if renewed := test.end == ovhrenew.PhaseRenewed; task.Phase != test.end || renewed != (err == nil) || !renewed && !errors.Is(err, ovhrenew.ErrHeld) {
					t.Fatalf("held: %s, %v", task.Phase, err)
				}
				if w.paysSent() != sent || w.server.Count(ovhrenewtest.RouteOrder) != test.orders {
					t.Fatalf("held: %d payments and %d orders sent", w.paysSent(), w.server.Count(ovhrenewtest.RouteOrder))
				}
				task.Hold = false
				if task, err = e.run(t, task); err != nil || task.Receipt == nil || w.server.PaymentsFor(int64(vps)) != 1 {
					t.Fatalf("let go: %v, paid %d times", err, w.server.PaymentsFor(int64(vps)))
				}
			})
		})
	}
}

// TestAdvanceRefused: a payment that the API refuses in its own words is told, and not sent
// again and again by a task that is advanced.
func TestAdvanceRefused(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true})
		w.server.Inject(ovhrenewtest.Fault{Route: ovhrenewtest.RoutePay, Times: -1, Kind: ovhrenewtest.StatusFault, Status: 403, Body: `{"class":"Client::Forbidden","message":"This order can't be paid with 'creditCard'"}`})
		e := &engine{w: w, journal: &memoryJournal{}}
		task, err := e.propose(w.renewVPS)
		if err != nil {
			t.Fatal(err)
		}
		task, err = e.run(t, task)
		if !errors.Is(err, ovhrenew.ErrCannotPay) || task.Phase != ovhrenew.PhaseOrdered || w.paysSent() != 1 {
			t.Fatalf("%s, %v, %d payments sent", task.Phase, err, w.paysSent())
		}
		// A person has seen to it, and calls again.
		w.server.ClearFaults()
		if task, err = e.run(t, task); err != nil || task.Receipt == nil || w.server.PaymentsFor(int64(vps)) != 1 {
			t.Fatalf("%s, %v", task.Phase, err)
		}
	})
}
