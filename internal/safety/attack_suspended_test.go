// What a process does that is suspended between its last check and the bytes.

package safety_test

import (
	"bytes"
	"context"
	"io"
	"sync"
	"testing"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// frozen is a process that is suspended after the last check of a call, and before its bytes
// leave. When it wakes, they do, whatever its clocks say: the kernel may be faster. A signed
// request is of a moment, and the API refuses it later; one with a token is not.
type frozen struct {
	w      *world
	calls  func(sent) bool
	token  string
	before func()        // as it is suspended
	span   time.Duration // how long it is
	once   sync.Once
}

func (f *frozen) instead(s sent) (status int, body string) {
	if !f.calls(s) {
		return 0, ""
	}
	f.once.Do(func() {
		f.before()
		time.Sleep(f.span)
		r := s.Clone(context.WithoutCancel(s.Context()))
		if f.token != "" {
			r.Header.Set("Authorization", "Bearer "+f.token)
		}
		r.Body = io.NopCloser(bytes.NewReader([]byte(s.body)))
		response, err := f.w.server.Transport().RoundTrip(r)
		if err != nil {
			f.w.tb.Error(err)
			return
		}
		defer response.Body.Close()
		text, _ := io.ReadAll(response.Body)
		status, body = response.StatusCode, string(text)
	})
	return status, body
}

// TestAttackSuspendedLong suspends a process whose claim is a lease, at the moment at which no
// check can help, for shorter and longer than the time to settle. Another takes over and
// tries every night. The windows of docs/machines.md are shown.
func TestAttackSuspendedLong(t *testing.T) {
	t.Parallel()
	order, payment := sent.orders, sent.pays
	plain, itself, lapsed := ovhrenewtest.Behaviour{}, ovhrenewtest.Behaviour{PayOnOrder: true}, ovhrenewtest.Behaviour{LapsedPayable: true}
	for name, test := range map[string]struct {
		at               func(sent) bool
		b                ovhrenewtest.Behaviour
		span             time.Duration
		orders, payments int
	}{
		"order, 3 minutes":                 {order, plain, 3 * time.Minute, 1, 1},
		"order, 2 hours":                   {order, plain, 2 * time.Hour, 2, 1},
		"order, 3 days":                    {order, plain, 3 * days, 2, 1},
		"order that is paid, 3 minutes":    {order, itself, 3 * time.Minute, 1, 1},
		"order that is paid, 2 hours":      {order, itself, 2 * time.Hour, 2, 2}, // a window
		"payment, 3 minutes":               {payment, plain, 3 * time.Minute, 1, 1},
		"payment, 11 minutes":              {payment, plain, 11 * time.Minute, 1, 1},
		"payment, 3 days":                  {payment, plain, 3 * days, 1, 1},
		"payment, 20 days":                 {payment, plain, 20 * days, 2, 1},
		"payment of a lapsed one, 3 days":  {payment, lapsed, 3 * days, 1, 1},
		"payment of a lapsed one, 20 days": {payment, lapsed, 20 * days, 2, 2}, // a window
	} {
		for _, sharing := range []ovhrenew.Sharing{ovhrenew.OnlyJournal, ovhrenew.OneOfSeveral} {
			for _, token := range []string{"", "token"} {
				t.Run(name+", "+string(sharing)+" "+token, func(t *testing.T) {
					bubble(t, func(t *testing.T) {
						b := test.b
						b.ChargeTwice, b.DeliveryDelay, b.OrderValidity, b.AccessToken = true, time.Minute, 7*days, token
						w := newWorld(t, b)
						w.suspended(sharing, &frozen{w: w, calls: test.at, token: token, span: test.span})
						if token == "" { // no window: the API refuses what comes late
							w.paidFor(1, vps)
							return
						}
						w.paidFor(test.payments, vps)
						if got := len(w.server.Orders()); sharing == ovhrenew.OnlyJournal && got != test.orders {
							t.Errorf("%d orders, want %d", got, test.orders)
						}
					})
				})
			}
		}
	}
}

// suspended renews with a process that is suspended, and then with its heir.
func (w *world) suspended(sharing ovhrenew.Sharing, f *frozen) {
	w.tb.Helper()
	w.server.SetPrepaid("1000") // from which an order may be paid by itself
	time.Sleep(time.Hour)
	first := ovhrenewtest.NewMemory(sharing)
	var all sync.WaitGroup
	f.before = func() {
		first.ExpireLeases()
		all.Go(func() {
			h := w.host(first.Another(), nil)
			for range 40 { // nights
				if _, err := h.renew(vpsFor(ovhrenew.P3M)); err == nil {
					return
				}
				time.Sleep(days)
			}
			if w.server.PaymentsFor(int64(vps)) == 0 {
				w.tb.Error("nobody ever renewed")
			}
		})
	}
	_, _ = w.host(first, &wire{instead: f.instead}).renew(vpsFor(ovhrenew.P3M))
	all.Wait()
}
