package ovhrenew_test

import (
	"fmt"
	"log"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// Half the safe pace, for a key that another program uses, too.
func ExampleNewLimiter() {
	ctx, _, server := simulation(ovhrenewtest.Behaviour{})
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
