package temporal_test

import (
	"path/filepath"
	"testing"

	"go.temporal.io/sdk/worker"

	"github.com/ovhrenew/ovhrenew/temporal"
)

// TestReplay replays histories that a server has kept, of workflows as they once were: what
// runs now must go on with them. A change of the workflows that fails here needs
// workflow.GetVersion. They were written by
//
//	cd e2e && go run . -renewals 24 -kills 1 -stops 1 -control=false -history ../testdata
func TestReplay(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.json")
	if err != nil || len(files) < 2 {
		t.Fatalf("the histories are %v, %v", files, err)
	}
	for _, file := range files {
		r := worker.NewWorkflowReplayer()
		temporal.RegisterWorkflows(r)
		if err := r.ReplayWorkflowHistoryFromJSONFile(silent{}, file); err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
}
