package page_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func number(rt *rapid.T, text string) float64 {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		rt.Fatal(err)
	}
	return f
}

// TestChart: bars stand on the axis and on each other, and none is higher than the chart.
func TestChart(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		for _, svg := range all(parse(t, planHTML(t, drawPlan(rt))), "svg", "chart") {
			for _, column := range all(svg, "g") {
				foot := 152.0
				for _, rect := range all(column, "rect", "bar") {
					y, height := number(rt, attr(rect, "y")), number(rt, attr(rect, "height"))
					if d := y + height - foot; d > 0.02 || d < -0.02 || height < 1.49 {
						rt.Errorf("a bar from %g, %g high, stands on %g", y, height, foot)
					}
					foot = y
				}
				if foot < 0 {
					rt.Errorf("a column reaches up to %g", foot)
				}
			}
		}
	})
}

// TestChartLabels: texts that stand side by side have room, on paper and on a narrow
// screen, and neither is without labels.
func TestChartLabels(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		for _, svg := range all(parse(t, planHTML(t, drawPlan(rt))), "svg", "chart") {
			for screen, width := range map[string]float64{"paper": 560, "narrow": 340} {
				end := map[string]float64{} // of the last text of a line
				labels := 0
				for _, n := range all(svg, "text") {
					classes := strings.Fields(attr(n, "class"))
					if slices.Contains(classes, map[string]string{"narrow": "wide", "paper": "slim"}[screen]) {
						continue
					}
					line := attr(n, "y")
					if slices.Contains(classes, "top") {
						line = "top"
					} else if line == "170" {
						labels++
					}
					middle := number(rt, strings.TrimSuffix(attr(n, "x"), "%")) * width / 100
					if before, found := end[line]; found && line == "170" && attr(all(svg, "title")[0], "id") == "weeks-title" && middle-before > 100 {
						rt.Errorf("%s: there is room for labels to the left of %q", screen, text(n))
					}
					half := float64(utf8.RuneCountInString(text(n))) * 6.5 / 2
					if before, found := end[line]; found && middle-half < before {
						rt.Errorf("%s: %q begins before the text to its left ends", screen, text(n))
					}
					end[line] = middle + half
				}
				if labels == 0 {
					rt.Errorf("%s: no labels", screen)
				}
			}
		}
	})
}
