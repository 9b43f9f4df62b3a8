package ovhrenew

import (
	"math"
	"math/rand/v2"
	"testing"
)

// randomSets are disjointly searchable sets over n elements, the first of them wanted.
func randomSets(r *rand.Rand, n, sets int) []coverSet {
	all := make([]coverSet, 0, sets)
	for len(all) < sets {
		set := coverSet{price: int64(1 + r.IntN(100))}
		for e := range n {
			if r.IntN(n) < 3 {
				set.elements = append(set.elements, e)
			}
		}
		if len(set.elements) > 0 {
			all = append(all, set)
		}
	}
	return all
}

// checkChoice says whether a choice is one, and costs what it says.
func checkChoice(t *testing.T, sets []coverSet, wanted int, got coverChoice) {
	t.Helper()
	covered := map[int]bool{}
	cost := coverCost{left: wanted, orders: len(got.sets)}
	for _, set := range got.sets {
		cost.price += sets[set].price
		for _, e := range sets[set].elements {
			if covered[e] {
				t.Fatalf("element %d is covered twice by %v", e, got.sets)
			}
			if covered[e] = true; e < wanted {
				cost.left--
			}
		}
	}
	if cost != got.coverCost {
		t.Fatalf("the choice %v costs %+v, not %+v", got.sets, cost, got.coverCost)
	}
}

// A search that is given up returns a choice, and a bound that the best one keeps.
func TestCoverGivenUp(t *testing.T) {
	t.Parallel()
	gaps := 0
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 3))
		n := 6 + r.IntN(12)
		wanted := n - r.IntN(4)
		sets := randomSets(r, n, 10+r.IntN(40))
		best, proven := newCoverSearch(sets, wanted, n).run(math.MaxInt)
		checkChoice(t, sets, wanted, best)
		if proven != best.coverCost {
			t.Fatalf("seed %d: the bound is %+v though the search of %+v came to its end", seed, proven, best)
		}
		for _, limit := range []int{0, 1, 5, 20} {
			got, bound := newCoverSearch(sets, wanted, n).run(limit)
			checkChoice(t, sets, wanted, got)
			if bound.compare(best.coverCost) > 0 || got.compare(best.coverCost) < 0 {
				t.Fatalf("seed %d, %d states: %+v is not between %+v and %+v", seed, limit, best, bound, got)
			}
			if got.coverCost != bound {
				gaps++
			}
		}
	}
	if gaps < 100 {
		t.Errorf("only %d searches were given up with a gap: the test shows little", gaps)
	}
}

// No price of the dual program makes a set cost less than its elements.
func TestCoverPricesAreFeasible(t *testing.T) {
	t.Parallel()
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 4))
		n := 1 + r.IntN(20)
		sets := randomSets(r, n, 1+r.IntN(40))
		s := newCoverSearch(sets, n, n)
		for i, set := range sets {
			room := set.price
			for _, e := range set.elements {
				if s.dual[e] < 0 {
					t.Fatalf("seed %d: element %d has the price %d", seed, e, s.dual[e])
				}
				room -= s.dual[e]
			}
			if room < 0 {
				t.Fatalf("seed %d: set %d costs %d less than its elements", seed, i, -room)
			}
		}
	}
}

// Prices beyond all sense do not overflow into a bargain.
func TestCoverHugePrices(t *testing.T) {
	t.Parallel()
	sets := []coverSet{
		{elements: []int{0}, price: math.MaxInt64},
		{elements: []int{1}, price: math.MaxInt64},
		{elements: []int{0, 1}, price: math.MaxInt64 - 1},
	}
	best, _ := newCoverSearch(sets, 2, 2).run(math.MaxInt)
	if len(best.sets) != 1 || best.sets[0] != 2 {
		t.Errorf("run = %+v, want the set of both", best)
	}
}

// A chain of bundles is longer than any mask of a machine word, and solved all the same.
func TestCoverChain(t *testing.T) {
	t.Parallel()
	const n = 500
	var sets []coverSet
	for e := range n {
		sets = append(sets, coverSet{elements: []int{e}, price: 10})
	}
	for e := range n - 1 {
		sets = append(sets, coverSet{elements: []int{e, e + 1}, price: 19})
	}
	best, bound := newCoverSearch(sets, n, n).run(maxSearch)
	if want := (coverCost{price: 19 * n / 2, orders: n / 2}); best.coverCost != want || bound != want {
		t.Errorf("run = %+v, at least %+v, want %+v", best.coverCost, bound, want)
	}
}
