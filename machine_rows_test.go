// What goes wrong without each row of the table.

package ovhrenew

import (
	"maps"
	"slices"
	"testing"
)

func TestEveryRowIsNeeded(t *testing.T) {
	if story := brokenStory(table); story != "" {
		t.Fatalf("with every row: %s", story)
	}
	for _, p := range modelPhases {
		for k, r := range table[p] {
			t.Run(string(p)+"/"+r.name, func(t *testing.T) {
				t.Parallel()
				without := maps.Clone(table)
				without[p] = slices.Delete(slices.Clone(table[p]), k, k+1)
				cell := brokenCell(p, without[p])
				story := brokenStory(without)
				if cell == "" && story == "" {
					t.Error("nothing fails without this row")
				}
				t.Logf("without it, the cells: %q; the model: %q", cell, story)
			})
		}
	}
}

// brokenCell returns the first rule that a phase breaks with these rows, where they decide
// otherwise than the table: [TestEveryCell] checks the rest.
func brokenCell(p Phase, rows []row) string {
	for s := range everySeen {
		do := nextOf(rows, s)
		if do == next(p, s) {
			continue
		}
		if broken := brokenIn(p, s, do); broken != "" {
			return broken
		}
	}
	return ""
}

// brokenStory returns what goes wrong first in a small world with this table.
func brokenStory(table map[Phase][]row) string {
	for _, s := range smallScenarios() {
		s.table = table
		r := s.explore(1_000_000, true)
		for kind := range r.trails {
			return kind + " (" + s.name + ")"
		}
	}
	return ""
}
