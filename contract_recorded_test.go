// What recorded answers have beyond the schema.

package ovhrenew_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// contractRecorded is what answers that people have published show beyond the schema.
type contractRecorded struct {
	// Beyond are members, and nulls, that the schema does not have, by where they are, with
	// the names of the records in testdata/recorded that have them.
	Beyond map[string][]string `json:"beyond"`
	// Missing are members that the schema does not let be absent, and that are.
	Missing map[string][]string `json:"missing"`
	Facts   []struct {
		Fact   string `json:"fact"`
		Record string `json:"record"`
		Has    string `json:"has"`
	} `json:"facts"`
}

// recordedWalk finds out where recorded answers differ from the schema.
type recordedWalk struct {
	c       *contract
	name    string
	beyond  map[string][]string
	missing map[string][]string
}

func note(into map[string][]string, where, name string) {
	if !slices.Contains(into[where], name) {
		into[where] = append(into[where], name)
	}
}

func (w recordedWalk) walk(value any, typ, where string) {
	typ, _, _ = strings.Cut(typ, " ")
	typ, nullable := strings.CutSuffix(typ, "?")
	if value == nil {
		if !nullable && typ != "void" {
			note(w.beyond, where+": null", w.name)
		}
		return
	}
	if element, list := strings.CutSuffix(typ, "[]"); list {
		elements, ok := value.([]any)
		if !ok {
			note(w.beyond, where+": no list", w.name)
		}
		for _, value := range elements {
			w.walk(value, element, where+"[]")
		}
		return
	}
	model, known := w.c.Models[typ]
	members, object := value.(map[string]any)
	switch {
	case known && !object:
		note(w.beyond, where+": no object", w.name)
	case known:
		for member, value := range members {
			if _, ok := model[member]; !ok {
				note(w.beyond, typ+"."+member, w.name)
				continue
			}
			w.walk(value, model[member], typ+"."+member)
		}
		for member, of := range model {
			if _, there := members[member]; !there && !strings.Contains(of, "?") {
				note(w.missing, typ+"."+member, w.name)
			}
		}
	default:
		if values := w.c.Enums[typ]; values != nil && !slices.Contains(values, fmt.Sprint(value)) {
			note(w.beyond, fmt.Sprintf("%s = %v", typ, value), w.name)
		}
	}
}

var recordedVariable = regexp.MustCompile(`\{[^}]*\}`)

// TestContractRecorded: what the table says of records beyond the schema is exactly what
// the records show, and each of its facts is in a record.
func TestContractRecorded(t *testing.T) {
	t.Parallel()
	c := readContract(t)
	same := func(route string) string {
		return recordedVariable.ReplaceAllString(strings.Replace(route, " …/", " /me/order/{}/", 1), "{}")
	}
	outs := map[string]string{}
	for _, r := range c.Routes {
		outs[same(r.Call)] = r.Out
	}
	files, err := filepath.Glob("testdata/recorded/*.json")
	if err != nil {
		t.Fatal(err)
	}
	bodies, walked := map[string]string{}, 0
	got := recordedWalk{c: c, beyond: map[string][]string{}, missing: map[string][]string{}}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var r struct {
			Route, Kind string
			Status      int
			Body        any
		}
		if err := json.Unmarshal(data, &r); err != nil {
			t.Fatal(err)
		}
		got.name = strings.TrimSuffix(filepath.Base(file), ".json")
		bodies[got.name] = string(data)
		out := outs[same(strings.TrimSuffix(r.Route, " dryRun"))]
		if strings.HasSuffix(r.Route, "/serviceInfos") {
			out = "services.Service"
		}
		if r.Status >= 400 || out == "" || slices.ContainsFunc([]string{"artefact", "synthetic", "another route"}, func(kind string) bool { return strings.Contains(r.Kind, kind) }) {
			continue
		}
		walked++
		got.walk(r.Body, out, out)
	}
	if walked < 50 {
		t.Errorf("%d records were compared with the schema", walked)
	}
	if diff := cmp.Diff(c.Recorded.Beyond, got.beyond); diff != "" {
		t.Errorf("recorded.beyond (-table +records):\n%s", diff)
	}
	if diff := cmp.Diff(c.Recorded.Missing, got.missing); diff != "" {
		t.Errorf("recorded.missing (-table +records):\n%s", diff)
	}
	for _, f := range c.Recorded.Facts {
		if f.Fact == "" || f.Has == "" || !strings.Contains(bodies[f.Record], f.Has) {
			t.Errorf("%q: the record %s does not have %q", f.Fact, f.Record, f.Has)
		}
	}
	if len(c.Recorded.Facts) == 0 {
		t.Error("the table has no facts of records")
	}
}
