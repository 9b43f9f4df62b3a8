package ovhrenewtest_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"golang.org/x/time/rate"

	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// A program under test orders and pays; the server tells what came of it.
func Example() {
	server := ovhrenewtest.New(ovhrenewtest.Behaviour{})
	if err := server.Listen("127.0.0.1:0"); err != nil {
		fmt.Println(err)
		return
	}
	defer server.Close()
	expiry := time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
	id := server.AddService(ovhrenewtest.Service{Name: "vps1.example", Route: "/vps/vps1.example", Expiry: expiry})
	server.Offer("P3M", "17.97", id)
	method := server.AddPaymentMethod(ovhrenewtest.PaymentMethod{Default: true})

	ctx, api := context.Background(), server.Client()
	var order struct{ OrderID int64 }
	err := api.PostWithContext(ctx, fmt.Sprintf("/service/%d/renew", id), //nolint:forbidigo // go-ovh is the program under test
		map[string]any{"dryRun": false, "duration": "P3M", "services": []int64{id}}, &order)
	if err != nil {
		fmt.Println(err)
		return
	}
	err = api.PostWithContext(ctx, fmt.Sprintf("/me/order/%d/pay", order.OrderID), //nolint:forbidigo // the same
		map[string]any{"paymentMethod": map[string]any{"id": method}}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("spent:", server.Spent()["EUR"])
	fmt.Println("payments:", server.PaymentsFor(id))
	fmt.Println("expiry:", server.Expiry(id).Format(time.DateOnly))
	// Output:
	// spent: 21.56
	// payments: 1
	// expiry: 2027-03-01
}

// The test of a limiter calls TestLimiter. In a test file it is a function
// TestLimiter(t *testing.T).
func ExampleTestLimiter() {
	test := func(t *testing.T) {
		ovhrenewtest.TestLimiter(t, func(perMinute, burst int) interface{ Wait(context.Context) error } {
			return rate.NewLimiter(rate.Limit(perMinute)/60, burst)
		})
	}
	fmt.Printf("%T\n", test)
	// Output: func(*testing.T)
}
