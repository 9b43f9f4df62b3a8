// Package temporal renews OVHcloud services in workflows of Temporal, by any number of
// workers that come and go.
//
// [Renew] is the workflow of one renewal, and [ApplyPlan] that of a plan. [Register] gives
// both and their activities to a worker:
//
//	w := worker.New(c, "renewals", temporal.WorkerOptions())
//	err := temporal.Register(w, temporal.Config{
//		Account: func(ctx context.Context, name string) (temporal.Account, error) {
//			return temporal.Account{Client: client, Journal: journal}, nil
//		},
//	})
//
// A program begins one renewal, however often it asks:
//
//	run, err := c.ExecuteWorkflow(ctx, renewal.Start("renewals"), temporal.Renew, renewal)
//
// # What keeps money safe
//
// The journal is the evidence of what was sent, and Temporal's history is not: an activity
// that was lost with its worker is tried again by another, which reads in the journal that
// an order or a payment is under way, and looks for it instead of sending it anew. All
// workers of an account need the same journal. A journal in a directory serves the workers
// of one machine.
//
// What is to be bought is a recorded step of its own, before anything is sent. An activity
// advances the renewal by one step and returns; waiting is done by timers of the workflow.
// What an activity answers is final: Temporal tries again only what was lost. What to do
// about an error is decided in the workflow, by its [ovhrenew.Reaction].
//
// # Signals and queries
//
// Renew takes [SignalAnswer], [SignalPause], [SignalResume] and [SignalStop], and answers
// [QueryProgress] with a [Progress]. ApplyPlan takes [SignalApprove], [SignalPause],
// [SignalResume] and [SignalStop], and answers [QueryProgress] with a [Report]. To cancel a
// renewal is to stop it; to cancel a plan stops it and its renewals. What may have been
// paid is followed to its end in any case. To terminate a workflow leaves that to the next
// run of the same renewal.
//
// # Credentials
//
// Neither credentials nor an order's links go through Temporal: a worker finds the account
// by its name, and a person the order by its number.
package temporal
