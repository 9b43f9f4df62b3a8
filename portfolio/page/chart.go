package page

import (
	"slices"
	"strconv"
)

// chart is a row of columns, each a stack of the parts of some series. Across, it is
// drawn in percent of the page's width, so that its letters keep their size on a narrow
// screen; upwards in pixels.
type chart struct {
	ID, Title, Desc string
	Legend          []series
	Columns         []column
	Height          int
	// Mark, if not empty, is where a dashed line stands, across, and MarkLabel what it is.
	Mark, MarkLabel string
}

// series is one of the parts that every column has. Class is its colour.
type series struct{ Class, Name string }

// column is one column as it is drawn.
type column struct {
	X, Width, Middle string // in percent
	Bars             []bar
	// Top stands over the column at TopY, Label and Below under it.
	Top, TopY, Label, Below string
	// Title says all of it in words.
	Title string
	// Wide says that the label, and WideTop that the top, is for wide screens only.
	Wide, WideTop bool
}

// bar is a part of a column.
type bar struct{ Class, X, Y, Width, Height string }

// stack is a column before it is drawn; Parts are in the order of the series.
type stack struct {
	Top, Label, Below, Title string
	Parts                    []float64
}

const (
	chartTop    = 22.0  // above the highest column
	chartHeight = 130.0 // of the highest column
	chartBelow  = 24.0  // for a line of labels under them; belowLine for a second line
	belowLine   = 18.0
	// What fits side by side: labels on a wide screen and on a narrow one.
	wideLabels, narrowLabels = 13, 5
)

// draw draws the stacks in at least so many slots, of which those to the right stay
// empty. A column fills a share of its slot.
func (c *chart) draw(stacks []stack, slots int, share float64) {
	c.Height = chartTop + chartHeight + chartBelow
	if slices.ContainsFunc(stacks, func(s stack) bool { return s.Below != "" }) {
		c.Height += belowLine
	}
	highest := 0.0
	for _, s := range stacks {
		highest = max(highest, s.height())
	}
	slots = max(slots, len(stacks), 1)
	slot := 100 / float64(slots)
	wideStep, narrowStep := (slots+wideLabels-1)/wideLabels, (slots+narrowLabels-1)/narrowLabels
	for i, s := range stacks {
		x := float64(i) * slot
		col := column{
			X: decimal(x), Width: decimal(slot), Middle: decimal(x + slot/2),
			Title: s.Title, WideTop: slots > 2*narrowLabels,
		}
		if i%wideStep == 0 {
			col.Label, col.Below, col.Wide = s.Label, s.Below, i%narrowStep != 0
		}
		y := chartTop + chartHeight
		for j, part := range s.Parts {
			if part <= 0 || highest <= 0 {
				continue
			}
			height := max(part/highest*chartHeight, 1.5)
			y -= height
			col.Bars = append(col.Bars, bar{
				Class: c.Legend[j].Class, X: decimal(x + slot*(1-share)/2), Y: decimal(y), Width: decimal(slot * share), Height: decimal(height),
			})
		}
		if len(col.Bars) > 0 {
			col.Top, col.TopY = s.Top, decimal(y-6)
		}
		c.Columns = append(c.Columns, col)
	}
}

func (s stack) height() float64 {
	sum := 0.0
	for _, part := range s.Parts {
		sum += max(part, 0)
	}
	return sum
}

// decimal is a length with up to two decimals.
func decimal(f float64) string {
	text := strconv.FormatFloat(f, 'f', 2, 64)
	for text[len(text)-1] == '0' {
		text = text[:len(text)-1]
	}
	if text[len(text)-1] == '.' {
		text = text[:len(text)-1]
	}
	return text
}
