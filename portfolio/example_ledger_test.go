// What a ledger gives to accounting, as examples.

package portfolio_test

import (
	"context"
	"encoding/csv"
	"fmt"
	"log"
	"strings"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// guideAccount is the simulated account of OVHcloud's guide, with a client.
func guideAccount() (*ovhrenewtest.Server, *ovhrenew.API) {
	server := ovhrenewtest.New(ovhrenewtest.Behaviour{})
	ovhrenewtest.Guide(server)
	server.ListenPipe()
	client, err := ovhrenew.NewWithConfig(server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited})
	if err != nil {
		log.Fatal(err)
	}
	return server, client
}

// A plan is made of what was gathered, with the tax that a quote tells.
func ExampleGather() {
	server, client := guideAccount()
	defer server.Close()
	ctx, today := context.Background(), ovhrenew.DateOf(server.Now())
	policy := portfolio.Policy{
		Period: portfolio.PeriodAny, // the cheapest for each month
		Only:   []portfolio.Selection{{Products: []string{"vps-*"}}},
		Total:  []ovhrenew.Money{ovhrenew.MustMoney("100 EUR")},
	}
	services, unread, err := portfolio.Gather(ctx, client, policy, today)
	if err != nil || len(unread) > 0 {
		log.Fatal(err, unread)
	}
	if policy, err = portfolio.LearnTax(ctx, client, services, policy, today); err != nil {
		log.Fatal(err)
	}
	plan, err := portfolio.MakePlan(services, policy, today)
	if err != nil {
		log.Fatal(err)
	}
	for _, item := range plan.Items {
		fmt.Println(item.Services[0].Name, item.Period, "for at most", item.Limit)
	}
	fmt.Println("tax:", plan.Policy.TaxPercent)
	// Output:
	// vps112233.ovh.net P1Y for at most 77.63 EUR
	// tax: 20
}

// What the journal knows to have been paid is there for accounting, whoever ran.
func ExampleReadLedger() {
	server, client := guideAccount()
	defer server.Close()
	ctx, began, journal := context.Background(), server.Now().Add(-time.Minute), ovhrenewtest.NewMemory(ovhrenew.OnlyJournal)
	_, err := ovhrenew.Renew(ctx, client, ovhrenew.Request{
		Service: ovhrenew.Name(ovhrenewtest.GuideVPS), Rules: []ovhrenew.Rule{ovhrenew.For(ovhrenew.P3M), ovhrenew.Alone},
		Limit: ovhrenew.MustMoney("50 EUR"), PayWith: ovhrenew.DefaultMethod, Journal: journal,
		Patience: ovhrenew.Patience{Poll: time.Millisecond},
	})
	if err != nil {
		log.Fatal(err)
	}
	account, err := client.Account(ctx)
	if err != nil {
		log.Fatal(err)
	}
	ledger, err := portfolio.ReadLedger(ctx, journal, account, began)
	if err != nil {
		log.Fatal(err)
	}
	if err := ledger.AddBills(ctx, client); err != nil {
		log.Fatal(err)
	}
	var table strings.Builder
	if err := ledger.WriteCSV(&table); err != nil {
		log.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(table.String())).ReadAll()
	if err != nil {
		log.Fatal(err)
	}
	for _, row := range rows {
		fmt.Println(strings.Join(row[3:9], "|"))
	}
	// Output:
	// outcome|currency|net|tax|gross|paid_with
	// renewed|EUR|17.97|3.59|21.56|payment method 5678901
}
