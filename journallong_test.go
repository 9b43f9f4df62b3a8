// Across files: what a journal takes that has grown old, and who waits for whom.

package ovhrenew

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// longJournal writes three years of renewals, each service once a year.
func longJournal(t *testing.T, start time.Time, monthly, months int) string {
	t.Helper()
	j := quick(t, t.TempDir())
	mustRelease(t, mustClaim(t, j, 1))
	for n := range months {
		var orders, receipts []byte
		for k := range monthly {
			id := ServiceID(1 + n%12*monthly + k)
			var lines []byte
			for i, s := range sampleRenewal(id) {
				s.Time, s.Renewal = start.AddDate(0, n, 0).Add(time.Duration(k)*time.Minute), fmt.Sprint(id, "@", n, " P12M")
				s.Task = Task{Services: []Renewed{{Name: strings.Repeat("x", 300)}}}
				if s.Order != 0 {
					s.Order = OrderID(n*monthly + k + 1)
				}
				lines = append(lines, lineOf(t, record{Changed: s.Time.UnixNano() + int64(i), Named: s.Time, State: &s})...)
				switch i {
				case 1:
					orders = append(orders, lineOf(t, record{Order: &OrderFact{Order: s.Order, Date: s.Time, Services: s.Services}})...)
				case 4:
					receipts = append(receipts, lineOf(t, record{Renewal: s.Renewal, Ended: s.Time, Receipt: s.Receipt})...)
				}
			}
			if err := j.append(j.statesOf(id), lines); err != nil {
				t.Fatal(err)
			}
		}
		at := start.AddDate(0, n, 0)
		if err := errors.Join(j.append(j.path(monthFile(ordersPrefix, at)), orders), j.append(j.path(monthFile(receiptsPrefix, at)), receipts)); err != nil {
			t.Fatal(err)
		}
	}
	return j.dir
}

func lineOf(t *testing.T, r record) []byte {
	t.Helper()
	line, err := r.line()
	if err != nil {
		t.Fatal(err)
	}
	return line
}

// appendWhile appends again and again until f has returned, and returns what the longest append
// took.
func appendWhile(t *testing.T, dir string, f func()) (longest time.Duration) {
	t.Helper()
	c := mustClaim(t, mustOpen(t, dir), 1<<40)
	defer mustRelease(t, c)
	done := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			began := time.Now()
			if err := c.Append(t.Context(), sampleRenewal(1 << 40)[0]); err != nil {
				t.Error(err)
			}
			longest = max(longest, time.Since(began))
			select {
			case <-done:
				return
			default:
			}
		}
	})
	f()
	close(done)
	wg.Wait()
	return longest
}

// TestLongJournal wants three years of renewals to take little time and memory to open, and
// nobody to wait for somebody who reads all of it. It is not parallel, as it measures.
func TestLongJournal(t *testing.T) {
	monthly, months := 100, 36
	if *large {
		monthly = 10_000
	}
	start := noon.AddDate(-3, 0, 0)
	dir := longJournal(t, start, monthly, months)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	began := time.Now()
	j := mustOpen(t, dir)
	opened := time.Since(began)
	runtime.GC()
	runtime.ReadMemStats(&after)
	memory := int64(after.HeapAlloc) - int64(before.HeapAlloc)
	if opened > time.Second || memory > 100<<20 {
		t.Errorf("opening takes %v and %d bytes, want under a second and 100 MB", opened, memory)
	}
	if got := receiptsOf(t, j, time.Time{}); len(got) != monthly*months {
		t.Errorf("there are %d receipts, want %d", len(got), monthly*months)
	}
	if got := ordersOf(t, j, time.Time{}); len(got) != monthly*months {
		t.Errorf("there are %d orders, want %d", len(got), monthly*months)
	}
	times := 1
	if *large {
		times = 5
	}
	var alone, beside []time.Duration
	for range times {
		alone = append(alone, appendWhile(t, dir, func() { <-time.After(time.Duration(monthly) * 200 * time.Microsecond) }))
		beside = append(beside, appendWhile(t, dir, func() {
			reader := startChild(t, dir, "read")
			reader.says(t, fmt.Sprint(monthly*months, " receipts"))
			reader.end(t)
		}))
	}
	t.Logf("%d renewals: opened in %v with %d kB of memory; the longest append while another process reads all receipts takes %v, and without that %v, as a median of %d",
		monthly*months, opened, memory>>10, median(beside), median(alone), times)
	if got := receiptsOf(t, j, start.AddDate(0, months-2, 0)); len(got) != 2*monthly {
		t.Errorf("of the last two months there are %d receipts, want %d", len(got), 2*monthly)
	}
	if got := ordersOf(t, j, start.AddDate(0, months-1, 0)); len(got) != monthly {
		t.Errorf("of the last month there are %d orders, want %d", len(got), monthly)
	}
	longUse(t, dir, start.AddDate(0, months-13, 0)) // as far back as a process reads at first
	if got := statesOf(t, j, 2, ServiceID(monthly)*12); len(got) != 2 || got[0].Phase != "renewed" {
		t.Errorf("two services have the states %v, want what ended last of each", got)
	}
}

// longUse measures what a process takes of a journal that has grown old.
func longUse(t *testing.T, dir string, since time.Time) {
	t.Helper()
	var first, again, claimed, appended time.Duration
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	j := mustOpen(t, dir)
	for _, took := range []*time.Duration{&first, &again} {
		began := time.Now()
		ordersOf(t, j, since)
		*took = time.Since(began)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if memory := int64(after.HeapAlloc) - int64(before.HeapAlloc); memory > 100<<20 {
		t.Errorf("what stays of the orders is %d bytes, want 100 MB", memory)
	}
	for id := ServiceID(1); id <= 100; id += 5 {
		began := time.Now()
		c := mustClaim(t, j, id)
		claimed = max(claimed, time.Since(began))
		began = time.Now()
		mustAppend(t, c, sampleRenewal(id)[0])
		appended = max(appended, time.Since(began))
		mustRelease(t, c)
	}
	t.Logf("the orders of 13 months take %v, once more %v, and %d kB stay; of 20 claims and appends the longest take %v and %v",
		first, again, (int64(after.HeapAlloc)-int64(before.HeapAlloc))>>10, claimed, appended)
}
