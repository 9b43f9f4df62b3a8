package main

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

// Each side runs as often as the other, in turns, and what it allocates is counted apart.
func TestCompare(t *testing.T) {
	t.Parallel()
	ran, turns := [2]int{}, ""
	var kept [][]byte
	side := func(i, size int) func() error {
		return func() error {
			ran[i]++
			turns += fmt.Sprint(i)
			kept = append(kept[:0], make([]byte, size))
			return nil
		}
	}
	other, ours, err := compare(5, true, side(0, 1<<20), side(1, 1<<10))
	if err != nil || ran != [2]int{10, 10} || !strings.HasSuffix(turns, "0110011001") {
		t.Errorf("%v, they ran %v times, in turns %s", err, ran, turns)
	}
	if other.bytes < 1<<20 || other.bytes <= ours.bytes {
		t.Errorf("they allocated %.0f and %.0f bytes", other.bytes, ours.bytes)
	}
	wrong, fine := errors.New("wrong"), func() error { return nil }
	for _, sides := range [][2]func() error{{fine, func() error { return wrong }}, {func() error { return wrong }, fine}} {
		if _, _, err := compare(1, false, sides[0], sides[1]); !errors.Is(err, wrong) {
			t.Errorf("what fails is measured: %v", err)
		}
	}
}

// The peak is what was there at once, garbage included, and falls to nobody else.
func TestPeakHeap(t *testing.T) {
	const size = 64 << 20
	var kept []byte
	peak, err := peakHeap(func() error {
		kept = make([]byte, size)
		for i := range kept {
			kept[i] = 1
		}
		time.Sleep(10 * time.Millisecond)
		return nil
	})
	if err != nil || peak < size*9/10 || kept[0] != 1 {
		t.Errorf("%.0f bytes, %v", peak, err)
	}
	wrong := errors.New("wrong")
	if _, err := peakHeap(func() error { return wrong }); !errors.Is(err, wrong) {
		t.Errorf("what fails is measured: %v", err)
	}
	for _, name := range []string{objectBytes, liveBytes, mappedBytes} {
		if metric(name) <= 0 {
			t.Errorf("%s is %v", name, metric(name))
		}
	}
}

// Rows compare as they say, and a side that is slower misses its goal.
func TestCostRows(t *testing.T) {
	t.Parallel()
	slow, fast := cost{time: 3 * time.Millisecond, allocs: 3000}, cost{time: time.Millisecond, allocs: 1000}
	if got, want := timeRow("read", "go-ovh", slow, fast), (row{"read", "go-ovh", "3.0 ms", "1.0 ms", "3 × faster", "at least 1 ×", true}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	if got := timeRow("read", "go-ovh", fast, slow); got.met {
		t.Errorf("slower meets its goal: %+v", got)
	}
	if got, want := allocRow("go-ovh", slow, fast), (row{"allocations", "go-ovh", "3,000", "1,000", "3 × fewer", "at least 1 ×", true}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}
