// What the reference shows of days, times and periods.

package ovhrenew_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/ovhrenew/ovhrenew"
)

// A period keeps its letters, since the API wants back what it offered.
func ExamplePeriod() {
	offered := ovhrenew.Period("P12M")
	fmt.Println(offered, offered == ovhrenew.P1Y, offered.Equal(ovhrenew.P1Y))
	fmt.Println(ovhrenew.Period("P2W").Months())
	fmt.Println(ovhrenew.Period("upto-2028").Known())
	// Output:
	// P12M false true
	// 0 false
	// false
}

func ExampleParsePeriod() {
	for _, text := range []string{"P3M", "P1Y6M", "3M", "p3m", "P0M", "PT24H"} {
		period, err := ovhrenew.ParsePeriod(text)
		if err != nil {
			fmt.Println(err)
			continue
		}
		months, whole := period.Months()
		fmt.Println(period, months, whole)
	}
	// Output:
	// P3M 3 true
	// P1Y6M 18 true
	// period "3M": want for example "P1M", "P1Y" or "P30D"
	// period "p3m": want for example "P1M", "P1Y" or "P30D"
	// period "P0M": want for example "P1M", "P1Y" or "P30D"
	// period "PT24H": want for example "P1M", "P1Y" or "P30D"
}

// Months and days do not convert: no month has always 30 days.
func ExamplePeriod_Equal() {
	fmt.Println(ovhrenew.P1Y.Equal("P12M"), ovhrenew.P1M.Equal("P30D"))
	// Output: true false
}

// A shorter month ends the period on its last day.
func ExamplePeriod_AddTo() {
	day := ovhrenew.MustDate("2026-01-31")
	for _, period := range []ovhrenew.Period{ovhrenew.P1M, ovhrenew.P1Y, "P30D"} {
		end, err := period.AddTo(day)
		fmt.Println(period, end, err)
	}
	// Output:
	// P1M 2026-02-28 <nil>
	// P1Y 2027-01-31 <nil>
	// P30D 2026-03-02 <nil>
}

// A day more or less is time zones; a second period is not.
func ExamplePeriod_Moved() {
	before := ovhrenew.MustDate("2026-06-15")
	for _, now := range []string{"2026-09-15", "2026-09-16", "2026-06-15", "2026-12-15"} {
		fmt.Println(now, ovhrenew.P3M.Moved(before, ovhrenew.MustDate(now)))
	}
	// Output:
	// 2026-09-15 true
	// 2026-09-16 true
	// 2026-06-15 false
	// 2026-12-15 false
}

// A Date is a day without a time or a zone: == tells whether two are the same.
func ExampleDate() {
	today, expiry := ovhrenew.MustDate("2026-06-01"), ovhrenew.MustDate("2026-06-15")
	fmt.Println(today.DaysUntil(expiry), today.AddDays(14) == expiry, expiry.After(today))
	var none ovhrenew.Date
	fmt.Println(none, none.IsZero(), none.Before(today))
	text, err := json.Marshal(map[string]ovhrenew.Date{"expiry": expiry, "engaged": none})
	fmt.Println(string(text), err)
	// Output:
	// 14 true true
	// none true true
	// {"engaged":null,"expiry":"2026-06-15"} <nil>
}

func ExampleParseDate() {
	for _, text := range []string{"2026-06-15", "2026-02-29", "15.06.2026", "2026-06-15T12:00:00Z"} {
		day, err := ovhrenew.ParseDate(text)
		fmt.Println(day, err)
	}
	// Output:
	// 2026-06-15 <nil>
	// none date "2026-02-29": want a day of the calendar written as "2026-06-15"
	// none date "15.06.2026": want a day of the calendar written as "2026-06-15"
	// none date "2026-06-15T12:00:00Z": want a day of the calendar written as "2026-06-15"
}

// MustDate is for constants; it panics at what is not a date.
func ExampleMustDate() {
	fmt.Println(ovhrenew.MustDate("2026-06-15"))
	defer func() { fmt.Println(recover()) }()
	ovhrenew.MustDate("tomorrow")
	// Output:
	// 2026-06-15
	// date "tomorrow": want a day of the calendar written as "2026-06-15"
}

// The day is that in UTC, wherever the program runs.
func ExampleDateOf() {
	paris := time.FixedZone("Paris in summer", 2*60*60)
	fmt.Println(ovhrenew.DateOf(time.Date(2026, 6, 15, 1, 30, 0, 0, paris)))
	fmt.Println(ovhrenew.DateOf(time.Time{}))
	// Output:
	// 2026-06-14
	// none
}

// The API writes moments in more than one way, and days where moments belong.
func ExampleTimestamp() {
	var moments []ovhrenew.Timestamp
	err := json.Unmarshal([]byte(`["2026-06-15T01:30:00+02:00", "2026-06-15", null]`), &moments)
	if err != nil {
		log.Fatal(err)
	}
	for _, moment := range moments {
		fmt.Println(moment, "is on the day", ovhrenew.DateOf(moment.Time))
	}
	// Output:
	// 2026-06-15T01:30:00+02:00 is on the day 2026-06-14
	// 2026-06-15T00:00:00Z is on the day 2026-06-15
	// none is on the day none
}

// What does not fit the calendar is out of range, never another date.
func ExamplePeriod_AddTo_range() {
	_, err := ovhrenew.Period("P3Y").AddTo(ovhrenew.MustDate("9998-01-01"))
	fmt.Println(err, errors.Is(err, ovhrenew.ErrRange))
	// Output: add period P3Y to 9998-01-01: out of range true
}
