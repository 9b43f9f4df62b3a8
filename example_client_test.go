// What the reference shows of clients and their settings.

package ovhrenew_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"time"

	"github.com/ovh/go-ovh/ovh"
	"golang.org/x/time/rate"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// An API prints as its endpoint, whatever the verb: no keys in logs.
func ExampleAPI() {
	api, err := ovh.NewClient(ovh.OvhCA, "application-key", "application-secret", "consumer-key")
	if err != nil {
		log.Fatal(err)
	}
	client, err := ovhrenew.New(api)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%v %+v\n", client, client)
	// Output: ovhrenew.API(https://ca.api.ovh.com/1.0) ovhrenew.API(https://ca.api.ovh.com/1.0)
}

// New says what the go-ovh client lacks.
func ExampleNew_keys() {
	_, err := ovhrenew.New(&ovh.Client{})
	fmt.Println(err)
	// Output: ovhrenew.New: the go-ovh client has no endpoint
}

// What makes no sense is refused; the rest has defaults.
func ExampleNewWithConfig() {
	api, err := ovh.NewClient(ovh.OvhEU, "application-key", "application-secret", "consumer-key")
	if err != nil {
		log.Fatal(err)
	}
	_, err = ovhrenew.NewWithConfig(api, ovhrenew.Config{ReadTimeout: -time.Second})
	fmt.Println(err)
	client, err := ovhrenew.NewWithConfig(api, ovhrenew.Config{ReadTimeout: 10 * time.Second})
	fmt.Println(client, err)
	// Output:
	// ovhrenew.New: Config.ReadTimeout is negative: -1s
	// ovhrenew.API(https://eu.api.ovh.com/1.0) <nil>
}

// Reads are tried again, as often as Attempts says. What spends is sent once.
func ExampleConfig() {
	ctx, _, server := simulatedClient(ovhrenewtest.Behaviour{})
	server.Inject(ovhrenewtest.Fault{Route: "GET /services", Kind: ovhrenewtest.StatusFault, Status: http.StatusBadGateway, Times: -1})
	client, err := ovhrenew.NewWithConfig(server.Client(), ovhrenew.Config{
		Limiter:  ovhrenew.Unlimited, // only against a simulation
		Attempts: 1,
	})
	if err != nil {
		log.Fatal(err)
	}
	_, err = client.FindServices(ctx, ovhrenew.ServiceQuery{})
	fmt.Println(errors.Is(err, ovhrenew.ErrServer), server.Count("GET /services"))
	// Output: true 1
}

// One limiter for all clients of a key. The first request of each asks for the time too.
func ExampleLimiter() {
	ctx, _, server := simulatedClient(ovhrenewtest.Behaviour{})
	limiter := rate.NewLimiter(rate.Every(time.Hour), 10)
	for range 2 {
		client, err := ovhrenew.NewWithConfig(server.Client(), ovhrenew.Config{Limiter: limiter})
		if err != nil {
			log.Fatal(err)
		}
		if _, err := client.FindServices(ctx, ovhrenew.ServiceQuery{}); err != nil {
			log.Fatal(err)
		}
	}
	fmt.Println(int(limiter.Tokens()), "of", limiter.Burst(), "requests left")
	// Output: 6 of 10 requests left
}

// A function that takes a Reader cannot spend, and says so by its type.
func ExampleReader() {
	ctx, client, _ := simulatedClient(ovhrenewtest.Behaviour{})
	price := func(r ovhrenew.Reader, id ovhrenew.ServiceID, period ovhrenew.Period) (ovhrenew.Money, error) {
		descriptions, err := r.Renewals(ctx, id, false)
		if err != nil {
			return ovhrenew.Money{}, err
		}
		offer, _, err := ovhrenew.Select(ovhrenew.Offers(id, descriptions), nil, ovhrenew.For(period))
		if err != nil {
			return ovhrenew.Money{}, err
		}
		quote, err := r.Quote(ctx, offer)
		return quote.PriceWithTax, err
	}
	fmt.Println(price(client, 11223344, ovhrenew.P1M))
	// Output: 7.19 EUR <nil>
}

// simulatedClient returns a client of the guide's account, and the simulated server behind it.
func simulatedClient(behaviour ovhrenewtest.Behaviour) (context.Context, *ovhrenew.API, *ovhrenewtest.Server) {
	server := ovhrenewtest.New(behaviour)
	ovhrenewtest.Guide(server)
	server.ListenPipe()
	client, err := ovhrenew.NewWithConfig(server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited})
	if err != nil {
		log.Fatal(err)
	}
	return context.Background(), client, server
}
