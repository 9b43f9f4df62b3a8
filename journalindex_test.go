package ovhrenew

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// BenchmarkIndex reads the log of 130,000 renewals that ended in 400 days, as a process
// does when it opens a journal or another process has rewritten its log.
func BenchmarkIndex(b *testing.B) {
	log, err := newHeader(account)
	if err != nil {
		b.Fatal(err)
	}
	s := sampleRenewal(1)[4]
	s.Task = Task{Services: []Renewed{{Name: strings.Repeat("x", 300)}}}
	for n := range 130_000 {
		s.Order, s.Services, s.Renewal = OrderID(n+1), []ServiceID{ServiceID(n + 1)}, fmt.Sprint(n)
		s.Time = noon.Add(time.Duration(n) * time.Minute)
		h := newIndex().headOf(s)
		h.class = classArchived
		log = append(log, h.format([]byte(asJSON(b, s)))...)
	}
	b.SetBytes(int64(len(log)))
	for b.Loop() {
		x := newIndex()
		if err := x.read(bytes.NewReader(log), int64(len(log))); err != nil {
			b.Fatal(err)
		}
		if len(x.services) != 130_000 {
			b.Fatalf("the index has %d services", len(x.services))
		}
	}
}

// longJournal writes three years of renewals, each service once a year, and compacts
// them every month but the last. It returns the journal's directory.
func longJournal(t *testing.T, start time.Time, monthly, months int) string {
	t.Helper()
	dir := t.TempDir()
	j := mustOpen(t, dir)
	mustRelease(t, mustClaim(t, j, 1))
	for n := range months {
		if err := j.compactNow(t.Context()); err != nil {
			t.Fatal(err)
		}
		file, err := os.OpenFile(filepath.Join(dir, "journal.log"), os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := file.Write(longMonth(t, start.AddDate(0, n, 0), n, monthly)); err != nil {
			t.Fatal(err)
		}
		file.Close()
	}
	return dir
}

func longMonth(t *testing.T, start time.Time, n, monthly int) []byte {
	var lines []byte
	for k := range monthly {
		states := sampleRenewal(ServiceID(1 + n%12*monthly + k))
		for i := range states {
			s := &states[i]
			s.Time, s.Renewal = start.Add(time.Duration(k)*time.Minute), fmt.Sprint(s.Services, "@", n, " P12M")
			if s.Order != 0 {
				s.Order = OrderID(n*monthly + k + 1)
			}
			s.Task = Task{Services: []Renewed{{Name: strings.Repeat("x", 300)}}}
			h := lineHead{classOpen, s.Order, s.Time.UnixMicro(), s.Time.UnixMicro(), keyOf(s.Renewal), s.Services}
			if s.Over() {
				h.class = classEnded
			}
			lines = append(lines, h.format([]byte(asJSON(t, *s)))...)
		}
	}
	return lines
}

// compactWhileAppending compacts while another process would append, and returns how
// long it took and what the longest append took.
func compactWhileAppending(t *testing.T, dir string, at time.Time) (compacted, longest time.Duration) {
	t.Helper()
	c := mustClaim(t, mustOpen(t, dir), 1<<40)
	done := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			s := sampleRenewal(1 << 40)[0]
			s.Time = at
			began := time.Now()
			if err := c.Append(t.Context(), s); err != nil {
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
	j := mustOpen(t, dir)
	began := time.Now()
	err := j.compactNow(t.Context())
	compacted = time.Since(began)
	close(done)
	wg.Wait()
	if err != nil {
		t.Fatal(err)
	}
	mustRelease(t, c)
	return compacted, longest
}

// TestLongJournal wants three years of renewals to take little time and memory to open,
// and nobody to wait for a compaction. It is not parallel, as it measures.
func TestLongJournal(t *testing.T) {
	monthly, months := 100, 36
	if *large {
		monthly = 10_000
	}
	start := noon.AddDate(-3, 0, 0)
	dir := longJournal(t, start, monthly, months)
	compacted, longest := compactWhileAppending(t, dir, start.AddDate(3, 0, 0))
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	began := time.Now()
	j := mustOpen(t, dir)
	opened := time.Since(began)
	runtime.GC()
	runtime.ReadMemStats(&after)
	memory := int64(after.HeapAlloc) - int64(before.HeapAlloc)
	t.Logf("a log of %d kB is opened in %v with %d kB of memory; compaction took %v, the longest append meanwhile %v",
		len(readLog(t, dir))>>10, opened, memory>>10, compacted, longest)
	if opened > time.Second || memory > 100<<20 {
		t.Errorf("opening takes %v and %d bytes, want under a second and 100 MB", opened, memory)
	}
	if got := receiptsOf(t, j, time.Time{}); len(got) != monthly*months {
		t.Errorf("there are %d receipts, want %d", len(got), monthly*months)
	}
	if got := receiptsOf(t, j, start.AddDate(0, months-2, 0)); len(got) != 2*monthly {
		t.Errorf("of the last two months there are %d receipts, want %d", len(got), 2*monthly)
	}
	if got := ordersOf(t, j, start.AddDate(0, months-1, 0)); len(got) != monthly {
		t.Errorf("of the last month there are %d orders, want %d", len(got), monthly)
	}
	if got := statesOf(t, j, 1, ServiceID(monthly)*12); len(got) != 2 || got[0].Phase != "renewed" {
		t.Errorf("two services have the states %v, want what ended last of each", got)
	}
}
