package main

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"
)

// row is a line of the table.
type row struct {
	what, against string
	other, ours   string
	ratio         string
	goal          string // what the ratio, or ours, is to reach; empty: nothing
	met           bool
}

// better compares what is the better the smaller it is: ours is so many times faster,
// or fewer. It is to be so by a factor of least, or by none if that is zero.
func better(how string, other, ours, least float64) (ratio, goal string, met bool) {
	if least > 0 {
		goal = "at least " + times(least)
	}
	const noise = 0.995 // as exact as the table is
	return times(other/ours) + " " + how, goal, other/ours >= least*noise
}

func writeTable(w io.Writer, rows []row) error {
	var b strings.Builder
	b.WriteString("| | against | that | ovhrenew | ratio | goal |\n|---|---|---:|---:|---:|---|\n")
	for _, r := range rows {
		goal := r.goal
		if goal != "" && !r.met {
			goal += " (missed)"
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s |\n", r.what, r.against, r.other, r.ours, r.ratio, goal)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func times(ratio float64) string {
	digits := 2
	if ratio >= 10 || ratio == math.Trunc(ratio) {
		digits = 0
	}
	return strconv.FormatFloat(ratio, 'f', digits, 64) + " ×"
}

// short is a duration with three digits or so.
func short(d time.Duration) string {
	switch {
	case d < time.Millisecond:
		return fmt.Sprintf("%.1f µs", float64(d)/float64(time.Microsecond))
	case d < time.Second:
		return fmt.Sprintf("%.1f ms", float64(d)/float64(time.Millisecond))
	}
	return fmt.Sprintf("%.2f s", d.Seconds())
}

func megabytes(bytes float64) string { return fmt.Sprintf("%.1f MB", bytes/1e6) }

// number groups digits by thousands.
func number(n int) string {
	text := strconv.Itoa(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}
