package ovhrenew_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/ovhrenew/ovhrenew"
)

// unknownPeriods are literals that no calendar understands.
var unknownPeriods = []string{
	"", "P", "P0M", "P0D", "P-1M", "-P1M", "+P1M", "P1", "1M", "M", "PM", "p1m", "P1m", " P1M", "P1M ", "P1.5M", "P1,5M", "PT1H", "P1DT1H", "P1MT",
	"P1M1M", "P1M1Y", "P1D1M", "P1D1W", "P1Y1Y", "P01M", "P1H", "P١M", "upto-2028", "P99999999999999999999Y", "P1000000D",
}

func TestParsePeriod(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"P1M", "P12M", "P1Y", "P3Y", "P1Y6M", "P2W", "P30D", "P1M15D", "P1Y2M3W4D", "P999999Y999999M999999W999999D"} {
		if got, err := ovhrenew.ParsePeriod(s); err != nil || string(got) != s || !got.Known() {
			t.Errorf("ParsePeriod(%q) = %q, %v, want it as it is", s, got, err)
		}
	}
	for _, s := range unknownPeriods {
		got, err := ovhrenew.ParsePeriod(s)
		if err == nil || got != "" || !strings.Contains(err.Error(), `"`+s+`"`) {
			t.Errorf("ParsePeriod(%q) = %q, %v, want an error that quotes it", s, got, err)
		}
		if ovhrenew.Period(s).Known() {
			t.Errorf("Period(%q).Known() = true, want false", s)
		}
	}
}

func TestPeriodJSON(t *testing.T) {
	t.Parallel()
	for data, want := range map[string]ovhrenew.Period{`"P1Y"`: "P1Y", `"upto-2028"`: "upto-2028", `""`: "", `null`: ""} {
		var got ovhrenew.Period
		if err := json.Unmarshal([]byte(data), &got); err != nil || got != want {
			t.Errorf("%s is %q, %v, want %q", data, got, err, want)
		}
	}
}

func TestPeriodMonths(t *testing.T) {
	t.Parallel()
	for p, want := range map[ovhrenew.Period]int{"P1M": 1, "P1Y": 12, "P1Y6M": 18, "P3Y": 36} {
		if got, ok := p.Months(); !ok || got != want {
			t.Errorf("(%v).Months() = %v, %v, want %v", p, got, ok, want)
		}
	}
	for _, p := range []ovhrenew.Period{"P30D", "P1M1D", "P4W", "", "upto-2028"} {
		if got, ok := p.Months(); ok || got != 0 {
			t.Errorf("(%v).Months() = %v, %v, want no months", p, got, ok)
		}
	}
}

func TestPeriodEqual(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		p, q ovhrenew.Period
		want bool
	}{
		{"P12M", "P1Y", true},
		{"P1Y6M", "P18M", true},
		{"P7D", "P1W", true},
		{"P1M7D", "P1M1W", true},
		{"P1M", "P30D", false},
		{"P1M", "P31D", false},
		{"P1600M", "P48699D", false}, // as long as months are on average
		{"P1Y", "P365D", false},
		{"P1M", "P1Y", false},
		{"", "", true},
		{"", "P1M", false},
		{"upto-2028", "upto-2028", true},
		{"upto-2028", "upto-2029", false},
		{"P0M", "P0D", false},
		{"P01M", "P1M", false},
	} {
		if got := test.p.Equal(test.q); got != test.want {
			t.Errorf("(%q).Equal(%q) = %v, want %v", test.p, test.q, got, test.want)
		}
	}
}

func TestPeriodCompare(t *testing.T) {
	t.Parallel()
	want := []ovhrenew.Period{"", "P0M", "upto-2028", "P1D", "P1W", "P8D", "P30D", "P1M", "P31D", "P3M", "P6M", "P1Y", "P366D", "P13M", "P2Y", "P48699D", "P1600M"}
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortFunc(got, ovhrenew.Period.Compare)
	if !slices.Equal(got, want) {
		t.Errorf("sorted: %q, want %q", got, want)
	}
}

func TestPeriodAddTo(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		p         ovhrenew.Period
		old, want string
	}{
		{"P1M", "2026-06-15", "2026-07-15"},
		{"P1M", "2026-01-31", "2026-02-28"},
		{"P1M", "2028-01-31", "2028-02-29"},
		{"P1M", "2026-12-31", "2027-01-31"},
		{"P1Y", "2028-02-29", "2029-02-28"},
		{"P12M", "2028-02-29", "2029-02-28"},
		{"P3M", "2026-11-30", "2027-02-28"},
		{"P30D", "2026-01-31", "2026-03-02"},
		{"P2W", "2026-12-25", "2027-01-08"},
		{"P1M1D", "2026-01-31", "2026-03-01"}, // months first
		{"P3Y", "2026-06-15", "2029-06-15"},
		{"P1D", "9999-12-30", "9999-12-31"},
	} {
		if got, err := test.p.AddTo(ovhrenew.MustDate(test.old)); err != nil || got.String() != test.want {
			t.Errorf("(%v).AddTo(%v) = %v, %v, want %v", test.p, test.old, got, err, test.want)
		}
	}
}

func TestPeriodAddToRefuses(t *testing.T) {
	t.Parallel()
	for _, p := range []ovhrenew.Period{"P1D", "P1M", "P1Y", "P999999Y", "P999999Y999999M999999W999999D"} {
		if got, err := p.AddTo(ovhrenew.MustDate("9999-12-31")); !errors.Is(err, ovhrenew.ErrRange) || !got.IsZero() {
			t.Errorf("(%v).AddTo(9999-12-31) = %v, %v, want ErrRange", p, got, err)
		}
	}
	for _, p := range unknownPeriods {
		got, err := ovhrenew.Period(p).AddTo(ovhrenew.MustDate("2026-06-15"))
		if err == nil || !got.IsZero() || !strings.Contains(err.Error(), `"`+p+`"`) {
			t.Errorf("(%q).AddTo(2026-06-15) = %v, %v, want an error that quotes it", p, got, err)
		}
	}
	if got, err := ovhrenew.P1M.AddTo(ovhrenew.Date{}); err == nil || errors.Is(err, ovhrenew.ErrRange) {
		t.Errorf("P1M.AddTo(no date) = %v, %v, want an error about the date", got, err)
	}
}

func TestPeriodMoved(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		p        ovhrenew.Period
		old, new string
		want     bool
	}{
		{"P1M", "2026-06-15", "2026-07-15", true},
		{"P1M", "2026-06-15", "2026-07-14", true},
		{"P1M", "2026-06-15", "2026-07-16", true},
		{"P1M", "2026-06-15", "2026-07-13", false},
		{"P1M", "2026-06-15", "2026-07-17", false},
		{"P1M", "2026-06-28", "2026-07-30", false},
		{"P1M", "2026-06-15", "2026-06-15", false}, // not at all
		{"P1M", "2026-06-15", "2026-08-15", false}, // twice
		{"P1Y", "2026-06-15", "2026-07-15", false}, // less than was paid for
		{"P1M", "2026-01-31", "2026-02-27", true},
		{"P1M", "2026-01-31", "2026-02-28", true},
		{"P1M", "2026-01-31", "2026-03-03", true}, // 31 February
		{"P1M", "2026-01-31", "2026-03-04", true},
		{"P1M", "2026-01-31", "2026-03-05", false},
		{"P1M", "2026-01-29", "2026-03-02", true},
		{"P1Y", "2028-02-29", "2029-03-01", true},
		{"P30D", "2026-01-31", "2026-03-03", true},
		{"P30D", "2026-01-31", "2026-03-04", false}, // days do not overflow
		{"P1D", "2026-06-15", "2026-06-15", false},
		{"P1D", "2026-06-15", "2026-06-16", true},
		{"P1D", "2026-06-15", "2026-06-14", false},
		{"upto-2028", "2026-06-15", "2028-01-01", false},
		{"", "2026-06-15", "2026-06-15", false},
	} {
		if got := test.p.Moved(ovhrenew.MustDate(test.old), ovhrenew.MustDate(test.new)); got != test.want {
			t.Errorf("(%v).Moved(%v, %v) = %v, want %v", test.p, test.old, test.new, got, test.want)
		}
	}
	day := ovhrenew.MustDate("2026-06-15")
	if ovhrenew.P1M.Moved(ovhrenew.Date{}, day) || ovhrenew.P1M.Moved(day, ovhrenew.Date{}) {
		t.Error("P1M moved no date")
	}
}

func knownPeriods() *rapid.Generator[ovhrenew.Period] {
	return rapid.Custom(func(t *rapid.T) ovhrenew.Period {
		return ovhrenew.Period("P" + rapid.StringMatching(`[1-9]Y([1-9][0-9]?M)?|[1-9][0-9]?M([1-9]W)?([1-9]D)?|[1-9]W|[1-9][0-9]{0,2}D`).Draw(t, "period"))
	})
}

func anyPeriod() *rapid.Generator[ovhrenew.Period] {
	unknown := rapid.Custom(func(t *rapid.T) ovhrenew.Period {
		return ovhrenew.Period(rapid.SampledFrom(unknownPeriods).Draw(t, "unknown"))
	})
	return rapid.OneOf(knownPeriods(), unknown)
}

func TestPeriodOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p, q, r := anyPeriod().Draw(t, "p"), anyPeriod().Draw(t, "q"), anyPeriod().Draw(t, "r")
		switch {
		case p.Compare(q) != -q.Compare(p):
			t.Fatalf("Compare(%q, %q) has no direction", p, q)
		case p.Compare(q) <= 0 && q.Compare(r) <= 0 && p.Compare(r) > 0:
			t.Fatalf("Compare is not transitive on %q, %q, %q", p, q, r)
		case !p.Equal(p) || p.Equal(q) != q.Equal(p) || (p.Equal(q) && q.Equal(r) && !p.Equal(r)):
			t.Fatalf("Equal is no equivalence on %q, %q, %q", p, q, r)
		}
	})
}

func TestPeriodAddToProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p, q, d, e := knownPeriods().Draw(t, "p"), knownPeriods().Draw(t, "q"), days().Draw(t, "d"), days().Draw(t, "e")
		dp, err1 := p.AddTo(d)
		ep, err2 := p.AddTo(e)
		dq, err3 := q.AddTo(d)
		if err := errors.Join(err1, err2, err3); err != nil {
			t.Fatal(err)
		}
		switch {
		case !dp.After(d):
			t.Fatalf("%v + %v = %v", d, p, dp)
		case d.Before(e) && dp.After(ep):
			t.Fatalf("%v + %v = %v, but %v + %v = %v", d, p, dp, e, p, ep)
		case p.Equal(q) && dp != dq:
			t.Fatalf("%v equals %v, but from %v they lead to %v and %v", p, q, d, dp, dq)
		case !p.Moved(d, dp) || p.Moved(d, d):
			t.Fatalf("(%v).Moved(%v, %v) = %v, of itself %v", p, d, dp, p.Moved(d, dp), p.Moved(d, d))
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		months, d := rapid.IntRange(1, 120).Draw(t, "months"), days().Draw(t, "d")
		p, overflowing := ovhrenew.Period(fmt.Sprintf("P%dM", months)), ovhrenew.DateOf(d.Time().AddDate(0, months, 0))
		got, err := p.AddTo(d)
		if err != nil {
			t.Fatal(err)
		}
		if overflowing.Time().Day() == d.Time().Day() {
			if got != overflowing {
				t.Fatalf("(%v).AddTo(%v) = %v, want %v", p, d, got, overflowing)
			}
		} else if next := got.AddDays(1).Time(); next.Day() != 1 || next.Month() != overflowing.Time().Month() {
			t.Fatalf("(%v).AddTo(%v) = %v, want the last day of the month before %v", p, d, got, overflowing)
		}
		if !p.Moved(d, overflowing) {
			t.Fatalf("(%v).Moved(%v, %v) = false", p, d, overflowing)
		}
		if twice, err := p.AddTo(got); err != nil || p.Moved(d, twice) {
			t.Fatalf("(%v).Moved(%v, %v) = true, but that is twice (%v)", p, d, twice, err)
		}
	})
}
