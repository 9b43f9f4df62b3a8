package ovhrenew_test

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/ovhrenew/ovhrenew"
)

func TestJournalDir(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the variables are those of Linux")
	}
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("XDG_CONFIG_HOME", "")
	dir, err := ovhrenew.JournalDir()
	if err != nil || dir != filepath.Join(home, ".config", "ovhrenew") {
		t.Errorf("JournalDir() = %q, %v", dir, err)
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("JournalDir has created it")
	}
	if _, err := ovhrenew.OpenJournal(dir, ovhrenew.OnlyJournal); err != nil {
		t.Error(err)
	}
	t.Setenv("HOME", "")
	if dir, err := ovhrenew.JournalDir(); !errors.Is(err, ovhrenew.ErrBadInput) || dir != "" || !strings.Contains(err.Error(), "set HOME, or name a directory") {
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
		_, err := ovhrenew.OpenJournal(dir, ovhrenew.OnlyJournal)
		if !errors.Is(err, ovhrenew.ErrBadInput) || !strings.Contains(err.Error(), want) {
			t.Errorf("OpenJournal(%q): %v, want %q", dir, err, want)
		}
	}
	if made, _ := os.ReadDir("."); len(made) != 0 {
		t.Errorf("made %v", made)
	}
	for _, dir := range []string{"./~", "a b", "a/$x", "50%"} {
		if _, err := ovhrenew.OpenJournal(dir, ovhrenew.OnlyJournal); err != nil {
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
	_, err := ovhrenew.OpenJournal(filepath.Join(dir, "journal"), ovhrenew.OnlyJournal)
	if !errors.Is(err, ovhrenew.ErrJournal) || !strings.Contains(err.Error(), dir) {
		t.Errorf("OpenJournal in %s: %v", dir, err)
	}
	if dir != "/proc" && !strings.Contains(err.Error(), "cannot be written by this user") {
		t.Errorf("OpenJournal in %s: %v", dir, err)
	}
}
