package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// applying is an account with a plan in a file, and the words that apply it.
func applying(t *testing.T) (w *world, apply []string, dir string) {
	t.Helper()
	w, dir = guide(t), t.TempDir()
	plan := filepath.Join(dir, "plan.json")
	if r := run(t, w, "plan", "--total", "500 EUR", "-o", plan, "--journal", dir); r.status != 0 {
		t.Fatal(r.err)
	}
	return w, []string{"apply", plan, "--journal", dir, "--only-journal"}, dir
}

// What is no plan is refused before the account is opened, and the file is named.
func TestReadPlan(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := func(text string) string {
		name := filepath.Join(dir, "plan.json")
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	for _, text := range []string{"", "{}", "[]", "null", `{"v":2,"items":[{}]}`, "not a plan"} {
		if said := usage(t, "apply", file(text)); !strings.Contains(oneLine(said), "plan.json: ") {
			t.Errorf("%q is refused by %s", text, said)
		}
	}
	if said := usage(t, "apply", filepath.Join(dir, "gone.json"), "--yes"); !strings.Contains(said, "gone.json") {
		t.Errorf("a file that is not there is refused by %s", said)
	}
	both := file(`{"v":2}`)
	if said := usage(t, "apply", both, "--yes", "--each"); said == "" {
		t.Error("--yes and --each go together")
	}
}

// The question says how much may be spent, in each currency, and that it cannot be taken
// back. A plan of nothing asks nothing.
func TestConfirmPlan(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w, apply, _ := applying(t)
		w.terminal, w.answers = true, "n\n"
		r := run(t, w, apply...)
		if want := "Place and pay 1 order, for at most 77.63 EUR, tax included? A payment cannot be taken back. [y/N]"; r.status != exitFailed || !strings.Contains(oneLine(r.err), want) {
			t.Errorf("status %d, it asks\n%s", r.status, r.err)
		}
		if !strings.Contains(r.err, "not confirmed: nothing was done") || w.server.Count(ovhrenewtest.RouteOrder) > 0 {
			t.Errorf("a no: %d orders\n%s", w.server.Count(ovhrenewtest.RouteOrder), r.err)
		}
		if r := run(t, w, append(apply, "--each", "--yes")...); r.status != exitUsage || !strings.Contains(r.err, "--yes and --each exclude each other") {
			t.Errorf("both: status %d\n%s", r.status, r.err)
		}
		p := newProgram()
		if err := p.confirmPlan(t.Context(), &portfolio.Plan{}, false); err != nil {
			t.Errorf("of nothing: %v", err)
		}
	})
}

// Where others may renew too, orders wait for a while in which nothing else is told.
func TestApplyTellsOfTheWait(t *testing.T) {
	bubble(t, func(t *testing.T) {
		for _, only := range []bool{true, false} {
			w, apply, _ := applying(t)
			apply = append(apply, "--yes")
			if !only {
				apply = slices.DeleteFunc(apply, func(word string) bool { return word == "--only-journal" })
			}
			began := time.Now()
			r := run(t, w, apply...)
			waits := strings.Contains(oneLine(r.err), "each order is paid twelve minutes after it was placed")
			if took := time.Since(began) > 12*time.Minute; r.status != 0 || waits == only || took == only {
				t.Errorf("only %t: status %d, tells of a wait: %t, waits: %t\n%s", only, r.status, waits, took, r.err)
			}
		}
	})
}

// A report's page that cannot be written is told even where all else that there is to say
// has been said.
func TestApplyPageFails(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w, apply, dir := applying(t)
		w.server.Inject(ovhrenewtest.Fault{Route: ovhrenewtest.RouteOrder, Kind: ovhrenewtest.StatusFault, Status: 403, Times: -1})
		r := run(t, w, append(apply, "--yes", "--html", filepath.Join(dir, "nowhere", "report.html"))...)
		if r.status != exitFailed || !strings.Contains(r.err, "nowhere") || !strings.Contains(r.out, "0 of 1 renewed. Spent: nothing.") || !strings.Contains(r.out, "and not renewed:") {
			t.Errorf("status %d\n%s---\n%s", r.status, r.out, r.err)
		}
	})
}

// What has been spent is said in the table and below, and what an earlier run has done is
// marked. In JSON there is what was not renewed too.
func TestShowReport(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w, apply, dir := applying(t)
		r := run(t, w, append(apply, "--yes", "--html", filepath.Join(dir, "report.html"))...)
		if row := line(r.out, ovhrenewtest.GuideVPS); r.status != 0 || !strings.HasPrefix(row, "renewed ") || !strings.Contains(row, " 77.63 EUR ") {
			t.Errorf("status %d\n%s---\n%s", r.status, r.out, r.err)
		}
		if text, err := os.ReadFile(filepath.Join(dir, "report.html")); err != nil || !strings.Contains(string(text), ovhrenewtest.GuideVPS) {
			t.Errorf("the page: %v", err)
		}
		again := run(t, w, append(apply, "--yes")...)
		if row := line(again.out, ovhrenewtest.GuideVPS); again.status != 0 || !strings.HasPrefix(row, "renewed* ") || !strings.Contains(again.out, "* by an earlier run\n") {
			t.Errorf("again: status %d\n%s---\n%s", again.status, again.out, again.err)
		}
		var report struct {
			portfolio.Report
			NotRenewed []portfolio.LeftOut
		}
		r = run(t, w, append(apply, "--yes", "--json")...)
		if err := json.Unmarshal([]byte(r.out), &report); err != nil || r.status != 0 || report.NotRenewed == nil || report.Count(portfolio.OutcomeRenewed) != 1 {
			t.Errorf("in JSON: status %d, %v\n%s", r.status, err, r.out)
		}
		if n := w.server.PaymentsFor(ovhrenewtest.GuideVPSID); n != 1 {
			t.Errorf("it was paid for %d times", n)
		}
	})
}

// After as many failures as the flag says nothing more is begun.
func TestApplyStops(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w, dir := guide(t), t.TempDir()
		time.Sleep(4 * 24 * time.Hour) // until the domain is due
		plan := filepath.Join(dir, "plan.json")
		if r := run(t, w, "plan", "--total", "500 EUR", "-o", plan, "--journal", dir); r.status != 0 {
			t.Fatal(r.err)
		}
		w.server.Inject(ovhrenewtest.Fault{Route: ovhrenewtest.RouteOrder, Kind: ovhrenewtest.StatusFault, Status: 403, Times: -1})
		for flag, want := range map[string]int{"0": 2, "1": 1, "2": 2} {
			before := w.server.Count(ovhrenewtest.RouteOrder)
			r := run(t, w, "apply", plan, "--yes", "--journal", t.TempDir(), "--only-journal", "--stop-after", flag)
			if begun := w.server.Count(ovhrenewtest.RouteOrder) - before; begun != want || r.status != exitFailed || strings.Contains(r.out, "not begun") != (want < 2) {
				t.Errorf("--stop-after %s: status %d, %d begun, want %d\n%s", flag, r.status, begun, want, r.out)
			}
		}
	})
}
