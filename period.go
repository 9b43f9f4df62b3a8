package ovhrenew

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Period is a calendar period in ISO 8601's notation, spelt as the API wrote it: that is
// what it expects back. [Period.Equal] compares lengths, == compares spellings. What
// this package does not understand is kept; see [Period.Known].
type Period string

const (
	P1M Period = "P1M"
	P3M Period = "P3M"
	P6M Period = "P6M"
	P1Y Period = "P1Y"
	P2Y Period = "P2Y"
)

// ParsePeriod reads years, months, weeks and days, in this order, such as P1Y6M or P30D.
func ParsePeriod(s string) (Period, error) {
	if p := Period(s); p.Known() {
		return p, nil
	}
	return "", fmt.Errorf("period %s: want for example \"P1M\", \"P1Y\" or \"P30D\"", quoteShort(s))
}

// Known reports whether [ParsePeriod] reads p.
func (p Period) Known() bool {
	_, _, ok := p.parts()
	return ok
}

// Months returns the length of a period of whole months, and false for any other.
func (p Period) Months() (int, bool) {
	months, days, ok := p.parts()
	if !ok || days != 0 {
		return 0, false
	}
	return months, true
}

// Equal reports whether p and q are as long on any calendar: P12M equals P1Y, but P30D
// does not equal P1M.
func (p Period) Equal(q Period) bool { return p == q || p.Compare(q) == 0 }

// Compare returns -1, 0 or 1 by length. Periods that are not known come first.
func (p Period) Compare(q Period) int {
	pMonths, pDays, pKnown := p.parts()
	qMonths, qDays, qKnown := q.parts()
	switch {
	case !pKnown && !qKnown:
		return strings.Compare(string(p), string(q))
	case !pKnown:
		return -1
	case !qKnown:
		return 1
	}
	const month, day = 30_436_875, 1_000_000 // in microdays
	return cmp.Or(
		cmp.Compare(
			int64(pMonths)*month+int64(pDays)*day,
			int64(qMonths)*month+int64(qDays)*day,
		),
		cmp.Compare(pMonths, qMonths), // 1600 months are 48699 days
	)
}

// AddTo returns the day on which a period that starts on d ends. 31 January and P1M give
// the last of February.
func (p Period) AddTo(d Date) (Date, error) {
	months, days, ok := p.parts()
	if !ok {
		return Date{}, fmt.Errorf("add period %s to %v: the period is not known", quoteShort(string(p)), d)
	}
	if d.IsZero() {
		return Date{}, fmt.Errorf("add period %s: there is no date to add it to", quoteShort(string(p)))
	}
	year, month, day := d.Time().Date()
	month += time.Month(months)
	if day > 28 {
		day = min(day, time.Date(year, month+1, 0, 0, 0, 0, 0, time.UTC).Day())
	}
	end := dayOf(time.Date(year, month, day+days, 0, 0, 0, 0, time.UTC))
	if end.IsZero() {
		return Date{}, fmt.Errorf("add period %v to %v: %w", p, d, ErrRange)
	}
	return end, nil
}

// Moved reports whether an expiry moved from old to new by this period, give or take a
// day. Three days more are accepted where a month lacks the day: other systems turn 31
// February into 3 March.
func (p Period) Moved(old, new Date) bool {
	end, err := p.AddTo(old)
	if err != nil || !new.After(old) {
		return false
	}
	late := 1
	// A service of the 31st ends on 28 February, and a month later on 31 March.
	months, _, _ := p.parts()
	if months > 0 && (old.Time().Day() > 28 || old.AddDays(1).Time().Day() == 1) {
		late += 3
	}
	by := end.DaysUntil(new)
	return -1 <= by && by <= late
}

// parts splits a known period into months and days, the two lengths that no
// calendar converts into each other.
func (p Period) parts() (months, days int, ok bool) {
	text, ok := strings.CutPrefix(string(p), "P")
	ok = ok && text != ""
	var n [4]int
	for i := range n {
		digits, rest, found := strings.Cut(text, "YMWD"[i:i+1])
		if !found {
			continue
		}
		var err error
		n[i], err = strconv.Atoi(digits)
		ok = ok && err == nil && len(digits) <= 6 && '1' <= digits[0] && digits[0] <= '9'
		text = rest
	}
	if !ok || text != "" {
		return 0, 0, false
	}
	return n[0]*12 + n[1], n[2]*7 + n[3], true
}
