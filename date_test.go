package ovhrenew_test

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ovhrenew/ovhrenew"
)

// days draws dates that are far enough from the end of the calendar.
func days() *rapid.Generator[ovhrenew.Date] {
	return rapid.Custom(func(t *rapid.T) ovhrenew.Date {
		return ovhrenew.MustDate("2020-01-01").AddDays(rapid.IntRange(-700_000, 700_000).Draw(t, "days"))
	})
}

func TestParseDate(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"2026-06-15", "2028-02-29", "0001-01-01", "0001-01-02", "9999-12-31"} {
		if got, err := ovhrenew.ParseDate(s); err != nil || got.String() != s || got.IsZero() {
			t.Errorf("ParseDate(%q) = %v, %v, want it back", s, got, err)
		}
	}
	for _, s := range []string{
		"", "none", "2026-02-30", "2026-02-29", "0000-01-01", "0000-00-00", "2026-00-10", "2026-13-10", "2026-6-15", "26-06-15", "2026/06/15",
		"15-06-2026", "20260615", " 2026-06-15", "2026-06-15 ", "2026-06-15T00:00:00Z", "-2026-06-15", "12026-06-15", "2026-06-1٥",
	} {
		if got, err := ovhrenew.ParseDate(s); err == nil || !got.IsZero() || !strings.Contains(err.Error(), s) {
			t.Errorf("ParseDate(%q) = %v, %v, want an error that names it", s, got, err)
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("MustDate(2026-02-30) does not panic")
		}
	}()
	ovhrenew.MustDate("2026-02-30")
}

func TestDateOf(t *testing.T) {
	t.Parallel()
	paris := time.FixedZone("", 2*60*60)
	for _, test := range []struct {
		t    time.Time
		want string
	}{
		{time.Date(2018, 5, 15, 15, 49, 6, 0, paris), "2018-05-15"},
		{time.Date(2026, 6, 15, 0, 0, 0, 0, paris), "2026-06-14"},
		{time.Date(2026, 6, 15, 23, 59, 59, 999, time.UTC), "2026-06-15"},
		{time.Time{}, "none"},
		{time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC), "none"},
		{time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC), "none"},
	} {
		if got := ovhrenew.DateOf(test.t); got.String() != test.want {
			t.Errorf("DateOf(%v) = %v, want %v", test.t, got, test.want)
		}
	}
}

func TestDateNone(t *testing.T) {
	t.Parallel()
	var none ovhrenew.Date
	day := ovhrenew.MustDate("2026-06-15")
	if !none.IsZero() || none.String() != "none" || !none.Time().IsZero() {
		t.Errorf("the zero Date is %v, %v", none, none.Time())
	}
	if !none.Before(day) || !day.After(none) || none.Compare(none) != 0 {
		t.Error("no date is not before all dates")
	}
	if got := none.AddDays(1); !got.IsZero() {
		t.Errorf("no date and a day are %v, want none", got)
	}
	if none.DaysUntil(day) != 0 || day.DaysUntil(none) != 0 {
		t.Error("there are days between a date and none")
	}
	for _, n := range []int{math.MaxInt, math.MinInt, 3_000_000, -3_000_000} {
		if got := day.AddDays(n); !got.IsZero() {
			t.Errorf("(%v).AddDays(%d) = %v, want none", day, n, got)
		}
	}
}

func TestDateArithmetic(t *testing.T) {
	t.Parallel()
	first, last := ovhrenew.MustDate("0001-01-01"), ovhrenew.MustDate("9999-12-31")
	const calendar = 3_652_058 // days between them
	if got := first.DaysUntil(last); got != calendar {
		t.Errorf("(%v).DaysUntil(%v) = %d, want %d", first, last, got, calendar)
	}
	if got := first.AddDays(calendar); got != last {
		t.Errorf("(%v).AddDays(%d) = %v, want %v", first, calendar, got, last)
	}
	if got, want := ovhrenew.MustDate("2026-02-28").AddDays(1), ovhrenew.MustDate("2026-03-01"); got != want {
		t.Errorf("the day after 28 February 2026 is %v, want %v", got, want)
	}
	rapid.Check(t, func(t *rapid.T) {
		d, n := days().Draw(t, "d"), rapid.IntRange(-10_000, 10_000).Draw(t, "n")
		e := d.AddDays(n)
		switch {
		case d.DaysUntil(e) != n || e.DaysUntil(d) != -n || e.AddDays(-n) != d:
			t.Fatalf("%v and %d days are %v, which is %d days later", d, n, e, d.DaysUntil(e))
		case d.Compare(e) != d.Time().Compare(e.Time()) || d.Before(e) != (n > 0) || d.After(e) != (n < 0):
			t.Fatalf("(%v).Compare(%v) = %d", d, e, d.Compare(e))
		case ovhrenew.DateOf(d.Time()) != d || ovhrenew.MustDate(d.String()) != d:
			t.Fatalf("%v does not come back", d)
		}
	})
}

func TestDateJSON(t *testing.T) {
	t.Parallel()
	for data, want := range map[string]ovhrenew.Date{
		`"2026-06-15"`:                          ovhrenew.MustDate("2026-06-15"),
		`null`:                                  {},
		`""`:                                    {},
		`"2018-05-15T15:49:06+02:00"`:           ovhrenew.MustDate("2018-05-15"),
		`"2026-06-15T00:30:00+02:00"`:           ovhrenew.MustDate("2026-06-15"), // as written
		`"2023-09-23T00:00:00+02:00"`:           ovhrenew.MustDate("2023-09-23"),
		`"2026-06-15T23:30:00.123456789-02:00"`: ovhrenew.MustDate("2026-06-15"),
		`"2026-06-15T00:00:00Z"`:                ovhrenew.MustDate("2026-06-15"),
		`"0001-01-01T00:00:00Z"`:                ovhrenew.MustDate("0001-01-01"),
	} {
		got := ovhrenew.MustDate("1999-12-31")
		if err := json.Unmarshal([]byte(data), &got); err != nil || got != want {
			t.Errorf("%s is %v, %v, want %v", data, got, err, want)
		}
	}
	for _, value := range []string{"2026-02-30", "none", "0000-00-00", "2026-06-15 00:00:00", "2026-06-15T00:00:00", "2026-06-15T25:00:00Z", "2026-06-15T1:00:00Z", "2026-06-15T01:00:00,5Z"} {
		var got ovhrenew.Date
		if err := json.Unmarshal(quoted(value), &got); err == nil || !got.IsZero() || !strings.Contains(err.Error(), value) {
			t.Errorf("%s is %v, %v, want an error that names it", value, got, err)
		}
	}
	for _, data := range []string{`0`, `20260615`, `true`, `{}`, `["2026-06-15"]`} {
		var got ovhrenew.Date
		if err := json.Unmarshal([]byte(data), &got); err == nil || !strings.Contains(err.Error(), fmt.Sprintf("%q", data)) {
			t.Errorf("%s is %v, %v, want an error that quotes it", data, got, err)
		}
	}
	if got, err := json.Marshal([]ovhrenew.Date{{}, ovhrenew.MustDate("2026-06-15")}); err != nil || string(got) != `[null,"2026-06-15"]` {
		t.Errorf("marshals to %s, %v", got, err)
	}
	if got, err := (ovhrenew.Date{}).MarshalText(); err != nil || len(got) != 0 {
		t.Errorf("no date marshals to the text %q, %v", got, err)
	}
}

func TestTimestampJSON(t *testing.T) {
	t.Parallel()
	for data, want := range map[string]time.Time{
		`"2018-05-15T15:49:06+02:00"`:      time.Date(2018, 5, 15, 13, 49, 6, 0, time.UTC),
		`"2026-06-15T00:00:00.000000001Z"`: time.Date(2026, 6, 15, 0, 0, 0, 1, time.UTC),
		`"2026-06-15"`:                     time.Date(2026, 6, 15, 0, 0, 0, 0, time.UTC),
		`null`:                             {},
		`""`:                               {},
		`0`:                                {},
	} {
		got := ovhrenew.Timestamp{Time: time.Unix(1, 0)}
		if err := json.Unmarshal([]byte(data), &got); err != nil || !got.Equal(want) {
			t.Errorf("%s is %v, %v, want %v", data, got, err, want)
		}
	}
	for _, value := range []string{"2026-02-30", "0", "none", "2026-06-15 00:00:00", "2026-06-15T00:00:00", "2026-06-15T00:00:00+0200", "2026-06-15T00:00:00+24:00"} {
		var got ovhrenew.Timestamp
		if err := json.Unmarshal(quoted(value), &got); err == nil || !got.IsZero() || !strings.Contains(err.Error(), value) {
			t.Errorf("%s is %v, %v, want an error that names it", value, got, err)
		}
	}
	for _, data := range []string{`1`, `1526392146`, `0.5`, `false`, `{}`, `[]`} {
		var got ovhrenew.Timestamp
		if err := json.Unmarshal([]byte(data), &got); err == nil || !strings.Contains(err.Error(), fmt.Sprintf("%q", data)) {
			t.Errorf("%s is %v, %v, want an error that quotes it", data, got, err)
		}
	}
}

func TestTimestampText(t *testing.T) {
	t.Parallel()
	moment := ovhrenew.Timestamp{Time: time.Date(2018, 5, 15, 15, 49, 6, 5, time.FixedZone("", 2*60*60))}
	const want = "2018-05-15T15:49:06.000000005+02:00"
	if got := moment.String(); got != want {
		t.Errorf("String() = %q, want %q", got, want)
	}
	if got := (ovhrenew.Timestamp{}).String(); got != "none" {
		t.Errorf("String() of none = %q", got)
	}
	if got, err := json.Marshal([]ovhrenew.Timestamp{{}, moment}); err != nil || string(got) != `[null,"`+want+`"]` {
		t.Errorf("marshals to %s, %v", got, err)
	}
	if got, err := json.Marshal(ovhrenew.Timestamp{Time: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)}); err == nil {
		t.Errorf("the year 10000 marshals to %s", got)
	}
}

func quoted(s string) []byte {
	data, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return data
}

// TestDayOfEveryYear wants the day that is written, in every year and zone, as package time
// has it.
func TestDayOfEveryYear(t *testing.T) {
	t.Parallel()
	for year := -1; year <= 10_000; year++ {
		for _, zone := range []*time.Location{time.UTC, time.FixedZone("", 14*60*60), time.FixedZone("", 60-12*60*60)} {
			for _, day := range []int{1, 59, 60, 365, 366} {
				at := time.Date(year, 1, day, day%24, 59, 59, 0, zone)
				if y := at.UTC().Year(); y < 1 || y > 9999 {
					if got := ovhrenew.DateOf(at); !got.IsZero() {
						t.Fatalf("DateOf(%v) = %v, want none", at, got)
					}
					continue
				}
				y, m, d := at.Date()
				var got ovhrenew.Date
				err := got.UnmarshalText([]byte(at.Format(time.RFC3339)))
				if midnight := time.Date(y, m, d, 0, 0, 0, 0, time.UTC); y >= 1 && y <= 9999 && (err != nil || !got.Time().Equal(midnight)) {
					t.Fatalf("%v is %v, %v, want the day of %v", at, got.Time(), err, midnight)
				}
			}
		}
	}
}
