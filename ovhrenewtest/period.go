package ovhrenewtest

import (
	"fmt"
	"regexp"
	"strconv"
	"time"
)

// period is an ISO 8601 duration of calendar units, such as P3M.
type period struct{ months, days int }

var periodForm = regexp.MustCompile(`^P(?:(\d{1,4})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,4})D)?$`)

func parsePeriod(s string) (period, error) {
	parts := periodForm.FindStringSubmatch(s)
	if parts == nil || s == "P" {
		return period{}, fmt.Errorf("%q is not a period such as P3M or P1Y", s)
	}
	var n [4]int
	for i, part := range parts[1:] {
		n[i], _ = strconv.Atoi(part) // 0 for what is not there
	}
	return period{months: 12*n[0] + n[1], days: 7*n[2] + n[3]}, nil
}

// after is the moment one period later: a month after 31 January is the last day
// of February. The time of day stays in UTC, unless that were another day in
// Paris, by which the API tells days; then it stays in Paris.
func (p period) after(t time.Time) time.Time {
	later, local := p.add(t.UTC()), p.add(paris(t))
	// The day in Paris may have another offset.
	_, was := paris(t).Zone()
	_, is := paris(local).Zone()
	local = paris(local.Add(time.Duration(was-is) * time.Second))
	if paris(later).Format(time.DateOnly) != local.Format(time.DateOnly) {
		return local.UTC()
	}
	return later
}

func (p period) add(t time.Time) time.Time {
	year, month, day := t.Date()
	last := time.Date(year, month+time.Month(p.months)+1, 0, 0, 0, 0, 0, t.Location())
	day = min(day, last.Day())
	hour, minute, second := t.Clock()
	return time.Date(last.Year(), last.Month(), day+p.days, hour, minute, second, t.Nanosecond(), t.Location())
}

// onDay is that day of the moment's month, or the last one if the month is
// shorter; the moment itself if the day is zero.
func onDay(t time.Time, day int) time.Time {
	if day == 0 {
		return t
	}
	first := t.AddDate(0, 0, 1-t.Day())
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(day, last)-1)
}

// paris is the moment in the time of Paris, by the rule of the European Union: it
// needs no time zone database. Summer is from the last Sunday of March, 01:00 UTC,
// to that of October.
func paris(t time.Time) time.Time {
	year := t.UTC().Year()
	offset := 1 * 60 * 60
	if !t.Before(lastSunday(year, time.March)) && t.Before(lastSunday(year, time.October)) {
		offset = 2 * 60 * 60
	}
	return t.In(time.FixedZone("", offset))
}

// lastSunday is 01:00 UTC on a month's last Sunday.
func lastSunday(year int, month time.Month) time.Time {
	last := time.Date(year, month+1, 0, 1, 0, 0, 0, time.UTC)
	return last.AddDate(0, 0, -int(last.Weekday()))
}

// timestamp is a moment as the API writes it; null for the zero time.
func timestamp(t time.Time) any { return written(t, time.RFC3339) }

// dateOf is the day of a moment, in Paris; null for the zero time.
func dateOf(t time.Time) any { return written(t, time.DateOnly) }

func written(t time.Time, layout string) any {
	if t.IsZero() {
		return nil
	}
	return paris(t).Format(layout)
}
