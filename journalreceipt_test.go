package ovhrenew

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestReceipts writes renewals of several months out of order, and one of them twice.
func TestReceipts(t *testing.T) {
	t.Parallel()
	j := quick(t, t.TempDir())
	var want []OrderID
	for _, n := range []int{3, 1, 2, 0, 2} {
		c := mustClaim(t, j, ServiceID(1+n))
		s := sampleRenewal(ServiceID(1 + n))[4]
		s.Time = noon.AddDate(0, n, 0)
		mustAppend(t, c, s)
		mustRelease(t, c)
	}
	for n := range 4 {
		want = append(want, OrderID(1001+n))
		var got []OrderID
		for _, r := range receiptsOf(t, j, noon.AddDate(0, 3-n, 0)) {
			got = append(got, r.Order)
		}
		if later := []OrderID{1001, 1002, 1003, 1004}[3-n:]; !slices.Equal(got, later) {
			t.Errorf("since month %d there are the receipts of %v, want %v", 3-n, got, later)
		}
	}
	for r, err := range j.Receipts(t.Context(), account, time.Time{}) {
		if err != nil || r.Order != want[0] {
			t.Errorf("the first receipt is of %d, %v, want %d", r.Order, err, want[0])
		}
		break
	}
}

// TestReceiptsOfOneRenewal ends a run behind a receipt, which the next writes anew in another
// month, and renews a service anew that was taken back: who asks month by month is told of
// each payment once.
func TestReceiptsOfOneRenewal(t *testing.T) {
	t.Parallel()
	j := quick(t, t.TempDir())
	first := sampleRenewal(1)[4]
	first.Time = time.Date(2026, 11, 30, 23, 59, 0, 0, time.UTC)
	if err := j.keepReceipt(&first); err != nil {
		t.Fatal(err)
	}
	december := first.Time.AddDate(0, 0, 1)
	again := first
	again.Time = december
	anew, receipt := first, *first.Receipt
	anew.Time, anew.Order, anew.Receipt = december.Add(time.Hour), 77, &receipt
	receipt.Order = 77
	c := mustClaim(t, j, 1)
	mustAppend(t, c, again, anew)
	mustRelease(t, c)
	for since, want := range map[time.Time]string{first.Time: "[1001 77]", first.Time.Add(time.Second): "[77]", december: "[77]", anew.Time.Add(1): "[]"} {
		orders := []OrderID{}
		for _, r := range receiptsOf(t, j, since) {
			orders = append(orders, r.Order)
		}
		if got := fmt.Sprint(orders); got != want {
			t.Errorf("since %v there are the receipts of %s, want %s", since, got, want)
		}
	}
}

// TestDamagedReceipts says where a month's file is damaged, and what to do. What was kept
// before that, and what ended later, can be read, and renewals go on.
func TestDamagedReceipts(t *testing.T) {
	t.Parallel()
	dir, _, _ := written(t, 1, 2)
	j := quick(t, dir)
	path := j.path("receipts-2026-11.jsonl")
	text := readFile(t, path)
	for name, test := range map[string]struct{ at, told int }{"the first": {20, 0}, "the second": {len(text) - 20, 1}} {
		damaged := slices.Clone(text)
		damaged[test.at] ^= 4
		putFile(t, path, damaged)
		c := mustClaim(t, j, 3)
		mustAppend(t, c, sampleRenewal(3)...)
		mustRelease(t, c)
		if got := ordersOf(t, j, time.Time{}); len(got) != 3 {
			t.Errorf("%s damaged: the orders are %v, want 3", name, got)
		}
		var last error
		told := 0
		for _, err := range j.Receipts(t.Context(), account, time.Time{}) {
			if last = err; err == nil {
				told++
			}
		}
		if !errors.Is(last, ErrJournal) || !strings.Contains(last.Error(), path+", at byte ") || !strings.Contains(last.Error(), "its receipts are not counted") {
			t.Errorf("%s damaged: %v, want %v that says where, and what moving the file away does", name, last, ErrJournal)
		}
		if told != test.told {
			t.Errorf("%s damaged: %d receipts are told before the error, want %d", name, told, test.told)
		}
		if got := receiptsOf(t, j, noon.AddDate(0, 2, 0)); len(got) != 0 {
			t.Errorf("%s damaged: later receipts = %v, want none", name, got)
		}
	}
	stem, away := strings.TrimSuffix(path, monthSuffix), path
	for _, name := range []string{path + ".damaged", stem + "-damaged.jsonl", stem + " (copy).jsonl", stem + "x.jsonl"} {
		if err := os.Rename(away, name); err != nil { // as the error advises
			t.Fatal(err)
		}
		away = name
		if got := receiptsOf(t, j, time.Time{}); len(got) != 0 {
			t.Errorf("with the file moved to %s: %v, want none", name, got)
		}
	}
	putFile(t, path, text[:len(text)-3])
	if got := receiptsOf(t, j, time.Time{}); len(got) != 1 {
		t.Errorf("with the second cut off: %v, want the first", got)
	}
}
