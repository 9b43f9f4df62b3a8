package ovhrenew_test

import (
	"go/ast"
	"go/build"
	"go/doc"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestExamples: godoc is the manual, so each exported function, struct, interface,
// function type and error type has an example of its own name whose output is checked,
// or a reason why not.
func TestExamples(t *testing.T) {
	t.Parallel()
	for dir, excused := range map[string]excuses{".": rootExcuses, "ovhrenewtest": nil, "access": accessExcuses, "autorenew": {"Change": "see Preview", "Client": "an API is one"}, "billing": billingExcuses} {
		t.Run(dir, func(t *testing.T) {
			t.Parallel()
			p := documented(t, dir)
			checked := checkedExamples(p)
			for _, f := range functions(p) {
				if !checked[f] {
					t.Errorf("func %s has no example with a checked output", f)
				}
			}
			seen := map[string]bool{}
			for _, typ := range p.Types {
				seen[typ.Name] = true
				complain(t, typ, checked, excused[typ.Name])
			}
			for name := range excused {
				if !seen[name] {
					t.Errorf("type %s is excused, and does not exist", name)
				}
			}
		})
	}
}

// complain says what is wrong with the examples of a type.
func complain(t *testing.T, typ *doc.Type, checked map[string]bool, excuse string) {
	t.Helper()
	isError := slices.ContainsFunc(typ.Methods, func(m *doc.Func) bool { return m.Name == "Error" })
	switch {
	case checked[typ.Name] && excuse != "":
		t.Errorf("type %s has an example, and is excused all the same", typ.Name)
	case checked[typ.Name]:
	case isError:
		t.Errorf("error type %s has no example with a checked output", typ.Name)
	case excuse == "" && isMain(typ):
		t.Errorf("type %s has no example with a checked output", typ.Name)
	case strings.HasPrefix(excuse, "see "):
		if other := strings.TrimPrefix(excuse, "see "); !checked[other] {
			t.Errorf("type %s: %s has no example with a checked output either", typ.Name, other)
		}
	}
}

// TestExamplesOfCalls: each method of API is called in an example whose output is
// checked. All examples call the API client.
func TestExamplesOfCalls(t *testing.T) {
	t.Parallel()
	p := documented(t, ".")
	called := map[string]bool{}
	for _, example := range allExamples(p) {
		if !isChecked(example) {
			continue
		}
		ast.Inspect(example.Code, func(n ast.Node) bool {
			if selector, ok := n.(*ast.SelectorExpr); ok {
				if x, ok := selector.X.(*ast.Ident); ok && x.Name == "client" {
					called[selector.Sel.Name] = true
				}
			}
			return true
		})
	}
	i := slices.IndexFunc(p.Types, func(typ *doc.Type) bool { return typ.Name == "API" })
	for _, method := range p.Types[i].Methods {
		if !called[method.Name] && method.Name != "Format" { // fmt calls that one
			t.Errorf("no example with a checked output calls client.%s", method.Name)
		}
	}
}

// documented is what godoc knows of the package in a directory, its examples included.
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

// functions are the names of the package's functions. Godoc puts constructors under
// the types that they make.
func functions(p *doc.Package) []string {
	var names []string
	for _, f := range p.Funcs {
		names = append(names, f.Name)
	}
	for _, typ := range p.Types {
		for _, f := range typ.Funcs {
			names = append(names, f.Name)
		}
	}
	return names
}

// checkedExamples are the items that have an example with a checked output: Money, and
// Money.Add for its method.
func checkedExamples(p *doc.Package) map[string]bool {
	checked := map[string]bool{}
	for _, example := range allExamples(p) {
		if isChecked(example) {
			name := strings.TrimSuffix(example.Name, "_"+example.Suffix)
			checked[strings.ReplaceAll(name, "_", ".")] = true
		}
	}
	return checked
}

func isChecked(example *doc.Example) bool { return example.Output != "" || example.EmptyOutput }

// allExamples are those that godoc shows: what names no item is not among them.
func allExamples(p *doc.Package) []*doc.Example {
	all := slices.Clone(p.Examples)
	for _, f := range p.Funcs {
		all = append(all, f.Examples...)
	}
	for _, typ := range p.Types {
		all = append(all, typ.Examples...)
		for _, f := range slices.Concat(typ.Funcs, typ.Methods) {
			all = append(all, f.Examples...)
		}
	}
	return all
}

// isMain reports whether a type is a struct, an interface, a function or another name
// of such a type. What is a number or a text, such as the values of an enum, is none.
func isMain(typ *doc.Type) bool {
	for _, spec := range typ.Decl.Specs {
		spec, ok := spec.(*ast.TypeSpec)
		if !ok || spec.Name.Name != typ.Name {
			continue
		}
		switch spec.Type.(type) {
		case *ast.StructType, *ast.InterfaceType, *ast.FuncType:
			return true
		}
		return spec.Assign.IsValid()
	}
	return false
}

// excuses are types without an example of their own name, and why: "see X" names the
// item whose example shows them, and has to have one.
type excuses map[string]string

var rootExcuses = excuses{
	// Objects of the API: the call that answers them shows them.
	"Order":               "see API.Order",
	"OrderDetail":         "see API.Order",
	"OrderPayment":        "see API.OrderPayment",
	"OrderPaymentMethods": "see API.OrderPaymentMethods",
	"OrderQuery":          "see API.Orders",
	"PaymentMethod":       "see API.PaymentMethods",
	"Quote":               "see API.Quote",
	"RenewDescription":    "see API.Renewals",
	"RenewService":        "see API.Renewals",
	"RenewStrategy":       "see API.Renewals",
	"Service":             "see API.Service",
	"ServiceQuery":        "see API.FindServices",

	// What a function takes or returns, and what only makes sense with it.
	"Finder":         "see Find",
	"ItemProgress":   "see Application",
	"ItemReport":     "see Report",
	"PlanGap":        "the plans that have one are too large for an example",
	"PlannedService": "see PlanItem",
	"Renewed":        "see Receipt",
}

// billingExcuses are those of package billing.
var billingExcuses = excuses{
	"Account": "see Me", "Bill": "see Bills", "Query": "see Bills", "Reader": "an API is one",
	"Prepaid": "see PrepaidAccounts", "Points": "see ReadPoints",
}

// accessExcuses are those of package access.
var accessExcuses = excuses{
	"Check": "see Diagnosis", "Client": "an API is one", "Credential": "see Current", "Product": "see Products",
	"Query": "see Diagnose", "Reader": "an API is one",
}
