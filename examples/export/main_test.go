package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/ovhrenew/ovhrenew"
)

func output(t *testing.T, args ...string) string {
	t.Helper()
	var out bytes.Buffer
	if err := run(t.Context(), args, &out); err != nil {
		t.Fatalf("export %v: %v", args, err)
	}
	return out.String()
}

// TestCalendar reads the calendar again: each event on one whole day, each id once.
func TestCalendar(t *testing.T) {
	t.Parallel()
	cal, err := ics.ParseCalendar(strings.NewReader(output(t, "calendar")))
	if err != nil {
		t.Fatal(err)
	}
	ids, kinds := map[string]bool{}, map[string]int{}
	for _, event := range cal.Events() {
		start, err1 := event.GetAllDayStartAt()
		end, err2 := event.GetAllDayEndAt()
		if err := errors.Join(err1, err2); err != nil || end.Sub(start) != 24*time.Hour {
			t.Errorf("%s is from %s to %s: %v", event.Id(), start, end, err)
		}
		if ids[event.Id()] {
			t.Errorf("%s is there twice", event.Id())
		}
		ids[event.Id()] = true
		kind, _, _ := strings.Cut(event.Id(), "-")
		kinds[kind]++
	}
	if kinds["expiry"] < 20 || kinds["renewal"] == 0 || len(kinds) != 2 {
		t.Errorf("the calendar has %v", kinds)
	}
}

func TestMetrics(t *testing.T) {
	t.Parallel()
	text := output(t, "metrics")
	for _, want := range []string{
		"ovhrenew_expiry_timestamp_seconds{id=", "ovhrenew_automatic{id=", "ovhrenew_planned_price{currency=\"EUR\"",
		"ovhrenew_last_survey_timestamp_seconds ", "ovhrenew_survey_failures_total 0",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the metrics lack %q:\n%s", want, text)
		}
	}
	client, err := connect(false)
	if err != nil {
		t.Fatal(err)
	}
	e := &exporter{client: client}
	registry := prometheus.NewRegistry()
	registry.MustRegister(e)
	if err := e.refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	problems, err := testutil.GatherAndLint(registry)
	if err != nil || len(problems) != 0 {
		t.Errorf("promlint: %v, %v", problems, err)
	}
	// A survey that fails is counted, and leaves the last one standing.
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	n := testutil.CollectAndCount(e, "ovhrenew_automatic")
	if err := e.refresh(ctx); err == nil || e.failures != 1 || testutil.CollectAndCount(e, "ovhrenew_automatic") != n {
		t.Errorf("after a failure: %v, %d failures", err, e.failures)
	}
}

// TestMetricsServed scrapes over HTTP, and stops.
func TestMetricsServed(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	reader, writer := io.Pipe()
	done := make(chan error, 1)
	go func() { done <- run(ctx, []string{"metrics", "-listen", "127.0.0.1:0"}, writer) }()
	line, err := bufio.NewReader(reader).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.Get(strings.TrimSpace(strings.TrimPrefix(line, "serving ")))
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(response.Body)
	response.Body.Close()
	if err != nil || !strings.Contains(string(body), "ovhrenew_last_survey_timestamp_seconds") {
		t.Errorf("scraped %v:\n%s", err, body)
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// TestReport: each order once, with its own bill; CSV and JSON say the same.
func TestReport(t *testing.T) {
	t.Parallel()
	lines, err := csv.NewReader(strings.NewReader(output(t, "report"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var rows []row
	if err := json.Unmarshal([]byte(output(t, "report", "-json")), &rows); err != nil {
		t.Fatal(err)
	}
	if len(rows) < 3 || len(lines) != len(rows)+1 {
		t.Fatalf("%d rows of CSV and %d of JSON", len(lines)-1, len(rows))
	}
	bills := map[string]bool{}
	for _, r := range rows {
		if r.Bill == "" || bills[r.Bill] || r.Outcome != "renewed" || r.Currency != "EUR" {
			t.Errorf("the row is %+v", r)
		}
		bills[r.Bill] = true
		if _, err := ovhrenew.ParseMoney(r.Amount + " " + r.Currency); err != nil {
			t.Error(err)
		}
	}
}

// TestReportFrom reads the report of an earlier Apply, whose order this account does
// not have: there is no bill then, and nothing is made up.
func TestReportFrom(t *testing.T) {
	t.Parallel()
	client, err := connect(false)
	if err != nil {
		t.Fatal(err)
	}
	report, err := load(t.Context(), client, false, "", ovhrenew.DateOf(time.Now()))
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(report)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "report.json")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	var again bytes.Buffer
	if err := run(t.Context(), []string{"report", "-json", "-from", file}, &again); err != nil {
		t.Fatal(err)
	}
	var rows []row
	if err := json.Unmarshal(again.Bytes(), &rows); err != nil || len(rows) != len(report.Items) {
		t.Errorf("%d rows of %d items, %v", len(rows), len(report.Items), err)
	}
	for _, r := range rows {
		if r.Bill != "" {
			t.Errorf("the row is %+v, of a bill that does not exist", r)
		}
	}
}

func TestMistakes(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"report", "-from", "nowhere.json"}, {"metrics", "-listen", "nowhere:nothing"}} {
		if err := run(t.Context(), args, io.Discard); err == nil {
			t.Errorf("export %v: no error", args)
		}
	}
}

// TestMain lets a test run the program itself, with its exit status.
func TestMain(m *testing.M) {
	if os.Getenv("EXAMPLE_MAIN") == "1" {
		main()
		return
	}
	os.Exit(m.Run())
}

// TestUsage: what is left over on the command line, or missing, is answered by a line.
func TestUsage(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		args   []string
		status int
		says   string
	}{
		{nil, 2, usage + "\n"},
		{[]string{"picture"}, 2, usage + "\n"},
		{[]string{"calendar", "surplus"}, 2, usage + "\n"},
		{[]string{"calendar", "-json", "surplus"}, 2, usage + "\n"},
		{[]string{"-live"}, 2, usage + "\n"},
		{[]string{"-h"}, 0, "Usage of export:\n"},
		{[]string{"calendar", "-h"}, 0, "Usage of export:\n"},
	} {
		cmd := exec.CommandContext(t.Context(), os.Args[0], c.args...)
		cmd.Env = []string{"EXAMPLE_MAIN=1", "HOME=" + t.TempDir()}
		out, err := cmd.CombinedOutput()
		if cmd.ProcessState == nil {
			t.Fatal(err)
		}
		if status := cmd.ProcessState.ExitCode(); status != c.status || !strings.HasPrefix(string(out), c.says) || status == 2 && string(out) != c.says {
			t.Errorf("export %v: exit status %d, want %d, printed\n%s", c.args, status, c.status, out)
		}
	}
	if !strings.Contains(output(t, "-json", "report"), "{") {
		t.Error("a flag before the command is lost")
	}
}
