package main

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/term"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/internal/words"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// columns is how wide lines are, and tables where there is no terminal.
const columns = 80

// width is how wide the terminal is that a file is; where it is none, as wide as lines are.
func width(f *os.File) int {
	if n, _, err := term.GetSize(int(f.Fd())); err == nil && n > 0 {
		return n
	}
	return columns
}

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
// shortened to its least, then the one before it; in a narrow terminal to half of that.
type column struct {
	title string
	right bool
	least int // 0: it is not shortened
}

// table writes rows under titles, as wide as their cells and at most so many columns.
func table(w io.Writer, columns int, cols []column, rows [][]string) error {
	widths, total := make([]int, len(cols)), -len("  ")
	for i, c := range cols {
		widths[i] = utf8.RuneCountInString(c.title)
		for _, row := range rows {
			row[i] = words.Printable(cmp.Or(row[i], " "))
			widths[i] = max(widths[i], utf8.RuneCountInString(row[i]))
		}
		total += len("  ") + widths[i]
	}
	for part := range 2 {
		for i, c := range slices.Backward(cols) {
			if less := min(total-columns, widths[i]-c.least/(part+1)); c.least > 0 && less > 0 {
				widths[i] -= less
				total -= less
			}
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

// together is the name of the first of n services that are renewed together.
func together(name string, n int) string {
	if n == 1 {
		return name
	}
	return fmt.Sprintf("%s + %d", fit(name, 28), n-1)
}

// amounts are several amounts in a sentence.
func amounts(all []ovhrenew.Money) string {
	if len(all) == 0 {
		return "nothing"
	}
	texts := make([]string, 0, len(all))
	for _, m := range all {
		texts = append(texts, m.String())
	}
	return strings.Join(texts, " and ")
}

// writeLeftOut writes services that are not renewed, with the reasons.
func writeLeftOut(w io.Writer, left []portfolio.LeftOut) {
	for _, one := range left {
		fmt.Fprintln(w, wrap(fmt.Sprintf("%s  %s (%d): %s", one.Expiry, fit(one.Name, 40), one.ID, inFlags(one.Reason)), "    "))
	}
}
