package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// source is a file of the module.
type source struct {
	path      string
	lines     []string
	functions []function
}

type function struct {
	name  string
	lines int
}

// group says what a file is for.
func (f source) group() string {
	top, _, _ := strings.Cut(filepath.ToSlash(f.path), "/")
	switch {
	case strings.HasSuffix(f.path, "_test.go"):
		return "tests"
	case top == "ovhrenewtest":
		return top
	case top == "examples":
		return "examples and programs"
	}
	return "library"
}

// read reads the files of the module in dir. Modules below it are others.
func read(dir string) (files []source, err error) {
	return walk(dir, func(path string) bool {
		_, err := os.Stat(filepath.Join(path, "go.mod"))
		return err == nil
	})
}

// readAll reads the files of the module in dir and of those below it.
func readAll(dir string) (files []source, err error) {
	return walk(dir, func(string) bool { return false })
}

// walk reads the files below dir, but for hidden directories, testdata, and those that skip
// names.
func walk(dir string, skip func(path string) bool) (files []source, err error) {
	err = filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && path != dir && (strings.HasPrefix(entry.Name(), ".") || entry.Name() == "testdata" || skip(path)) {
			return filepath.SkipDir
		}
		if entry.IsDir() || !strings.HasSuffix(path, ".go") {
			return nil
		}
		file, err := readFile(path)
		files = append(files, file)
		return err
	})
	return files, err
}

func readFile(path string) (source, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return source{}, err
	}
	f := source{path: path, lines: strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")}
	set := token.NewFileSet()
	parsed, err := parser.ParseFile(set, path, text, 0)
	if err != nil {
		return source{}, err
	}
	for _, decl := range parsed.Decls {
		if fn, ok := decl.(*ast.FuncDecl); ok {
			n := set.Position(fn.End()).Line - set.Position(fn.Pos()).Line + 1
			f.functions = append(f.functions, function{fn.Name.Name, n})
		}
	}
	return f, nil
}

// lonely returns the files with functions that have no test file of their name, and the
// test files that have no file of theirs and no comment in their first line that says what
// they test. Examples are tested as a whole, and so is a file whose one function is main.
func lonely(files []source) (paths []string) {
	there := map[string]bool{}
	for _, f := range files {
		there[f.path] = true
	}
	for _, f := range files {
		base, test := strings.CutSuffix(f.path, "_test.go")
		switch {
		case test && (there[base+".go"] || strings.HasPrefix(f.lines[0], "// ")):
		case test && strings.HasPrefix(filepath.Base(f.path), "example"): // of godoc
		case test:
			paths = append(paths, f.path)
		case f.group() == "examples and programs" || len(f.functions) == 0:
		case len(f.functions) == 1 && f.functions[0].name == "main":
		case !there[tests(f.path)]:
			paths = append(paths, f.path)
		}
	}
	return paths
}

// tests is the name of a file's tests. A file for some systems has those of all, since only
// one of them is compiled.
func tests(path string) string {
	path = strings.TrimSuffix(path, ".go")
	for _, system := range []string{"_unix", "_linux", "_windows", "_other"} {
		path = strings.TrimSuffix(path, system)
	}
	return path + "_test.go"
}

// pair is two places with the same lines.
type pair struct {
	a, b         string
	lineA, lineB int
	lines        int
}

func (p pair) String() string {
	return fmt.Sprintf("%s:%d and %s:%d share %d lines", p.a, p.lineA, p.b, p.lineB, p.lines)
}

// repeated returns the places outside of tests and examples that share more than
// maxRepeated lines. Blank lines, comments and imports do not count.
func repeated(files []source) (pairs []pair) {
	type place struct{ file, at int }
	const window = maxRepeated + 1
	var kept []source
	var numbers [][]int
	seen := map[string]place{}
	for _, f := range files {
		if group := f.group(); group == "tests" || group == "examples and programs" {
			continue
		}
		code, at := f.code()
		this := len(kept)
		kept, numbers = append(kept, source{path: f.path, lines: code}), append(numbers, at)
		for i := 0; i+window <= len(code); i++ {
			key := strings.Join(code[i:i+window], "\n")
			first, ok := seen[key]
			if !ok {
				seen[key] = place{this, i}
				continue
			}
			other := kept[first.file]
			if i > 0 && first.at > 0 && code[i-1] == other.lines[first.at-1] {
				continue // the pair began earlier
			}
			n := window
			for i+n < len(code) && first.at+n < len(other.lines) && code[i+n] == other.lines[first.at+n] {
				n++
			}
			pairs = append(pairs, pair{other.path, f.path, numbers[first.file][first.at], at[i], n})
		}
	}
	return pairs
}

// code returns the lines that count, without indentation, and their numbers.
func (f source) code() (lines []string, numbers []int) {
	imports := false
	for i, line := range f.lines {
		line = strings.TrimSpace(line)
		switch {
		case line == "import (":
			imports = true
		case imports:
			imports = line != ")"
		case line == "" || strings.HasPrefix(line, "//"):
		default:
			lines, numbers = append(lines, line), append(numbers, i+1)
		}
	}
	return lines, numbers
}
