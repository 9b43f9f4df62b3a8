package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/ovhrenew/ovhrenew"
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

// A page is one file without a script and without a request, and says what the plan says.
func TestPlanPage(t *testing.T) {
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
		page := string(data)
		for _, bad := range []string{"<script", "src=", "href=", "url(", "@import", "http:", "https:", "ZgotmplZ"} {
			if strings.Contains(page, bad) {
				t.Errorf("the page has %s", bad)
			}
		}
		for _, item := range plan.Items {
			for _, want := range []string{item.Services[0].Name, item.Limit.String(), item.Services[0].NewExpiry.String(), item.Reason} {
				if !strings.Contains(page, want) {
					t.Errorf("the page lacks %s", want)
				}
			}
		}
		for _, left := range plan.LeftOut {
			if !strings.Contains(page, left.Name) {
				t.Errorf("the page lacks %s, left out", left.Name)
			}
		}
		totals, _ := plan.Totals()
		for _, want := range []string{totals[0].String(), "What ends when, by week", "by month and product, in EUR", "prefers-color-scheme: dark", "@media print", "not due"} {
			if !strings.Contains(page, want) {
				t.Errorf("the page lacks %s", want)
			}
		}
		if n := strings.Count(page, "<rect"); n < 10 {
			t.Errorf("the page draws %d rectangles", n)
		}
	})
}

// Names come from elsewhere: none becomes markup.
func TestPageIsEscaped(t *testing.T) {
	t.Parallel()
	services := []portfolio.Surveyed{{Service: ovhrenew.Service{ID: 1, Name: "<script>alert(1)</script>", Product: `"><img src=x>`, Expiry: ovhrenew.MustDate("2026-06-20")}, OffersRead: true}}
	services[0].Offers = []ovhrenew.Offer{{Service: 1, Period: ovhrenew.P1Y, Strategy: ovhrenew.RenewStrategy{Price: ovhrenew.MustMoney("5 EUR"), Services: []ovhrenew.ServiceID{1}}}}
	plan, err := portfolio.MakePlan(services, portfolio.Policy{Period: ovhrenew.P1Y, TaxPercent: "20", NoTotal: []ovhrenew.Currency{"EUR"}}, ovhrenew.MustDate("2026-06-15"))
	if err != nil || len(plan.Items) != 1 {
		t.Fatal(plan, err)
	}
	var b bytes.Buffer
	if err := writePlanPage(&b, plan, services); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.String(), "<script") || strings.Contains(b.String(), "<img") {
		t.Errorf("the page has markup of a name:\n%s", b.String())
	}
}

// In a browser the page shows its text, in light and dark and on paper, and asks nobody.
func TestPageInBrowser(t *testing.T) {
	chromium := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			chromium = path
		}
	}
	if chromium == "" || testing.Short() {
		t.Skip("needs chromium")
	}
	text, name := demoPlan(t)
	var plan portfolio.Plan
	if err := json.Unmarshal([]byte(text), &plan); err != nil {
		t.Fatal(err)
	}
	browse := func(args ...string) string {
		home := t.TempDir()
		cmd := exec.CommandContext(t.Context(), chromium, append([]string{"--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir=" + home}, append(args, "file://"+name)...)...)
		var out, errs bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &errs
		if err := cmd.Run(); err != nil {
			t.Fatalf("%v\n%s", err, &errs)
		}
		if strings.Contains(errs.String(), "Refused to") {
			t.Errorf("the page breaks its own policy: %s", &errs)
		}
		return out.String()
	}
	shown := regexp.MustCompile(`<[^>]*>`).ReplaceAllString(browse("--dump-dom"), " ")
	for _, want := range []string{plan.Items[0].Services[0].Name, plan.LeftOut[0].Name, "What is renewed", "Not in the plan"} {
		if !strings.Contains(shown, want) {
			t.Errorf("the browser does not show %s", want)
		}
	}
	picture := filepath.Join(t.TempDir(), "page.png")
	browse("--screenshot="+picture, "--window-size=1100,1600")
	paper := filepath.Join(t.TempDir(), "page.pdf")
	browse("--print-to-pdf=" + paper)
	for _, file := range []string{picture, paper} {
		if info, err := os.Stat(file); err != nil || info.Size() < 20_000 {
			t.Errorf("%s: %v, %v", file, info, err)
		}
	}
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
