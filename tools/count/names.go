package main

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// counts are the exported names of a package.
type counts struct{ types, funcs, methods, vars, consts int }

func (c counts) names() int { return c.types + c.funcs + c.methods + c.vars + c.consts }

// count counts the exported names of the package in a directory.
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

// docLines is how many lines the package's reference has.
func docLines(dir string) (int, error) {
	command := exec.Command("go", "doc", "-all", "./"+dir)
	command.Stderr = os.Stderr
	out, err := command.Output()
	return bytes.Count(out, []byte("\n")), err
}
