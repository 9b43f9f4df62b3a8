package ovhrenew_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// What the API answered. Branch with errors.Is, and read the facts for the log.
func ExampleError() {
	ctx, client, server := simulation(ovhrenewtest.Behaviour{})
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
	ctx, client, server := simulation(ovhrenewtest.Behaviour{})
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
	ctx, client := account()
	_, err := ovhrenew.Renew(ctx, client, ovhrenew.Request{
		Service: ovhrenew.ID(11223344),
		Limit:   ovhrenew.MustMoney("50 EUR"),
		PayWith: ovhrenew.DefaultMethod,
		Journal: ovhrenewtest.NewMemory(ovhrenew.OnlyJournal),
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
	ctx, client := account()
	_, err := ovhrenew.Renew(ctx, client, ovhrenew.Request{
		Service: ovhrenew.Name("vps112233.ovh.net"),
		Rules:   []ovhrenew.Rule{ovhrenew.For(ovhrenew.P3M)},
		Limit:   ovhrenew.MustMoney("20 EUR"), // the offer is 17.97, and 21.56 with tax
		PayWith: ovhrenew.DefaultMethod,
		Journal: ovhrenewtest.NewMemory(ovhrenew.OnlyJournal),
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
	ctx, client := account()
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

// A service whose offers cannot be read does not end the survey.
func ExampleSurveyError() {
	ctx, client, server := simulation(ovhrenewtest.Behaviour{})
	server.Inject(ovhrenewtest.Fault{
		Route: "GET /service/{serviceId}/renew", Kind: ovhrenewtest.StatusFault, Status: 404, Body: `{"message":"gone"}`,
	})
	all := portfolio.DueBy(ovhrenew.DateOf(time.Now()).AddDays(60))
	for service, err := range portfolio.Survey(ctx, client, portfolio.Query{Offers: all, Workers: 1}) {
		if failed, ok := errors.AsType[*portfolio.ServiceError](err); ok {
			fmt.Println(failed.Service, failed.Name, errors.Is(failed, ovhrenew.ErrNotFound))
			continue
		}
		fmt.Println(service.Name, len(service.Offers), err)
	}
	// Output:
	// 11223344 vps112233.ovh.net true
	// example.ovh 2 <nil>
	// example.ovh 1 <nil>
}

// The program was told to stop while the payment was under way: money may have moved.
// A later run with the same journal looks what came of it before anything else.
func ExampleStepError_unsure() {
	ctx, client, server := simulation(ovhrenewtest.Behaviour{})
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	server.Inject(ovhrenewtest.Fault{Route: ovhrenewtest.RoutePay, Kind: ovhrenewtest.Reset, When: ovhrenewtest.After})
	server.OnAnswer(func(r ovhrenewtest.Request) {
		if r.Route == ovhrenewtest.RoutePay {
			cancel() // the program is told to stop right now
		}
	})
	_, err := ovhrenew.Renew(ctx, client, ovhrenew.Request{
		Service: ovhrenew.Name("vps112233.ovh.net"),
		Rules:   []ovhrenew.Rule{ovhrenew.For(ovhrenew.P3M)},
		Limit:   ovhrenew.MustMoney("50 EUR"),
		PayWith: ovhrenew.DefaultMethod,
		Journal: ovhrenewtest.NewMemory(ovhrenew.OnlyJournal),
	})
	failed, _ := errors.AsType[*ovhrenew.StepError](err)
	fmt.Println(errors.Is(err, ovhrenew.ErrUnsure), "at", failed.Step, "of order", failed.Order, "paid:", failed.Paid)
	// Output: true at pay of order 123456789 paid: unsure
}
