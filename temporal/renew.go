package temporal

import (
	"fmt"
	"slices"
	"time"

	sdk "go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// Progress is how far a renewal is: what [QueryProgress] answers.
type Progress struct {
	// Task is what was proposed, with its phase; nil before that.
	Task *ovhrenew.Task `json:"task,omitempty"`
	// Asked is the order that waits for a person's word, if one does.
	Asked *Asked `json:"asked,omitempty"`
	// Answer is the last word that was given.
	Answer *Answer `json:"answer,omitempty"`
	Held
	// Failure is the last error, while it is hoped that time mends it.
	Failure *Failure `json:"failure,omitempty"`
	// Since is when it has last come further, and Tries counts the failures since it was
	// last advanced without one.
	Since time.Time `json:"since"`
	Tries int       `json:"tries,omitempty"`
	// Proposals counts how often it was proposed.
	Proposals int `json:"proposals,omitempty"`
}

const (
	// maxProposals is how often a renewal is proposed in a workflow.
	maxProposals = 3
	// askedPause is the pause between two looks while a person is asked: somebody may pay
	// the order elsewhere.
	askedPause = 4 * time.Hour
	// maxPause is the longest between two tries.
	maxPause = 30 * time.Minute
)

// Renew is the workflow of one renewal. It ends with the receipt, and else with an error of
// which [FailureOf] tells what is known.
func Renew(ctx workflow.Context, in Renewal) (*ovhrenew.Receipt, error) {
	r := &renewing{in: in}
	if in.SoFar != nil {
		r.Progress = *in.SoFar
	} else {
		r.Task, r.Since = in.Task, workflow.Now(ctx)
	}
	if err := workflow.SetQueryHandler(ctx, QueryProgress, func() (Progress, error) { return r.Progress, nil }); err != nil {
		return nil, err
	}
	if err := in.Check(); err != nil {
		return nil, refused(err).Err()
	}
	r.inbox = newInbox(ctx, &r.Held)
	r.inbox.on(SignalAnswer, func(c workflow.ReceiveChannel) bool {
		var answer Answer
		came := c.ReceiveAsync(&answer)
		if came {
			r.Answer = &answer
		}
		return came
	})
	// What was begun is followed to its end, whatever becomes of the workflow's context.
	lasting, _ := workflow.NewDisconnectedContext(ctx)
	r.ctx = lasting
	return r.run()
}

// renewing is one run of the workflow.
type renewing struct {
	Progress
	in    Renewal
	ctx   workflow.Context
	inbox *inbox
}

// run does what can be done and waits, until there is an end.
func (r *renewing) run() (*ovhrenew.Receipt, error) {
	for {
		r.inbox.read()
		switch {
		case workflow.GetInfo(r.ctx).GetContinueAsNewSuggested():
			r.in.SoFar = &r.Progress
			return nil, workflow.NewContinueAsNewError(r.ctx, Renew, r.in)
		case r.Stopped != "" && !r.sent():
			return nil, r.stop()
		case r.Paused && !r.sent():
			r.inbox.wait(r.ctx, 0)
			continue
		}
		pause, err := r.step()
		switch {
		case err != nil:
			return nil, err
		case r.Task != nil && r.Task.Receipt != nil:
			return r.Task.Receipt, nil
		case pause > 0:
			r.wait(pause)
		}
	}
}

// sent reports whether something was sent that has not come to its end.
func (r *renewing) sent() bool {
	if r.Task == nil {
		return false
	}
	return slices.Contains([]ovhrenew.Phase{ovhrenew.PhaseOrdering, ovhrenew.PhasePaying, ovhrenew.PhaseDeclined, ovhrenew.PhasePaid}, r.Task.Phase)
}

// stop is the end of a renewal of which nothing is left to follow.
func (r *renewing) stop() error {
	f := Failure{Reaction: ovhrenew.ReactNever, Outcome: portfolio.OutcomeSkipped, Paid: ovhrenew.PaidNo, Why: r.Stopped}
	if r.Task != nil && r.Task.Order != 0 && r.Task.Phase == ovhrenew.PhaseOrdered {
		f.Outcome, f.Phase, f.Order = portfolio.OutcomeOrdered, r.Task.Phase, r.Task.Order
		f.Why = fmt.Sprintf("%s: order %d is not paid, and lapses by itself", r.Stopped, r.Task.Order)
	}
	if r.Stopped == cancelled {
		return sdk.NewCanceledError(f)
	}
	return f.Err()
}

// step proposes the renewal or advances it, and says how long to wait then.
func (r *renewing) step() (time.Duration, error) {
	if r.Task == nil {
		return r.propose()
	}
	task, holding := *r.Task, r.Stopped != "" || r.Paused
	task.Hold = holding
	var done Advanced
	err := workflow.ExecuteActivity(r.activity(), advanceName, Advance{Account: r.in.Account, Task: task, Answer: r.Answer}).Get(r.ctx, &done)
	if err != nil {
		return r.failed(err, holding)
	}
	if further(r.Task.Phase, done.Task.Phase) || r.Asked != nil && done.Asked == nil {
		r.changed()
	}
	done.Task.Hold = false
	r.Task, r.Asked, r.Failure, r.Tries = &done.Task, done.Asked, nil, 0
	return max(done.Pause, time.Millisecond), nil
}

// further reports whether a renewal comes further from a phase to another. That a call was
// sent does not count, nor that it had no effect: else what is lost each time would be sent
// for ever.
func further(from, to ovhrenew.Phase) bool {
	far := map[ovhrenew.Phase]int{
		ovhrenew.PhaseOrdered: 1, ovhrenew.PhasePaying: 1, ovhrenew.PhaseDeclined: 1, ovhrenew.PhasePaid: 2, ovhrenew.PhaseRenewed: 3, ovhrenew.PhaseClosed: 3,
	}
	return far[to] > far[from]
}

func (r *renewing) changed() { r.Since, r.Tries = workflow.Now(r.ctx), 0 }

// propose finds out what is to be bought. It is recorded before anything is sent: once
// something was, the expiry may have moved.
func (r *renewing) propose() (time.Duration, error) {
	if r.Proposals >= maxProposals && r.Failure != nil {
		return 0, r.Failure.Err()
	}
	var task ovhrenew.Task
	if err := workflow.ExecuteActivity(r.activity(), proposeName, Propose{Account: r.in.Account, Wish: *r.in.Wish}).Get(r.ctx, &task); err != nil {
		return r.failed(err, false)
	}
	r.Task, r.Failure = &task, nil
	r.Proposals++
	r.changed()
	return 0, nil
}

// failed decides what to do about an error of an activity.
func (r *renewing) failed(err error, holding bool) (time.Duration, error) {
	f, ok := FailureOf(err)
	if !ok {
		return 0, err
	}
	if r.Task != nil && f.Phase != "" {
		if further(r.Task.Phase, f.Phase) {
			r.changed()
		}
		r.Task.Phase, r.Task.Until = f.Phase, time.Time{} // the patience begins anew
	}
	r.Failure, r.Asked = &f, nil
	r.Tries++
	if holding && !r.sent() {
		return 0, nil // it is held, or was just before its end: the loop knows
	}
	switch f.Reaction {
	case ovhrenew.ReactAgain, ovhrenew.ReactLater:
		if workflow.Now(r.ctx).Sub(r.Since) < r.in.giveUp() {
			return r.pause(f.Reaction), nil
		}
	case ovhrenew.ReactOrderAnew:
		// What may have been paid is not proposed again, and neither is somebody's plan.
		if r.in.Wish != nil && r.Task != nil && f.Paid == ovhrenew.PaidNo {
			r.Task = nil
			return 0, nil
		}
	}
	return 0, err
}

// pause grows with the tries: from the first pause between two looks, and from five of
// them for what may take longer.
func (r *renewing) pause(reaction ovhrenew.Reaction) time.Duration {
	pause := r.in.patience().Poll
	if pause == 0 {
		pause = 2 * time.Second
	}
	if reaction == ovhrenew.ReactLater {
		pause *= 5
	}
	for range min(r.Tries, 20) - 1 {
		pause = min(2*pause, maxPause)
	}
	return min(pause, maxPause)
}

// wait waits until it is time for the next look, or something was said.
func (r *renewing) wait(pause time.Duration) {
	for r.Asked != nil && !r.answers() && r.Stopped == "" && !r.Paused {
		before := workflow.Now(r.ctx)
		r.inbox.wait(r.ctx, askedPause)
		if workflow.Now(r.ctx).Sub(before) >= askedPause {
			r.Task.Until = time.Time{} // a person may take longer than the patience
			return
		}
	}
	if r.Asked == nil {
		r.inbox.wait(r.ctx, pause)
	}
}

// answers reports whether the last word is about the order that is asked about.
func (r *renewing) answers() bool {
	return r.Answer.decides(*r.Asked)
}

// decides reports whether the answer is a yes or a no to what is asked.
func (a *Answer) decides(asked Asked) bool {
	return a != nil && a.Order == asked.Order && a.Price == asked.Price && (a.Says == ovhrenew.AnswerYes || a.Says == ovhrenew.AnswerNo)
}
