package temporal_test

import (
	"context"
	"fmt"
	"log"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/temporal"
)

// clients and journal are what a worker has: a client for each account, with a limiter that
// the workers share, and their common journal.
var (
	clients map[string]ovhrenew.Client
	journal ovhrenew.Journal
)

// A worker. It is compiled and not run here.
func ExampleRegister() {
	c, err := client.Dial(client.Options{})
	if err != nil {
		log.Fatal(err)
	}
	w := worker.New(c, "renewals", worker.Options{})
	err = temporal.Register(w, temporal.Config{
		Account: func(_ context.Context, name string) (temporal.Account, error) {
			account, ok := clients[name]
			if !ok {
				return temporal.Account{}, fmt.Errorf("there is no %s", name)
			}
			return temporal.Account{Client: account, Journal: journal}, nil
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	log.Fatal(w.Run(worker.InterruptCh()))
}

// A renewal is started, and its receipt waited for. It is compiled and not run here.
func ExampleStartRenew() {
	ctx := context.Background()
	c, err := client.Dial(client.Options{})
	if err != nil {
		log.Fatal(err)
	}
	run, err := temporal.StartRenew(ctx, c, "renewals", temporal.RenewInput{
		Account: "ab12345-ovh",
		Wish: &ovhrenew.Wish{
			Service: ovhrenew.Name("vps112233.ovh.net"), Period: ovhrenew.P3M, Alone: true,
			Limit: ovhrenew.MustMoney("50 EUR"), PayWith: ovhrenew.DefaultMethod.String(),
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	var result temporal.Result
	if err := run.Get(ctx, &result); err != nil {
		failure, _ := temporal.FailureOf(err)
		log.Fatal(failure.Reaction, ": ", failure.Why)
	}
	fmt.Println(result.Receipt.Price)
}
