// Processes that are killed at random moments.

package safety_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

var kills = flag.Int("kills", 40, "how many processes to kill in the middle of a renewal")

// killSettle is how long a child looks for what came of a call whose answer was
// lost. So short a time is right against this server alone, which lets a request
// take its effect in the moment it arrives, or not at all.
const killSettle = 200 * time.Millisecond

// shop is an account with services to renew, and what that should come to.
type shop struct {
	*ovhrenewtest.Server
	job    job
	expiry map[ovhrenew.ServiceID]ovhrenew.Date // afterwards
	cost   ovhrenewtest.Amount
}

// newShop fills an account with twelve services: eight are renewed alone, two and
// two together.
func newShop(t *testing.T) *shop {
	t.Helper()
	s := &shop{
		Server: ovhrenewtest.Start(t, ovhrenewtest.Behaviour{ChargeTwice: true, Latency: time.Millisecond}),
		expiry: map[ovhrenew.ServiceID]ovhrenew.Date{},
	}
	oneClick := true
	s.AddPaymentMethod(ovhrenewtest.PaymentMethod{ID: 5, Default: true, OneClick: &oneClick})
	s.AddPaymentMean("paypal", 6)
	s.job = job{Endpoint: s.Endpoint(), Keys: s.Credentials(), Journal: filepath.Join(t.TempDir(), "journal"), Sharing: ovhrenew.OnlyJournal, Settle: killSettle}
	for n := range 8 {
		s.sell(t, ovhrenew.P3M, 10+n, ovhrenew.DefaultMethod, s.service(fmt.Sprintf("vps%d.example", n), 5+n))
	}
	for n := range 2 {
		name := fmt.Sprintf("bundle%d.example", n)
		s.sell(t, ovhrenew.P1Y, 30+n, ovhrenew.Mean{Kind: ovhrenew.MeanPaypal, ID: 6}, s.service(name, 10+n), s.service(name, 12+n))
	}
	return s
}

// service adds a service that expires in so many days.
func (s *shop) service(name string, days int) int64 {
	midnight := s.Now().UTC().Truncate(24 * time.Hour)
	return s.AddService(ovhrenewtest.Service{Name: name, Expiry: midnight.AddDate(0, 0, days)})
}

// sell offers services together and puts their renewal into the job.
func (s *shop) sell(t *testing.T, period ovhrenew.Period, euros int, with ovhrenew.Payment, services ...int64) {
	t.Helper()
	s.Offer(string(period), fmt.Sprint(euros), services...)
	withTax := ovhrenewtest.Amount(euros) * unit * 12 / 10
	s.cost += withTax
	r := jobRenewal{
		Service: ovhrenew.ServiceID(services[0]), Period: period, PayWith: with.String(),
		From: ovhrenew.DateOf(s.Expiry(services[0])), Limit: ovhrenew.NewMoney(int64(withTax), "EUR"),
	}
	for _, id := range services {
		after, err := period.AddTo(ovhrenew.DateOf(s.Expiry(id)))
		if err != nil {
			t.Fatal(err)
		}
		s.expiry[ovhrenew.ServiceID(id)] = after
		r.Services = append(r.Services, ovhrenew.ServiceID(id))
	}
	s.job.Renewals = append(s.job.Renewals, r)
}

// check fails unless everything was renewed and paid exactly once.
func (s *shop) check(t *testing.T) {
	t.Helper()
	for id, want := range s.expiry {
		if n := s.PaymentsFor(int64(id)); n != 1 {
			t.Errorf("service %d was paid for %d times", id, n)
		}
		if got := ovhrenew.DateOf(s.Expiry(int64(id))); got != want {
			t.Errorf("service %d expires on %s, want %s", id, got, want)
		}
	}
	var paid ovhrenewtest.Amount
	for _, order := range s.Orders() {
		if order.Payments > 0 {
			paid += order.WithTax
		}
	}
	if spent := s.Spent()["EUR"]; spent != paid || spent != s.cost {
		t.Errorf("spent %s: the paid orders come to %s, the renewals cost %s", spent, paid, s.cost)
	}
}

// aim is the moment at which a process is killed: when a request of a route comes
// in for the n-th time, or is about to be answered, and a little later; or after so
// many requests, where there is no such one.
type aim struct {
	route  string
	answer bool
	nth    int
	delay  time.Duration
	last   int
}

// somewhere aims at any step, at those that spend more often.
func somewhere(random *rand.Rand) aim {
	a := aim{route: ovhrenewtest.RouteOrder, answer: random.IntN(2) == 0, nth: 1, last: 40 + random.IntN(80)}
	switch n := random.IntN(10); {
	case n < 3:
	case n < 6:
		a.route = ovhrenewtest.RoutePay
		if random.IntN(4) == 0 {
			a.route = ovhrenewtest.RoutePayMean
		}
	default:
		a.route, a.nth = routesOfRenewal[random.IntN(len(routesOfRenewal))], 1+random.IntN(4)
	}
	if random.IntN(2) == 0 {
		a.delay = time.Duration(random.IntN(4_000)) * time.Microsecond
	}
	return a
}

// gun kills a process at the moment that was aimed at.
type gun struct {
	aim
	mu      sync.Mutex
	all     int // requests or answers
	seen    int // those of the route
	process *child
	fired   bool
}

func (g *gun) hear(r ovhrenewtest.Request, answer bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.fired || answer != g.answer {
		return
	}
	g.all++
	if r.Route == g.route {
		g.seen++
	}
	if g.seen < g.nth && g.all < g.last {
		return
	}
	g.fired = true
	kill := func() { _ = g.process.Process.Kill() }
	if g.delay == 0 {
		kill()
		return
	}
	time.AfterFunc(g.delay, kill)
}

// TestKill lets processes work through a list of renewals and kills them at random
// moments, each followed by another that takes up what it left.
func TestKill(t *testing.T) {
	t.Parallel()
	begun := time.Now()
	var killed, starts, renewals, orders, payments atomic.Int64
	next := atomic.Int64{}
	for worker := range 8 { // which mostly wait
		t.Run(fmt.Sprint(worker), func(t *testing.T) {
			t.Parallel()
			for killed.Load() < int64(*kills) && !t.Failed() {
				seed := uint64(next.Add(1))
				s := newShop(t)
				k, n := s.workThrough(t, rand.New(rand.NewPCG(seed, 7)))
				s.check(t)
				killed.Add(int64(k))
				starts.Add(int64(n))
				renewals.Add(int64(len(s.job.Renewals)))
				orders.Add(int64(len(s.Orders())))
				payments.Add(int64(len(s.Payments())))
				if t.Failed() {
					t.Logf("seed %d", seed)
				}
				s.Close()
			}
		})
	}
	t.Cleanup(func() {
		t.Logf("%d starts, %d of them killed; %d renewals, %d orders, %d payments; %v",
			starts.Load(), killed.Load(), renewals.Load(), orders.Load(), payments.Load(), time.Since(begun).Round(time.Second))
	})
}

// workThrough starts process after process until one comes to the end of the list.
// The first dozens are aimed at.
func (s *shop) workThrough(t *testing.T, random *rand.Rand) (killed, starts int) {
	t.Helper()
	var now atomic.Pointer[gun]
	s.OnRequest(func(r ovhrenewtest.Request) { now.Load().hear(r, false) })
	s.OnAnswer(func(r ovhrenewtest.Request) { now.Load().hear(r, true) })
	refused := 0
	for starts = 1; ; starts++ {
		g := &gun{aim: somewhere(random), fired: starts > 60}
		g.mu.Lock() // until the process is there to be killed
		now.Store(g)
		g.process = startChild(t, s.job)
		g.mu.Unlock()
		switch code := g.process.end(); code {
		case exitDone:
			return killed, starts
		case -1:
			killed++
		case exitRefused:
			// A call without effect is not sent again by the run that found that out.
			if refused++; refused > 20 {
				t.Fatalf("refused again and again: %s", g.process.stderr.String())
			}
		default:
			t.Fatalf("exit code %d: %s", code, g.process.stderr.String())
		}
	}
}
