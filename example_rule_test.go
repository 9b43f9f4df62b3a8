// What the reference shows of rules.

package ovhrenew_test

import (
	"errors"
	"fmt"
	"log"

	"github.com/ovhrenew/ovhrenew"
)

// anOffer is an offer for the first of the services that renews all of them.
func anOffer(period ovhrenew.Period, price string, services ...ovhrenew.ServiceID) ovhrenew.Offer {
	return ovhrenew.Offer{Service: services[0], Period: period, Strategy: ovhrenew.RenewStrategy{
		Price: ovhrenew.MustMoney(price), Services: services,
	}}
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
	chosen, _, err := ovhrenew.Select(ovhrenew.Offers(11223344, descriptions), shortest, perMonth)
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
