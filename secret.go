package ovhrenew

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// Secret is an order's password, or a link that contains one: its holder can pay or
// download. It prints, logs and marshals as REDACTED, a link as its address without what
// is secret.
type Secret struct {
	// Behind a pointer even package fmt does not find the value when it prints an
	// unexported field, whose methods it does not call.
	value *string
}

const redacted = "REDACTED"

// NewSecret returns a Secret of this value.
func NewSecret(value string) Secret {
	if value == "" {
		return Secret{}
	}
	return Secret{&value}
}

// Reveal returns the secret itself.
func (s Secret) Reveal() string {
	if s.value == nil {
		return ""
	}
	return *s.value
}

func (s Secret) IsZero() bool { return s.value == nil }

func (s Secret) Equal(other Secret) bool { return s.Reveal() == other.Reveal() }

// String returns "REDACTED", or a link's address with REDACTED for all parameters but
// orderId.
func (s Secret) String() string {
	if s.IsZero() {
		return ""
	}
	if link, ok := redactLink(s.Reveal()); ok {
		return link
	}
	return redacted
}

// Format prints what String returns, whatever the verb.
func (s Secret) Format(state fmt.State, verb rune) {
	if verb == 'v' && state.Flag('#') {
		_, _ = fmt.Fprintf(state, "ovhrenew.Secret(%q)", s.String())
		return
	}
	_, _ = fmt.Fprintf(state, fmt.FormatString(state, verb), s.String())
}

// MarshalText writes what String returns.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalJSON reads a string. Null and the number 0 are no secret.
func (s *Secret) UnmarshalJSON(data []byte) error {
	text, err := textOrZero(data)
	if err != nil { // which shows the value
		return errors.New("secret is not a string; its value is not shown")
	}
	*s = NewSecret(text)
	return nil
}

// redactLink keeps of a web link what cannot be a secret. What is kept must be
// plain, so that nothing hides in an encoding.
func redactLink(s string) (string, bool) {
	u, err := url.Parse(s)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || !plain(u.Host, ".-:[]") {
		return "", false
	}
	var b strings.Builder
	b.WriteString(u.Scheme + "://")
	if u.User != nil {
		b.WriteString(redacted + "@")
	}
	b.WriteString(u.Host)
	if path := u.EscapedPath(); plain(path, "/.-_~") {
		b.WriteString(path)
	} else {
		b.WriteString("/" + redacted)
	}
	if u.RawQuery != "" {
		b.WriteString("?" + redactQuery(u.RawQuery))
	}
	return b.String(), true
}

func redactQuery(query string) string {
	params := strings.Split(query, "&")
	for i, param := range params {
		name, value, found := strings.Cut(param, "=")
		switch {
		case !found || !plain(name, "_-."):
			params[i] = redacted
		case name == "orderId" && allDigits(value):
		default:
			params[i] = name + "=" + redacted
		}
	}
	return strings.Join(params, "&")
}

// plain reports whether s has ASCII letters, digits and the given characters only.
func plain(s, more string) bool {
	for _, c := range s {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		case !strings.ContainsRune(more, c):
			return false
		}
	}
	return true
}
