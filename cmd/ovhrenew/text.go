package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/ovhrenew/ovhrenew/internal/words"
)

// columns is how wide lines are.
const columns = 80

// unbroken is a space that is no place to break a line.
const unbroken = "\x00"

// wrap breaks a text at its spaces into lines of at most 80 columns; those after the
// first are indented. Words that are longer stay whole, and so does a call of the API, such
// as GET /me.
func wrap(text, indent string) string {
	var b strings.Builder
	width := 0
	for i, word := range strings.Split(strings.ReplaceAll(text, " /", unbroken+"/"), " ") {
		word = strings.ReplaceAll(word, unbroken, " ")
		n := utf8.RuneCountInString(word)
		switch {
		case i == 0:
		case width+1+n > columns:
			b.WriteString("\n" + indent)
			width = len(indent)
		default:
			b.WriteByte(' ')
			width++
		}
		b.WriteString(word)
		width += n
	}
	return b.String()
}

// fit shortens a text to so many columns.
func fit(text string, n int) string {
	text = words.Printable(text)
	if utf8.RuneCountInString(text) <= n {
		return text
	}
	runes := []rune(text)
	return string(runes[:n-1]) + "…"
}

// column is a column of a table. Where the table is too wide, the last of those that may is
// shortened to its least, then the one before it.
type column struct {
	title string
	right bool
	least int // 0: it is not shortened
}

// table writes rows under titles, as wide as their cells, in 80 columns.
func table(w io.Writer, cols []column, rows [][]string) error {
	widths, total := make([]int, len(cols)), -len("  ")
	for i, c := range cols {
		widths[i] = utf8.RuneCountInString(c.title)
		for _, row := range rows {
			row[i] = words.Printable(cmp.Or(row[i], " "))
			widths[i] = max(widths[i], utf8.RuneCountInString(row[i]))
		}
		total += len("  ") + widths[i]
	}
	for i, c := range slices.Backward(cols) {
		if less := min(total-columns, widths[i]-c.least); c.least > 0 && less > 0 {
			widths[i] -= less
			total -= less
		}
	}
	line := func(cells []string) error {
		var b strings.Builder
		for i, cell := range cells {
			cell = fit(cell, widths[i])
			pad := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
			if i > 0 {
				b.WriteString("  ")
			}
			if cols[i].right {
				b.WriteString(pad + cell)
			} else {
				b.WriteString(cell + pad)
			}
		}
		_, err := fmt.Fprintln(w, strings.TrimRight(b.String(), " "))
		return err
	}
	titles := make([]string, len(cols))
	for i, c := range cols {
		titles[i] = c.title
	}
	if err := line(titles); err != nil {
		return err
	}
	for _, row := range rows {
		if err := line(row); err != nil {
			return err
		}
	}
	return nil
}
