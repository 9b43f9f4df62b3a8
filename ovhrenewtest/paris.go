package ovhrenewtest

import "time"

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
