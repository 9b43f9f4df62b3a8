package page

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/internal/words"
)

// end is the day on which a service ends, and which series of a chart it is in.
type end struct {
	day    ovhrenew.Date
	series int
}

// timeline is what ends when, by week.
type timeline struct {
	Chart chart
	Rows  []weekRow
	// Undated is how many services are not in it, since nobody knows when they end.
	Undated string
}

// weekRow is a week in figures, in the order of the series.
type weekRow struct {
	Week   string
	Counts []int
}

const (
	weeksBefore = 8
	weeksAfter  = 26
	fewestSlots = 8
)

// weeks draws the ends from 8 weeks before a day to 26 after it; what ends outside is
// one column at either side. A day that is not known is that of the first end.
func weeks(ends []end, today ovhrenew.Date, mark string, legend []series) timeline {
	t := timeline{Chart: chart{ID: "weeks", Title: "Services by the week in which they end", Legend: legend}}
	dated := slices.DeleteFunc(slices.Clone(ends), func(e end) bool { return e.day.IsZero() })
	if n := len(ends) - len(dated); n > 0 {
		t.Undated = words.Count(n, "service")
	}
	if len(dated) == 0 {
		return t
	}
	slices.SortFunc(dated, func(a, b end) int { return a.day.Compare(b.day) })
	first, last := monday(dated[0].day), monday(dated[len(dated)-1].day)
	anchor := first
	if !today.IsZero() {
		anchor = monday(today)
	}
	from := later(anchor.AddDays(-7*weeksBefore), earlier(first, anchor))
	to := earlier(cmp.Or(anchor.AddDays(7*weeksAfter), last), later(last, anchor))

	before, after := newWeek("…", "before "+from.String(), legend), newWeek("…", "after "+to.AddDays(6).String(), legend)
	within := make([]week, 0, weeksBefore+weeksAfter+1)
	for day := from; !day.IsZero() && !day.After(to); day = day.AddDays(7) {
		w := newWeek(fmt.Sprintf("%d %s", day.Time().Day(), day.Time().Month().String()[:3]), "week of "+day.String(), legend)
		w.below = fmt.Sprint(day.Time().Year())
		within = append(within, w)
	}
	for _, e := range dated {
		switch day := monday(e.day); {
		case day.Before(from):
			before.counts[e.series]++
		case day.After(to):
			after.counts[e.series]++
		default:
			within[from.DaysUntil(day)/7].counts[e.series]++
		}
	}
	all := within
	if before.total() > 0 {
		all = append([]week{before}, all...)
	}
	if after.total() > 0 {
		all = append(all, after)
	}
	t.show(all)
	if !today.IsZero() {
		at := float64(len(all)-len(within)) + float64(from.DaysUntil(today))/7
		if after.total() > 0 {
			at--
		}
		t.Chart.Mark = decimal(at * 100 / float64(max(len(all), fewestSlots)))
		t.Chart.MarkLabel = mark + ", " + today.String()
	}
	return t
}

// week is a column of a timeline.
type week struct {
	label, below, name string
	counts             []int
}

func newWeek(label, name string, legend []series) week {
	return week{label: label, name: name, counts: make([]int, len(legend))}
}

func (w week) total() int {
	n := 0
	for _, count := range w.counts {
		n += count
	}
	return n
}

// show draws the weeks, and writes down those in which something ends.
func (t *timeline) show(all []week) {
	var stacks []stack
	services := 0
	for _, w := range all {
		services += w.total()
		s := stack{Top: fmt.Sprint(w.total()), Label: w.label, Below: w.below}
		var parts []string
		for i, count := range w.counts {
			s.Parts = append(s.Parts, float64(count))
			if count > 0 {
				parts = append(parts, fmt.Sprintf("%d %s", count, t.Chart.Legend[i].Name))
			}
		}
		s.Title = w.name + ": " + cmp.Or(strings.Join(parts, ", "), "none")
		stacks = append(stacks, s)
		if w.total() > 0 {
			t.Rows = append(t.Rows, weekRow{Week: strings.ToUpper(w.name[:1]) + w.name[1:], Counts: w.counts})
		}
	}
	t.Chart.Desc = words.Count(services, "service") + ", by week. The figures are in the table below the chart."
	t.Chart.draw(stacks, fewestSlots, 0.72)
}

// monday is the first day of the week of a day.
func monday(d ovhrenew.Date) ovhrenew.Date {
	return d.AddDays(-(int(d.Time().Weekday()) + 6) % 7)
}

func earlier(a, b ovhrenew.Date) ovhrenew.Date {
	if b.Before(a) {
		return b
	}
	return a
}

func later(a, b ovhrenew.Date) ovhrenew.Date {
	if b.After(a) {
		return b
	}
	return a
}
