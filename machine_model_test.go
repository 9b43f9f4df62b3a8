// What the table does in every story of the model: interleavings of runs, a person and faults.

package ovhrenew

import (
	"flag"
	"slices"
	"strings"
	"testing"
)

var modelAll = flag.String("model", "", `"all" explores the whole of the model's worlds`)

// A scenario is a model and what may go wrong in it.
type scenario struct {
	model
	control string // a kind that has to be found: the model can see it
	whole   bool   // explored only with -model=all
}

func TestModel(t *testing.T) {
	for _, s := range scenarios() {
		if s.whole && *modelAll != "all" {
			continue
		}
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			r := s.explore(6_000_000, false)
			t.Log(r)
			if r.states < 0 {
				t.Errorf("more than %d states", -r.states)
			}
			for kind, trail := range r.trails {
				if kind != s.control && !slices.Contains(s.documented, kind) {
					t.Errorf("%s:\n\t%s", kind, strings.Join(trail, "\n\t"))
				}
			}
			if s.control != "" && r.trails[s.control] == nil {
				t.Errorf("%q is not found: the model does not see what it has to", s.control)
			}
		})
	}
}
