// Package ovhrenew renews OVHcloud services. It finds a service, lists how it can be
// renewed, chooses an offer, orders it, pays the order, and sees that the expiry has
// moved:
//
//	api, err := ovh.NewDefaultClient() // of github.com/ovh/go-ovh
//	client, err := ovhrenew.New(api)
//	dir, err := ovhrenew.JournalDir() // or any other that stays
//	journal, err := ovhrenew.OpenJournal(dir, ovhrenew.OnlyJournal)
//	receipt, err := ovhrenew.Renew(ctx, client, ovhrenew.Request{
//		Service: ovhrenew.Name("vps112233.ovh.net"),
//		Rules:   []ovhrenew.Rule{ovhrenew.For(ovhrenew.P3M), ovhrenew.Alone},
//		Limit:   ovhrenew.MustMoney("50 EUR"), // tax included
//		PayWith: ovhrenew.DefaultMethod,
//		Journal: journal,
//	})
//
// [Renew] does all of it for one service, and [Preview] all that spends nothing. A
// [Runner] does it one step at a time, for workflow engines. Package portfolio renews a
// whole account by a plan, package autorenew lets services renew by themselves, package
// access says which rights a program needs, and package billing reads what was billed.
// Package ovhrenewtest is a simulated API for tests.
//
// The package was written from OVHcloud's published schemas and guides and from answers
// that people have published, and tested against the simulation. Nobody who wrote it has
// run it on a real account yet.
//
// # Money
//
// [Money] is a whole number of micro-cents with a currency, read from the text of the
// API's numbers and never through a float. An offer's price is before tax, and so is what
// [AtMost] compares. [Request.Limit] bounds what is paid, tax included. No limit given and
// a limit of 0 differ. A [Period] keeps its original spelling and compares by meaning:
// P12M is P1Y.
//
// # What keeps money safe
//
// An order costs nothing until it is paid, and lapses by itself. A payment cannot be taken
// back, and the API has no idempotency key and no conditional payment: repeating a payment
// because its answer was lost may pay twice. So what can spend is sent once. It is repeated
// only when the connection was never made.
//
// How far a renewal is, its [Phase], is kept in a [Journal] before each spending call and
// after it. What happens next is decided in one place, a table over the phase and one
// reading of the account. These are its rows; of those of a phase the first that holds
// counts:
//
//	wanted    renewed by somebody, or somebody has paid for it   stop
//	          a person said no; a guard, the limit or the quote  stop
//	          somebody's order may be for the same               stop, unless it is named
//	          else                                               order
//	ordering  renewed by somebody                                closed
//	          less than Patience.Settle since the call           look again
//	          OnlyJournal, and exactly one order for exactly     ordered
//	          this has appeared since
//	          another may have appeared                          stop
//	          nothing has                                        wanted
//	ordered   a payment is on record, or it is under way         paid
//	          renewed by somebody, lapsed or cancelled           closed
//	          somebody has paid another, or an earlier one waits stop
//	          price, limit, guard or way to pay do not fit       stop
//	          a person has not said yes                          ask, wait, or closed
//	          the account's list does not show it yet            look again
//	          OneOfSeveral, and younger than Patience.Settle     look again
//	          older than a minute, and not seen unpaid for       look again
//	          Patience.Settle
//	          the look is older than a minute                    look again
//	          else                                               pay
//	paying    a payment is on record, or it is under way         paid
//	          less than Patience.Settle since the call           look again
//	          lapsed, and nothing speaks of a payment            closed
//	          a run that may be alive had begun to pay it        stop
//	          it shows unpaid, and the expiry has not moved      ordered
//	          else                                               look again, then stop
//	paid      the expiries have moved                            renewed
//	          documents are asked for, or it was cancelled       stop
//	          its time is over, and it shows unpaid              closed
//	          else                                               look again, then stop
//	renewed   the expiries have moved back                       stop
//
// What cannot be read is never taken for a permission. What is said of the money,
// [StepError.Paid], follows from the phase alone, except that a refusal because of an order
// that may be one's own says that it is unsure.
//
// A look is stamped before its first request, and a payment whose bytes would leave more
// than a minute later is not sent. An order that the journal did not place is never paid,
// unless [Guards.TakeOver] names it.
//
// # Who shares the account
//
// What makes a payment safe depends on who else pays, and [OpenJournal] has to be told.
// With [OnlyJournal] every program that renews services of the account uses the journal.
// With [OneOfSeveral], and with [NoJournal], others may renew without it: an order is then
// paid only when it is older than [Patience.Settle], 10 minutes, so that every earlier
// order for the same has shown in the account's list, and only the earliest is paid.
//
// These windows remain, in which a service can be paid twice:
//
//   - a person pays an order at its link, and the run pays it before that payment shows:
//     as long as a payment takes to show, and a minute more;
//   - OneOfSeveral, and an API that answers a second order with the first, which is still
//     open, and charges it twice: two runs that order within the time that an order takes
//     to be listed, and half a minute more;
//   - the effect of a call shows later than Patience.Settle after it. OVHcloud says that
//     calls may take 5 minutes;
//   - OnlyJournal, and an API that pays an order by itself as it is placed, goes on saying
//     that it is not paid, and charges it again;
//   - a copy of a journal that is used beside it, or one restored from before a payment
//     that does not show yet;
//   - OnlyJournal, where another program renews without it;
//   - OneOfSeveral, and an API whose order numbers fall: two runs that order within a minute,
//     and an order that is listed later than Patience.Settle less a minute.
//
// Of two orders, the dates say which is the earlier, and the numbers where the dates are
// less than half a minute apart.
//
// # Errors
//
// Errors to branch on are values for errors.Is: [ErrNotFound], [ErrOverLimit],
// [ErrNotDue], [ErrUnsure] and so on. Facts are in types for errors.As: [*StepError]
// says how far a renewal came and whether money may have moved, [*GuardError] what a
// guard saw, [*Error] what the API answered, [*NoStrategyError] why each offer was
// refused, [*InputError] which value was refused before anything was sent. [ReactionTo]
// says what a program should do.
//
// # Fakes
//
// A program's tests that bring their own [Client] embed the interface in their type and
// override what they need: a method that a later version adds then does not break them.
//
// # Requests
//
// An [API] is safe for concurrent use, paces its requests ([Config.Limiter]), follows
// no redirect, and leaves the go-ovh client and its http.Client as they were. Reads
// are tried again after connection errors, 429 and 5xx, as long as Retry-After says
// and [Config.RetryFor] allows. All of it ends when the context does. [RouteOf] names the
// route of a request without its ids, for spans and logs.
//
// # Secrets
//
// An order's password and links let their holder pay or download. They are a [Secret],
// which prints as REDACTED everywhere; its Reveal method returns it.
package ovhrenew
