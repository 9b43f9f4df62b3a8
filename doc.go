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
// [Renew] does all of it for one service. [Preview] does all that spends nothing. A
// [Runner] does it one step at a time, for workflow engines.
//
// The package was written from OVHcloud's schemas and guides and from published answers, and
// tested against a simulation. Nobody who wrote it has run it on a real account yet.
//
// # Money
//
// [Money] is exact. An offer's price is before tax, and so is what [AtMost] compares.
// [Request.Limit] bounds what is paid, tax included. A request without one is refused.
//
// # Safety
//
// An order costs nothing until it is paid, and lapses by itself. A payment is final, and the
// API has no idempotency key: repeating one because its answer was lost may pay twice. So
// what spends is sent once, and again only if no connection was made.
//
// How far a renewal is, its [Phase], is kept in a [Journal] before each spending call and
// after it. A table decides what happens next, from the phase and one reading of the
// account. The first row of a phase that holds decides; stop leaves the phase as it is:
//
//	wanted    renewed by somebody, or somebody has paid for it   stop
//	          a person said no; a guard, the limit or the quote  stop
//	          somebody's order may be for the same               stop, unless it is named
//	          else                                               order
//	ordering  renewed by somebody                                closed
//	          less than Patience.Settle since the call           look again
//	          OnlyJournal, and exactly one for this appeared     ordered
//	          another may have appeared                          stop
//	          nothing has                                        wanted
//	ordered   a payment is on record, or it is under way         paid
//	          renewed by somebody, lapsed or cancelled           closed
//	          somebody has paid another, or an earlier one waits stop
//	          price, lines, limit, guards, way to pay do not fit stop
//	          a person has not said yes                          ask, wait, or closed
//	          the account's list does not show it yet            look again
//	          OneOfSeveral, younger than 6/5 of Patience.Settle  look again
//	          not just placed, nor unpaid for Patience.Settle    look again
//	          the look is older than a minute                    look again
//	          else                                               pay
//	paying    a payment is on record, or it is under way         paid
//	          less than Patience.Settle since the call           look again
//	          lapsed, and no sign of a payment                   closed
//	          a run that may be alive had begun to pay it        stop
//	          it shows unpaid, and the expiry has not moved      ordered
//	          else                                               look again, then stop
//	declined  as paying, and the refusal is reported             ordered
//	paid      the expiries have moved                            renewed
//	          documents are asked for, or it was cancelled       stop
//	          its time is over, and it shows unpaid              closed
//	          else                                               look again, then stop
//	renewed   the expiries have moved back                       stop
//
// A payment is not sent more than a minute after that reading began. What cannot be read is
// never taken for a permission. What is said of the money, [StepError.Paid], follows
// from the phase, except that a refusal because of an order that may be this journal's own
// says that it is unsure.
//
// An order that the journal did not place is never paid, unless [Guards.TakeOver] names it.
//
// # Who shares the account
//
// [OpenJournal] has to be told who else pays. With [OnlyJournal], every program that renews
// services of the account uses the journal. With [OneOfSeveral] and [NoJournal], others may
// renew without it: an order is paid when it is a fifth older than [Patience.Settle],
// 12 minutes, so that every earlier order for the same has shown, and only the earliest is paid.
//
// These windows remain, in which a service can be paid twice:
//
//   - a person pays an order at its link, or names it to another run, and a run pays it, or
//     an earlier one, until a minute after that payment shows;
//   - the effect of a call shows later than Patience.Settle after it. OVHcloud says that
//     calls may take 5 minutes;
//   - OnlyJournal, where another program renews without it; a copy of a journal used beside
//     it, or one of which files were lost or put back as they had been;
//   - OnlyJournal, and an API that pays orders as placed, and charges them again;
//   - OneOfSeveral, and two runs that order before either order is listed, if the API answers
//     the second with the first, which is still open, and charges it twice (within the time
//     to be listed and half a minute), or if it pays orders by itself (and a minute);
//   - OneOfSeveral, and an order at a price that was not offered when the other run's task was
//     made, as an old one or one with options: it does not say what for; or it is paid and
//     under way 15 days after its time, and the journal has not read what for.
//
// # Errors
//
// An [ErrorKind] is for errors.Is. Types with the facts are for errors.As: [*StepError],
// [*GuardError], [*Error], [*NoStrategyError], [*InputError]. [ReactionTo] says what to do.
//
// # Fakes
//
// A test that brings its own [Client] embeds the interface in its type and overrides what it
// needs. A method that a later version adds then does not break it.
//
// # Requests
//
// Reads are tried again after connection errors, 429 and 5xx. All waiting ends with the
// context. The go-ovh client and its http.Client stay as they were.
package ovhrenew
