package ovhrenew

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var large = flag.Bool("large", false, "run the journal's tests at full size")

// content is all that a journal can be asked.
type content struct {
	states, receipts, orders string
}

func contentOf(t testing.TB, dir string, services ...ServiceID) content {
	t.Helper()
	j := newFileJournal(dir, OnlyJournal)
	j.sync = func(*os.File) error { return nil }
	return content{
		asJSON(t, statesOf(t, j, services...)...), asJSON(t, receiptsOf(t, j, time.Time{})...), asJSON(t, ordersOf(t, j, time.Time{})...),
	}
}

// mixed returns a journal with everything in it that a compaction decides about, and
// the services whose states it keeps.
func mixed(t *testing.T) (string, []ServiceID) {
	t.Helper()
	dir := t.TempDir()
	j := mustOpen(t, dir)
	c := mustClaim(t, j, 1, 2, 3, 4)
	long := sampleRenewal(3)
	for i := range long {
		long[i].Time = long[i].Time.AddDate(-2, 0, 0)
	}
	mustAppend(t, c, long...)                 // out of the log's span
	mustAppend(t, c, sampleRenewal(1)...)     // the one that ended last
	mustAppend(t, c, sampleRenewal(2)[:3]...) // open, with an order
	again := sampleRenewal(1)                 // takes the place of the first, and was closed once
	for i := range again {
		again[i].Renewal, again[i].Time = "again", again[i].Time.AddDate(0, 0, 20)
	}
	closed := again[1]
	closed.Phase, closed.Order = "closed", 77
	again[4].Order, again[4].Receipt.Order = 78, 78
	mustAppend(t, c, again[0], closed, again[0], again[4])
	open := sampleRenewal(4)[0] // open, without an order that it had
	lost := open
	lost.Phase, lost.Order = "ordered", 79
	mustAppend(t, c, lost, open)
	mustRelease(t, c)
	facts := []OrderFact{{Order: 5, Date: noon, Names: []string{"x"}}, {Order: 6, Date: noon.AddDate(0, 1, 0)}}
	if err := j.Remember(t.Context(), account, facts...); err != nil {
		t.Fatal(err)
	}
	return dir, []ServiceID{1, 2, 4}
}

func TestCompactKeepsWhatCounts(t *testing.T) {
	t.Parallel()
	dir, services := mixed(t)
	before := contentOf(t, dir, services...)
	if n := strings.Count(before.receipts, "\n"); n != 2 {
		t.Fatalf("there are %d receipts, want 3:\n%s", n+1, before.receipts)
	}
	open := mustOpen(t, dir)
	for n := range 3 {
		if err := mustOpen(t, dir).compactNow(t.Context()); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(before, contentOf(t, dir, services...), cmp.AllowUnexported(content{})); diff != "" {
			t.Fatalf("after compaction %d (-before +after):\n%s", n, diff)
		}
		if got := statesOf(t, open, services...); asJSON(t, got...) != before.states {
			t.Fatalf("after compaction %d another handle has\n%s\nwant\n%s", n, asJSON(t, got...), before.states)
		}
	}
	if got := statesOf(t, open, 3); len(got) != 0 {
		t.Errorf("what ended two years ago is still in the log: %v", got)
	}
	if n := bytes.Count(readLog(t, dir), []byte("\n")); n != 4 {
		t.Errorf("the log has %d lines, want its header and three:\n%s", n, readLog(t, dir))
	}
	// Going on after it is as before.
	c := mustClaim(t, open, 2)
	defer mustRelease(t, c)
	mustAppend(t, c, sampleRenewal(2)[4])
	if got, want := asJSON(t, c.States()...), asJSON(t, sampleRenewal(2)[4]); got != want {
		t.Errorf("after an Append: %s, want %s", got, want)
	}
}

// snapshot copies a directory of a journal.
func snapshot(t *testing.T, from string) map[string]string {
	t.Helper()
	files := map[string]string{}
	entries, err := os.ReadDir(from)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if entry.IsDir() {
			continue
		}
		text, err := os.ReadFile(filepath.Join(from, entry.Name()))
		if err != nil {
			t.Fatal(err)
		}
		files[entry.Name()] = string(text)
	}
	return files
}

// TestCompactCutAnywhere cuts a compaction off before and after each operation and
// within each write. What is on the disk then holds everything, and the next
// compaction ends as if nothing had been.
func TestCompactCutAnywhere(t *testing.T) {
	t.Parallel()
	dir, services := mixed(t)
	want := contentOf(t, dir, services...)
	step := 97
	if *large {
		step = 1
	}
	var cuts []map[string]string
	cut := func() { cuts = append(cuts, snapshot(t, dir)) }
	j := mustOpen(t, dir)
	j.write = func(file *os.File, data []byte, at int64) (int, error) {
		for n := 0; n < len(data); n += step {
			if _, err := file.WriteAt(data[:n], at); err != nil {
				return 0, err
			}
			cut()
		}
		defer cut()
		return file.WriteAt(data, at)
	}
	j.sync = func(*os.File) error { cut(); return nil }
	j.rename = func(from, to string) error {
		cut()
		defer cut()
		return os.Rename(from, to)
	}
	if err := j.compactNow(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(cuts) < 30 {
		t.Fatalf("there were %d cuts", len(cuts))
	}
	for i, files := range cuts {
		dir := t.TempDir()
		putLog(t, dir, nil)
		for name, text := range files {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		for _, when := range []string{"after it", "after another compaction"} {
			if diff := cmp.Diff(want, contentOf(t, dir, services...), cmp.AllowUnexported(content{})); diff != "" {
				t.Fatalf("cut %d of %d, %s (-want +got):\n%s", i, len(cuts), when, diff)
			}
			again := newFileJournal(dir, OnlyJournal)
			again.sync = func(*os.File) error { return nil }
			if err := again.compactNow(t.Context()); err != nil {
				t.Fatalf("cut %d of %d: compaction: %v", i, len(cuts), err)
			}
		}
		if lines := strings.Split(snapshot(t, dir)["receipts-2026-11.jsonl"], "\n"); len(lines) != len(slices.Compact(slices.Sorted(slices.Values(lines)))) {
			t.Fatalf("cut %d of %d: the archive has something twice:\n%s", i, len(cuts), strings.Join(lines, "\n"))
		}
	}
	t.Logf("%d cuts", len(cuts))
}

// TestCompactSyncs wants everything on the disk before its name is.
func TestCompactSyncs(t *testing.T) {
	t.Parallel()
	dir, _ := mixed(t)
	j := mustOpen(t, dir)
	dirty := map[string]bool{}
	renamed, dirSynced := 0, false
	j.write = func(file *os.File, data []byte, at int64) (int, error) {
		dirty[file.Name()] = true
		return file.WriteAt(data, at)
	}
	j.sync = func(file *os.File) error {
		delete(dirty, file.Name())
		dirSynced = dirSynced || file.Name() == dir
		return nil
	}
	j.rename = func(from, to string) error {
		if renamed++; dirty[from] {
			t.Errorf("%s gets its name before it is synced", to)
		}
		if to == filepath.Join(dir, "journal.log") && !dirSynced && runtime.GOOS != "windows" {
			t.Error("the log is replaced before the archives' names are synced")
		}
		return os.Rename(from, to)
	}
	if err := j.compactNow(t.Context()); err != nil {
		t.Fatal(err)
	}
	if renamed < 3 || len(dirty) != 0 {
		t.Errorf("%d files were replaced, and %v was never synced", renamed, dirty)
	}
}

// TestCompactFails lets each operation of a compaction fail: the journal is as it was,
// and Release says nothing.
func TestCompactFails(t *testing.T) {
	t.Parallel()
	dir, services := mixed(t)
	want := contentOf(t, dir, services...)
	for fails := 0; ; fails++ {
		n := 0
		act := func() error {
			if n++; n == fails+1 {
				return errFull
			}
			return nil
		}
		j := mustOpen(t, dir)
		j.write = func(file *os.File, data []byte, at int64) (int, error) {
			if err := act(); err != nil {
				k, _ := file.WriteAt(data[:len(data)/2], at)
				return k, err
			}
			return file.WriteAt(data, at)
		}
		j.sync = func(*os.File) error { return act() }
		j.rename = func(from, to string) error { return errors.Join(act(), os.Rename(from, to)) }
		j.compact = 0
		before := len(readLog(t, dir))
		c := mustClaim(t, j, services...)
		mustRelease(t, c)
		if diff := cmp.Diff(want, contentOf(t, dir, services...), cmp.AllowUnexported(content{})); diff != "" {
			t.Fatalf("operation %d failed (-want +got):\n%s", fails, diff)
		}
		if len(readLog(t, dir)) < before {
			if fails < 8 {
				t.Errorf("a compaction in which operation %d fails has replaced the log", fails)
			}
			return
		}
		if n <= fails {
			t.Fatalf("a compaction without a failure has not replaced the log")
		}
	}
}

// TestCompactAgainstModel appends at random to handles that compact at random.
func TestCompactAgainstModel(t *testing.T) {
	t.Parallel()
	for seed := range uint64(10) {
		random := rand.New(rand.NewPCG(seed, 1))
		dir := t.TempDir()
		handles := []*fileJournal{mustOpen(t, dir), mustOpen(t, dir)}
		for _, j := range handles {
			j.sync = func(*os.File) error { return nil }
		}
		services := []ServiceID{1, 2, 3, 4}
		var all []State
		ended := map[string]bool{}
		orders, receipts := map[OrderID]bool{}, map[string]bool{}
		for n := range 150 {
			j := handles[random.IntN(2)]
			if random.IntN(8) == 0 {
				if err := j.compactNow(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			of := []ServiceID{services[random.IntN(4)]}
			if of[0] < 4 && random.IntN(2) == 0 {
				of = append(of, of[0]+1)
			}
			s := State{
				Version: lineVersion, Renewal: fmt.Sprint(of, random.IntN(n/10+1)), Services: of,
				Time: noon.Add(time.Duration(n) * time.Hour), Phase: []Phase{"paying", "ordered", "closed", "renewed"}[random.IntN(4)],
			}
			if ended[s.Renewal] { // one that ended begins again in other tests
				continue
			}
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
			if got, want := asJSON(t, statesOf(t, handles[n%2], asked...)...), asJSON(t, concerning(all, asked)...); got != want {
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
	}
}
