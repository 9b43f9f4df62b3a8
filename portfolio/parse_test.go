package portfolio_test

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// asUTF16 is a text in UTF-16, with a mark or without.
func asUTF16(text string, order binary.AppendByteOrder, mark bool) []byte {
	var data []byte
	if mark {
		data = order.AppendUint16(data, 0xfeff)
	}
	for _, unit := range utf16.Encode([]rune(text)) {
		data = order.AppendUint16(data, unit)
	}
	return data
}

// TestEncodings reads a policy and a plan in every encoding that an editor leaves.
func TestEncodings(t *testing.T) {
	t.Parallel()
	policy := euroPolicy()
	policy.Never = []portfolio.Selection{{Names: []string{"exämple.ovh", "🦊.example"}}}
	plan := mustPlan(t, []portfolio.Surveyed{dueIn(1, 5)}, policy)
	for name, encode := range map[string]func(string) []byte{
		"UTF-8":              func(s string) []byte { return []byte(s) },
		"UTF-8 with a mark":  func(s string) []byte { return []byte("\ufeff" + s) },
		"UTF-16LE":           func(s string) []byte { return asUTF16(s, binary.LittleEndian, false) },
		"UTF-16LE, marked":   func(s string) []byte { return asUTF16(s, binary.LittleEndian, true) },
		"UTF-16BE":           func(s string) []byte { return asUTF16(s, binary.BigEndian, false) },
		"UTF-16BE, marked":   func(s string) []byte { return asUTF16(s, binary.BigEndian, true) },
		"with lines and all": func(s string) []byte { return asUTF16("\r\n "+s+"\r\n", binary.LittleEndian, true) },
	} {
		text, err := json.Marshal(policy)
		if err != nil {
			t.Fatal(err)
		}
		read, err := portfolio.ParsePolicy(encode(string(text)))
		if diff := cmp.Diff(policy, read, cmp.Comparer(func(a, b ovhrenew.Money) bool { return a == b })); err != nil || diff != "" {
			t.Errorf("policy in %s: %v\n%s", name, err, diff)
		}
		if text, err = json.Marshal(plan); err != nil {
			t.Fatal(err)
		}
		back, err := portfolio.ParsePlan(encode(string(text)))
		if err != nil {
			t.Errorf("plan in %s: %v", name, err)
			continue
		}
		if again, err := json.Marshal(back); err != nil || string(again) != string(text) {
			t.Errorf("plan in %s: %v\n%s\nwant\n%s", name, err, again, text)
		}
	}
}

// TestUnreadable refuses in words what is in another encoding, or is no policy.
func TestUnreadable(t *testing.T) {
	t.Parallel()
	const policy = `{"period":"P1Y","taxPercent":"20","total":["10 EUR"],"never":[{"names":["exämple.ovh"]}]}`
	latin := strings.ReplaceAll(policy, "ä", "\xe4")
	wide := asUTF16(policy, binary.LittleEndian, true)
	for _, tt := range []struct{ name, data, want string }{
		{"Latin-1", latin, "is not UTF-8: see byte 75"},
		{"UTF-32LE", "\xff\xfe\x00\x00{\x00\x00\x00}\x00\x00\x00", "is UTF-32"},
		{"UTF-32BE", "\x00\x00\xfe\xff\x00\x00\x00{", "is UTF-32"},
		{"UTF-32LE without a mark", "{\x00\x00\x00}\x00\x00\x00", "is UTF-32"},
		{"UTF-32BE without a mark", "\x00\x00\x00{\x00\x00\x00}", "is UTF-32"},
		{"UTF-16, cut off", string(wide[:len(wide)-1]), "is UTF-16 that is cut off"},
		{"UTF-16, half a character", string(binary.LittleEndian.AppendUint16(wide, 0xd83e)), "half a character"},
		{"nothing", "", "is empty"},
		{"a mark alone", "\ufeff", "is empty"},
		{"a list", "[]", "is not a JSON object"},
		{"null", "null", "is not a JSON object"},
		{"YAML", "period: P1Y", "is not a JSON object"},
		{"two", policy + policy, "is not a JSON object"},
		{"another case", `{"Never":[]}`, "Never is not a field of a policy"},
		{"another case below", `{"never":[{"Names":["a"]}]}`, "never[0].Names is not a field of a policy"},
		{"a letter that folds to another", `{"alonɡ":[]}`, "is not a field of a policy"},
		{"the long s", `{"exception\u017f":[]}`, "is not a field of a policy"},
		{"misspelt", `{"nevre":[]}`, "nevre is not a field of a policy"},
		{"twice", `{"never":[],"never":[]}`, "never is there twice"},
		{"a field that is wrong", `{"total":["ten"]}`, "total[0]"},
	} {
		_, err := portfolio.ParsePolicy([]byte(tt.data))
		if !errors.Is(err, ovhrenew.ErrBadInput) || !strings.Contains(err.Error(), tt.want) || !strings.HasPrefix(err.Error(), "Policy: ") {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
		}
	}
	if _, err := portfolio.ParsePlan([]byte(latin)); !errors.Is(err, ovhrenew.ErrBadInput) || !strings.Contains(err.Error(), "Plan: is not UTF-8") {
		t.Errorf("a plan in Latin-1: %v", err)
	}
	var read portfolio.Policy
	if err := json.Unmarshal([]byte(`{"nevre":[]}`), &read); !errors.Is(err, ovhrenew.ErrBadInput) {
		t.Errorf("json.Unmarshal takes a field that there is not: %v", err)
	}
}
