// Package names has the one form in which names of services are compared, and says
// which names are near to one that nothing has.
package names

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// domain maps a name as a browser does, except that it lets through what is in names
// that are no domains: underscores, slashes, stars.
var domain = idna.New(idna.MapForLookup(), idna.Transitional(false), idna.StrictDomainName(false))

// Trim removes what a copied name brings along: white space, invisible characters,
// quotes and brackets around it, and a comma or semicolon behind it.
func Trim(name string) string {
	name = strings.Map(func(r rune) rune {
		if r == '\u00ad' || unicode.Is(unicode.Cf, r) { // soft hyphens, zero width, marks of order
			return -1
		}
		return r
	}, name)
	return strings.TrimFunc(strings.TrimRight(strings.TrimSpace(name), ",;"), func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune("\"'`<>“”„‘’«»", r)
	})
}

// Normal returns the form of a name or of a pattern of names in which it is compared:
// trimmed, in small letters, without the dot at its end, in punycode. A telephone number
// that begins with a plus begins with 00.
func Normal(name string) string {
	name = strings.TrimSuffix(strings.ToLower(Trim(name)), ".")
	if digits := telephone(name); digits != "" {
		return digits
	}
	if ascii, err := domain.ToASCII(name); err == nil {
		return ascii
	}
	return name
}

// telephone returns the digits of an international number, after 00; empty for any
// other text.
func telephone(name string) string {
	number, plus := strings.CutPrefix(name, "+")
	digits := strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \u00a0.-()", r) {
			return -1
		}
		return r
	}, number)
	if !plus || len(digits) < 6 || strings.Trim(digits, "0123456789") != "" {
		return ""
	}
	return "00" + digits
}

// Spellings returns the names that a text may mean, the likeliest first: its normal
// form, in Unicode, and as it is written. Those of a URL are its host and the segments
// of its path that could be names.
func Spellings(text string) []string {
	trimmed := Trim(text)
	spellings := []string{Normal(trimmed)}
	if u, err := url.Parse(trimmed); err == nil && u.Scheme != "" && u.Host != "" {
		spellings = []string{Normal(u.Hostname())}
		fragment, _, _ := strings.Cut(u.EscapedFragment(), "?")
		for segment := range strings.SplitSeq(u.EscapedPath()+"/"+fragment, "/") {
			if segment, err = url.PathUnescape(segment); err == nil && strings.ContainsAny(segment, ".0123456789") {
				spellings = append(spellings, Normal(segment))
			}
		}
	} else {
		if unicode, err := domain.ToUnicode(spellings[0]); err == nil {
			spellings = append(spellings, unicode)
		}
		spellings = append(spellings, trimmed)
	}
	var all []string
	for _, spelling := range spellings {
		if spelling != "" && !slices.Contains(all, spelling) {
			all = append(all, spelling)
		}
	}
	return all
}

// IsURL reports whether a text is a URL rather than a name.
func IsURL(text string) bool {
	u, err := url.Parse(Trim(text))
	return err == nil && u.Scheme != "" && u.Host != ""
}

// Near collects the names that are nearest to one.
type Near struct {
	name  string
	found []near
}

type near struct {
	name     string
	distance int
}

// NearTo returns a Near for a name.
func NearTo(name string) *Near { return &Near{name: Normal(name)} }

// Add looks at a name that there is.
func (n *Near) Add(name string) {
	const most = 3
	normal := Normal(name)
	distance := distance(n.name, normal)
	switch whole := utf8.RuneCountInString(n.name); {
	case whole >= 4 && strings.Contains(normal, n.name):
		distance = 1
	case distance > min(most, whole/4):
		return
	}
	n.found = append(n.found, near{name, distance})
	slices.SortFunc(n.found, func(a, b near) int {
		return cmp.Or(cmp.Compare(a.distance, b.distance), strings.Compare(a.name, b.name))
	})
	n.found = slices.Compact(n.found)
	n.found = n.found[:min(len(n.found), most)]
}

// Names returns the nearest names, at most three, the nearest first.
func (n *Near) Names() []string {
	var names []string
	for _, found := range n.found {
		names = append(names, found.name)
	}
	return names
}

// distance is how many characters have to be put in, taken out or replaced, or
// neighbours exchanged, to make b of a.
func distance(a, b string) int {
	from, to := []rune(a), []rune(b)
	var before, last []int
	row := make([]int, len(to)+1)
	for j := range row {
		row[j] = j
	}
	for i := range from {
		before, last, row = last, row, make([]int, len(to)+1)
		row[0] = i + 1
		for j := range to {
			cost := 1
			if from[i] == to[j] {
				cost = 0
			}
			row[j+1] = min(last[j+1]+1, row[j]+1, last[j]+cost)
			if i > 0 && j > 0 && from[i] == to[j-1] && from[i-1] == to[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
	}
	return row[len(to)]
}

// Unicode returns the form of a normal name in which people read it: not in punycode.
func Unicode(normal string) string {
	if text, err := domain.ToUnicode(normal); err == nil {
		return text
	}
	return normal
}
