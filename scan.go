package ovhrenew

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// scanner reads JSON as the API writes it, in one pass. What is unusual (a name that
// is unknown or repeated, a null, a number out of range) and what is wrong it does not
// judge: it fails, and encoding/json reads the whole again. So it may only accept what
// encoding/json accepts, with the same result.
type scanner struct {
	rest   []byte
	failed bool
	last   string // the last text that [scanner.repeated] has read
}

// done reports whether all was read, and nothing else follows.
func (s *scanner) done() bool {
	s.rest = skipSpace(s.rest)
	return !s.failed && len(s.rest) == 0
}

// take reads c, if that comes next.
func (s *scanner) take(c byte) bool {
	s.rest = skipSpace(s.rest)
	if s.failed || len(s.rest) == 0 || s.rest[0] != c {
		return false
	}
	s.rest = s.rest[1:]
	return true
}

func (s *scanner) expect(c byte) {
	if !s.take(c) {
		s.failed = true
	}
}

// list reads what stands between open and shut, item by item.
func (s *scanner) list(open, shut byte, item func()) {
	if s.expect(open); s.take(shut) {
		return
	}
	for !s.failed {
		item()
		if s.take(shut) {
			return
		}
		s.expect(',')
	}
}

// object calls read for each member, to read its value. It fails at a name that is
// none of these, and at one that comes twice, since encoding/json merges those.
func (s *scanner) object(names []string, read func(name string)) {
	seen := 0
	s.list('{', '}', func() {
		quoted := s.quoted()
		s.expect(':')
		for i, name := range names {
			if len(quoted) == len(name)+2 && string(quoted[1:len(quoted)-1]) == name && seen&(1<<i) == 0 {
				seen |= 1 << i
				read(name)
				return
			}
		}
		s.failed = true
	})
}

// quoted reads a string and returns it as it is written, quotes and escapes included.
func (s *scanner) quoted() []byte {
	s.rest = skipSpace(s.rest)
	if s.failed || len(s.rest) == 0 || s.rest[0] != '"' {
		s.failed = true
		return nil
	}
	ascii := true
	for i := 1; i < len(s.rest); i++ {
		switch c := s.rest[i]; {
		case c == '"':
			text := s.rest[:i+1]
			s.rest = s.rest[i+1:]
			s.failed = !ascii && !utf8.Valid(text)
			return text
		case c == '\\':
			n := escapeLen(s.rest[i:])
			s.failed = n == 0
			i += n - 1
		case c < ' ':
			s.failed = true
		case c >= utf8.RuneSelf:
			ascii = false
		}
		if s.failed {
			return nil
		}
	}
	s.failed = true
	return nil
}

// escapeLen is how long the escape is that data begins with, 0 if it is none.
func escapeLen(data []byte) int {
	if len(data) < 2 {
		return 0
	}
	switch data[1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2
	case 'u':
		if len(data) < 6 {
			return 0
		}
		if _, err := strconv.ParseUint(string(data[2:6]), 16, 16); err == nil {
			return 6
		}
	}
	return 0
}

// text reads a string.
func (s *scanner) text() string { return s.unquote(s.quoted()) }

// unquote is the value of a string that was read.
func (s *scanner) unquote(quoted []byte) string {
	if s.failed {
		return ""
	}
	text, err := textOf(quoted)
	s.failed = err != nil
	return text
}

// repeated reads a string that is often the one that it read before.
func (s *scanner) repeated() string {
	quoted := s.quoted()
	if len(quoted) == len(s.last)+2 && string(quoted[1:len(quoted)-1]) == s.last {
		return s.last
	}
	text := s.unquote(quoted)
	if strings.IndexByte(text, '\\') < 0 { // else it may be how another text is written
		s.last = text
	}
	return text
}

// scalar reads a string, a null or what may be a number, and returns it as written.
func (s *scanner) scalar() []byte {
	s.rest = skipSpace(s.rest)
	if len(s.rest) > 0 && s.rest[0] == '"' {
		return s.quoted()
	}
	n := 0
	if len(s.rest) >= 4 && string(s.rest[:4]) == "null" {
		n = 4
	} else {
		for n < len(s.rest) && (isDigit(s.rest[n]) || strings.IndexByte(".-+eE", s.rest[n]) >= 0) {
			n++
		}
	}
	value := s.rest[:n]
	s.rest = s.rest[n:]
	s.failed = s.failed || n == 0
	return value
}

// integer reads a whole number that is not negative.
func (s *scanner) integer() int64 {
	s.rest = skipSpace(s.rest)
	var n int64
	i := 0
	for ; i < len(s.rest) && isDigit(s.rest[i]); i++ {
		n = n*10 + int64(s.rest[i]-'0')
	}
	const most = 18 // digits that always fit
	if i == 0 || i > most || i > 1 && s.rest[0] == '0' {
		s.failed = true
	}
	s.rest = s.rest[i:]
	return n
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func skipSpace(data []byte) []byte {
	for len(data) > 0 && (data[0] == ' ' || data[0] == '\n' || data[0] == '\r' || data[0] == '\t') {
		data = data[1:]
	}
	return data
}

// unquotePlain is the value of a JSON string in which nothing is escaped and which is
// all of ASCII, as dates are; else plain is false.
func unquotePlain(quoted []byte) (text string, plain bool) {
	if len(quoted) < 2 || quoted[0] != '"' || quoted[len(quoted)-1] != '"' {
		return "", false
	}
	inner := quoted[1 : len(quoted)-1]
	for _, c := range inner {
		if c < ' ' || c >= utf8.RuneSelf || c == '"' || c == '\\' {
			return "", false
		}
	}
	return string(inner), true
}
