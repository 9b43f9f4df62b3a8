// What the reference shows of offers, rules and preferences.

package ovhrenew_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// anOffer is an offer for the first of the services that renews all of them.
func anOffer(period ovhrenew.Period, price string, services ...ovhrenew.ServiceID) ovhrenew.Offer {
	return ovhrenew.Offer{Service: services[0], Period: period, Strategy: ovhrenew.RenewStrategy{
		Price: ovhrenew.MustMoney(price), Services: services,
	}}
}

// A rule of your own: what a month may cost.
func ExampleRule() {
	perMonth := func(o ovhrenew.Offer) error {
		months, known := o.Period.Months()
		if !known || o.Price().Ucents() > int64(months)*600_000_000 {
			return errors.New("costs more than 6.00 a month")
		}
		return nil
	}
	ctx, client, _ := simulatedOffers(ovhrenewtest.Behaviour{})
	descriptions, err := client.Renewals(ctx, 11223344, false)
	if err != nil {
		log.Fatal(err)
	}
	chosen, _, err := ovhrenew.Select(ovhrenew.Offers(11223344, descriptions), ovhrenew.Cheapest, perMonth)
	fmt.Println(chosen.Period, err)
	// Output: P1M <nil>
}

// For compares lengths, not letters.
func ExampleFor() {
	yearly := ovhrenew.For(ovhrenew.P1Y)
	fmt.Println(yearly(anOffer("P12M", "1.99 EUR", 12345)))
	fmt.Println(yearly(anOffer("P1M", "0.20 EUR", 12345)))
	// Output:
	// <nil>
	// is for P1M, not P1Y
}

// Alone is the rule against renewing what nobody asked for.
func ExampleAlone() {
	fmt.Println(ovhrenew.Alone(anOffer("P1Y", "1.99 EUR", 12345)))
	fmt.Println(ovhrenew.Alone(anOffer("P1Y", "37.87 EUR", 12345, 67890)))
	// Output:
	// <nil>
	// renews service 12345 + service 67890, not exactly service 12345
}

// Only wants exactly these services, in whichever order.
func ExampleOnly() {
	rule := ovhrenew.Only(67890, 12345)
	fmt.Println(rule(anOffer("P1Y", "37.87 EUR", 12345, 67890)))
	fmt.Println(rule(anOffer("P1Y", "1.99 EUR", 12345)))
	fmt.Println(rule(anOffer("P1Y", "49.90 EUR", 12345, 67890, 777)))
	// Output:
	// <nil>
	// renews service 12345, not exactly service 67890 + service 12345
	// renews service 12345 + service 67890 + service 777, not exactly service 67890 + service 12345
}

// Including lets others come along.
func ExampleIncluding() {
	rule := ovhrenew.Including(67890)
	fmt.Println(rule(anOffer("P1Y", "49.90 EUR", 12345, 67890, 777)))
	fmt.Println(rule(anOffer("P1Y", "1.99 EUR", 12345)))
	// Output:
	// <nil>
	// does not renew service 67890
}

func ExampleExcluding() {
	rule := ovhrenew.Excluding(777)
	fmt.Println(rule(anOffer("P1Y", "37.87 EUR", 12345, 67890)))
	fmt.Println(rule(anOffer("P1Y", "49.90 EUR", 12345, 67890, 777)))
	// Output:
	// <nil>
	// also renews service 777
}

// AtMost compares prices before tax, in one currency.
func ExampleAtMost() {
	rule := ovhrenew.AtMost(ovhrenew.MustMoney("40 EUR"))
	fmt.Println(rule(anOffer("P1Y", "40 EUR", 12345)))
	fmt.Println(rule(anOffer("P1Y", "40.01 EUR", 12345)))
	fmt.Println(rule(anOffer("P1Y", "40 CAD", 12345)))
	// Output:
	// <nil>
	// costs 40.01 EUR before tax, more than 40.00 EUR
	// costs 40.00 CAD, which cannot be compared with 40.00 EUR: compare: different currencies: 40.00 CAD and 40.00 EUR
}

// All makes one rule of several; the first that refuses gives the reason.
func ExampleAll() {
	modest := ovhrenew.All(ovhrenew.Alone, ovhrenew.AtMost(ovhrenew.MustMoney("5 EUR")))
	fmt.Println(modest(anOffer("P1Y", "1.99 EUR", 12345)))
	fmt.Println(modest(anOffer("P1Y", "37.87 EUR", 12345, 67890)))
	fmt.Println(modest(anOffer("P1Y", "9.99 EUR", 12345)))
	// Output:
	// <nil>
	// renews service 12345 + service 67890, not exactly service 12345
	// costs 9.99 EUR before tax, more than 5.00 EUR
}

// An offer is what PlaceOrder orders: services, a period, a price before tax.
func ExampleOffer() {
	ctx, client, _ := simulatedOffers(ovhrenewtest.Behaviour{})
	descriptions, err := client.Renewals(ctx, 67890, false)
	if err != nil {
		log.Fatal(err)
	}
	offer := ovhrenew.Offers(67890, descriptions)[0]
	fmt.Println(offer)
	fmt.Println(offer.Services(), offer.Price())
	// Output:
	// P1Y of example.ovh (67890) + example.ovh (12345) for 37.87 EUR before tax
	// [12345 67890] 37.87 EUR
}

// Offers makes one list of what the API answers by period.
func ExampleOffers() {
	ctx, client, _ := simulatedOffers(ovhrenewtest.Behaviour{})
	descriptions, err := client.Renewals(ctx, 11223344, false)
	if err != nil {
		log.Fatal(err)
	}
	for _, offer := range ovhrenew.Offers(11223344, descriptions) {
		fmt.Println(offer)
	}
	// Output:
	// P1M of vps112233.ovh.net (11223344) for 5.99 EUR before tax
	// P3M of vps112233.ovh.net (11223344) for 17.97 EUR before tax
	// P6M of vps112233.ovh.net (11223344) for 34.14 EUR before tax
	// P1Y of vps112233.ovh.net (11223344) for 64.69 EUR before tax
}

// The lower price may buy a shorter time: name the period by a rule.
func ExampleCheapest() {
	offers := []ovhrenew.Offer{
		anOffer("P1Y", "64.69 EUR", 11223344), anOffer("P1M", "5.99 EUR", 11223344), anOffer("P1Y", "66 EUR", 11223344),
	}
	cheapest, _, err := ovhrenew.Select(offers, ovhrenew.Cheapest)
	fmt.Println(cheapest, err)
	yearly, _, err := ovhrenew.Select(offers, ovhrenew.Cheapest, ovhrenew.For(ovhrenew.P1Y))
	fmt.Println(yearly, err)
	// Output:
	// P1M of service 11223344 for 5.99 EUR before tax <nil>
	// P1Y of service 11223344 for 64.69 EUR before tax <nil>
}

// The longest of what the money is enough for.
func ExampleLongest() {
	offers := []ovhrenew.Offer{
		anOffer("P1M", "5.99 EUR", 11223344), anOffer("P6M", "34.14 EUR", 11223344), anOffer("P1Y", "64.69 EUR", 11223344),
	}
	chosen, _, err := ovhrenew.Select(offers, ovhrenew.Longest, ovhrenew.AtMost(ovhrenew.MustMoney("50 EUR")))
	fmt.Println(chosen, err)
	// Output: P6M of service 11223344 for 34.14 EUR before tax <nil>
}

// The second preference decides where the first is indifferent.
func ExampleThen() {
	offers := []ovhrenew.Offer{
		anOffer("P1Y", "64.69 EUR", 11223344), anOffer("P1M", "5.99 EUR", 11223344), anOffer("P12M", "60 EUR", 11223344),
	}
	chosen, _, err := ovhrenew.Select(offers, ovhrenew.Then(ovhrenew.Longest, ovhrenew.Cheapest))
	fmt.Println(chosen, err)
	// Output: P12M of service 11223344 for 60.00 EUR before tax <nil>
}

// A preference of one's own: the least for each service that is renewed.
func ExamplePreference() {
	perService := func(a, b ovhrenew.Offer) int {
		return cmp.Compare(a.Price().Ucents()/int64(len(a.Services())), b.Price().Ucents()/int64(len(b.Services())))
	}
	offers := []ovhrenew.Offer{anOffer("P1Y", "20 EUR", 12345), anOffer("P1Y", "37.87 EUR", 12345, 67890)}
	chosen, _, err := ovhrenew.Select(offers, perService)
	fmt.Println(chosen, err)
	// Output: P1Y of service 12345 + service 67890 for 37.87 EUR before tax <nil>
}

// What was not chosen, and why: also what fits, where another is preferred.
func ExampleRefusal() {
	offers := []ovhrenew.Offer{
		anOffer("P1Y", "1.99 EUR", 12345), anOffer("P1Y", "2.49 EUR", 12345), anOffer("P1Y", "37.87 EUR", 12345, 67890),
	}
	_, refusals, err := ovhrenew.Select(offers, ovhrenew.Cheapest, ovhrenew.Alone)
	if err != nil {
		log.Fatal(err)
	}
	for _, refusal := range refusals {
		fmt.Printf("%s: it %v\n", refusal.Offer, refusal.Reason)
	}
	// Output:
	// P1Y of service 12345 + service 67890 for 37.87 EUR before tax: it renews service 12345 + service 67890, not exactly service 12345
	// P1Y of service 12345 for 2.49 EUR before tax: it passes the rules, another is preferred
}

// No offer fits, and each says why.
func ExampleNoStrategyError() {
	offers := []ovhrenew.Offer{anOffer("P1Y", "1.99 EUR", 12345), anOffer("P1Y", "37.87 EUR", 12345, 67890)}
	_, _, err := ovhrenew.Select(offers, nil, ovhrenew.For(ovhrenew.P2Y))
	if none, ok := errors.AsType[*ovhrenew.NoStrategyError](err); ok {
		fmt.Println(len(none.Refusals), "offers:", none.Refusals[0].Reason)
	}
	fmt.Println(err)
	// Output:
	// 2 offers: is for P1Y, not P2Y
	// no single renewal strategy fits: P1Y of service 12345 for 1.99 EUR before tax: is for P1Y, not P2Y; P1Y of service 12345 + service 67890 for 37.87 EUR before tax: is for P1Y, not P2Y
}

// Two offers fit and nothing says which is meant: that is an error too.
func ExampleNoStrategyError_undecided() {
	offers := []ovhrenew.Offer{anOffer("P1Y", "1.99 EUR", 12345), anOffer("P1Y", "37.87 EUR", 12345, 67890)}
	_, _, err := ovhrenew.Select(offers, nil, ovhrenew.For(ovhrenew.P1Y))
	fmt.Println(err, errors.Is(err, ovhrenew.ErrNoStrategy))
	// Output:
	// no single renewal strategy fits: P1Y of service 12345 for 1.99 EUR before tax: fits as well as 1 other: narrow the rules or prefer; P1Y of service 12345 + service 67890 for 37.87 EUR before tax: fits as well as 1 other: narrow the rules or prefer true
}

// simulatedOffers returns a client of the guide's account, and the simulated server behind it.
func simulatedOffers(behaviour ovhrenewtest.Behaviour) (context.Context, *ovhrenew.API, *ovhrenewtest.Server) {
	server := ovhrenewtest.New(behaviour)
	ovhrenewtest.Guide(server)
	server.ListenPipe()
	client, err := ovhrenew.NewWithConfig(server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited})
	if err != nil {
		log.Fatal(err)
	}
	return context.Background(), client, server
}
