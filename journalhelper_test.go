package ovhrenew

import (
	"encoding/json"
	"errors"
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
		s.Version, s.Renewal, s.Services = lineVersion, fmt.Sprintf("%d@2026-12-01 P12M", id), []ServiceID{id}
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

// written returns a journal of several renewals: its directory, its bytes, and the
// byte at which each line ends. The first line is the header.
func written(t *testing.T, services ...ServiceID) (dir string, log []byte, ends []int) {
	t.Helper()
	dir = t.TempDir()
	j := mustOpen(t, dir)
	for _, id := range services {
		c := mustClaim(t, j, id)
		if len(ends) == 0 {
			ends = append(ends, len(readLog(t, dir)))
		}
		for _, s := range sampleRenewal(id) {
			mustAppend(t, c, s)
			log = readLog(t, dir)
			ends = append(ends, len(log))
		}
		mustRelease(t, c)
	}
	return dir, log, ends
}

func readLog(t testing.TB, dir string) []byte {
	t.Helper()
	log, err := os.ReadFile(filepath.Join(dir, "journal.log"))
	if err != nil {
		t.Fatal(err)
	}
	return log
}

// putLog makes a directory that holds a log.
func putLog(t testing.TB, dir string, log []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Join(dir, "claims"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "journal.log"), log, 0o600); err != nil {
		t.Fatal(err)
	}
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

// fullDisk is a disk on which something fails from the n-th record on.
type fullDisk struct {
	*fileJournal
	left int
}

var errFull error = syscall.ENOSPC

// onFullDisk opens a journal whose disk takes so many records and then so many bytes
// of one. A negative number takes all of it and fails in the sync.
func onFullDisk(t *testing.T, dir string, records, bytes int) *fullDisk {
	t.Helper()
	d := &fullDisk{fileJournal: mustOpen(t, dir), left: records}
	d.write = func(file *os.File, data []byte, at int64) (int, error) {
		if d.left > 0 || bytes < 0 {
			return file.WriteAt(data, at)
		}
		n, err := file.WriteAt(data[:min(bytes, len(data))], at)
		return n, errors.Join(err, errFull)
	}
	d.fileJournal.sync = func(file *os.File) error {
		if info, err := file.Stat(); err != nil || info.IsDir() {
			return err // the file's name, with its first record
		}
		if d.left--; d.left < 0 {
			return errFull
		}
		return file.Sync()
	}
	return d
}
