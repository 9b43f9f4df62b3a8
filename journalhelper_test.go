// What the tests of journals share.

package ovhrenew

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

const account = "ab12345-ovh"

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// sampleRenewal returns the states of a whole renewal of one service.
func sampleRenewal(id ServiceID) []State {
	order := OrderID(1000 + id)
	receipt := &Receipt{
		Services: []Renewed{{id, "exämple.ovh", MustDate("2026-12-01"), MustDate("2027-12-01")}}, Order: order, Price: MustMoney("12.00 EUR"), Verified: noon,
	}
	states := []State{
		{Phase: "ordering"}, {Phase: "ordered", Order: order}, {Phase: "paying", Order: order},
		{Phase: "paid", Order: order}, {Phase: "renewed", Order: order, Receipt: receipt},
	}
	for i := range states {
		s := &states[i]
		s.Version, s.Renewal, s.Services = stateVersion, fmt.Sprintf("%d@2026-12-01 P12M", id), []ServiceID{id}
		s.Time, s.Task = noon.Add(time.Duration(i)*time.Second), Task{Services: receipt.Services, Limit: MustMoney("12.00 EUR")}
	}
	return states
}

func mustOpen(t testing.TB, dir string) *fileJournal {
	t.Helper()
	j, err := OpenJournal(dir, OnlyJournal)
	if err != nil {
		t.Fatal(err)
	}
	return j.(*fileJournal)
}

func mustClaim(t testing.TB, j Journal, services ...ServiceID) Claim {
	t.Helper()
	c, err := j.Claim(t.Context(), account, services...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func mustAppend(t testing.TB, c Claim, states ...State) {
	t.Helper()
	for _, s := range states {
		if err := c.Append(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
}

func mustRelease(t testing.TB, c Claim) {
	t.Helper()
	if err := c.Release(); err != nil {
		t.Fatal(err)
	}
}

// written returns a journal of several renewals: its directory, the bytes of the states
// of the first, and the byte at which each line ends.
func written(t *testing.T, services ...ServiceID) (dir string, text []byte, ends []int) {
	t.Helper()
	dir = t.TempDir()
	j := mustOpen(t, dir)
	for _, id := range services {
		c := mustClaim(t, j, id)
		for _, s := range sampleRenewal(id) {
			mustAppend(t, c, s)
			if id == services[0] {
				text = readFile(t, j.statesOf(id))
				ends = append(ends, len(text))
			}
		}
		mustRelease(t, c)
	}
	return dir, text, ends
}

func readFile(t testing.TB, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func putFile(t testing.TB, path string, text []byte) {
	t.Helper()
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
}

// quick opens a journal whose disk takes no time.
func quick(t testing.TB, dir string) *fileJournal {
	t.Helper()
	j := mustOpen(t, dir)
	j.sync = func(*os.File) error { return nil }
	return j
}

// statesOf claims services and lets them go again.
func statesOf(t testing.TB, j Journal, services ...ServiceID) []State {
	t.Helper()
	c := mustClaim(t, j, services...)
	defer mustRelease(t, c)
	return c.States()
}

// asJSON returns values as they compare.
func asJSON[T any](t testing.TB, values ...T) string {
	t.Helper()
	var lines []string
	for _, value := range values {
		text, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, string(text))
	}
	return strings.Join(lines, "\n")
}

func receiptsOf(t testing.TB, j Journal, since time.Time) []Receipt {
	t.Helper()
	var all []Receipt
	for receipt, err := range j.Receipts(t.Context(), account, since) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, receipt)
	}
	return all
}

func ordersOf(t testing.TB, j Journal, since time.Time) []OrderFact {
	t.Helper()
	facts, err := j.Orders(t.Context(), account, since)
	if err != nil {
		t.Fatal(err)
	}
	return facts
}

var errFull error = syscall.ENOSPC

// failing lets the n-th write, sync or renaming of a journal fail, and all that follow. A
// write that fails takes some bytes.
func failing(j *fileJournal, n, bytes int) {
	act := func() error {
		if n--; n < 0 {
			return errFull
		}
		return nil
	}
	j.write = func(file *os.File, data []byte, at int64) (int, error) {
		if err := act(); err != nil {
			k, _ := file.WriteAt(data[:min(bytes, len(data))], at)
			return k, err
		}
		return file.WriteAt(data, at)
	}
	j.sync = func(*os.File) error { return act() }
	j.rename = func(from, to string) error {
		if err := act(); err != nil {
			return err
		}
		return os.Rename(from, to)
	}
}

// crashes calls f with a journal, and after each thing that it does to the disk keeps what
// a crash at that moment would leave.
func crashes(t *testing.T, dir string, f func(*fileJournal)) (left []string) {
	t.Helper()
	snapshot := func() {
		to := filepath.Join(t.TempDir(), "journal")
		if err := os.CopyFS(to, os.DirFS(dir)); err != nil {
			t.Fatal(err)
		}
		left = append(left, to)
	}
	j := mustOpen(t, dir)
	j.write = func(file *os.File, data []byte, at int64) (int, error) {
		for _, n := range []int{0, 1, len(data) / 2, len(data) - 1} {
			if _, err := file.WriteAt(data[:n], at); err != nil {
				return 0, err
			}
			snapshot()
		}
		defer snapshot()
		return file.WriteAt(data, at)
	}
	j.sync = func(*os.File) error { return nil }
	j.rename = func(from, to string) error {
		defer snapshot()
		return os.Rename(from, to)
	}
	f(j)
	return left
}
