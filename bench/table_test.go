package main

import (
	"strings"
	"testing"
	"time"
)

// A table has a goal where there is one, and says which was missed.
func TestWriteTable(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	rows := []row{{"time", "go-ovh", "2 s", "1 s", "2 × faster", "at least 3 ×", false}, {"requests", "go-ovh", "2", "1", "2 × fewer", "at least 1 ×", true}, {what: "memory"}}
	if err := writeTable(&b, rows); err != nil {
		t.Fatal(err)
	}
	const want = `| | against | that | ovhrenew | ratio | goal |
|---|---|---:|---:|---:|---|
| time | go-ovh | 2 s | 1 s | 2 × faster | at least 3 × (missed) |
| requests | go-ovh | 2 | 1 | 2 × fewer | at least 1 × |
| memory |  |  |  |  |  |
`
	if b.String() != want {
		t.Errorf("%swant\n%s", &b, want)
	}
}

// A goal is met as exactly as the table shows it.
func TestBetter(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		other, ours, least float64
		ratio, goal        string
		met                bool
	}{
		{10, 2, 5, "5 × faster", "at least 5 ×", true}, {9.96, 2, 5, "4.98 × faster", "at least 5 ×", true}, {9.9, 2, 5, "4.95 × faster", "at least 5 ×", false}, {1, 2, 0, "0.50 × faster", "", true},
	} {
		if ratio, goal, met := better("faster", c.other, c.ours, c.least); ratio != c.ratio || goal != c.goal || met != c.met {
			t.Errorf("%v to %v: %q, %q, %t", c.other, c.ours, ratio, goal, met)
		}
	}
}

func TestNumbers(t *testing.T) {
	t.Parallel()
	for got, want := range map[string]string{
		times(1234.5): "1234 ×", times(9.876): "9.88 ×", times(3): "3 ×",
		short(1500 * time.Nanosecond): "1.5 µs", short(2500 * time.Microsecond): "2.5 ms", short(90 * time.Second): "90.00 s",
		megabytes(1_250_000): "1.2 MB", number(7): "7", number(1000): "1,000", number(1234567): "1,234,567", number(999): "999",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
