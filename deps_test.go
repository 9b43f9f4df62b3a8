// What the module imports and requires, and that no test code is in it.

package ovhrenew_test

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// goTool runs the go command in this module.
func goTool(t *testing.T, args ...string) []byte {
	t.Helper()
	command := exec.CommandContext(t.Context(), "go", args...)
	var stderr bytes.Buffer
	command.Stderr = &stderr
	out, err := command.Output()
	if err != nil {
		t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, &stderr)
	}
	return out
}

// TestDependencies: what a program gets by importing the library is exactly this. A
// further module has to be worth what every user then builds, updates and trusts.
func TestDependencies(t *testing.T) {
	t.Parallel()
	const module = "{{with .Module}}{{.Path}}{{end}}"
	got := slices.Compact(slices.Sorted(slices.Values(strings.Fields(string(
		goTool(t, "list", "-deps", "-f", module, "./..."),
	)))))
	want := []string{
		"github.com/google/go-cmp", // of ovhrenewtest's contract tests alone
		"github.com/ovh/go-ovh",
		"github.com/ovhrenew/ovhrenew",
		"golang.org/x/net",    // idna: one form of a name
		"golang.org/x/oauth2", // of go-ovh
		"golang.org/x/text",   // of idna
		"golang.org/x/time",
		"gopkg.in/ini.v1", // of go-ovh
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("modules compiled in (-want +got):\n%s", diff)
	}
}

// TestRequirements: what go.mod asks for, with its tests and its tests' dependencies.
func TestRequirements(t *testing.T) {
	t.Parallel()
	var file struct {
		Require []struct {
			Path     string
			Indirect bool
		}
		Replace, Exclude []any
	}
	if err := json.Unmarshal(goTool(t, "mod", "edit", "-json"), &file); err != nil {
		t.Fatal(err)
	}
	got := map[string]bool{} // path to whether it is direct
	for _, require := range file.Require {
		got[require.Path] = !require.Indirect
	}
	want := map[string]bool{
		"github.com/ovh/go-ovh": true, "golang.org/x/oauth2": true, "golang.org/x/time": true, "golang.org/x/net": true, "golang.org/x/text": false,
		"github.com/google/go-cmp": true, "github.com/jarcoal/httpmock": true, "pgregory.net/rapid": true,
		"github.com/pmezard/go-difflib": false,
		"gopkg.in/ini.v1":               false, "gopkg.in/yaml.v3": false,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("go.mod requires (-want +got):\n%s", diff)
	}
	if len(file.Replace)+len(file.Exclude) != 0 {
		t.Errorf("go.mod replaces %v and excludes %v, which does not reach users", file.Replace, file.Exclude)
	}
}

// TestNoTestCode: a program that imports the library has nothing in it that is for
// tests.
func TestNoTestCode(t *testing.T) {
	t.Parallel()
	packages := strings.Fields(string(goTool(t, "list", "-deps", ".")))
	for _, name := range []string{"testing", "net/http/httptest", "github.com/ovhrenew/ovhrenew/ovhrenewtest", "flag"} {
		if slices.Contains(packages, name) {
			t.Errorf("the library imports %s", name)
		}
	}
}
