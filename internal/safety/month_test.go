// Refusing is a fault too: these tests count what is renewed by itself in an account in
// which people buy other things all day.

package safety_test

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// A market is an account in which services come due one after another, while people buy
// other things, and two hosts renew every night, with a journal each.
type market struct {
	*world
	*rand.Rand
	services []ovhrenew.ServiceID
	ends     map[ovhrenew.ServiceID]ovhrenew.Date
	prices   []string

	mu       sync.Mutex
	refusals map[string]int
	renewed  map[ovhrenew.ServiceID]ovhrenew.Date
}

const (
	comeDue    = 40 // services come due, thirty days before they end,
	comeDueFor = 30 // within so many days
	nights     = 45 // by the last of which all are expected to be renewed
)

func newMarket(tb testing.TB, seed uint64) *market {
	s := &market{
		Rand: rand.New(rand.NewPCG(seed, 1)), ends: map[ovhrenew.ServiceID]ovhrenew.Date{},
		refusals: map[string]int{}, renewed: map[ovhrenew.ServiceID]ovhrenew.Date{},
	}
	s.world = newWorld(tb, ovhrenewtest.Behaviour{
		ChargeTwice: true, ListLag: 6 * time.Second, ListShuffle: true, StatusLag: time.Minute, DeliveryDelay: 3 * time.Minute, Latency: 100 * time.Millisecond,
	})
	for i := range comeDue {
		end := time.Now().Add(30*days + time.Duration(i)*comeDueFor*days/comeDue)
		id := s.server.AddService(ovhrenewtest.Service{Name: fmt.Sprintf("name%d.fr", i), Type: "Domain .fr", Expiry: end})
		price, twice := fmt.Sprintf("%d.99", 5+i%10), fmt.Sprintf("%d.98", 11+2*(i%10))
		s.server.Offer("P1Y", price, id)
		s.server.Offer("P2Y", twice, id)
		s.services = append(s.services, ovhrenew.ServiceID(id))
		s.ends[ovhrenew.ServiceID(id)] = s.expiry(ovhrenew.ServiceID(id))
		if i < 10 {
			s.prices = append(s.prices, price, twice)
		}
	}
	return s
}

// buy buys something else. One in twenty costs what a renewal does and does not say what
// it is for; one in ten is never paid.
func (s *market) buy(n int) {
	domain := []string{"*", "*001", fmt.Sprintf("new%d.fr", n), "vps-starter-1-2-20", ""}[s.IntN(5)]
	price := fmt.Sprintf("%d.%02d", 1+s.IntN(200), s.IntN(98))
	if n%20 == 0 {
		domain, price = "*", s.prices[s.IntN(len(s.prices))]
	}
	id := s.server.AddOrder(ovhrenewtest.Order{Status: "notPaid", Domain: domain, Period: "P1Y", Price: price})
	if s.IntN(10) > 0 {
		go func() {
			time.Sleep(time.Duration(1+n%120) * time.Minute)
			s.server.Pay(id)
		}()
	}
}

// bought makes the lines of what was bought as unclear as lines can be: they say that
// something is prolonged, or have a voucher beside them.
func bought(s sent, status int, body string) (int, string) {
	if !s.reads("/details") || !strings.Contains(body, `"CREATION"`) {
		return status, body
	}
	switch id := s.URL.Path; id[len(id)-len("0/details")] % 3 {
	case 0:
		body = strings.ReplaceAll(body, `"CREATION"`, `"DURATION"`)
	case 1:
		return lineBeside("VOUCHER").answer(s, status, strings.ReplaceAll(body, `"CREATION"`, `"DURATION"`))
	}
	return status, body
}

// night lets a host renew what is due.
func (s *market) night(h *host) {
	for _, id := range s.services {
		req := vpsFor(ovhrenew.P1Y)
		req.Service = ovhrenew.ID(id)
		receipt, err := h.renew(req)
		s.mu.Lock()
		switch {
		case err != nil && !errors.Is(err, ovhrenew.ErrNotDue):
			s.refusals[told(err)]++
		case err == nil && !receipt.Already:
			s.renewed[id] = ovhrenew.DateOf(time.Now())
		}
		s.mu.Unlock()
	}
}

// TestMonthOfPurchases lets two hosts renew unattended while people buy twenty other
// things a day. At least 99 of a hundred services are renewed before they end, and none
// of them twice.
func TestMonthOfPurchases(t *testing.T) {
	t.Parallel()
	for _, seed := range []uint64{2} {
		bubble(t, func(t *testing.T) {
			s := newMarket(t, seed)
			var hosts []*host
			for range 2 {
				journal, err := ovhrenew.OpenJournal(t.TempDir(), ovhrenew.OneOfSeveral)
				if err != nil {
					t.Fatal(err)
				}
				hosts = append(hosts, s.host(journal, &wire{answer: bought}))
			}
			var all sync.WaitGroup
			for i, h := range hosts {
				all.Go(func() {
					for day := range nights {
						time.Sleep(time.Until(time.Unix(946684800, 0).Add(time.Duration(day)*days + 2*time.Hour + time.Duration(i)*3*time.Second)))
						s.night(h)
					}
				})
			}
			all.Go(func() {
				for n := range nights * 20 {
					s.buy(n)
					time.Sleep(days / 20)
				}
			})
			all.Wait()
			s.report(t)
		})
	}
}

// report compares what was renewed with what had to be.
func (s *market) report(t *testing.T) {
	t.Helper()
	inTime := 0
	for _, id := range s.services {
		if n := s.server.PaymentsFor(int64(id)); n > 1 {
			t.Errorf("service %d was paid for %d times", id, n)
		}
		if on, ok := s.renewed[id]; ok && !on.After(s.ends[id]) {
			inTime++
		} else {
			t.Logf("service %d, which ended on %s, was renewed on %s", id, s.ends[id], on)
		}
	}
	t.Logf("%d of %d renewed in time", inTime, len(s.services))
	for _, why := range slices.Sorted(maps.Keys(s.refusals)) {
		t.Logf("refused %d times: %s", s.refusals[why], why)
	}
	if 100*inTime < 99*len(s.services) {
		t.Errorf("only %d of %d services were renewed before they ended", inTime, len(s.services))
	}
}
