// What the reference shows first: a renewal from one end to the other.

package ovhrenew_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"time"

	"github.com/ovh/go-ovh/ovh"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// account returns a client of the guide's account, simulated. The README shows the
// examples without the lines that end in "// simulated".
func account() (context.Context, *ovhrenew.API) {
	ctx, client, _ := simulation(ovhrenewtest.Behaviour{})
	return ctx, client
}

// simulation returns a client of the guide's account, and the server behind it, for
// examples in which somebody else is at work on the account too.
func simulation(behaviour ovhrenewtest.Behaviour) (context.Context, *ovhrenew.API, *ovhrenewtest.Server) {
	server := ovhrenewtest.New(behaviour)
	ovhrenewtest.Guide(server)
	server.ListenPipe()
	client, err := ovhrenew.NewWithConfig(server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited})
	if err != nil {
		log.Fatal(err)
	}
	return context.Background(), client, server
}

// temporary is a directory for a journal. The examples remove it.
func temporary() string {
	dir, err := os.MkdirTemp("", "journal")
	if err != nil {
		log.Fatal(err)
	}
	return dir
}

const appKey, appSecret, consumerKey = "application-key", "application-secret", "consumer-key"

// A go-ovh client brings the endpoint and the credentials.
func ExampleNew() {
	api, err := ovh.NewClient(ovh.OvhEU, appKey, appSecret, consumerKey) // or ovh.NewDefaultClient()
	if err != nil {
		log.Fatal(err)
	}
	client, err := ovhrenew.New(api)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(client.Endpoint())
	// Output: https://eu.api.ovh.com/1.0
}

// The program of OVHcloud's guide: one VPS, alone, for three months.
func ExampleRenew() {
	ctx, client := account()                                        // simulated
	dir := temporary()                                              // simulated
	defer os.RemoveAll(dir)                                         // simulated
	journal, err := ovhrenew.OpenJournal(dir, ovhrenew.OnlyJournal) // no other program renews here
	if err != nil {
		log.Fatal(err)
	}
	receipt, err := ovhrenew.Renew(ctx, client, ovhrenew.Request{
		Service: ovhrenew.Name("vps112233.ovh.net"),
		Rules:   []ovhrenew.Rule{ovhrenew.For(ovhrenew.P3M), ovhrenew.Alone},
		Limit:   ovhrenew.MustMoney("50 EUR"), // tax included
		PayWith: ovhrenew.DefaultMethod,
		Journal: journal,
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("order", receipt.Order, "for", receipt.Period, "cost", receipt.Price)
	// Output: order 123456789 for P3M cost 21.56 EUR
}

// A preview cannot spend: it takes a Reader.
func ExamplePreview() {
	ctx, client := account() // simulated
	proposal, err := ovhrenew.Preview(ctx, client, ovhrenew.Request{
		Service: ovhrenew.Name("vps112233.ovh.net"),
		Rules:   []ovhrenew.Rule{ovhrenew.For(ovhrenew.P1Y), ovhrenew.Alone},
		Limit:   ovhrenew.MustMoney("50 EUR"),
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(proposal.Offer)
	fmt.Println("with tax:", proposal.Quote.PriceWithTax)
	fmt.Println("refused:", errors.Join(proposal.Blockers...))
	// Output:
	// P1Y of vps112233.ovh.net (11223344) for 64.69 EUR before tax
	// with tax: 77.63 EUR
	// refused: over the limit: 77.63 EUR, tax included, is more than 50.00 EUR
}

// Selecting is pure: offers in, a choice and the reasons out.
func ExampleSelect() {
	ctx, client := account() // simulated
	const domain, hosting = 12345, 67890
	descriptions, err := client.Renewals(ctx, domain, false)
	if err != nil {
		log.Fatal(err)
	}
	chosen, refusals, err := ovhrenew.Select(ovhrenew.Offers(domain, descriptions), ovhrenew.Cheapest,
		ovhrenew.For(ovhrenew.P1Y), ovhrenew.Including(hosting))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(chosen.Period, "of", chosen.Services(), "for", chosen.Price())
	for _, refusal := range refusals {
		fmt.Println("not", refusal.Offer.Services(), "since it", refusal.Reason)
	}
	// Output:
	// P1Y of [12345 67890] for 37.87 EUR
	// not [12345] since it does not renew service 67890
}

// A name that several services have is never guessed.
func ExampleFind() {
	ctx, client := account()
	_, err := ovhrenew.Find(ctx, client, ovhrenew.Name("example.ovh"))
	fmt.Println(err)
	id, err := ovhrenew.Find(ctx, client, ovhrenew.Route("/hosting/web/example.ovh"))
	fmt.Println(id, err)
	// Output:
	// example.ovh: several services have this name: example.ovh (12345) at /domain/example.ovh, domain-ovh; example.ovh (67890) at /hosting/web/example.ovh, perso2014; name one by its Route or ID
	// 67890 <nil>
}

// A nightly job: most nights nothing is due. With its journal a run that was cut off is
// resumed, and one that is repeated finds the work done.
func ExampleOpenJournal() {
	ctx, client := account() // simulated
	dir := temporary()       // simulated
	defer os.RemoveAll(dir)  // simulated
	journal, err := ovhrenew.OpenJournal(dir, ovhrenew.OnlyJournal)
	if err != nil {
		log.Fatal(err)
	}
	for range 2 { // two nights
		receipt, err := ovhrenew.Renew(ctx, client, ovhrenew.Request{
			Service: ovhrenew.Name("vps112233.ovh.net"),
			Rules:   []ovhrenew.Rule{ovhrenew.For(ovhrenew.P3M), ovhrenew.Alone},
			Limit:   ovhrenew.MustMoney("50 EUR"),
			PayWith: ovhrenew.DefaultMethod,
			Journal: journal,
		})
		switch {
		case errors.Is(err, ovhrenew.ErrNotDue):
			fmt.Println("nothing to do")
		case err != nil:
			log.Fatal(err) // it says whether anything was ordered or paid
		case receipt.Already:
			fmt.Println("renewed on an earlier night, by order", receipt.Order)
		default:
			fmt.Println("renewed by order", receipt.Order, "for", receipt.Price)
		}
	}
	// Output:
	// renewed by order 123456789 for 21.56 EUR
	// renewed on an earlier night, by order 123456789
}

// The receipts of an account, for the accountant.
func ExampleJournal_receipts() {
	ctx, client := account() // simulated
	dir := temporary()       // simulated
	defer os.RemoveAll(dir)  // simulated
	journal, err := ovhrenew.OpenJournal(dir, ovhrenew.OnlyJournal)
	if err != nil {
		log.Fatal(err)
	}
	if _, err := ovhrenew.Renew(ctx, client, ovhrenew.Request{
		Service: ovhrenew.Name("vps112233.ovh.net"),
		Rules:   []ovhrenew.Rule{ovhrenew.For(ovhrenew.P3M), ovhrenew.Alone},
		Limit:   ovhrenew.MustMoney("50 EUR"),
		PayWith: ovhrenew.DefaultMethod,
		Journal: journal,
	}); err != nil {
		log.Fatal(err)
	}
	name, err := client.Account(ctx)
	if err != nil {
		log.Fatal(err)
	}
	for receipt, err := range journal.Receipts(ctx, name, time.Now().AddDate(-1, 0, 0)) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println("order", receipt.Order, "of", receipt.Price, "was paid with", receipt.PaidWith)
		for _, service := range receipt.Services {
			fmt.Println(service.Name, "moved by", receipt.Period, receipt.Period.Moved(service.From, service.To))
		}
	}
	// Output:
	// order 123456789 of 21.56 EUR was paid with payment method 5678901
	// vps112233.ovh.net moved by P3M true
}

// The simulated API is for the tests of programs that use this package, too.
func Example_test() {
	server := ovhrenewtest.New(ovhrenewtest.Behaviour{}) // in a test: ovhrenewtest.Start(t, …)
	defer server.Close()
	ovhrenewtest.Guide(server)
	if err := server.Listen("127.0.0.1:0"); err != nil {
		log.Fatal(err)
	}
	// The payment is taken, and its answer is lost.
	server.Inject(ovhrenewtest.Fault{Route: ovhrenewtest.RoutePay, Kind: ovhrenewtest.Reset, When: ovhrenewtest.After})
	client, err := ovhrenew.NewWithConfig(server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited})
	if err != nil {
		log.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "journal") // in a test: t.TempDir()
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	journal, err := ovhrenew.OpenJournal(dir, ovhrenew.OnlyJournal)
	if err != nil {
		log.Fatal(err)
	}
	receipt, err := ovhrenew.Renew(context.Background(), client, ovhrenew.Request{
		Service:  ovhrenew.Name("vps112233.ovh.net"),
		Rules:    []ovhrenew.Rule{ovhrenew.For(ovhrenew.P3M), ovhrenew.Alone},
		Limit:    ovhrenew.MustMoney("50 EUR"),
		PayWith:  ovhrenew.DefaultMethod,
		Journal:  journal,
		Patience: ovhrenew.Patience{Poll: time.Millisecond, Settle: 5 * time.Millisecond}, // for this example only
	})
	fmt.Println(err, receipt.Order, server.Spent()["EUR"], server.Count(ovhrenewtest.RoutePay))
	// Output: <nil> 123456789 21.56 1
}
