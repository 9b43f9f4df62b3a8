package main

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// long is a file with a function of so many lines, and as many after it as make the file so
// long.
func long(function, file int) string {
	text := "package p\n\nfunc F() {\n" + strings.Repeat("\n", function-2) + "}\n"
	return text + strings.Repeat("\n", max(0, file-strings.Count(text, "\n")))
}

// What is over a bound is said, of the module and of those below it; what is at its bound is
// not.
func TestRun(t *testing.T) {
	const tests = "package p\n"
	for _, c := range []struct {
		what  string
		files map[string]string
		want  []string // how they begin
	}{
		{"at the bounds", map[string]string{"a.go": long(maxFunction, maxFile), "a_test.go": tests, "sub/go.mod": "module n\n", "sub/b.go": long(3, 0), "sub/b_test.go": tests}, nil},
		{"a long function", map[string]string{"a.go": long(maxFunction+1, 0), "a_test.go": tests}, []string{"61 lines in F of a.go"}},
		{"a long file", map[string]string{"a.go": long(3, maxFile+1), "a_test.go": tests}, []string{"401 lines in a.go"}},
		{"long tests", map[string]string{"a.go": tests, "a_test.go": long(maxFunction+1, maxFile+1)}, []string{"401 lines in a_test.go"}},
		{"below", map[string]string{"a.go": tests, "sub/go.mod": "module n\n", "sub/b.go": long(maxFunction+1, maxFile+1), "sub/b_test.go": tests}, []string{"401 lines in sub/b.go", "61 lines in F of sub/b.go"}},
		{"no tests", map[string]string{"a.go": long(3, 0)}, []string{"1 files without tests"}},
		{"no tests below", map[string]string{"a.go": tests, "sub/go.mod": "module n\n", "sub/b.go": long(3, 0), "sub/c_test.go": tests}, []string{"2 files without tests"}},
	} {
		c.files["go.mod"] = "module example.test/p\n"
		t.Chdir(tree(t, c.files))
		var out bytes.Buffer
		over, err := run(&out, true)
		if err != nil {
			t.Errorf("%s: %v", c.what, err)
			continue
		}
		if !slices.EqualFunc(over, c.want, strings.HasPrefix) {
			t.Errorf("%s: %q, want %q", c.what, over, c.want)
		}
		if lonely := strings.Contains(out.String(), "sub/b.go\nsub/c_test.go\n"); lonely != (c.what == "no tests below") {
			t.Errorf("%s: they are listed: %t\n%s", c.what, lonely, &out)
		}
	}
}

// The table has a line for each package that there is; too many names or lines are said.
func TestNamesOver(t *testing.T) {
	var many strings.Builder
	many.WriteString("// Package p has many names.\npackage p\n\nconst (\n")
	for i := range maxRoot + 1 {
		fmt.Fprintf(&many, "\tC%d = %d\n", i, i)
	}
	many.WriteString(")\n")
	t.Chdir(tree(t, map[string]string{"go.mod": "module example.test/p\n", "p.go": many.String(), "access/a.go": strings.Replace(many.String(), "package p", "package access", 1)}))
	var out bytes.Buffer
	over, err := names(&out, nil)
	if want := []string{"321 names in the root, at most 320", "642 names in all packages, at most 480"}; err != nil || !slices.Equal(over, want) {
		t.Errorf("%q, %v, want %q", over, err, want)
	}
	if !strings.Contains(out.String(), " access\n") || strings.Contains(out.String(), " billing\n") {
		t.Errorf("the table is\n%s", &out)
	}
}
