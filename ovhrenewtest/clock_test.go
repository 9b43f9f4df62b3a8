package ovhrenewtest_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	. "github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// What is to happen happens in its order and at its own time, however late somebody looks:
// the order that was paid later is delivered earlier.
func TestEventsInOrder(t *testing.T) {
	t.Parallel()
	s, clock := clocked(t, Behaviour{DeliveryDelay: 2 * time.Hour})
	paid := func() int64 {
		id := s.AddOrder(Order{Services: []int64{GuideVPSID}, Period: "P1M", Price: "1"})
		s.Pay(id)
		return id
	}
	slow := paid()
	s.SetBehaviour(Behaviour{DeliveryDelay: time.Hour})
	fast, third := paid(), paid()
	clock.Advance(24 * time.Hour)
	var got []string
	pages, _, _ := page(t, s, "/me/bill", 1, 10, "")
	for _, b := range pages {
		got = append(got, fmt.Sprintf("%.0f at %v", b["orderId"], b["date"]))
	}
	want := []string{
		fmt.Sprint(fast, " at 2026-11-20T14:00:00+01:00"), fmt.Sprint(third, " at 2026-11-20T14:00:00+01:00"),
		fmt.Sprint(slow, " at 2026-11-20T15:00:00+01:00"),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("bills (-want +got)\n%s", diff)
	}
	if got := s.Expiry(GuideVPSID).Format(time.DateOnly); got != "2027-02-28" { // 30 November and three months
		t.Errorf("Expiry = %s, want 2027-02-28", got)
	}
}

func TestNow(t *testing.T) {
	t.Parallel()
	s, clock := clocked(t, Behaviour{})
	clock.Advance(time.Minute)
	if !s.Now().Equal(clock.Now()) || get[int64](t, s, "/auth/time") != clock.Now().Unix() {
		t.Errorf("Now = %v, want %v", s.Now(), clock.Now())
	}
	s.SetNow(time.Now)
	if since := time.Since(s.Now()); since < 0 || since > time.Hour {
		t.Errorf("Now is %v ago, want the machine's time", since)
	}
}
