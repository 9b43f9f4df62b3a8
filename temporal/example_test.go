// What the documentation shows of the package.

package temporal_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"time"

	"github.com/ovh/go-ovh/ovh"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/worker"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
	"github.com/ovhrenew/ovhrenew/temporal"
)

// A worker process has the credentials and the journal of the accounts.
func ExampleRegister() {
	connection, err := client.Dial(client.Options{HostPort: os.Getenv("TEMPORAL_ADDRESS")})
	if err != nil {
		log.Fatal(err)
	}
	defer connection.Close()
	w := worker.New(connection, "renewals", temporal.WorkerOptions())
	err = temporal.Register(w, temporal.Config{
		Account: func(_ context.Context, name string) (temporal.Account, error) {
			api, err := ovh.NewEndpointClient("ovh-eu") // with the keys of the account called name
			if err != nil {
				return temporal.Account{}, err
			}
			c, err := ovhrenew.New(api)
			if err != nil {
				return temporal.Account{}, err
			}
			journal, err := ovhrenew.OpenJournal("/var/lib/renewals/"+name, ovhrenew.OnlyJournal)
			return temporal.Account{Client: c, Journal: journal}, err
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	if err := w.Run(worker.InterruptCh()); err != nil {
		log.Fatal(err)
	}
}

// A program begins a renewal, and waits for its receipt if it likes.
func ExampleRenewal_Start() {
	ctx := context.Background()
	connection, err := client.Dial(client.Options{HostPort: os.Getenv("TEMPORAL_ADDRESS")})
	if err != nil {
		log.Fatal(err)
	}
	defer connection.Close()
	renewal := temporal.Renewal{Account: "agency", Wish: &ovhrenew.Wish{
		Service: ovhrenew.Name("vps112233.ovh.net"), Period: ovhrenew.P3M, Alone: true,
		Limit: ovhrenew.MustMoney("50 EUR"), PayWith: ovhrenew.DefaultMethod.String(),
	}}
	run, err := connection.ExecuteWorkflow(ctx, renewal.Start("renewals"), temporal.Renew, renewal)
	if err != nil {
		log.Fatal(err)
	}
	var receipt *ovhrenew.Receipt
	if err := run.Get(ctx, &receipt); err != nil {
		if failure, ok := temporal.FailureOf(err); ok {
			log.Fatalf("%s: %s", failure.Reaction, failure.Why)
		}
		log.Fatal(err)
	}
	log.Print(receipt)
}

// A program's tests run the workflows in Temporal's test environment against the
// simulated API.
func ExampleRenew() {
	server := ovhrenewtest.New(ovhrenewtest.Behaviour{})
	if err := server.Listen("127.0.0.1:0"); err != nil {
		log.Fatal(err)
	}
	defer server.Close()
	ovhrenewtest.Guide(server)

	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(quiet{}) // which writes nothing
	env := suite.NewTestWorkflowEnvironment()
	err := temporal.Register(env, temporal.Config{
		Gather: time.Nanosecond, // nothing is waited for
		Account: func(context.Context, string) (temporal.Account, error) {
			c, err := ovhrenew.NewWithConfig(server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited})
			return temporal.Account{Client: c, Journal: ovhrenewtest.NewMemory(ovhrenew.OnlyJournal)}, err
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	env.ExecuteWorkflow(temporal.Renew, temporal.Renewal{Account: "agency", Wish: &ovhrenew.Wish{
		Service: ovhrenew.Name(ovhrenewtest.GuideVPS), Period: ovhrenew.P3M, Alone: true,
		Limit: ovhrenew.MustMoney("50 EUR"), PayWith: ovhrenew.DefaultMethod.String(),
	}})
	if err := env.GetWorkflowError(); err != nil {
		log.Fatal(err)
	}
	var receipt ovhrenew.Receipt
	if err := env.GetWorkflowResult(&receipt); err != nil {
		log.Fatal(err)
	}
	fmt.Println(receipt.Price, receipt.Period, len(server.Payments()))
	// Output: 21.56 EUR P3M 1
}
