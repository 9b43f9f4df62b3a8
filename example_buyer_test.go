// What the reference shows of a Buyer from elsewhere.

package ovhrenew_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// thrifty is a Buyer that places orders and leaves paying them to a person.
type thrifty struct {
	ovhrenew.Buyer
}

// Pay says for certain that nothing was sent: else the outcome would be unsure.
func (thrifty) Pay(_ context.Context, id ovhrenew.OrderID, _ ovhrenew.Payment) error {
	return fmt.Errorf("%w: order %d is for the accountant to pay", ovhrenew.ErrNotSent, id)
}

// A program's own Buyer can stand between Renew and the API. An error that is none of
// this package's would be taken for an answer that was lost.
func ExampleBuyer() {
	ctx, api, _ := simulatedBuyer(ovhrenewtest.Behaviour{})
	dir, err := os.MkdirTemp("", "journal")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	journal, err := ovhrenew.OpenJournal(dir, ovhrenew.OnlyJournal)
	if err != nil {
		log.Fatal(err)
	}
	client := struct {
		ovhrenew.Reader
		ovhrenew.Buyer
	}{api, thrifty{api}}
	_, err = ovhrenew.Renew(ctx, client, ovhrenew.Request{
		Service: ovhrenew.Name("vps112233.ovh.net"),
		Rules:   []ovhrenew.Rule{ovhrenew.For(ovhrenew.P1M)},
		Limit:   ovhrenew.MustMoney("10 EUR"),
		PayWith: ovhrenew.DefaultMethod,
		Journal: journal,
	})
	failed, _ := errors.AsType[*ovhrenew.StepError](err)
	fmt.Println(failed.Step, failed.Order, "paid:", failed.Paid)
	fmt.Println(err)
	// Output:
	// pay 123456789 paid: no
	// renewing vps112233.ovh.net (11223344): pay: request not sent: order 123456789 is for the accountant to pay [order 123456789, not paid by this journal's runs]
}

// simulatedBuyer returns a client of the guide's account, and the simulated server behind it.
func simulatedBuyer(behaviour ovhrenewtest.Behaviour) (context.Context, *ovhrenew.API, *ovhrenewtest.Server) {
	server := ovhrenewtest.New(behaviour)
	ovhrenewtest.Guide(server)
	server.ListenPipe()
	client, err := ovhrenew.NewWithConfig(server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited})
	if err != nil {
		log.Fatal(err)
	}
	return context.Background(), client, server
}
