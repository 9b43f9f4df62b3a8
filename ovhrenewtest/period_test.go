package ovhrenewtest_test

import (
	"fmt"
	"testing"
	"time"

	. "github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// Dates are told in the time of Paris, summer included, and a renewal keeps the day
// that is told.
func TestParis(t *testing.T) {
	t.Parallel()
	for utc, want := range map[string][3]string{ // the expiry, its day, the day three months later
		"2026-11-30T00:00:00Z": {"2026-11-30T01:00:00+01:00", "2026-11-30", "2027-02-28"},
		"2026-03-29T00:59:59Z": {"2026-03-29T01:59:59+01:00", "2026-03-29", "2026-06-29"},
		"2026-03-29T01:00:00Z": {"2026-03-29T03:00:00+02:00", "2026-03-29", "2026-06-29"},
		"2026-10-25T00:59:59Z": {"2026-10-25T02:59:59+02:00", "2026-10-25", "2027-01-25"},
		"2026-10-25T01:00:00Z": {"2026-10-25T02:00:00+01:00", "2026-10-25", "2027-01-25"},
		"2026-10-01T22:30:00Z": {"2026-10-02T00:30:00+02:00", "2026-10-02", "2027-01-02"},
	} {
		expiry, err := time.Parse(time.RFC3339, utc)
		if err != nil {
			t.Fatal(err)
		}
		s, _ := clocked(t, Behaviour{})
		s.SetNow(func() time.Time { return expiry.AddDate(0, -1, 0) })
		id := s.AddService(Service{Name: "a", Route: "/vps/a", Expiry: expiry})
		told := func() (string, string) {
			moment := at(get[object](t, s, fmt.Sprintf("/services/%d", id)), "billing.expirationDate")
			days := fmt.Sprint(get[object](t, s, fmt.Sprintf("/service/%d", id))["expirationDate"])
			if infos := get[object](t, s, "/vps/a/serviceInfos")["expiration"]; infos != days {
				t.Errorf("%s: serviceInfos tells %v, /service %s", utc, infos, days)
			}
			return fmt.Sprint(moment), days
		}
		if moment, day := told(); moment != want[0] || day != want[1] {
			t.Errorf("%s: told %s and %s, want %s and %s", utc, moment, day, want[0], want[1])
		}
		s.Pay(s.AddOrder(Order{Services: []int64{id}, Period: "P3M", Price: "1"}))
		if _, day := told(); day != want[2] {
			t.Errorf("%s: renewed until %s, want %s", utc, day, want[2])
		}
	}
}

func TestAnchor(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		expiry, period string
		anchor         int
		want           string
	}{
		{"2026-11-30", "P3M", 0, "2027-02-28"},
		{"2026-11-30", "P3M", 1, "2027-02-01"},
		{"2026-11-15", "P3M", 31, "2027-02-28"},
		{"2026-11-15", "P1M", 31, "2026-12-31"},
		{"2027-11-15", "P3M", 30, "2028-02-29"},
		{"2026-11-30", "P1Y", 30, "2027-11-30"},
	} {
		s := start(t, Behaviour{})
		expiry, err := time.Parse(time.DateOnly, test.expiry)
		if err != nil {
			t.Fatal(err)
		}
		id := s.AddService(Service{Name: "anchored", Expiry: expiry, Anchor: test.anchor})
		s.Pay(s.AddOrder(Order{Services: []int64{id}, Period: test.period, Price: "1"}))
		if got := s.Expiry(id).Format(time.DateOnly); got != test.want {
			t.Errorf("%s + %s on day %d = %s, want %s", test.expiry, test.period, test.anchor, got, test.want)
		}
	}
}
