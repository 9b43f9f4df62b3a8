package ovhrenew

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// statesThatCount is what Claim.States has to return of all the states ever appended.
func statesThatCount(all []State, services []ServiceID) (kept []State) {
	last := map[string]int{}
	for i, s := range all {
		last[s.Renewal] = i
	}
	ended := map[ServiceID]int{}
	for i, s := range all {
		for _, id := range s.Services {
			if s.Over() && last[s.Renewal] == i {
				ended[id] = i
			}
		}
	}
	for i, s := range all {
		if last[s.Renewal] == i && slices.ContainsFunc(s.Services, func(id ServiceID) bool {
			return slices.Contains(services, id) && (!s.Over() || ended[id] == i)
		}) {
			kept = append(kept, s)
		}
	}
	return kept
}

// TestJournalAgainstModel appends at random to two handles; files are rewritten now and
// then.
func TestJournalAgainstModel(t *testing.T) {
	t.Parallel()
	for seed := range uint64(5) {
		random := rand.New(rand.NewPCG(seed, 1))
		dir := t.TempDir()
		handles := []*fileJournal{quick(t, dir), quick(t, dir)}
		rewritten := 0
		handles[0].rename = func(from, to string) error {
			rewritten++
			return os.Rename(from, to)
		}
		services := []ServiceID{1, 2, 3, 4}
		padding := []Renewed{{Name: strings.Repeat("x", 1500)}}
		var all []State
		ended := map[string]bool{}
		orders, receipts := map[OrderID]bool{}, map[string]bool{}
		for n := range 200 {
			j := handles[random.IntN(2)]
			of := []ServiceID{services[random.IntN(4)]}
			if of[0] < 4 && random.IntN(2) == 0 {
				of = append(of, of[0]+1)
			}
			s := State{
				Version: stateVersion, Renewal: fmt.Sprint(of, random.IntN(n/10+1)), Services: of,
				Time: noon.Add(time.Duration(n) * time.Hour), Phase: []Phase{"paying", "ordered", "closed", "renewed"}[random.IntN(4)],
			}
			if ended[s.Renewal] { // one that ended begins again in other tests
				continue
			}
			s.Task.Services = padding
			if random.IntN(2) == 0 {
				s.Order = OrderID(1 + n)
				orders[s.Order] = true
			}
			if s.Phase == "renewed" {
				s.Receipt = &Receipt{Order: OrderID(1 + n)}
				receipts[s.Renewal] = true
			}
			ended[s.Renewal] = s.Over()
			all = append(all, s)
			c := mustClaim(t, j, of...)
			mustAppend(t, c, s)
			mustRelease(t, c)
			asked := services[:1+random.IntN(4)]
			if got, want := asJSON(t, statesOf(t, handles[n%2], asked...)...), asJSON(t, statesThatCount(all, asked)...); got != want {
				t.Fatalf("seed %d, step %d: services %v have\n%s\nwant\n%s", seed, n, asked, got, want)
			}
		}
		facts := ordersOf(t, handles[0], time.Time{})
		for _, fact := range facts {
			if len(fact.Services) == 0 || !fact.Date.Equal(noon.Add(time.Duration(fact.Order-1)*time.Hour)) {
				t.Errorf("seed %d: the order %+v is not own or of another time", seed, fact)
			}
		}
		if got := len(receiptsOf(t, handles[1], time.Time{})); len(facts) != len(orders) || got != len(receipts) {
			t.Errorf("seed %d: %d orders and %d receipts, want %d and %d", seed, len(facts), got, len(orders), len(receipts))
		}
		if rewritten == 0 {
			t.Errorf("seed %d: no file was rewritten", seed)
		}
	}
}

// mixed returns a journal of services with everything in it that a rewriting decides about.
func mixed(t *testing.T) *fileJournal {
	t.Helper()
	j := quick(t, t.TempDir())
	c := mustClaim(t, j, 1, 2)
	defer mustRelease(t, c)
	mustAppend(t, c, sampleRenewal(1)...)
	again := sampleRenewal(1) // takes the place of the first, and was closed once
	for i := range again {
		again[i].Renewal, again[i].Time = "again", again[i].Time.AddDate(0, 0, 20)
	}
	closed := again[1]
	closed.Phase, closed.Order = PhaseClosed, 77
	again[4].Order, again[4].Receipt.Order = 78, 78
	mustAppend(t, c, again[0], closed, again[0], again[4])
	open := sampleRenewal(1)[0] // open, of both, without an order that it had
	open.Renewal, open.Services = "open", []ServiceID{1, 2}
	lost := open
	lost.Phase, lost.Order = PhaseOrdered, 79
	mustAppend(t, c, lost, open)
	return j
}

// filled is a state that makes the file of service 1 worth rewriting.
func filled(n int) State {
	s := sampleRenewal(1)[0]
	s.Renewal, s.Unseen, s.Task.Services[0].Name = "filled", n, strings.Repeat("x", 2500)
	return s
}

// content is all that a journal can be asked, and which filled state it has.
func content(t *testing.T, j Journal) (all string, filled int) {
	t.Helper()
	states := statesOf(t, j, 1, 2)
	states = slices.DeleteFunc(states, func(s State) bool {
		if s.Renewal == "filled" {
			filled = s.Unseen
		}
		return s.Renewal == "filled"
	})
	return asJSON(t, states...) + asJSON(t, receiptsOf(t, j, time.Time{})...) + asJSON(t, ordersOf(t, j, time.Time{})...), filled
}

// TestRewriteKeepsWhatCounts rewrites a file again and again.
func TestRewriteKeepsWhatCounts(t *testing.T) {
	t.Parallel()
	j := mixed(t)
	want, _ := content(t, j)
	rewritten := 0
	j.rename = func(from, to string) error {
		rewritten++
		return os.Rename(from, to)
	}
	c := mustClaim(t, j, 1)
	for n := range 20 {
		mustAppend(t, c, filled(n))
		if size := len(readFile(t, j.statesOf(1))); size > rewriteFrom+3500 {
			t.Fatalf("the file has %d bytes", size)
		}
	}
	mustRelease(t, c)
	if got, n := content(t, mustOpen(t, j.dir)); got != want || n != 19 {
		t.Errorf("the journal has state %d and\n%s\nwant\n%s", n, got, want)
	}
	if rewritten < 4 {
		t.Errorf("the file was rewritten %d times", rewritten)
	}
}

// TestRewriteCutAnywhere ends a rewriting at each thing that it does to the disk, and lets
// each of them fail: what is left has everything, and is gone on with.
func TestRewriteCutAnywhere(t *testing.T) {
	t.Parallel()
	j := mixed(t)
	want, _ := content(t, j)
	c := mustClaim(t, j, 1)
	n := 0
	for ; len(readFile(t, j.statesOf(1)))+3500 < rewriteFrom; n++ {
		mustAppend(t, c, filled(n))
	}
	mustRelease(t, c)
	check := func(dir string, least, most int) {
		t.Helper()
		j := quick(t, dir)
		got, have := content(t, j)
		if got != want || have < least || have > most {
			t.Fatalf("%s has state %d and\n%s\nwant %d or %d and\n%s", dir, have, got, least, most, want)
		}
		c := mustClaim(t, j, 1)
		for i := range 6 {
			mustAppend(t, c, filled(n+i))
		}
		mustRelease(t, c)
		if got, have := content(t, mustOpen(t, dir)); got != want || have != n+5 {
			t.Fatalf("%s has in the end state %d and\n%s\nwant %d and\n%s", dir, have, got, n+5, want)
		}
	}
	for fails := 0; ; fails++ {
		dir := filepath.Join(t.TempDir(), "journal")
		if err := os.CopyFS(dir, os.DirFS(j.dir)); err != nil {
			t.Fatal(err)
		}
		full := mustOpen(t, dir)
		failing(full, fails, 100)
		c := mustClaim(t, full, 1)
		kept := n - 1
		err := c.Append(t.Context(), filled(n))
		for ; err == nil && kept < n+2; kept++ {
			err = c.Append(t.Context(), filled(kept+2))
		}
		mustRelease(t, c)
		check(dir, kept, kept+1)
		if err == nil {
			if fails < 6 {
				t.Errorf("%d operations have rewritten the file", fails)
			}
			break
		}
	}
	rewritten := false
	left := crashes(t, j.dir, func(j *fileJournal) {
		rename := j.rename
		j.rename = func(from, to string) error {
			rewritten = true
			return rename(from, to)
		}
		c := mustClaim(t, j, 1)
		mustAppend(t, c, filled(n), filled(n+1), filled(n+2))
		mustRelease(t, c)
	})
	if !rewritten || len(left) < 15 {
		t.Errorf("%d crashes, rewritten: %v", len(left), rewritten)
	}
	for i, dir := range left {
		check(dir, n-1+i/6, n+2)
	}
}

// TestHalfKeptBundle ends a process between the files of two services: the next run has the
// newer state of both, and of one of them that file's.
func TestHalfKeptBundle(t *testing.T) {
	t.Parallel()
	ordered := sampleRenewal(1)[1]
	ordered.Services = []ServiceID{1, 2}
	paying := ordered
	paying.Phase = PhasePaying
	left := crashes(t, t.TempDir(), func(j *fileJournal) {
		c := mustClaim(t, j, 1, 2)
		mustAppend(t, c, ordered, paying)
		mustRelease(t, c)
	})
	half := 0
	for _, dir := range left {
		j := quick(t, dir)
		one, two, both := statesOf(t, j, 1), statesOf(t, j, 2), statesOf(t, j, 2, 1)
		if asJSON(t, one...) != asJSON(t, both...) {
			t.Errorf("service 1 has %v, and both have %v", one, both)
		}
		if len(one) == len(two) && (len(one) == 0 || one[0].Phase == two[0].Phase) {
			continue
		}
		half++
		c := mustClaim(t, j, 2) // as if 1 concerned nobody any more
		mustAppend(t, c, paying)
		mustRelease(t, c)
		for _, id := range []ServiceID{1, 2} {
			if got := statesOf(t, j, id); asJSON(t, got...) != asJSON(t, paying) {
				t.Errorf("when it was written again, service %d has %v", id, got)
			}
		}
	}
	if half < 4 {
		t.Errorf("%d of %d were half kept", half, len(left))
	}
}
