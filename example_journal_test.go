package ovhrenew_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"os"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// temporaryJournal is a journal, and what removes it.
func temporaryJournal() (*ovhrenew.FileJournal, func()) {
	dir, err := os.MkdirTemp("", "journal")
	if err != nil {
		log.Fatal(err)
	}
	journal, err := ovhrenew.OpenJournal(dir)
	if err != nil {
		log.Fatal(err)
	}
	return journal, func() { _ = os.RemoveAll(dir) }
}

// wantedOrder is the VPS of the guide's account for three months.
func wantedOrder(ctx context.Context, r ovhrenew.Reader) ovhrenew.OrderIntent {
	proposal, err := ovhrenew.Preview(ctx, r, threeMonths(nil))
	if err != nil {
		log.Fatal(err)
	}
	return proposal.Intent(ovhrenew.MustMoney("50 EUR"))
}

func threeMonths(journal ovhrenew.Journal) ovhrenew.Request {
	return ovhrenew.Request{
		Service: ovhrenew.Name("vps112233.ovh.net"),
		Rules:   []ovhrenew.Rule{ovhrenew.For(ovhrenew.P3M), ovhrenew.Alone},
		Limit:   ovhrenew.MustMoney("50 EUR"),
		PayWith: ovhrenew.DefaultMethod,
		Journal: journal,
	}
}

// The run was cut off with the payment under way. The next one finds it made.
func ExampleFileJournal() {
	ctx, client, server := simulation(ovhrenewtest.Behaviour{})
	journal, remove := temporaryJournal()
	defer remove()
	cut, cancel := context.WithCancel(ctx)
	server.Inject(ovhrenewtest.Fault{Route: ovhrenewtest.RoutePay, Kind: ovhrenewtest.Reset, When: ovhrenewtest.After})
	server.OnAnswer(func(r ovhrenewtest.Request) {
		if r.Route == ovhrenewtest.RoutePay {
			cancel()
		}
	})
	_, err := ovhrenew.Renew(cut, client, threeMonths(journal))
	fmt.Println("unsure:", errors.Is(err, ovhrenew.ErrUnsure))
	for range 2 {
		receipt, err := ovhrenew.Renew(ctx, client, threeMonths(journal))
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(receipt.Order, receipt.Price, "payments:", len(server.Payments()), "already:", receipt.Already)
	}
	// Output:
	// unsure: true
	// 123456789 21.56 EUR payments: 1 already: false
	// 123456789 21.56 EUR payments: 1 already: true
}

// What the journal has on a service: each spending call before it is sent and after.
func ExampleRecord() {
	ctx, client := account()
	journal, remove := temporaryJournal()
	defer remove()
	if _, err := ovhrenew.Renew(ctx, client, threeMonths(journal)); err != nil {
		log.Fatal(err)
	}
	ledger, err := journal.Open(11223344)
	if err != nil {
		log.Fatal(err)
	}
	defer ledger.Close()
	for _, record := range ledger.Records() {
		fmt.Println(record.Event, "order", record.Order)
	}
	// Output:
	// ordering order 0
	// ordered order 123456789
	// paying order 123456789
	// paid order 123456789
	// renewed order 123456789
}

// A ledger holds its services alone: a second run is told so, and pays nothing.
func ExampleLedger() {
	ctx, client := account()
	journal, remove := temporaryJournal()
	defer remove()
	ledger, err := journal.Open(11223344)
	if err != nil {
		log.Fatal(err)
	}
	_, err = ovhrenew.Renew(ctx, client, threeMonths(journal))
	fmt.Println("busy:", errors.Is(err, ovhrenew.ErrBusy))
	if err := ledger.Close(); err != nil {
		log.Fatal(err)
	}
	_, err = ovhrenew.Renew(ctx, client, threeMonths(journal))
	fmt.Println(err)
	// Output:
	// busy: true
	// <nil>
}

// An order that is wanted, as a workflow would make it from a proposal.
func ExampleOrderIntent() {
	ctx, client := account()
	proposal, err := ovhrenew.Preview(ctx, client, threeMonths(nil))
	if err != nil {
		log.Fatal(err)
	}
	_, err = ovhrenew.EnsureOrder(ctx, client, nil, ovhrenew.OrderIntent{Offer: proposal.Offer})
	fmt.Println(err) // what the order is checked against is missing
	order, err := ovhrenew.EnsureOrder(ctx, client, nil, proposal.Intent(ovhrenew.MustMoney("50 EUR")))
	fmt.Println(order.OrderID, order.PriceWithTax, err)
	// Output:
	// EnsureOrder: Services are not those of the offer in ascending order
	// 123456789 21.56 EUR <nil>
}

// The intent survives being stored; a payment that nobody knows is refused.
func ExamplePayIntent() {
	stored, err := json.Marshal(ovhrenew.PayIntent{Order: 123456789, With: ovhrenew.Method(5678901)})
	if err != nil {
		log.Fatal(err)
	}
	var intent ovhrenew.PayIntent
	err = json.Unmarshal(stored, &intent)
	fmt.Println(intent.Order, "with", intent.With, err)
	fmt.Println(json.Unmarshal([]byte(`{"order": 123456789, "with": "cash"}`), &intent))
	// Output:
	// 123456789 with payment method 5678901 <nil>
	// ParsePayment: text "cash" names no way to pay: want for example "the default payment method", "payment method 42" or "payment mean paypal 1234"
}
