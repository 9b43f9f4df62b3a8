package temporal

import "go.temporal.io/sdk/workflow"

// signal is one that a workflow takes, and what to do at it. The value is where it is read
// to; nil for a signal without one.
type signal struct {
	name  string
	value any
	do    func()
}

// listen takes signals in for as long as the workflow runs.
func listen(ctx workflow.Context, signals []signal) {
	workflow.Go(ctx, func(ctx workflow.Context) {
		s := workflow.NewSelector(ctx)
		for _, one := range signals {
			s.AddReceive(workflow.GetSignalChannel(ctx, one.name), func(c workflow.ReceiveChannel, _ bool) {
				c.Receive(ctx, one.value)
				one.do()
			})
		}
		for ctx.Err() == nil {
			s.Select(ctx)
		}
	})
}

// drain takes in what has come and nobody has looked at: the next run would not have it.
func drain(ctx workflow.Context, signals []signal) {
	for _, one := range signals {
		for workflow.GetSignalChannel(ctx, one.name).ReceiveAsync(one.value) {
			one.do()
		}
	}
}
