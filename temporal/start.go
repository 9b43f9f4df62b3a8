package temporal

import (
	"context"

	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"

	"github.com/ovhrenew/ovhrenew"
)

// StartRenew starts the workflow of a renewal, or returns the one that runs already for the
// same. One of a task, or of a wish with From, is not started again once it has renewed.
func StartRenew(ctx context.Context, c client.Client, taskQueue string, in RenewInput) (client.WorkflowRun, error) {
	if err := in.Check(); err != nil {
		return nil, err
	}
	reuse := enums.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE_FAILED_ONLY
	if in.Wish != nil && in.Wish.From == (ovhrenew.Date{}) { // the next time is another renewal
		reuse = enums.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE
	}
	return c.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID: in.ID(), TaskQueue: taskQueue, WorkflowIDReusePolicy: reuse,
		WorkflowIDConflictPolicy: enums.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
	}, RenewWorkflow, in)
}

// StartPlan starts the workflow of a plan, or returns the one that runs already. A plan can
// be applied again: what is renewed is found renewed.
func StartPlan(ctx context.Context, c client.Client, taskQueue string, in PlanInput) (client.WorkflowRun, error) {
	if err := in.Check(); err != nil {
		return nil, err
	}
	return c.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID: in.ID(), TaskQueue: taskQueue,
		WorkflowIDReusePolicy:    enums.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE,
		WorkflowIDConflictPolicy: enums.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
	}, ApplyPlanWorkflow, in)
}
