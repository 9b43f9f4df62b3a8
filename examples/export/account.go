package main

import (
	"context"
	"fmt"
	"os"

	"github.com/ovh/go-ovh/ovh"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// policy says what is due, and so what is planned.
var policy = portfolio.Policy{
	DueWithinDays: 45, Period: ovhrenew.P1Y, TaxPercent: "20", Total: []ovhrenew.Money{ovhrenew.MustMoney("10000 EUR")},
}

// survey reads the account, with the offers of what is due, and plans.
func survey(ctx context.Context, r portfolio.Reader, today ovhrenew.Date) ([]portfolio.Surveyed, *portfolio.Plan, error) {
	due, err := policy.Wants(today)
	if err != nil {
		return nil, nil, err
	}
	var services []portfolio.Surveyed
	for service, err := range portfolio.Survey(ctx, r, portfolio.Query{Offers: due}) {
		if err != nil {
			return nil, nil, err
		}
		services = append(services, service)
	}
	plan, err := portfolio.MakePlan(services, policy, today)
	return services, plan, err
}

// connect returns a simulated account, or with live the real one.
func connect(live bool) (*ovhrenew.API, error) {
	if live {
		api, err := ovh.NewDefaultClient()
		if err != nil {
			return nil, err
		}
		return ovhrenew.New(api)
	}
	server := ovhrenewtest.New(ovhrenewtest.Behaviour{})
	ovhrenewtest.Agency(server, 60, 1)
	if err := server.Listen("127.0.0.1:0"); err != nil {
		return nil, err
	}
	fmt.Fprintln(os.Stderr, "simulated account: nothing here is real (-live for your own)")
	return ovhrenew.NewWithConfig(server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited})
}
