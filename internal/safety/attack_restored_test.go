// These attacks are about orders that were placed from here and that no state knows: of an old
// file of states, of a journal that failed, of a run without one.

package safety_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// TestAttackRestoredStates puts the files of states back as they were at each record of a
// renewal that is paid and under way, and renews again.
func TestAttackRestoredStates(t *testing.T) {
	t.Parallel()
	for i, b := range []ovhrenewtest.Behaviour{
		{DeliveryDelay: 10 * time.Hour},
		{ExpiryLag: 10 * time.Hour},
		{DeliveryDelay: 10 * time.Hour, DetailDomain: "*"},
		{DeliveryDelay: 10 * time.Hour, OrderValidity: time.Hour},
		{ExpiryLag: 10 * time.Hour, OrderValidity: time.Hour, LapsedStatus: "notPaid"},
		{DeliveryDelay: 10 * time.Hour, OrderValidity: time.Hour},
	} {
		b.ChargeTwice = true
		lost := i == 5 // the answer to the earlier order
		both(t, func(t *testing.T, sharing ovhrenew.Sharing) {
			if lost && sharing == ovhrenew.OnlyJournal {
				return // it is found, and paid
			}
			for record := 0; ; record++ {
				w := newWorld(t, b)
				time.Sleep(time.Hour)
				dir := t.TempDir()
				journal, err := ovhrenew.OpenJournal(dir, sharing)
				if err != nil {
					t.Fatal(err)
				}
				saved := &savedJournal{Journal: journal, t: t, dir: dir}
				if b.OrderValidity != 0 { // an earlier order lapses
					if lost {
						w.server.Inject(ovhrenewtest.Fault{Route: ovhrenewtest.RouteOrder, Kind: ovhrenewtest.Reset, When: ovhrenewtest.After})
					}
					orderOnly(t, w.host(saved, nil), lost)
					time.Sleep(2 * days)
				}
				for range 4 {
					if _, err = w.host(saved, nil).renew(vpsFor(ovhrenew.P3M)); !errors.Is(err, ovhrenew.ErrLapsed) && !errors.Is(err, ovhrenew.ErrNoEffect) {
						break
					}
				}
				want(t, err, ovhrenew.ErrPending, ovhrenew.PaidYes)
				if record == len(saved.copies) {
					return
				}
				states := filepath.Join(dir, "services")
				if err := os.RemoveAll(states); err != nil {
					t.Fatal(err)
				}
				if err := os.CopyFS(states, os.DirFS(filepath.Join(saved.copies[record], "services"))); err != nil {
					t.Fatal(err)
				}
				for range 3 {
					if _, err := w.host(journal, nil).renew(vpsFor(ovhrenew.P3M)); err == nil {
						t.Errorf("restored to record %d: it was seen renewed", record)
					}
				}
				w.paidFor(1, vps)
			}
		})
	}
}

// orderOnly orders for three months, and goes no further than to look for an order whose
// answer is lost.
func orderOnly(t *testing.T, h *host, lost bool) {
	t.Helper()
	req := vpsFor(ovhrenew.P3M)
	req.Journal = h.journal
	runner, err := ovhrenew.NewRunner(h.api, h.journal)
	if err != nil {
		t.Fatal(err)
	}
	task, err := runner.Propose(t.Context(), req)
	if err == nil {
		task, err = runner.Advance(t.Context(), task)
	}
	for n := 0; n < 12 && lost && task.Phase == ovhrenew.PhaseOrdering; n++ {
		time.Sleep(time.Minute)
		task, err = runner.Advance(t.Context(), task)
	}
	if !lost && task.Phase != ovhrenew.PhaseOrdered {
		t.Fatalf("%s, %v", task.Phase, err)
	}
}

// TestAttackUnkeptOrder lets the journal fail when the order is to be kept, and the same
// program go on: what it has ordered is not ordered again. The API may have been paid for it
// at once, or not.
func TestAttackUnkeptOrder(t *testing.T) {
	t.Parallel()
	for _, onOrder := range []bool{false, true} {
		both(t, func(t *testing.T, sharing ovhrenew.Sharing) {
			w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true, PayOnOrder: onOrder, DeliveryDelay: 10 * time.Hour})
			w.server.SetPrepaid("100.00")
			time.Sleep(time.Hour)
			full := true
			journal := &memoryJournal{sharing: sharing, fail: func(s ovhrenew.State) error {
				if full && s.Phase == ovhrenew.PhaseOrdered {
					return fmt.Errorf("%w: %w", ovhrenew.ErrJournal, syscall.ENOSPC)
				}
				return nil
			}}
			h := w.host(journal, nil)
			runner, err := ovhrenew.NewRunner(h.api, journal)
			if err != nil {
				t.Fatal(err)
			}
			req := vpsFor(ovhrenew.P3M)
			req.Journal = journal
			task, err := runner.Propose(t.Context(), req)
			if err != nil {
				t.Fatal(err)
			}
			if task, err = runner.Advance(t.Context(), task); !errors.Is(err, ovhrenew.ErrJournal) {
				t.Fatalf("%s, %v", task.Phase, err)
			}
			full = false
			for range 12 {
				task, err = runner.Advance(t.Context(), task)
				h.truth(task.Receipt, err)
				time.Sleep(7 * time.Minute)
			}
			if n := w.server.Count(ovhrenewtest.RouteOrder); n != 1 {
				t.Errorf("%d orders were placed", n)
			}
			if sharing == ovhrenew.OnlyJournal || onOrder {
				w.paidFor(1, vps)
			} else { // as after a restart: it may be another's
				w.paidFor(0, vps)
				want(t, err, ovhrenew.ErrForeignOrder, ovhrenew.PaidUnsure)
			}
		})
	}
}

// TestAttackOneRunnerTwice renews a service twice at once with one runner that has no journal
// to claim it in.
func TestAttackOneRunnerTwice(t *testing.T) {
	t.Parallel()
	for _, lag := range []time.Duration{0, time.Second, 20 * time.Second} {
		for _, falling := range []bool{false, true} {
			for _, other := range []ovhrenew.Period{ovhrenew.P3M, ovhrenew.P1M} {
				bubble(t, func(t *testing.T) {
					w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true, DeliveryDelay: 10 * time.Hour, Latency: 300 * time.Millisecond, FallingIDs: falling})
					time.Sleep(time.Hour)
					runner, err := ovhrenew.NewRunner(w.host(ovhrenew.NoJournal, nil).api, ovhrenew.NoJournal)
					if err != nil {
						t.Fatal(err)
					}
					var wg sync.WaitGroup
					for i, period := range []ovhrenew.Period{ovhrenew.P3M, other} {
						wg.Go(func() {
							time.Sleep(time.Duration(i) * lag)
							req := vpsFor(period)
							req.Journal = ovhrenew.NoJournal
							task, err := runner.Propose(t.Context(), req)
							if err == nil {
								_, err = runner.Run(t.Context(), task)
							}
							if err == nil {
								t.Error("it was seen renewed")
							}
						})
					}
					wg.Wait()
					w.paidFor(1, vps)
				})
			}
		}
	}
}
