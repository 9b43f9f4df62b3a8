package ovhrenewtest_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ovh/go-ovh/ovh"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// goTest stands for "go test": it runs a test to its end.
func goTest(test func(testing.TB)) {
	t := &fakeT{}
	test(t)
	for _, end := range t.ends {
		end()
	}
}

type fakeT struct {
	testing.TB
	ends []func()
}

func (t *fakeT) Helper()            {}
func (t *fakeT) Cleanup(end func()) { t.ends = append(t.ends, end) }
func (t *fakeT) Error(args ...any)  { fmt.Println(append([]any{"FAIL:"}, args...)...) }
func (t *fakeT) Fatal(args ...any)  { panic(fmt.Sprint(args...)) }

// renewVPS is the program under test: it renews the VPS of the guide's account.
func renewVPS(server *ovhrenewtest.Server) (*ovhrenew.Receipt, error) {
	client, err := ovhrenew.NewWithConfig(server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited})
	if err != nil {
		return nil, err
	}
	return ovhrenew.Renew(context.Background(), client, ovhrenew.Request{
		Service: ovhrenew.Name(ovhrenewtest.GuideVPS),
		Rules:   []ovhrenew.Rule{ovhrenew.For(ovhrenew.P3M)},
		Limit:   ovhrenew.MustMoney("50 EUR"),
		PayWith: ovhrenew.DefaultMethod,
		Journal: ovhrenewtest.NewMemory(ovhrenew.OnlyJournal),
	})
}

// guide is a server with the guide's account, reached in memory.
func guide(behaviour ovhrenewtest.Behaviour) *ovhrenewtest.Server {
	server := ovhrenewtest.New(behaviour)
	ovhrenewtest.Guide(server)
	server.ListenPipe()
	return server
}

// A test of a program that renews: it ends with what the account says.
func ExampleStart() {
	testRenewal := func(t testing.TB) { // func TestRenewal(t *testing.T)
		server := ovhrenewtest.Start(t, ovhrenewtest.Behaviour{}) // until the test ends
		ovhrenewtest.Guide(server)
		if _, err := renewVPS(server); err != nil { // the program under test
			t.Fatal(err)
		}
		fmt.Println("payments:", server.PaymentsFor(ovhrenewtest.GuideVPSID))
	}
	goTest(testRenewal)
	// Output: payments: 1
}

// A mistake in the account fails the test, and every request of the program.
func ExampleStart_mistake() {
	testRenewal := func(t testing.TB) {
		server := ovhrenewtest.Start(t, ovhrenewtest.Behaviour{})
		id := server.AddService(ovhrenewtest.Service{Name: "vps1.example"})
		server.Offer("P3M", "17,97", id)
		fmt.Println(server.Err() != nil)
	}
	goTest(testRenewal)
	// Output:
	// FAIL: ovhrenewtest: Offer: "17,97" is not an amount such as 12.99
	// true
}

// In a bubble, synctest.Test(t, func(t *testing.T) { … }), half an hour of waiting for a
// delivery takes no time.
func ExampleStartPipe() {
	testRenewal := func(t testing.TB) {
		server := ovhrenewtest.StartPipe(t, ovhrenewtest.Behaviour{})
		ovhrenewtest.Guide(server)
		receipt, err := renewVPS(server)
		fmt.Println(receipt.Price, err)
	}
	goTest(testRenewal)
	// Output: 21.56 EUR <nil>
}

// Without a test around it, such as in an example or a program to try things out.
func ExampleNew() {
	server := ovhrenewtest.New(ovhrenewtest.Behaviour{Currency: "CAD"})
	ovhrenewtest.Guide(server)
	if err := server.Listen("127.0.0.1:0"); err != nil {
		fmt.Println(err)
		return
	}
	defer server.Close()
	_, err := renewVPS(server) // its limit is in EUR
	fmt.Println(errors.Is(err, ovhrenew.ErrCurrency), server.Count(ovhrenewtest.RouteOrder))
	// Output: true 0
}

// A server tells what was sent and what came of it, and the test may act as somebody
// else in the meantime.
func ExampleServer() {
	server := guide(ovhrenewtest.Behaviour{})
	defer server.Close()
	server.OnRequest(func(r ovhrenewtest.Request) {
		if r.Route == ovhrenewtest.RouteOrder { // between the quote and the order
			server.SetPrice("P3M", "18.97", ovhrenewtest.GuideVPSID)
		}
	})
	_, err := renewVPS(server)
	fmt.Println(errors.Is(err, ovhrenew.ErrPriceChanged))
	fmt.Println("quotes:", server.Count(ovhrenewtest.RouteQuote), "orders:", len(server.Orders()), "payments:", len(server.Payments()))
	// Output:
	// true
	// quotes: 1 orders: 1 payments: 0
}

// The guide's account: what can be renewed, and with what.
func ExampleGuide() {
	server := ovhrenewtest.New(ovhrenewtest.Behaviour{})
	ovhrenewtest.Guide(server)
	for _, service := range server.Services() {
		fmt.Println(service.ID, service.Route, service.Product)
	}
	// Output:
	// 11223344 /vps/vps112233.ovh.net vps-starter-1-2-20
	// 12345 /domain/example.ovh domain-ovh
	// 67890 /hosting/web/example.ovh perso2014
}

// A large account, the same in every run with the same seed and time.
func ExampleAgency() {
	june := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	server := ovhrenewtest.New(ovhrenewtest.Behaviour{})
	server.SetNow(func() time.Time { return june })
	ovhrenewtest.Agency(server, 1000, 1)
	automatic := 0
	for _, service := range server.Services() {
		if service.Mode == "automatic" {
			automatic++
		}
	}
	fmt.Println(len(server.Services()), "services,", automatic, "renew by themselves")
	// Output: 1000 services, 142 renew by themselves
}

// What nobody knows of the real API can be tried in each way: here a delivery that waits
// for a person to send documents.
func ExampleBehaviour() {
	server := guide(ovhrenewtest.Behaviour{AfterPay: "documentsRequested"})
	defer server.Close()
	_, err := renewVPS(server)
	failed, _ := errors.AsType[*ovhrenew.StepError](err)
	fmt.Println(errors.Is(err, ovhrenew.ErrNeedsHuman), "paid:", failed.Paid)
	// Output: true paid: yes
}

// A clock of the test's own: an order that nobody pays lapses. In a bubble of
// testing/synctest there is no need for one.
func ExampleServer_SetNow() {
	now := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	server := ovhrenewtest.New(ovhrenewtest.Behaviour{OrderValidity: 24 * time.Hour})
	server.SetNow(func() time.Time { return now }) // before the account is filled: its expiries count from now
	ovhrenewtest.Guide(server)
	server.AddOrder(ovhrenewtest.Order{Services: []int64{ovhrenewtest.GuideVPSID}, Period: "P3M", Price: "17.97"})
	fmt.Println(server.Orders()[0].Status)
	now = now.Add(25 * time.Hour)
	fmt.Println(server.Orders()[0].Status)
	// Output:
	// notPaid
	// cancelled
}

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
