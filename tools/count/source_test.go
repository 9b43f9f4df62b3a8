package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// tree writes files below a new directory.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func listed(dir string, files []source) (all []string) {
	for _, f := range files {
		name, _ := filepath.Rel(dir, f.path)
		all = append(all, filepath.ToSlash(name))
	}
	slices.Sort(all)
	return all
}

// A module's files are those that are in no module below it; hidden ones and testdata are
// nobody's.
func TestRead(t *testing.T) {
	t.Parallel()
	const text = "package p\n"
	dir := tree(t, map[string]string{
		"go.mod": "module m\n", "a.go": text, "a_test.go": text, "sub/b.go": text, "sub/b.txt": "",
		"nested/go.mod": "module n\n", "nested/c.go": text, "nested/deep/d.go": text, "nested/deep/er/go.mod": "module o\n", "nested/deep/er/e.go": text,
		"testdata/x.go": "not Go", "sub/testdata/x.go": "not Go", ".hidden/x.go": "not Go",
	})
	files, err := read(dir)
	if want := []string{"a.go", "a_test.go", "sub/b.go"}; err != nil || !slices.Equal(listed(dir, files), want) {
		t.Errorf("of the module there are %v, %v, want %v", listed(dir, files), err, want)
	}
	files, err = readAll(dir)
	if want := []string{"a.go", "a_test.go", "nested/c.go", "nested/deep/d.go", "nested/deep/er/e.go", "sub/b.go"}; err != nil || !slices.Equal(listed(dir, files), want) {
		t.Errorf("of all modules there are %v, %v, want %v", listed(dir, files), err, want)
	}
	if _, err := read(filepath.Join(dir, "nowhere")); err == nil {
		t.Error("a directory that is not there has files")
	}
	if _, err := read(tree(t, map[string]string{"a.go": "not Go"})); err == nil {
		t.Error("what is not Go is read")
	}
}

// A file's functions are as long as from their first line to their last.
func TestReadFile(t *testing.T) {
	t.Parallel()
	dir := tree(t, map[string]string{"a.go": "package p\n\n// F does.\nfunc F() {\n\t_ = 1\n}\n\nfunc (t T) G() {}\n\ntype T struct{}\n"})
	f, err := readFile(filepath.Join(dir, "a.go"))
	if want := []function{{"F", 3}, {"G", 1}}; err != nil || !slices.Equal(f.functions, want) || len(f.lines) != 10 {
		t.Errorf("%+v, %d lines, %v", f.functions, len(f.lines), err)
	}
}

// Every file with functions has tests of its name, but examples, what has a main alone, and
// files for a system, which have those of all systems; tests without a file say of what.
func TestLonely(t *testing.T) {
	t.Parallel()
	files := func(paths ...string) (all []source) {
		for _, path := range paths {
			name, first, _ := strings.Cut(path, ": ")
			name, only, _ := strings.Cut(name, " ")
			f := source{path: name, lines: []string{first}}
			switch only {
			case "":
				f.functions = []function{{"F", 1}}
			case "main":
				f.functions = []function{{"main", 1}}
			case "main+1":
				f.functions = []function{{"main", 1}, {"run", 1}}
			}
			all = append(all, f)
		}
		return all
	}
	for _, c := range []struct {
		what  string
		files []source
		want  []string
	}{
		{"with tests", files("a.go", "a_test.go"), nil},
		{"without", files("a.go", "b/a_test.go: // What both do.", "b/a.go"), []string{"a.go"}},
		{"of a nested module", files("cmd/x/a.go", "a_test.go: // What a does."), []string{"cmd/x/a.go"}},
		{"types alone", files("a.go types"), nil},
		{"a main", files("cmd/x/main.go main"), nil},
		{"a main and more", files("cmd/x/main.go main+1"), []string{"cmd/x/main.go"}},
		{"an example", files("examples/x/main.go main+1", "examples/x/a.go"), nil},
		{"for systems", files("a_unix.go", "a_windows.go", "a_linux.go", "a_other.go", "a_test.go: // What it does."), nil},
		{"for a system, without", files("a_linux.go"), []string{"a_linux.go"}},
		{"for a system, with its own alone", files("a_linux.go", "a_linux_test.go"), []string{"a_linux.go"}},
		{"across files", files("flow_test.go: // What a renewal does."), nil},
		{"across files, unsaid", files("flow_test.go: package p"), []string{"flow_test.go"}},
		{"across files, for a system", files("flow_test.go: //go:build unix"), []string{"flow_test.go"}},
		{"of godoc", files("example_find_test.go: package p_test"), nil},
	} {
		if got := lonely(c.files); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.what, got, c.want)
		}
	}
}

// What stands twice is found once, with its length and where it begins; blank lines and
// comments are no difference, and tests may repeat.
func TestRepeated(t *testing.T) {
	t.Parallel()
	var block []string
	for i := range maxRepeated + 3 {
		block = append(block, fmt.Sprintf("x%d := %d", i, i))
	}
	a := source{path: "a.go", lines: append([]string{"package p", "import (", `"fmt"`, ")", "", "first"}, block...)}
	b := source{path: "b.go", lines: slices.Concat([]string{"package q", "other"}, block[:4], []string{"", "// why"}, block[4:], []string{"last"})}
	got := repeated([]source{a, b, {path: "b_test.go", lines: b.lines}, {path: "examples/x/main.go", lines: b.lines}})
	want := pair{"a.go", "b.go", 7, 3, maxRepeated + 3}
	if len(got) != 1 || got[0] != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	if text := want.String(); text != "a.go:7 and b.go:3 share 12 lines" {
		t.Error(text)
	}
	a.lines = a.lines[:6+maxRepeated]
	if got := repeated([]source{a, b}); len(got) > 0 {
		t.Errorf("%d lines are shared by %v", maxRepeated, got)
	}
}
