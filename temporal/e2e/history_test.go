package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/history/v1"
	"go.temporal.io/sdk/client"
)

// histories is a Temporal that has a history of one event for each workflow.
type histories struct {
	client.Client
	asked []string
	host  string
}

func (h *histories) GetWorkflowHistory(_ context.Context, id, _ string, _ bool, _ enums.HistoryEventFilterType) client.HistoryEventIterator {
	h.asked = append(h.asked, id)
	return &event{&history.HistoryEvent{EventId: 7, Attributes: &history.HistoryEvent_WorkflowTaskStartedEventAttributes{
		WorkflowTaskStartedEventAttributes: &history.WorkflowTaskStartedEventAttributes{Identity: "4711@" + h.host + "@queue", RequestId: "x" + h.host},
	}}}
}

// event is an iterator over one event.
type event struct{ next *history.HistoryEvent }

func (e *event) HasNext() bool { return e.next != nil }

func (e *event) Next() (*history.HistoryEvent, error) {
	next := e.next
	e.next = nil
	return next, nil
}

// The histories of a plan and of its first renewal are written, without the name of the
// machine, and only if somebody wants them.
func TestWriteHistories(t *testing.T) {
	t.Parallel()
	host, err := os.Hostname()
	if err != nil {
		t.Skip(err)
	}
	dir := t.TempDir()
	a, err := openAccount(t.Context(), dir, "account", 2, scenario{delivery: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(a.server.Close)
	h := &histories{host: host}
	x := &running{client: h, accounts: []*account{a}}
	if err := x.writeHistories(t.Context()); err != nil || len(h.asked) > 0 {
		t.Errorf("nobody wants them: %v, %v", err, h.asked)
	}
	x.s.histories = filepath.Join(dir, "histories")
	if err := x.writeHistories(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(h.asked) != 2 || h.asked[0] != x.application(a).ID() || h.asked[1] == h.asked[0] || !strings.Contains(h.asked[1], "account") {
		t.Errorf("histories are of %q", h.asked)
	}
	for _, name := range []string{"plan.json", "renewal.json"} {
		text, err := os.ReadFile(filepath.Join(x.s.histories, name))
		if err != nil {
			t.Fatal(err)
		}
		var read struct{ Events []struct{ EventID string } }
		if err := json.Unmarshal(text, &read); err != nil || len(read.Events) != 1 || read.Events[0].EventID != "7" {
			t.Errorf("%s: %v\n%s", name, err, text)
		}
		if !strings.Contains(string(text), `"worker@queue"`) || strings.Contains(string(text), "4711") {
			t.Errorf("%s names the machine:\n%s", name, text)
		}
	}
}
