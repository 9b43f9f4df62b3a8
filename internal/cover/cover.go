// Package cover chooses among sets that cover elements, each for a price: the choice that
// covers the most of what is wanted, of those the cheapest, of those the one with the
// fewest sets.
package cover

import (
	"cmp"
	"container/heap"
	"math"
	"slices"
)

// Set is something to choose: it covers elements, for a price.
type Set struct {
	Elements []int // ascending
	Price    int64
}

// Cost is what a choice of sets comes to, in the order in which it counts: the weight
// of the wanted elements it leaves, what it costs, how many sets it needs.
type Cost struct {
	Left   int
	Price  int64
	Orders int
}

// Choice is a choice of sets, in ascending order.
type Choice struct {
	Cost
	Sets []int
}

func (c Cost) compare(d Cost) int {
	return cmp.Or(cmp.Compare(c.Left, d.Left), cmp.Compare(c.Price, d.Price), cmp.Compare(c.Orders, d.Orders))
}

// MaxSearch is how many states of one group are looked at before the search is given
// up: some seconds' worth, and some hundred megabytes. Groups of up to 16 services
// cannot reach it, those of 20 hardly ever.
const MaxSearch = 1 << 18

// Search finds the best choice of disjoint sets that covers the wanted elements,
// which are the first ones; the others may be covered once. It is an A* search. A
// state is which elements are decided; the next to decide is the first wanted one that
// is not, and what is open is which set covers it, or that none does. The estimate of
// what the rest costs is a solution of the dual linear program: a price for each
// wanted element, such that no set costs less than its elements. It never exceeds the
// truth, and taking a set lowers it by no more than the set's price, so that no state
// has to be looked at twice and the estimate of the next state, at any time, is proven
// to be the least that any choice costs.
type Search struct {
	sets   []Set
	masks  [][]byte
	with   [][]int // the sets with each wanted element
	weight []int   // of each wanted element
	dual   []int64 // the price of each wanted element

	states []state
	index  map[string]int // of states, by what is decided
	open   queue
}

// state is what is decided, and the best way there.
type state struct {
	decided string
	cost    Cost
	rest    int64 // estimate
	parent  int   // state; -1: it is the first
	set     int   // that led here from the parent; -1: none did
	closed  bool
}

// estimate is what a choice by way of the state costs at least.
func (n state) estimate() Cost {
	n.cost.Price = AddPrices(n.cost.Price, n.rest)
	return n.cost
}

type entry struct {
	cost  Cost
	state int
}

type queue []entry

func (q queue) Len() int      { return len(q) }
func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(e any)   { *q = append(*q, e.(entry)) }

func (q queue) Less(i, j int) bool {
	return cmp.Or(q[i].cost.compare(q[j].cost), cmp.Compare(q[i].state, q[j].state)) < 0
}

func (q *queue) Pop() any {
	last := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return last
}

// NewSearch returns a search among sets of so many elements. The first ones, as many as
// there are weights, are to be covered, those of a higher weight before others.
func NewSearch(sets []Set, weights []int, elements int) *Search {
	s := &Search{sets: sets, weight: weights, with: make([][]int, len(weights)), index: map[string]int{}}
	s.masks, s.states, s.open = make([][]byte, 0, len(sets)), make([]state, 0, 2*len(sets)), make(queue, 0, 2*len(sets))
	width := (elements + 7) / 8
	masks := make([]byte, width*len(sets))
	for i, set := range sets {
		mask := masks[i*width : (i+1)*width]
		for _, e := range set.Elements {
			mask[e/8] |= 1 << (e % 8)
			if e < len(weights) {
				s.with[e] = append(s.with[e], i)
			}
		}
		s.masks = append(s.masks, mask)
	}
	s.price()
	start := state{decided: string(make([]byte, width)), parent: -1, set: -1}
	for _, price := range s.dual {
		start.rest = AddPrices(start.rest, price)
	}
	s.reach(start)
	return s
}

// price solves the dual program, well if not best: each element in turn gets an equal
// share of what is left of its cheapest set, and in a second pass all that is left of it.
func (s *Search) price() {
	s.dual = make([]int64, len(s.weight))
	left, unpriced := make([]int64, len(s.sets)), make([]int64, len(s.sets))
	for i, set := range s.sets {
		left[i], unpriced[i] = set.Price, int64(len(s.wanted(i)))
	}
	for range 2 {
		for e, sets := range s.with {
			share := int64(math.MaxInt64)
			for _, i := range sets {
				share = min(share, left[i]/max(unpriced[i], 1))
			}
			for _, i := range sets {
				left[i] -= share
				unpriced[i]--
			}
			if len(sets) > 0 {
				s.dual[e] += share
			}
		}
	}
}

func (s *Search) wanted(set int) []int {
	n, _ := slices.BinarySearch(s.sets[set].Elements, len(s.weight))
	return s.sets[set].Elements[:n]
}

// Run searches, through at most so many states. It returns the best choice, and what
// is proven: no choice is better than the bound. They are equal unless the search was
// given up.
func (s *Search) Run(limit int) (best Choice, bound Cost) {
	goal := -1
	for looked := 0; len(s.open) > 0; {
		next := heap.Pop(&s.open).(entry)
		at := &s.states[next.state]
		if at.closed {
			continue
		}
		if goal >= 0 && next.cost.compare(s.states[goal].cost) > 0 {
			break
		}
		e := s.next(at.decided)
		if e < len(s.weight) && goal < 0 && looked == limit {
			heap.Push(&s.open, next)
			return s.giveUp(), next.cost
		}
		at.closed = true
		switch {
		case e < len(s.weight): // never as good as a goal: each step adds to the cost
			looked++
			s.expand(next.state, e)
		case goal < 0 || slices.Compare(s.trail(*at), s.trail(s.states[goal])) < 0:
			goal = next.state
		}
	}
	best = s.choice(s.states[goal])
	return best, best.Cost
}

// next is the first wanted element that is not decided, or their number.
func (s *Search) next(decided string) int {
	for e := range s.weight {
		if decided[e/8]&(1<<(e%8)) == 0 {
			return e
		}
	}
	return len(s.weight)
}

func (s *Search) expand(from, e int) {
	at := s.states[from] // a copy: reach moves the states
	for _, set := range s.with[e] {
		if s.disjoint(set, at.decided) {
			s.reach(s.step(from, at, e, set))
		}
	}
	s.reach(s.step(from, at, e, -1))
}

func (s *Search) disjoint(set int, decided string) bool {
	for i, b := range s.masks[set] {
		if b&decided[i] != 0 {
			return false
		}
	}
	return true
}

// step is where it leads to cover e by a set, or by none (-1).
func (s *Search) step(from int, at state, e, set int) state {
	decided := []byte(at.decided)
	at.parent, at.set, at.closed = from, set, false
	if set < 0 {
		decided[e/8] |= 1 << (e % 8)
		at.cost.Left += s.weight[e]
		at.rest -= s.dual[e]
	} else {
		for i, b := range s.masks[set] {
			decided[i] |= b
		}
		at.cost.Price = AddPrices(at.cost.Price, s.sets[set].Price)
		at.cost.Orders++
		at.rest -= s.dualOf(set)
	}
	at.decided = string(decided)
	return at
}

// dualOf is what the dual prices of a set's elements come to.
func (s *Search) dualOf(set int) (sum int64) {
	for _, e := range s.wanted(set) {
		sum += s.dual[e]
	}
	return sum
}

func (s *Search) reach(new state) {
	at, known := s.index[new.decided]
	if !known {
		at = len(s.states)
		s.index[new.decided] = at
		s.states = append(s.states, new)
	}
	old := &s.states[at]
	switch order := new.cost.compare(old.cost); {
	case !known || order < 0:
		*old = new
		heap.Push(&s.open, entry{new.estimate(), at})
	case order == 0 && slices.Compare(s.trail(new), s.trail(*old)) < 0:
		// Each step adds to the cost: whatever leads to a state as cheaply has been
		// looked at before the state itself, so that nothing depends on the old way.
		old.parent, old.set = new.parent, new.set
	}
}

// trail are the sets on the way to a state, the last in order first. Of equally good
// choices the one with the smaller trail is taken: it goes without the last set in
// which they differ.
func (s *Search) trail(at state) (sets []int) {
	for ; at.parent >= 0; at = s.states[at.parent] {
		if at.set >= 0 {
			sets = append(sets, at.set)
		}
	}
	slices.SortFunc(sets, func(a, b int) int { return b - a })
	return sets
}

func (s *Search) choice(at state) Choice {
	sets := s.trail(at)
	slices.Reverse(sets)
	return Choice{at.cost, sets}
}

// maxFinish is how many states a search that is given up is finished from.
const maxFinish = 1 << 10

// giveUp finishes the search from the most promising states.
func (s *Search) giveUp() (best Choice) {
	for n := 0; n < maxFinish && len(s.open) > 0; n++ {
		found := s.finish(heap.Pop(&s.open).(entry).state)
		if n == 0 || found.compare(best.Cost) < 0 {
			best = found
		}
	}
	return best
}

// finish decides each element that is left for the set that exceeds its dual price the
// least.
func (s *Search) finish(from int) Choice {
	at := s.states[from]
	choice := s.choice(at)
	for e := s.next(at.decided); e < len(s.weight); e = s.next(at.decided) {
		set, least := -1, int64(0)
		for _, i := range s.with[e] {
			excess := s.sets[i].Price - s.dualOf(i)
			if s.disjoint(i, at.decided) && (set < 0 || excess < least) {
				set, least = i, excess
			}
		}
		if at = s.step(from, at, e, set); set >= 0 {
			choice.Sets = append(choice.Sets, set)
		}
	}
	choice.Cost = at.cost
	slices.Sort(choice.Sets)
	return choice
}

// AddPrices returns the sum of two amounts that are not negative, and the largest amount
// where that is more.
func AddPrices(a, b int64) int64 {
	if a > math.MaxInt64-b {
		return math.MaxInt64
	}
	return a + b
}
