package main

import (
	"encoding/csv"
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

// What report shows of the demo account.
func TestShowLedger(t *testing.T) {
	bubble(t, func(t *testing.T) {
		shows(t, "report", exitDone, "report")
	})
}

// The ledger of a journal is written in each form that is asked for, with the same order in
// all; without entries it says so.
func TestReport(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w, apply, dir := applying(t)
		report := func(args ...string) result {
			t.Helper()
			r := run(t, w, append([]string{"report", "--journal", dir}, args...)...)
			if r.status != exitDone {
				t.Fatalf("%v: status %d\n%s", args, r.status, r.err)
			}
			return r
		}
		if r := report(); r.out != "The journal knows of nothing that was paid since 2000-01-01.\n" {
			t.Errorf("of nothing it says %q", r.out)
		}
		if r := run(t, w, append(apply, "--yes")...); r.status != 0 {
			t.Fatal(r.err)
		}
		if r := report(); !strings.Contains(r.out, "2000-01: 77.63 EUR, tax included.\n") || !strings.HasPrefix(line(r.out, ovhrenewtest.GuideVPS), "2000-01-01  renewed ") {
			t.Errorf("it shows\n%s", r.out)
		}
		if r := report("--bills"); !strings.Contains(line(r.out, ovhrenewtest.GuideVPS), "  FR") {
			t.Errorf("with bills it shows\n%s", r.out)
		}
		if r := report("--since", "2000-01-02"); strings.Contains(r.out, ovhrenewtest.GuideVPS) {
			t.Errorf("since a later day it shows\n%s", r.out)
		}
		var ledger portfolio.Ledger
		if r := report("--json"); json.Unmarshal([]byte(r.out), &ledger) != nil || len(ledger.Entries) != 1 {
			t.Errorf("in JSON it is\n%s", r.out)
		}
		table, page := filepath.Join(dir, "june.csv"), filepath.Join(dir, "june.html")
		if r := report("--csv", table, "--html", page); !strings.Contains(r.out, ovhrenewtest.GuideVPS) {
			t.Errorf("with files it shows\n%s", r.out)
		}
		text, err := os.ReadFile(table)
		if err != nil {
			t.Fatal(err)
		}
		if rows, err := csv.NewReader(strings.NewReader(string(text))).ReadAll(); err != nil || len(rows) != 2 {
			t.Errorf("the table has %v, %v", rows, err)
		}
		if text, err := os.ReadFile(page); err != nil || !strings.Contains(string(text), "vps-starter") {
			t.Errorf("the page has no product: %v", err)
		}
		if r := report("--csv", "-"); r.out != string(text) {
			t.Errorf("on the standard output the table is\n%s", r.out)
		}
	})
}

// Two forms cannot both be on the standard output, and what cannot be written or looked up is
// an error.
func TestReportFails(t *testing.T) {
	bubble(t, func(t *testing.T) {
		if said := usage(t, "report", "--json", "--csv", "-"); !strings.Contains(said, "--json and --csv -") {
			t.Errorf("it says %s", said)
		}
		w, dir := guide(t), t.TempDir()
		for _, flag := range []string{"--csv", "--html"} {
			if r := run(t, w, "report", "--journal", dir, flag, filepath.Join(dir, "nowhere", "file")); r.status != exitFailed || !strings.Contains(r.err, "nowhere") {
				t.Errorf("%s: status %d\n%s", flag, r.status, r.err)
			}
		}
		w.server.Inject(ovhrenewtest.Fault{Route: "GET /me", Kind: ovhrenewtest.StatusFault, Status: 403, Times: -1})
		if r := run(t, w, "report", "--journal", dir); r.status != exitFailed || r.out != "" {
			t.Errorf("without an account: status %d\n%s---\n%s", r.status, r.out, r.err)
		}
	})
}

// A payment counts in every month in which the money may go: of one that may still be made,
// until now.
func TestMonths(t *testing.T) {
	t.Parallel()
	at := func(text string) time.Time {
		day, err := time.Parse(time.DateOnly, text)
		if err != nil {
			t.Fatal(err)
		}
		return day
	}
	for _, c := range []struct {
		entries []portfolio.Entry
		want    []string
	}{
		{nil, nil},
		{[]portfolio.Entry{{Time: at("2026-06-15"), Until: at("2026-06-15")}}, []string{"2026-06"}},
		{[]portfolio.Entry{{Time: at("2026-01-31"), Until: at("2026-03-01")}}, []string{"2026-01", "2026-02", "2026-03"}},
		{[]portfolio.Entry{{Time: at("2026-04-30")}}, []string{"2026-04", "2026-05", "2026-06"}},
		{[]portfolio.Entry{{Time: at("2026-06-01"), Until: at("2026-06-02")}, {Time: at("2025-12-31"), Until: at("2026-01-01")}, {Time: at("2026-06-03")}}, []string{"2025-12", "2026-01", "2026-06"}},
	} {
		if got := months(&portfolio.Ledger{Entries: c.entries}, at("2026-06-30")); !slices.Equal(got, c.want) {
			t.Errorf("%v are in %v, want %v", c.entries, got, c.want)
		}
	}
}
