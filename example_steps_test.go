// What the reference shows of renewing step by step.

package ovhrenew_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"os"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// A workflow engine goes step by step, with its own timers: Advance never waits. The
// task is plain data, which the engine keeps between the steps.
func ExampleRunner() {
	ctx, client, _ := simulatedSteps(ovhrenewtest.Behaviour{})
	dir, err := os.MkdirTemp("", "journal")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	journal, err := ovhrenew.OpenJournal(dir, ovhrenew.OnlyJournal)
	if err != nil {
		log.Fatal(err)
	}
	runner, err := ovhrenew.NewRunner(client, journal)
	if err != nil {
		log.Fatal(err)
	}
	task, err := runner.Propose(ctx, ovhrenew.Request{
		Service: ovhrenew.Name("vps112233.ovh.net"),
		Rules:   []ovhrenew.Rule{ovhrenew.For(ovhrenew.P3M), ovhrenew.Alone},
		Limit:   ovhrenew.MustMoney("50 EUR"),
		PayWith: ovhrenew.DefaultMethod,
	})
	for err == nil && task.Receipt == nil {
		time.Sleep(time.Until(task.Next))
		stored, _ := json.Marshal(task)
		if err = json.Unmarshal(stored, &task); err == nil {
			task, err = runner.Advance(ctx, task)
		}
		fmt.Println(task.Phase, "order", task.Order)
	}
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(task.Receipt.Price)
	// Output:
	// ordered order 123456789
	// renewed order 123456789
	// 21.56 EUR
}

// Two machines renew without a common journal. An order is paid only when it is older
// than Patience.Settle, so that an earlier one of the other machine has shown.
func ExampleOpenJournal_oneOfSeveral() {
	ctx, client, _ := simulatedSteps(ovhrenewtest.Behaviour{})
	dir, err := os.MkdirTemp("", "journal")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	journal, err := ovhrenew.OpenJournal(dir, ovhrenew.OneOfSeveral)
	if err != nil {
		log.Fatal(err)
	}
	request := ovhrenew.Request{
		Service: ovhrenew.Name("vps112233.ovh.net"),
		Rules:   []ovhrenew.Rule{ovhrenew.For(ovhrenew.P3M), ovhrenew.Alone},
		Limit:   ovhrenew.MustMoney("50 EUR"),
		PayWith: ovhrenew.DefaultMethod,
		Journal: journal,
	}
	runner, err := ovhrenew.NewRunner(client, journal)
	if err != nil {
		log.Fatal(err)
	}
	task, err := runner.Propose(ctx, request)
	for err == nil && time.Until(task.Next) <= 0 {
		task, err = runner.Advance(ctx, task)
	}
	fmt.Println(task.Phase, "and waits for", time.Until(task.Next).Round(time.Minute), err)

	request.Journal = ovhrenew.NoJournal // the other machine
	_, err = ovhrenew.Renew(ctx, client, request)
	fmt.Println("refused:", errors.Is(err, ovhrenew.ErrForeignOrder))
	// Output:
	// ordered and waits for 12m0s <nil>
	// refused: true
}

// The program was told to stop while the payment was on its way. With the same journal,
// the next run finds out what came of it, and pays nothing again.
func ExampleRenew_resume() {
	ctx, client, server := simulatedSteps(ovhrenewtest.Behaviour{})
	dir, err := os.MkdirTemp("", "journal")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	journal, err := ovhrenew.OpenJournal(dir, ovhrenew.OnlyJournal)
	if err != nil {
		log.Fatal(err)
	}
	request := ovhrenew.Request{
		Service: ovhrenew.Name("vps112233.ovh.net"),
		Rules:   []ovhrenew.Rule{ovhrenew.For(ovhrenew.P3M), ovhrenew.Alone},
		Limit:   ovhrenew.MustMoney("50 EUR"),
		PayWith: ovhrenew.DefaultMethod,
		Journal: journal,
	}
	stopped, stop := context.WithCancel(ctx)
	server.Inject(ovhrenewtest.Fault{Route: ovhrenewtest.RoutePay, Kind: ovhrenewtest.Reset, When: ovhrenewtest.After})
	server.OnAnswer(func(r ovhrenewtest.Request) {
		if r.Route == ovhrenewtest.RoutePay {
			stop()
		}
	})
	_, err = ovhrenew.Renew(stopped, client, request)
	failed, _ := errors.AsType[*ovhrenew.StepError](err)
	fmt.Println("stopped at", failed.Step, "of order", failed.Order, "paid:", failed.Paid)

	receipt, err := ovhrenew.Renew(ctx, client, request)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("renewed by order", receipt.Order, "payments:", len(server.Payments()))
	// Output:
	// stopped at pay of order 123456789 paid: unsure
	// renewed by order 123456789 payments: 1
}

// A person decides about the order before it is paid. A no is kept: nothing is ordered
// again for the service at this expiry.
func ExampleApprover() {
	ctx, client, server := simulatedSteps(ovhrenewtest.Behaviour{})
	dir, err := os.MkdirTemp("", "journal")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	journal, err := ovhrenew.OpenJournal(dir, ovhrenew.OnlyJournal)
	if err != nil {
		log.Fatal(err)
	}
	request := ovhrenew.Request{
		Service: ovhrenew.Name("vps112233.ovh.net"),
		Rules:   []ovhrenew.Rule{ovhrenew.For(ovhrenew.P3M), ovhrenew.Alone},
		Limit:   ovhrenew.MustMoney("50 EUR"),
		PayWith: ovhrenew.DefaultMethod,
		Journal: journal,
		Approve: func(_ context.Context, a ovhrenew.Approval) (ovhrenew.Answer, error) {
			fmt.Println("pay", a.Order.PriceWithTax, "for", a.Task.Offer.Period, "of", a.Task.Services[0].Name, "?")
			return ovhrenew.AnswerNo, nil
		},
	}
	for range 2 {
		_, err = ovhrenew.Renew(ctx, client, request)
		fmt.Println("rejected:", errors.Is(err, ovhrenew.ErrRejected))
	}
	fmt.Println("orders:", len(server.Orders()), "payments:", len(server.Payments()))
	// Output:
	// pay 21.56 EUR for P3M of vps112233.ovh.net ?
	// rejected: true
	// rejected: true
	// orders: 1 payments: 0
}

// simulatedSteps returns a client of the guide's account, and the simulated server behind it.
func simulatedSteps(behaviour ovhrenewtest.Behaviour) (context.Context, *ovhrenew.API, *ovhrenewtest.Server) {
	server := ovhrenewtest.New(behaviour)
	ovhrenewtest.Guide(server)
	server.ListenPipe()
	client, err := ovhrenew.NewWithConfig(server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited})
	if err != nil {
		log.Fatal(err)
	}
	return context.Background(), client, server
}
