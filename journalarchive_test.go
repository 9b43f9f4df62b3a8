package ovhrenew

import (
	"bytes"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestDamagedFacts leaves out what is damaged: it is read from the API again.
func TestDamagedFacts(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	j := mustOpen(t, dir)
	facts := []OrderFact{{Order: 1, Date: noon, Names: []string{"a"}}, {Order: 2, Date: noon, Names: []string{"b"}}}
	if err := j.Remember(t.Context(), account, facts...); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "orders-2026-11.jsonl")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	third := OrderFact{Order: 3, Date: noon.AddDate(0, 0, 1)}
	for cut := range len(text) + 1 {
		if err := os.WriteFile(path, text[:cut], 0o600); err != nil {
			t.Fatal(err)
		}
		var want []OrderFact
		for i, whole := range []int{strings.Index(string(text), "\n"), len(text) - 1} {
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
}

// TestCompactForgetsFacts removes the facts of foreign orders with their months.
func TestCompactForgetsFacts(t *testing.T) {
	t.Parallel()
	dir, _ := mixed(t)
	j := mustOpen(t, dir)
	if err := j.Remember(t.Context(), account, OrderFact{Order: 9, Date: noon.AddDate(0, -15, 0)}, OrderFact{Order: 10, Date: noon.AddDate(0, -11, 0)}); err != nil {
		t.Fatal(err)
	}
	if err := j.compactNow(t.Context()); err != nil {
		t.Fatal(err)
	}
	names := slices.Sorted(maps.Keys(snapshot(t, dir)))
	names = slices.DeleteFunc(names, func(name string) bool { return !strings.HasPrefix(name, ordersPrefix) })
	if want := []string{"orders-2025-12.jsonl", "orders-2026-11.jsonl", "orders-2026-12.jsonl"}; !slices.Equal(names, want) {
		t.Errorf("the facts are in %v, want %v", names, want)
	}
}

// TestDamagedArchive says where an archive is damaged, and does not add to it.
func TestDamagedArchive(t *testing.T) {
	t.Parallel()
	dir, _ := mixed(t)
	j := mustOpen(t, dir)
	if err := j.compactNow(t.Context()); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "receipts-2026-11.jsonl")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	flipped := bytes.Clone(text)
	flipped[len(text)/2] ^= 4
	for name, damaged := range map[string][]byte{"flipped": flipped, "cut": text[:len(text)-3]} {
		if err := os.WriteFile(path, damaged, 0o600); err != nil {
			t.Fatal(err)
		}
		var last error
		for _, err := range j.Receipts(t.Context(), account, time.Time{}) {
			last = err
		}
		_, ordersErr := j.Orders(t.Context(), account, time.Time{})
		for _, err := range []error{last, ordersErr} {
			if !errors.Is(err, ErrJournal) || !strings.Contains(err.Error(), path+", at byte ") {
				t.Errorf("%s: error = %v, want %v that says where", name, err, ErrJournal)
			}
		}
		if got := receiptsOf(t, j, noon.AddDate(0, 1, 0)); len(got) != 0 {
			t.Errorf("%s: later receipts = %v, want none", name, got)
		}
	}
}
