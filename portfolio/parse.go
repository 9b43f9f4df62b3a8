package portfolio

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/ovhrenew/ovhrenew/internal/exact"
	"github.com/ovhrenew/ovhrenew/internal/words"
)

// ParsePlan reads a plan from a file's bytes, as [Plan.UnmarshalJSON] does. They may be
// UTF-8 or UTF-16, with a byte order mark or without, as editors leave them. The error is
// [ovhrenew.ErrBadInput] for any other encoding, too.
func ParsePlan(data []byte) (*Plan, error) {
	plan := &Plan{}
	if err := parse("Plan", data, plan); err != nil {
		return nil, err
	}
	return plan, nil
}

// ParsePolicy reads a policy from a file's bytes, as [Policy.UnmarshalJSON] does, in the
// encodings of [ParsePlan].
func ParsePolicy(data []byte) (Policy, error) {
	var policy Policy
	err := parse("Policy", data, &policy)
	return policy, err
}

func parse(call string, data []byte, into json.Unmarshaler) error {
	text, err := asUTF8(call, data)
	if err != nil {
		return err
	}
	return into.UnmarshalJSON(text)
}

type policyFields Policy

// UnmarshalJSON reads a policy. The error is [ovhrenew.ErrBadInput] and names the field
// that is unknown, in other letters, or there twice: a field that is ignored might be a
// limit or an exclusion.
func (p *Policy) UnmarshalJSON(data []byte) error {
	const call = "Policy"
	if _, err := object(call, data); err != nil {
		return err
	}
	read, err := decode[policyFields](call, data)
	if err == nil {
		*p = Policy(read)
	}
	return err
}

// object refuses what is no JSON object, or not in UTF-8: encoding/json would read letters
// of another encoding as others, and select other names by them.
func object(call string, data []byte) (members map[string]json.RawMessage, err error) {
	for i, r := range string(data) {
		if r == utf8.RuneError && !bytes.HasPrefix(data[i:], []byte("\ufffd")) {
			return nil, badInput(call, "", "", fmt.Sprintf("is not UTF-8: see byte %d", i))
		}
	}
	err = json.Unmarshal(data, &members)
	switch {
	case len(bytes.TrimSpace(data)) == 0:
		return nil, badInput(call, "", "", "is empty")
	case err != nil:
		return nil, badInput(call, "", "", "is not a JSON object: "+words.Clean(err.Error()))
	case members == nil:
		return nil, badInput(call, "", "", "is not a JSON object")
	}
	return members, nil
}

// decode reads what has no members that are there twice, or otherwise than the type names
// them. A value that cannot be read is refused with its place.
func decode[T any](call string, data []byte) (read T, err error) {
	if wrong, ok := errors.AsType[*exact.Error](exact.Members(data, reflect.TypeFor[T]())); ok {
		why := strings.Replace(wrong.Why, "is not a field", "is not a field of a "+strings.ToLower(call), 1)
		return read, badInput(call, wrong.Field, wrong.Value, why)
	}
	return read, json.Unmarshal(data, &read) // every value of which was read before
}

// asUTF8 returns a JSON file's text in UTF-8. JSON begins with an ASCII character, so that
// the zero bytes around it tell what a file without a mark is.
func asUTF8(call string, data []byte) ([]byte, error) {
	zero := func(i int) bool { return i < len(data) && data[i] == 0 }
	starts := func(mark string) bool { return bytes.HasPrefix(data, []byte(mark)) }
	var order binary.ByteOrder
	switch {
	case starts("\xff\xfe\x00\x00"), starts("\x00\x00\xfe\xff"), zero(0) && zero(1), zero(1) && zero(2):
		return nil, badInput(call, "", "", "is UTF-32: write it as UTF-8")
	case starts("\xff\xfe"), zero(1):
		order = binary.LittleEndian
	case starts("\xfe\xff"), zero(0):
		order = binary.BigEndian
	default:
		return bytes.TrimPrefix(data, []byte("\ufeff")), nil
	}
	if len(data)%2 != 0 {
		return nil, badInput(call, "", "", "is UTF-16 that is cut off")
	}
	units := make([]uint16, len(data)/2)
	for i := range units {
		units[i] = order.Uint16(data[2*i:])
	}
	text := strings.TrimPrefix(string(utf16.Decode(units)), "\ufeff")
	if strings.ContainsRune(text, utf8.RuneError) { // which stands for what cannot be decoded
		return nil, badInput(call, "", "", "is UTF-16 with half a character")
	}
	return []byte(text), nil
}
