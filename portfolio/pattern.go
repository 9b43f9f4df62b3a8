package portfolio

import (
	"path"
	"slices"
	"strings"
	"unicode"

	"github.com/ovhrenew/ovhrenew/internal/names"
)

// pattern is a pattern of names, and a name, made ready to be compared: in normal form,
// in punycode and in Unicode, since half a label has no punycode.
type pattern struct{ ascii, unicode string }

func newPattern(text string) pattern {
	normal := names.Normal(strings.NewReplacer("%2F", "/", "%2f", "/").Replace(text))
	return pattern{hideSlashes(normal), hideSlashes(names.Unicode(normal))}
}

// hideSlashes lets path.Match's stars, which stop at slashes, go on.
func hideSlashes(s string) string { return strings.ReplaceAll(s, "/", "\x00") }

func (p pattern) matches(name pattern) bool {
	ascii, _ := path.Match(p.ascii, name.ascii)
	unicode, _ := path.Match(p.unicode, name.unicode)
	return ascii || unicode
}

func anyMatch(patterns []pattern, text string) bool {
	name := newPattern(text)
	return slices.ContainsFunc(patterns, func(p pattern) bool { return p.matches(name) })
}

// oddPattern says why a text is no pattern, or one that no service's name can fit; empty:
// it may select something.
func oddPattern(text string) string {
	normal := names.Normal(text)
	trimmed := names.Trim(text)
	_, err := path.Match(normal, "")
	switch {
	case normal == "":
		return "is empty"
	case err != nil:
		return "is not a pattern"
	case strings.Trim(normal, "*") == "" && strings.Trim(trimmed, "*") != "":
		return "selects everything once its dot is gone: write * if that is meant"
	case strings.Contains(trimmed, "://"):
		return "is a URL, which no service's name is: write the name alone"
	case strings.HasPrefix(trimmed, "/"):
		return "is a route, which no service's name is: write the name alone"
	case strings.ContainsAny(trimmed, ",;") || strings.ContainsFunc(trimmed, func(r rune) bool { return r == '\n' || r == '\r' || r == '\t' }):
		return "looks like several names, which no service has: write each as an element of its own"
	case strings.HasPrefix(normal, ".") || strings.HasSuffix(normal, ".") || strings.Contains(normal, ".."):
		return "has a dot that no service's name has"
	case strings.ContainsFunc(normal, unicode.IsControl):
		return "has a control character"
	}
	return ""
}
