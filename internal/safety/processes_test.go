// Two processes, with one journal and with two.

package safety_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// held stops the first process that comes to a step there, until it is let go.
type held struct {
	taken   atomic.Bool
	reached chan struct{}
	letGo   chan struct{}
}

// hold makes the first request of a route wait, before its effect or after it.
func hold(s *shop, at step) *held {
	h := &held{reached: make(chan struct{}), letGo: make(chan struct{})}
	hook := func(r ovhrenewtest.Request) {
		if r.Route == at.route && h.taken.CompareAndSwap(false, true) {
			close(h.reached)
			<-h.letGo
		}
	}
	if at.answer {
		s.OnAnswer(hook)
	} else {
		s.OnRequest(hook)
	}
	return h
}

// twoProcesses lets one process renew up to a step, another do the same in whole,
// and then the first go on.
func twoProcesses(t *testing.T, s *shop, h *held, jobs [2]job) (first, second *child, codes [2]int) {
	t.Helper()
	first = startChild(t, jobs[0])
	ended := make(chan int, 1)
	go func() { ended <- first.end() }()
	select {
	case <-h.reached:
	case <-ended:
		t.Fatalf("the first process never came to the step: %s", first.stderr.String())
	}
	second = startChild(t, jobs[1])
	codes[1] = second.end()
	close(h.letGo)
	codes[0] = <-ended
	for i, c := range []*child{first, second} {
		if codes[i] != exitDone && codes[i] != exitRefused {
			t.Fatalf("exit code %d: %s", codes[i], c.stderr.String())
		}
	}
	for i, c := range []*child{first, second} {
		t.Logf("process %d: exit code %d %s", i+1, codes[i], strings.TrimSpace(c.stderr.String()))
	}
	return first, second, codes
}

// oneRenewal is a shop in which one VPS is to be renewed.
func oneRenewal(t *testing.T) (*shop, ovhrenew.ServiceID) {
	t.Helper()
	s := newShop(t)
	s.job.Renewals = s.job.Renewals[:1]
	return s, s.job.Renewals[0].Service
}

// step is where the first process is stopped: when a request comes in, or when it
// is about to be answered.
type step struct {
	route  string
	answer bool
}

func (s step) String() string {
	return fmt.Sprintf("%s, answered %t", strings.ReplaceAll(s.route, "/", "|"), s.answer)
}

// TestTwoProcessesOneJournal: one renews, the other says who has it. The services are
// claimed from the order on.
func TestTwoProcessesOneJournal(t *testing.T) {
	t.Parallel()
	for _, at := range []step{
		{ovhrenewtest.RouteOrder, false},
		{ovhrenewtest.RouteOrder, true},
		{ovhrenewtest.RoutePay, false},
		{ovhrenewtest.RoutePay, true},
	} {
		t.Run(at.String(), func(t *testing.T) {
			t.Parallel()
			s, id := oneRenewal(t)
			first, second, codes := twoProcesses(t, s, hold(s, at), [2]job{s.job, s.job})
			want := fmt.Sprintf("service %d: %v: process %d, since ", id, ovhrenew.ErrBusy, first.Process.Pid)
			if told := second.stderr.String(); codes[1] != exitRefused || !strings.Contains(told, want) {
				t.Errorf("the second process told %q, want %q", told, want)
			}
			if codes[0] != exitDone || s.PaymentsFor(int64(id)) != 1 {
				t.Errorf("the first process ended with code %d and %d payments", codes[0], s.PaymentsFor(int64(id)))
			}
		})
	}
}

// TestTwoProcessesTwoJournals: whatever the first one stops at, there is one payment.
//
// At the payment, and between the last look at the order's status and the payment,
// it is not stopped: nothing keeps the two apart if that takes longer than the other
// one watches an order.
func TestTwoProcessesTwoJournals(t *testing.T) {
	t.Parallel()
	steps := []step{{ovhrenewtest.RouteOrder, false}}
	for _, route := range routesOfRenewal {
		switch route {
		case ovhrenewtest.RoutePay, ovhrenewtest.RouteTime:
		case "GET /me/order/{orderId}/payment", "GET /me/order/{orderId}/details": // of others' orders alone
		case "GET /me/order/{orderId}", "GET /service/{serviceId}": // only where something is unclear
		default:
			steps = append(steps, step{route, true})
		}
	}
	for _, at := range steps {
		t.Run(at.String(), func(t *testing.T) {
			t.Parallel()
			s, id := oneRenewal(t)
			s.job.Sharing, s.job.Settle = ovhrenew.OneOfSeveral, 500*time.Millisecond
			other := s.job
			other.Journal = filepath.Join(t.TempDir(), "journal")
			_, _, codes := twoProcesses(t, s, hold(s, at), [2]job{s.job, other})
			if n := s.PaymentsFor(int64(id)); n != 1 {
				t.Errorf("%d payments, want 1", n)
			}
			if (codes[0] == exitDone) == (codes[1] == exitDone) {
				t.Errorf("exit codes %v, want one that has renewed and one that refused", codes)
			}
		})
	}
}
