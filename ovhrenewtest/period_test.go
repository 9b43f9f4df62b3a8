package ovhrenewtest_test

import (
	"testing"
	"time"

	. "github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

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
