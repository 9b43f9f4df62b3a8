// Across files: bundles that are claimed in part by several processes that die.

package ovhrenew

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// dying lets the process of a journal die at the n-th thing that it does to the disk: it does
// nothing more, and takes nothing back.
func dying(j *fileJournal, n, bytes int) {
	act := func() {
		if n--; n < 0 {
			panic(errFull)
		}
	}
	j.write = func(file *os.File, data []byte, at int64) (int, error) {
		if n == 0 {
			_, _ = file.WriteAt(data[:min(bytes, len(data))], at)
		}
		act()
		return file.WriteAt(data, at)
	}
	j.sync = func(*os.File) error {
		act()
		return nil
	}
	j.rename = func(from, to string) error {
		act()
		return os.Rename(from, to)
	}
}

// bundle is a renewal of several services: the last state that was told as kept, and those
// that were not, each by its Unseen.
type bundle struct {
	services []ServiceID
	n        int // how many were there before, of the same services
	kept     State
	tried    []State
}

func (b *bundle) name() string { return fmt.Sprint(b.services, " ", b.n) }

// TestBundlesOfTheDying lets processes claim bundles in part, and in whole, append to them and
// die: whoever claims any of the services next has of each open renewal what was told as
// kept, or something later, and knows its orders.
func TestBundlesOfTheDying(t *testing.T) {
	t.Parallel()
	seeds := uint64(4)
	if *large {
		seeds = 400
	}
	for seed := range seeds {
		random := rand.New(rand.NewPCG(seed, 7))
		dir := t.TempDir()
		handles := []*fileJournal{quick(t, dir), quick(t, dir)}
		bundles := []*bundle{
			{services: []ServiceID{1}}, {services: []ServiceID{1, 2}}, {services: []ServiceID{2, 3}}, {services: []ServiceID{1, 2, 3}}, {services: []ServiceID{3}},
		}
		orders, receipts, deaths := map[OrderID]bool{}, map[OrderID]bool{}, 0
		for n := range 120 {
			b := bundles[random.IntN(len(bundles))]
			if b.kept.Over() && len(b.tried) == 0 {
				*b = bundle{services: b.services, n: b.n + 1}
			}
			s := State{
				Version: stateVersion, Renewal: b.name(), Services: b.services, Time: noon.Add(time.Duration(n) * time.Hour), Unseen: n,
				Phase: []Phase{PhaseOrdered, PhasePaying, PhasePaid, PhaseClosed, PhaseRenewed}[random.IntN(5)],
				Order: OrderID(1 + random.IntN(3) + 10*len(orders)), Why: strings.Repeat("x", 900),
			}
			if s.Phase == PhaseRenewed {
				s.Receipt = &Receipt{Order: s.Order}
			}
			h := random.IntN(2)
			if random.IntN(3) == 0 {
				dying(handles[h], random.IntN(10), random.IntN(1500))
			}
			if appendOrDie(t, handles[h], b.services[random.IntN(len(b.services)):], s) {
				b.kept, b.tried = s, nil
				orders[s.Order] = true
				if s.Receipt != nil {
					receipts[s.Order] = true
				}
			} else {
				b.tried = append(b.tried, s)
				deaths++
			}
			handles[h] = quick(t, dir)
			wantBundles(t, fmt.Sprintf("seed %d, step %d", seed, n), quick(t, dir), bundles)
			wantOrders(t, fmt.Sprintf("seed %d, step %d", seed, n), handles[1-h], orders, receipts)
		}
		if deaths < 15 {
			t.Errorf("seed %d: %d deaths", seed, deaths)
		}
	}
}

// appendOrDie appends a state under a claim, and reports whether it was told as kept.
func appendOrDie(t *testing.T, j *fileJournal, services []ServiceID, s State) (kept bool) {
	t.Helper()
	var c Claim
	defer func() {
		if died := recover(); died != nil && died != errFull {
			panic(died)
		}
		if c != nil {
			mustRelease(t, c) // as its end releases what a process has
		}
	}()
	c = mustClaim(t, j, services...)
	mustAppend(t, c, s)
	return true
}

// wantBundles claims all sets of the services.
func wantBundles(t *testing.T, when string, j *fileJournal, bundles []*bundle) {
	t.Helper()
	for _, services := range [][]ServiceID{{1}, {2}, {3}, {1, 2}, {2, 3}, {1, 3}, {1, 2, 3}} {
		states := statesOf(t, j, services...)
		for _, b := range bundles {
			concerned := slices.ContainsFunc(b.services, func(id ServiceID) bool { return slices.Contains(services, id) })
			if !concerned {
				continue
			}
			at := slices.IndexFunc(states, func(s State) bool { return s.Renewal == b.name() })
			may := append([]State{b.kept}, b.tried...)
			switch mayBeGone := slices.ContainsFunc(may, State.Over) || b.kept.Phase == ""; {
			case at < 0 && !mayBeGone:
				t.Fatalf("%s: services %v have nothing of %s, want one of %v", when, services, b.name(), phases(may))
			case at >= 0 && !slices.ContainsFunc(may, func(s State) bool { return s.Unseen == states[at].Unseen && s.Phase == states[at].Phase }):
				t.Fatalf("%s: services %v have of %s %v, want one of %v", when, services, b.name(), phases(states[at:at+1]), phases(may))
			}
		}
	}
}

func phases(states []State) (all []string) {
	for _, s := range states {
		all = append(all, fmt.Sprint(s.Phase, " ", s.Unseen))
	}
	return all
}

// wantOrders wants a journal to know orders, and the receipts of some.
func wantOrders(t *testing.T, when string, j *fileJournal, orders, receipts map[OrderID]bool) {
	t.Helper()
	known, told := map[OrderID]bool{}, map[OrderID]bool{}
	for _, fact := range ordersOf(t, j, time.Time{}) {
		known[fact.Order] = true
	}
	for _, receipt := range receiptsOf(t, j, time.Time{}) {
		told[receipt.Order] = true
	}
	for order := range orders {
		if !known[order] || receipts[order] && !told[order] {
			t.Fatalf("%s: order %d is known: %v; it has a receipt: %v", when, order, known[order], told[order])
		}
	}
}
