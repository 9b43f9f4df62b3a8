// What doc comments say of the API's routes, against the schema.

package ovhrenew_test

import (
	"go/ast"
	"go/build"
	"go/doc"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// methodDocs are the doc comments of API's methods, white space folded.
func methodDocs(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, file := range librarySource(t) {
		for _, decl := range file.Decls {
			method, ok := decl.(*ast.FuncDecl)
			if !ok || method.Recv == nil || !method.Name.IsExported() {
				continue
			}
			star, ok := method.Recv.List[0].Type.(*ast.StarExpr)
			if !ok {
				continue
			}
			if receiver, ok := star.X.(*ast.Ident); ok && receiver.Name == "API" {
				all[method.Name.Name] = strings.Join(strings.Fields(method.Doc.Text()), " ")
			}
		}
	}
	for _, dir := range []string{"access", "autorenew", "billing"} {
		p := documented(t, dir)
		for _, f := range p.Funcs {
			all[dir+"."+f.Name] = strings.Join(strings.Fields(f.Doc), " ")
		}
		for _, typ := range p.Types {
			for _, f := range typ.Funcs {
				all[dir+"."+f.Name] = strings.Join(strings.Fields(f.Doc), " ")
			}
		}
	}
	return all
}

var (
	iamAction = regexp.MustCompile(`account:apiovh:[\w/]+`)
	regions   = regexp.MustCompile(`\((EU(?:, CA)?)[);]`)
)

// callActions are the IAM actions in the rows of docs/calls.md, by method.
func callActions(t *testing.T) map[string][]string {
	t.Helper()
	code := regexp.MustCompile("`([^`]+)`")
	actions := map[string][]string{}
	for line := range strings.Lines(readDoc(t, "docs/calls.md")) {
		cells := strings.Split(line, "|")
		if len(cells) < 4 {
			continue
		}
		var found []string
		for _, text := range code.FindAllStringSubmatch(cells[2], -1) {
			if action := text[1]; !strings.ContainsAny(action, " :") {
				found = append(found, "account:apiovh:"+action)
			}
		}
		for _, name := range code.FindAllStringSubmatch(cells[1], -1) {
			actions[name[1]] = append(actions[name[1]], found...)
		}
	}
	return actions
}

// TestContractDocs checks that each method's doc comment names the routes that it calls
// and the regions that have them where not all do, and that their IAM actions are in the
// table of calls, or in the comment of a function of another package.
func TestContractDocs(t *testing.T) {
	t.Parallel()
	c, documented, listed := readContract(t), methodDocs(t), callActions(t)
	routes := map[string][]string{}
	for _, call := range contractCalls() {
		if slices.Contains([]string{"Read", "ReadList", "Put"}, call.method) { // any
			continue
		}
		for route := range strings.SplitSeq(call.routes, ", ") {
			if !slices.Contains(routes[call.method], route) {
				routes[call.method] = append(routes[call.method], route)
			}
		}
	}
	actions := 0
	for method, calls := range routes {
		doc := documented[method]
		_, api, found := strings.Cut(doc, "API: ")
		if !found {
			t.Errorf("the doc comment of %s has no API line", method)
			continue
		}
		var want []string
		for _, call := range calls {
			route := c.route(call)
			if route == nil {
				continue // of a product
			}
			if !strings.Contains(api+" ", call) {
				t.Errorf("the doc comment of %s does not name %s", method, call)
			}
			if route.IAM != "" && !slices.Contains(want, route.IAM) {
				want = append(want, route.IAM)
			}
			where := "EU"
			if route.CA != "ABSENT" {
				where += ", CA"
			}
			said := regions.FindStringSubmatch(api)
			switch {
			case route.US != "ABSENT" && said != nil:
				t.Errorf("the doc comment of %s says %s, but %s is %s in the US", method, said[0], call, route.US)
			case route.US == "ABSENT" && (said == nil || said[1] != where):
				t.Errorf("the doc comment of %s does not say that only the %s has %s", method, where, call)
			}
		}
		got := listed[method]
		if strings.Contains(method, ".") { // of another package, whose comments have them
			got = iamAction.FindAllString(api, -1)
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("documented for %s are the IAM actions %v, want %v", method, got, want)
		}
		actions += len(got)
	}
	t.Logf("documented: %d methods with their routes, regions and %d IAM actions", len(routes), actions)
}

// documented is a package as godoc shows it.
func documented(t *testing.T, dir string) *doc.Package {
	t.Helper()
	p, err := build.ImportDir(dir, 0)
	if err != nil {
		t.Fatal(err)
	}
	set := token.NewFileSet()
	var files []*ast.File
	for _, name := range slices.Concat(p.GoFiles, p.TestGoFiles, p.XTestGoFiles) {
		file, err := parser.ParseFile(set, filepath.Join(dir, name), nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	documented, err := doc.NewFromFiles(set, files, "github.com/ovhrenew/ovhrenew/"+dir)
	if err != nil {
		t.Fatal(err)
	}
	return documented
}
