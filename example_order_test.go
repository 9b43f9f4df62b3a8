// What the reference shows of offers, quotes and orders.

package ovhrenew_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// Renewals are what the API offers: a description for each period.
func ExampleAPI_Renewals() {
	ctx, client, _ := simulatedOrders(ovhrenewtest.Behaviour{})
	descriptions, err := client.Renewals(ctx, 12345, false)
	if err != nil {
		log.Fatal(err)
	}
	for _, description := range descriptions {
		for _, strategy := range description.Strategies {
			fmt.Println(description.RenewPeriod, strategy.Services, strategy.Price, strategy.ServicesDetails[0].ServiceType)
		}
	}
	// Output:
	// P1Y [12345] 1.99 EUR Domain .ovh
	// P1Y [67890 12345] 37.87 EUR Hosting Perso 2014
}

// In a region without renewals by order there is another way.
func ExampleAPI_Renewals_unsupported() {
	ctx, client, _ := simulatedOrders(ovhrenewtest.Behaviour{NoRenewRoute: true})
	_, err := client.Renewals(ctx, 12345, false)
	if errors.Is(err, ovhrenew.ErrUnsupported) {
		fmt.Println("set the service to renew by itself: package autorenew")
	}
	// Output: set the service to renew by itself: package autorenew
}

// A quote says what an offer comes to with its tax, and orders nothing.
func ExampleAPI_Quote() {
	ctx, client, server := simulatedOrders(ovhrenewtest.Behaviour{TaxPercent: "20"})
	descriptions, err := client.Renewals(ctx, 67890, false)
	if err != nil {
		log.Fatal(err)
	}
	quote, err := client.Quote(ctx, ovhrenew.Offers(67890, descriptions)[0])
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(quote.PriceWithoutTax, "+", quote.Tax, "=", quote.PriceWithTax)
	fmt.Println("orders:", len(server.Orders()))
	// Output:
	// 37.87 EUR + 7.57 EUR = 45.44 EUR
	// orders: 0
}

// Orders of the last month, and where they stand. One that is not paid costs nothing.
func ExampleAPI_Orders() {
	ctx, client, server := simulatedOrders(ovhrenewtest.Behaviour{})
	server.AddOrder(ovhrenewtest.Order{Services: []int64{ovhrenewtest.GuideVPSID}, Period: "P3M", Price: "17.97"})
	server.AddOrder(ovhrenewtest.Order{Date: time.Now().AddDate(-1, 0, 0), Price: "12.99"}) // last year
	for order, err := range client.Orders(ctx, ovhrenew.OrderQuery{From: time.Now().AddDate(0, -1, 0)}) {
		if err != nil {
			log.Fatal(err)
		}
		status, err := client.OrderStatus(ctx, order.OrderID)
		fmt.Println(order.OrderID, order.PriceWithTax, status, err)
	}
	// Output: 123456789 21.56 EUR notPaid <nil>
}

// FindOrders needs one request, however many orders there are.
func ExampleAPI_FindOrders() {
	ctx, client, server := simulatedOrders(ovhrenewtest.Behaviour{})
	server.AddOrder(ovhrenewtest.Order{Services: []int64{ovhrenewtest.GuideVPSID}, Period: "P3M", Price: "17.97"})
	server.AddOrder(ovhrenewtest.Order{Date: time.Now().AddDate(-1, 0, 0), Price: "12.99"}) // last year
	ids, err := client.FindOrders(ctx, ovhrenew.OrderQuery{From: time.Now().AddDate(0, -1, 0)})
	fmt.Println(ids, err)
	// Output: [123456789] <nil>
}

// Everything about one order. Its links and its password are secrets.
func ExampleAPI_Order() {
	ctx, client, server := simulatedOrders(ovhrenewtest.Behaviour{})
	server.AddOrder(ovhrenewtest.Order{Services: []int64{ovhrenewtest.GuideVPSID}, Period: "P3M", Price: "17.97"})
	order, err := client.Order(ctx, 123456789)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(order.OrderID, order.PriceWithTax, order.Password)
	details, err := client.OrderDetails(ctx, order.OrderID)
	if err != nil {
		log.Fatal(err)
	}
	for _, line := range details {
		fmt.Println(line.Domain, line.TotalPrice, line.DetailType)
	}
	// Output:
	// 123456789 21.56 EUR REDACTED
	// vps112233.ovh.net 17.97 EUR DURATION
}

// How an order was paid. While it is unpaid, there is no payment to read.
func ExampleAPI_OrderPayment() {
	ctx, client, server := simulatedOrders(ovhrenewtest.Behaviour{})
	server.AddOrder(ovhrenewtest.Order{Services: []int64{ovhrenewtest.GuideVPSID}, Period: "P3M", Price: "17.97"})
	_, err := client.OrderPayment(ctx, 123456789)
	fmt.Println(errors.Is(err, ovhrenew.ErrNotFound))
	if err := client.Pay(ctx, 123456789, ovhrenew.Method(5678901)); err != nil {
		log.Fatal(err)
	}
	payment, err := client.OrderPayment(ctx, 123456789)
	fmt.Println(payment.PaymentType, err)
	// Output:
	// true
	// creditCard <nil>
}

// Reading a list that no method reads: the bills of an order.
func ExampleAPI_ReadList() {
	ctx, client, server := simulatedOrders(ovhrenewtest.Behaviour{})
	server.AddOrder(ovhrenewtest.Order{Services: []int64{ovhrenewtest.GuideVPSID}, Period: "P3M", Price: "17.97"})
	server.Pay(123456789)
	for raw, err := range client.ReadList(ctx, "/me/bill?orderId=123456789", "/me/bill/{billId}") {
		if err != nil {
			log.Fatal(err)
		}
		var bill struct{ OrderID ovhrenew.OrderID }
		err := json.Unmarshal(raw, &bill)
		fmt.Println(bill.OrderID, err)
	}
	// Output: 123456789 <nil>
}

// A setting that no function sets: the name that a service is shown by.
func ExampleAPI_Put() {
	ctx, client, _ := simulatedOrders(ovhrenewtest.Behaviour{})
	err := client.Put(ctx, "/services/11223344", map[string]string{"displayName": "web server"})
	fmt.Println(err)
	// Output: <nil>
}

// simulatedOrders returns a client of the guide's account, and the simulated server behind it.
func simulatedOrders(behaviour ovhrenewtest.Behaviour) (context.Context, *ovhrenew.API, *ovhrenewtest.Server) {
	server := ovhrenewtest.New(behaviour)
	ovhrenewtest.Guide(server)
	server.ListenPipe()
	client, err := ovhrenew.NewWithConfig(server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited})
	if err != nil {
		log.Fatal(err)
	}
	return context.Background(), client, server
}
