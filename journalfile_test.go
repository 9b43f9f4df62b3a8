package ovhrenew

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// sampleRenewal is what a whole renewal of one service writes.
func sampleRenewal(id ServiceID) []Record {
	expiry := MustDate("2026-12-01")
	in := OrderIntent{
		Offer: Offer{Service: id, Period: P1Y, Strategy: RenewStrategy{
			Price: MustMoney("10 EUR"), PriceInUcents: 1_000_000_000, Services: []ServiceID{id},
			ServicesDetails: []RenewService{{id, "exämple.ovh", "Domain .ovh"}},
		}},
		Services: []ServiceID{id}, Names: []string{"exämple.ovh"}, Expiries: map[ServiceID]Date{id: expiry},
		Price: MustMoney("12 EUR"), Limit: MustMoney("12 EUR"),
	}
	order := OrderID(1000 + id)
	records := []Record{
		{Event: EventOrdering, Intent: &in},
		{Event: EventOrdered, Intent: &in, Order: order},
		{Event: EventPaying, Order: order, Payment: "method 7"},
		{Event: EventPaid, Order: order},
		{Event: EventRenewed, Order: order, Receipt: &Receipt{
			Services: []Renewed{{id, "exämple.ovh", expiry, MustDate("2027-12-01")}},
			Period:   P1Y, Order: order, Price: MustMoney("12 EUR"), PaidWith: "method 7",
		}},
	}
	for i := range records {
		r := &records[i]
		r.Version, r.Time = recordVersion, time.Date(2026, 11, 20, 12, 0, i, 0, time.UTC)
		r.Renewal, r.Services = in.key(), in.Services
	}
	return records
}

// written is a journal of several renewals: its directory, its bytes, and its
// records each with the byte at which its line ends.
func written(t *testing.T, services ...ServiceID) (dir string, log []byte, records []Record, ends []int) {
	t.Helper()
	dir = t.TempDir()
	j := mustOpen(t, dir)
	for _, id := range services {
		l, err := j.Open(id)
		if err != nil {
			t.Fatal(err)
		}
		for _, record := range sampleRenewal(id) {
			if err := l.Append(record); err != nil {
				t.Fatal(err)
			}
			records = append(records, record)
			log = readLog(t, dir)
			ends = append(ends, len(log))
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return dir, log, records, ends
}

func mustOpen(t *testing.T, dir string) *FileJournal {
	t.Helper()
	j, err := OpenJournal(dir)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

func readLog(t *testing.T, dir string) []byte {
	t.Helper()
	log, err := os.ReadFile(filepath.Join(dir, "journal.log"))
	if err != nil {
		t.Fatal(err)
	}
	return log
}

// holding makes a directory that holds a log.
func holding(t *testing.T, dir string, log []byte) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "journal.log"), log, 0o600); err != nil {
		t.Fatal(err)
	}
}

// recordsOf opens services and lets them go again.
func recordsOf(t *testing.T, j Journal, services ...ServiceID) []Record {
	t.Helper()
	l, err := j.Open(services...)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Records()
}

// asJSON is records as they compare: as JSON.
func asJSON(t *testing.T, records []Record) string {
	t.Helper()
	var lines []string
	for _, record := range records {
		text, err := json.Marshal(record)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, string(text))
	}
	return strings.Join(lines, "\n")
}

func TestJournalRoundTrip(t *testing.T) {
	t.Parallel()
	dir, log, records, _ := written(t, 1, 2)
	for name, j := range map[string]*FileJournal{"opened again": mustOpen(t, dir), "opened twice": mustOpen(t, dir)} {
		if diff := cmp.Diff(asJSON(t, records), asJSON(t, recordsOf(t, j, 1, 2))); diff != "" {
			t.Errorf("%s (-written +read):\n%s", name, diff)
		}
		if diff := cmp.Diff(asJSON(t, records[5:]), asJSON(t, recordsOf(t, j, 2))); diff != "" {
			t.Errorf("%s, of service 2 alone (-written +read):\n%s", name, diff)
		}
		if got := recordsOf(t, j, 3); len(got) != 0 {
			t.Errorf("%s: service 3 has the records %v, want none", name, got)
		}
	}
	if now := readLog(t, dir); !bytes.Equal(now, log) {
		t.Errorf("reading changed the log:\n%s\nto\n%s", log, now)
	}
	info, err := os.Stat(filepath.Join(dir, "journal.log"))
	if err != nil {
		t.Fatal(err)
	}
	if mode := info.Mode().Perm(); runtime.GOOS != "windows" && mode != 0o600 {
		t.Errorf("the log's mode is %o, want 600", mode)
	}
}

// TestJournalCutAnywhere cuts the log at every byte, as a crash can: what was
// acknowledged before is there, the torn record is not, and writing goes on.
func TestJournalCutAnywhere(t *testing.T) {
	t.Parallel()
	dir, log, records, ends := written(t, 1, 2)
	extra := sampleRenewal(2)[4]
	line, err := formatRecord(extra)
	if err != nil {
		t.Fatal(err)
	}
	for cut := range len(log) + 1 {
		whole := 0
		for whole < len(ends) && ends[whole] <= cut {
			whole++
		}
		holding(t, dir, log[:cut])
		j := &FileJournal{dir: dir, write: (*os.File).WriteAt, sync: func(*os.File) error { return nil }}
		if got := j.read(t, 1, 2); len(got) != whole {
			t.Fatalf("cut at byte %d: got %d records, want %d", cut, len(got), whole)
		}
		if err := j.append(line); err != nil {
			t.Fatalf("cut at byte %d: append: %v", cut, err)
		}
		again := &FileJournal{dir: dir}
		if got, want := asJSON(t, again.read(t, 1, 2)), asJSON(t, append(records[:whole:whole], extra)); got != want {
			t.Fatalf("cut at byte %d, then appended to: got\n%s\nwant\n%s", cut, got, want)
		}
	}
	t.Logf("cut at %d places", len(log)+1)
}

// read reads records without claiming their services.
func (j *FileJournal) read(t *testing.T, services ...ServiceID) []Record {
	t.Helper()
	file, release, err := j.hold()
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	records, err := j.records(file, services)
	if err != nil {
		t.Fatal(err)
	}
	return records
}

// TestJournalDamage flips every bit of the log but those of its last line's end:
// nothing is skipped in silence, and the error says where.
func TestJournalDamage(t *testing.T) {
	t.Parallel()
	dir, log, _, ends := written(t, 1)
	starts := append([]int{0}, ends...)
	line := 0
	for at := range len(log) - 1 {
		if at >= starts[line+1] {
			line++
		}
		for bit := range 8 {
			damaged := bytes.Clone(log)
			damaged[at] ^= 1 << bit
			if text, _, _ := bytes.Cut(damaged[starts[line]:], []byte("\n")); bit != at%8 {
				if _, err := parseRecord(text); err == nil {
					t.Fatalf("bit %d of byte %d flipped: parsed", bit, at)
				}
				continue
			}
			holding(t, dir, damaged)
			_, err := OpenJournal(dir)
			if where := fmt.Sprintf("at byte %d:", starts[line]); !errors.Is(err, ErrJournal) || !strings.Contains(err.Error(), where) {
				t.Fatalf("bit %d of byte %d flipped: error = %v, want %v %q", bit, at, err, ErrJournal, where)
			}
			if now := readLog(t, dir); !bytes.Equal(now, damaged) {
				t.Fatalf("bit %d of byte %d flipped: opening changed the log", bit, at)
			}
		}
	}
}

// TestJournalDamagedLater finds what was damaged after it was opened.
func TestJournalDamagedLater(t *testing.T) {
	t.Parallel()
	dir, log, _, _ := written(t, 1)
	j := mustOpen(t, dir)
	damaged := append(bytes.Clone(log), "00000000 {}\n"...)
	holding(t, dir, damaged)
	want := fmt.Sprintf("at byte %d:", len(log))
	if _, err := j.Open(9); !errors.Is(err, ErrJournal) || !strings.Contains(err.Error(), want) {
		t.Errorf("Open of a damaged journal: error = %v, want %v %q", err, ErrJournal, want)
	}
	holding(t, dir, log)
	l, err := j.Open(9) // the locks of the failed Open are gone
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	holding(t, dir, damaged)
	if err := l.Append(sampleRenewal(9)[0]); !errors.Is(err, ErrJournal) {
		t.Errorf("Append to a damaged journal: error = %v, want %v", err, ErrJournal)
	}
	if now := readLog(t, dir); !bytes.Equal(now, damaged) {
		t.Error("a damaged journal was written to")
	}
}

// TestJournalFromAnotherVersion refuses a record of a program that knows more, even
// where its fields are others.
func TestJournalFromAnotherVersion(t *testing.T) {
	t.Parallel()
	dir, log, _, _ := written(t, 1)
	for _, text := range []string{`{"v":2,"services":"all"}`, `{"v":99,"time":7}`, `{"v":0}`, `{}`} {
		line := fmt.Appendf(nil, "%08x %s\n", crc32.ChecksumIEEE([]byte(text)), text)
		holding(t, dir, append(bytes.Clone(log), line...))
		_, err := OpenJournal(dir)
		want := fmt.Sprintf("at byte %d: a record has version", len(log))
		if !errors.Is(err, ErrJournal) || !strings.Contains(err.Error(), want) {
			t.Errorf("a record %s: error = %v, want %v %q", text, err, ErrJournal, want)
		}
	}
}

// fullDisk is a disk on which something fails from the n-th record on.
type fullDisk struct {
	*FileJournal
	left         int
	writes, sync int
}

var errFull error = syscall.ENOSPC

// onFullDisk opens a journal whose disk takes so many records and then so many
// bytes of one; a negative number takes all of it and fails in the sync.
func onFullDisk(t *testing.T, dir string, records, bytes int) *fullDisk {
	t.Helper()
	d := &fullDisk{FileJournal: mustOpen(t, dir), left: records}
	d.write = func(file *os.File, data []byte, at int64) (int, error) {
		d.writes++
		if d.left > 0 || bytes < 0 {
			return file.WriteAt(data, at)
		}
		n, err := file.WriteAt(data[:min(bytes, len(data))], at)
		return n, errors.Join(err, errFull)
	}
	d.FileJournal.sync = func(file *os.File) error {
		if info, err := file.Stat(); err != nil || info.IsDir() {
			return err // the file's name, with its first record
		}
		d.sync++
		if d.left--; d.left < 0 {
			return errFull
		}
		return file.Sync()
	}
	return d
}

// TestJournalFullDisk keeps whole records or nothing of them, whatever of a write
// succeeds, and goes on when there is room again.
func TestJournalFullDisk(t *testing.T) {
	t.Parallel()
	records := sampleRenewal(1)
	line, err := formatRecord(records[2])
	if err != nil {
		t.Fatal(err)
	}
	for _, bytes := range []int{-1, 0, 1, 8, len(line) / 2, len(line) - 1, len(line)} {
		dir := t.TempDir()
		d := onFullDisk(t, dir, 2, bytes)
		l, err := d.Open(1)
		if err != nil {
			t.Fatal(err)
		}
		for i, record := range records[:3] {
			if err := l.Append(record); i < 2 && err != nil || i == 2 && (!errors.Is(err, ErrJournal) || !errors.Is(err, errFull)) {
				t.Fatalf("%d bytes fit: Append of record %d: error = %v", bytes, i, err)
			}
		}
		if got, want := asJSON(t, l.Records()), asJSON(t, records[:2]); got != want {
			t.Errorf("%d bytes fit: the ledger has\n%s\nwant\n%s", bytes, got, want)
		}
		l.Close()
		if got, want := asJSON(t, recordsOf(t, mustOpen(t, dir), 1)), asJSON(t, records[:2]); got != want {
			t.Errorf("%d bytes fit: the journal has\n%s\nwant\n%s", bytes, got, want)
		}
		d.left = 100
		if l, err = d.Open(1); err != nil {
			t.Fatal(err)
		}
		if err := l.Append(records[3]); err != nil {
			t.Errorf("%d bytes fit, then there was room: Append: error = %v", bytes, err)
		}
		l.Close()
		if got, want := asJSON(t, recordsOf(t, mustOpen(t, dir), 1)), asJSON(t, append(records[:2:2], records[3])); got != want {
			t.Errorf("%d bytes fit, then there was room: the journal has\n%s\nwant\n%s", bytes, got, want)
		}
	}
}

// TestJournalSyncs wants each record on the disk before Append returns, and the
// file's own entry in its directory too.
func TestJournalSyncs(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "locks"), 0o700); err != nil {
		t.Fatal(err)
	}
	var acts []string
	j := &FileJournal{
		dir: dir,
		write: func(file *os.File, data []byte, at int64) (int, error) {
			acts = append(acts, "write "+filepath.Base(file.Name()))
			return file.WriteAt(data, at)
		},
		sync: func(file *os.File) error {
			name := filepath.Base(file.Name())
			if file.Name() == dir {
				name = "directory"
			}
			acts = append(acts, "sync "+name)
			return nil
		},
	}
	l, err := j.Open(1)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	var want []string
	if runtime.GOOS != "windows" {
		want = []string{"sync directory"}
	}
	for _, record := range sampleRenewal(1) {
		if err := l.Append(record); err != nil {
			t.Fatal(err)
		}
		want = append(want, "write journal.log", "sync journal.log")
		if diff := cmp.Diff(want, acts); diff != "" {
			t.Fatalf("when Append returned (-want +got):\n%s", diff)
		}
	}
}
