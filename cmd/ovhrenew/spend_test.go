// What is spent and what is not, across apply, renew, auto, doctor and report.

package main

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// Nothing is spent without a yes: not where nobody can be asked, not by a no, not by the
// end of the input.
func TestNothingWithoutYes(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w, dir := guide(t), t.TempDir()
		plan := filepath.Join(dir, "plan.json")
		if r := run(t, w, "plan", "--total", "500 EUR", "--out", plan, "--journal", dir); r.status != 0 {
			t.Fatal(r.err)
		}
		renew := []string{"renew", ovhrenewtest.GuideVPS, "--for", "P3M", "--limit", "50 EUR", "--journal", dir, "--only-journal"}
		for _, c := range []struct {
			args     []string
			terminal bool
			answers  string
			status   int
		}{
			{renew, false, "y\n", exitUsage},
			{renew, true, "n\n", exitFailed},
			{[]string{"apply", plan, "--journal", dir}, false, "y\n", exitUsage},
			{[]string{"apply", plan, "--journal", dir}, true, "no\n", exitFailed},
			{[]string{"apply", plan, "--journal", dir}, true, "\n", exitFailed},
			{[]string{"apply", plan, "--journal", dir}, true, "", exitFailed},
			{[]string{"apply", plan, "--journal", dir}, true, "yesterday\n", exitFailed},
			{[]string{"auto", ovhrenewtest.GuideVPS, "--mode", "automatic", "--every", "P1M"}, false, "y\n", exitFailed},
			{[]string{"auto", ovhrenewtest.GuideVPS, "--mode", "automatic", "--every", "P1M"}, true, "n\n", exitFailed},
			{[]string{"doctor", "--request-key"}, true, "n\n", exitFailed},
		} {
			w.terminal, w.answers = c.terminal, c.answers
			if r := run(t, w, c.args...); r.status != c.status {
				t.Errorf("%v with %q: status %d, want %d\n%s%s", c.args, c.answers, r.status, c.status, r.out, r.err)
			}
		}
		if spent := w.server.Spent(); len(spent) > 0 || w.server.Count(ovhrenewtest.RoutePay) > 0 {
			t.Errorf("%v was spent", spent)
		}
		if mode := w.server.Services()[0].Mode; mode != "manual" && mode != "" {
			t.Errorf("the VPS renews %s", mode)
		}
	})
}

// A plan is made, shown, applied with --yes and reported: the report's sum is what the
// account has spent, and the same plan applied again spends nothing.
func TestPlanApplyReport(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w, dir := guide(t), t.TempDir()
		file := func(name string) string { return filepath.Join(dir, name) }
		time.Sleep(4 * 24 * time.Hour) // until the domain is due
		if r := run(t, w, "plan", "--total", "500 EUR", "--per-month", "600 EUR", "-o", file("plan.json"), "--html", file("plan.html"), "--journal", file("j")); r.status != 0 {
			t.Fatal(r.err)
		}
		r := run(t, w, "apply", file("plan.json"), "--yes", "--journal", file("j"), "--only-journal", "--html", file("report.html"))
		if r.status != 0 || !strings.Contains(r.out, "2 of 2 renewed. Spent: 123.07 EUR.") || !strings.Contains(r.err, "renewed: "+ovhrenewtest.GuideVPS+" (") {
			t.Errorf("apply: status %d\n%s%s", r.status, r.out, r.err)
		}
		if again := run(t, w, "apply", file("plan.json"), "--yes", "--journal", file("j"), "--only-journal"); !strings.Contains(again.out, "2 of 2 renewed. Spent, by earlier runs too: 123.07 EUR.") {
			t.Errorf("apply again: status %d\n%s%s", again.status, again.out, again.err)
		}
		again := run(t, w, "apply", file("plan.json"), "--yes", "--journal", file("j"), "--only-journal", "--json")
		if again.status != 0 || !json.Valid([]byte(again.out)) {
			t.Errorf("apply again: status %d\n%s%s", again.status, again.out, again.err)
		}
		report := run(t, w, "report", "--journal", file("j"), "--bills", "--csv", "-", "--html", file("ledger.html"))
		rows, err := csv.NewReader(strings.NewReader(report.out)).ReadAll()
		if err != nil || len(rows) != 3 {
			t.Fatalf("report: %v\n%s%s", err, report.out, report.err)
		}
		sum := ovhrenew.MustMoney("0 EUR")
		for _, row := range rows[1:] {
			gross, err := ovhrenew.ParseMoney(row[7] + " " + row[4])
			if err != nil {
				t.Fatal(err)
			}
			if sum, err = sum.Add(gross); err != nil || !strings.HasPrefix(row[2], "FR") {
				t.Errorf("the row %v, %v", row, err)
			}
		}
		if int64(w.server.Spent()["EUR"]) != sum.Ucents() {
			t.Errorf("the report's sum is %s, spent was %s", sum, w.server.Spent()["EUR"])
		}
		for _, name := range []string{"plan.html", "report.html", "ledger.html"} {
			text, err := os.ReadFile(file(name))
			if err != nil || !strings.Contains(string(text), ovhrenewtest.GuideVPS) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

// An outcome that is not known ends with status 3.
func TestUnsure(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w, dir := guide(t), t.TempDir()
		plan := filepath.Join(dir, "plan.json")
		if r := run(t, w, "plan", "--total", "500 EUR", "-o", plan); r.status != 0 {
			t.Fatal(r.err)
		}
		w.patience = ovhrenew.Patience{Poll: 2 * time.Minute, Delivery: time.Hour}
		w.server.Inject(ovhrenewtest.Fault{Route: ovhrenewtest.RoutePay, Kind: ovhrenewtest.Reset, Times: -1})
		w.server.OnRequest(func(r ovhrenewtest.Request) {
			if r.Route == ovhrenewtest.RoutePay { // from then on nobody can look
				w.server.Inject(ovhrenewtest.Fault{Route: ovhrenewtest.RouteStatus, Kind: ovhrenewtest.StatusFault, Status: 403, Times: -1})
			}
		})
		r := run(t, w, "apply", plan, "--yes", "--journal", dir, "--only-journal")
		if r.status != exitUnsure || !strings.Contains(r.out, "not known whether it was paid") || !strings.Contains(r.out, "0 of 1 renewed") {
			t.Errorf("status %d, want %d\n%s%s", r.status, exitUnsure, r.out, r.err)
		}
		report := run(t, w, "report", "--journal", dir)
		if !strings.Contains(report.out, "unsure") || !strings.Contains(report.out, "77.63 EUR") {
			t.Errorf("the report is\n%s%s", report.out, report.err)
		}
	})
}
