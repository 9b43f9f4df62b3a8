package main

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/ovhrenew/ovhrenew/internal/words"
)

// columns is how wide lines are.
const columns = 80

// wrap breaks a text at its spaces into lines of at most 80 columns; those after the
// first are indented. Words that are longer stay whole.
func wrap(text, indent string) string {
	var b strings.Builder
	width := 0
	for i, word := range strings.Split(text, " ") {
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

// column is a column of a table: cells wider than max are shortened, 0: any.
type column struct {
	title string
	max   int
	right bool
}

// table writes rows under titles, as wide as their cells.
func table(w io.Writer, cols []column, rows [][]string) error {
	widths := make([]int, len(cols))
	for i, c := range cols {
		widths[i] = utf8.RuneCountInString(c.title)
		for _, row := range rows {
			if c.max > 0 {
				row[i] = fit(row[i], c.max)
			}
			widths[i] = max(widths[i], utf8.RuneCountInString(row[i]))
		}
	}
	line := func(cells []string) error {
		var b strings.Builder
		for i, cell := range cells {
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
