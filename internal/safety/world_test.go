// The account and the programs of all these tests.

package safety_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

const days = 24 * time.Hour

// A world is a simulated account in which programs renew, die and are run again.
// It lives inside a bubble of testing/synctest: its hours take milliseconds.
type world struct {
	tb     testing.TB
	server *ovhrenewtest.Server
	// old are the expiries of the services before anything was renewed.
	old map[ovhrenew.ServiceID]ovhrenew.Date
	// window is set when a service was paid for twice in the window that the package's
	// documentation names, by a person and by a run.
	window bool
}

// inTheWindow reports whether there are two payments, of which a person's came first, and
// the run's before that one showed, and a minute more.
func (w *world) inTheWindow() bool {
	p := w.server.Payments()
	if len(p) != 2 || !p[0].Elsewhere || p[1].Elsewhere {
		return false
	}
	return p[1].Time.Sub(p[0].Time) <= w.server.Behaviour().StatusLag+time.Minute
}

// unit is one euro in micro-cents.
const unit = 100_000_000

const (
	vps     = ovhrenew.ServiceID(ovhrenewtest.GuideVPSID)
	domain  = ovhrenew.ServiceID(ovhrenewtest.GuideDomainID)
	hosting = ovhrenew.ServiceID(ovhrenewtest.GuideHostingID)
)

func newWorld(tb testing.TB, b ovhrenewtest.Behaviour) *world {
	tb.Helper()
	w := &world{tb: tb, server: ovhrenewtest.StartPipe(tb, b), old: map[ovhrenew.ServiceID]ovhrenew.Date{}}
	ovhrenewtest.Guide(w.server)
	for _, id := range []ovhrenew.ServiceID{vps, domain, hosting} {
		w.old[id] = w.expiry(id)
	}
	return w
}

func (w *world) expiry(id ovhrenew.ServiceID) ovhrenew.Date {
	return ovhrenew.DateOf(w.server.Expiry(int64(id)))
}

// process is one run of a program: what it sends goes through it, and once it is
// dead nothing of it reaches the server or the journal any more.
type process struct {
	w       *world
	ctx     context.Context
	kill    context.CancelFunc
	dead    atomic.Bool
	client  *ovhrenew.API
	journal ovhrenew.Journal

	mu    sync.Mutex
	acts  int // requests begun and ended, records begun and kept
	dieAt int // the act at which to die; 0: never

	delay func() // before each request, if set
}

var errDead = errors.New("the process is dead")

// start starts a process that uses a journal, which outlives it.
func (w *world) start(journal ovhrenew.Journal, dieAt int) *process {
	w.tb.Helper()
	ctx, kill := context.WithCancel(context.Background())
	p := &process{w: w, ctx: ctx, kill: kill, dieAt: dieAt}
	p.journal = ovhrenew.NoJournal
	if journal != nil {
		p.journal = mortalJournal{journal, p}
	}
	var err error
	p.client, err = ovhrenew.NewWithConfig(w.server.Client(), ovhrenew.Config{
		Limiter:     ovhrenew.Unlimited,
		Transport:   mortalTransport{p, w.server.Transport()},
		ReadTimeout: time.Minute,
	})
	if err != nil {
		w.tb.Fatal(err)
	}
	return p
}

// act counts what a process does. It reports false from the moment of its death on.
func (p *process) act() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.acts++
	if p.acts == p.dieAt {
		p.dead.Store(true)
		p.kill()
	}
	return !p.dead.Load()
}

type mortalTransport struct {
	p    *process
	next http.RoundTripper
}

func (t mortalTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	if t.p.delay != nil {
		t.p.delay()
	}
	if !t.p.act() {
		return nil, errDead
	}
	response, err := t.next.RoundTrip(r)
	if !t.p.act() {
		if err == nil {
			response.Body.Close()
		}
		return nil, errDead
	}
	return response, err
}

// renewVPS is the request of the guide's program, naming the expiry to renew from.
func (w *world) renewVPS(p *process) ovhrenew.Request {
	return ovhrenew.Request{
		Service: ovhrenew.ID(vps),
		Rules:   []ovhrenew.Rule{ovhrenew.For(ovhrenew.P3M), ovhrenew.Alone},
		Limit:   ovhrenew.MustMoney("30 EUR"),
		PayWith: ovhrenew.DefaultMethod,
		From:    w.old[vps],
		Journal: p.journal,
	}
}

// renewBundle renews the domain and its hosting together.
func (w *world) renewBundle(p *process) ovhrenew.Request {
	return ovhrenew.Request{
		Service: ovhrenew.ID(domain),
		Rules:   []ovhrenew.Rule{ovhrenew.For(ovhrenew.P1Y), ovhrenew.Only(domain, hosting)},
		Limit:   ovhrenew.MustMoney("50 EUR"),
		PayWith: ovhrenew.Mean{Kind: ovhrenew.MeanPaypal, ID: ovhrenewtest.GuidePayPalMean},
		From:    w.old[domain],
		Journal: p.journal,
	}
}

// verdict is what a run told.
type verdict struct {
	receipt *ovhrenew.Receipt
	failed  *ovhrenew.StepError
	dead    bool
}

func (v verdict) String() string {
	switch {
	case v.dead:
		return "died"
	case v.receipt != nil && v.receipt.Already:
		return "renewed already"
	case v.receipt != nil:
		return "renewed"
	}
	return fmt.Sprintf("%s: %s, paid: %s", v.failed.Step, told(v.failed), v.failed.Paid)
}

// told is the sentinel of an error.
func told(err error) string {
	for _, sentinel := range []error{
		ovhrenew.ErrNoEffect, ovhrenew.ErrForeignOrder, ovhrenew.ErrUnderWay, ovhrenew.ErrExpiryMoved, ovhrenew.ErrNotDue, ovhrenew.ErrBusy,
		ovhrenew.ErrLapsed, ovhrenew.ErrCancelled, ovhrenew.ErrPending, ovhrenew.ErrMismatch,
		ovhrenew.ErrJournal, ovhrenew.ErrCannotPay, ovhrenew.ErrPriceChanged, ovhrenew.ErrOverLimit, ovhrenew.ErrUnsure,
		ovhrenew.ErrNeedsHuman, ovhrenew.ErrNoPayment, ovhrenew.ErrUnsupported, ovhrenew.ErrExpired,
		ovhrenew.ErrNotSent, ovhrenew.ErrMalformed, ovhrenew.ErrRateLimited, ovhrenew.ErrServer, ovhrenew.ErrDenied,
	} {
		if errors.Is(err, sentinel) {
			return sentinel.Error()
		}
	}
	return "other"
}

// run renews once, and checks what must hold after every run, whatever happened.
func (w *world) run(p *process, req ovhrenew.Request, services ...ovhrenew.ServiceID) verdict {
	w.tb.Helper()
	defer p.kill()
	before, sent, delivered := w.payments(services), w.paysSent(), w.delivered()
	receipt, err := ovhrenew.Renew(p.ctx, p.client, req)
	if p.dead.Load() {
		w.invariants(services)
		return verdict{dead: true}
	}
	v := verdict{receipt: receipt}
	if err != nil {
		if !errors.As(err, &v.failed) {
			w.tb.Fatalf("the error is no StepError: %v", err)
		}
		v.receipt = nil
	}
	if w.invariants(services); w.window {
		return v
	}
	after := w.payments(services)
	switch {
	case v.receipt != nil && after != 1:
		w.tb.Fatalf("told renewed with %d payments: %+v", after, v.receipt)
	case v.receipt != nil:
		for _, renewed := range v.receipt.Services {
			if got := w.expiry(renewed.ServiceID); got != renewed.To || got == w.old[renewed.ServiceID] {
				w.tb.Fatalf("told renewed to %s, expires on %s", renewed.To, got)
			}
		}
	// A payment that an earlier run has sent may take its effect only now.
	case v.failed.Paid == ovhrenew.PaidNo && after > before && w.paysSent() > sent:
		w.tb.Fatalf("told that nothing was paid, and it was: %v", err)
	case v.failed.Paid == ovhrenew.PaidYes && after == 0:
		w.tb.Fatalf("told that it was paid, and it was not: %v", err)
	case v.failed.Paid == ovhrenew.PaidNo && delivered[v.failed.Order] && errors.As(err, new(*ovhrenew.GuardError)):
		w.tb.Fatalf("told that an order is not paid that had been delivered: %v", err)
	}
	return v
}

// try renews, whatever comes of it.
func (w *world) try(p *process, req ovhrenew.Request) (*ovhrenew.Receipt, *ovhrenew.StepError) {
	w.tb.Helper()
	defer p.kill()
	receipt, err := ovhrenew.Renew(p.ctx, p.client, req)
	var failed *ovhrenew.StepError
	if err != nil && !errors.As(err, &failed) {
		w.tb.Errorf("the error is no StepError: %v", err)
	}
	return receipt, failed
}

// renewBeside is run without the comparison of payments before and after, which
// another program changes too.
func (w *world) renewBeside(p *process, req ovhrenew.Request, services ...ovhrenew.ServiceID) verdict {
	w.tb.Helper()
	receipt, failed := w.try(p, req)
	w.invariants(services)
	if failed != nil {
		receipt = nil
	}
	return verdict{receipt: receipt, failed: failed}
}

// delivered are the orders that have been delivered, whoever paid them.
func (w *world) delivered() map[ovhrenew.OrderID]bool {
	ids := map[ovhrenew.OrderID]bool{}
	for _, order := range w.server.Orders() {
		ids[ovhrenew.OrderID(order.ID)] = order.Status == "delivered"
	}
	return ids
}

// paysSent is how many requests to pay have come in.
func (w *world) paysSent() int {
	return w.server.Count(ovhrenewtest.RoutePay) + w.server.Count(ovhrenewtest.RoutePayMean)
}

func (w *world) payments(services []ovhrenew.ServiceID) int {
	most := 0
	for _, id := range services {
		most = max(most, w.server.PaymentsFor(int64(id)))
	}
	return most
}

// invariants hold at any time: no service is paid for twice, and no more is spent
// than the limits allow.
func (w *world) invariants(services []ovhrenew.ServiceID) {
	w.tb.Helper()
	for _, id := range services {
		if n := w.server.PaymentsFor(int64(id)); n > 1 {
			if w.window = w.inTheWindow(); w.window {
				return
			}
			w.tb.Fatalf("service %d was paid for %d times: %+v", id, n, w.server.Payments())
		}
	}
	for currency, spent := range w.server.Spent() {
		if currency != "EUR" || spent > 50*unit {
			w.tb.Fatalf("%s %s were spent", spent, currency)
		}
	}
}
