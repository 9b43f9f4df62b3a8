package ovhrenew

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
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
