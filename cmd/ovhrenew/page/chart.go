package page

import (
	"slices"
	"strconv"
	"unicode/utf8"
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
	// Top stands over the column at TopY, Label and Below under it; Below only where it
	// changes.
	Top, TopY, Label, Below string
	// BelowOn is the class of the screens for which Below is, after a space; empty for all.
	BelowOn string
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
	thinnest    = 1.5 // of a part that is not nothing
	// The widths for which texts are set: paper, which is narrower than a wide screen,
	// and a narrow screen; and that of a letter.
	wideChart, narrowChart, letter = 560, 340, 7
)

// step is how many slots a text takes of a chart so wide.
func step(longest, slots, width int) int {
	return max((slots*(longest+1)*letter+width-1)/width, 1)
}

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
	label, top := longest(stacks)
	wideStep := step(label, slots, wideChart)
	narrowStep := (step(label, slots, narrowChart) + wideStep - 1) / wideStep * wideStep
	wideTop, narrowTop := step(top, slots, wideChart) == 1, step(top, slots, narrowChart) == 1
	var below, narrowBelow string // that was written last, on either screen
	for i, s := range stacks {
		x := float64(i) * slot
		col := column{
			X: decimal(x), Width: decimal(slot), Middle: decimal(x + slot/2),
			Title: s.Title, WideTop: !narrowTop,
		}
		if i%wideStep == 0 {
			col.Label, col.Wide = s.Label, i%narrowStep != 0
			switch changes, onNarrow := s.Below != below, !col.Wide && s.Below != narrowBelow; {
			case changes && onNarrow:
				col.Below = s.Below
			case changes:
				col.Below, col.BelowOn = s.Below, " wide"
			case onNarrow:
				col.Below, col.BelowOn = s.Below, " slim"
			}
			if below = s.Below; !col.Wide {
				narrowBelow = s.Below
			}
		}
		y := c.stand(&col, s, x+slot*(1-share)/2, slot*share, highest)
		if len(col.Bars) > 0 && wideTop {
			col.Top, col.TopY = s.Top, decimal(y-6)
		}
		c.Columns = append(c.Columns, col)
	}
}

// stand puts the bars of a stack on each other, and returns where they end.
func (c *chart) stand(col *column, s stack, x, width, highest float64) float64 {
	y := chartTop + chartHeight
	for i, part := range s.Parts {
		if part <= 0 {
			continue
		}
		height := max(part/highest*chartHeight, thinnest)
		y -= height
		col.Bars = append(col.Bars, bar{Class: c.Legend[i].Class, X: decimal(x), Y: decimal(y), Width: decimal(width), Height: decimal(height)})
	}
	return y
}

func (s stack) height() float64 {
	sum := 0.0
	for _, part := range s.Parts {
		sum += max(part, 0)
	}
	return sum
}

// longest are the lengths of the longest label and top, in letters.
func longest(stacks []stack) (label, top int) {
	for _, s := range stacks {
		label, top = max(label, utf8.RuneCountInString(s.Label)), max(top, utf8.RuneCountInString(s.Top))
	}
	return label, top
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
