package temporal

import (
	"errors"

	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"
)

// Continued returns what the workflow ApplyPlan is continued with.
func Continued(err error) (in PlanInput, ok bool) {
	next, ok := errors.AsType[*workflow.ContinueAsNewError](err)
	if !ok {
		return in, false
	}
	if err := converter.GetDefaultDataConverter().FromPayloads(next.Input, &in); err != nil {
		panic(err)
	}
	return in, true
}

// RegisterWorkflows registers what a replayer needs.
func RegisterWorkflows(r worker.WorkflowRegistry) { registerWorkflows(r) }
