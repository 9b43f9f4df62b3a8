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
	server := ovhrenewtest.New(ovhrenewtest.Behaviour{})
	ovhrenewtest.Guide(server)
	if err := server.Listen("127.0.0.1:0"); err != nil {
		log.Fatal(err)
	}
	client, err := ovhrenew.NewWithConfig(server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited})
	if err != nil {
		log.Fatal(err)
	}
	return context.Background(), client
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
	ctx, client := account() // simulated
	receipt, err := ovhrenew.Renew(ctx, client, ovhrenew.Request{
		Service: ovhrenew.Name("vps112233.ovh.net"),
		Rules:   []ovhrenew.Rule{ovhrenew.For(ovhrenew.P3M), ovhrenew.Alone},
		Limit:   ovhrenew.MustMoney("50 EUR"), // tax included
		PayWith: ovhrenew.DefaultMethod,
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(receipt.Services[0].Name, "for", receipt.Period, "with order", receipt.Order, "of", receipt.Price)
	// Output: vps112233.ovh.net for P3M with order 123456789 of 21.56 EUR
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
	// P1Y of vps112233.ovh.net for 64.69 EUR before tax
	// with tax: 77.63 EUR
	// refused: over the limit: 77.63 EUR, tax included, is more than 50.00 EUR
}

// What failed, and whether money may have moved.
func ExampleStepError() {
	ctx, client := account() // simulated
	_, err := ovhrenew.Renew(ctx, client, ovhrenew.Request{
		Service: ovhrenew.Name("vps112233.ovh.net"),
		Rules:   []ovhrenew.Rule{ovhrenew.For(ovhrenew.P3M), ovhrenew.Alone},
		Limit:   ovhrenew.MustMoney("50 EUR"),
		PayWith: ovhrenew.Mean{Kind: ovhrenew.MeanOvhAccount},
	})
	switch failed, _ := errors.AsType[*ovhrenew.StepError](err); {
	case err == nil:
		fmt.Println("renewed")
	case errors.Is(err, ovhrenew.ErrUnsure):
		fmt.Println("look at order", failed.Order, "before anything else")
	case errors.Is(err, ovhrenew.ErrNotDue):
		fmt.Println("nothing to do today")
	default:
		fmt.Println("failed at", failed.Step, "with paid:", failed.Paid)
		fmt.Println(err)
	}
	// Output:
	// failed at pay with paid: no
	// renewing vps112233.ovh.net: pay: no usable payment: order 123456789 does not take payment mean ovhAccount (it takes: paypal) [order 123456789, not paid]
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
	// not [12345] since it does not renew 67890
}

// A rule of one's own: what a month may cost.
func ExampleRule() {
	perMonth := func(o ovhrenew.Offer) error {
		months, known := o.Period.Months()
		if !known || o.Price().Ucents() > int64(months)*600_000_000 {
			return errors.New("costs more than 6.00 a month")
		}
		return nil
	}
	ctx, client := account()
	descriptions, err := client.Renewals(ctx, 11223344, false)
	if err != nil {
		log.Fatal(err)
	}
	chosen, _, err := ovhrenew.Select(ovhrenew.Offers(11223344, descriptions), ovhrenew.Shortest, perMonth)
	fmt.Println(chosen.Period, err)
	// Output: P1M <nil>
}

// A name that several services have is never guessed.
func ExampleFind() {
	ctx, client := account()
	_, err := ovhrenew.Find(ctx, client, ovhrenew.Name("example.ovh"))
	fmt.Println(err)
	id, err := ovhrenew.Find(ctx, client, ovhrenew.Route("/hosting/web/example.ovh"))
	fmt.Println(id, err)
	// Output:
	// example.ovh: several services have this name: 12345 (/domain/example.ovh, domain-ovh); 67890 (/hosting/web/example.ovh, perso2014); name one by its Route or ID
	// 67890 <nil>
}

// The steps one by one, for a program that wants to do something in between.
func ExampleAPI_PlaceOrder() {
	ctx, client := account()
	descriptions, err := client.Renewals(ctx, 11223344, false)
	if err != nil {
		log.Fatal(err)
	}
	offer, _, err := ovhrenew.Select(ovhrenew.Offers(11223344, descriptions), nil, ovhrenew.For(ovhrenew.P3M), ovhrenew.Alone)
	if err != nil {
		log.Fatal(err)
	}
	order, err := client.PlaceOrder(ctx, offer) // costs nothing, and lapses by itself
	if err != nil {
		log.Fatal(err)
	}
	with, err := ovhrenew.CheckPayment(ctx, client, order.OrderID, ovhrenew.DefaultMethod)
	if err != nil {
		log.Fatal(err)
	}
	if err := client.Pay(ctx, order.OrderID, with); err != nil { // sent once, whatever happens
		log.Fatal(err)
	}
	for status, err := range ovhrenew.Watch(ctx, client, order.OrderID, ovhrenew.Patience{}) {
		fmt.Println(order.OrderID, with, status, err)
	}
	// Output: 123456789 payment method 5678901 delivered <nil>
}

// A nightly job: most nights nothing is due. With its journal a run that was cut off is
// taken up, and one that is repeated finds the work done.
func ExampleOpenJournal() {
	ctx, client := account()                 // simulated
	dir, _ := os.MkdirTemp("", "journal")    // simulated
	defer func() { _ = os.RemoveAll(dir) }() // simulated
	journal, err := ovhrenew.OpenJournal(dir)
	if err != nil {
		log.Fatal(err)
	}
	receipt, err := ovhrenew.Renew(ctx, client, ovhrenew.Request{
		Service: ovhrenew.Name("vps112233.ovh.net"),
		Rules:   []ovhrenew.Rule{ovhrenew.For(ovhrenew.P3M), ovhrenew.Alone},
		Limit:   ovhrenew.MustMoney("50 EUR"),
		PayWith: ovhrenew.DefaultMethod,
		Journal: journal,
	})
	switch {
	case errors.Is(err, ovhrenew.ErrNotDue):
		// most nights
	case err != nil:
		log.Fatal(err) // it says whether anything was ordered or paid
	case receipt.Already:
		// renewed on an earlier night
	default:
		fmt.Println("renewed", receipt.Services[0].Name, "by order", receipt.Order, "for", receipt.Price)
	}
	// Output: renewed vps112233.ovh.net by order 123456789 for 21.56 EUR
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
	receipt, err := ovhrenew.Renew(context.Background(), client, ovhrenew.Request{
		Service:  ovhrenew.Name("vps112233.ovh.net"),
		Rules:    []ovhrenew.Rule{ovhrenew.For(ovhrenew.P3M), ovhrenew.Alone},
		Limit:    ovhrenew.MustMoney("50 EUR"),
		PayWith:  ovhrenew.DefaultMethod,
		Patience: ovhrenew.Patience{Poll: time.Millisecond},
	})
	fmt.Println(err, receipt.Order, server.Spent()["EUR"], server.Count(ovhrenewtest.RoutePay))
	// Output: <nil> 123456789 21.56 1
}

func ExampleParseMoney() {
	for _, text := range []string{"50 EUR", "0.00000001 CAD", "100 points", "37.870000000000005 EUR", "50", "50 €"} {
		money, err := ovhrenew.ParseMoney(text)
		fmt.Println(money, money.Ucents(), err != nil)
	}
	// Output:
	// 50.00 EUR 5000000000 false
	// 0.00000001 CAD 1 false
	// 100 points 10000000000 false
	// no money 0 true
	// no money 0 true
	// no money 0 true
}

func ExampleMoney_Add() {
	sum, err := ovhrenew.MustMoney("37.87 EUR").Add(ovhrenew.MustMoney("7.57 EUR"))
	fmt.Println(sum, err)
	_, err = sum.Add(ovhrenew.MustMoney("1 CAD"))
	fmt.Println(errors.Is(err, ovhrenew.ErrCurrency))
	// Output:
	// 45.44 EUR <nil>
	// true
}

func ExamplePeriod_Equal() {
	fmt.Println(ovhrenew.P1Y.Equal("P12M"), ovhrenew.P1M.Equal("P30D"))
	// Output: true false
}

func ExamplePeriod_AddTo() {
	day, err := ovhrenew.ParseDate("2026-01-31")
	if err != nil {
		log.Fatal(err)
	}
	for _, period := range []ovhrenew.Period{ovhrenew.P1M, ovhrenew.P1Y, "P30D"} {
		end, err := period.AddTo(day)
		fmt.Println(period, end, err)
	}
	// Output:
	// P1M 2026-02-28 <nil>
	// P1Y 2027-01-31 <nil>
	// P30D 2026-03-02 <nil>
}

func ExampleParsePayment() {
	for _, text := range []string{"the default payment method", "payment method 5678901", "payment mean paypal 1234", "cash"} {
		with, err := ovhrenew.ParsePayment(text)
		fmt.Printf("%T %v\n", with, err)
	}
	// Output:
	// ovhrenew.defaultMethod <nil>
	// ovhrenew.Method <nil>
	// ovhrenew.Mean <nil>
	// <nil> ParsePayment: text "cash" names no way to pay: want for example "the default payment method", "payment method 42" or "payment mean paypal 1234"
}

func ExampleSecret() {
	link := ovhrenew.NewSecret("https://www.ovh.com/cgi-bin/order/displayOrder.cgi?orderId=1&orderPassword=aBcD")
	fmt.Println(link)
	fmt.Println(link.Reveal())
	// Output:
	// https://www.ovh.com/cgi-bin/order/displayOrder.cgi?orderId=1&orderPassword=REDACTED
	// https://www.ovh.com/cgi-bin/order/displayOrder.cgi?orderId=1&orderPassword=aBcD
}
