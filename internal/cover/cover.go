// Package cover chooses among sets that cover elements, each for a price: the choice that
// covers the most of what is wanted, of those the cheapest, of those the one with the
// fewest sets.
package cover

import (
	"cmp"
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
	alone  []bool  // whether there is one with nothing else
	weight []int   // of each wanted element
	wanted int
	dual   []int64

	nodes []visited
	index map[string]int32
	open  []entry // a heap
}

// visited is a state and the best way there.
type visited struct {
	decided string
	cost    Cost
	rest    int64 // estimate
	parent  int32
	set     int32 // that led here from the parent; -1: none did
	closed  bool
}

// entry is a node in the heap, with its estimate when it was put there.
type entry struct {
	cost Cost
	node int32
}

// NewSearch returns a search among sets of so many elements. The first ones, as many as
// there are weights, are to be covered, those of a higher weight before others.
func NewSearch(sets []Set, weights []int, elements int) *Search {
	wanted := len(weights)
	s := &Search{sets: sets, weight: weights, wanted: wanted}
	s.with, s.alone = make([][]int, wanted), make([]bool, wanted)
	width := (elements + 7) / 8
	bytes := make([]byte, width*len(sets))
	for i, set := range sets {
		mask := bytes[i*width : (i+1)*width]
		for _, e := range set.Elements {
			mask[e/8] |= 1 << (e % 8)
			if e < wanted {
				s.with[e] = append(s.with[e], i)
				s.alone[e] = s.alone[e] || len(set.Elements) == 1
			}
		}
		s.masks = append(s.masks, mask)
	}
	s.price()
	s.index = map[string]int32{}
	start := visited{decided: string(make([]byte, width)), parent: -1, set: -1}
	for _, price := range s.dual {
		start.rest = AddPrices(start.rest, price)
	}
	s.reach(start)
	return s
}

// price solves the dual program, well if not best: an equal share of the cheapest set
// each, and then what room is left, element by element.
func (s *Search) price() {
	s.dual = make([]int64, s.wanted)
	slack := make([]int64, len(s.sets))
	for i, set := range s.sets {
		slack[i] = set.Price
	}
	for pass := range 2 {
		raise := make([]int64, s.wanted)
		for e := range s.wanted {
			least := int64(math.MaxInt64)
			for _, i := range s.with[e] {
				room := slack[i]
				if pass == 0 {
					room /= int64(s.wantedIn(i))
				}
				least = min(least, room)
			}
			if len(s.with[e]) == 0 {
				least = 0
			}
			raise[e] = least
			if pass == 1 {
				s.raise(e, least, slack)
			}
		}
		if pass == 0 {
			for e, by := range raise {
				s.raise(e, by, slack)
			}
		}
	}
}

func (s *Search) raise(e int, by int64, slack []int64) {
	s.dual[e] += by
	for _, i := range s.with[e] {
		slack[i] -= by
	}
}

func (s *Search) wantedIn(set int) int {
	n, _ := slices.BinarySearch(s.sets[set].Elements, s.wanted)
	return n
}

// Run searches, through at most so many states. It returns the best choice, and what
// is proven: no choice is better than the bound. They are equal unless the search was
// given up.
func (s *Search) Run(limit int) (best Choice, bound Cost) {
	goal := int32(-1)
	for looked := 0; len(s.open) > 0; {
		state := s.pop()
		node := &s.nodes[state.node]
		if node.closed {
			continue
		}
		if goal >= 0 && state.cost.compare(s.nodes[goal].cost) > 0 {
			break
		}
		node.closed = true
		e := s.next(node.decided)
		switch {
		case e == s.wanted && goal < 0:
			goal = state.node
		case e == s.wanted:
			if slices.Compare(s.trail(state.node), s.trail(goal)) < 0 {
				goal = state.node
			}
		case goal >= 0: // as good as the goal before it is at its end: cannot be
		case looked == limit:
			node.closed = false
			s.push(state)
			return s.giveUp(), state.cost
		default:
			looked++
			s.expand(state.node, e)
		}
	}
	best = s.choice(goal)
	return best, best.Cost
}

// next is the first wanted element that is not decided, or their number.
func (s *Search) next(decided string) int {
	for e := range s.wanted {
		if decided[e/8]&(1<<(e%8)) == 0 {
			return e
		}
	}
	return s.wanted
}

// expand decides the element e in every possible way.
func (s *Search) expand(from int32, e int) {
	node := s.nodes[from] // a copy: reach moves the nodes
	decided := make([]byte, len(node.decided))
	for _, set := range s.with[e] {
		if !s.disjoint(set, node.decided) {
			continue
		}
		s.reach(s.step(from, node, set, decided))
	}
	// An element with a set of its own is never better left.
	if !s.alone[e] {
		copy(decided, node.decided)
		decided[e/8] |= 1 << (e % 8)
		left := visited{decided: string(decided), cost: node.cost, rest: node.rest - s.dual[e], parent: from, set: -1}
		left.cost.Left += s.weight[e]
		s.reach(left)
	}
}

func (s *Search) disjoint(set int, decided string) bool {
	for i, b := range s.masks[set] {
		if b&decided[i] != 0 {
			return false
		}
	}
	return true
}

// step is where a set leads; the buffer is for what is decided there.
func (s *Search) step(from int32, node visited, set int, buffer []byte) visited {
	for i, b := range s.masks[set] {
		buffer[i] = node.decided[i] | b
	}
	next := visited{decided: string(buffer), cost: node.cost, rest: node.rest, parent: from, set: int32(set)}
	next.cost.Price = AddPrices(next.cost.Price, s.sets[set].Price)
	next.cost.Orders++
	for _, e := range s.sets[set].Elements {
		if e < s.wanted {
			next.rest -= s.dual[e]
		}
	}
	return next
}

// reach notes a way to a state if it is the best so far.
func (s *Search) reach(node visited) {
	at, known := s.index[node.decided]
	if !known {
		at = int32(len(s.nodes))
		s.index[node.decided] = at
		s.nodes = append(s.nodes, node)
		s.push(s.state(at))
		return
	}
	old := &s.nodes[at]
	switch order := node.cost.compare(old.cost); {
	case order < 0:
		*old = node
		s.push(s.state(at))
	case order == 0 && slices.Compare(s.trailOf(node), s.trailOf(*old)) < 0:
		// Each step adds to the cost: whatever leads to a state as cheaply has been
		// looked at before the state itself, so that nothing depends on the old way.
		old.parent, old.set = node.parent, node.set
	}
}

func (s *Search) state(at int32) entry {
	cost := s.nodes[at].cost
	cost.Price = AddPrices(cost.Price, s.nodes[at].rest)
	return entry{cost: cost, node: at}
}

// trail are the sets on the way to a state, the last in order first. Of equally good
// choices the one with the smaller trail is taken: it goes without the last set in
// which they differ.
func (s *Search) trail(at int32) []int { return s.trailOf(s.nodes[at]) }

func (s *Search) trailOf(node visited) []int {
	var sets []int
	for {
		if node.set >= 0 {
			sets = append(sets, int(node.set))
		}
		if node.parent < 0 {
			break
		}
		node = s.nodes[node.parent]
	}
	slices.SortFunc(sets, func(a, b int) int { return b - a })
	return sets
}

func (s *Search) choice(at int32) Choice {
	sets := s.trail(at)
	slices.Reverse(sets)
	return Choice{s.nodes[at].cost, sets}
}

// maxFinish is how many states a search that is given up is finished from.
const maxFinish = 1 << 10

// giveUp finishes the search from the most promising states, deciding each element
// for the set that exceeds its dual price the least.
func (s *Search) giveUp() Choice {
	best := s.finish(0)
	for range maxFinish {
		if len(s.open) == 0 {
			break
		}
		if found := s.finish(s.pop().node); found.compare(best.Cost) < 0 {
			best = found
		}
	}
	return best
}

func (s *Search) finish(at int32) Choice {
	node, choice := s.nodes[at], s.choice(at)
	buffer := make([]byte, len(node.decided))
	for {
		e := s.next(node.decided)
		if e == s.wanted {
			break
		}
		set, excess := -1, int64(0)
		for _, i := range s.with[e] {
			if s.disjoint(i, node.decided) {
				over := s.sets[i].Price
				for _, covered := range s.sets[i].Elements[:s.wantedIn(i)] {
					over -= s.dual[covered]
				}
				if set < 0 || over < excess {
					set, excess = i, over
				}
			}
		}
		if set < 0 {
			copy(buffer, node.decided)
			buffer[e/8] |= 1 << (e % 8)
			node.decided = string(buffer)
			node.cost.Left += s.weight[e]
			continue
		}
		node = s.step(at, node, set, buffer)
		choice.Sets = append(choice.Sets, set)
	}
	choice.Cost = node.cost
	slices.Sort(choice.Sets)
	return choice
}

func (a entry) before(b entry) bool {
	return cmp.Or(a.cost.compare(b.cost), cmp.Compare(a.node, b.node)) < 0
}

func (s *Search) push(state entry) {
	s.open = append(s.open, state)
	for i := len(s.open) - 1; i > 0; {
		up := (i - 1) / 2
		if !s.open[i].before(s.open[up]) {
			break
		}
		s.open[i], s.open[up] = s.open[up], s.open[i]
		i = up
	}
}

func (s *Search) pop() entry {
	top := s.open[0]
	last := len(s.open) - 1
	s.open[0] = s.open[last]
	s.open = s.open[:last]
	for i := 0; ; {
		least := i
		for down := 2*i + 1; down <= 2*i+2; down++ {
			if down < last && s.open[down].before(s.open[least]) {
				least = down
			}
		}
		if least == i {
			return top
		}
		s.open[i], s.open[least] = s.open[least], s.open[i]
		i = least
	}
}

// AddPrices returns the sum of two amounts that are not negative, and the largest amount
// where that is more.
func AddPrices(a, b int64) int64 {
	if a > math.MaxInt64-b {
		return math.MaxInt64
	}
	return a + b
}
