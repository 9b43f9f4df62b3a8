package ovhrenew

import (
	"bytes"
	"errors"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
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

// The orders of a month are read onward: a batch reads each byte once, and not for each
// order again.
func TestMonthsAreReadOnward(t *testing.T) {
	t.Parallel()
	j := mustOpen(t, t.TempDir())
	batch(t, j, 20, time.Hour)
	path := j.path("orders-2026-11.jsonl")
	text := readFile(t, path)
	damaged := bytes.Clone(text)
	damaged[len(text)/2] ^= 4
	putFile(t, path, damaged) // in what has been read
	for i := range 5 {
		if err := j.Remember(t.Context(), account, OrderFact{Order: OrderID(800_000 + i), Date: noon}); err != nil {
			t.Fatal(err)
		}
		if got := len(ordersOf(t, j, noon.Add(-time.Hour))); got != 20+i+1 {
			t.Fatalf("%d orders are known, want %d", got, 20+i+1)
		}
	}
	if _, err := mustOpen(t, j.dir).Orders(t.Context(), account, time.Time{}); !errors.Is(err, ErrJournal) {
		t.Errorf("Orders of who reads all of it = %v, want %v", err, ErrJournal)
	}
	longer := lineOf(t, record{Order: &OrderFact{Order: 7, Date: noon, Names: []string{strings.Repeat("x", 30_000)}}})
	putFile(t, path, longer) // another one, longer and of other lines
	if _, err := j.Orders(t.Context(), account, time.Time{}); err == nil {
		t.Error("Orders reads on in a file that it has not begun to read")
	}
	if got := ordersOf(t, j, time.Time{}); len(got) != 1 || got[0].Order != 7 {
		t.Errorf("of a file that was replaced %v are known, want one", got)
	}
	putFile(t, path, text[:bytes.IndexByte(text, '\n')+1]) // an older one, restored
	if got := len(ordersOf(t, j, time.Time{})); got != 1 {
		t.Errorf("of a file that was restored %d orders are known, want 1", got)
	}
}

// A month of which another process has written more is read anew.
func TestMonthsOfOthers(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	a, b := quick(t, dir), quick(t, dir)
	known := 0
	for n := range 12 {
		j := []*fileJournal{a, b}[n%2]
		c := mustClaim(t, j, ServiceID(n+1))
		mustAppend(t, c, sampleRenewal(ServiceID(n+1))...)
		mustRelease(t, c)
		fact := OrderFact{Order: OrderID(n + 1), Date: noon.AddDate(0, -n, 0), Names: []string{"a"}}
		if err := j.Remember(t.Context(), account, fact); err != nil {
			t.Fatal(err)
		}
		known += 2
		for name, j := range map[string]*fileJournal{"a": a, "b": b} {
			if got := len(ordersOf(t, j, time.Time{})); got != known {
				t.Fatalf("%s knows %d orders after renewal %d, want %d", name, got, n, known)
			}
			if len(j.months) > monthsKept+1 {
				t.Errorf("%s remembers %d months", name, len(j.months))
			}
		}
	}
}

// An order that is dated in one month by its renewal and in the next by what was read of it
// is known once, with both.
func TestOrderOfTwoMonths(t *testing.T) {
	t.Parallel()
	j := quick(t, t.TempDir())
	c := mustClaim(t, j, 1)
	s := sampleRenewal(1)[1]
	s.Time = time.Date(2026, 10, 31, 23, 59, 59, 0, time.UTC)
	mustAppend(t, c, s)
	mustRelease(t, c)
	fact := OrderFact{Order: s.Order, Date: s.Time.Add(2 * time.Second), Names: []string{"a"}}
	if err := j.Remember(t.Context(), account, fact); err != nil {
		t.Fatal(err)
	}
	fact.Services = s.Services
	for _, since := range []time.Time{{}, s.Time, fact.Date} {
		if got := ordersOf(t, j, since); asJSON(t, got...) != asJSON(t, fact) {
			t.Errorf("since %v: %s, want %s", since, asJSON(t, got...), asJSON(t, fact))
		}
	}
}

// TestDamagedMonth says where a month's file is damaged. What a crash has cut off is not
// there, and the next line takes its place.
func TestDamagedMonth(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	j := quick(t, dir)
	facts := []OrderFact{{Order: 1, Date: noon, Names: []string{"a"}}, {Order: 2, Date: noon, Names: []string{"b"}}}
	if err := j.Remember(t.Context(), account, facts...); err != nil {
		t.Fatal(err)
	}
	path := j.path("orders-2026-11.jsonl")
	text := readFile(t, path)
	third := OrderFact{Order: 3, Date: noon.AddDate(0, 0, 1)}
	for cut := range len(text) + 1 {
		putFile(t, path, text[:cut])
		j := quick(t, dir)
		var want []OrderFact
		for i, whole := range []int{bytes.IndexByte(text, '\n') + 1, len(text)} {
			if cut >= whole {
				want = append(want, facts[i])
			}
		}
		if got := ordersOf(t, j, time.Time{}); asJSON(t, got...) != asJSON(t, want...) {
			t.Fatalf("cut at byte %d: %s, want %s", cut, asJSON(t, got...), asJSON(t, want...))
		}
		if err := j.Remember(t.Context(), account, third); err != nil {
			t.Fatal(err)
		}
		if got, want := ordersOf(t, j, time.Time{}), append(want, third); asJSON(t, got...) != asJSON(t, want...) {
			t.Fatalf("cut at byte %d, then added to: %s, want %s", cut, asJSON(t, got...), asJSON(t, want...))
		}
	}
	text[len(text)/2] ^= 4
	putFile(t, path, text)
	_, err := quick(t, dir).Orders(t.Context(), account, time.Time{})
	if !errors.Is(err, ErrJournal) || !strings.Contains(err.Error(), path+", at byte ") || !strings.Contains(err.Error(), "move the file away") {
		t.Errorf("Orders of a damaged month = %v, want %v that says where, and what to do", err, ErrJournal)
	}
	if got := ordersOf(t, j, noon.AddDate(0, 1, 1)); len(got) != 0 {
		t.Errorf("later orders = %v, want none", got)
	}
	c := mustClaim(t, j, 1) // what is under way can be ended
	mustAppend(t, c, sampleRenewal(1)[2:]...)
	mustRelease(t, c)
	if err := os.Rename(path, path+".damaged"); err != nil { // as the error advises
		t.Fatal(err)
	}
	if err := j.Remember(t.Context(), account, third); err != nil {
		t.Fatal(err)
	}
	if got := ordersOf(t, j, time.Time{}); asJSON(t, got...) != asJSON(t, third) {
		t.Errorf("with the file moved away: %s, want what was kept since, %s", asJSON(t, got...), asJSON(t, third))
	}
}

// TestReadBesideWriters reads a month of which another process cuts off what a dead one has
// left, and writes over it: nobody waits for the reader, and it sees whole lines only.
func TestReadBesideWriters(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	writer := quick(t, dir)
	const orders = 1000
	var wg sync.WaitGroup
	var kept atomic.Int64
	wg.Go(func() {
		for n := range orders {
			err := writer.locked(t.Context(), func() error {
				file, err := os.OpenFile(writer.path("orders-2026-11.jsonl"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
				if err == nil {
					_, err = file.WriteString(strings.Repeat("x", 1+n*97%9000))
					file.Close()
				}
				return err
			})
			fact := OrderFact{Order: OrderID(n + 1), Date: noon, Names: []string{strings.Repeat("y", n*31%5000)}}
			if err = errors.Join(err, writer.Remember(t.Context(), account, fact)); err != nil {
				t.Error(err)
			}
			kept.Add(1)
		}
	})
	for range 3 {
		j := quick(t, dir)
		wg.Go(func() {
			for kept.Load() < orders && !t.Failed() {
				least := int(kept.Load())
				if got, err := j.Orders(t.Context(), account, time.Time{}); err != nil || len(got) < least {
					t.Errorf("%d orders are read, %v, and %d were kept", len(got), err, least)
				}
			}
		})
	}
	wg.Wait()
}

// TestOddDates keeps orders and renewals dated in years that people do not write: none makes
// the others unreadable.
func TestOddDates(t *testing.T) {
	t.Parallel()
	west, east := time.FixedZone("west", -5*3600), time.FixedZone("east", 5*3600)
	j := quick(t, t.TempDir())
	dates := []time.Time{
		time.Date(0, 1, 1, 0, 0, 0, 0, east), time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(1, 1, 1, 0, 0, 1, 0, time.UTC),
		time.Date(999, 2, 1, 0, 0, 0, 0, time.UTC), noon, time.Date(9999, 12, 31, 23, 0, 0, 0, time.UTC), time.Date(9999, 12, 31, 23, 0, 0, 0, west),
	}
	for i, date := range dates {
		id := ServiceID(i + 1)
		if err := j.Remember(t.Context(), account, OrderFact{Order: OrderID(i + 1), Date: date}); err != nil {
			t.Fatalf("%v: %v", date, err)
		}
		s := sampleRenewal(id)[4]
		if s.Time = date; date.UTC().Year() < 0 || date.UTC().Year() > 9999 {
			s.Time = noon
		}
		c := mustClaim(t, j, id)
		mustAppend(t, c, s)
		mustRelease(t, c)
	}
	for _, j := range []*fileJournal{j, quick(t, j.dir)} {
		for i, date := range dates {
			since := date.Add(-time.Second)
			orders, receipts := ordersOf(t, j, since), receiptsOf(t, j, since)
			if len(orders) < 2*(len(dates)-i)-2 || len(receipts) < len(dates)-i-2 {
				t.Errorf("since %v there are %d orders and %d receipts of %d", since, len(orders), len(receipts), len(dates)-i)
			}
		}
	}
	for _, year := range []int{-1, 10_000} { // which have no form in JSON
		if err := j.Remember(t.Context(), account, OrderFact{Order: 1, Date: time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC)}); err == nil {
			t.Errorf("an order of the year %d was kept", year)
		}
	}
	ordersOf(t, j, time.Time{})
}
