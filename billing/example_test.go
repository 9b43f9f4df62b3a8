package billing_test

import (
	"context"
	"fmt"
	"log"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/billing"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// simulation returns a client of a simulated account, and the server behind it.
func simulation() (context.Context, *ovhrenew.API, *ovhrenewtest.Server) {
	server := ovhrenewtest.New(ovhrenewtest.Behaviour{})
	ovhrenewtest.Guide(server)
	server.ListenPipe()
	client, err := ovhrenew.NewWithConfig(server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited})
	if err != nil {
		log.Fatal(err)
	}
	return context.Background(), client, server
}

// From a paid order to its bill, by the list of bills or by the order.
func ExampleBills() {
	ctx, client, server := simulation()
	defer server.Close()
	server.AddOrder(ovhrenewtest.Order{Services: []int64{ovhrenewtest.GuideVPSID}, Period: "P3M", Price: "17.97"})
	server.Pay(123456789)

	for bill, err := range billing.Bills(ctx, client, billing.Query{Order: 123456789}) {
		fmt.Println("order", bill.OrderID, "of", bill.PriceWithTax, err)
	}

	var became struct{ ID, Type string }
	if err := client.Read(ctx, "/me/order/123456789/associatedObject", &became); err != nil {
		log.Fatal(err)
	}
	var bill billing.Bill
	err := client.Read(ctx, "/me/bill/"+became.ID, &bill)
	fmt.Println(became.Type, "of", bill.PriceWithTax, err)
	// Output:
	// order 123456789 of 21.56 EUR <nil>
	// Bill of 21.56 EUR <nil>
}

// Whose account it is: nothing personal is read.
func ExampleMe() {
	ctx, client, server := simulation()
	defer server.Close()
	who, err := billing.Me(ctx, client)
	fmt.Println(who.Nichandle, who.OvhSubsidiary, who.Currency.Code, who.State, err)
	// Output: xx1111-ovh FR EUR complete <nil>
}
