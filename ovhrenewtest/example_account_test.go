package ovhrenewtest_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/ovh/go-ovh/ovh"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// Only the name has to be given. Its offers are the server's: one may renew several.
func ExampleService() {
	server := ovhrenewtest.New(ovhrenewtest.Behaviour{})
	domain := server.AddService(ovhrenewtest.Service{
		Name: "shop.example", Route: "/domain/shop.example",
		Expiry: time.Date(2026, 6, 15, 0, 0, 0, 0, time.UTC), Tags: []string{"shop"},
	})
	hosting := server.AddService(ovhrenewtest.Service{Name: "shop.example", Route: "/hosting/web/shop.example"})
	server.Offer("P1Y", "11.99", domain)
	server.Offer("P1Y", "41.99", domain, hosting) // listed under both
	server.ChangeService(domain, func(s *ovhrenewtest.Service) { s.State = "unpaid" })
	for _, service := range server.Services() {
		fmt.Printf("%s %s %q\n", service.Name, service.RouteTemplate, service.State)
	}
	fmt.Println(server.Expiry(domain).Format(time.DateOnly), server.Err())
	// Output:
	// shop.example /domain/{serviceName} "unpaid"
	// shop.example /hosting/web/{serviceName} ""
	// 2026-06-15 <nil>
}

// An order that was made in the web console, and paid there.
func ExampleOrder() {
	server := guide(ovhrenewtest.Behaviour{})
	defer server.Close()
	id := server.AddOrder(ovhrenewtest.Order{Services: []int64{ovhrenewtest.GuideVPSID}, Period: "P3M", Price: "17.97"})
	server.Pay(id)
	order := server.Orders()[0]
	fmt.Println(order.ID, order.Status, order.WithoutTax, "+", order.Tax, "elsewhere:", order.Elsewhere)
	_, err := renewVPS(server)
	fmt.Println(errors.Is(err, ovhrenew.ErrNotDue), "payments:", server.PaymentsFor(ovhrenewtest.GuideVPSID))
	// Output:
	// 123456789 delivered 17.97 + 3.59 elsewhere: true
	// true payments: 1
}

// Each time that money left the account, and how.
func ExamplePayment() {
	server := guide(ovhrenewtest.Behaviour{})
	defer server.Close()
	if _, err := renewVPS(server); err != nil {
		fmt.Println(err)
	}
	for _, payment := range server.Payments() {
		fmt.Println(payment.Order, payment.Amount, payment.Currency, payment.Type, payment.Method)
	}
	// Output: 123456789 21.56 EUR creditCard 5678901
}

// A card that has expired is still the default, and pays nothing.
func ExamplePaymentMethod() {
	server := guide(ovhrenewtest.Behaviour{})
	defer server.Close()
	server.ChangePaymentMethod(ovhrenewtest.GuideMethodID, func(m *ovhrenewtest.PaymentMethod) { m.Status = "EXPIRED" })
	_, err := renewVPS(server)
	fmt.Println(errors.Is(err, ovhrenew.ErrNoPayment), server.Count(ovhrenewtest.RoutePay))
	// Output: true 0
}

// The payment takes its effect and its answer is lost: the program has to find out, and
// not to pay again.
func ExampleFault() {
	server := guide(ovhrenewtest.Behaviour{})
	defer server.Close()
	server.Inject(ovhrenewtest.Fault{Route: ovhrenewtest.RoutePay, Kind: ovhrenewtest.Reset, When: ovhrenewtest.After})
	receipt, err := renewVPS(server)
	fmt.Println(receipt.Price, err, "payments:", len(server.Payments()))
	// Output: 21.56 EUR <nil> payments: 1
}

// A test says which faults its program met: a fault that never happened tests nothing.
func ExampleFired() {
	server := guide(ovhrenewtest.Behaviour{})
	defer server.Close()
	server.Inject(
		ovhrenewtest.Fault{Route: ovhrenewtest.RouteQuote, Kind: ovhrenewtest.StatusFault, Status: 400},
		ovhrenewtest.Fault{Route: ovhrenewtest.RoutePay, Kind: ovhrenewtest.Refuse},
	)
	if _, err := renewVPS(server); err == nil {
		fmt.Println("renewed without a quote")
	}
	for _, fired := range server.Faults() {
		fmt.Println(fired.Fault.Kind, fired.Request.Route)
	}
	// Output: StatusFault POST /service/{serviceId}/renew?dryRun=true
}

// What the program sent that could spend.
func ExampleRequest() {
	server := guide(ovhrenewtest.Behaviour{})
	defer server.Close()
	if _, err := renewVPS(server); err != nil {
		fmt.Println(err)
	}
	for _, request := range server.Requests() {
		if request.Method == "POST" {
			fmt.Println(request.Route, request.Status)
		}
	}
	// Output:
	// POST /service/{serviceId}/renew?dryRun=true 200
	// POST /service/{serviceId}/renew 200
	// POST /me/order/{orderId}/pay 200
}

// A key with the rights of a report cannot order.
func ExampleRule() {
	server := guide(ovhrenewtest.Behaviour{})
	defer server.Close()
	server.Grant(ovhrenewtest.Rule{Method: "GET", Path: "/*"})
	_, err := renewVPS(server)
	fmt.Println(errors.Is(err, ovhrenew.ErrNotGranted))
	// Output: true
}

func ExampleAllRules() {
	fmt.Println(ovhrenewtest.AllRules())
	// Output: [{GET /*} {POST /*} {PUT /*} {DELETE /*}]
}

// Any client can be pointed at the server: it needs the endpoint and these keys.
func ExampleCredentials() {
	server := ovhrenewtest.New(ovhrenewtest.Behaviour{})
	ovhrenewtest.Guide(server)
	if err := server.Listen("127.0.0.1:0"); err != nil {
		fmt.Println(err)
		return
	}
	defer server.Close()
	keys := server.Credentials()
	api, err := ovh.NewClient(server.Endpoint(), keys.AppKey, keys.AppSecret, keys.ConsumerKey)
	if err != nil {
		fmt.Println(err)
		return
	}
	client, err := ovhrenew.NewWithConfig(api, ovhrenew.Config{Limiter: ovhrenew.Unlimited})
	if err != nil {
		fmt.Println(err)
		return
	}
	who, err := client.Account(context.Background())
	fmt.Println(strings.HasSuffix(who, "/xx1111-ovh"), err)
	// Output: true <nil>
}
