package ovhrenew_test

import (
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// Service, limit and payment have to be named: nothing is spent by default.
func ExampleRequest() {
	ctx, client := account()
	vps, limit := ovhrenew.Name("vps112233.ovh.net"), ovhrenew.MustMoney("50 EUR")
	for _, request := range []ovhrenew.Request{
		{Service: vps, PayWith: ovhrenew.DefaultMethod, Journal: ovhrenew.NoJournal},
		{Service: vps, Limit: limit, Journal: ovhrenew.NoJournal},
		{Limit: limit, PayWith: ovhrenew.DefaultMethod, Journal: ovhrenew.NoJournal},
		{Service: vps, Limit: limit, PayWith: ovhrenew.DefaultMethod},
		// Four offers, and nothing to choose by.
		{Service: vps, Limit: limit, PayWith: ovhrenew.DefaultMethod, Journal: ovhrenew.NoJournal},
	} {
		_, err := ovhrenew.Renew(ctx, client, request)
		fmt.Println(errors.Is(err, ovhrenew.ErrBadInput), errors.Is(err, ovhrenew.ErrNoStrategy))
	}
	_, err := ovhrenew.Renew(ctx, client, ovhrenew.Request{Service: vps, PayWith: ovhrenew.DefaultMethod, Journal: ovhrenew.NoJournal})
	fmt.Println(err)
	// Output:
	// true false
	// true false
	// true false
	// true false
	// false true
	// renewing vps112233.ovh.net: Renew: Request.Limit is missing: it says what may be spent, tax included [nothing was ordered or paid]
}

// From names the expiry to renew from: run twice, it renews once, due or not.
func ExampleRequest_from() {
	ctx, client := account()
	service, err := ovhrenew.ReadService(ctx, client, 11223344)
	if err != nil {
		log.Fatal(err)
	}
	request := ovhrenew.Request{
		Service: ovhrenew.ID(11223344),
		Rules:   []ovhrenew.Rule{ovhrenew.For(ovhrenew.P1Y)},
		Limit:   ovhrenew.MustMoney("80 EUR"),
		PayWith: ovhrenew.DefaultMethod,
		Journal: ovhrenewtest.NewMemory(ovhrenew.OnlyJournal),
		From:    service.Expiry,
	}
	receipt, err := ovhrenew.Renew(ctx, client, request)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(receipt.Price)
	receipt, err = ovhrenew.Renew(ctx, client, request)
	fmt.Println("again:", receipt.Already, err)
	// Output:
	// 77.63 EUR
	// again: true <nil>
}

// What Renew would do: the offer, the quote, and the new expiry of each service.
func ExampleProposal() {
	ctx, client := account()
	proposal, err := ovhrenew.Preview(ctx, client, ovhrenew.Request{
		Service: ovhrenew.Route("/hosting/web/example.ovh"),
		Limit:   ovhrenew.MustMoney("50 EUR"),
		Guards:  ovhrenew.Guards{DueWithin: 60 * 24 * time.Hour},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(proposal.Quote.PriceWithTax, "for", len(proposal.Services), "services, blockers:", len(proposal.Blockers))
	for _, service := range proposal.Services {
		year, err := ovhrenew.P1Y.AddTo(service.Expiry)
		fmt.Println(service.ID, proposal.NewExpiry(service) == year, err)
	}
	// Output:
	// 45.44 EUR for 2 services, blockers: 0
	// 12345 true <nil>
	// 67890 true <nil>
}

// A receipt is a renewal that was paid, delivered and seen in the expiries.
func ExampleReceipt() {
	ctx, client := account()
	receipt, err := ovhrenew.Renew(ctx, client, ovhrenew.Request{
		Service: ovhrenew.Name("vps112233.ovh.net"),
		Rules:   []ovhrenew.Rule{ovhrenew.For(ovhrenew.P3M)},
		Limit:   ovhrenew.MustMoney("50 EUR"),
		PayWith: ovhrenew.DefaultMethod,
		Journal: ovhrenewtest.NewMemory(ovhrenew.OnlyJournal),
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(receipt.PriceWithoutTax, "+", receipt.Tax, "=", receipt.Price, "by", receipt.PaidWith)
	for _, renewed := range receipt.Services {
		fmt.Println(renewed.Name, "moved:", receipt.Period.Moved(renewed.From, renewed.To))
	}
	// Output:
	// 17.97 EUR + 3.59 EUR = 21.56 EUR by payment method 5678901
	// vps112233.ovh.net moved: true
}

// Each step is told when it is done.
func ExampleProgress() {
	ctx, client := account()
	_, err := ovhrenew.Renew(ctx, client, ovhrenew.Request{
		Service: ovhrenew.Name("vps112233.ovh.net"),
		Rules:   []ovhrenew.Rule{ovhrenew.For(ovhrenew.P3M)},
		Limit:   ovhrenew.MustMoney("50 EUR"),
		PayWith: ovhrenew.DefaultMethod,
		Journal: ovhrenewtest.NewMemory(ovhrenew.OnlyJournal),
		Progress: func(done ovhrenew.Progress) {
			fmt.Print(done.Step, " ")
			if done.Step == ovhrenew.StepOrder {
				fmt.Print(done.Order.OrderID, " ")
			}
		},
	})
	fmt.Println(err)
	// Output: guard offers select guard quote guard order 123456789 pay verify <nil>
}

// The order is paid, and its delivery takes longer than anybody waits. Run again later,
// Renew with the same journal goes on waiting; it pays nothing again.
func ExamplePatience() {
	ctx, client, _ := simulation(ovhrenewtest.Behaviour{DeliveryDelay: time.Hour})
	_, err := ovhrenew.Renew(ctx, client, ovhrenew.Request{
		Service:  ovhrenew.Name("vps112233.ovh.net"),
		Rules:    []ovhrenew.Rule{ovhrenew.For(ovhrenew.P3M)},
		Limit:    ovhrenew.MustMoney("50 EUR"),
		PayWith:  ovhrenew.DefaultMethod,
		Journal:  ovhrenewtest.NewMemory(ovhrenew.OnlyJournal),
		Patience: ovhrenew.Patience{Poll: time.Millisecond, Delivery: 5 * time.Millisecond}, // for this example only
	})
	failed, _ := errors.AsType[*ovhrenew.StepError](err)
	fmt.Println(errors.Is(err, ovhrenew.ErrPending), "paid:", failed.Paid)
	fmt.Println(err)
	// Output:
	// true paid: yes
	// renewing vps112233.ovh.net: watch: order 123456789: paid, and not seen renewed yet: its status is "checking" [order 123456789, paid]
}

// The guards are functions of what was read and of a day.
func ExampleGuards() {
	service := ovhrenew.Service{
		ID: 11223344, Name: "vps112233.ovh.net", Expiry: ovhrenew.MustDate("2026-06-15"), Mode: ovhrenew.ModeManual,
	}
	strict, today := ovhrenew.Guards{}, ovhrenew.MustDate("2026-05-20")
	fmt.Println(strict.Due(service, ovhrenew.P1Y, today)) // 30 days before its end
	fmt.Println(strict.Due(service, ovhrenew.P1M, today)) // half of a month before
	service.Mode = ovhrenew.ModeAutomatic
	fmt.Println(strict.Automatic(service, today))
	fmt.Println(ovhrenew.Guards{AllowAutomatic: true}.Automatic(service, today))
	// Output:
	// <nil>
	// vps112233.ovh.net (11223344): not due: it expires on 2026-06-15, in 26 days; renewing starts 15 days before
	// vps112233.ovh.net (11223344): renews by itself: its renewal mode is automatic, next on 2026-06-15
	// <nil>
}
