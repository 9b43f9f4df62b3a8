// What the reference shows of requests and what they tell.

package ovhrenew_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// From names the expiry to renew from: run twice, it renews once, due or not.
func ExampleRequest_from() {
	ctx, client, _ := simulatedRenewal(ovhrenewtest.Behaviour{})
	dir, err := os.MkdirTemp("", "journal")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	journal, err := ovhrenew.OpenJournal(dir, ovhrenew.OnlyJournal)
	if err != nil {
		log.Fatal(err)
	}
	service, err := ovhrenew.ReadService(ctx, client, 11223344)
	if err != nil {
		log.Fatal(err)
	}
	request := ovhrenew.Request{
		Service: ovhrenew.ID(11223344),
		Rules:   []ovhrenew.Rule{ovhrenew.For(ovhrenew.P1Y)},
		Limit:   ovhrenew.MustMoney("80 EUR"),
		PayWith: ovhrenew.DefaultMethod,
		From:    service.Expiry,
		Journal: journal,
	}
	for range 2 {
		receipt, err := ovhrenew.Renew(ctx, client, request)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(receipt.Price, "already:", receipt.Already)
	}
	// Output:
	// 77.63 EUR already: false
	// 77.63 EUR already: true
}

// What Renew would do: the offer, the quote, and the new expiry of each service.
func ExampleProposal() {
	ctx, client, _ := simulatedRenewal(ovhrenewtest.Behaviour{})
	proposal, err := ovhrenew.Preview(ctx, client, ovhrenew.Request{
		Service: ovhrenew.Route("/hosting/web/example.ovh"),
		Limit:   ovhrenew.MustMoney("50 EUR"),
		Guards:  ovhrenew.Guards{DueWithin: 60 * 24 * time.Hour},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(proposal.Quote.PriceWithTax, "for", len(proposal.Services), "services, blockers:", len(proposal.Blockers))
	for _, service := range proposal.Services {
		year, err := ovhrenew.P1Y.AddTo(service.Expiry)
		fmt.Println(service.ID, proposal.NewExpiry(service) == year, err)
	}
	// Output:
	// 45.44 EUR for 2 services, blockers: 0
	// 12345 true <nil>
	// 67890 true <nil>
}

// Each step is told when it is done.
func ExampleProgress() {
	ctx, client, _ := simulatedRenewal(ovhrenewtest.Behaviour{})
	dir, err := os.MkdirTemp("", "journal")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	journal, err := ovhrenew.OpenJournal(dir, ovhrenew.OnlyJournal)
	if err != nil {
		log.Fatal(err)
	}
	_, err = ovhrenew.Renew(ctx, client, ovhrenew.Request{
		Service: ovhrenew.Name("vps112233.ovh.net"),
		Rules:   []ovhrenew.Rule{ovhrenew.For(ovhrenew.P3M)},
		Limit:   ovhrenew.MustMoney("50 EUR"),
		PayWith: ovhrenew.DefaultMethod,
		Journal: journal,
		Progress: func(done ovhrenew.Progress) {
			fmt.Print(done.Step, " ")
			if done.Step == ovhrenew.StepOrder {
				fmt.Print(done.Order.OrderID, " ")
			}
		},
	})
	fmt.Println(err)
	// Output: guard offers select guard quote guard order 123456789 pay verify <nil>
}

// The guards are functions of what was read and of a day.
func ExampleGuards() {
	service := ovhrenew.Service{
		ID: 11223344, Name: "vps112233.ovh.net", Expiry: ovhrenew.MustDate("2026-06-15"), Mode: ovhrenew.ModeManual,
	}
	strict, today := ovhrenew.Guards{}, ovhrenew.MustDate("2026-05-20")
	fmt.Println(strict.Due(service, ovhrenew.P1Y, today)) // 30 days before its end
	fmt.Println(strict.Due(service, ovhrenew.P1M, today)) // half of a month before
	service.Mode = ovhrenew.ModeAutomatic
	fmt.Println(strict.Automatic(service, today))
	fmt.Println(ovhrenew.Guards{AllowAutomatic: true}.Automatic(service, today))
	// Output:
	// <nil>
	// vps112233.ovh.net (11223344): not due: it expires on 2026-06-15, in 26 days; renewing starts 15 days before
	// vps112233.ovh.net (11223344): renews by itself: its renewal mode is automatic, next on 2026-06-15
	// <nil>
}

// simulatedRenewal returns a client of the guide's account, and the simulated server behind it.
func simulatedRenewal(behaviour ovhrenewtest.Behaviour) (context.Context, *ovhrenew.API, *ovhrenewtest.Server) {
	server := ovhrenewtest.New(behaviour)
	ovhrenewtest.Guide(server)
	server.ListenPipe()
	client, err := ovhrenew.NewWithConfig(server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited})
	if err != nil {
		log.Fatal(err)
	}
	return context.Background(), client, server
}
