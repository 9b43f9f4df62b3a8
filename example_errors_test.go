// What the reference shows of errors.

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

// What the API answered. Branch with errors.Is, and read the facts for the log.
func ExampleError() {
	ctx, client, server := simulatedErrors(ovhrenewtest.Behaviour{})
	server.Grant(ovhrenewtest.Rule{Method: "GET", Path: "/services/*"}) // the key may do nothing else
	_, err := client.Renewals(ctx, 11223344, false)
	fmt.Println(errors.Is(err, ovhrenew.ErrDenied), errors.Is(err, ovhrenew.ErrNotGranted))
	if answer, ok := errors.AsType[*ovhrenew.Error](err); ok {
		fmt.Println(answer.Status, answer.Code, "for", answer.Call)
	}
	_, err = client.Service(ctx, 11223344) // that it may
	fmt.Println(err)
	// Output:
	// true true
	// 403 NOT_GRANTED_CALL for GET /service/11223344/renew
	// <nil>
}

// A user or token with IAM policies: the answer names the action to allow.
func ExampleError_iam() {
	ctx, client, server := simulatedErrors(ovhrenewtest.Behaviour{})
	server.DenyIAM(ovhrenewtest.RoutePay)
	err := client.Pay(ctx, 123456789, ovhrenew.Method(5678901))
	if answer, ok := errors.AsType[*ovhrenew.Error](err); ok && errors.Is(err, ovhrenew.ErrIAM) {
		fmt.Println("allow", answer.MissingActions)
	}
	fmt.Println("paid, perhaps:", errors.Is(err, ovhrenew.ErrUnsure))
	// Output:
	// allow [account:apiovh:me/order/pay]
	// paid, perhaps: false
}

// The caller's own value, refused before anything was sent.
func ExampleInputError() {
	ctx, client, _ := simulatedErrors(ovhrenewtest.Behaviour{})
	_, err := ovhrenew.Renew(ctx, client, ovhrenew.Request{
		Service: ovhrenew.ID(11223344),
		Limit:   ovhrenew.MustMoney("50 EUR"),
		PayWith: ovhrenew.DefaultMethod,
		Journal: ovhrenew.NoJournal,
		Guards:  ovhrenew.Guards{DueWithin: 60}, // meant as days
	})
	if input, ok := errors.AsType[*ovhrenew.InputError](err); ok {
		fmt.Println(input.Field, "is", input.Value)
	}
	fmt.Println(errors.Is(err, ovhrenew.ErrBadInput), err)
	// Output:
	// Guards.DueWithin is 60ns
	// true renewing 11223344: Renew: Guards.DueWithin "60ns" is less than a day: write 30*24*time.Hour for 30 days [nothing was ordered or paid]
}

// A guard refused: nothing was paid. Guard is the error to branch on, Saw is why.
func ExampleGuardError() {
	ctx, client, _ := simulatedErrors(ovhrenewtest.Behaviour{})
	_, err := ovhrenew.Renew(ctx, client, ovhrenew.Request{
		Service: ovhrenew.Name("vps112233.ovh.net"),
		Rules:   []ovhrenew.Rule{ovhrenew.For(ovhrenew.P3M)},
		Limit:   ovhrenew.MustMoney("20 EUR"), // the offer is 17.97, and 21.56 with tax
		PayWith: ovhrenew.DefaultMethod,
		Journal: ovhrenew.NoJournal,
	})
	if refused, ok := errors.AsType[*ovhrenew.GuardError](err); ok {
		fmt.Println(refused.Guard)
		fmt.Println(refused.Saw)
	}
	fmt.Println(errors.Is(err, ovhrenew.ErrOverLimit))
	// Output:
	// over the limit
	// 21.56 EUR, tax included, is more than 20.00 EUR
	// true
}

// One name, two services: the candidates are there to ask a person.
func ExampleAmbiguousError() {
	ctx, client, _ := simulatedErrors(ovhrenewtest.Behaviour{})
	_, err := ovhrenew.Find(ctx, client, ovhrenew.Name("example.ovh"))
	if several, ok := errors.AsType[*ovhrenew.AmbiguousError](err); ok {
		for _, service := range several.Candidates {
			fmt.Println(service.ID, service.Route, service.Product)
		}
	}
	fmt.Println(errors.Is(err, ovhrenew.ErrAmbiguous))
	// Output:
	// 12345 /domain/example.ovh domain-ovh
	// 67890 /hosting/web/example.ovh perso2014
	// true
}

// What failed, whether money may have moved, and what to do about it.
func ExampleStepError() {
	ctx, client, _ := simulatedErrors(ovhrenewtest.Behaviour{}) // simulated
	dir, err := os.MkdirTemp("", "journal")                     // simulated
	if err != nil {                                             // simulated
		log.Fatal(err) // simulated
	} // simulated
	defer os.RemoveAll(dir) // simulated
	journal, err := ovhrenew.OpenJournal(dir, ovhrenew.OnlyJournal)
	if err != nil {
		log.Fatal(err)
	}
	_, err = ovhrenew.Renew(ctx, client, ovhrenew.Request{
		Service: ovhrenew.Name("vps112233.ovh.net"),
		Rules:   []ovhrenew.Rule{ovhrenew.For(ovhrenew.P3M), ovhrenew.Alone},
		Limit:   ovhrenew.MustMoney("50 EUR"),
		PayWith: ovhrenew.Mean{Kind: ovhrenew.MeanOvhAccount},
		Journal: journal,
	})
	switch failed, _ := errors.AsType[*ovhrenew.StepError](err); {
	case err == nil:
		fmt.Println("renewed")
	case errors.Is(err, ovhrenew.ErrUnsure):
		fmt.Println("look at order", failed.Order, "before anything else")
	case errors.Is(err, ovhrenew.ErrNotDue):
		fmt.Println("nothing to do today")
	default:
		fmt.Println("failed at", failed.Step, "with paid:", failed.Paid)
		fmt.Println(err)
	}
	// Output:
	// failed at pay with paid: no
	// renewing vps112233.ovh.net (11223344): pay: no usable payment: order 123456789 does not take payment mean ovhAccount (it takes: paypal) [order 123456789, not paid by this journal's runs]
}

// A program that cannot know every error asks what to do. The answer is text, and
// survives a queue or a workflow engine.
func ExampleReactionTo() {
	ctx, client, server := simulatedErrors(ovhrenewtest.Behaviour{})
	request := ovhrenew.Request{
		Service: ovhrenew.Name("vps112233.ovh.net"),
		Rules:   []ovhrenew.Rule{ovhrenew.For(ovhrenew.P3M), ovhrenew.Alone},
		Limit:   ovhrenew.MustMoney("20 EUR"),
		PayWith: ovhrenew.DefaultMethod,
		Journal: ovhrenew.NoJournal,
	}
	_, err := ovhrenew.Renew(ctx, client, request)
	fmt.Println(ovhrenew.ReactionTo(err), "since", errors.Is(err, ovhrenew.ErrOverLimit))

	request.Limit = ovhrenew.MustMoney("50 EUR")
	server.AddOrder(ovhrenewtest.Order{ID: 777, Status: "notPaid", Services: []int64{ovhrenewtest.GuideVPSID}, Period: "P3M", Price: "17.97"})
	_, err = ovhrenew.Renew(ctx, client, request)
	fmt.Println(ovhrenew.ReactionTo(err), "since", errors.Is(err, ovhrenew.ErrForeignOrder))

	request.PayWith = ovhrenew.Method(0)
	_, err = ovhrenew.Renew(ctx, client, request)
	fmt.Println(ovhrenew.ReactionTo(err), "since", errors.Is(err, ovhrenew.ErrBadInput))
	// Output:
	// a person since true
	// later since true
	// never since true
}

// simulatedErrors returns a client of the guide's account, and the simulated server behind it.
func simulatedErrors(behaviour ovhrenewtest.Behaviour) (context.Context, *ovhrenew.API, *ovhrenewtest.Server) {
	server := ovhrenewtest.New(behaviour)
	ovhrenewtest.Guide(server)
	server.ListenPipe()
	client, err := ovhrenew.NewWithConfig(server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited})
	if err != nil {
		log.Fatal(err)
	}
	return context.Background(), client, server
}
