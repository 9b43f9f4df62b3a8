package main

import (
	"testing"
	"time"
)

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

// A service is due by a day if it ends before, and ends at all: what ended before it began
// has no end.
func TestDueBy(t *testing.T) {
	t.Parallel()
	day := time.Date(2026, 6, 15, 0, 0, 0, 0, time.UTC)
	before, after := day.AddDate(0, 0, -1), day.AddDate(0, 0, 1)
	for _, c := range []struct {
		ends, created *time.Time
		want          bool
	}{
		{nil, nil, false}, {&before, nil, true}, {&after, nil, false}, {&day, nil, false}, {&before, &after, false}, {&after, &before, false}, {&before, &before, true},
	} {
		var s plainService
		s.Billing.ExpirationDate, s.Billing.Lifecycle.Current.CreationDate = c.ends, c.created
		if got := s.dueBy(day); got != c.want {
			t.Errorf("from %v to %v: %t, want %t", c.created, c.ends, got, c.want)
		}
	}
}

// Rows say what was found, and a goal that was missed is one.
func TestSurveyRowsOf(t *testing.T) {
	t.Parallel()
	one, ours := surveyed{requests: 600, took: 60 * time.Second}, surveyed{requests: 60, took: time.Second}
	if got, want := counted("requests", "go-ovh", one, ours, "at most 50", false), (row{"requests", "go-ovh", "600", "60", "10 × fewer", "at most 50", false}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	if got, want := minutes("a minute", "go-ovh", one, ours), (row{"a minute", "go-ovh", "10.0 min", "1.0 min", "10 × faster", "", true}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	for least, met := range map[float64]bool{50: true, 61: false} {
		if got := timed("time", "go-ovh", one, ours, least); got.met != met || got.ratio != "60 × faster" || got.other != "60.00 s" {
			t.Errorf("at least %v: %+v", least, got)
		}
	}
}
