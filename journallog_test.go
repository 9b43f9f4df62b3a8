package ovhrenew

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ovhrenew/ovhrenew/internal/flock"
)

func TestJournalRoundTrip(t *testing.T) {
	t.Parallel()
	dir, log, _ := written(t, 1, 2)
	for name, j := range map[string]*fileJournal{"opened again": mustOpen(t, dir), "opened twice": mustOpen(t, dir)} {
		want := asJSON(t, sampleRenewal(1)[4], sampleRenewal(2)[4])
		if diff := cmp.Diff(want, asJSON(t, statesOf(t, j, 1, 2)...)); diff != "" {
			t.Errorf("%s (-written +read):\n%s", name, diff)
		}
		if got := statesOf(t, j, 3); len(got) != 0 {
			t.Errorf("%s: service 3 has the states %v, want none", name, got)
		}
	}
	if now := readLog(t, dir); !bytes.Equal(now, log) {
		t.Errorf("reading changed the log:\n%s\nto\n%s", log, now)
	}
	for name, want := range map[string]os.FileMode{"journal.log": 0o600, "claims": 0o700} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if mode := info.Mode().Perm(); runtime.GOOS != "windows" && mode != want {
			t.Errorf("the mode of %s is %o, want %o", name, mode, want)
		}
	}
	if left, err := os.ReadDir(filepath.Join(dir, "claims")); err != nil || len(left) != 0 {
		t.Errorf("claims that were released left %v, %v", left, err)
	}
}

// TestJournalCutAnywhere cuts the log at every byte, as a crash can: what was
// acknowledged before is there, the torn record is not, and writing goes on.
func TestJournalCutAnywhere(t *testing.T) {
	t.Parallel()
	dir, log, ends := written(t, 1, 2)
	all := append(sampleRenewal(1), sampleRenewal(2)...)
	quick := func() *fileJournal {
		j := newFileJournal(dir, OnlyJournal)
		j.sync = func(*os.File) error { return nil }
		return j
	}
	extra := sampleRenewal(2)[3]
	extra.Renewal = "extra"
	for cut := range len(log) + 1 {
		whole := 0
		for whole < len(ends) && ends[whole] <= cut {
			whole++
		}
		if near := whole < len(ends) && ends[whole]-cut < 3 || whole > 0 && cut-ends[whole-1] < 12; !near && !*large && cut%7 != 0 {
			continue
		}
		putLog(t, dir, log[:cut])
		want := concerning(all[:max(0, whole-1)], []ServiceID{1, 2})
		c := mustClaim(t, quick(), 1, 2)
		if got := c.States(); asJSON(t, got...) != asJSON(t, want...) {
			t.Fatalf("cut at byte %d: got\n%s\nwant\n%s", cut, asJSON(t, got...), asJSON(t, want...))
		}
		mustAppend(t, c, extra)
		mustRelease(t, c)
		if got, want := asJSON(t, statesOf(t, quick(), 1, 2)...), asJSON(t, append(want, extra)...); got != want {
			t.Fatalf("cut at byte %d, then appended to: got\n%s\nwant\n%s", cut, got, want)
		}
	}
}

// TestJournalDamage flips every bit of the log but those of its last line's end:
// nothing is skipped in silence, and the error says where.
func TestJournalDamage(t *testing.T) {
	t.Parallel()
	dir, log, ends := written(t, 1)
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
				if _, err := unsealed(text); err == nil {
					t.Fatalf("bit %d of byte %d flipped: read", bit, at)
				}
				continue
			}
			putLog(t, dir, damaged)
			_, err := OpenJournal(dir, OnlyJournal)
			if where := fmt.Sprintf("at byte %d:", starts[line]); !errors.Is(err, ErrJournal) || !strings.Contains(err.Error(), where) {
				t.Fatalf("bit %d of byte %d flipped: error = %v, want %v %q", bit, at, err, ErrJournal, where)
			}
			if now := readLog(t, dir); !bytes.Equal(now, damaged) {
				t.Fatalf("bit %d of byte %d flipped: opening changed the log", bit, at)
			}
		}
	}
}

// TestJournalDamagedLater finds what was damaged after the journal was opened.
func TestJournalDamagedLater(t *testing.T) {
	t.Parallel()
	dir, log, _ := written(t, 1)
	j := mustOpen(t, dir)
	damaged := append(bytes.Clone(log), "00000000 {}\n"...)
	putLog(t, dir, damaged)
	want := fmt.Sprintf("at byte %d:", len(log))
	if _, err := j.Claim(t.Context(), account, 9); !errors.Is(err, ErrJournal) || !strings.Contains(err.Error(), want) {
		t.Errorf("Claim in a damaged journal: error = %v, want %v %q", err, ErrJournal, want)
	}
	putLog(t, dir, log)
	c := mustClaim(t, j, 9) // which the failed one has let go
	defer mustRelease(t, c)
	putLog(t, dir, damaged)
	if err := c.Append(t.Context(), sampleRenewal(9)[0]); !errors.Is(err, ErrJournal) {
		t.Errorf("Append to a damaged journal: error = %v, want %v", err, ErrJournal)
	}
	if now := readLog(t, dir); !bytes.Equal(now, damaged) {
		t.Error("a damaged journal was written to")
	}
	putLog(t, dir, log)
}

// TestJournalFullDisk keeps whole records or nothing of them, whatever of a write
// succeeds, and goes on when there is room again.
func TestJournalFullDisk(t *testing.T) {
	t.Parallel()
	states := sampleRenewal(1)
	for _, bytes := range []int{-1, 0, 1, 8, 60, 200, 1000} {
		dir := t.TempDir()
		d := onFullDisk(t, dir, 3, bytes) // the header and two states
		c := mustClaim(t, d, 1)
		for i, s := range states[:3] {
			if err := c.Append(t.Context(), s); i < 2 && err != nil || i == 2 && (!errors.Is(err, ErrJournal) || !errors.Is(err, errFull)) {
				t.Fatalf("%d bytes fit: Append of state %d: error = %v", bytes, i, err)
			}
		}
		if got, want := asJSON(t, c.States()...), asJSON(t, states[1]); got != want {
			t.Errorf("%d bytes fit: the claim has\n%s\nwant\n%s", bytes, got, want)
		}
		mustRelease(t, c)
		if got, want := asJSON(t, statesOf(t, mustOpen(t, dir), 1)...), asJSON(t, states[1]); got != want {
			t.Errorf("%d bytes fit: the journal has\n%s\nwant\n%s", bytes, got, want)
		}
		d.left = 100
		c = mustClaim(t, d, 1)
		mustAppend(t, c, states[3])
		mustRelease(t, c)
		if got, want := asJSON(t, statesOf(t, mustOpen(t, dir), 1)...), asJSON(t, states[3]); got != want {
			t.Errorf("%d bytes fit, then there was room: the journal has\n%s\nwant\n%s", bytes, got, want)
		}
	}
}

// TestJournalSyncs wants each record on the disk before Append returns, and the file's
// own entry in its directory before the first.
func TestJournalSyncs(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	j := mustOpen(t, dir)
	var acts []string
	j.write = func(file *os.File, data []byte, at int64) (int, error) {
		acts = append(acts, "write "+filepath.Base(file.Name()))
		return file.WriteAt(data, at)
	}
	j.sync = func(file *os.File) error {
		name := filepath.Base(file.Name())
		if file.Name() == dir {
			name = "directory"
		}
		acts = append(acts, "sync "+name)
		return nil
	}
	var want []string
	if runtime.GOOS != "windows" {
		want = []string{"sync directory"}
	}
	c := mustClaim(t, j, 1)
	defer mustRelease(t, c)
	want = append(want, "write journal.log", "sync journal.log")
	for _, s := range sampleRenewal(1) {
		mustAppend(t, c, s)
		want = append(want, "write journal.log", "sync journal.log")
		if diff := cmp.Diff(want, acts); diff != "" {
			t.Fatalf("when Append returned (-want +got):\n%s", diff)
		}
	}
}

// TestJournalAppendsToARewrittenLog appends to a log that another handle has rewritten
// and that is too long to be read first. What is cut off behind its end is cut off.
func TestJournalAppendsToARewrittenLog(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	j, other := mustOpen(t, dir), mustOpen(t, dir)
	long := sampleRenewal(1)[0]
	long.Task = Task{Services: []Renewed{{Name: strings.Repeat("x", 2*readAtOnce)}}}
	c := mustClaim(t, other, 1)
	mustAppend(t, c, long)
	mustRelease(t, c)
	states := sampleRenewal(2)
	c = mustClaim(t, j, 2)
	mustAppend(t, c, states[0], states[1])
	if err := other.compactNow(t.Context()); err != nil {
		t.Fatal(err)
	}
	torn, err := os.OpenFile(filepath.Join(dir, "journal.log"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := torn.WriteString("0000" + strings.Repeat("x", 10_000)); err != nil {
		t.Fatal(err)
	}
	torn.Close()
	header := j.index.header
	mustAppend(t, c, states[2])
	d := states[3]
	d.Order = 5
	mustAppend(t, c, d, states[4])
	if j.index.header != header {
		t.Error("Append has read the log that was rewritten")
	}
	mustRelease(t, c)
	if got, want := asJSON(t, statesOf(t, j, 1, 2)...), asJSON(t, long, states[4]); got != want {
		t.Errorf("the journal has %d bytes of states, want %d", len(got), len(want))
	}
	want := []OrderFact{
		{Order: 1002, Date: states[1].Time, Services: states[1].Services},
		{Order: 5, Date: d.Time, Services: d.Services},
	}
	for _, j := range []*fileJournal{j, other, mustOpen(t, dir)} {
		if diff := cmp.Diff(asJSON(t, want...), asJSON(t, ordersOf(t, j, time.Time{})...)); diff != "" {
			t.Errorf("Orders (-want +got):\n%s", diff)
		}
	}
	// A log of another account that took the place of this one is refused.
	c = mustClaim(t, j, 2)
	line, err := newHeader("zz99999-ovh")
	if err != nil {
		t.Fatal(err)
	}
	log := readLog(t, dir)
	putLog(t, dir, append(line, log[len(header):]...))
	if err := c.Append(t.Context(), states[0]); !errors.Is(err, ErrJournal) || !strings.Contains(err.Error(), "zz99999-ovh") {
		t.Errorf("Append to the log of another account = %v, want %v", err, ErrJournal)
	}
	mustRelease(t, c)
}

// TestJournalWaitsForItsContext holds the log's lock as another process would.
func TestJournalWaitsForItsContext(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	j := mustOpen(t, dir)
	c := mustClaim(t, j, 1)
	lock, err := os.OpenFile(filepath.Join(dir, "journal.lock"), os.O_RDWR, 0)
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
		t.Errorf("Append while another process has the log = %v, want %v: %v", err, ErrJournal, context.DeadlineExceeded)
	}
	if _, err := j.Orders(ctx, account, time.Time{}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Orders while another process has the log = %v, want %v", err, context.DeadlineExceeded)
	}
	if err := flock.Unlock(lock); err != nil {
		t.Fatal(err)
	}
	mustAppend(t, c, sampleRenewal(1)[0])
	mustRelease(t, c)
}
