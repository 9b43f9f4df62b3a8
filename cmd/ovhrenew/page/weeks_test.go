package page_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// TestWeeksCountAll: whatever the days, each service that is renewed or listed as left
// out is in one week, or said to be without a day, and the chart stays bounded.
func TestWeeksCountAll(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		plan := drawPlan(rt)
		want := 0
		for _, item := range plan.Items {
			want += len(item.Services)
		}
		want += len(plan.LeftOut)
		when := section(t, parse(t, planHTML(t, plan)), "when")
		got := 0
		for _, p := range texts(when, "p") {
			if n, found := strings.CutSuffix(p, " without a known end, not in the chart."); found {
				fmt.Sscan(n, &got)
			}
		}
		for _, table := range all(when, "table") {
			for _, row := range rows(table) {
				for _, cell := range row[1:] {
					n, err := strconv.Atoi(cell)
					if err != nil {
						rt.Fatal(err)
					}
					got += n
				}
			}
		}
		if got != want {
			rt.Errorf("%d services, want %d", got, want)
		}
		columns := all(when, "g")
		if len(columns) > 8+26+1+2 {
			rt.Errorf("%d columns", len(columns))
		}
		for _, rect := range all(when, "rect", "bar") {
			for _, name := range []string{"x", "width"} {
				if share, _ := strconv.ParseFloat(strings.TrimSuffix(attr(rect, name), "%"), 64); share < 0 || share > 100 {
					rt.Errorf("a bar has %s=%q", name, attr(rect, name))
				}
			}
		}
	})
}

// TestWeeks: a week begins on Monday, the year stands where it changes, and what is far
// away is one column.
func TestWeeks(t *testing.T) {
	t.Parallel()
	plan := portfolio.Plan{Made: ovhrenew.MustDate("2026-12-24"), Policy: policy("900 EUR")}
	for i, expiry := range []string{"2026-12-20", "2026-12-21", "2026-12-27", "2026-12-28", "2027-01-03", "2027-01-04", "2026-01-01", "9999-12-31", "2027-02-01"} {
		plan.LeftOut = append(plan.LeftOut, portfolio.LeftOut{ID: ovhrenew.ServiceID(i + 1), Why: portfolio.LeftState, Expiry: ovhrenew.MustDate(expiry)})
	}
	when := section(t, parse(t, planHTML(t, plan)), "when")
	got := rows(all(when, "table")[0])
	want := [][]string{
		{"Before 2026-10-26", "0", "1", "0"},
		{"Week of 2026-12-14", "0", "1", "0"},
		{"Week of 2026-12-21", "0", "2", "0"},
		{"Week of 2026-12-28", "0", "2", "0"},
		{"Week of 2027-01-04", "0", "1", "0"},
		{"Week of 2027-02-01", "0", "1", "0"},
		{"After 2027-06-27", "0", "1", "0"},
	}
	if !slices.EqualFunc(got, want, slices.Equal) {
		t.Errorf("%q, want %q", got, want)
	}
	for _, n := range all(when, "text", "slim") {
		n.Parent.RemoveChild(n)
	}
	if years := texts(when, "text", "below"); !slices.Equal(years, []string{"2026", "2027"}) {
		t.Errorf("the years are %q", years)
	}
	// The day of the plan is a Thursday: 3 days into the 9th of the weeks after the column
	// of what is before.
	columns := float64(len(all(when, "g")))
	mark, _ := strconv.ParseFloat(strings.TrimSuffix(attr(all(when, "line", "mark")[0], "x1"), "%"), 64)
	if at := (1 + 8 + 3.0/7) * 100 / columns; mark < at-0.01 || mark > at+0.01 {
		t.Errorf("the mark is at %g, want %g", mark, at)
	}
}

// TestWeeksSeries: what is renewed, what is left out and what renews by itself are told
// apart, and of a report what is renewed, what is not and what is not known.
func TestWeeksSeries(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		page  []byte
		heads []string
		sums  []int
	}{
		"plan":   {planHTML(t, mustPlan(t, week(), policy("500 EUR"))), []string{"renewed", "left out", "perhaps renewing by itself"}, []int{6, 3, 0}},
		"report": {reportHTML(t, mixedReport(t)), []string{"renewed", "paid, new end not seen yet", "not renewed", "may have been paid"}, []int{7, 1, 3, 2}},
	} {
		table := all(section(t, parse(t, c.page), "when"), "table")[0]
		sums := make([]int, len(c.sums))
		for _, row := range rows(table) {
			for i, cell := range row[1:] {
				n, _ := strconv.Atoi(cell) // 0 fails below
				sums[i] += n
			}
		}
		if heads := texts(table, "th", "n"); !slices.Equal(heads, c.heads) || !slices.Equal(sums, c.sums) {
			t.Errorf("%s: %q %v, want %q %v", name, heads, sums, c.heads, c.sums)
		}
	}
}
