// What a package's page of reference shows, over all packages that a program imports.

package ovhrenew_test

import (
	"go/doc"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"testing"
)

var referencePages = []string{".", "access", "autorenew", "billing", "portfolio", "ovhrenewtest"}

// Constants and variables stand under their types, so that no page begins with them. Those of
// the simulation that have no type of its own are the exception.
func TestReferenceOpens(t *testing.T) {
	t.Parallel()
	for _, dir := range referencePages {
		page := documented(t, dir)
		for _, value := range slices.Concat(page.Consts, page.Vars) {
			if dir != "ovhrenewtest" {
				t.Errorf("the page of %s begins with %v", dir, value.Names)
			}
		}
		if len(page.Types) == 0 {
			t.Errorf("the page of %s has no types", dir)
		}
	}
}

// An example can be pasted: it needs nothing from other files but what it imports.
func TestExamplesPaste(t *testing.T) {
	t.Parallel()
	examples := 0
	for _, dir := range referencePages {
		files, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
			if err != nil {
				t.Fatal(err)
			}
			for _, example := range doc.Examples(file) {
				if examples++; example.Play == nil {
					t.Errorf("%s: Example%s uses what other files declare", name, example.Name)
				}
			}
		}
	}
	if examples < 100 {
		t.Errorf("%d examples, want all", examples)
	}
}
