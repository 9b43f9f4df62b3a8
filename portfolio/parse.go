package portfolio

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"reflect"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/ovhrenew/ovhrenew/internal/words"
)

// ParsePlan reads a plan from a file's bytes, as [Plan.UnmarshalJSON] does. They may be
// UTF-8 or UTF-16, with a byte order mark or without, as editors leave them. The error is
// [ovhrenew.ErrBadInput] for any other encoding, too.
func ParsePlan(data []byte) (*Plan, error) {
	text, err := asUTF8("Plan", data)
	if err != nil {
		return nil, err
	}
	var plan Plan
	if err := plan.UnmarshalJSON(text); err != nil {
		return nil, err
	}
	return &plan, nil
}

// ParsePolicy reads a policy from a file's bytes, as [Policy.UnmarshalJSON] does, in the
// encodings of [ParsePlan].
func ParsePolicy(data []byte) (Policy, error) {
	text, err := asUTF8("Policy", data)
	if err != nil {
		return Policy{}, err
	}
	var policy Policy
	err = policy.UnmarshalJSON(text)
	return policy, err
}

// policyFields is a Policy as encoding/json reads it.
type policyFields Policy

// UnmarshalJSON reads a policy. The error is [ovhrenew.ErrBadInput] and names the field:
// for one that a policy does not have, in just these letters, or has twice, since a field
// that is passed over would be a limit or an exclusion that does not count.
func (p *Policy) UnmarshalJSON(data []byte) error {
	const call = "Policy"
	if err := checkJSON(call, data); err != nil {
		return err
	}
	if err := checkMembers(call, data, reflect.TypeFor[policyFields]()); err != nil {
		return err
	}
	var read policyFields
	if err := json.Unmarshal(data, &read); err != nil {
		return badInput(call, "", "", words.Clean(err.Error()))
	}
	*p = Policy(read)
	return nil
}

// checkJSON refuses what is no JSON object, or not in UTF-8: encoding/json would read
// letters of another encoding as others, and select other names by them.
func checkJSON(call string, data []byte) error {
	if !utf8.Valid(data) {
		return badInput(call, "", "", fmt.Sprintf("is not UTF-8: see byte %d", firstInvalid(data)))
	}
	var object map[string]json.RawMessage
	err := json.Unmarshal(data, &object)
	switch {
	case len(bytes.TrimSpace(data)) == 0:
		return badInput(call, "", "", "is empty")
	case err != nil:
		return badInput(call, "", "", "is not a JSON object: "+words.Clean(err.Error()))
	case object == nil:
		return badInput(call, "", "", "is not a JSON object")
	}
	return nil
}

func firstInvalid(data []byte) int {
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && size <= 1 {
			return i
		}
		i += size
	}
	return len(data)
}

// asUTF8 returns a JSON file's text in UTF-8. JSON begins with an ASCII character, so that
// the zero bytes around it tell what a file without a mark is.
func asUTF8(call string, data []byte) ([]byte, error) {
	zero := func(i int) bool { return i < len(data) && data[i] == 0 }
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xfe\x00\x00")), bytes.HasPrefix(data, []byte("\x00\x00\xfe\xff")), zero(0) && zero(1), zero(1) && zero(2):
		return nil, badInput(call, "", "", "is UTF-32: write it as UTF-8")
	case bytes.HasPrefix(data, []byte("\xef\xbb\xbf")):
		return data[3:], nil
	case bytes.HasPrefix(data, []byte("\xff\xfe")):
		return fromUTF16(call, data[2:], binary.LittleEndian)
	case bytes.HasPrefix(data, []byte("\xfe\xff")):
		return fromUTF16(call, data[2:], binary.BigEndian)
	case zero(1):
		return fromUTF16(call, data, binary.LittleEndian)
	case zero(0):
		return fromUTF16(call, data, binary.BigEndian)
	}
	return data, nil
}

func fromUTF16(call string, data []byte, order binary.ByteOrder) ([]byte, error) {
	if len(data)%2 != 0 {
		return nil, badInput(call, "", "", "is UTF-16 that is cut off")
	}
	units := make([]uint16, 0, len(data)/2)
	for i := 0; i < len(data); i += 2 {
		units = append(units, order.Uint16(data[i:]))
	}
	for i, unit := range units {
		if utf16.IsSurrogate(rune(unit)) && !paired(units, i) {
			return nil, badInput(call, "", "", fmt.Sprintf("is UTF-16 with half a character: see byte %d", 2*i))
		}
	}
	return []byte(string(utf16.Decode(units))), nil
}

// paired reports whether a surrogate stands beside the other half.
func paired(units []uint16, i int) bool {
	high := func(i int) bool { return i >= 0 && i < len(units) && units[i]>>10 == 0b110110 }
	low := func(i int) bool { return i >= 0 && i < len(units) && units[i]>>10 == 0b110111 }
	return high(i) && low(i+1) || low(i) && high(i-1)
}
