// Package ovhrenew renews OVHcloud services: it finds a service, lists how it can be
// renewed, selects an offer, orders it, pays the order, and sees that the expiry
// has moved. It never pays twice (one window, of a request's length, no client can
// close: see below), never spends more than was allowed, and says plainly what happened.
//
// It was written from OVHcloud's published schemas and guides, and tested against a
// simulation of its API: nobody who wrote it has run it on a real account yet. The
// README lists what is assumed.
//
// To renew one service: [Renew], [Preview], [Request], [Receipt], [StepError],
// [OpenJournal]. To renew many: [Survey], [MakePlan], [Policy], [Apply]. To let services
// renew by themselves: package autorenew.
//
// # The flow
//
//	spends nothing                                          spends
//	Find ─→ Renewals ─→ Select ─→ Quote ─→ within limit? ─→ PlaceOrder ─→ Pay ─→ Watch ─→ verify
//	GET     GET         pure      dry run  pure             POST          POST   GET      GET
//
// [Renew] does all of it for one service, and [Preview] all that spends nothing. The
// steps can be taken one by one too: they are the methods of [Reader], which cannot
// spend, and of [Buyer], which can. [Client] is both, and [New] makes one from a
// go-ovh client, which brings the endpoint and the credentials:
//
//	api, err := ovh.NewDefaultClient()
//	client, err := ovhrenew.New(api)
//	receipt, err := ovhrenew.Renew(ctx, client, ovhrenew.Request{
//		Service: ovhrenew.Name("vps112233.ovh.net"),
//		Rules:   []ovhrenew.Rule{ovhrenew.For(ovhrenew.P3M), ovhrenew.Alone},
//		Limit:   ovhrenew.MustMoney("50 EUR"), // tax included
//		PayWith: ovhrenew.DefaultMethod,
//	})
//
// [Select] and its [Rule] functions are pure: offers in, a choice and the reasons
// out. A program that wants to choose in its own way writes a Rule.
//
// # Money
//
// [Money] is a whole number of micro-cents with a currency, read from the text of
// the API's numbers and never through a float. A strategy's price is before tax, and
// so is what [AtMost] compares; a quote's and an order's PriceWithTax is what is paid,
// and what [Request.Limit] bounds. No limit given and a limit of 0 differ. A [Period]
// keeps the letters it was offered in and compares by meaning: P12M is P1Y.
//
// # What keeps money safe
//
// An order costs nothing until it is paid, and lapses by itself. A payment cannot be
// taken back, and the API knows no idempotency key: who repeats one pays twice. So
//
//   - what can spend is sent once. It is repeated only when the connection was never
//     made. If the answer is lost, the outcome is looked for in the account before
//     anything else is sent, and until it is known it is [ErrUnsure];
//   - before a payment, the [Guards] compare the order with the quote and the limit,
//     read every expiry again, look for other orders for the same services, and have
//     the way of paying confirmed for this very order;
//   - a [Journal] records each spending call before it is sent and after, so that a
//     run that was cut off goes on where it was. Without a journal the guards refuse
//     what they cannot tell apart from a second payment;
//   - success is an expiry that was seen to have moved by the period.
//
// [EnsureOrder] and [EnsurePaid] are these two steps for programs that keep their
// own state, such as workflows of a durable-execution engine.
//
// One window remains that no client can close. Two runs that share no journal and
// find the same unpaid order, left by a third, both watch it unpaid for the time of
// [Patience.Settle], and could then pay it at the same moment: the API cannot be
// asked to pay only if unpaid. The window is from the last look at the order's status
// to the arrival of the payment: one request long, and what the pace of the requests
// adds; no payment is begun more than a minute after that look. Runs that share a
// [FileJournal] do not have the window, and neither do runs that start from nothing: of
// two orders for the same services, the later one is not paid.
//
// # Many services
//
// [Survey] streams the whole account in a few requests, with the offers of what is
// due. [MakePlan] is pure: it takes what was surveyed, a [Policy] and a day, and
// returns a [Plan] that covers each service in need exactly once at the least cost,
// with reasons. The plan is JSON that a person can review, and [Apply] does exactly
// what it says, or refuses: by Renew and its guards, within the plan's totals, and
// again after any stop.
//
// # Rights, and renewing without orders
//
// access.Rules and access.Actions return the least that a credential needs for what a
// program means to do, and access.Diagnose says what the present one has. Where a region
// has no renewals by order, or a service may simply renew by itself,
// autorenew.Set sets that, and autorenew.Preview shows first what it would change.
//
// Package ovhrenewtest is the simulated API, for the tests of programs that use this
// package; the examples directory has a program for each job. The examples of this
// page run on it too: their account() and simulation() are clients of the account of
// OVHcloud's guide, made as in the example "Test" of the package.
//
// # Errors
//
// Errors to branch on are values for errors.Is: [ErrNotFound], [ErrOverLimit],
// [ErrNotDue], [ErrUnsure] and so on. Facts are in types for errors.As: [*StepError]
// says how far a renewal came and whether money may have moved, [*GuardError] what a
// guard saw, [*Error] what the API answered, [*NoStrategyError] why each offer was
// refused, [*InputError] which value was refused before anything was sent.
//
// # Requests
//
// An [API] is safe for concurrent use, paces its requests ([Config.Limiter]), follows
// no redirect, and leaves the go-ovh client and its http.Client as they were. Reads
// are tried again after connection errors, 429 and 5xx, as long as Retry-After says
// and [Config.RetryFor] allows. All of it ends when the context does.
//
// # Secrets
//
// An order's password and links let their holder pay or download. They are a
// [Secret], which prints as REDACTED everywhere and is had by its Reveal method.
package ovhrenew
