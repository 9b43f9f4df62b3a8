// What the reference shows of a wish.

package ovhrenew_test

import (
	"encoding/json"
	"fmt"
	"log"

	"github.com/ovhrenew/ovhrenew"
)

// A queue has what is to be renewed, and a worker proposes it.
func ExampleWish() {
	ctx, client := account()
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
