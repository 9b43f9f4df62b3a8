// What the README shows.

package temporal_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// Every block of Go in the README stands in the examples.
func TestReadme(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	examples, err := os.ReadFile("example_test.go")
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?s)```go\n(.*?)```").FindAllSubmatch(readme, -1)
	if len(blocks) != 2 {
		t.Errorf("%d blocks, want 2", len(blocks))
	}
	for _, block := range blocks {
		indented := "\t" + strings.TrimSuffix(strings.ReplaceAll(string(block[1]), "\n", "\n\t"), "\t")
		if !strings.Contains(string(examples), indented) {
			t.Errorf("no example has\n%s", block[1])
		}
	}
}
