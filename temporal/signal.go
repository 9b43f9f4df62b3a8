package temporal

import (
	"time"

	"go.temporal.io/sdk/workflow"

	"github.com/ovhrenew/ovhrenew"
)

// Signal is the name of a signal or a query.
type Signal = string

// The signals and the query.
const (
	// SignalAnswer gives a person's decision on an order: an [Answer].
	SignalAnswer Signal = "answer"
	// SignalApprove lets a plan begin that waits for it.
	SignalApprove Signal = "approve"
	// SignalPause lets a renewal send nothing, and a plan begin nothing, until
	// SignalResume.
	SignalPause  Signal = "pause"
	SignalResume Signal = "resume"
	// SignalStop ends a renewal that has not been paid, and lets a plan begin nothing
	// more. What is under way is followed to its end.
	SignalStop Signal = "stop"
	// QueryProgress tells how far a workflow is.
	QueryProgress Signal = "progress"
)

// Answer is a person's word on an order, bound to what the person saw: if the order's
// number or price is another, nothing was said.
type Answer struct {
	Order ovhrenew.OrderID `json:"order"`
	// Price is the order's, tax included.
	Price ovhrenew.Money  `json:"price"`
	Says  ovhrenew.Answer `json:"says"`
}

// Asked is an order that waits for a person's word.
type Asked struct {
	Order ovhrenew.OrderID `json:"order"`
	Price ovhrenew.Money   `json:"price"`
	// Lapses is when it can no longer be paid.
	Lapses ovhrenew.Timestamp `json:"lapses"`
}

// Held is what a person has said of a workflow as a whole.
type Held struct {
	Paused bool `json:"paused,omitempty"`
	// Stopped says why nothing more is begun.
	Stopped string `json:"stopped,omitempty"`
}

const (
	stoppedBySignal = "stopped by signal"
	cancelled       = "cancelled"
)

// inbox takes in the signals of a workflow. There is one coroutine in each workflow, which
// takes in what has come before it decides, and waits for more where it waits: so that none
// is lost when a run hands on to the next.
type inbox struct {
	ctx  workflow.Context // the workflow's own, which can be cancelled
	held *Held
	from []workflow.ReceiveChannel
	take []func(workflow.ReceiveChannel) bool
}

func newInbox(ctx workflow.Context, held *Held) *inbox {
	in := &inbox{ctx: ctx, held: held}
	in.on(SignalPause, func(c workflow.ReceiveChannel) bool { return in.say(c, func() { held.Paused = true }) })
	in.on(SignalResume, func(c workflow.ReceiveChannel) bool { return in.say(c, func() { held.Paused = false }) })
	in.on(SignalStop, func(c workflow.ReceiveChannel) bool { return in.say(c, func() { held.Stopped = stoppedBySignal }) })
	return in
}

func (in *inbox) on(signal string, take func(workflow.ReceiveChannel) bool) {
	in.from = append(in.from, workflow.GetSignalChannel(in.ctx, signal))
	in.take = append(in.take, take)
}

// say does what a signal without content says.
func (in *inbox) say(c workflow.ReceiveChannel, do func()) bool {
	came := c.ReceiveAsync(nil)
	if came {
		do()
	}
	return came
}

// read takes in all that has come.
func (in *inbox) read() {
	for i, c := range in.from {
		for in.take[i](c) {
		}
	}
	if in.ctx.Err() != nil && in.held.Stopped == "" {
		in.held.Stopped = cancelled
	}
}

// wait returns when a signal has come, the time is over, unless it is 0, or one of the
// futures is ready. It returns with what has come taken in.
func (in *inbox) wait(ctx workflow.Context, d time.Duration, until ...workflow.Future) {
	s := workflow.NewSelector(ctx)
	for i, c := range in.from {
		s.AddReceive(c, func(c workflow.ReceiveChannel, _ bool) { in.take[i](c) })
	}
	if in.held.Stopped == "" {
		s.AddReceive(in.ctx.Done(), func(workflow.ReceiveChannel, bool) {})
	}
	for _, f := range until {
		s.AddFuture(f, func(workflow.Future) {})
	}
	timed, over := workflow.WithCancel(ctx)
	if d > 0 {
		s.AddFuture(workflow.NewTimer(timed, d), func(workflow.Future) {})
	}
	s.Select(ctx)
	over()
	in.read()
}
