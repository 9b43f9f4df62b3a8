// Package names has the one form in which names of services are compared, and says
// which names are near to one that nothing has.
package names

import (
	"cmp"
	"net/netip"
	"net/url"
	"regexp"
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
	name = strings.TrimFunc(strings.TrimRight(strings.TrimSpace(name), ",;"), func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune("\"'`<>“”„‘’«»", r)
	})
	if inner, found := strings.CutPrefix(name, "("); found && strings.Index(inner, ")") == len(inner)-1 {
		return strings.TrimSuffix(inner, ")")
	}
	return name
}

// Normal returns the form of a name or of a pattern of names in which it is compared:
// trimmed, in small letters, without a dot or slashes at its end, in punycode. A telephone number
// that begins with a plus begins with 00, and an IPv6 address is as short as can be.
func Normal(name string) string {
	name = strings.ReplaceAll(strings.ToLower(Trim(name)), "%2f", "/")
	if digits := telephone(name); digits != "" {
		return digits
	}
	if block, err := netip.ParsePrefix(strings.ReplaceAll(name, " ", "")); err == nil {
		return block.String()
	}
	if ip, err := netip.ParseAddr(name); err == nil {
		return ip.String()
	}
	if ascii, err := domain.ToASCII(name); err == nil {
		name = ascii
	}
	return strings.TrimSuffix(strings.TrimRight(name, "/"), ".")
}

// telephone returns the digits of an international number, after 00; empty for any
// other text.
func telephone(name string) string {
	number, plus := strings.CutPrefix(strings.TrimPrefix(name, "tel:"), "+")
	digits := strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \u00a0.-()/", r) {
			return -1
		}
		return r
	}, strings.Replace(number, "(0)", "", 1)) // which nobody dials from abroad
	if plus {
		digits = "00" + digits
	}
	if len(digits) < 8 || !strings.HasPrefix(digits, "00") || strings.Trim(digits, "0123456789") != "" {
		return ""
	}
	return digits
}

// Spellings returns the forms of a name, the likeliest first: its normal form, in Unicode,
// and as it is written. A URL is no name.
func Spellings(text string) []string {
	if IsURL(text) {
		return nil
	}
	normal := Normal(text)
	return distinct([]string{normal, Unicode(normal), Trim(text)})
}

// Parts returns the names that may be in an address, with or without its scheme: its host
// and the segments of its path that could be names. Those of any other text are none.
func Parts(text string) []string {
	text = Trim(text)
	if !IsURL(text) {
		if _, err := netip.ParsePrefix(Normal(text)); err == nil || !address.MatchString(text) {
			return nil
		}
		text = "none://" + text
	}
	u, err := url.Parse(text)
	if err != nil {
		return nil
	}
	fragment, _, _ := strings.Cut(u.EscapedFragment(), "?")
	parts := []string{Normal(u.Hostname())}
	for segment := range strings.SplitSeq(u.EscapedPath()+"/"+fragment, "/") {
		for range 2 { // a slash in a fragment is escaped twice
			if plain, err := url.PathUnescape(segment); err == nil {
				segment = plain
			}
		}
		block := parts[len(parts)-1] + "/" + segment
		if _, err := netip.ParsePrefix(block); err == nil {
			parts[len(parts)-1] = block
		} else if strings.ContainsAny(segment, ".0123456789") {
			parts = append(parts, Normal(segment))
		}
	}
	return distinct(parts)
}

// address is an address without its scheme: a host with a port or a path.
var address = regexp.MustCompile(`^[^/:]+:[0-9]+$|^[^/]*\.[^/]*/`)

func distinct(texts []string) []string {
	var all []string
	for _, text := range texts {
		if text != "" && !slices.Contains(all, text) {
			all = append(all, text)
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
