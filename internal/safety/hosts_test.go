// Two or three programs at once, under everything that can happen, at random.

package safety_test

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

var hostSchedules = flag.Int("hosts", 40, "how many random schedules of several programs to run")

// TestRandomHosts lets two or three programs renew the same services or overlapping ones,
// for some nights, under faults, lost answers, deaths, machines that sleep, leases that pass,
// persons that say something, and every way in which the API may answer what is not known of
// it. Each payment is accounted for; the windows of the package's documentation are the only
// ones in which a service is paid for twice. A schedule that breaks anything prints its seed.
func TestRandomHosts(t *testing.T) {
	t.Parallel()
	sum := &hostsTally{windows: map[string]int{}, ends: map[string]int{}}
	eachSchedule(t, *hostSchedules, func(t *testing.T, seed uint64) { runHosts(t, seed, sum) })
	t.Cleanup(func() { t.Log(sum) })
}

// hostsTally is what the schedules came to.
type hostsTally struct {
	mu                                                                    sync.Mutex
	schedules, starts, deaths, slept, faults, orders, paid, services, not int
	windows, ends                                                         map[string]int
}

func (sum *hostsTally) String() string {
	return fmt.Sprintf("%d schedules: %d starts of programs, %d deaths, %d sleeps, %d faults, %d orders, %d payments; of %d programs %d were not told of a renewal in the end; windows: %v; last words: %v",
		sum.schedules, sum.starts, sum.deaths, sum.slept, sum.faults, sum.orders, sum.paid, sum.services, sum.not, sum.windows, sum.ends)
}

// hosts is one schedule of several programs.
type hosts struct {
	*schedule
	w        *world
	b        ovhrenewtest.Behaviour
	sharing  ovhrenew.Sharing
	programs []*program
	storm    bool // faults, deaths and the like happen
	// lateOrder and latePay are how late the effects of calls may come, so that they show
	// within Patience.Settle.
	lateOrder, latePay time.Duration
	prepaid, onDisk    bool      // there is prepaid money; journals are directories
	repriced           time.Time // when prices rose
	accountName        string    // in journals

	mu                    sync.Mutex
	journals              int                                    // how many there were
	sends                 []sending                              // every spending call that was sent
	tellings              []telling                              // everything that was told
	named                 map[ovhrenew.OrderID]string            // what a person has said of orders
	rejected              map[int]map[ovhrenew.OrderID]time.Time // by journal
	starts, deaths, slept int
}

func runHosts(t *testing.T, seed uint64, sum *hostsTally) {
	s := &hosts{
		schedule: &schedule{Rand: rand.New(rand.NewPCG(seed, 2)), seed: seed},
		named:    map[ovhrenew.OrderID]string{}, rejected: map[int]map[ovhrenew.OrderID]time.Time{},
	}
	defer func() {
		if t.Failed() || *replay != 0 {
			t.Logf("seed %d (run it with -run RandomHosts -seed=%d):\n%s", seed, seed, strings.Join(s.story, "\n"))
		}
	}()
	s.chooseBehaviour()
	s.w = newWorld(t, s.b)
	s.note("%+v", s.b)
	s.account()
	time.Sleep(time.Hour + s.upTo(24*time.Hour))
	s.choosePrograms()
	nights := 1 + s.IntN(3)
	for night := range nights + calmNights {
		s.storm = night < nights
		s.w.server.ClearFaults()
		if s.storm {
			s.faults()
		} else if s.allDone() {
			break
		}
		s.note("night %d, storm %t", night, s.storm)
		s.night()
		if s.check(); t.Failed() {
			return
		}
		time.Sleep(time.Duration(1+s.IntN(30)) * time.Hour)
		if !s.storm {
			time.Sleep(days)
		}
	}
	time.Sleep(2 * time.Hour)
	s.check()
	s.atTheEnd()
	s.finish(sum)
}

// calmNights are enough for two orders to lapse one after the other.
const calmNights = 16

// note tells with the time, and may be called by several programs.
func (s *hosts) note(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tell("%s "+format, append([]any{s.w.server.Now().UTC().Format("02 15:04:05.000")}, args...)...)
}

// chooseBehaviour answers what is not known of the API in a random way. What follows a call
// shows within Patience.Settle.
func (s *hosts) chooseBehaviour() {
	const settle = 9*time.Minute + 50*time.Second
	b := s.behaviour()
	b.ChaosDelay, b.SecondOrder = 0, ovhrenewtest.SecondOrderNew
	switch s.IntN(4) {
	case 0:
		b.ListLag = s.upTo(20 * time.Second)
	case 1:
		b.ListLag = s.upTo(settle)
	}
	b.ListShuffle = s.chance(40)
	if s.chance(30) {
		b.StatusLag = s.upTo(settle)
	}
	if n := s.IntN(10); n < 4 {
		b.SecondOrder = ovhrenewtest.SecondOrder(1 + n%2)
	}
	b.FallingIDs = s.chance(15)
	if s.chance(15) {
		b.DateSkew = s.upTo(50*time.Second) - 25*time.Second
	}
	if s.chance(15) {
		b.OrderLag = s.upTo(3 * time.Minute)
	}
	if s.chance(15) {
		b.CheckFirst = s.upTo(5 * time.Minute)
	}
	if s.chance(15) {
		b.DetailsDelay = s.upTo(settle)
	}
	if s.chance(10) {
		b.ExpiryLag = s.upTo(72 * time.Hour)
	}
	if s.chance(5) {
		b.AfterPay = "documentsRequested"
	}
	b.StalePages, b.WholeList = s.chance(20), s.chance(20)
	b.PaymentUndated, b.PaidForbidden = s.chance(20), s.chance(30)
	if s.chance(10) {
		b.Absent = []string{"GET /me/order/{orderId}/payment"}
	}
	if s.chance(30) {
		b.OrderValidity = []time.Duration{24 * time.Hour, 36 * time.Hour, 14 * days}[s.IntN(3)]
	}
	s.prepaid = s.chance(15)
	b.PayOnOrder = s.prepaid && s.chance(70)
	s.b = b
	s.lateOrder, s.latePay = min(4*time.Minute, settle-b.ListLag), min(4*time.Minute, settle-b.StatusLag)
}

// twin is another VPS at the same prices.
const twin = ovhrenew.ServiceID(99)

// account adds to the guide's account what makes it harder: offers that overlap, a twin, and
// orders of others.
func (s *hosts) account() {
	server := s.w.server
	server.Offer("P1Y", "35.90", int64(hosting))
	server.AddService(ovhrenewtest.Service{ID: int64(twin), Name: "vps9.ovh.net", Route: "/vps/vps9.ovh.net", Type: "VPS", Expiry: time.Now().Add(10 * days)})
	server.Offer("P3M", "17.97", int64(twin))
	server.Offer("P6M", "34.14", int64(twin))
	if s.chance(50) {
		for _, id := range []ovhrenew.ServiceID{vps, twin} {
			server.SetExpiry(int64(id), time.Now().Add(28*days).Truncate(24*time.Hour))
		}
	}
	for _, id := range []ovhrenew.ServiceID{vps, domain, hosting, twin} {
		s.w.old[id] = s.w.expiry(id)
	}
	if s.prepaid {
		server.SetPrepaid("200.00")
	}
	var err error
	if s.accountName, err = s.w.start(nil, 0).client.Account(context.Background()); err != nil {
		s.w.tb.Fatal(err)
	}
	prices := []string{"17.97", "34.14", "37.87", "35.90", "1.99", "8.88"}
	if s.chance(25) { // of something new
		id := server.AddOrder(ovhrenewtest.Order{Status: "notPaid", Period: "P1Y", Domain: []string{"*", "", "new.fr"}[s.IntN(3)], Price: prices[s.IntN(len(prices))]})
		if s.chance(50) {
			server.Pay(id)
		}
	}
	if s.chance(10) { // that a person began, and left
		server.AddOrder(ovhrenewtest.Order{Status: "notPaid", Services: []int64{int64(vps)}, Period: "P3M", Price: "17.97"})
	}
}

// wants are what the programs of a schedule are to renew.
var wants = [][]want1{
	{{vps, "P3M", nil}},
	{{vps, "P3M", nil}, {vps, "P6M", nil}},
	{{domain, "P1Y", []ovhrenew.ServiceID{domain, hosting}}},
	{{domain, "P1Y", []ovhrenew.ServiceID{domain, hosting}}, {hosting, "P1Y", nil}},
	{{domain, "P1Y", []ovhrenew.ServiceID{domain, hosting}}, {domain, "P1Y", nil}},
	{{hosting, "P1Y", []ovhrenew.ServiceID{domain, hosting}}, {domain, "P1Y", nil}, {hosting, "P1Y", nil}},
	{{vps, "P3M", nil}, {twin, "P3M", nil}, {vps, "P3M", nil}},
}

// want1 is a renewal that is wanted.
type want1 struct {
	target   ovhrenew.ServiceID
	period   ovhrenew.Period
	services []ovhrenew.ServiceID // more than the target
}

func (w want1) all() []ovhrenew.ServiceID {
	if w.services == nil {
		return []ovhrenew.ServiceID{w.target}
	}
	return w.services
}

func (w want1) is(services []int64, period string) bool {
	var ids []ovhrenew.ServiceID
	for _, id := range services {
		ids = append(ids, ovhrenew.ServiceID(id))
	}
	slices.Sort(ids)
	return string(w.period) == period && slices.Equal(ids, slices.Sorted(slices.Values(w.all())))
}

// choosePrograms makes the programs, and who has which journal.
func (s *hosts) choosePrograms() {
	kind := s.IntN(5)
	wanted := wants[s.IntN(len(wants))]
	s.onDisk = s.chance(15)
	s.sharing = ovhrenew.OneOfSeveral
	if kind <= 1 {
		s.sharing = ovhrenew.OnlyJournal
	}
	shared := s.newJournal()
	for i := range 2 + s.IntN(2) {
		p := &program{s: s, name: string(rune('A' + i)), random: rand.New(rand.NewPCG(s.seed, uint64(10+i))), want1: wanted[i%len(wanted)], journal: shared}
		switch {
		case kind == 2 || kind == 4 && i == 0:
			p.journal = s.newJournal()
		case kind == 3 && i == 0, kind == 4 && i == 1:
			p.journal = nil
		case kind == 3:
			p.loses = i == 1
		}
		p.choose()
		s.programs = append(s.programs, p)
		s.note("program %v", p)
	}
}

func (s *hosts) newJournal() *numbered {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.journals++
	j := &numbered{memory: ovhrenewtest.NewMemory(s.sharing), sharing: s.sharing, n: s.journals}
	if s.onDisk {
		j.dir = s.w.tb.TempDir()
	}
	return j
}

// faults plans what goes wrong in a night.
func (s *hosts) faults() {
	for range s.IntN(4) {
		f := s.fault()
		if s.chance(50) {
			f.Route = []string{ovhrenewtest.RouteOrder, ovhrenewtest.RoutePay}[s.IntN(2)]
			f.Skip, f.Times = s.IntN(2), 1+s.IntN(2)
		}
		if s.chance(15) { // a gateway's word after the effect
			f.Kind, f.When, f.Status, f.HTML = ovhrenewtest.StatusFault, ovhrenewtest.After, []int{401, 403, 404, 500, 502, 504}[s.IntN(6)], true
		}
		if s.chance(8) { // an answer about something else, where it says about what
			f.Route = []string{"GET /me/order/{orderId}", "GET /services/{serviceId}"}[s.IntN(2)]
			f.Kind, f.When = ovhrenewtest.Other, ovhrenewtest.When(s.IntN(2))
		}
		switch {
		case f.Kind == ovhrenewtest.Duplicate && (f.Route == ovhrenewtest.RoutePay || s.b.PayOnOrder):
			f.Kind = ovhrenewtest.Reset
		case f.Kind == ovhrenewtest.Late && f.Route == ovhrenewtest.RoutePay:
			f.Delay = s.upTo(s.latePay)
		case f.Kind == ovhrenewtest.Late:
			f.Delay = s.upTo(s.lateOrder)
		}
		s.note("fault: %s on %s, after %d, %d times, %v", faultName(f), f.Route, f.Skip, f.Times, f.Delay)
		s.w.server.Inject(f)
	}
}

// night lets every program run, seconds or minutes apart.
func (s *hosts) night() {
	spread := []time.Duration{3 * time.Second, 40 * time.Second, 5 * time.Minute, 20 * time.Minute}[s.IntN(4)]
	var all sync.WaitGroup
	for _, p := range s.programs {
		start := s.upTo(spread) + time.Duration(s.IntN(1e9))
		if s.storm && s.chance(10) || p.done && s.chance(70) {
			continue
		}
		all.Go(func() {
			time.Sleep(start)
			p.night()
		})
	}
	if s.storm && s.chance(8) {
		at := s.upTo(30 * time.Minute)
		all.Go(func() {
			time.Sleep(at)
			s.personPays()
		})
	}
	if s.storm && s.repriced.IsZero() && s.chance(8) {
		at := s.upTo(30 * time.Minute)
		all.Go(func() {
			time.Sleep(at)
			s.reprice()
		})
	}
	all.Wait()
}

// reprice lets what most programs want cost more from now on.
func (s *hosts) reprice() {
	s.note("prices rise")
	s.repriced = s.w.server.Now()
	s.w.server.SetPrice("P3M", "19.97", int64(vps))
	s.w.server.SetPrice("P1Y", "39.87", int64(hosting), int64(domain))
	s.w.server.SetPrice("P1Y", "37.90", int64(hosting))
}

// personPays pays an order that waits, at its link.
func (s *hosts) personPays() {
	for _, order := range s.w.server.Orders() {
		if order.Status == "notPaid" && order.Payments == 0 && len(order.Services) > 0 && order.Expiration.After(s.w.server.Now()) {
			s.note("a person pays order %d", order.ID)
			s.w.server.Pay(order.ID)
			return
		}
	}
}

func (s *hosts) allDone() bool {
	return !slices.ContainsFunc(s.programs, func(p *program) bool { return !p.done })
}
