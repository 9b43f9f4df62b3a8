// Names counts what a reader of the library has to know: exported names by kind and
// package, lines of go doc -all, and files and functions that are too long. With -check
// it fails if there is more than fits a head.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"text/tabwriter"
)

// The bounds of -check. all is for the six packages that are not for tests.
const (
	maxRoot     = 320
	maxAll      = 480
	maxDoc      = 1500
	maxFile     = 400
	maxFunction = 60
)

var packages = []string{".", "portfolio", "portfolio/page", "access", "autorenew", "billing", "ovhrenewtest"}

func main() {
	check := flag.Bool("check", false, "fail if there are more names or lines than there may be")
	flag.Parse()
	if flag.NArg() > 0 {
		fmt.Fprintln(os.Stderr, "usage: names [-check], in the root of the module")
		os.Exit(2)
	}
	over, err := run(os.Stdout)
	if err != nil {
		fmt.Fprintln(os.Stderr, "names:", err)
		os.Exit(1)
	}
	for _, what := range over {
		fmt.Fprintln(os.Stderr, "names:", what)
	}
	if *check && len(over) > 0 {
		os.Exit(1)
	}
}

// run writes the counts, and returns those that are over their bounds.
func run(w io.Writer) (over []string, err error) {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "types\tfuncs\tmethods\tvars\tconsts\tnames\tdoc lines\t  package\t")
	all := 0
	for _, dir := range packages {
		if _, err := os.Stat(dir); os.IsNotExist(err) {
			continue
		}
		c, err := count(dir)
		if err != nil {
			return nil, err
		}
		lines, err := docLines(dir)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(table, "%d\t%d\t%d\t%d\t%d\t%d\t%d\t  %s\t\n", c.types, c.funcs, c.methods, c.vars, c.consts, c.names(), lines, dir)
		if dir != "ovhrenewtest" {
			all += c.names()
		}
		if dir == "." {
			over = bound(over, c.names(), maxRoot, "names in the root")
			over = bound(over, lines, maxDoc, "lines of go doc -all in the root")
		}
	}
	if err := table.Flush(); err != nil {
		return nil, err
	}
	fmt.Fprintf(w, "%d names in all, methods and tests' packages apart\n", all)
	long, err := tooLong(".")
	for _, what := range long {
		fmt.Fprintln(w, what)
	}
	return bound(over, all, maxAll, "names in all packages"), err
}

func bound(over []string, n, limit int, what string) []string {
	if n > limit {
		over = append(over, fmt.Sprintf("%d %s, at most %d", n, what, limit))
	}
	return over
}

// counts are the exported names of a package. Methods are counted apart: they are found
// at their types.
type counts struct{ types, funcs, methods, vars, consts int }

func (c counts) names() int { return c.types + c.funcs + c.vars + c.consts }

func count(dir string) (counts, error) {
	var c counts
	paths, err := filepath.Glob(filepath.Join(dir, "*.go"))
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return c, err
		}
		for _, decl := range file.Decls {
			c.add(decl)
		}
	}
	return c, err
}

func (c *counts) add(decl ast.Decl) {
	if f, ok := decl.(*ast.FuncDecl); ok {
		switch {
		case !f.Name.IsExported() || f.Recv != nil && !exportedReceiver(f.Recv.List[0].Type):
		case f.Recv != nil:
			c.methods++
		default:
			c.funcs++
		}
		return
	}
	group := decl.(*ast.GenDecl)
	for _, spec := range group.Specs {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			if spec.Name.IsExported() {
				c.types++
			}
		case *ast.ValueSpec:
			for _, name := range spec.Names {
				switch {
				case !name.IsExported():
				case group.Tok == token.CONST:
					c.consts++
				default:
					c.vars++
				}
			}
		}
	}
}

func exportedReceiver(typ ast.Expr) bool {
	switch typ := typ.(type) {
	case *ast.StarExpr:
		return exportedReceiver(typ.X)
	case *ast.IndexExpr:
		return exportedReceiver(typ.X)
	case *ast.Ident:
		return typ.IsExported()
	}
	return false
}

func docLines(dir string) (int, error) {
	command := exec.Command("go", "doc", "-all", "./"+dir)
	command.Stderr = os.Stderr
	out, err := command.Output()
	return bytes.Count(out, []byte("\n")), err
}

// tooLong returns the files and functions that are over their bounds, tests included.
func tooLong(root string) (long []string, err error) {
	err = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") {
			return err
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, path, nil, 0)
		if err != nil {
			return err
		}
		if n := set.File(file.Pos()).LineCount(); n > maxFile {
			long = append(long, fmt.Sprintf("%s has %d lines", path, n))
		}
		for _, decl := range file.Decls {
			f, ok := decl.(*ast.FuncDecl)
			if !ok {
				continue
			}
			if n := set.Position(f.End()).Line - set.Position(f.Pos()).Line + 1; n > maxFunction {
				long = append(long, fmt.Sprintf("%s: %s has %d lines", path, f.Name.Name, n))
			}
		}
		return nil
	})
	return long, err
}
