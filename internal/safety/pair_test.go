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
// of each delayed at random, so that they meet in every step.
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
		if shared && (busy == 0 || none > 0) {
			t.Errorf("with one journal, one of two has to renew and the other to be told")
		}
		if !shared && one == 0 {
			t.Errorf("with a journal each, no pair renewed")
		}
	}
}

func runPair(t *testing.T, seed uint64, shared bool) [2]verdict {
	random := rand.New(rand.NewPCG(seed, 1))
	w := newWorld(t, ovhrenewtest.Behaviour{
		ChargeTwice: true, DeliveryDelay: time.Minute,
		DetailsDelay: time.Duration(random.IntN(2)) * time.Second,
		StatusLag:    time.Duration(random.IntN(30)) * time.Second,
	})
	time.Sleep(time.Hour)
	journals := [2]ovhrenew.Journal{&memoryJournal{}, &memoryJournal{}}
	if shared {
		journals[1] = journals[0]
	}
	start := time.Duration(random.IntN(8000)) * time.Millisecond
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
	for range 3 {
		if w.server.PaymentsFor(int64(vps)) == 1 {
			break
		}
		// Both gave way to each other: whoever comes next, alone, goes on.
		time.Sleep(time.Hour)
		p := w.start(journals[0], 0)
		w.run(p, w.renewVPS(p), vps)
	}
	if n := w.server.PaymentsFor(int64(vps)); n != 1 {
		t.Fatalf("seed %d: paid %d times: %v", seed, n, verdicts)
	}
	return verdicts
}

// renewBeside is run without the comparison of payments before and after, which
// another program changes too.
func (w *world) renewBeside(p *process, req ovhrenew.Request, services ...ovhrenew.ServiceID) verdict {
	defer p.kill()
	receipt, err := ovhrenew.Renew(p.ctx, p.client, req)
	w.invariants(services)
	v := verdict{receipt: receipt}
	if err != nil && !errors.As(err, &v.failed) {
		w.tb.Errorf("the error is no StepError: %v", err)
	}
	if err != nil {
		v.receipt = nil
	}
	return v
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
