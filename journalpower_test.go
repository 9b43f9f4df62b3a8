// Across files: what a power loss takes from a journal, of all its files.

package ovhrenew

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
	"time"
)

// disk is what a power loss leaves of a journal on a disk that promises no more than it has
// to: of a file what it had when it was last synced, under the name that its directory had
// for it when that was last synced.
type disk struct {
	dir   string
	files []synced
	names map[string]os.FileInfo
}

type synced struct {
	file os.FileInfo
	text []byte
}

func newDisk(t *testing.T, dir string) *disk {
	t.Helper()
	d := &disk{dir: dir, names: map[string]os.FileInfo{}}
	for _, name := range []string{dir, filepath.Join(dir, servicesDir), filepath.Join(dir, claimsDir)} {
		d.syncNames(t, name)
	}
	return d
}

// sync is the sync of a journal on the disk.
func (d *disk) sync(t *testing.T, file *os.File) {
	t.Helper()
	info, err := file.Stat()
	if err != nil {
		t.Fatal(err)
	}
	if info.IsDir() {
		d.syncNames(t, file.Name())
		return
	}
	text := readFile(t, file.Name())
	for i, known := range d.files {
		if os.SameFile(known.file, info) {
			d.files[i].text = text
			return
		}
	}
	d.files = append(d.files, synced{info, text})
}

func (d *disk) syncNames(t *testing.T, dir string) {
	t.Helper()
	for name := range d.names {
		if filepath.Dir(name) == dir {
			delete(d.names, name)
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil {
			t.Fatal(err)
		}
		d.names[filepath.Join(dir, entry.Name())] = info
	}
}

// lose returns what is there after a power loss.
func (d *disk) lose(t *testing.T) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "journal")
	for _, dir := range []string{servicesDir, claimsDir} {
		if err := os.MkdirAll(filepath.Join(to, dir), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for name, info := range d.names {
		rest, err := filepath.Rel(d.dir, name)
		if err != nil {
			t.Fatal(err)
		}
		if info.IsDir() {
			continue
		}
		var text []byte
		for _, known := range d.files {
			if os.SameFile(known.file, info) {
				text = known.text
			}
		}
		putFile(t, filepath.Join(to, rest), text)
	}
	return to
}

// on opens a journal on the disk. Its process dies at the n-th thing that it does there.
func (d *disk) on(t *testing.T, n int) *fileJournal {
	t.Helper()
	j := mustOpen(t, d.dir)
	failing(j, n, 50)
	sync := j.sync
	j.sync = func(file *os.File) error {
		if err := sync(file); err != nil {
			return err
		}
		d.sync(t, file)
		return nil
	}
	return j
}

// TestPowerLoss lets a process die at each thing that it does to the disk, another go on,
// and the power fail then: what either was told as kept is there.
func TestPowerLoss(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("Windows keeps directory entries with the files")
	}
	for _, services := range [][]ServiceID{{1}, {1, 2}} {
		powerLosses(t, services)
	}
}

func powerLosses(t *testing.T, services []ServiceID) {
	t.Helper()
	for dies := range 400 {
		d := newDisk(t, quick(t, t.TempDir()).dir)
		kept := -1
		write := func(j *fileJournal, from, to int) error {
			c, err := j.Claim(t.Context(), account, services...)
			if err != nil {
				return err
			}
			defer mustRelease(t, c)
			for n := from; n < to; n++ {
				s := filled(n)
				s.Services, s.Order = services, OrderID(100+n/4)
				if n%4 == 3 {
					s.Phase, s.Renewal = PhaseRenewed, fmt.Sprint("filled ", n)
					s.Receipt = &Receipt{Order: s.Order}
				}
				if err := c.Append(t.Context(), s); err != nil {
					return err
				}
				kept = n
			}
			return nil
		}
		died := write(d.on(t, dies), 0, 9)
		before := kept
		if err := write(d.on(t, 1<<30), kept+1, kept+2); err != nil {
			t.Fatalf("after death at act %d: %v", dies, err)
		}
		j := quick(t, d.lose(t))
		last := -1
		for _, s := range statesOf(t, j, services...) {
			last = max(last, s.Unseen)
		}
		if receipts := len(receiptsOf(t, j, time.Time{})); last < kept || receipts < (kept+1)/4 {
			t.Errorf("services %v, after death at act %d, when state %d was kept, and a power loss when %d was: the journal has state %d and %d receipts",
				services, dies, before, kept, last, receipts)
		}
		if died == nil {
			if dies < 40 {
				t.Errorf("%d acts are all", dies)
			}
			return
		}
		if !errors.Is(died, errFull) {
			t.Fatal(died)
		}
	}
}

// TestRemovedWhileOpen moves a journal's directory away while a program has it open, as the
// error of a damaged file advises, or removes the files of its claims: whoever comes next
// can claim what the program has, so that it must not go on.
func TestRemovedWhileOpen(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("Windows removes nothing that is open")
	}
	for name, remove := range map[string]func(dir string) ([]ServiceID, error){
		"moved away": func(dir string) ([]ServiceID, error) { return []ServiceID{1, 2}, os.Rename(dir, dir+".old") },
		"removed":    func(dir string) ([]ServiceID, error) { return []ServiceID{1, 2}, os.RemoveAll(dir) },
		"without its claims": func(dir string) ([]ServiceID, error) {
			return []ServiceID{1, 2}, os.RemoveAll(filepath.Join(dir, claimsDir))
		},
		"without one claim": func(dir string) ([]ServiceID, error) {
			return []ServiceID{2}, os.Remove(filepath.Join(dir, claimsDir, "2"))
		},
		"with one claim moved": func(dir string) ([]ServiceID, error) {
			return []ServiceID{1}, os.Rename(filepath.Join(dir, claimsDir, "1"), filepath.Join(dir, "x"))
		},
	} {
		dir := filepath.Join(t.TempDir(), "journal")
		j := quick(t, dir)
		c := mustClaim(t, j, 1, 2)
		mustAppend(t, c, sampleRenewal(1)[:2]...)
		free, err := remove(dir)
		if err != nil {
			t.Fatal(err)
		}
		paying := sampleRenewal(1)[2]
		if err := c.Append(t.Context(), paying); !errors.Is(err, ErrJournal) {
			t.Errorf("%s: Append = %v, want %v", name, err, ErrJournal)
		}
		next := quick(t, dir)
		heir := mustClaim(t, next, free...)
		if err := c.Append(t.Context(), paying); !errors.Is(err, ErrJournal) || errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s, and claimed by another: Append = %v, want %v", name, err, ErrJournal)
		}
		if err := c.Release(); err != nil {
			t.Errorf("%s: Release = %v", name, err)
		}
		if _, err := next.Claim(t.Context(), account, free[0]); !errors.Is(err, ErrBusy) {
			t.Errorf("%s: after a release by the former, Claim = %v, want %v", name, err, ErrBusy)
		}
		mustAppend(t, heir, sampleRenewal(free[0])[0])
		mustRelease(t, heir)
	}
}

// TestNothingWritten fills what a write has not filled before a power loss with zeros. A last
// line without an end is cut off; one with an end is damaged, and nothing is believed of it.
func TestNothingWritten(t *testing.T) {
	t.Parallel()
	dir, text, ends := written(t, 1)
	j := quick(t, dir)
	last := ends[len(ends)-2] // where the last line begins
	for from := last; from < len(text); from += 7 {
		for to := from + 1; to <= len(text); to += 31 {
			torn := slices.Clone(text)
			clear(torn[from:to])
			putFile(t, j.statesOf(1), torn)
			states, err := claimStates(t, j, 1)
			switch whole := to < len(text); {
			case whole && !errors.Is(err, ErrJournal):
				t.Fatalf("bytes %d to %d are zero: %v, %v, want %v", from, to, states, err, ErrJournal)
			case !whole && (err != nil || len(states) != 1 || states[0].Phase != PhasePaid):
				t.Fatalf("all from byte %d is zero: %v, %v, want what was kept before", from, states, err)
			}
		}
	}
}

func claimStates(t *testing.T, j Journal, services ...ServiceID) ([]State, error) {
	t.Helper()
	c, err := j.Claim(t.Context(), account, services...)
	if err != nil {
		return nil, err
	}
	defer mustRelease(t, c)
	return c.States(), nil
}
