// Package temporal renews services by workflows of Temporal, for who has many workers.
//
//	w := worker.New(c, "renewals", worker.Options{})
//	err := temporal.Register(w, temporal.Config{Account: openAccount, Plan: readPlan})
//
//	run, err := temporal.StartRenew(ctx, c, "renewals", temporal.RenewInput{Account: "ab12345-ovh", Wish: &wish})
//	run, err := temporal.StartPlan(ctx, c, "renewals", temporal.PlanInput{Account: "ab12345-ovh", Plan: "2026-12", PayWith: "the default payment method"})
//
// A renewal is one workflow, whose id follows from what it renews: the same renewal is
// started once. It proposes in a recorded step, and then advances the renewal step by
// step, with durable timers in between. No activity sleeps.
//
// What was sent is known from the journal, never from a workflow's history: an activity
// that is run again, a workflow that is reset, and a history that is lost do no harm.
// Workers on several machines share a journal, such as that of the module postgres.
//
// # Signals and queries
//
// Renew takes the signals answer (an [Answer]), pause, resume and stop. ApplyPlan takes
// approve, pause, resume and stop. Both answer the query progress, with a [Progress] or a
// [PlanProgress]. A workflow that is stopped or cancelled sends nothing further that
// spends; a payment that is under way is followed to its end.
//
// # Errors
//
// [ovhrenew.ReactionTo] decides once what an error asks for, in the activity: it is the
// type of the application error, whose detail is a [Failure]. Again is tried again by
// Temporal, later by the workflow after a timer, order anew by proposing again. A workflow
// fails only when a person has to look, or never; it can then be started again.
package temporal
