// What the reference shows of amounts.

package ovhrenew_test

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/ovhrenew/ovhrenew"
)

// Amounts are exact, whatever their size, and no amount is not an amount of 0.
func ExampleMoney() {
	price := ovhrenew.MustMoney("37.87 EUR")
	fmt.Println(price, price == ovhrenew.NewMoney(3_787_000_000, ovhrenew.EUR))
	var none ovhrenew.Money
	fmt.Println(none, none.IsZero(), ovhrenew.MustMoney("0 EUR").IsZero())
	_, err := price.Cmp(ovhrenew.MustMoney("10 points"))
	fmt.Println(err)
	// Output:
	// 37.87 EUR true
	// no money true false
	// compare: different currencies: 37.87 EUR and 10 points
}

func ExampleNewMoney() {
	const cent = 1_000_000 // in micro-cents
	fmt.Println(ovhrenew.NewMoney(1250*cent, "CAD"))
	fmt.Println(ovhrenew.NewMoney(1, ovhrenew.EUR))
	// Output:
	// 12.50 CAD
	// 0.00000001 EUR
}

// MustMoney is for constants; it panics at what is not an amount.
func ExampleMustMoney() {
	fmt.Println(ovhrenew.MustMoney("50 EUR"))
	defer func() { fmt.Println(recover()) }()
	ovhrenew.MustMoney("50,00 EUR")
	// Output:
	// 50.00 EUR
	// money "50,00 EUR": amount "50,00" is not a number
}

// A person writes a dot, one space and a code. What is not exact is refused.
func ExampleParseMoney() {
	for _, text := range []string{"50 EUR", "0.00000001 CAD", "100 points", "37.870000000000005 EUR", "50", "50 €"} {
		money, err := ovhrenew.ParseMoney(text)
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Println(money, money.Ucents())
	}
	// Output:
	// 50.00 EUR 5000000000
	// 0.00000001 CAD 1
	// 100 points 10000000000
	// money "37.870000000000005 EUR": amount "37.870000000000005" has more than eight decimals
	// money "50": no space and currency after the amount, want for example "50 EUR"
	// money "50 €": "€" is not a currency code
}

// A limit of one currency says nothing about a price in another.
func ExampleMoney_Add() {
	sum, err := ovhrenew.MustMoney("37.87 EUR").Add(ovhrenew.MustMoney("7.57 EUR"))
	fmt.Println(sum, err)
	_, err = sum.Add(ovhrenew.MustMoney("1 CAD"))
	fmt.Println(err, errors.Is(err, ovhrenew.ErrCurrency))
	// Output:
	// 45.44 EUR <nil>
	// add: different currencies: 45.44 EUR and 1.00 CAD true
}

func ExampleMoney_Cmp() {
	price, limit := ovhrenew.MustMoney("45.44 EUR"), ovhrenew.MustMoney("50 EUR")
	order, err := price.Cmp(limit)
	fmt.Println(order < 0, err)
	_, err = price.Cmp(ovhrenew.Money{})
	fmt.Println(err)
	// Output:
	// true <nil>
	// compare: different currencies: 45.44 EUR and no money
}

// The API's prices are read from their text, noise of its floats included.
func ExampleMoney_UnmarshalJSON() {
	var price ovhrenew.Money
	err := json.Unmarshal([]byte(`{"currencyCode":"EUR","text":"37.87 €","value":37.870000000000005}`), &price)
	fmt.Println(price, price.Ucents(), err)
	text, err := json.Marshal(price)
	fmt.Println(string(text), err)
	// Output:
	// 37.87 EUR 3787000000 <nil>
	// "37.87 EUR" <nil>
}
