package main

import (
	"strings"
	"testing"
)

// What was paid twice, not at all or unexpectedly fails a run, and so does a control that
// cannot see it.
func TestVerdict(t *testing.T) {
	good, naive := result{scenario: scenario{name: "run", renewals: 3}, tally: tally{once: 3}}, result{scenario: scenario{naive: true, renewals: 3}, tally: tally{once: 2, twice: 1}}
	if err := verdict([]result{naive, good}); err != nil {
		t.Errorf("a good run: %v", err)
	}
	for want, change := range map[string]func(naive, r *result){
		"2 were paid once, 1 twice":    func(_, r *result) { r.once, r.twice = 2, 1 },
		"and 1 not":                    func(_, r *result) { r.once, r.lost = 2, 1 },
		"1 have an unexpected expiry":  func(_, r *result) { r.odd = 1 },
		"2 answers 429":                func(_, r *result) { r.pace, r.limited = 600, 2 },
		"this run proves nothing":      func(n, _ *result) { n.once, n.twice = 3, 0 },
		"of 3, 2 were paid once, 0 tw": func(_, r *result) { r.once = 2 },
	} {
		n, r := naive, good
		change(&n, &r)
		if err := verdict([]result{n, r}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("verdict = %v, want %q", err, want)
		}
	}
}
