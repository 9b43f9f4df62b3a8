package main

import (
	"context"
	"os"
	"path/filepath"
	"regexp"

	"go.temporal.io/api/history/v1"
	"google.golang.org/protobuf/encoding/protojson"

	"github.com/ovhrenew/ovhrenew/temporal"
)

// writeHistories writes the histories of a plan and of its first renewal, for the tests
// that replay them.
func (x *running) writeHistories(ctx context.Context) error {
	if x.s.histories == "" {
		return nil
	}
	if err := os.MkdirAll(x.s.histories, 0o755); err != nil {
		return err
	}
	in := x.application(x.accounts[0])
	if err := x.writeHistory(ctx, in.ID(), "plan.json"); err != nil {
		return err
	}
	task := x.accounts[0].plan.Items[0].Task(x.accounts[0].plan.Policy.Guards())
	return x.writeHistory(ctx, temporal.Renewal{Account: in.Account, Task: &task}.ID(), "renewal.json")
}

func (x *running) writeHistory(ctx context.Context, id, name string) error {
	events := x.client.GetWorkflowHistory(ctx, id, "", false, 0)
	var h history.History
	for events.HasNext() {
		event, err := events.Next()
		if err != nil {
			return err
		}
		h.Events = append(h.Events, event)
	}
	text, err := protojson.MarshalOptions{Indent: " "}.Marshal(&h)
	if err != nil {
		return err
	}
	if host, err := os.Hostname(); err == nil { // which Temporal puts into names
		text = regexp.MustCompile(`\b(\d+@)?`+regexp.QuoteMeta(host)+`\b`).ReplaceAll(text, []byte("worker"))
	}
	return os.WriteFile(filepath.Join(x.s.histories, name), append(text, '\n'), 0o644)
}
