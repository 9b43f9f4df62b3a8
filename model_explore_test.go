// How the worlds of the model are explored, and what is found.

package ovhrenew

import (
	"fmt"
	"slices"
)

// A result is what an exploration found.
type result struct {
	states, cut int
	bad         map[uint8]int
	verdicts    [verdicts]int
	trails      map[string][]string
}

func (r result) String() string {
	return fmt.Sprintf("%7d states (%d cut) | one %d two %d person %d in window %d unasked %d | untrue %d, journal lost %d | renewed %d, after a lapse %d, by a person %d, no %d, for ever %d, stuck %d",
		r.states, r.cut, r.bad[paidTwice], r.bad[paidTwo], r.bad[paidByPersonToo], r.bad[paidInWindow], r.bad[paidUnasked],
		r.bad[saidUntrue], r.bad[saidUntrueLost],
		r.verdicts[getsRenewed], r.verdicts[afterLapse], r.verdicts[needsPerson], r.verdicts[saidNo], r.verdicts[forEver], r.verdicts[stuck])
}

var badNames = map[uint8]string{
	paidTwice: "an order is paid twice", paidTwo: "two orders are paid", paidByPersonToo: "a run pays what a person paid long ago",
	paidInWindow: "a run and a person pay within the window", saidUntrue: "an untrue word", saidUntrueLost: "an untrue word, journal lost",
	paidUnasked: "a payment that nobody allowed", tookNothing: "an order is taken over that is not there",
}

// An exploration visits every world that a model can reach, once.
type exploration struct {
	*model
	index   map[world]int32
	worlds  []world
	parents []int32
	calms   [2]calm // with an API as slow, and as fast, as it may be
	result  result
	first   bool // stop at the first thing that is wrong
}

func (m *model) explore(limit int, first bool) result {
	own := *m
	x := &exploration{model: &own, index: map[world]int32{}, first: first}
	for k := range x.calms {
		x.calms[k] = calm{model: &own, fast: k == 1, known: map[world]verdict{}}
	}
	x.result.bad, x.result.trails = map[uint8]int{}, map[string][]string{}
	x.visit(m.start(), -1)
	for k := 0; k < len(x.worlds) && k < limit; k++ {
		w := x.worlds[k]
		if w.full {
			x.result.cut++
			continue
		}
		if w.bad != 0 {
			x.judge(w, int32(k))
			if first && len(x.result.trails) > 0 {
				break
			}
			continue
		}
		v := max(x.calms[0].live(w), x.calms[1].live(w))
		x.result.verdicts[v]++
		if name := badVerdicts[v]; name != "" && (v != afterLapse || x.direct) {
			x.note(name, int32(k))
			if first {
				break
			}
		}
		m.next(w, func(v world, _ string, _ bool) { x.visit(v, int32(k)) })
	}
	x.result.states = len(x.worlds)
	if len(x.worlds) > limit {
		x.result.states = -len(x.worlds)
	}
	return x.result
}

func (x *exploration) visit(w world, parent int32) {
	if _, ok := x.index[w]; !ok {
		x.index[w] = int32(len(x.worlds))
		x.worlds, x.parents = append(x.worlds, w), append(x.parents, parent)
	}
}

func (x *exploration) judge(w world, k int32) {
	for bit, name := range badNames {
		if w.bad&bit != 0 {
			x.result.bad[bit]++
			if bit != paidInWindow && !(x.first && slices.Contains(x.documented, name)) {
				x.note(name, k)
			}
		}
	}
}

// note keeps the trail to the first world of a kind.
func (x *exploration) note(kind string, k int32) {
	if x.result.trails[kind] != nil {
		return
	}
	var trail []string
	x.telling = true
	defer func() { x.telling = false }()
	for ; x.parents[k] >= 0; k = x.parents[k] {
		found := ""
		x.next(x.worlds[x.parents[k]], func(v world, how string, _ bool) {
			if v == x.worlds[k] && found == "" {
				found = how
			}
		})
		trail = append([]string{found}, trail...)
	}
	x.result.trails[kind] = trail
}
