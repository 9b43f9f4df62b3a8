package ovhrenewtest_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	. "github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

func agency(n int, seed uint64) *Server {
	s := New(Behaviour{})
	s.SetNow(NewClock(time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)).Now)
	Agency(s, n, seed)
	return s
}

func TestAgency(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 3, 500} {
		s := agency(n, 1)
		if s.Err() != nil || len(s.Services()) != n {
			t.Errorf("Agency(%d) has %d services, error %v", n, len(s.Services()), s.Err())
		}
	}
	if !cmp.Equal(agency(300, 7).Services(), agency(300, 7).Services()) {
		t.Error("one seed makes two agencies")
	}
	if cmp.Equal(agency(300, 7).Services(), agency(300, 8).Services()) {
		t.Error("two seeds make one agency")
	}
}

// An agency has some of everything that a program must be right about.
func TestAgencyVariety(t *testing.T) {
	t.Parallel()
	s := agency(1000, 1)
	found := map[string]int{}
	count := func(what string, there bool) {
		if there {
			found[what]++
		}
	}
	for _, v := range s.Services() {
		count("expired", v.RenewalType != "oneShot" && !v.NoExpiry && v.Expiry.Before(s.Now()))
		count("due in a month", v.Expiry.After(s.Now()) && v.Expiry.Before(s.Now().AddDate(0, 1, 0)))
		count("automatic", v.Mode == "automatic")
		count("forced", v.RenewalType == "automaticForcedProduct")
		count("oneShot", v.RenewalType == "oneShot")
		count("child", v.Parent != 0)
		count("ending", v.DeleteAtExpiration)
		count("unpaid", v.State == "unpaid")
		count(v.RouteTemplate, true)
	}
	for _, what := range []string{
		"expired", "due in a month", "automatic", "forced", "oneShot", "child", "ending", "unpaid",
		"/vps/{serviceName}", "/domain/{serviceName}", "/domain/zone/{zoneName}", "/hosting/web/{serviceName}",
		"/dedicated/server/{serviceName}", "/hosting/privateDatabase/{serviceName}", "/cloud/project/{serviceName}",
	} {
		if found[what] < 5 {
			t.Errorf("%d services are %s, want some more", found[what], what)
		}
	}
}
