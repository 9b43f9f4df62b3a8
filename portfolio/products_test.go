// The product names that docs/plan.md lists are those of published answers.

package portfolio_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestProductNames(t *testing.T) {
	t.Parallel()
	doc, err := os.ReadFile("../docs/plan.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(doc), "What products are called")
	table, _, _ = strings.Cut(table, "\nSo `vps-*`")
	names := regexp.MustCompile("`([a-z0-9-]+-[a-z0-9-]+|okms)`").FindAllStringSubmatch(table, -1)
	if len(names) < 7 {
		t.Fatalf("the table has the names %q", names)
	}
	files, err := filepath.Glob("../testdata/recorded/services-*.json")
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	for _, name := range names {
		if !strings.Contains(all.String(), `"name": "`+name[1]+`"`) {
			t.Errorf("no published answer has the product %q", name[1])
		}
	}
}
