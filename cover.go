package ovhrenew

import (
	"cmp"
	"math"
	"slices"
)

// coverSet is something to choose: it covers elements, for a price.
type coverSet struct {
	elements []int // ascending
	price    int64
}

// coverCost is what a choice of sets comes to, in the order in which it counts: how
// many wanted elements it leaves, what it costs, how many sets it needs.
type coverCost struct {
	left   int
	price  int64
	orders int
}

// coverChoice is a choice of sets, in ascending order.
type coverChoice struct {
	coverCost
	sets []int
}

func (c coverCost) compare(d coverCost) int {
	return cmp.Or(cmp.Compare(c.left, d.left), cmp.Compare(c.price, d.price), cmp.Compare(c.orders, d.orders))
}

// maxSearch is how many states of one group are looked at before the search is given
// up: some seconds' worth, and some hundred megabytes. Groups of up to 16 services
// cannot reach it, those of 20 hardly ever.
const maxSearch = 1 << 18

// coverSearch finds the best choice of disjoint sets that covers the wanted elements,
// which are the first ones; the others may be covered once. It is an A* search. A
// state is which elements are decided; the next to decide is the first wanted one that
// is not, and what is open is which set covers it, or that none does. The estimate of
// what the rest costs is a solution of the dual linear program: a price for each
// wanted element, such that no set costs less than its elements. It never exceeds the
// truth, and taking a set lowers it by no more than the set's price, so that no state
// has to be looked at twice and the estimate of the next state, at any time, is proven
// to be the least that any choice costs.
type coverSearch struct {
	sets   []coverSet
	masks  [][]byte
	with   [][]int // the sets with each wanted element
	alone  []bool  // whether there is one with nothing else
	wanted int
	dual   []int64

	nodes []coverNode
	index map[string]int32
	open  []coverState // a heap
}

// coverNode is a state and the best way there.
type coverNode struct {
	decided string
	cost    coverCost
	rest    int64 // estimate
	parent  int32
	set     int32 // that led here from the parent; -1: none did
	closed  bool
}

// coverState is a node in the heap, with its estimate when it was put there.
type coverState struct {
	cost coverCost
	node int32
}

func newCoverSearch(sets []coverSet, wanted, elements int) *coverSearch {
	s := &coverSearch{sets: sets, wanted: wanted}
	s.with, s.alone = make([][]int, wanted), make([]bool, wanted)
	width := (elements + 7) / 8
	bytes := make([]byte, width*len(sets))
	for i, set := range sets {
		mask := bytes[i*width : (i+1)*width]
		for _, e := range set.elements {
			mask[e/8] |= 1 << (e % 8)
			if e < wanted {
				s.with[e] = append(s.with[e], i)
				s.alone[e] = s.alone[e] || len(set.elements) == 1
			}
		}
		s.masks = append(s.masks, mask)
	}
	s.price()
	s.index = map[string]int32{}
	start := coverNode{decided: string(make([]byte, width)), parent: -1, set: -1}
	for _, price := range s.dual {
		start.rest = addPrices(start.rest, price)
	}
	s.reach(start)
	return s
}

// price solves the dual program, well if not best: an equal share of the cheapest set
// each, and then what room is left, element by element.
func (s *coverSearch) price() {
	s.dual = make([]int64, s.wanted)
	slack := make([]int64, len(s.sets))
	for i, set := range s.sets {
		slack[i] = set.price
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

func (s *coverSearch) raise(e int, by int64, slack []int64) {
	s.dual[e] += by
	for _, i := range s.with[e] {
		slack[i] -= by
	}
}

func (s *coverSearch) wantedIn(set int) int {
	n, _ := slices.BinarySearch(s.sets[set].elements, s.wanted)
	return n
}

// run searches, through at most so many states. It returns the best choice, and what
// is proven: no choice is better than the bound. They are equal unless the search was
// given up.
func (s *coverSearch) run(limit int) (best coverChoice, bound coverCost) {
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
	return best, best.coverCost
}

// next is the first wanted element that is not decided, or their number.
func (s *coverSearch) next(decided string) int {
	for e := range s.wanted {
		if decided[e/8]&(1<<(e%8)) == 0 {
			return e
		}
	}
	return s.wanted
}

// expand decides the element e in every possible way.
func (s *coverSearch) expand(from int32, e int) {
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
		left := coverNode{decided: string(decided), cost: node.cost, rest: node.rest - s.dual[e], parent: from, set: -1}
		left.cost.left++
		s.reach(left)
	}
}

func (s *coverSearch) disjoint(set int, decided string) bool {
	for i, b := range s.masks[set] {
		if b&decided[i] != 0 {
			return false
		}
	}
	return true
}

// step is where a set leads; the buffer is for what is decided there.
func (s *coverSearch) step(from int32, node coverNode, set int, buffer []byte) coverNode {
	for i, b := range s.masks[set] {
		buffer[i] = node.decided[i] | b
	}
	next := coverNode{decided: string(buffer), cost: node.cost, rest: node.rest, parent: from, set: int32(set)}
	next.cost.price = addPrices(next.cost.price, s.sets[set].price)
	next.cost.orders++
	for _, e := range s.sets[set].elements {
		if e < s.wanted {
			next.rest -= s.dual[e]
		}
	}
	return next
}

// reach notes a way to a state if it is the best so far.
func (s *coverSearch) reach(node coverNode) {
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

func (s *coverSearch) state(at int32) coverState {
	cost := s.nodes[at].cost
	cost.price = addPrices(cost.price, s.nodes[at].rest)
	return coverState{cost: cost, node: at}
}

// trail are the sets on the way to a state, the last in order first. Of equally good
// choices the one with the smaller trail is taken: it goes without the last set in
// which they differ.
func (s *coverSearch) trail(at int32) []int { return s.trailOf(s.nodes[at]) }

func (s *coverSearch) trailOf(node coverNode) []int {
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

func (s *coverSearch) choice(at int32) coverChoice {
	sets := s.trail(at)
	slices.Reverse(sets)
	return coverChoice{s.nodes[at].cost, sets}
}

// maxFinish is how many states a search that is given up is finished from.
const maxFinish = 1 << 10

// giveUp finishes the search from the most promising states, deciding each element
// for the set that exceeds its dual price the least.
func (s *coverSearch) giveUp() coverChoice {
	best := s.finish(0)
	for range maxFinish {
		if len(s.open) == 0 {
			break
		}
		if found := s.finish(s.pop().node); found.compare(best.coverCost) < 0 {
			best = found
		}
	}
	return best
}

func (s *coverSearch) finish(at int32) coverChoice {
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
				over := s.sets[i].price
				for _, covered := range s.sets[i].elements[:s.wantedIn(i)] {
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
			node.cost.left++
			continue
		}
		node = s.step(at, node, set, buffer)
		choice.sets = append(choice.sets, set)
	}
	choice.coverCost = node.cost
	slices.Sort(choice.sets)
	return choice
}

func (a coverState) before(b coverState) bool {
	return cmp.Or(a.cost.compare(b.cost), cmp.Compare(a.node, b.node)) < 0
}

func (s *coverSearch) push(state coverState) {
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

func (s *coverSearch) pop() coverState {
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
