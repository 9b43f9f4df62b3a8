package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/ovhrenew/ovhrenew/portfolio"
)

// demoPlan is a plan of the demo account, with its page.
func demoPlan(t *testing.T) (plan, page string) {
	t.Helper()
	dir := t.TempDir()
	page = filepath.Join(dir, "plan.html")
	r := run(t, nil, "plan", "--demo", "--tax", "20", "--total", "500 EUR", "--never", "tag:no-such-tag", "--json", "--html", page)
	if r.status != 0 {
		t.Fatal(r.err)
	}
	return r.out, page
}

// The pages of the commands are those of package page, with what the commands know.
func TestPages(t *testing.T) {
	bubble(t, func(t *testing.T) {
		text, name := demoPlan(t)
		var plan portfolio.Plan
		if err := json.Unmarshal([]byte(text), &plan); err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, item := range plan.Items {
			if !strings.Contains(string(data), item.Services[0].Name) {
				t.Errorf("the page lacks %s", item.Services[0].Name)
			}
		}
		for _, left := range plan.LeftOut {
			if !strings.Contains(string(data), left.Name) {
				t.Errorf("the page lacks %s, left out", left.Name)
			}
		}
		if strings.Contains(string(data), "<script") {
			t.Error("the page has a script")
		}
	})
}

// Every plan is what the schema says, and what is none is refused by it.
func TestPlanSchema(t *testing.T) {
	bubble(t, func(t *testing.T) {
		schema, err := jsonschema.NewCompiler().Compile("../../portfolio/plan.schema.json")
		if err != nil {
			t.Fatal(err)
		}
		check := func(text string) error {
			value, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
			if err != nil {
				t.Fatal(err)
			}
			return schema.Validate(value)
		}
		goldens, err := filepath.Glob("../../portfolio/testdata/plan/*.json")
		if err != nil || len(goldens) < 8 {
			t.Fatal(goldens, err)
		}
		text, _ := demoPlan(t)
		plans := []string{text, run(t, nil, "plan", "--demo", "--for", "today", "--total", "none EUR", "--per-month", "90 EUR", "--json").out}
		for _, name := range goldens {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			plans = append(plans, string(data))
		}
		for _, plan := range plans {
			if err := check(plan); err != nil {
				t.Errorf("%v\n%.300s", err, plan)
			}
		}
		for _, change := range [][2]string{
			{`"v":2`, `"v":1`}, {`"made"`, `"Made"`}, {`"P1Y","services"`, `"a year","services"`}, {`"limit":"`, `"limit":"-`}, {`"expiry":"2`, `"expiry":"x2`}, {`"reason"`, `"reasons"`},
		} {
			if !strings.Contains(text, change[0]) {
				t.Fatalf("the plan lacks %s", change[0])
			}
			if check(strings.Replace(text, change[0], change[1], 1)) == nil {
				t.Errorf("with %s the schema accepts the plan", change[1])
			}
		}
	})
}

// planFile is a file with a plan of the demo account.
func planFile(t *testing.T) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "plan.json")
	if r := run(t, nil, "plan", "--demo", "--tax", "20", "--total", "500 EUR", "-o", name); r.status != 0 {
		t.Fatal(r.err)
	}
	return name
}
