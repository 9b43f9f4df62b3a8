package main

import (
	"bytes"
	"os"
	"strings"
	"testing"
)

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && runChild(os.Args[1:]) {
		return
	}
	os.Exit(m.Run())
}

// What times are depends on the machine; what is asked for does not.
func TestRequests(t *testing.T) {
	t.Parallel()
	server, err := startServer(quick.services, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer server.stop()
	const services, due = 200, 20
	for _, test := range []struct {
		name     string
		survey   survey
		requests int
	}{
		// The time; a page of services; the offers.
		{"ours", ourSurvey, 1 + 1 + due},
		// The time; the ids; each service; the offers.
		{"one by one", plainSurvey(1), 1 + 1 + services + due},
		// Each of the clients asks for the time.
		{"8 goroutines", plainSurvey(8), 8 + 1 + services + due},
	} {
		way := newLine(server.endpoint)
		got, err := test.survey(t.Context(), way)
		if err != nil {
			t.Fatalf("%s: %v", test.name, err)
		}
		if requests := int(way.requests.Load()); requests != test.requests {
			t.Errorf("%s: %d requests, want %d", test.name, requests, test.requests)
		}
		if got.services != services || got.due != due || got.offers < due {
			t.Errorf("%s found %+v, want %d services, %d due with offers", test.name, got, services, due)
		}
	}
}

// The account of the full run, read by ours alone: the other would take minutes.
func TestRequestsFull(t *testing.T) {
	t.Parallel()
	server, err := startServer(full.services, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer server.stop()
	way := newLine(server.endpoint)
	got, err := ourSurvey(t.Context(), way)
	if err != nil || got.services != 5_000 || got.due != 500 {
		t.Fatalf("found %+v, %v, want 5000 services, 500 due", got, err)
	}
	if requests := way.requests.Load(); requests != 506 {
		t.Errorf("%d requests, want 506: the time, 5 pages, 500 offers", requests)
	}
}

func TestQuick(t *testing.T) {
	t.Parallel()
	var table, progress bytes.Buffer
	if err := run(t.Context(), &table, &progress, quick); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(table.String()), "\n")[2:]
	if want := 2 + 5 + 2 + 3 + 8 + 2; len(lines) != want {
		t.Errorf("the table has %d lines, want %d:\n%s", len(lines), want, table.String())
	}
	for _, line := range lines {
		if strings.Count(line, "|") != 7 {
			t.Errorf("a line of other than 6 cells: %s", line)
		}
	}
	for _, want := range []string{
		"| survey 200 services, 20 due: requests | go-ovh, one by one | 222 | 22 | 10 × fewer | at most 26 requests |",
		"| requests | go-ovh, 8 goroutines | 229 | 22 | 10 × fewer |  |",
		"| at 60 requests a minute (computed) | go-ovh, one by one | 3.7 min | 0.4 min | 10 × faster |  |",
	} {
		if !strings.Contains(table.String(), want) {
			t.Errorf("the table lacks %q:\n%s", want, table.String())
		}
	}
}
