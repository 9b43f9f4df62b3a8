// Package portfolio renews what is due in a whole account, by a plan that a person can
// look at first. Gather reads the account, MakePlan plans, and Apply carries out the plan:
//
//	today := ovhrenew.DateOf(time.Now())
//	policy := portfolio.Policy{
//		Period: ovhrenew.P1Y,
//		Total:  []ovhrenew.Money{ovhrenew.MustMoney("500 EUR")}, // tax included
//		Never:  []portfolio.Selection{{Names: []string{"*.example.com"}}},
//	}
//	services, unread, err := portfolio.Gather(ctx, client, policy, today)
//	policy, err = portfolio.LearnTax(ctx, client, services, policy, today)
//	plan, err := portfolio.MakePlan(services, policy, today)
//	fmt.Print(plan)
//	report, err := portfolio.Apply(ctx, client, plan, portfolio.Options{
//		PayWith: ovhrenew.DefaultMethod, Journal: journal,
//	})
//
// Only Apply can spend. It renews exactly the plan's items, each within its limit, and is
// safe to run again after any stop with the same journal. The report says of each item
// what became of it, and whether money was paid.
//
// A plan is JSON, to be kept or sent to whoever decides: ParsePlan reads it back. The
// package cmd/ovhrenew/page writes a plan or a report as a web page. ReadLedger lists what
// was paid since a time, from the journal, also by programs that did not live to report it.
package portfolio
