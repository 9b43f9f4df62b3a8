//go:build unix

package main

import (
	"context"
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	sdk "go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/internal/harness"
	"github.com/ovhrenew/ovhrenew/temporal"
)

// naive is what one writes first: an activity that orders and one that pays, which
// Temporal repeats when they fail. A harness in which it pays nothing twice sees nothing.
type naive struct {
	account func(ctx context.Context, name string) (temporal.Account, error)
}

type naiveItem struct {
	Account string         `json:"account"`
	Offer   ovhrenew.Offer `json:"offer"`
}

func (n *naive) Order(ctx context.Context, item naiveItem) (ovhrenew.OrderID, error) {
	a, err := n.account(ctx, item.Account)
	if err != nil {
		return 0, err
	}
	order, err := a.Client.PlaceOrder(ctx, item.Offer)
	return order.OrderID, err
}

func (n *naive) Pay(ctx context.Context, item naiveItem, order ovhrenew.OrderID) error {
	a, err := n.account(ctx, item.Account)
	if err != nil {
		return err
	}
	with, err := ovhrenew.CheckPayment(ctx, a.Client, order, ovhrenew.DefaultMethod)
	if err != nil {
		return err
	}
	return a.Client.Pay(ctx, order, with)
}

func naiveOptions(ctx workflow.Context) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: 5 * time.Second, RetryPolicy: &sdk.RetryPolicy{InitialInterval: 500 * time.Millisecond},
	})
}

func naiveRenew(ctx workflow.Context, item naiveItem) error {
	ctx = naiveOptions(ctx)
	var order ovhrenew.OrderID
	if err := workflow.ExecuteActivity(ctx, "naive.Order", item).Get(ctx, &order); err != nil {
		return err
	}
	return workflow.ExecuteActivity(ctx, "naive.Pay", item, order).Get(ctx, nil)
}

// naivePlan renews so many at once.
func naivePlan(ctx workflow.Context, items []naiveItem) error {
	running := 0
	for _, item := range items {
		if err := workflow.Await(ctx, func() bool { return running < 50 }); err != nil {
			return err
		}
		running++
		workflow.Go(ctx, func(ctx workflow.Context) {
			_ = workflow.ExecuteChildWorkflow(ctx, naiveRenew, item).Get(ctx, nil)
			running--
		})
	}
	return workflow.Await(ctx, func() bool { return running == 0 })
}

func registerNaive(w worker.Registry, n *naive) {
	w.RegisterWorkflow(naiveRenew)
	w.RegisterWorkflow(naivePlan)
	w.RegisterActivityWithOptions(n.Order, activity.RegisterOptions{Name: "naive.Order"})
	w.RegisterActivityWithOptions(n.Pay, activity.RegisterOptions{Name: "naive.Pay"})
}

// startNaive starts the control for the same plans.
func startNaive(ctx context.Context, c client.Client, w *harness.World) (func() error, error) {
	var runs []client.WorkflowRun
	for n, plan := range w.Plans {
		var items []naiveItem
		for _, item := range plan.Items[:min(len(plan.Items), 500)] { // more would be too large an input
			items = append(items, naiveItem{accountName(n), item.Offer()})
		}
		run, err := c.ExecuteWorkflow(ctx, client.StartWorkflowOptions{TaskQueue: taskQueue + " naive"}, naivePlan, items)
		if err != nil {
			return nil, err
		}
		runs = append(runs, run)
	}
	return func() error {
		for _, run := range runs {
			if err := run.Get(ctx, nil); err != nil {
				return err
			}
		}
		return nil
	}, nil
}
