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
	number int32 // of the day: 1 is 1 January of the year 1
}

// lastDay is the number of 31 December 9999.
const lastDay = 3_652_059

const (
	epoch      = 719_163 // the number of 1 January 1970
	daySeconds = 24 * 60 * 60
)

// numbered returns the day of a number, or no date outside of the calendar.
func numbered(n int) Date {
	if n < 1 || n > lastDay {
		return Date{}
	}
	return Date{int32(n)}
}

// dayOf returns the day that a clock shows at t, or no date outside of the calendar.
func dayOf(t time.Time) Date {
	_, offset := t.Zone()
	seconds := t.Unix() + int64(offset) + epoch*daySeconds // since the day before 1 January of the year 1
	return numbered(int(seconds / daySeconds))
}

// MustDate is like [ParseDate] but panics.
func MustDate(s string) Date { return must(ParseDate(s)) }

// ParseDate reads YYYY-MM-DD, and nothing else.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	d := dayOf(t)
	if err != nil || d.IsZero() {
		return Date{}, fmt.Errorf("date %s: want a day of the calendar written as \"2026-06-15\"", quoteShort(s))
	}
	return d, nil
}

// DateOf returns the day in UTC on which t falls.
func DateOf(t time.Time) Date {
	if t.IsZero() {
		return Date{}
	}
	return dayOf(t.UTC())
}

// IsZero reports whether d is no date.
func (d Date) IsZero() bool { return d == Date{} }

// Time returns midnight UTC at the beginning of d.
func (d Date) Time() time.Time {
	if d.IsZero() {
		return time.Time{}
	}
	return time.Unix((int64(d.number)-epoch)*daySeconds, 0).UTC()
}

// Compare returns -1, 0 or 1. No date is before all dates.
func (d Date) Compare(e Date) int { return cmp.Compare(d.number, e.number) }

func (d Date) Equal(e Date) bool { return d == e }

func (d Date) Before(e Date) bool { return d.number < e.number }

func (d Date) After(e Date) bool { return d.number > e.number }

// AddDays returns the day n days after d, or no date outside of the calendar.
func (d Date) AddDays(n int) Date {
	if d.IsZero() || n < -lastDay || n > lastDay {
		return Date{}
	}
	return numbered(int(d.number) + n)
}

// DaysUntil returns the number of days from d to e, or 0 if either is no date.
func (d Date) DaysUntil(e Date) int {
	if d.IsZero() || e.IsZero() {
		return 0
	}
	return int(e.number - d.number)
}

// String returns YYYY-MM-DD, or "none".
func (d Date) String() string { return cmp.Or(d.text(), "none") }

func (d Date) text() string {
	if d.IsZero() {
		return ""
	}
	return d.Time().Format(time.DateOnly)
}

// MarshalText writes YYYY-MM-DD, or "" for no date.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.text()), nil }

// UnmarshalText reads YYYY-MM-DD, or the day as it is written in a time of RFC 3339.
func (d *Date) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Date{}
		return nil
	}
	day, err := ParseDate(string(text))
	if err != nil {
		t, ok := parseTime(string(text))
		if !ok {
			return fmt.Errorf("date %s: want \"2026-06-15\" or a time of RFC 3339", quoteShort(string(text)))
		}
		if day = dayOf(t); day.IsZero() {
			return fmt.Errorf("date %s: %w", quoteShort(string(text)), ErrRange)
		}
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
	return d.UnmarshalText([]byte(text))
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
	text, err := textOrZero(data)
	if err != nil {
		return fmt.Errorf("time %w", err)
	}
	moment, ok := parseTime(text)
	if day, err := ParseDate(text); err == nil {
		moment, ok = day.Time(), true
	}
	if !ok && text != "" {
		return fmt.Errorf("time %s: want a time of RFC 3339 or a day such as \"2026-06-15\"", quoteShort(text))
	}
	*t = Timestamp{moment}
	return nil
}

// parseTime reads a time of RFC 3339. Package time takes more for one: hours of
// one digit, decimal commas, and a day's offset, which it then refuses to write.
func parseTime(s string) (time.Time, bool) {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil || s[len("2006-01-02T15")] != ':' || strings.Contains(s, ",") {
		return time.Time{}, false
	}
	_, offset := t.Zone()
	return t, max(offset, -offset) < 24*60*60
}

// textOrZero is textOf, which takes the number 0 for null: nothing says what a dry run of
// POST /service/{serviceId}/renew answers for the times and the password of an order that
// is not made.
func textOrZero(data []byte) (string, error) {
	if string(bytes.TrimSpace(data)) == "0" {
		return "", nil
	}
	return textOf(data)
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
