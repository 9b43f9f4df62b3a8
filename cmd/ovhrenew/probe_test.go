package main

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// TestProbeColumns: what a probe writes for a person is at most 80 columns wide, and says
// what the lines of its JSON say.
func TestProbeColumns(t *testing.T) {
	bubble(t, func(t *testing.T) {
		r := run(t, nil, "probe", "--demo", "--quote")
		for line := range strings.Lines(r.out) {
			if utf8.RuneCountInString(line) > 81 {
				t.Errorf("a line of %d columns: %s", utf8.RuneCountInString(line), line)
			}
		}
		var whole struct{ Lines []string }
		if err := json.Unmarshal([]byte(run(t, nil, "probe", "--demo", "--quote", "--json").out), &whole); err != nil {
			t.Fatal(err)
		}
		if got, want := strings.Fields(r.out), strings.Fields(strings.Join(whole.Lines, " ")); !slices.Equal(got, want) {
			t.Errorf("wrapped it says\n%s\nwant\n%s", got, want)
		}
	})
}

// TestProbe: the demo account is probed without sending anything but reads.
func TestProbe(t *testing.T) {
	bubble(t, func(t *testing.T) {
		r := run(t, nil, "probe", "--demo", "--json", "--quote")
		if r.status != 0 || !strings.Contains(r.out, `"lines"`) || len(r.out) < 2000 {
			t.Errorf("status %d\n%s%s", r.status, r.out, r.err)
		}
	})
}
