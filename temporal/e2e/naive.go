package main

import (
	"context"
	"time"

	"go.temporal.io/sdk/activity"
	sdk "go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/ovhrenew/ovhrenew"
)

// The control is what one writes first: an activity that orders and one that pays, tried
// again by Temporal. It pays twice.

type naiveItem struct {
	Account string
	Offer   ovhrenew.Offer
	Order   ovhrenew.OrderID
}

type naive struct{ open *opener }

func registerNaive(w worker.Registry, o *opener) {
	n := naive{o}
	w.RegisterWorkflow(NaivePlan)
	w.RegisterActivityWithOptions(n.order, activity.RegisterOptions{Name: "naiveOrder"})
	w.RegisterActivityWithOptions(n.pay, activity.RegisterOptions{Name: "naivePay"})
}

func (n naive) order(ctx context.Context, in naiveItem) (ovhrenew.OrderID, error) {
	c, err := n.open.client(in.Account)
	if err != nil {
		return 0, err
	}
	order, err := c.PlaceOrder(ctx, in.Offer)
	return order.OrderID, err
}

func (n naive) pay(ctx context.Context, in naiveItem) error {
	c, err := n.open.client(in.Account)
	if err != nil {
		return err
	}
	with, err := ovhrenew.CheckPayment(ctx, c, in.Order, ovhrenew.DefaultMethod)
	if err != nil {
		return err
	}
	return c.Pay(ctx, in.Order, with)
}

// NaivePlan orders and pays each offer, 50 at once.
func NaivePlan(ctx workflow.Context, account string, offers []ovhrenew.Offer) error {
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: 10 * time.Second,
		RetryPolicy:         &sdk.RetryPolicy{InitialInterval: 500 * time.Millisecond, MaximumInterval: 10 * time.Second},
	})
	slots := workflow.NewSemaphore(ctx, 50)
	all := workflow.NewWaitGroup(ctx)
	var failed error
	for _, offer := range offers {
		all.Add(1)
		workflow.Go(ctx, func(ctx workflow.Context) {
			defer all.Done()
			if err := slots.Acquire(ctx, 1); err != nil {
				failed = err
				return
			}
			defer slots.Release(1)
			item := naiveItem{Account: account, Offer: offer}
			err := workflow.ExecuteActivity(ctx, "naiveOrder", item).Get(ctx, &item.Order)
			if err == nil {
				err = workflow.ExecuteActivity(ctx, "naivePay", item).Get(ctx, nil)
			}
			if err != nil {
				failed = err
			}
		})
	}
	all.Wait(ctx)
	return failed
}
