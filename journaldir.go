package ovhrenew

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
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
