package ovhrenew

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// Date is a calendar day of the years 1 to 9999. Dates compare with ==. The zero value
// is no date.
type Date struct {
	year  int16
	month uint8
	day   uint8
}

// makeDate is the day d of the month m of the year y. Days that are not on the
// calendar, such as 30 February, are errors.
func makeDate(y int, m time.Month, d int) (Date, error) {
	if y < 1 || y > 9999 || m < time.January || m > time.December || d < 1 || d > daysIn(y, m) {
		return Date{}, fmt.Errorf("date %04d-%02d-%02d is not on the calendar", y, int(m), d)
	}
	return Date{int16(y), uint8(m), uint8(d)}, nil
}

// MustDate is like [ParseDate] but panics.
func MustDate(s string) Date {
	d, err := ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// ParseDate reads YYYY-MM-DD, and nothing else.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, fmt.Errorf("date %s: want a day of the calendar written as \"2026-06-15\"", quoteShort(s))
	}
	return makeDate(t.Date())
}

// DateOf returns the day in UTC on which t falls.
func DateOf(t time.Time) Date {
	if t.IsZero() {
		return Date{}
	}
	d, _ := makeDate(t.UTC().Date())
	return d
}

// IsZero reports whether d is no date.
func (d Date) IsZero() bool { return d == Date{} }

// Time returns midnight UTC at the beginning of d.
func (d Date) Time() time.Time {
	if d.IsZero() {
		return time.Time{}
	}
	return time.Date(int(d.year), time.Month(d.month), int(d.day), 0, 0, 0, 0, time.UTC)
}

// Compare returns -1, 0 or 1. No date is before all dates.
func (d Date) Compare(e Date) int {
	return cmp.Or(cmp.Compare(d.year, e.year), cmp.Compare(d.month, e.month), cmp.Compare(d.day, e.day))
}

func (d Date) Equal(e Date) bool { return d == e }

func (d Date) Before(e Date) bool { return d.Compare(e) < 0 }

func (d Date) After(e Date) bool { return d.Compare(e) > 0 }

// AddDays returns the day n days after d, or no date outside of the calendar.
func (d Date) AddDays(n int) Date {
	const calendar = 10_000 * 366 // days; more would overflow in package time
	if d.IsZero() || n < -calendar || n > calendar {
		return Date{}
	}
	moved, _ := makeDate(d.Time().AddDate(0, 0, n).Date())
	return moved
}

// DaysUntil returns the number of days from d to e, or 0 if either is no date.
func (d Date) DaysUntil(e Date) int {
	if d.IsZero() || e.IsZero() {
		return 0
	}
	const day = 24 * 60 * 60
	return int((e.Time().Unix() - d.Time().Unix()) / day)
}

// String returns YYYY-MM-DD, or "none".
func (d Date) String() string {
	if d.IsZero() {
		return "none"
	}
	return d.text()
}

func (d Date) text() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.year, d.month, d.day)
}

// MarshalText writes YYYY-MM-DD, or "" for no date.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.text()), nil }

// UnmarshalText reads YYYY-MM-DD, or the day as it is written in a time of RFC 3339.
func (d *Date) UnmarshalText(text []byte) error { return d.read(string(text)) }

func (d *Date) read(s string) error {
	if s == "" {
		*d = Date{}
		return nil
	}
	if parsed, ok := parseDay(s); ok {
		*d = parsed
		return nil
	}
	t, ok := parseTime(s)
	if !ok {
		return fmt.Errorf("date %s: want \"2026-06-15\" or a time of RFC 3339", quoteShort(s))
	}
	day, err := makeDate(t.Date())
	if err != nil {
		return fmt.Errorf("date %s: %w", quoteShort(s), ErrRange)
	}
	*d = day
	return nil
}

// MarshalJSON writes YYYY-MM-DD, or null for no date.
func (d Date) MarshalJSON() ([]byte, error) {
	if d.IsZero() {
		return []byte("null"), nil
	}
	return json.Marshal(d.text())
}

// UnmarshalJSON reads what [Date.UnmarshalText] does. Null is no date.
func (d *Date) UnmarshalJSON(data []byte) error {
	text, err := textOf(data)
	if err != nil {
		return fmt.Errorf("date %w", err)
	}
	return d.read(text)
}

// Timestamp is a moment as the API answers it. Compare it with Equal, like a
// [time.Time].
type Timestamp struct{ time.Time }

// String returns t in the form of RFC 3339, or "none".
func (t Timestamp) String() string {
	if t.IsZero() {
		return "none"
	}
	return t.Format(time.RFC3339Nano)
}

func (t *Timestamp) read(s string) error {
	if s == "" {
		*t = Timestamp{}
		return nil
	}
	if d, ok := parseDay(s); ok {
		*t = Timestamp{d.Time()}
		return nil
	}
	parsed, ok := parseTime(s)
	if !ok {
		return fmt.Errorf("time %s: want a time of RFC 3339 or a day such as \"2026-06-15\"", quoteShort(s))
	}
	*t = Timestamp{parsed}
	return nil
}

// MarshalJSON writes t in the form of RFC 3339, or null for the zero value.
func (t Timestamp) MarshalJSON() ([]byte, error) {
	if t.IsZero() {
		return []byte("null"), nil
	}
	return t.Time.MarshalJSON()
}

// UnmarshalJSON reads a time of RFC 3339 or a day, which stands for its midnight in UTC.
// Null, "" and the number 0 are the zero value.
func (t *Timestamp) UnmarshalJSON(data []byte) error {
	// Nothing says what a dry run of POST /service/{serviceId}/renew answers for
	// the times of an order that is not made: 0 would mean none.
	if strings.TrimSpace(string(data)) == "0" {
		*t = Timestamp{}
		return nil
	}
	text, err := textOf(data)
	if err != nil {
		return fmt.Errorf("time %w", err)
	}
	return t.read(text)
}

// parseDay is ParseDate where a day is only one of the forms: for another one, most
// times here, it makes no error.
func parseDay(s string) (Date, bool) {
	if len(s) != len(time.DateOnly) {
		return Date{}, false
	}
	d, err := ParseDate(s)
	return d, err == nil
}

// parseTime reads a time of RFC 3339. Package time takes more for one: hours of
// one digit, decimal commas, and a day's offset, which it then refuses to write.
func parseTime(s string) (time.Time, bool) {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil || s[len("2006-01-02T15")] != ':' || strings.Contains(s, ",") {
		return time.Time{}, false
	}
	const day = 24 * 60 * 60
	_, offset := t.Zone()
	return t, -day < offset && offset < day
}

// textOf is the value of a JSON string, "" for null.
func textOf(data []byte) (string, error) {
	data = bytes.TrimSpace(data)
	if string(data) == "null" {
		return "", nil
	}
	var text string
	if !bytes.HasPrefix(data, []byte(`"`)) || json.Unmarshal(data, &text) != nil {
		return "", fmt.Errorf("%s is not a string", quoteShort(string(data)))
	}
	return text, nil
}

func daysIn(y int, m time.Month) int {
	return time.Date(y, m+1, 0, 0, 0, 0, 0, time.UTC).Day()
}
