package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// What plan shows of the demo account.
func TestShowPlan(t *testing.T) {
	bubble(t, func(t *testing.T) {
		shows(t, "plan", exitDone, "plan", "--total", "500 EUR")
		shows(t, "plan-any", exitDone, "plan", "--for", "any", "--total", "none EUR", "--only", "vps*", "--never", "11223344")
		shows(t, "plan-json", exitDone, "plan", "--tax", "20", "--total", "100 EUR", "--json")
	})
}

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

// The tax is asked for by one quote, unless it is said or nothing is due; what cannot be read
// is told, and left out.
func TestMakePlan(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := guide(t)
		if r := run(t, w, "plan", "--total", "500 EUR"); w.server.Count(ovhrenewtest.RouteQuote) != 1 || !strings.Contains(r.err, "tax: 20 %, as a quote says") || !strings.Contains(r.out, "77.63 EUR") {
			t.Errorf("%d quotes\n%s---\n%s", w.server.Count(ovhrenewtest.RouteQuote), r.out, r.err)
		}
		if r := run(t, w, "plan", "--total", "500 EUR", "--tax", "10"); w.server.Count(ovhrenewtest.RouteQuote) != 1 || strings.Contains(r.err, "tax:") || !strings.Contains(r.out, "71.16 EUR") {
			t.Errorf("with --tax: %d quotes\n%s---\n%s", w.server.Count(ovhrenewtest.RouteQuote), r.out, r.err)
		}
		w.server.Inject(ovhrenewtest.Fault{Route: "GET /service/{serviceId}/renew", Kind: ovhrenewtest.StatusFault, Status: 403})
		if r := run(t, w, "plan", "--total", "500 EUR", "--tax", "20"); r.status != exitDone || !strings.Contains(r.err, "not read: ") || !strings.Contains(r.out, "0 orders") {
			t.Errorf("with offers that are denied: status %d\n%s---\n%s", r.status, r.out, r.err)
		}
		w.server.Inject(ovhrenewtest.Fault{Route: "GET /services", Kind: ovhrenewtest.StatusFault, Status: 403, Times: -1})
		if r := run(t, w, "plan", "--total", "500 EUR"); r.status != exitFailed || r.out != "" {
			t.Errorf("of an account that cannot be read: status %d\n%s---\n%s", r.status, r.out, r.err)
		}
		if n := w.server.Count(ovhrenewtest.RouteOrder); n > 0 {
			t.Errorf("%d orders were placed", n)
		}
	})
}

// What the journal knows to have been paid this month is no longer there for the plan.
func TestPlanPerMonth(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w, apply, dir := applying(t)
		if r := run(t, w, append(apply, "--yes")...); r.status != 0 {
			t.Fatal(r.err)
		}
		time.Sleep(4 * 24 * time.Hour) // until the domain is due
		for amount, want := range map[string]string{"80 EUR": "0 orders", "130 EUR": "1 order "} {
			if r := run(t, w, "plan", "--total", "500 EUR", "--per-month", amount, "--journal", dir); r.status != 0 || !strings.Contains(r.out, want) {
				t.Errorf("of %s a month: status %d, want %q\n%s%s", amount, r.status, want, r.out, r.err)
			}
		}
	})
}

// A plan's file is written though it is shown otherwise, and how to go on is said; a file that
// cannot be written is an error, and the plan is shown all the same.
func TestShowPlanFiles(t *testing.T) {
	bubble(t, func(t *testing.T) {
		dir := t.TempDir()
		out := filepath.Join(dir, "p.json")
		for _, args := range [][]string{{"--json"}, {}} {
			r := run(t, nil, append(args, "plan", "--demo", "--tax", "20", "--total", "50 EUR", "-o", out)...)
			if text, err := os.ReadFile(out); err != nil || len(args) > 0 && string(text) != r.out || !strings.Contains(oneLine(r.err), "then ovhrenew apply "+out+" --demo") {
				t.Errorf("%v: %v\n%s---\n%s", args, err, r.out, r.err)
			}
		}
		r := run(t, nil, "plan", "--demo", "--tax", "20", "--total", "50 EUR", "--out", filepath.Join(dir, "first", "p"), "--html", filepath.Join(dir, "second", "p"))
		if r.status != exitFailed || !strings.Contains(r.err, "first") || !strings.Contains(r.err, "second") {
			t.Errorf("of two files that cannot be written it says\n%s", r.err)
		}
		for _, flag := range []string{"--out", "--html"} {
			r := run(t, nil, "plan", "--demo", "--tax", "20", "--total", "50 EUR", flag, filepath.Join(dir, "nowhere", "p"))
			if r.status != exitFailed || !strings.Contains(r.err, "nowhere") || strings.Contains(r.err, "written to") || !strings.HasPrefix(r.out, "Plan of ") {
				t.Errorf("%s: status %d\n%s---\n%s", flag, r.status, r.out, r.err)
			}
		}
	})
}
