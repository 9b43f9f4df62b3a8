// What the reference shows of paying, and of secrets.

package ovhrenew_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// The ways to pay: a payment method, the default one, or an older payment mean.
func ExamplePayment() {
	for _, with := range []ovhrenew.Payment{
		ovhrenew.Method(5678901), ovhrenew.DefaultMethod, ovhrenew.Mean{Kind: ovhrenew.MeanFidelityAccount},
	} {
		fmt.Println(with)
	}
	// Output:
	// payment method 5678901
	// the default payment method
	// payment mean fidelityAccount
}

// A way to pay as text, such as in a configuration file.
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

// A mean is the way to pay with prepaid money and points, and needs no number for these.
func ExampleMean() {
	ctx, client, server := simulatedWallet(ovhrenewtest.Behaviour{})
	server.SetPrepaid("100.00")
	server.AddPaymentMean("ovhAccount", 0)
	server.AddOrder(ovhrenewtest.Order{Services: []int64{ovhrenewtest.GuideVPSID}, Period: "P3M", Price: "17.97"})
	fmt.Println(ovhrenew.CheckPayment(ctx, client, 123456789, ovhrenew.Mean{Kind: ovhrenew.MeanOvhAccount}))
	// Output: payment mean ovhAccount <nil>
}

// CheckPayment turns the default into the method that it is today, or says why not. It
// never proposes another.
func ExampleCheckPayment() {
	ctx, client, server := simulatedWallet(ovhrenewtest.Behaviour{})
	server.AddOrder(ovhrenewtest.Order{Services: []int64{ovhrenewtest.GuideVPSID}, Period: "P3M", Price: "17.97"})
	fmt.Println(ovhrenew.CheckPayment(ctx, client, 123456789, ovhrenew.DefaultMethod))

	server.ChangePaymentMethod(ovhrenewtest.GuideMethodID, func(m *ovhrenewtest.PaymentMethod) { m.Status = "EXPIRED" })
	_, err := ovhrenew.CheckPayment(ctx, client, 123456789, ovhrenew.DefaultMethod)
	fmt.Println(errors.Is(err, ovhrenew.ErrNoPayment), err)
	// Output:
	// payment method 5678901 <nil>
	// true no usable payment: order 123456789 does not take payment method 5678901 (it takes: payment method 5678902)
}

// A card that the order does not list, because its owner confirms each payment, is no
// use to a program.
func ExampleCheckPayment_needsHuman() {
	ctx, client, server := simulatedWallet(ovhrenewtest.Behaviour{})
	server.AddOrder(ovhrenewtest.Order{Services: []int64{ovhrenewtest.GuideVPSID}, Period: "P3M", Price: "17.97"})
	asks := false
	server.ChangePaymentMethod(ovhrenewtest.GuideMethodID, func(m *ovhrenewtest.PaymentMethod) { m.OneClick, m.RefusedForOrders = &asks, true })
	_, err := ovhrenew.CheckPayment(ctx, client, 123456789, ovhrenew.DefaultMethod)
	fmt.Println(errors.Is(err, ovhrenew.ErrNeedsHuman), err)
	// Output: true a person has to act: order 123456789 does not take payment method 5678901 (CREDIT_CARD) without a confirmation: pay it at its link (StepError.Link)
}

// The account's payment methods.
func ExampleAPI_PaymentMethods() {
	ctx, client, _ := simulatedWallet(ovhrenewtest.Behaviour{})
	for method, err := range client.PaymentMethods(ctx) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(method.PaymentMethodID, method.PaymentType, method.Default)
	}
	// Output:
	// payment method 5678901 CREDIT_CARD true
	// payment method 5678902 PAYPAL false
}

// What one order takes may be less than what the account has.
func ExampleAPI_OrderPaymentMethods() {
	ctx, client, server := simulatedWallet(ovhrenewtest.Behaviour{})
	server.AddOrder(ovhrenewtest.Order{Services: []int64{ovhrenewtest.GuideVPSID}, Period: "P3M", Price: "17.97"})
	server.ChangePaymentMethod(ovhrenewtest.GuideMethodID, func(m *ovhrenewtest.PaymentMethod) { m.RefusedForOrders = true })
	takes, err := client.OrderPaymentMethods(ctx, 123456789)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(takes.Registered)
	means, err := client.OrderPaymentMeans(ctx, 123456789)
	fmt.Println(means, err)
	// Output:
	// [payment method 5678902]
	// [paypal] <nil>
}

// Pay sends one request. The default has to be looked up first, by CheckPayment.
func ExampleAPI_Pay() {
	ctx, client, server := simulatedWallet(ovhrenewtest.Behaviour{})
	server.AddOrder(ovhrenewtest.Order{Services: []int64{ovhrenewtest.GuideVPSID}, Period: "P3M", Price: "17.97"})
	fmt.Println(client.Pay(ctx, 123456789, ovhrenew.DefaultMethod))
	err := client.Pay(ctx, 123456789, ovhrenew.Mean{Kind: ovhrenew.MeanOvhAccount})
	fmt.Println(errors.Is(err, ovhrenew.ErrCannotPay), errors.Is(err, ovhrenew.ErrUnsure))
	fmt.Println(client.Pay(ctx, 123456789, ovhrenew.Method(5678901)), server.Spent()["EUR"])
	// Output:
	// Pay: with "the default payment method" must be resolved by CheckPayment first
	// true false
	// <nil> 21.56
}

// A link lets its holder pay. It is shown to those alone who ask for it.
func ExampleSecret() {
	link := ovhrenew.NewSecret("https://www.ovh.com/cgi-bin/order/displayOrder.cgi?orderId=1&orderPassword=aBcD")
	fmt.Println(link)
	fmt.Println(link.Reveal())
	// Output:
	// REDACTED
	// https://www.ovh.com/cgi-bin/order/displayOrder.cgi?orderId=1&orderPassword=aBcD
}

func ExampleNewSecret() {
	password := ovhrenew.NewSecret("aBcD")
	text, err := json.Marshal(map[string]ovhrenew.Secret{"password": password})
	fmt.Printf("%v %+v %s %v\n", password, password, text, err)
	fmt.Println(password.Equal(ovhrenew.NewSecret("aBcD")), password.IsZero())
	// Output:
	// REDACTED REDACTED {"password":"REDACTED"} <nil>
	// true false
}

// simulatedWallet returns a client of the guide's account, and the simulated server behind it.
func simulatedWallet(behaviour ovhrenewtest.Behaviour) (context.Context, *ovhrenew.API, *ovhrenewtest.Server) {
	server := ovhrenewtest.New(behaviour)
	ovhrenewtest.Guide(server)
	server.ListenPipe()
	client, err := ovhrenew.NewWithConfig(server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited})
	if err != nil {
		log.Fatal(err)
	}
	return context.Background(), client, server
}
