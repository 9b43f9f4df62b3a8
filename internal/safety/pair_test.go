// Two programs side by side, each request of one before or after those of the other.

package safety_test

import (
	"errors"
	"flag"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

var pairs = flag.Int("pairs", 50, "how many pairs of programs to run side by side")

// TestTwoAtOnce lets two programs renew the same service side by side, each request
// of each delayed at random, so that they meet in every step: with one journal, and
// with one each, that say so, while the account's list shows orders late. No answer is
// lost, and there is no exception: one payment.
func TestTwoAtOnce(t *testing.T) {
	t.Parallel()
	for _, shared := range []bool{true, false} {
		var both, one, none, busy int
		for seed := range *pairs {
			synctest.Test(t, func(t *testing.T) {
				verdicts := runPair(t, uint64(seed), shared)
				switch renewed := count(verdicts, func(v verdict) bool { return v.receipt != nil }); renewed {
				case 0:
					none++
				case 1:
					one++
				case 2:
					both++ // one of them found the receipt of the other
				}
				busy += count(verdicts, func(v verdict) bool { return v.failed != nil && errors.Is(v.failed, ovhrenew.ErrBusy) })
			})
		}
		t.Logf("%d pairs, journal shared %t: one renewed %d, both told of the one renewal %d, neither %d; %d were told who has it",
			*pairs, shared, one, both, none, busy)
		if none > 0 || shared && busy == 0 {
			t.Errorf("one of two has to renew, and with one journal the other to be told")
		}
	}
}

func runPair(t *testing.T, seed uint64, shared bool) [2]verdict {
	random := rand.New(rand.NewPCG(seed, 1))
	b := ovhrenewtest.Behaviour{
		ChargeTwice: true, DeliveryDelay: time.Minute,
		DetailsDelay: time.Duration(random.IntN(2)) * time.Second,
		StatusLag:    time.Duration(random.IntN(30)) * time.Second,
	}
	sharing, within := ovhrenew.OnlyJournal, 8*time.Second
	if !shared {
		sharing = ovhrenew.OneOfSeveral
		b.ListLag = time.Duration(random.IntN(540)) * time.Second
		b.DetailsDelay = time.Duration(random.IntN(60)) * time.Second
		if random.IntN(2) == 0 {
			within = 12 * time.Minute // about when the other one pays
		}
	}
	w := newWorld(t, b)
	time.Sleep(time.Hour)
	journals := [2]ovhrenew.Journal{&memoryJournal{sharing: sharing}, &memoryJournal{sharing: sharing}}
	if shared {
		journals[1] = journals[0]
	}
	start := time.Duration(random.Int64N(int64(within)))
	var verdicts [2]verdict
	var wg sync.WaitGroup
	for i := range verdicts {
		p := w.start(journals[i], 0)
		own := rand.New(rand.NewPCG(seed, uint64(2+i)))
		p.delay = func() { time.Sleep(time.Duration(own.IntN(700)) * time.Millisecond) }
		wg.Go(func() {
			time.Sleep(time.Duration(i) * start)
			verdicts[i] = w.renewBeside(p, w.renewVPS(p), vps)
		})
	}
	wg.Wait()
	if n := w.server.PaymentsFor(int64(vps)); n != 1 {
		t.Fatalf("seed %d: paid %d times: %v", seed, n, verdicts)
	}
	return verdicts
}

func count(verdicts [2]verdict, is func(verdict) bool) int {
	n := 0
	for _, v := range verdicts {
		if is(v) {
			n++
		}
	}
	return n
}
