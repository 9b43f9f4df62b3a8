package ovhrenew

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ovhrenew/ovhrenew/internal/flock"
)

var large = flag.Bool("large", false, "run the journal's tests at full size")

func TestJournalRoundTrip(t *testing.T) {
	t.Parallel()
	dir, text, _ := written(t, 1, 2)
	for name, j := range map[string]*fileJournal{"opened again": mustOpen(t, dir), "opened twice": mustOpen(t, dir)} {
		want := asJSON(t, sampleRenewal(1)[4], sampleRenewal(2)[4])
		if diff := cmp.Diff(want, asJSON(t, statesOf(t, j, 1, 2)...)); diff != "" {
			t.Errorf("%s (-written +read):\n%s", name, diff)
		}
		if got := statesOf(t, j, 3); len(got) != 0 {
			t.Errorf("%s: service 3 has the states %v, want none", name, got)
		}
		if now := readFile(t, j.statesOf(1)); !bytes.Equal(now, text) {
			t.Errorf("reading changed the states:\n%s\nto\n%s", text, now)
		}
	}
	modes := map[string]os.FileMode{
		accountFile: 0o600, claimsDir: 0o700, servicesDir: 0o700, "services/1.jsonl": 0o600, "claims/1": 0o600,
		"orders-2026-11.jsonl": 0o600, "receipts-2026-11.jsonl": 0o600,
	}
	for name, want := range modes {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if mode := info.Mode().Perm(); runtime.GOOS != "windows" && mode != want {
			t.Errorf("the mode of %s is %o, want %o", name, mode, want)
		}
	}
}

// TestJournalCutAnywhere cuts a file at every byte, as a crash can: what was acknowledged
// before is there, the torn record is not, and writing goes on.
func TestJournalCutAnywhere(t *testing.T) {
	t.Parallel()
	dir, text, ends := written(t, 1)
	j := quick(t, dir)
	extra := sampleRenewal(1)[3]
	extra.Renewal = "extra"
	for cut := range len(text) + 1 {
		whole := 0
		for whole < len(ends) && ends[whole] <= cut {
			whole++
		}
		if near := whole < len(ends) && ends[whole]-cut < 3 || whole > 0 && cut-ends[whole-1] < 12; !near && !*large && cut%7 != 0 {
			continue
		}
		putFile(t, j.statesOf(1), text[:cut])
		want := statesThatCount(sampleRenewal(1)[:whole], []ServiceID{1})
		c := mustClaim(t, j, 1)
		if got := c.States(); asJSON(t, got...) != asJSON(t, want...) {
			t.Fatalf("cut at byte %d: got\n%s\nwant\n%s", cut, asJSON(t, got...), asJSON(t, want...))
		}
		mustAppend(t, c, extra)
		mustRelease(t, c)
		if got, want := asJSON(t, statesOf(t, j, 1)...), asJSON(t, append(want, extra)...); got != want {
			t.Fatalf("cut at byte %d, then appended to: got\n%s\nwant\n%s", cut, got, want)
		}
	}
	header := readFile(t, j.path(accountFile))
	for cut := range len(header) {
		putFile(t, j.path(accountFile), header[:cut])
		mustRelease(t, mustClaim(t, j, 1))
		if got := readFile(t, j.path(accountFile)); !bytes.Equal(got, header) {
			t.Fatalf("the account, cut at byte %d: %q, want %q", cut, got, header)
		}
	}
}

// TestJournalDamage flips every bit of a file but those of its last line's end: nothing is
// skipped in silence, the error says where, and nothing else is refused.
func TestJournalDamage(t *testing.T) {
	t.Parallel()
	dir, text, ends := written(t, 1)
	j := quick(t, dir)
	starts := append([]int{0}, ends...)
	line := 0
	for at := range len(text) - 1 {
		if at >= starts[line+1] {
			line++
		}
		for bit := range 8 {
			damaged := bytes.Clone(text)
			damaged[at] ^= 1 << bit
			if text, _, _ := bytes.Cut(damaged[starts[line]:], []byte("\n")); bit != at%8 || at%3 != 0 && !*large {
				if _, err := parseRecord(text); err == nil {
					t.Fatalf("bit %d of byte %d flipped: read", bit, at)
				}
				continue
			}
			putFile(t, j.statesOf(1), damaged)
			_, err := j.Claim(t.Context(), account, 1)
			if where := fmt.Sprintf("%s, at byte %d:", j.statesOf(1), starts[line]); !errors.Is(err, ErrJournal) || !strings.Contains(err.Error(), where) {
				t.Fatalf("bit %d of byte %d flipped: error = %v, want %v %q", bit, at, err, ErrJournal, where)
			}
			if now := readFile(t, j.statesOf(1)); !bytes.Equal(now, damaged) {
				t.Fatalf("bit %d of byte %d flipped: claiming changed the file", bit, at)
			}
		}
	}
	mustRelease(t, mustClaim(t, j, 2))
	putFile(t, j.statesOf(1), text)
	c := mustClaim(t, j, 1) // which the failed ones have let go
	damaged := append(bytes.Clone(text), "00000000 {}\n"...)
	putFile(t, j.statesOf(1), damaged)
	if err := c.Append(t.Context(), sampleRenewal(1)[0]); !errors.Is(err, ErrJournal) {
		t.Errorf("Append to a damaged file: error = %v, want %v", err, ErrJournal)
	}
	if now := readFile(t, j.statesOf(1)); !bytes.Equal(now, damaged) {
		t.Error("a damaged file was written to")
	}
	mustRelease(t, c)
	account := readFile(t, j.path(accountFile))
	account[len(account)/2] ^= 4
	putFile(t, j.path(accountFile), account)
	if _, err := OpenJournal(dir, OnlyJournal); !errors.Is(err, ErrJournal) || !strings.Contains(err.Error(), "at byte 0") {
		t.Errorf("OpenJournal with a damaged account = %v, want %v", err, ErrJournal)
	}
}

// TestJournalFromAnotherVersion refuses a record of a program that knows more, even
// where its fields are others, and one that is of another file.
func TestJournalFromAnotherVersion(t *testing.T) {
	t.Parallel()
	dir, text, _ := written(t, 1)
	j := mustOpen(t, dir)
	for json, want := range map[string]string{
		`{"v":2,"account":7}`: "a record has version 2", `{"account":"x"}`: "a record has version 0", `something else`: "a record has version 0",
		`{"v":1,"account":"x"}`: "a record is damaged", `{"v":1,"state":null}`: "a record is damaged", `{"v":1,"state":7}`: "cannot unmarshal",
	} {
		line := fmt.Appendf(nil, "%08x %s\n", crc32.ChecksumIEEE([]byte(json)), json)
		putFile(t, j.statesOf(1), slices.Concat(text, line))
		_, err := j.Claim(t.Context(), account, 1)
		if want = fmt.Sprintf("at byte %d: %s", len(text), want); !errors.Is(err, ErrJournal) || !strings.Contains(err.Error(), want) &&
			!strings.Contains(err.Error(), "cannot unmarshal") {
			t.Errorf("a record %s: error = %v, want %v %q", json, err, ErrJournal, want)
		}
	}
}

// TestJournalFullDisk keeps whole records or nothing of them, whatever of a write
// succeeds, and goes on when there is room again.
func TestJournalFullDisk(t *testing.T) {
	t.Parallel()
	states := sampleRenewal(1)
	for _, bytes := range []int{0, 1, 8, 60, 200, 10_000} {
		for fails := range 40 {
			dir := t.TempDir()
			j := mustOpen(t, dir)
			failing(j, fails, bytes)
			kept := 0
			c, err := j.Claim(t.Context(), account, 1)
			if err == nil {
				for kept < len(states) && err == nil {
					if err = c.Append(t.Context(), states[kept]); err == nil {
						kept++
					}
				}
				mustRelease(t, c)
			}
			if err == nil {
				if fails < 12 {
					t.Fatalf("after %d operations: nothing failed", fails)
				}
				break
			}
			if !errors.Is(err, ErrJournal) || !errors.Is(err, errFull) {
				t.Fatalf("after %d operations: error = %v, want %v: %v", fails, err, ErrJournal, errFull)
			}
			got := statesOf(t, quick(t, dir), 1)
			may := []string{asJSON(t, statesThatCount(states[:kept], []ServiceID{1})...), asJSON(t, statesThatCount(states[:kept+1], []ServiceID{1})...)}
			if !slices.Contains(may, asJSON(t, got...)) {
				t.Fatalf("after %d operations and %d bytes the journal has\n%s\nwant one of\n%v", fails, bytes, asJSON(t, got...), may)
			}
			goOn(t, dir, states[kept:])
		}
	}
}

// goOn ends a renewal that was cut off, and checks that nothing of it is missing.
func goOn(t *testing.T, dir string, states []State) {
	t.Helper()
	j := quick(t, dir)
	all := sampleRenewal(1)
	c := mustClaim(t, j, 1)
	mustAppend(t, c, states...)
	mustRelease(t, c)
	last := all[len(all)-1]
	if got := statesOf(t, j, 1); asJSON(t, got...) != asJSON(t, last) {
		t.Errorf("%s has at last\n%s\nwant\n%s", dir, asJSON(t, got...), asJSON(t, last))
	}
	if got := receiptsOf(t, j, time.Time{}); len(got) != 1 || asJSON(t, got[0]) != asJSON(t, *last.Receipt) {
		t.Errorf("%s has the receipts %v, want one", dir, got)
	}
	if got := ordersOf(t, j, time.Time{}); len(got) != 1 || got[0].Order != last.Order || !slices.Equal(got[0].Services, last.Services) {
		t.Errorf("%s has the orders %v, want one", dir, got)
	}
}

// TestJournalCrashes ends a process at each thing that it does to the disk, goes on from
// what is left, and ends it once more.
func TestJournalCrashes(t *testing.T) {
	t.Parallel()
	all := sampleRenewal(1)
	left := crashes(t, t.TempDir(), func(j *fileJournal) {
		c := mustClaim(t, j, 1)
		mustAppend(t, c, all...)
		mustRelease(t, c)
	})
	if len(left) < 35 {
		t.Fatalf("there were %d crashes", len(left))
	}
	for n, dir := range left {
		begun := 0
		if states := statesOf(t, quick(t, dir), 1); len(states) > 0 {
			begun = slices.IndexFunc(all, func(s State) bool { return s.Phase == states[0].Phase })
		}
		if n%4 == 0 {
			for _, again := range crashes(t, dir, func(j *fileJournal) {
				c := mustClaim(t, j, 1)
				mustAppend(t, c, all[begun])
				mustRelease(t, c)
			}) {
				goOn(t, again, all[begun:])
			}
		}
		goOn(t, dir, all[begun:])
	}
}

// TestJournalSyncs wants each record on the disk before Append returns, and the name of
// its file before it.
func TestJournalSyncs(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("Windows keeps directory entries with the files")
	}
	dir := t.TempDir()
	j := mustOpen(t, dir)
	var acts []string
	name := func(file *os.File) string { return strings.TrimPrefix(strings.TrimPrefix(file.Name(), dir), "/") }
	j.write = func(file *os.File, data []byte, at int64) (int, error) {
		acts = append(acts, "write "+name(file))
		return file.WriteAt(data, at)
	}
	j.sync = func(file *os.File) error {
		acts = append(acts, "sync "+name(file))
		return nil
	}
	c := mustClaim(t, j, 1)
	defer mustRelease(t, c)
	of := func(file string) []string { return []string{"write " + file, "sync " + file} }
	var want []string
	want = append(append(want, "sync "), of(accountFile)...)
	for i, s := range sampleRenewal(1) {
		mustAppend(t, c, s)
		switch i {
		case 0:
			want = append(want, "sync services")
		case 4:
			want = append(append(want, "sync "), of("receipts-2026-11.jsonl")...)
		}
		want = append(want, of("services/1.jsonl")...)
		if i == 1 {
			want = append(append(want, "sync "), of("orders-2026-11.jsonl")...)
		}
		if diff := cmp.Diff(want, acts); diff != "" {
			t.Fatalf("when Append returned (-want +got):\n%s", diff)
		}
	}
}

// TestJournalWaitsForItsContext holds the journal's lock as another process would.
func TestJournalWaitsForItsContext(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	j := mustOpen(t, dir)
	c := mustClaim(t, j, 1)
	lock, err := os.OpenFile(j.path(accountFile), os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Close()
	if err := flock.TryLock(lock); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if err := c.Append(ctx, sampleRenewal(1)[0]); !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, ErrJournal) {
		t.Errorf("Append while another process has the journal = %v, want %v: %v", err, ErrJournal, context.DeadlineExceeded)
	}
	if _, err := j.Orders(ctx, account, time.Time{}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Orders while another process has the journal = %v, want %v", err, context.DeadlineExceeded)
	}
	mustRelease(t, c) // which waits for nobody
	if err := flock.Unlock(lock); err != nil {
		t.Fatal(err)
	}
	c = mustClaim(t, j, 1)
	mustAppend(t, c, sampleRenewal(1)[0])
	mustRelease(t, c)
}

// FuzzJournal reads any bytes as a file: they are refused, or read the same again.
func FuzzJournal(f *testing.F) {
	var file []byte
	for n, s := range sampleRenewal(7) {
		line, err := record{Changed: int64(n), State: &s}.line()
		if err != nil {
			f.Fatal(err)
		}
		file = append(file, line...)
		f.Add(line)
	}
	f.Add(file)
	f.Add(file[:len(file)-9])
	f.Add([]byte("\n"))
	f.Add([]byte("00000000 \n"))
	f.Add(fmt.Appendf(nil, "%08x {}\n", crc32.ChecksumIEEE([]byte("{}"))))
	f.Fuzz(func(t *testing.T, file []byte) {
		records, end, err := parse("file", 0, file, aState)
		if err != nil {
			return
		}
		if whole := int64(bytes.LastIndexByte(file, '\n') + 1); end != whole {
			t.Fatalf("read %d bytes of a file with whole lines up to %d", end, whole)
		}
		for _, r := range records {
			line, err := r.line()
			if err != nil {
				t.Fatal(err)
			}
			again, err := parseRecord(line[:len(line)-1])
			if err != nil || !reflect.DeepEqual(r.State.Services, again.State.Services) || asJSON(t, r) != asJSON(t, again) {
				t.Fatalf("the record %+v is written %q: %v", r, line, err)
			}
		}
	})
}
