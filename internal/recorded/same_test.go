// Whether a value read from an answer has lost anything of it.

package recorded_test

import (
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/ovhrenew/ovhrenew"
)

// lost compares what the library decoded, as generic JSON, with the answer, and
// returns what differs. A member that the library does not have is lost unless its
// name is among those left out on purpose.
func lost(path string, read, answered any, leftOut ...string) []string {
	if same(read, answered) {
		return nil
	}
	var differences []string
	switch answered := answered.(type) {
	case map[string]any:
		members, ok := read.(map[string]any)
		if !ok {
			break
		}
		for name, value := range answered {
			member, ok := members[name]
			if !ok && slices.Contains(leftOut, name) {
				continue
			}
			differences = append(differences, lost(path+"."+name, member, value, leftOut...)...)
		}
		return differences
	case []any:
		elements, ok := read.([]any)
		if !ok || len(elements) != len(answered) {
			break
		}
		for i := range answered {
			differences = append(differences, lost(fmt.Sprintf("%s[%d]", path, i), elements[i], answered[i], leftOut...)...)
		}
		return differences
	}
	return []string{fmt.Sprintf("%s: read %v, answered %v", path, read, answered)}
}

// same reports whether a value that the library wrote says what the API answered.
func same(read, answered any) bool {
	switch answered := answered.(type) {
	case nil:
		return empty(read)
	case json.Number:
		return fmt.Sprint(read) == answered.String()
	case map[string]any:
		text, ok := read.(string)
		return ok && samePrice(text, answered)
	case []any:
		return len(answered) == 0 && empty(read)
	case string:
		text, _ := read.(string)
		return text == answered || sameTime(text, answered)
	}
	return read == answered
}

func empty(read any) bool {
	switch read := read.(type) {
	case nil:
		return true
	case string:
		return read == ""
	case bool:
		return !read
	case json.Number:
		return read == "0"
	case []any:
		return len(read) == 0
	}
	return false
}

// samePrice compares the text of a Money with a price, in exact arithmetic.
func samePrice(text string, price map[string]any) bool {
	number, ok := price["value"].(json.Number)
	if !ok {
		return false
	}
	currency, _ := price["currencyCode"].(string)
	amount, written, _ := strings.Cut(text, " ")
	want, ok1 := new(big.Rat).SetString(number.String())
	got, ok2 := new(big.Rat).SetString(amount)
	return ok1 && ok2 && want.Cmp(got) == 0 && written == currency
}

// sameTime compares moments with their offsets: fractions of 0 are not written again.
func sameTime(read, answered string) bool {
	got, err1 := time.Parse(time.RFC3339, read)
	want, err2 := time.Parse(time.RFC3339, answered)
	_, offset := got.Zone()
	_, wanted := want.Zone()
	return err1 == nil && err2 == nil && got.Equal(want) && offset == wanted
}

// sameDay compares a Date with a day or a moment: its day is the one that is written.
func sameDay(date ovhrenew.Date, answered any) bool {
	text, _ := answered.(string)
	day, _, _ := strings.Cut(text, "T")
	read, _ := date.MarshalText()
	return string(read) == day
}
