// Schedules that once paid twice, or told something untrue.

package safety_test

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// Each test here is a schedule that once paid twice, or told something untrue.

// twice fails the test if a service was paid for more than once.
func (w *world) twice(t *testing.T, id ovhrenew.ServiceID) {
	t.Helper()
	if n := w.server.PaymentsFor(int64(id)); n > 1 {
		t.Errorf("service %d was paid for %d times: %v, %+v", id, n, w.server.Spent(), w.server.Orders())
	}
}

// notTaken is a way to pay that no order here takes, which only the order tells.
var notTaken = ovhrenew.Mean{Kind: ovhrenew.MeanFidelityAccount}

func TestDeniedByAGateway(t *testing.T) {
	t.Parallel()
	for _, status := range []int{401, 403} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true, StatusLag: 2 * time.Minute, DeliveryDelay: time.Minute})
			j := &memoryJournal{}
			w.server.Inject(ovhrenewtest.Fault{Route: ovhrenewtest.RoutePay, Kind: ovhrenewtest.StatusFault, Status: status, HTML: true, When: ovhrenewtest.After})
			p := w.start(j, 0)
			w.try(p, w.renewVPS(p))
			p = w.start(j, 0)
			w.try(p, w.renewVPS(p))
			w.twice(t, vps)
		})
	}
}

func TestPaymentWaitsForItsTurn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true, StatusLag: time.Minute, DeliveryDelay: time.Minute})
		j := &memoryJournal{}
		p := w.start(j, 0)
		lim := &gate{d: 11 * time.Minute, w: w, j: j}
		var err error
		p.client, err = ovhrenew.NewWithConfig(w.server.Client(), ovhrenew.Config{Limiter: lim, Transport: w.server.Transport(), ReadTimeout: time.Minute})
		if err != nil {
			t.Fatal(err)
		}
		w.server.Inject(ovhrenewtest.Fault{Route: ovhrenewtest.RoutePay, Kind: ovhrenewtest.Reset, When: ovhrenewtest.After})
		w.try(p, w.renewVPS(p))
		p = w.start(j, 0)
		w.try(p, w.renewVPS(p))
		w.twice(t, vps)
	})
}

type gate struct {
	d    time.Duration
	w    *world
	j    *memoryJournal
	once sync.Once
}

func (g *gate) Wait(ctx context.Context) error {
	g.j.mu.Lock()
	hit := false
	for _, line := range g.j.lines {
		hit = hit || strings.Contains(string(line), `"phase":"paying"`)
	}
	g.j.mu.Unlock()
	if hit {
		g.once.Do(func() { time.Sleep(g.d) })
	}
	return ctx.Err()
}

func TestPaymentTakesLongerThanSettling(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true, StatusLag: time.Minute, DeliveryDelay: time.Minute})
		j := &memoryJournal{}
		p := w.start(j, 0)
		api := w.server.Client()
		api.Timeout = 15 * time.Minute
		var err error
		p.client, err = ovhrenew.NewWithConfig(api, ovhrenew.Config{Limiter: ovhrenew.Unlimited, Transport: holdPay{w.server.Transport(), 14 * time.Minute}})
		if err != nil {
			t.Fatal(err)
		}
		w.server.Inject(ovhrenewtest.Fault{Route: ovhrenewtest.RoutePay, Kind: ovhrenewtest.Reset, When: ovhrenewtest.After})
		w.try(p, w.renewVPS(p))
		p = w.start(j, 0)
		w.try(p, w.renewVPS(p))
		w.twice(t, vps)
	})
}

type holdPay struct {
	next http.RoundTripper
	d    time.Duration
}

func (h holdPay) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := h.next.RoundTrip(r)
	if strings.HasSuffix(r.URL.Path, "/pay") {
		time.Sleep(h.d)
	}
	return res, err
}

func TestKilledAfterWaiting(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true, StatusLag: 5 * time.Minute, DeliveryDelay: time.Minute})
		j := &memoryJournal{}
		p := w.start(j, 0)
		lim := &gate{d: 11 * time.Minute, w: w, j: j}
		var err error
		p.client, err = ovhrenew.NewWithConfig(w.server.Client(), ovhrenew.Config{Limiter: lim, Transport: killAfterPay{p, w.server.Transport()}, ReadTimeout: time.Minute})
		if err != nil {
			t.Fatal(err)
		}
		w.try(p, w.renewVPS(p))
		p = w.start(j, 0)
		w.try(p, w.renewVPS(p))
		w.twice(t, vps)
	})
}

type killAfterPay struct {
	p    *process
	next http.RoundTripper
}

func (h killAfterPay) RoundTrip(r *http.Request) (*http.Response, error) {
	if h.p.dead.Load() {
		return nil, errDead
	}
	res, err := h.next.RoundTrip(r)
	if strings.HasSuffix(r.URL.Path, "/pay") {
		h.p.dead.Store(true)
		h.p.kill()
		return nil, errDead
	}
	return res, err
}

func TestLookThatTakesLong(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true, StatusLag: 9 * time.Minute, DeliveryDelay: 30 * time.Minute})
		j := &memoryJournal{}
		p := w.start(j, 0)
		var err error
		p.client, err = ovhrenew.NewWithConfig(w.server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited, Transport: slowPayment{w.server.Transport()}})
		if err != nil {
			t.Fatal(err)
		}
		w.server.Inject(ovhrenewtest.Fault{Route: ovhrenewtest.RoutePay, Kind: ovhrenewtest.Reset, When: ovhrenewtest.After})
		req := w.renewVPS(p)
		w.try(p, req)
		p = w.start(j, 0)
		w.try(p, w.renewVPS(p))
		w.twice(t, vps)
	})
}

type slowPayment struct{ next http.RoundTripper }

func (h slowPayment) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := h.next.RoundTrip(r)
	if strings.HasSuffix(r.URL.Path, "/payment") {
		time.Sleep(170 * time.Second) // an answer that takes long, within the time-out of reads
	}
	return res, err
}

func TestOrderLapsesWhilePaid(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true, OrderValidity: 24 * time.Hour, LapsedStatus: "notPaid", StatusLag: 9 * time.Minute, DeliveryDelay: time.Minute})
		j := &memoryJournal{}
		p := w.start(j, 0)
		req := w.renewVPS(p)
		req.PayWith = notTaken // nothing is paid
		w.try(p, req)
		time.Sleep(24*time.Hour - 30*time.Second) // the next night, a bit earlier
		w.server.Inject(ovhrenewtest.Fault{Route: ovhrenewtest.RoutePay, Kind: ovhrenewtest.Hang, Delay: 8 * time.Minute, When: ovhrenewtest.After})
		for range 2 {
			p = w.start(j, 0)
			w.try(p, w.renewVPS(p))
		}
		w.twice(t, vps)
	})
}

func TestPersonPaysTheOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true, StatusLag: 3 * time.Minute, DeliveryDelay: time.Minute})
		j := &memoryJournal{}
		p := w.start(j, 0)
		req := w.renewVPS(p)
		req.PayWith = notTaken
		_, failed := w.try(p, req)
		w.server.Pay(int64(failed.Order))
		time.Sleep(time.Minute)
		p = w.start(j, 0)
		w.try(p, w.renewVPS(p))
		w.twice(t, vps)
	})
}

func TestOtherJournalPaysTheOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true, StatusLag: 3 * time.Minute, DeliveryDelay: time.Minute})
		a, b := &memoryJournal{}, &memoryJournal{}
		p := w.start(a, 0)
		req := w.renewVPS(p)
		req.PayWith = notTaken
		w.try(p, req)
		go func() {
			p := w.start(b, 0)
			w.try(p, w.renewVPS(p))
		}()
		time.Sleep(12 * time.Minute) // B watched for 10 minutes, and pays
		p = w.start(a, 0)
		w.try(p, w.renewVPS(p))
		time.Sleep(time.Hour)
		w.twice(t, vps)
	})
}

func TestTwoPeriodsAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true, DetailsDelay: time.Minute, DeliveryDelay: 2 * time.Minute})
		p := w.start(&memoryJournal{}, 0)
		var wg sync.WaitGroup
		wg.Go(func() { w.try(p, w.renewVPS(p)) })
		time.Sleep(20 * time.Second)
		q := w.start(&memoryJournal{}, 0)
		req := w.renewVPS(q)
		req.Rules = []ovhrenew.Rule{ovhrenew.For(ovhrenew.P1M), ovhrenew.Alone}
		wg.Go(func() { w.try(q, req) })
		wg.Wait()
		w.twice(t, vps)
	})
}

func TestTwoBundlesThatDoNotSay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true, DetailDomain: "*", DeliveryDelay: 2 * time.Hour})
		p := w.start(&memoryJournal{}, 0)
		go w.try(p, w.renewBundle(p))
		time.Sleep(time.Hour)
		q := w.start(&memoryJournal{}, 0)
		req := w.renewBundle(q)
		req.Rules = []ovhrenew.Rule{ovhrenew.For(ovhrenew.P1Y), ovhrenew.Alone}
		w.try(q, req)
		time.Sleep(3 * time.Hour)
		w.twice(t, domain)
	})
}

func TestLinesLeftOut(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true, Nulls: ovhrenewtest.NullsInstead, DeliveryDelay: 2 * time.Hour})
		other := w.server.AddOrder(ovhrenewtest.Order{Status: "notPaid", Services: []int64{int64(domain), int64(hosting), int64(vps)}, Period: "P1Y", Price: "40"})
		w.server.Pay(other)
		p := w.start(&memoryJournal{}, 0)
		go w.try(p, w.renewVPS(p))
		time.Sleep(3 * time.Hour)
		w.twice(t, vps)
	})
}

func TestReceiptOfAnotherExpiry(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true})
		j := &memoryJournal{}
		p := w.start(j, 0)
		w.try(p, w.renewVPS(p))
		p = w.start(j, 0)
		req := w.renewVPS(p)
		req.From = ovhrenew.MustDate("2031-01-01")
		receipt, _ := w.try(p, req)
		if receipt != nil {
			t.Errorf("asked to renew from 2031-01-01, told renewed")
		}
	})
}

func TestNobodyIsToldNotPaid(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true, StatusLag: 3 * time.Minute, DeliveryDelay: time.Hour})
		p := w.start(&memoryJournal{}, 0)
		p.client, _ = ovhrenew.NewWithConfig(w.server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited, Transport: killAfterPay{p, w.server.Transport()}, ReadTimeout: time.Minute})
		w.try(p, w.renewVPS(p))
		p = w.start(&memoryJournal{}, 0) // journal lost
		_, failed := w.try(p, w.renewVPS(p))
		if failed != nil && failed.Paid == ovhrenew.PaidNo && failed.Order != 0 && w.server.PaymentsFor(int64(vps)) == 1 {
			t.Errorf("order %d was paid, and told: %v", failed.Order, failed)
		}
	})
}

func TestLinesNameSomethingElse(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true, DetailDomain: "vps-starter", DeliveryDelay: 30 * time.Minute})
		p := w.start(&memoryJournal{}, 0)
		p.client, _ = ovhrenew.NewWithConfig(w.server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited, Transport: killAfterPay{p, w.server.Transport()}, ReadTimeout: time.Minute})
		w.try(p, w.renewVPS(p))
		p = w.start(&memoryJournal{}, 0)
		w.try(p, w.renewVPS(p))
		w.twice(t, vps)
	})
}
