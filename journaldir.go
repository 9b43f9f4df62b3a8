// These tests fail without it: TestJournalDir, TestMakeDir, TestDirectoryWithoutSync,
// TestOpenJournalRefuses, TestOddDirectories.

package ovhrenew

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"unicode"
)

// JournalDir returns the directory for the journal of one user's programs, below
// [os.UserConfigDir]. It creates nothing. The error is [ErrBadInput] without such a
// directory.
func JournalDir() (string, error) {
	settings, err := os.UserConfigDir()
	if err != nil {
		return "", &InputError{
			Call: "JournalDir", Err: err,
			Why: fmt.Sprintf("there is no directory of this user's settings (%v): set HOME, or name a directory for the journal that stays", err),
		}
	}
	return filepath.Join(settings, "ovhrenew"), nil
}

// OpenJournal opens the journal in a directory, and creates the directory if needed;
// [JournalDir] is the one that a user's programs keep by default. Any number of processes
// of one machine can share it. It is not for network file systems. A directory is for one
// account. The error is [ErrBadInput] or [ErrJournal].
func OpenJournal(dir string, sharing Sharing) (Journal, error) {
	const call = "OpenJournal"
	switch {
	case sharing != OnlyJournal && sharing != OneOfSeveral:
		return nil, badInput(call, "sharing", sharing,
			"does not say who shares the account: write OnlyJournal if every program that renews its services uses this journal, else OneOfSeveral")
	case oddDir(dir) != "":
		return nil, badInput(call, "dir", dir, oddDir(dir))
	}
	dir, err := filepath.Abs(dir) // a later change of the working directory changes nothing
	if err != nil {
		return nil, journalError(err)
	}
	j := newFileJournal(dir, sharing)
	err = j.makeDir()
	if err == nil {
		err = j.locked(context.Background(), func() error {
			_, err := j.account()
			return err
		})
	}
	if err != nil {
		return nil, journalError(notWritable(dir, err))
	}
	return j, nil
}

// oddDir says why a directory's name cannot be meant; empty: it may be.
func oddDir(dir string) string {
	switch {
	case strings.TrimSpace(dir) == "":
		return "names no directory"
	case strings.HasPrefix(dir, "~"):
		return `begins with "~", which only a shell replaces: join os.UserHomeDir to the rest, or write "./~" if it is meant`
	case strings.HasPrefix(dir, "$"), strings.HasPrefix(dir, "%") && strings.Count(dir, "%") > 1:
		return "begins with a variable, which only a shell replaces: use os.Getenv"
	case strings.TrimSpace(dir) != dir:
		return "begins or ends with white space"
	case strings.ContainsFunc(dir, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }):
		return "has control characters or invisible ones"
	case strings.HasPrefix(dir, `"`), strings.HasPrefix(dir, "'"):
		return "begins with a quotation mark"
	}
	return ""
}

func notWritable(dir string, err error) error {
	if errors.Is(err, fs.ErrPermission) || errors.Is(err, errReadOnly) {
		return fmt.Errorf("%s cannot be written by this user: choose a directory of its own that stays: %w", dir, err)
	}
	return err
}

// makeDir creates the directory, and makes the names of what it creates survive a
// crash. Where the directory exists already, its name has survived.
func (j *fileJournal) makeDir() error {
	missing := []string{}
	for dir := j.dir; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) || dir == filepath.Dir(dir) {
			break
		}
		missing = append(missing, dir)
	}
	for _, name := range []string{claimsDir, servicesDir} {
		if err := os.MkdirAll(j.path(name), 0o700); err != nil {
			return err
		}
	}
	for _, dir := range missing {
		if err := j.syncDir(filepath.Dir(dir)); err != nil {
			return err
		}
	}
	if len(missing) > 0 {
		return nil
	}
	// Whoever created the directory may not have synced its name. A parent that
	// cannot be read or synced is no reason to refuse what works.
	return j.syncIfPossible(filepath.Dir(j.dir))
}

// syncIfPossible is syncDir where the system may refuse it: the directory exists, and its
// file system keeps its entries as it does.
func (j *fileJournal) syncIfPossible(dir string) error {
	err := j.syncDir(dir)
	for _, harmless := range []error{fs.ErrPermission, syscall.EINVAL, errReadOnly, errors.ErrUnsupported} {
		if errors.Is(err, harmless) {
			return nil
		}
	}
	return err
}

// syncDir makes the entries of a directory survive a crash. Windows keeps them with
// the files.
func (j *fileJournal) syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return j.sync(d)
}
