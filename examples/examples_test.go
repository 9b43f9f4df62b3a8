// Package examples has the tests that are the same for every example.
package examples_test

import (
	"bytes"
	"cmp"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

// build builds every example of this module, and returns the programs.
func build(t *testing.T) []string {
	t.Helper()
	dir := t.TempDir()
	out, err := exec.CommandContext(t.Context(), "go", "build", "-o", dir+string(filepath.Separator), "./...").CombinedOutput()
	if err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	programs, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(programs) < 4 {
		t.Fatalf("%d programs, %v", len(programs), err)
	}
	return programs
}

// TestSizes: an example is a page or two of Go, with all that is its own.
func TestSizes(t *testing.T) {
	t.Parallel()
	most := map[string]int{"internal": 60, "river": 120} // river is several programs in one
	lines := map[string]int{}
	files, err := filepath.Glob("*/*.go")
	deeper, err2 := filepath.Glob("*/*/*.go")
	if err := errors.Join(err, err2); err != nil {
		t.Fatal(err)
	}
	for _, name := range append(files, deeper...) {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		example, _, _ := strings.Cut(filepath.ToSlash(name), "/")
		if !strings.HasSuffix(name, "_test.go") {
			lines[example] += bytes.Count(data, []byte("\n"))
		}
	}
	for example, n := range lines {
		if n > cmp.Or(most[example], 100) {
			t.Errorf("%s has %d lines, want at most %d", example, n, cmp.Or(most[example], 100))
		}
	}
	if len(lines) < 8 {
		t.Errorf("only %d examples: %v", len(lines), lines)
	}
}

// TestCommandLine: what is wrong on the command line ends a program at once, with exit
// status 2; what is left over, with a line that says what there is.
func TestCommandLine(t *testing.T) {
	t.Parallel()
	for _, program := range build(t) {
		if strings.HasPrefix(filepath.Base(program), "goovh") {
			continue // a client of the sandbox, without a command line
		}
		name := strings.TrimSuffix(filepath.Base(program), ".exe")
		for _, c := range []struct {
			args   []string
			status int
			says   string
			lines  int // 0: any number
		}{
			{[]string{"surplus"}, 2, name, 1},
			{[]string{"-live", "surplus"}, 2, name, 1},
			{[]string{"-no-such-flag"}, 2, "-no-such-flag", 1},
			{[]string{"-h"}, 0, "usage: ", 0},
		} {
			if name != "renew-vps" && c.args[0] == "-live" {
				continue
			}
			cmd := exec.CommandContext(t.Context(), program, c.args...)
			cmd.Dir = t.TempDir()
			cmd.Env = []string{"HOME=" + cmd.Dir, "OVH_ENDPOINT=http://127.0.0.1:1/1.0"}
			var out, errs bytes.Buffer
			cmd.Stdout, cmd.Stderr = &out, &errs
			err := cmd.Run()
			if _, exited := errors.AsType[*exec.ExitError](err); err != nil && !exited {
				t.Fatal(err)
			}
			text := out.String() + errs.String()
			if status := cmd.ProcessState.ExitCode(); status != c.status || !strings.Contains(text, c.says) {
				t.Errorf("%s %q: exit status %d, want %d, printed\n%s", name, c.args, status, c.status, text)
			}
			if lines := strings.Count(text, "\n"); c.lines > 0 && (lines != c.lines || out.Len() > 0) {
				t.Errorf("%s %q prints %d lines, want %d on the standard error:\n%s", name, c.args, lines, c.lines, text)
			}
			if c.status == 0 && (errs.Len() > 0 || out.Len() == 0 || strings.Contains(text, "default \"\"")) {
				t.Errorf("%s -h shows an empty default, or not all on the standard output:\n%s", name, text)
			}
			for line := range strings.Lines(text) {
				if c.status == 0 && utf8.RuneCountInString(line) > 81 {
					t.Errorf("%s -h has a line of over 80 columns: %s", name, line)
				}
			}
		}
	}
}
