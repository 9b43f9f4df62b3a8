// What the reference shows of an account and its clock.

package ovhrenew_test

import (
	"context"
	"fmt"
	"log"
	"strings"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// The account's name, by which a journal tells accounts apart. Config.Account names it
// for a credential that may not read it.
func ExampleAPI_Account() {
	_, _, server := simulatedAccount(ovhrenewtest.Behaviour{})
	ctx := context.Background()
	client, err := ovhrenew.NewWithConfig(server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited, Account: "xx1111-ovh"})
	if err != nil {
		log.Fatal(err)
	}
	account, err := client.Account(ctx)
	host, name, _ := strings.Cut(account, "/")
	fmt.Println(strings.Contains(server.Endpoint(), host), name, err)
	// Output: true xx1111-ovh <nil>
}

// The API's time does not depend on the clock of this machine.
func ExampleAPI_Time() {
	ctx, client, server := simulatedAccount(ovhrenewtest.Behaviour{})
	server.SetNow(func() time.Time { return time.Date(2026, time.November, 25, 12, 0, 0, 0, time.UTC) })
	now, err := client.Time(ctx)
	fmt.Println(ovhrenew.DateOf(now), err)
	// Output: 2026-11-25 <nil>
}

// simulatedAccount returns a client of the guide's account, and the simulated server behind it.
func simulatedAccount(behaviour ovhrenewtest.Behaviour) (context.Context, *ovhrenew.API, *ovhrenewtest.Server) {
	server := ovhrenewtest.New(behaviour)
	ovhrenewtest.Guide(server)
	server.ListenPipe()
	client, err := ovhrenew.NewWithConfig(server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited})
	if err != nil {
		log.Fatal(err)
	}
	return context.Background(), client, server
}
