package temporal_test

import (
	"path/filepath"
	"testing"

	"go.temporal.io/sdk/worker"

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
	}
}
