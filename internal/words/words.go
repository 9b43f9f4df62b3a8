// Package words turns values into text for people: lines of reports and of errors.
package words

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// Printable returns text for a terminal: quoted if it has control characters, and
// "(no name)" if it is empty. Names and reasons come from elsewhere.
func Printable(text string) string {
	if strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return strconv.Quote(text)
	}
	return cmp.Or(text, "(no name)")
}

// Called returns a service with its number, and with its name if that is known.
func Called[ID ~int64](name string, id ID) string {
	number := strconv.FormatInt(int64(id), 10)
	if name == "" || name == number {
		return "service " + number
	}
	return Printable(name) + " (" + number + ")"
}

// CalledAll returns services as Called does, with a plus sign between them.
func CalledAll[ID ~int64](name func(ID) string, ids []ID) string {
	called := make([]string, 0, len(ids))
	for _, id := range ids {
		called = append(called, Called(name(id), id))
	}
	return strings.Join(called, " + ")
}

var aNumber = regexp.MustCompile(`\b(service )?[0-9]+\b`)

type namedError struct {
	error
	text string
}

func (e namedError) Error() string { return e.text }
func (e namedError) Unwrap() error { return e.error }

// Named returns an error of what knows services by their numbers alone, as a journal does,
// with what people call them. Where a number stands by itself, that stands before it all.
func Named[ID ~int64](err error, called func(ID) string, ids ...ID) error {
	bare := false
	text := aNumber.ReplaceAllStringFunc(err.Error(), func(text string) string {
		number, said := strings.CutPrefix(text, "service ")
		i := slices.IndexFunc(ids, func(id ID) bool { return number == strconv.FormatInt(int64(id), 10) })
		if i >= 0 && said {
			return called(ids[i])
		}
		bare = bare || i >= 0 && !strings.Contains(err.Error(), called(ids[i]))
		return text
	})
	for _, id := range slices.Backward(ids) {
		if bare {
			text = called(id) + ": " + text
		}
	}
	return namedError{err, text}
}

// Count returns a number of things: 1 day, 2 days.
func Count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// Listed returns the values with commas between them.
func Listed[T any](values []T) string {
	texts := make([]string, 0, len(values))
	for _, value := range values {
		texts = append(texts, fmt.Sprint(value))
	}
	return cmp.Or(strings.Join(texts, ", "), "none")
}

// Span returns a duration without trailing zeros: 10m and not 10m0s.
func Span(d time.Duration) string {
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

// InLine returns the text of an error in one line, though several were joined.
func InLine(err error) string { return strings.ReplaceAll(err.Error(), "\n", "; ") }

// maxText is the maximum length of a text that Clean returns, and MaxRead how much of
// a text it looks at, both in bytes: a page may be as large as an answer.
const (
	maxText    = 500
	MaxRead    = 32 << 10
	secretName = `((?i:\b(?:access_|refresh_|client_|app_|application_|order_)?[a-z-]*(?:password|esign|token|signature|secret|consumer_?key)))`
)

var (
	// secretParam is a name and a value as machines write them. In prose a word may follow.
	secretParam = regexp.MustCompile(secretName + `((?i:[\\"']*\s*(?:=|%3d|\\u003d)\s*[\\"']*)|[\\"']+\s*:\s*[\\"']*|:\s*[\\"']+|:)[^&\s"'<>,}]+|` +
		secretName + `(:\s+)[^&\s"'<>,}]*[A-Z0-9$][^&\s"'<>,}]*`)
	control = regexp.MustCompile(`[\pC]+`) // characters that are not printed
)

// Clean returns text in one line, without what opens an order or a bill, and bounds its length.
func Clean(text string) string {
	text = strings.ToValidUTF8(text[:min(len(text), MaxRead)], "?")
	text = secretParam.ReplaceAllString(control.ReplaceAllString(text, " "), "${1}${2}${3}${4}REDACTED")
	if len(text) > maxText {
		text = strings.ToValidUTF8(text[:maxText], "") + "…"
	}
	return text
}
