// Schedules at random: several faults, deaths and runs at once.

package safety_test

import (
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

var (
	schedules = flag.Int("schedules", 200, "how many random schedules to run")
	replay    = flag.Uint64("seed", 0, "run the schedule of this seed alone, and tell its story")
)

// tally is what the schedules came to.
type tally struct {
	mu                                                                      sync.Mutex
	schedules, runs, deaths, faults, renewed, refused, orders, paid, window int
}

// TestRandomSchedules runs renewals under several faults at once, deaths, lost
// journals, people who pay the order at its link, and every way in which the API may
// answer what is not known of it. What must hold is checked after every run; a schedule that breaks it
// prints its seed.
func TestRandomSchedules(t *testing.T) {
	t.Parallel()
	var sum tally
	eachSchedule(t, *schedules, func(t *testing.T, seed uint64) { runSchedule(t, seed, &sum) })
	t.Cleanup(func() {
		t.Logf("%d schedules: %d runs, %d faults, %d deaths, %d renewals finished, %d refused, %d orders, %d payments; %d times a person and a run both paid, in the window that is documented",
			sum.schedules, sum.runs, sum.faults, sum.deaths, sum.renewed, sum.refused, sum.orders, sum.paid, sum.window)
	})
}

// eachSchedule runs so many schedules, each in a bubble of its own, or the one to be replayed.
func eachSchedule(t *testing.T, most int, run func(t *testing.T, seed uint64)) {
	t.Helper()
	if *replay != 0 {
		synctest.Test(t, func(t *testing.T) { run(t, *replay) })
		return
	}
	first := uint64(1)
	if os.Getenv("CI") == "" {
		first = uint64(time.Now().UnixNano()) // elsewhere each run looks at others
	}
	workers := runtime.GOMAXPROCS(0)
	for worker := range workers {
		t.Run(fmt.Sprint(worker), func(t *testing.T) {
			t.Parallel()
			for n := worker; n < most && !t.Failed(); n += workers {
				synctest.Test(t, func(t *testing.T) { run(t, first+uint64(n)) })
			}
		})
	}
}

// schedule is what happens to one renewal.
type schedule struct {
	*rand.Rand
	seed  uint64
	story []string
}

func (s *schedule) tell(format string, args ...any) {
	s.story = append(s.story, fmt.Sprintf(format, args...))
}

// chance is true so often of a hundred times.
func (s *schedule) chance(percent int) bool { return s.IntN(100) < percent }

// upTo is a random time, in seconds.
func (s *schedule) upTo(most time.Duration) time.Duration {
	return time.Duration(s.IntN(int(most/time.Second)+1)) * time.Second
}

// behaviour answers what is not known of the API in a random way. The times stay
// within what Patience.Settle says is assumed of the API.
func (s *schedule) behaviour() ovhrenewtest.Behaviour {
	b := ovhrenewtest.Behaviour{
		ChargeTwice:   true,
		DryRun:        ovhrenewtest.DryRunFields(s.IntN(4)),
		StatusLag:     s.upTo(3 * time.Minute),
		DeliveryDelay: s.upTo(15 * time.Minute),
		ChaosDelay:    4 * time.Minute,
		FloatNoise:    s.chance(50),
		Expired:       ovhrenewtest.Expired460(s.IntN(3)),

		PaymentMethodIDsOnly: s.chance(30),
		IgnoreExpand:         s.chance(20),
		NoElements:           s.chance(20),
	}
	if s.chance(30) {
		b.SecondOrder = ovhrenewtest.SecondOrderRefused
	}
	if s.chance(40) {
		b.DetailsDelay = s.upTo(2 * time.Minute)
	}
	if s.chance(30) {
		b.ExpiryLag = s.upTo(20 * time.Minute)
	}
	if s.chance(20) {
		b.DetailDomain = "*"
	}
	if s.chance(30) {
		b.LapsedStatus = "notPaid"
		b.LapsedPayable = s.chance(50)
	}
	if s.chance(30) {
		b.Nulls = ovhrenewtest.Nulls(1 + s.IntN(2))
	}
	if s.chance(20) {
		b.MaxPageSize = 1 + s.IntN(3)
	}
	if s.chance(20) {
		b.StaleCache = s.upTo(time.Hour)
	}
	if s.chance(20) {
		b.DetailType = []string{"RENEW", "OTHER", "SPECIAL"}[s.IntN(3)]
	}
	return b
}

// fault is one that a client can do something about. A payment delivered twice to
// an API that charges twice is not.
func (s *schedule) fault() ovhrenewtest.Fault {
	kinds := faultKinds()
	f := kinds[s.IntN(len(kinds))]
	f.Route = routesOfRenewal[s.IntN(len(routesOfRenewal))]
	for f.Kind == ovhrenewtest.Duplicate && f.Route == ovhrenewtest.RoutePay {
		f = kinds[s.IntN(len(kinds))]
		f.Route = ovhrenewtest.RoutePay
	}
	f.Skip, f.Times = s.IntN(4), 1+s.IntN(3)
	return f
}

func runSchedule(t *testing.T, seed uint64, sum *tally) {
	s := &schedule{Rand: rand.New(rand.NewPCG(seed, 0)), seed: seed}
	defer func() {
		if t.Failed() {
			t.Logf("seed %d (run it with -seed=%d):\n%s", seed, seed, strings.Join(s.story, "\n"))
		}
	}()
	b := s.behaviour()
	s.tell("%+v", b)
	w := newWorld(t, b)
	time.Sleep(s.upTo(24 * time.Hour))
	services, request := []ovhrenew.ServiceID{vps}, w.renewVPS
	if s.chance(50) {
		services, request = []ovhrenew.ServiceID{domain, hosting}, w.renewBundle
	}
	shared := &memoryJournal{}
	deaths := 0
	var last verdict
	for run := range 14 {
		calm := run >= 6
		w.server.ClearFaults()
		if !calm {
			for range s.IntN(4) {
				f := s.fault()
				s.tell("fault: %s on %s, after %d, %d times", faultName(f), f.Route, f.Skip, f.Times)
				w.server.Inject(f)
			}
		}
		last = s.oneRun(w, shared, request, services, calm)
		if last.dead {
			deaths++
		}
		if w.window {
			sum.inWindow()
			return
		}
		sum.add(1, 0)
		if calm && last.receipt != nil {
			break
		}
		if s.chance(15) {
			s.person(w)
		}
		pause := s.upTo(20 * time.Minute)
		if calm {
			pause += 36 * time.Hour // long enough for orders to lapse
		}
		time.Sleep(pause)
	}
	s.atTheEnd(t, w, services, last, b)
	sum.finish(w, services, last, deaths)
}

// person pays an order that the program has left unpaid, at its link. A person pays
// once, and not what the program has begun to pay.
func (s *schedule) person(w *world) {
	if w.paysSent() > 0 || len(w.server.Payments()) > 0 {
		return
	}
	for _, order := range w.server.Orders() {
		if order.Status == "notPaid" && order.Payments == 0 && order.Expiration.After(w.server.Now()) {
			s.tell("a person pays order %d", order.ID)
			w.server.Pay(order.ID)
			return
		}
	}
}

// oneRun lets one program renew.
func (s *schedule) oneRun(w *world, shared *memoryJournal, request func(*process) ovhrenew.Request, services []ovhrenew.ServiceID, calm bool) verdict {
	journal := func() ovhrenew.Journal {
		if s.chance(75) {
			return shared
		}
		return &memoryJournal{} // its own was lost
	}
	dieAt := 0
	if !calm && s.chance(50) {
		dieAt = 1 + s.IntN(90)
	}
	p := w.start(journal(), dieAt)
	v := w.run(p, request(p), services...)
	s.tell("run: %v %v", v, v.failed)
	return v
}

// atTheEnd checks what must hold when no fault has happened for long: the service is
// renewed once, or what is in the way is said.
func (s *schedule) atTheEnd(t *testing.T, w *world, services []ovhrenew.ServiceID, last verdict, b ovhrenewtest.Behaviour) {
	paid := w.payments(services)
	switch {
	case last.dead:
		t.Fatal("died in a run without a death")
	case last.receipt != nil:
		return // checked by the run
	case paid == 1 && (last.failed.Paid != ovhrenew.PaidUnsure || errors.Is(last.failed, ovhrenew.ErrExpiryMoved)):
		return // a run that lost its journal found the work done
	case b.Expired == ovhrenewtest.ExpiredEverywhere && errors.Is(last.failed, ovhrenew.ErrExpired):
		return // it ran out meanwhile, and nothing about it can be read any more
	case b.DetailDomain == "*" && told(last.failed) == ovhrenew.ErrForeignOrder.Error():
		return // orders that do not say what for are never paid twice to be safe
	}
	t.Fatalf("paid %d times, and the last run told %v: %v", paid, last, last.failed)
}

// inWindow counts a schedule that ended in the window.
func (sum *tally) inWindow() {
	sum.mu.Lock()
	defer sum.mu.Unlock()
	sum.window++
}

func (sum *tally) add(runs, deaths int) {
	sum.mu.Lock()
	defer sum.mu.Unlock()
	sum.runs += runs
	sum.deaths += deaths
}

func (sum *tally) finish(w *world, services []ovhrenew.ServiceID, last verdict, deaths int) {
	sum.mu.Lock()
	defer sum.mu.Unlock()
	sum.schedules++
	sum.deaths += deaths
	sum.faults += len(w.server.Faults())
	sum.orders += len(w.server.Orders())
	sum.paid += w.payments(services)
	if last.receipt != nil {
		sum.renewed++
	} else {
		sum.refused++
	}
}
