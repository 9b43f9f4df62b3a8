package ovhrenew

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

func TestJournalDir(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the variables are those of Linux")
	}
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("XDG_CONFIG_HOME", "")
	dir, err := JournalDir()
	if err != nil || dir != filepath.Join(home, ".config", "ovhrenew") {
		t.Errorf("JournalDir() = %q, %v", dir, err)
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("JournalDir has created it")
	}
	if _, err := OpenJournal(dir, OnlyJournal); err != nil {
		t.Error(err)
	}
	t.Setenv("HOME", "")
	if dir, err := JournalDir(); !errors.Is(err, ErrBadInput) || dir != "" || !strings.Contains(err.Error(), "set HOME, or name a directory") {
		t.Errorf("without HOME: %q, %v", dir, err)
	}
}

// TestOddDirectories are names of directories as people pass them on.
func TestOddDirectories(t *testing.T) {
	t.Chdir(t.TempDir())
	for dir, want := range map[string]string{
		"": "names no directory", " ": "names no directory", "~": "os.UserHomeDir", "~/x": "os.UserHomeDir", "~root/x": "os.UserHomeDir",
		"$HOME/x": "os.Getenv", "${HOME}": "os.Getenv", "%APPDATA%\\x": "os.Getenv",
		"x\n": "white space", " x": "white space", "x\u00a0": "white space", "x\ty": "control", "x\x00": "control", "\ufeffx": "invisible", "x\u200by": "invisible",
		`"x"`: "quotation mark", "'x'": "quotation mark",
	} {
		_, err := OpenJournal(dir, OnlyJournal)
		if !errors.Is(err, ErrBadInput) || !strings.Contains(err.Error(), want) {
			t.Errorf("OpenJournal(%q): %v, want %q", dir, err, want)
		}
	}
	if made, _ := os.ReadDir("."); len(made) != 0 {
		t.Errorf("made %v", made)
	}
	for _, dir := range []string{"./~", "a b", "a/$x", "50%"} {
		if _, err := OpenJournal(dir, OnlyJournal); err != nil {
			t.Errorf("OpenJournal(%q): %v", dir, err)
		}
	}
}

// TestUnwritableDirectory is a directory of somebody else's, or one that cannot be written.
func TestUnwritableDirectory(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o500); err != nil { //nolint:gosec // that is the point
		t.Fatal(err)
	}
	if os.WriteFile(filepath.Join(dir, "probe"), nil, 0o600) == nil {
		dir = "/proc" // for root, the only place that cannot be written everywhere
		if runtime.GOOS != "linux" {
			t.Skip("root can write everywhere")
		}
	}
	_, err := OpenJournal(filepath.Join(dir, "journal"), OnlyJournal)
	if !errors.Is(err, ErrJournal) || !strings.Contains(err.Error(), dir) {
		t.Errorf("OpenJournal in %s: %v", dir, err)
	}
	if dir != "/proc" && !strings.Contains(err.Error(), "cannot be written by this user") {
		t.Errorf("OpenJournal in %s: %v", dir, err)
	}
}

func TestOpenJournalRefuses(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	file := filepath.Join(root, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	noAccount := filepath.Join(root, "no account")
	if err := os.MkdirAll(filepath.Join(noAccount, accountFile), 0o700); err != nil {
		t.Fatal(err)
	}
	noClaims := filepath.Join(root, "no claims")
	if err := os.Mkdir(noClaims, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(noClaims, "claims"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	dirs := map[string]string{
		"a file": file, "below a file": filepath.Join(file, "x"), "the account is a directory": noAccount, "claims is a file": noClaims,
	}
	if runtime.GOOS != "windows" && os.Getuid() != 0 { // nothing is closed to root
		closed := filepath.Join(root, "closed")
		if err := os.Mkdir(closed, 0o500); err != nil {
			t.Fatal(err)
		}
		dirs["not writable"] = closed
	}
	for name, dir := range dirs {
		if j, err := OpenJournal(dir, OnlyJournal); !errors.Is(err, ErrJournal) || j != nil {
			t.Errorf("OpenJournal of what is %s = %v, %v, want %v", name, j, err, ErrJournal)
		}
	}
	for dir, want := range map[string]string{"": "no directory", "~": "os.UserHomeDir", "~/x": "os.UserHomeDir", "~root": "os.UserHomeDir"} {
		if _, err := OpenJournal(dir, OnlyJournal); !errors.Is(err, ErrBadInput) || !strings.Contains(err.Error(), want) {
			t.Errorf("OpenJournal(%q) = %v, want %v %q", dir, err, ErrBadInput, want)
		}
	}
	for _, sharing := range []Sharing{"", "onlyJournal", "OneOfSeveral "} {
		if _, err := OpenJournal(filepath.Join(root, "unsaid"), sharing); !errors.Is(err, ErrBadInput) || !strings.Contains(err.Error(), "write OnlyJournal") {
			t.Errorf("OpenJournal with the sharing %q = %v, want %v", sharing, err, ErrBadInput)
		}
	}
	if _, err := os.Stat(filepath.Join(root, "unsaid")); err == nil {
		t.Error("OpenJournal created a directory although it refused")
	}
	j := mustOpen(t, filepath.Join(root, "new", "er"))
	if err := os.Mkdir(filepath.Join(j.dir, "claims", "5"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := j.Claim(t.Context(), account, 5); !errors.Is(err, ErrJournal) || errors.Is(err, ErrBusy) {
		t.Errorf("Claim where claims cannot be read: error = %v, want %v", err, ErrJournal)
	}
}

// TestOpenJournalRelative is not parallel: the working directory is the process's.
func TestOpenJournalRelative(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.Mkdir("sub", 0o700); err != nil {
		t.Fatal(err)
	}
	j := mustOpen(t, "../"+filepath.Base(mustGetwd(t))+"/a/b")
	home := mustOpen(t, "./~")
	t.Chdir("sub")
	mustRelease(t, mustClaim(t, j, 1))
	mustRelease(t, mustClaim(t, home, 1))
	for _, dir := range []string{"../a/b", "../~"} {
		if _, err := os.Stat(filepath.Join(dir, accountFile)); err != nil {
			t.Errorf("after a change of the working directory: %v", err)
		}
	}
	if left, err := os.ReadDir("."); err != nil || len(left) != 0 {
		t.Errorf("the new working directory has %v, %v", left, err)
	}
}

func mustGetwd(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestMakeDir lets the sync of parents fail.
func TestMakeDir(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("Windows keeps directory entries with the files")
	}
	harmless := []error{syscall.EINVAL, syscall.ENOSYS, syscall.EROFS, syscall.EACCES, syscall.EPERM}
	for _, fails := range append(harmless, syscall.EIO) {
		dir := t.TempDir()
		old, created := newFileJournal(dir, OnlyJournal), newFileJournal(filepath.Join(dir, "a", "b"), OnlyJournal)
		var synced []string
		old.sync = func(*os.File) error { return &os.PathError{Op: "sync", Path: dir, Err: fails} }
		created.sync = func(file *os.File) error {
			synced = append(synced, file.Name())
			return nil
		}
		if err := old.makeDir(); (err == nil) != (fails != syscall.EIO) {
			t.Errorf("the directory exists and the sync of its parent fails with %v: error = %v", fails, err)
		}
		if err := created.makeDir(); err != nil || len(synced) != 2 || synced[0] != filepath.Join(dir, "a") || synced[1] != dir {
			t.Errorf("new directories: synced %v, %v, want each parent", synced, err)
		}
		lost := newFileJournal(filepath.Join(dir, "c"), OnlyJournal)
		lost.sync = old.sync
		if err := lost.makeDir(); !errors.Is(err, fails) {
			t.Errorf("a new directory whose name may be lost: error = %v, want %v", err, fails)
		}
	}
}

// TestDirectoryWithoutSync keeps a journal where the system syncs files, and refuses to
// sync directories: it renews and opens, and rewrites nothing.
func TestDirectoryWithoutSync(t *testing.T) {
	t.Parallel()
	for _, fails := range []error{syscall.EINVAL, syscall.ENOSYS, syscall.EROFS, syscall.EACCES, syscall.EIO} {
		dir := t.TempDir()
		j := mustOpen(t, dir)
		j.sync = func(file *os.File) error {
			if info, err := file.Stat(); err != nil || info.IsDir() {
				return &os.PathError{Op: "sync", Path: file.Name(), Err: fails}
			}
			return file.Sync()
		}
		c, err := j.Claim(t.Context(), account, 1)
		if fails == syscall.EIO {
			if !errors.Is(err, ErrJournal) {
				t.Errorf("a disk that fails: %v, want %v", err, ErrJournal)
			}
			continue
		}
		if err != nil {
			t.Errorf("%v: %v", fails, err)
			continue
		}
		mustAppend(t, c, sampleRenewal(1)...)
		mustRelease(t, c)
		c = mustClaim(t, j, 1)
		for n := range 30 { // until the file would be rewritten
			s := sampleRenewal(1)[2]
			s.Time = s.Time.AddDate(1, 0, n)
			mustAppend(t, c, s)
		}
		mustRelease(t, c)
		if size := len(readFile(t, j.statesOf(1))); size < rewriteFrom {
			t.Errorf("%v: the file was rewritten, and its name may be lost: %d bytes", fails, size)
		}
		if got := receiptsOf(t, mustOpen(t, dir), time.Time{}); len(got) != 1 {
			t.Errorf("%v: the receipts are %v, want one", fails, got)
		}
	}
}

func TestJournalOfAnotherAccount(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	mustRelease(t, mustClaim(t, mustOpen(t, dir), 1))
	_, err := mustOpen(t, dir).Claim(t.Context(), "zz99999-ovh", 1)
	if !errors.Is(err, ErrJournal) || !strings.Contains(err.Error(), account) || !strings.Contains(err.Error(), "zz99999-ovh") {
		t.Errorf("Claim for another account = %v, want %v that names both", err, ErrJournal)
	}
}

// longJournal writes three years of renewals, each service once a year.
func longJournal(t *testing.T, start time.Time, monthly, months int) string {
	t.Helper()
	j := quick(t, t.TempDir())
	mustRelease(t, mustClaim(t, j, 1))
	for n := range months {
		var orders, receipts []byte
		for k := range monthly {
			id := ServiceID(1 + n%12*monthly + k)
			var lines []byte
			for i, s := range sampleRenewal(id) {
				s.Time, s.Renewal = start.AddDate(0, n, 0).Add(time.Duration(k)*time.Minute), fmt.Sprint(id, "@", n, " P12M")
				s.Task = Task{Services: []Renewed{{Name: strings.Repeat("x", 300)}}}
				if s.Order != 0 {
					s.Order = OrderID(n*monthly + k + 1)
				}
				lines = append(lines, lineOf(t, record{Changed: s.Time.UnixNano() + int64(i), Named: s.Time, State: &s})...)
				switch i {
				case 1:
					orders = append(orders, lineOf(t, record{Order: &OrderFact{Order: s.Order, Date: s.Time, Services: s.Services}})...)
				case 4:
					receipts = append(receipts, lineOf(t, record{Renewal: s.Renewal, Ended: s.Time, Receipt: s.Receipt})...)
				}
			}
			if err := j.append(j.statesOf(id), lines); err != nil {
				t.Fatal(err)
			}
		}
		at := start.AddDate(0, n, 0)
		if err := errors.Join(j.append(j.path(monthFile(ordersPrefix, at)), orders), j.append(j.path(monthFile(receiptsPrefix, at)), receipts)); err != nil {
			t.Fatal(err)
		}
	}
	return j.dir
}

func lineOf(t *testing.T, r record) []byte {
	t.Helper()
	line, err := r.line()
	if err != nil {
		t.Fatal(err)
	}
	return line
}

// appendWhile appends again and again, as another process would, until f has returned, and
// returns what the longest append took.
func appendWhile(t *testing.T, dir string, f func()) (longest time.Duration) {
	t.Helper()
	c := mustClaim(t, mustOpen(t, dir), 1<<40)
	defer mustRelease(t, c)
	done := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			began := time.Now()
			if err := c.Append(t.Context(), sampleRenewal(1 << 40)[0]); err != nil {
				t.Error(err)
			}
			longest = max(longest, time.Since(began))
			select {
			case <-done:
				return
			default:
			}
		}
	})
	f()
	close(done)
	wg.Wait()
	return longest
}

// TestLongJournal wants three years of renewals to take little time and memory to open, and
// nobody to wait for somebody who reads all of it. It is not parallel, as it measures.
func TestLongJournal(t *testing.T) {
	monthly, months := 100, 36
	if *large {
		monthly = 10_000
	}
	start := noon.AddDate(-3, 0, 0)
	dir := longJournal(t, start, monthly, months)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	began := time.Now()
	j := mustOpen(t, dir)
	opened := time.Since(began)
	runtime.GC()
	runtime.ReadMemStats(&after)
	memory := int64(after.HeapAlloc) - int64(before.HeapAlloc)
	if opened > time.Second || memory > 100<<20 {
		t.Errorf("opening takes %v and %d bytes, want under a second and 100 MB", opened, memory)
	}
	alone := appendWhile(t, dir, func() { <-time.After(time.Duration(monthly) * 200 * time.Microsecond) })
	began = time.Now()
	longest := appendWhile(t, dir, func() {
		if got := receiptsOf(t, j, time.Time{}); len(got) != monthly*months {
			t.Errorf("there are %d receipts, want %d", len(got), monthly*months)
		}
		if got := ordersOf(t, j, time.Time{}); len(got) != monthly*months {
			t.Errorf("there are %d orders, want %d", len(got), monthly*months)
		}
	})
	t.Logf("%d renewals: opened in %v with %d kB of memory; all read in %v, the longest append meanwhile %v, and without that %v",
		monthly*months, opened, memory>>10, time.Since(began), longest, alone)
	if got := receiptsOf(t, j, start.AddDate(0, months-2, 0)); len(got) != 2*monthly {
		t.Errorf("of the last two months there are %d receipts, want %d", len(got), 2*monthly)
	}
	if got := ordersOf(t, j, start.AddDate(0, months-1, 0)); len(got) != monthly {
		t.Errorf("of the last month there are %d orders, want %d", len(got), monthly)
	}
	longUse(t, dir, start.AddDate(0, months-13, 0)) // as far back as a process reads at first
	if got := statesOf(t, j, 2, ServiceID(monthly)*12); len(got) != 2 || got[0].Phase != "renewed" {
		t.Errorf("two services have the states %v, want what ended last of each", got)
	}
}

// longUse measures what a process takes of a journal that has grown old.
func longUse(t *testing.T, dir string, since time.Time) {
	t.Helper()
	var first, again, claimed, appended time.Duration
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	j := mustOpen(t, dir)
	for _, took := range []*time.Duration{&first, &again} {
		began := time.Now()
		ordersOf(t, j, since)
		*took = time.Since(began)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if memory := int64(after.HeapAlloc) - int64(before.HeapAlloc); memory > 100<<20 {
		t.Errorf("what stays of the orders is %d bytes, want 100 MB", memory)
	}
	for id := ServiceID(1); id <= 100; id += 5 {
		began := time.Now()
		c := mustClaim(t, j, id)
		claimed = max(claimed, time.Since(began))
		began = time.Now()
		mustAppend(t, c, sampleRenewal(id)[0])
		appended = max(appended, time.Since(began))
		mustRelease(t, c)
	}
	t.Logf("the orders of 13 months take %v, once more %v, and %d kB stay; of 20 claims and appends the longest take %v and %v",
		first, again, (int64(after.HeapAlloc)-int64(before.HeapAlloc))>>10, claimed, appended)
}
