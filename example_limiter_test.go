// What the reference shows of pace and routes.

package ovhrenew_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// Half the safe pace, for a key that another program uses, too.
func ExampleNewLimiter() {
	ctx, _, server := simulatedPace(ovhrenewtest.Behaviour{})
	client, err := ovhrenew.NewWithConfig(server.Client(), ovhrenew.Config{Limiter: ovhrenew.NewLimiter(30, 5)})
	if err != nil {
		log.Fatal(err)
	}
	account, err := client.Account(ctx)
	fmt.Println(account != "", err)
	fmt.Println(ovhrenew.NewLimiter(0, 5).Wait(ctx))
	// Output:
	// true <nil>
	// NewLimiter: perMinute "0" is not positive
}

// tracer names each request by its route, which has no ids.
type tracer struct{ http.RoundTripper }

func (t tracer) RoundTrip(r *http.Request) (*http.Response, error) {
	fmt.Println(ovhrenew.RouteOf(r.Context()), "for", r.UserAgent())
	return t.RoundTripper.RoundTrip(r)
}

func ExampleRouteOf() {
	ctx, _, server := simulatedPace(ovhrenewtest.Behaviour{})
	client, err := ovhrenew.NewWithConfig(server.Client(), ovhrenew.Config{
		Limiter: ovhrenew.Unlimited, Transport: tracer{server.Client().Client.Transport}, UserAgent: "billing/1.2",
	})
	if err != nil {
		log.Fatal(err)
	}
	if _, err := client.OrderStatus(ctx, 1); err != nil {
		fmt.Println("no such order:", errors.Is(err, ovhrenew.ErrNotFound))
	}
	// Output:
	// GET /auth/time for github.com/ovh/go-ovh (ovhrenew (+billing/1.2))
	// GET /me/order/{orderId}/status for github.com/ovh/go-ovh (ovhrenew (+billing/1.2))
	// no such order: true
}

// simulatedPace returns a client of the guide's account, and the simulated server behind it.
func simulatedPace(behaviour ovhrenewtest.Behaviour) (context.Context, *ovhrenew.API, *ovhrenewtest.Server) {
	server := ovhrenewtest.New(behaviour)
	ovhrenewtest.Guide(server)
	server.ListenPipe()
	client, err := ovhrenew.NewWithConfig(server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited})
	if err != nil {
		log.Fatal(err)
	}
	return context.Background(), client, server
}
