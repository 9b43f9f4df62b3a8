package page

import (
	"strconv"
	"strings"
	"unicode"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/internal/words"
)

// maxMarks is how many marks may stand on one letter. No language needs more, and a
// pile of them covers what stands above.
const maxMarks = 4

// printable is a text from elsewhere for a page. The template escapes it.
func printable(text string) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	marks := 0
	for _, r := range text {
		if marks++; !unicode.In(r, unicode.Mn, unicode.Me) {
			marks = 0
		}
		if marks > maxMarks {
			return strconv.QuoteToASCII(text)
		}
	}
	return words.Printable(text)
}

// fallback is the text, or what stands for an empty one.
func fallback(text, empty string) string {
	if text == "" {
		return empty
	}
	return printable(text)
}

// dayOf is a day after a preposition; nothing if there is none.
func dayOf(preposition string, d ovhrenew.Date) string {
	if d.IsZero() {
		return ""
	}
	return " " + preposition + " " + d.String()
}
