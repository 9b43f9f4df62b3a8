// A journal whose disk is full.

package safety_test

import (
	"errors"
	"fmt"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// TestNothingIsSentOnAFullDisk lets the journal's disk fill at each record of a renewal,
// and wants nothing sent whose record could not be kept. With room again, the same
// journal goes on and pays once in all.
func TestNothingIsSentOnAFullDisk(t *testing.T) {
	t.Parallel()
	// What has been sent when so many records fit: ordering, ordered, paying, paid.
	for fit, want := range []struct{ orders, payments int }{{0, 0}, {1, 0}, {1, 0}, {1, 1}, {1, 1}} {
		t.Run(fmt.Sprint(fit), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, ovhrenewtest.Behaviour{ChargeTwice: true, DeliveryDelay: time.Minute})
				left := fit
				j := &memoryJournal{fail: func(ovhrenew.State) error {
					if left--; left < 0 {
						return fmt.Errorf("%w: %w", ovhrenew.ErrJournal, syscall.ENOSPC)
					}
					return nil
				}}
				p := w.start(j, 0)
				v := w.run(p, w.renewVPS(p), vps)
				if v.failed == nil || !errors.Is(v.failed, ovhrenew.ErrJournal) || (v.failed.Paid == ovhrenew.PaidNo) != (want.payments == 0) {
					t.Errorf("told %v: %v", v, v.failed)
				}
				if o, n := w.server.Count(ovhrenewtest.RouteOrder), w.paysSent(); o != want.orders || n != want.payments {
					t.Errorf("%d orders and %d payments were sent, want %d and %d", o, n, want.orders, want.payments)
				}
				j.fail = nil
				time.Sleep(time.Hour)
				p = w.start(j, 0)
				if v := w.run(p, w.renewVPS(p), vps); v.receipt == nil || w.server.PaymentsFor(int64(vps)) != 1 || w.server.Count(ovhrenewtest.RouteOrder) != 1 {
					t.Errorf("with room again, told %v: %v", v, v.failed)
				}
			})
		})
	}
}
