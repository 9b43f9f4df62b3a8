// What the files that decide about money have in common: their tests.

package ovhrenew_test

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// coreFiles are those that decide about money.
var coreFiles = strings.Fields(`machine look standing moved fit book orderlist rivals drive pages pause
	runner resume task stop guard mode reaction preview renew
	journal journaldir journalfile journalclaim journalstate journalmonth journalreceipt`)

// Each file of the core is short, has tests under its name, and names at its top tests that exist.
func TestCoreNamesItsTests(t *testing.T) {
	t.Parallel()
	tests := map[string]bool{}
	for _, dir := range []string{".", "internal/safety", "ovhrenewtest"} {
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			for _, found := range regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`).FindAllSubmatch(read(t, file), -1) {
				tests[string(found[1])] = true
			}
		}
	}
	for _, name := range coreFiles {
		text := read(t, name+".go")
		if n := bytes.Count(text, []byte("\n")); n > 400 {
			t.Errorf("%s.go has %d lines, want 400 at most", name, n)
		}
		if _, err := os.Stat(name + "_test.go"); err != nil {
			t.Errorf("%s.go has no test of its name: %v", name, err)
		}
		head, _, _ := strings.Cut(string(text), "\npackage ")
		named := regexp.MustCompile(`\b(?:Test|Fuzz)\w+`).FindAllString(head, -1)
		if len(named) == 0 {
			t.Errorf("%s.go does not begin with the tests that fail without it", name)
		}
		for _, test := range named {
			if !tests[test] {
				t.Errorf("%s.go names %s, which is no test", name, test)
			}
		}
	}
}

func read(t *testing.T, file string) []byte {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
