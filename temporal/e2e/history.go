//go:build unix

package main

import (
	"context"
	"os"
	"path/filepath"

	"go.temporal.io/api/history/v1"
	"go.temporal.io/api/temporalproto"
	"go.temporal.io/sdk/client"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/internal/harness"
	"github.com/ovhrenew/ovhrenew/temporal"
)

// dump writes the history of a plan's first run and of its first renewal, for replays.
func dump(ctx context.Context, c client.Client, w *harness.World) error {
	path, err := w.PlanFile(0)
	if err != nil {
		return err
	}
	task := w.Plans[0].Items[0].Task(w.Plans[0].Policy.Guards())
	task.PayWith = ovhrenew.DefaultMethod
	for name, id := range map[string]string{
		"plan.json":  temporal.PlanInput{Account: accountName(0), Plan: path}.ID(),
		"renew.json": temporal.RenewInput{Account: accountName(0), Task: &task}.ID(),
	} {
		h := &history.History{}
		events := c.GetWorkflowHistory(ctx, id, "", false, 0)
		for events.HasNext() {
			event, err := events.Next()
			if err != nil {
				return err
			}
			h.Events = append(h.Events, event)
		}
		text, err := temporalproto.CustomJSONMarshalOptions{Indent: " "}.Marshal(h)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(*historyDir, name), text, 0o600); err != nil {
			return err
		}
	}
	return nil
}
