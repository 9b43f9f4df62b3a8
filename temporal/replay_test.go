// What histories of earlier runs come to with the workflows of today.

package temporal_test

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
	"github.com/ovhrenew/ovhrenew/temporal"
)

// Workflows that were begun by an earlier version go on with this one: their histories
// replay. The histories are of a run of e2e (-histories). A change that does not replay
// needs workflow.GetVersion, and a history of its own.
func TestReplay(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.json")
	if err != nil || len(files) < 2 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		r := worker.NewWorkflowReplayer()
		r.RegisterWorkflow(temporal.Renew)
		r.RegisterWorkflow(temporal.ApplyPlan)
		if err := r.ReplayWorkflowHistoryFromJSONFile(quiet{}, file); err != nil {
			t.Errorf("%s: %v", file, err)
		}
		// A workflow that does something else does not replay them.
		r = worker.NewWorkflowReplayer()
		for name, do := range map[string]any{
			"Renew":     func(ctx workflow.Context, _ temporal.Renewal) error { return workflow.Sleep(ctx, time.Hour) },
			"ApplyPlan": func(ctx workflow.Context, _ temporal.Application) error { return workflow.Sleep(ctx, time.Hour) },
		} {
			r.RegisterWorkflowWithOptions(do, workflow.RegisterOptions{Name: name})
		}
		if err := r.ReplayWorkflowHistoryFromJSONFile(quiet{}, file); err == nil {
			t.Errorf("%s: another workflow replays it", file)
		}
	}
}

// Neither credentials nor an order's links or password go through Temporal.
func TestHistoriesHaveNoSecrets(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.json")
	if err != nil {
		t.Fatal(err)
	}
	payload := regexp.MustCompile(`"data": "([^"]*)"`)
	keys := ovhrenewtest.New(ovhrenewtest.Behaviour{}).Credentials()
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, match := range payload.FindAllSubmatch(text, -1) {
			data, err := base64.StdEncoding.DecodeString(string(match[1]))
			if err != nil {
				t.Fatal(err)
			}
			n++
			for _, secret := range []string{keys.AppKey, keys.AppSecret, keys.ConsumerKey, "http", "password"} {
				if strings.Contains(string(data), secret) {
					t.Errorf("%s has %s in %s", file, secret, data)
				}
			}
		}
		if n == 0 {
			t.Errorf("%s has no payloads", file)
		}
	}
}
