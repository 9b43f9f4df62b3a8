package ovhrenew

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// batch renews n services one after another, each 5 seconds later than the one before, and
// asks after each order what is known of the orders since a span before it.
func batch(tb testing.TB, j *fileJournal, n int, span time.Duration) {
	tb.Helper()
	j.sync = func(*os.File) error { return nil } // the disk is not what is measured
	for i := range n {
		id := ServiceID(i + 1)
		c := mustClaim(tb, j, id)
		states := sampleRenewal(id)
		for k := range states {
			states[k].Time = noon.Add(time.Duration(i) * 5 * time.Second)
			states[k].Task.Services[0].Name = strings.Repeat("x", 300)
		}
		mustAppend(tb, c, states[:2]...)
		facts, err := j.Orders(tb.Context(), account, states[0].Time.Add(-span))
		if err != nil || !slices.ContainsFunc(facts, func(f OrderFact) bool { return f.Order == states[1].Order }) {
			tb.Fatalf("order %d is not known: %v, %v", states[1].Order, facts, err)
		}
		mustAppend(tb, c, states[2:]...)
		mustRelease(tb, c)
	}
}

// BenchmarkBatchOfOrders is what the journal costs a batch of 10,000, beside its syncs.
func BenchmarkBatchOfOrders(b *testing.B) {
	for b.Loop() {
		batch(b, mustOpen(b, b.TempDir()), 10_000, sameMoment+clockSkew)
	}
}

// The monthly files are read onward: a batch reads each of their bytes a few times at most,
// and not once for each order.
func TestMonthsAreReadOnward(t *testing.T) {
	t.Parallel()
	j := mustOpen(t, t.TempDir())
	facts, read := 0, 0
	j.open = func(path string) (*os.File, error) {
		read++
		return os.Open(path)
	}
	remember := func(n int) {
		facts++
		if err := j.Remember(t.Context(), account, OrderFact{Order: OrderID(n), Date: noon}); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 5 {
		remember(900_000 + i)
	}
	if err := j.compactNow(t.Context()); err != nil {
		t.Fatal(err)
	}
	batch(t, j, 100, time.Hour)
	if read > 5 {
		t.Errorf("%d files were opened for 100 orders, want those of two kinds once", read)
	}
	if err := j.compactNow(t.Context()); err != nil { // which archives all of them
		t.Fatal(err)
	}
	read = 0
	for i := range 20 {
		remember(800_000 + i)
		if got := len(ordersOf(t, j, noon.Add(-time.Hour))); got != 100+facts {
			t.Fatalf("%d orders are known, want %d", got, 100+facts)
		}
	}
	if read > 20+3 { // the facts onward each time, the archive once
		t.Errorf("%d files were opened", read)
	}
}

// A month of which another process has written more, or which was replaced, is read anew.
func TestMonthsOfOthers(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	a, b := mustOpen(t, dir), mustOpen(t, dir)
	known := 0
	for n := range 12 {
		j := []*fileJournal{a, b}[n%2]
		c := mustClaim(t, j, ServiceID(n+1))
		mustAppend(t, c, sampleRenewal(ServiceID(n+1))...)
		mustRelease(t, c)
		if err := j.Remember(t.Context(), account, OrderFact{Order: OrderID(n + 1), Date: noon}); err != nil {
			t.Fatal(err)
		}
		if n%3 == 0 {
			if err := j.compactNow(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		known += 2
		for name, j := range map[string]*fileJournal{"a": a, "b": b} {
			if got := len(ordersOf(t, j, time.Time{})); got != known {
				t.Fatalf("%s knows %d orders after renewal %d, want %d", name, got, n, known)
			}
		}
	}
}
