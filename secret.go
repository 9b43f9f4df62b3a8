package ovhrenew

import (
	"errors"
	"fmt"
)

// Secret is an order's password, or a link that contains one: its holder can pay or
// download. It prints, logs and marshals as REDACTED.
type Secret struct {
	// Behind a pointer even package fmt does not find the value when it prints an
	// unexported field, whose methods it does not call.
	value *string
}

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

// String returns "REDACTED", or "" for no secret.
func (s Secret) String() string {
	if s.IsZero() {
		return ""
	}
	return "REDACTED"
}

// Format prints what String returns, whatever the verb.
func (s Secret) Format(state fmt.State, verb rune) {
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
