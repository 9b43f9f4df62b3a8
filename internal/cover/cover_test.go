package cover

import (
	"math"
	"math/rand/v2"
	"testing"
)

// randomSets are disjointly searchable sets over n elements, the first of them wanted.
func randomSets(r *rand.Rand, n, sets int) []Set {
	all := make([]Set, 0, sets)
	for len(all) < sets {
		set := Set{Price: int64(1 + r.IntN(100))}
		for e := range n {
			if r.IntN(n) < 3 {
				set.Elements = append(set.Elements, e)
			}
		}
		if len(set.Elements) > 0 {
			all = append(all, set)
		}
	}
	return all
}

// even are n weights of 1.
func even(n int) []int {
	weights := make([]int, n)
	for i := range weights {
		weights[i] = 1
	}
	return weights
}

// Of two elements that cannot both be covered, the heavier one is.
func TestCoverWeights(t *testing.T) {
	t.Parallel()
	sets := []Set{{Elements: []int{0, 2}, Price: 9}, {Elements: []int{1, 2}, Price: 1}}
	for heavy, weights := range [][]int{{3, 1}, {1, 3}} {
		best, bound := NewSearch(sets, weights, 3).Run(math.MaxInt)
		if len(best.Sets) != 1 || best.Sets[0] != heavy || best.Left != 1 || bound != best.Cost {
			t.Errorf("with the weights %v: %+v, want the set %d", weights, best, heavy)
		}
	}
}

// checkChoice says whether a choice is one, and costs what it says.
func checkChoice(t *testing.T, sets []Set, wanted int, got Choice) {
	t.Helper()
	covered := map[int]bool{}
	cost := Cost{Left: wanted, Orders: len(got.Sets)}
	for _, set := range got.Sets {
		cost.Price += sets[set].Price
		for _, e := range sets[set].Elements {
			if covered[e] {
				t.Fatalf("element %d is covered twice by %v", e, got.Sets)
			}
			if covered[e] = true; e < wanted {
				cost.Left--
			}
		}
	}
	if cost != got.Cost {
		t.Fatalf("the choice %v costs %+v, not %+v", got.Sets, cost, got.Cost)
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
		best, proven := NewSearch(sets, even(wanted), n).Run(math.MaxInt)
		checkChoice(t, sets, wanted, best)
		if proven != best.Cost {
			t.Fatalf("seed %d: the bound is %+v though the search of %+v came to its end", seed, proven, best)
		}
		for _, limit := range []int{0, 1, 5, 20} {
			got, bound := NewSearch(sets, even(wanted), n).Run(limit)
			checkChoice(t, sets, wanted, got)
			if bound.compare(best.Cost) > 0 || got.compare(best.Cost) < 0 {
				t.Fatalf("seed %d, %d states: %+v is not between %+v and %+v", seed, limit, best, bound, got)
			}
			if got.Cost != bound {
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
		s := NewSearch(sets, even(n), n)
		for i, set := range sets {
			room := set.Price
			for _, e := range set.Elements {
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
	sets := []Set{
		{Elements: []int{0}, Price: math.MaxInt64},
		{Elements: []int{1}, Price: math.MaxInt64},
		{Elements: []int{0, 1}, Price: math.MaxInt64 - 1},
	}
	best, _ := NewSearch(sets, even(2), 2).Run(math.MaxInt)
	if len(best.Sets) != 1 || best.Sets[0] != 2 {
		t.Errorf("run = %+v, want the set of both", best)
	}
}

// A chain of bundles is longer than any mask of a machine word, and solved all the same.
func TestCoverChain(t *testing.T) {
	t.Parallel()
	const n = 500
	var sets []Set
	for e := range n {
		sets = append(sets, Set{Elements: []int{e}, Price: 10})
	}
	for e := range n - 1 {
		sets = append(sets, Set{Elements: []int{e, e + 1}, Price: 19})
	}
	best, bound := NewSearch(sets, even(n), n).Run(MaxSearch)
	if want := (Cost{Price: 19 * n / 2, Orders: n / 2}); best.Cost != want || bound != want {
		t.Errorf("run = %+v, at least %+v, want %+v", best.Cost, bound, want)
	}
}
