// A survey and its plan, as examples.

package portfolio_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// The whole account in a few requests, with the offers of what ends soon.
func ExampleSurvey() {
	ctx, client := account()
	soon := ovhrenew.DateOf(time.Now()).AddDays(14)
	for service, err := range portfolio.Survey(ctx, client, portfolio.Query{Offers: portfolio.DueBy(soon)}) {
		if err != nil {
			log.Fatal(err) // or, for a *ServiceError, go on
		}
		fmt.Println(service.Name, service.Product, service.OffersRead, len(service.Offers))
	}
	// Output:
	// vps112233.ovh.net vps-starter-1-2-20 true 4
	// example.ovh domain-ovh false 0
	// example.ovh perso2014 false 0
}

// Narrowing costs no request: only Offers does.
func ExampleQuery() {
	ctx, client, server := simulation(ovhrenewtest.Behaviour{})
	query := portfolio.Query{Only: []portfolio.Selection{{Names: []string{"*.ovh"}, Products: []string{"domain-*"}}}}
	for service, err := range portfolio.Survey(ctx, client, query) {
		fmt.Println(service.Name, service.Product, err)
	}
	fmt.Println("requests for offers:", server.Count("GET /service/{serviceId}/renew"))
	// Output:
	// example.ovh domain-ovh <nil>
	// requests for offers: 0
}

// A program's own account, or a file, can be surveyed in place of the API.
func ExampleReader() {
	ctx, client := account()
	expired := func(r portfolio.Reader) (n int, err error) {
		for _, err := range portfolio.Survey(ctx, r, portfolio.Query{DueBy: ovhrenew.DateOf(time.Now())}) {
			if err != nil {
				return n, err
			}
			n++
		}
		return n, nil
	}
	fmt.Println(expired(client)) // an *API is a Reader
	// Output: 0 <nil>
}

// DueBy takes what ends on the day or earlier; what never ends is not due.
func ExampleDueBy() {
	due := portfolio.DueBy(ovhrenew.MustDate("2026-06-15"))
	for _, expiry := range []ovhrenew.Date{ovhrenew.MustDate("2026-06-15"), ovhrenew.MustDate("2026-06-16"), {}} {
		service := portfolio.Surveyed{Service: ovhrenew.Service{Expiry: expiry}}
		fmt.Println(expiry, due(service))
	}
	// Output:
	// 2026-06-15 true
	// 2026-06-16 false
	// none false
}

// A DNS zone is said to have expired before it was created: it never ends.
func ExampleSurveyed() {
	zone := portfolio.Surveyed{
		Service: ovhrenew.Service{Name: "example.ovh", Expiry: ovhrenew.MustDate("2020-02-29"), Created: ovhrenew.MustDate("2020-03-01")},
	}
	fmt.Println(zone.Expiry, zone.Ends())
	// Output: 2020-02-29 none
}

// Each list that is given narrows; in a list, one element is enough.
func ExampleSelection() {
	ctx, client := account()
	for _, only := range []portfolio.Selection{
		{Names: []string{"*.ovh", "*.ovh.net"}},
		{Names: []string{"*.ovh", "*.ovh.net"}, Products: []string{"vps-*"}},
	} {
		n := 0
		for _, err := range portfolio.Survey(ctx, client, portfolio.Query{Only: []portfolio.Selection{only}}) {
			if err != nil {
				log.Fatal(err)
			}
			n++
		}
		fmt.Println(n)
	}
	for _, err := range portfolio.Survey(ctx, client, portfolio.Query{Only: []portfolio.Selection{{Names: []string{"[a-"}}}}) {
		fmt.Println(err)
	}
	// Output:
	// 3
	// 1
	// Survey: Query.Only[0].Names[0] "[a-" is not a pattern
}

// A policy is data, and has to say period, tax and total. Wants is for Query.Offers.
func ExamplePolicy() {
	policy := portfolio.Policy{
		Period:     ovhrenew.P1Y,
		Never:      []portfolio.Selection{{Names: []string{"test.*"}}},
		TaxPercent: "20",
		Total:      []ovhrenew.Money{ovhrenew.MustMoney("500 EUR")},
	}
	today := ovhrenew.MustDate("2026-06-01")
	wants, err := policy.Wants(today)
	if err != nil {
		log.Fatal(err)
	}
	for _, name := range []string{"shop.example", "test.example"} {
		fmt.Println(name, wants(portfolio.Surveyed{Service: ovhrenew.Service{ID: 1, Name: name, Expiry: today.AddDays(5)}}))
	}
	policy.TaxPercent = "20%"
	_, err = policy.Wants(today)
	fmt.Println(err)
	// Output:
	// shop.example true
	// test.example false
	// Wants: Policy.TaxPercent "20%" is not a percentage such as "20" or "5.5"
}

// account returns a client of the guide's account, simulated.
func account() (context.Context, *ovhrenew.API) {
	ctx, client, _ := simulation(ovhrenewtest.Behaviour{})
	return ctx, client
}

// simulation returns a client of the guide's account, and the server behind it.
func simulation(behaviour ovhrenewtest.Behaviour) (context.Context, *ovhrenew.API, *ovhrenewtest.Server) {
	server := ovhrenewtest.New(behaviour)
	ovhrenewtest.Guide(server)
	server.ListenPipe()
	client, err := ovhrenew.NewWithConfig(server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited})
	if err != nil {
		log.Fatal(err)
	}
	return context.Background(), client, server
}
