package main

import (
	"math"
	"slices"
	"strconv"
)

// chart is a chart of stacked bars.
type chart struct {
	Title, Unit string
	// Labels are those of the bars, Series those of their parts, and values of each part
	// by bar.
	Labels []string
	Series []string
	values [][]float64 // by series, then by label
	// format writes a value.
	format func(float64) string
}

// The measures of a chart, in the units of its picture.
const (
	chartWidth  = 760
	chartHeight = 240
	plotLeft    = 64
	plotTop     = 12
	plotRight   = 750
	plotBottom  = 200
)

// bar is a part of a bar as it is drawn.
type bar struct {
	X, Y, Width, Height float64
	Series              int
	Says                string
}

// tick is a line of the grid.
type tick struct {
	Y     float64
	Label string
}

// mark is the label of a bar.
type mark struct {
	X     float64
	Label string
}

func (c chart) Width() int  { return chartWidth }
func (c chart) Height() int { return chartHeight }
func (c chart) Left() int   { return plotLeft }
func (c chart) Right() int  { return plotRight }

// Empty reports whether there is nothing to draw.
func (c chart) Empty() bool { return c.highest() == 0 }

func (c chart) highest() float64 {
	highest := 0.0
	for i := range c.Labels {
		sum := 0.0
		for s := range c.Series {
			sum += c.values[s][i]
		}
		highest = max(highest, sum)
	}
	return highest
}

// top is the highest line of the grid, and the distance of two.
func (c chart) top() (top, step float64) {
	highest := c.highest()
	step = math.Pow(10, math.Floor(math.Log10(highest)))
	for _, factor := range []float64{0.2, 0.25, 0.5, 1, 2} {
		if highest/(step*factor) <= 5 {
			step *= factor
			break
		}
	}
	if c.Unit == "" {
		step = max(1, math.Ceil(step)) // things that are counted
	}
	return math.Ceil(highest/step) * step, step
}

// Ticks are the lines of the grid.
func (c chart) Ticks() []tick {
	top, step := c.top()
	var all []tick
	for value := 0.0; value <= top+step/2; value += step {
		all = append(all, tick{plotBottom - value/top*(plotBottom-plotTop), c.format(value)})
	}
	return all
}

// Bars are the parts of the bars.
func (c chart) Bars() []bar {
	top, _ := c.top()
	slot := float64(plotRight-plotLeft) / float64(len(c.Labels))
	var all []bar
	for i, label := range c.Labels {
		y := float64(plotBottom)
		for s, name := range c.Series {
			value := c.values[s][i]
			if value == 0 {
				continue
			}
			height := value / top * (plotBottom - plotTop)
			y -= height
			width := min(slot*0.7, 80)
			all = append(all, bar{plotLeft + slot*(float64(i)+0.5) - width/2, y, width, height, s, label + ": " + name + " " + c.format(value)})
		}
	}
	return all
}

// Marks are the labels of the bars, as many as there is room for.
func (c chart) Marks() []mark {
	slot := float64(plotRight-plotLeft) / float64(len(c.Labels))
	every := (len(c.Labels) + 13) / 14
	var all []mark
	for i, label := range c.Labels {
		if i%every == 0 {
			all = append(all, mark{plotLeft + slot*(float64(i)+0.5), label})
		}
	}
	return all
}

// Rows are the values as a table.
func (c chart) Rows() [][]string {
	var rows [][]string
	for i, label := range c.Labels {
		row := []string{label}
		for s := range c.Series {
			row = append(row, c.format(c.values[s][i]))
		}
		rows = append(rows, row)
	}
	return rows
}

// add adds to a part of a bar, which are made as they come.
func (c *chart) add(series, label string, value float64) {
	i := slices.Index(c.Labels, label)
	if i < 0 {
		c.Labels, i = append(c.Labels, label), len(c.Labels)
		for s := range c.values {
			c.values[s] = append(c.values[s], 0)
		}
	}
	s := slices.Index(c.Series, series)
	if s < 0 {
		c.Series, s = append(c.Series, series), len(c.Series)
		c.values = append(c.values, make([]float64, len(c.Labels)))
	}
	c.values[s][i] += value
}

// maxSeries is how many parts can be told apart.
const maxSeries = 7

// narrow puts the smallest parts together, and the others in the order of their size.
func (c *chart) narrow() {
	type one struct {
		name   string
		values []float64
		sum    float64
	}
	all := make([]one, len(c.Series))
	for s, name := range c.Series {
		all[s] = one{name: name, values: c.values[s]}
		for _, value := range c.values[s] {
			all[s].sum += value
		}
	}
	slices.SortStableFunc(all, func(a, b one) int {
		if a.sum != b.sum {
			return int(math.Copysign(1, b.sum-a.sum))
		}
		return 0
	})
	c.Series, c.values = nil, nil
	for s, series := range all {
		if s < maxSeries || len(all) == maxSeries+1 {
			c.Series, c.values = append(c.Series, series.name), append(c.values, series.values)
			continue
		}
		if s == maxSeries {
			c.Series, c.values = append(c.Series, "others"), append(c.values, make([]float64, len(c.Labels)))
		}
		for i, value := range series.values {
			c.values[maxSeries][i] += value
		}
	}
}

func countText(n float64) string { return strconv.Itoa(int(math.Round(n))) }

func moneyText(n float64) string {
	if n == math.Trunc(n) {
		return strconv.FormatFloat(n, 'f', 0, 64)
	}
	return strconv.FormatFloat(n, 'f', 2, 64)
}
