package safety_test

import (
	"encoding/json"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// intent is what a program wants that keeps its own state: it comes out of JSON.
func (w *world) intent(p *process) ovhrenew.OrderIntent {
	w.tb.Helper()
	req := w.renewBundle(p)
	proposal, err := ovhrenew.Preview(p.ctx, p.client, req)
	if err != nil || len(proposal.Blockers) > 0 {
		w.tb.Fatalf("Preview: %v, %v", err, proposal)
	}
	in := ovhrenew.OrderIntent{
		Offer: proposal.Offer, Services: proposal.Offer.Services(), Expiries: map[ovhrenew.ServiceID]ovhrenew.Date{},
		Price: proposal.Quote.PriceWithTax, Limit: req.Limit,
		Patience: ovhrenew.Patience{Poll: time.Minute}, // few looks, to stop at each of them
	}
	for _, s := range proposal.Services {
		in.Expiries[s.ID] = s.Expiry
		in.Names = append(in.Names, s.Name)
	}
	return viaJSON(w, in)
}

func viaJSON[T any](w *world, v T) T {
	w.tb.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		w.tb.Fatal(err)
	}
	var read T
	if err := json.Unmarshal(text, &read); err != nil {
		w.tb.Fatal(err)
	}
	return read
}

// ensure does both steps as an engine does that calls each again until it succeeds,
// and keeps what came of it. It reports false if the process died.
func (w *world) ensure(p *process, in ovhrenew.OrderIntent, done *engineState) bool {
	w.tb.Helper()
	defer p.kill()
	if done.pay == nil {
		order, err := ovhrenew.EnsureOrder(p.ctx, p.client, p.journal, in)
		if p.dead.Load() {
			return false
		}
		if err != nil {
			done.told = append(done.told, err)
			return true
		}
		pay := viaJSON(w, ovhrenew.PayIntent{
			OrderIntent: in, Order: order.OrderID, With: ovhrenew.Mean{Kind: ovhrenew.MeanPaypal, ID: ovhrenewtest.GuidePayPalMean},
		})
		done.pay = &pay
	}
	err := ovhrenew.EnsurePaid(p.ctx, p.client, p.journal, *done.pay)
	if p.dead.Load() {
		return false
	}
	done.paid = err == nil
	if err != nil {
		done.told = append(done.told, err)
	}
	return true
}

// engineState is what an engine keeps between calls.
type engineState struct {
	pay  *ovhrenew.PayIntent
	paid bool
	told []error
}

// TestEnsureAfterEveryStop stops the two steps at each act, calls them again until
// both succeeded, and once more: with the journal and without.
func TestEnsureAfterEveryStop(t *testing.T) {
	t.Parallel()
	for _, kept := range []bool{true, false} {
		stops := 0
		for dieAt := 1; ; dieAt++ {
			died := false
			synctest.Test(t, func(t *testing.T) { died = ensureStory(t, dieAt, kept) })
			if !died {
				break
			}
			stops++
		}
		if stops < 30 {
			t.Errorf("stopped at %d acts only", stops)
		}
		t.Logf("journal kept %t: stopped at %d acts", kept, stops)
	}
}

func ensureStory(t *testing.T, dieAt int, kept bool) (died bool) {
	w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true, DeliveryDelay: time.Minute, StatusLag: 2 * time.Minute})
	in := w.intent(w.start(nil, 0))
	var state engineState
	shared := &memoryJournal{}
	for run := range 8 {
		journal := shared
		if !kept {
			journal = &memoryJournal{}
		}
		at := 0
		if run == 0 {
			at = dieAt
		}
		if !w.ensure(w.start(journal, at), in, &state) {
			died = true
		}
		if n := w.payments([]ovhrenew.ServiceID{domain, hosting}); n > 1 {
			t.Fatalf("stopped at act %d: paid %d times: %v", dieAt, n, errors.Join(state.told...))
		}
		if state.paid {
			break
		}
		time.Sleep(time.Minute)
	}
	// Without a journal an order that somebody may have placed is not always told
	// from one's own, and the step refuses; it never pays twice.
	if kept && !state.paid {
		t.Fatalf("stopped at act %d: never paid: %v", dieAt, errors.Join(state.told...))
	}
	if n := w.payments([]ovhrenew.ServiceID{domain, hosting}); n != 1 {
		t.Fatalf("stopped at act %d: paid %d times: %v", dieAt, n, errors.Join(state.told...))
	}
	if kept {
		// What is paid stays paid, also when the expiry has moved since.
		time.Sleep(time.Hour)
		p := w.start(shared, 0)
		if err := ovhrenew.EnsurePaid(p.ctx, p.client, p.journal, *state.pay); err != nil {
			t.Fatalf("stopped at act %d: EnsurePaid once more: %v", dieAt, err)
		}
		p.kill()
	}
	return died
}

// TestEnsureOrderWaitsForALateOrder stops while an order is under way that comes into
// being minutes later: it is found, and no second one is placed.
func TestEnsureOrderWaitsForALateOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true})
		journal := &memoryJournal{}
		killed := w.start(journal, 0)
		in := w.intent(killed)
		w.server.Inject(ovhrenewtest.Fault{Kind: ovhrenewtest.Late, Delay: 5 * time.Minute, Route: ovhrenewtest.RouteOrder})
		w.server.OnRequest(func(r ovhrenewtest.Request) {
			if r.Route == ovhrenewtest.RouteOrder {
				killed.dead.Store(true)
				killed.kill()
			}
		})
		if _, err := ovhrenew.EnsureOrder(killed.ctx, killed.client, killed.journal, in); err == nil {
			t.Fatal("EnsureOrder of a process that was killed: no error")
		}
		p := w.start(journal, 0)
		order, err := ovhrenew.EnsureOrder(p.ctx, p.client, p.journal, in)
		if err != nil {
			t.Fatal(err)
		}
		if all := w.server.Orders(); len(all) != 1 || ovhrenew.OrderID(all[0].ID) != order.OrderID {
			t.Errorf("EnsureOrder again = order %d, of %d orders", order.OrderID, len(all))
		}
	})
}

// TestEnsurePaidOfAnotherOrder does not pay beside the order that the journal knows.
func TestEnsurePaidOfAnotherOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true})
		p := w.start(&memoryJournal{}, 0)
		in := w.intent(p)
		order, err := ovhrenew.EnsureOrder(p.ctx, p.client, p.journal, in)
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		other := w.server.AddOrder(ovhrenewtest.Order{
			Status: "notPaid", Services: []int64{int64(domain), int64(hosting)}, Period: "P1Y", Price: "37.87",
		})
		with := ovhrenew.Mean{Kind: ovhrenew.MeanPaypal, ID: ovhrenewtest.GuidePayPalMean}
		err = ovhrenew.EnsurePaid(p.ctx, p.client, p.journal, ovhrenew.PayIntent{OrderIntent: in, Order: ovhrenew.OrderID(other), With: with})
		if !errors.Is(err, ovhrenew.ErrOpenOrder) || len(w.server.Payments()) != 0 {
			t.Errorf("EnsurePaid of the later order: error = %v with %d payments, want %v", err, len(w.server.Payments()), ovhrenew.ErrOpenOrder)
		}
		err = ovhrenew.EnsurePaid(p.ctx, p.client, p.journal, ovhrenew.PayIntent{OrderIntent: in, Order: order.OrderID, With: with})
		if err != nil || len(w.server.Payments()) != 1 {
			t.Errorf("EnsurePaid of the first: error = %v with %d payments, want 1", err, len(w.server.Payments()))
		}
		err = ovhrenew.EnsurePaid(p.ctx, p.client, p.journal, ovhrenew.PayIntent{OrderIntent: in, Order: ovhrenew.OrderID(other), With: with})
		if !errors.Is(err, ovhrenew.ErrOpenOrder) || len(w.server.Payments()) != 1 {
			t.Errorf("EnsurePaid of the later one then: error = %v with %d payments, want %v", err, len(w.server.Payments()), ovhrenew.ErrOpenOrder)
		}
	})
}

// TestEnsureChecksThePriceAgain: what was ordered at one price is neither returned
// nor paid for an intent of another, or with a lower limit.
func TestEnsureChecksThePriceAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true})
		p := w.start(&memoryJournal{}, 0)
		in := w.intent(p)
		order, err := ovhrenew.EnsureOrder(p.ctx, p.client, p.journal, in)
		if err != nil {
			t.Fatal(err)
		}
		dearer, lower := in, in
		dearer.Price = ovhrenew.MustMoney("45.43 EUR")
		lower.Limit = ovhrenew.MustMoney("45.43 EUR")
		for want, in := range map[error]ovhrenew.OrderIntent{ovhrenew.ErrPriceChanged: dearer, ovhrenew.ErrOverLimit: lower} {
			if _, err := ovhrenew.EnsureOrder(p.ctx, p.client, p.journal, in); !errors.Is(err, want) {
				t.Errorf("EnsureOrder again: error = %v, want %v", err, want)
			}
			pay := ovhrenew.PayIntent{OrderIntent: in, Order: order.OrderID, With: ovhrenew.Method(ovhrenewtest.GuideMethodID)}
			if err := ovhrenew.EnsurePaid(p.ctx, p.client, p.journal, pay); !errors.Is(err, want) {
				t.Errorf("EnsurePaid: error = %v, want %v", err, want)
			}
		}
		if n := len(w.server.Payments()); n != 0 {
			t.Errorf("%d payments", n)
		}
	})
}

// TestEnsureChecksItsInput sends nothing for an intent that is not whole.
func TestEnsureChecksItsInput(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, ovhrenewtest.Behaviour{})
		p := w.start(&memoryJournal{}, 0)
		whole := w.intent(p)
		w.server.Forget()
		for name, spoil := range map[string]func(*ovhrenew.OrderIntent){
			"services":           func(in *ovhrenew.OrderIntent) { in.Services = in.Services[:1] },
			"order of services":  func(in *ovhrenew.OrderIntent) { in.Services = []ovhrenew.ServiceID{hosting, domain} },
			"an expiry":          func(in *ovhrenew.OrderIntent) { delete(in.Expiries, hosting) },
			"names":              func(in *ovhrenew.OrderIntent) { in.Names = nil },
			"limit":              func(in *ovhrenew.OrderIntent) { in.Limit = ovhrenew.Money{} },
			"limit below price":  func(in *ovhrenew.OrderIntent) { in.Limit = ovhrenew.MustMoney("45.43 EUR") },
			"period":             func(in *ovhrenew.OrderIntent) { in.Offer.Period = "" },
			"patience, negative": func(in *ovhrenew.OrderIntent) { in.Patience.Settle = -1 },
			"order to ignore, 0": func(in *ovhrenew.OrderIntent) { in.Guards.IgnoreOrders = []ovhrenew.OrderID{0} },
		} {
			in := viaJSON(w, whole)
			spoil(&in)
			_, err := ovhrenew.EnsureOrder(p.ctx, p.client, p.journal, in)
			if err == nil || name == "limit" && !errors.Is(err, ovhrenew.ErrNoLimit) {
				t.Errorf("EnsureOrder without %s: error = %v", name, err)
			}
			pay := ovhrenew.PayIntent{OrderIntent: in, Order: 1, With: ovhrenew.DefaultMethod}
			if err := ovhrenew.EnsurePaid(p.ctx, p.client, p.journal, pay); err == nil {
				t.Errorf("EnsurePaid without %s: no error", name)
			}
		}
		for name, pay := range map[string]ovhrenew.PayIntent{
			"order":   {OrderIntent: whole, With: ovhrenew.DefaultMethod},
			"payment": {OrderIntent: whole, Order: 1},
		} {
			if err := ovhrenew.EnsurePaid(p.ctx, p.client, p.journal, viaJSON(w, pay)); !errors.Is(err, ovhrenew.ErrBadInput) && !errors.Is(err, ovhrenew.ErrNoPayment) {
				t.Errorf("EnsurePaid without %s: error = %v", name, err)
			}
		}
		if sent := w.server.Requests(); len(sent) != 0 {
			t.Errorf("%d requests were sent", len(sent))
		}
	})
}
