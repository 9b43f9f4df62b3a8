package safety_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

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
func hold(s *shop, route string, answer bool) *held {
	h := &held{reached: make(chan struct{}), letGo: make(chan struct{})}
	hook := func(r ovhrenewtest.Request) {
		if r.Route == route && h.taken.CompareAndSwap(false, true) {
			close(h.reached)
			<-h.letGo
		}
	}
	if answer {
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

// stepsToHold are where the first process is stopped. At the payment, and between
// the last look at the order's status and the payment, it cannot be stopped for
// longer than the other one watches an order: that is the window which remains
// without a shared journal.
func stepsToHold() []string {
	var steps []string
	for _, route := range routesOfRenewal {
		switch route {
		case ovhrenewtest.RoutePay, ovhrenewtest.RouteTime:
		case "GET /me/order/{orderId}/payment", "GET /me/order/{orderId}/details": // of others' orders alone
		default:
			steps = append(steps, route)
		}
	}
	return steps
}

// TestTwoProcessesOneJournal: one renews, the other says who has it.
func TestTwoProcessesOneJournal(t *testing.T) {
	t.Parallel()
	for _, route := range append(stepsToHold(), ovhrenewtest.RoutePay) {
		for _, answer := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s/%t", strings.ReplaceAll(route, "/", "|"), answer), func(t *testing.T) {
				t.Parallel()
				s, id := oneRenewal(t)
				first, second, codes := twoProcesses(t, s, hold(s, route, answer), [2]job{s.job, s.job})
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
}

// TestTwoProcessesTwoJournals: whatever the first one stops at, there is one payment.
func TestTwoProcessesTwoJournals(t *testing.T) {
	t.Parallel()
	for _, route := range stepsToHold() {
		for _, answer := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s/%t", strings.ReplaceAll(route, "/", "|"), answer), func(t *testing.T) {
				t.Parallel()
				s, id := oneRenewal(t)
				other := s.job
				other.Journal = filepath.Join(t.TempDir(), "journal")
				_, _, codes := twoProcesses(t, s, hold(s, route, answer), [2]job{s.job, other})
				if n := s.PaymentsFor(int64(id)); n != 1 {
					t.Errorf("%d payments, want 1", n)
				}
				if codes[0] != exitDone && codes[1] != exitDone {
					t.Errorf("neither renewed")
				}
			})
		}
	}
}
