// What the reference shows of a wish.

package ovhrenew_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// A queue has what is to be renewed, and a worker proposes it.
func ExampleWish() {
	ctx, client, _ := simulatedWish(ovhrenewtest.Behaviour{})
	var wish ovhrenew.Wish
	if err := json.Unmarshal([]byte(`{"service": "vps112233.ovh.net", "period": "P3M", "alone": true, "limit": "50 EUR", "payWith": "the default payment method"}`), &wish); err != nil {
		log.Fatal(err)
	}
	req, err := wish.Request()
	if err != nil {
		log.Fatal(err)
	}
	runner, err := ovhrenew.NewRunner(client, ovhrenew.NoJournal)
	if err != nil {
		log.Fatal(err)
	}
	task, err := runner.Propose(ctx, req)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(task.Offer)
	fmt.Println("tax included:", task.Quoted)
	// Output:
	// P3M of vps112233.ovh.net (11223344) for 17.97 EUR before tax
	// tax included: 21.56 EUR
}

// simulatedWish returns a client of the guide's account, and the simulated server behind it.
func simulatedWish(behaviour ovhrenewtest.Behaviour) (context.Context, *ovhrenew.API, *ovhrenewtest.Server) {
	server := ovhrenewtest.New(behaviour)
	ovhrenewtest.Guide(server)
	server.ListenPipe()
	client, err := ovhrenew.NewWithConfig(server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited})
	if err != nil {
		log.Fatal(err)
	}
	return context.Background(), client, server
}
