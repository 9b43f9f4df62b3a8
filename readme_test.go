// What the documents say: their code, commands, output, links and tests.

package ovhrenew_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/access"
)

// exampleBodies are the bodies of the examples whose output is checked, without
// their outputs and without the lines that stand for a real account.
func exampleBodies(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob("example_*test.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	bodies := map[string]string{}
	for _, file := range files {
		source := readDoc(t, file)
		set := token.NewFileSet()
		parsed, err := parser.ParseFile(set, file, source, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range parsed.Decls {
			example, ok := decl.(*ast.FuncDecl)
			if !ok || !strings.HasPrefix(example.Name.Name, "Example") {
				continue
			}
			body := source[set.Position(example.Body.Lbrace).Offset+1 : set.Position(example.Body.Rbrace).Offset]
			code, _, checked := strings.Cut(body, "\t// Output:")
			if !checked {
				t.Errorf("the output of %s is not checked", example.Name.Name)
			}
			lines := strings.Split(code, "\n")
			lines = slices.DeleteFunc(lines, func(line string) bool { return strings.HasSuffix(line, "// simulated") })
			bodies[example.Name.Name] = strings.Join(lines, "\n")
		}
	}
	return bodies
}

func words(text string) string { return strings.Join(strings.Fields(text), " ") }

var goBlock = regexp.MustCompile("(?ms)^```go\n(.*?)^```$")

func readDoc(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Every Go block of the README is a program that TestReadmeProgram runs, or the body of an
// example that is compiled and run.
func TestReadmeGo(t *testing.T) {
	t.Parallel()
	bodies := exampleBodies(t)
	blocks := goBlock.FindAllStringSubmatch(readDoc(t, "README.md"), -1)
	if len(blocks) < 2 {
		t.Errorf("%d blocks of Go, want a program and more", len(blocks))
	}
	for i, block := range blocks {
		if program := strings.HasPrefix(block[1], "package main\n"); program != (i == 0) {
			t.Errorf("block %d is a program: %v; the first has to be, and no other", i+1, program)
		} else if program {
			continue
		}
		found := false
		for _, body := range bodies {
			found = found || words(body) == words(block[1])
		}
		if !found {
			t.Errorf("no example has this body:\n%s", block[1])
		}
	}
}

// CONTRIBUTING tells to run what the project's own check runs, and the README runs programs
// that there are.
func TestReadmeCommands(t *testing.T) {
	t.Parallel()
	readme := readDoc(t, "README.md")
	const test = "go test -race -shuffle=on -timeout=30m ./..."
	for name, text := range map[string]string{"CONTRIBUTING.md": readDoc(t, "CONTRIBUTING.md"), ".ci/run": readDoc(t, ".ci/run")} {
		if !regexp.MustCompile(`(?m)(^|\x60)` + regexp.QuoteMeta(test) + `($|\x60)`).MatchString(text) {
			t.Errorf("%s does not say %q", name, test)
		}
	}
	for _, dir := range regexp.MustCompile(`(?m)^ *go run (\./\S+)`).FindAllStringSubmatch(readme, -1) {
		if _, err := os.Stat(dir[1] + "/main.go"); err != nil {
			t.Errorf("README.md runs %s: %v", dir[1], err)
		}
	}
}

// What the README says that an example prints is what its own test compares.
func TestReadmeOutput(t *testing.T) {
	t.Parallel()
	_, section, _ := strings.Cut(readDoc(t, "README.md"), "\n## Try it\n")
	_, shown, found := strings.Cut(section, "```text\n")
	shown, _, _ = strings.Cut(shown, "```")
	printed := strings.Split(readDoc(t, "examples/renew-vps/testdata/renew.txt"), "\n")
	if !found || shown == "" {
		t.Error("no output is shown under Try it")
	}
	for line := range strings.Lines(shown) {
		line = regexp.MustCompile(`\d{4}-\d{2}-\d{2}`).ReplaceAllString(strings.TrimSuffix(line, "\n"), "YYYY-MM-DD")
		at := slices.Index(printed, line)
		if at < 0 {
			t.Errorf("examples/renew-vps does not print %q, or not after what comes before it", line)
			continue
		}
		printed = printed[at+1:]
	}
}

// Every link of the documents to a file leads somewhere.
func TestDocLinks(t *testing.T) {
	t.Parallel()
	link := regexp.MustCompile(`\]\(([^)#]+)`)
	pages, err := filepath.Glob("docs/*.md")
	if err != nil || len(pages) < 6 {
		t.Fatalf("%d pages of docs, %v", len(pages), err)
	}
	for _, name := range append(pages, "README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md") {
		for _, to := range link.FindAllStringSubmatch(goBlock.ReplaceAllString(readDoc(t, name), ""), -1) {
			if strings.Contains(to[1], "://") {
				continue
			}
			if _, err := os.Stat(filepath.Join(filepath.Dir(name), to[1])); err != nil {
				t.Errorf("%s links to %s: %v", name, to[1], err)
			}
		}
	}
}

// The tests that the documents name are there.
func TestDocTests(t *testing.T) {
	t.Parallel()
	var tests strings.Builder
	for _, dir := range []string{".", "internal/safety", "internal/transport", "access", "autorenew", "billing", "portfolio"} {
		files, err := filepath.Glob(dir + "/*_test.go")
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: no tests: %v", dir, err)
		}
		for _, file := range files {
			tests.WriteString(readDoc(t, file))
		}
	}
	pages, err := filepath.Glob("docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for _, page := range append(pages, "README.md", "CONTRIBUTING.md") {
		text.WriteString(readDoc(t, page))
	}
	named := regexp.MustCompile("`((?:Test|Fuzz)[A-Z]\\w+)`").FindAllStringSubmatch(text.String(), -1)
	for _, name := range named {
		if !strings.Contains(tests.String(), "\nfunc "+name[1]+"(") {
			t.Errorf("the documents name %s, which is no test", name[1])
		}
	}
	if len(named) < 20 {
		t.Errorf("the documents name %d tests", len(named))
	}
}

// The table of calls has every right that the library knows to need, and every
// method that it names.
func TestDocumentedCalls(t *testing.T) {
	t.Parallel()
	table := readDoc(t, "docs/calls.md")
	needs := []access.Need{
		access.Read, access.Order, access.Pay, access.PayMean,
		access.Settings, access.Configure, access.Bills, access.Infos("/vps/vps112233.ovh.net"),
	}
	actions, err := access.Actions(needs...)
	if err != nil {
		t.Fatal(err)
	}
	for _, action := range actions {
		if !strings.Contains(table, "`"+strings.TrimPrefix(action, "account:apiovh:")+"`") {
			t.Errorf("the table of calls lacks the action %s", action)
		}
	}
	routes := regexp.MustCompile("`((?:GET|POST|PUT) [^`]+)`").FindAllStringSubmatch(table[strings.Index(table, "\n|"):], -1)
	var rules []access.Rule
	for _, route := range routes {
		method, path, _ := strings.Cut(regexp.MustCompile(`\{\w+\}`).ReplaceAllString(route[1], "*"), " ")
		rules = append(rules, access.Rule{Method: method, Path: path})
	}
	missing, err := access.Missing(rules, needs...)
	if err != nil || len(missing) != 0 {
		t.Errorf("the table of calls lacks the rules %v, %v", missing, err)
	}
	api := reflect.TypeFor[*ovhrenew.API]()
	rows := regexp.MustCompile("(?m)^\\| ([^|]*`[^|]*) \\|").FindAllStringSubmatch(table, -1)
	for _, row := range rows {
		for _, name := range regexp.MustCompile("`(\\w+)`").FindAllStringSubmatch(row[1], -1) {
			if _, found := api.MethodByName(name[1]); !found {
				t.Errorf("the table of calls has %s, which is no method", name[1])
			}
		}
	}
	if len(rows) < 20 {
		t.Errorf("%d rows of calls, want all", len(rows))
	}
}

// TestPackagePages: every package that a user can import has a page that says what it is for.
func TestPackagePages(t *testing.T) {
	t.Parallel()
	pages := map[string]bool{}
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (entry.Name() == "testdata" || entry.Name() == "internal" || len(path) > 1 && entry.Name()[0] == '.'):
			return filepath.SkipDir
		case entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.PackageClauseOnly|parser.ParseComments)
		if err != nil {
			return err
		}
		dir := filepath.Dir(path)
		pages[dir] = pages[dir] || file.Doc != nil && strings.TrimSpace(file.Doc.Text()) != ""
		return nil
	})
	if err != nil || len(pages) < 10 {
		t.Fatalf("%d packages, %v", len(pages), err)
	}
	for dir, ok := range pages {
		if !ok {
			t.Errorf("%s: go doc says nothing about the package", dir)
		}
	}
}
