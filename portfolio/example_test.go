// Planning and applying, as examples.

package portfolio_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"log"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// The guide's account on a day: the bundle covers both domain and hosting.
func ExampleMakePlan() {
	services := surveyed() // what Survey found
	plan, err := portfolio.MakePlan(services, portfolio.Policy{
		Period: ovhrenew.P1Y, TaxPercent: "20", Total: []ovhrenew.Money{ovhrenew.MustMoney("60 EUR")},
	}, ovhrenew.MustDate("2026-06-15"))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(plan)
	// Output:
	// Plan of 2026-06-15: 1 order, 2 services.
	//
	// EXPIRES     NEW EXPIRY  PERIOD  BEFORE TAX  AT MOST    SERVICE                WHY
	// 2026-06-25  2027-06-25  P1Y     37.87 EUR   45.45 EUR  example.ovh (12345)    the only offer that fits for example.ovh (67890)
	// 2026-06-28  2027-06-28                                 + example.ovh (67890)
	// Total: 45.45 EUR, tax included, within the total of 60.00 EUR.
	//
	// Left out:
	// 2026-06-20  vps112233.ovh.net (11223344)  overLimit: no offer fits: P1M of vps112233.ovh.net (11223344) for 5.99 EUR before tax: is for P1M, not P1Y; P1Y of vps112233.ovh.net (11223344) for 64.69 EUR before tax: costs 77.63 EUR with tax, more than the total of 60.00 EUR; P3M of vps112233.ovh.net (11223344) for 17.97 EUR before tax: is for P3M, not P1Y
}

// A plan without a total, or with one in another currency, renews nothing and says why.
func ExampleLeftOut() {
	policy := portfolio.Policy{Period: ovhrenew.P1Y, TaxPercent: "20", Total: []ovhrenew.Money{ovhrenew.MustMoney("60 CAD")}}
	plan, err := portfolio.MakePlan(surveyed(), policy, ovhrenew.MustDate("2026-06-15"))
	if err != nil {
		log.Fatal(err)
	}
	for _, left := range plan.LeftOut {
		fmt.Println(left.ID, left.Why, "-", left.Reason)
	}
	// Output:
	// 11223344 noLimit - no offer fits: P1M of vps112233.ovh.net (11223344) for 5.99 EUR before tax: is for P1M, not P1Y; P1Y of vps112233.ovh.net (11223344) for 64.69 EUR before tax: no limit was given in EUR; P3M of vps112233.ovh.net (11223344) for 17.97 EUR before tax: is for P3M, not P1Y
	// 12345 noLimit - no offer fits: P1Y of example.ovh (12345) + example.ovh (67890) for 37.87 EUR before tax: no limit was given in EUR; P1Y of example.ovh (12345) for 1.99 EUR before tax: no limit was given in EUR
	// 67890 noLimit - no offer fits: P1Y of example.ovh (12345) + example.ovh (67890) for 37.87 EUR before tax: no limit was given in EUR
}

// The first exception that selects a service settles its period.
func ExamplePeriodException() {
	policy := portfolio.Policy{
		Period:     ovhrenew.P1Y,
		Exceptions: []portfolio.PeriodException{{Services: portfolio.Selection{Products: []string{"vps-*"}}, Period: ovhrenew.P1M}},
		TaxPercent: "20", Total: []ovhrenew.Money{ovhrenew.MustMoney("500 EUR")},
	}
	plan, err := portfolio.MakePlan(surveyed(), policy, ovhrenew.MustDate("2026-06-12"))
	if err != nil {
		log.Fatal(err)
	}
	for _, item := range plan.Items {
		fmt.Println(item.Services[0].Name, item.Period)
	}
	// Output:
	// vps112233.ovh.net P1M
	// example.ovh P1Y
}

// An item is one order: its services with their expiries, its price, what it may cost.
func ExamplePlanItem() {
	policy := portfolio.Policy{Period: ovhrenew.P1Y, TaxPercent: "20", Total: []ovhrenew.Money{ovhrenew.MustMoney("60 EUR")}}
	plan, err := portfolio.MakePlan(surveyed(), policy, ovhrenew.MustDate("2026-06-15"))
	if err != nil {
		log.Fatal(err)
	}
	item := plan.Items[0]
	fmt.Println(item.ServiceIDs(), item.Expiry(), item.Price, "before tax, at most", item.Limit, "with it")
	for _, service := range item.Services {
		fmt.Println(service.Product, service.Expiry, "->", service.NewExpiry)
	}
	// Output:
	// [12345 67890] 2026-06-25 37.87 EUR before tax, at most 45.45 EUR with it
	// domain-ovh 2026-06-25 -> 2027-06-25
	// perso2014 2026-06-28 -> 2027-06-28
}

// A plan is JSON that a person reviews: taking out an item and lowering a limit is
// allowed, and more than the policy allows is not.
func ExamplePlan() {
	policy := portfolio.Policy{Period: ovhrenew.P1Y, TaxPercent: "20", Total: []ovhrenew.Money{ovhrenew.MustMoney("60 EUR")}}
	plan, err := portfolio.MakePlan(surveyed(), policy, ovhrenew.MustDate("2026-06-15"))
	if err != nil {
		log.Fatal(err)
	}
	data, err := json.Marshal(plan)
	if err != nil {
		log.Fatal(err)
	}
	var reviewed portfolio.Plan
	if err := json.Unmarshal(data, &reviewed); err != nil {
		log.Fatal(err)
	}
	totals, err := reviewed.Totals()
	fmt.Println(len(reviewed.Items), totals, err)
	reviewed.Items[0].Limit = ovhrenew.MustMoney("70 EUR")
	err = reviewed.Check()
	fmt.Println(errors.Is(err, ovhrenew.ErrBadInput), err)
	// Output:
	// 1 [45.45 EUR] <nil>
	// true Plan: total "70.00 EUR" is more than the policy allows: the total of 60.00 EUR
}

// surveyed is what Gather finds in the guide's account.
func surveyed() []portfolio.Surveyed {
	service := func(id ovhrenew.ServiceID, name, product, expiry string) portfolio.Surveyed {
		return portfolio.Surveyed{OffersRead: true, Service: ovhrenew.Service{
			ID: id, Name: name, Product: product, Expiry: ovhrenew.MustDate(expiry), Created: ovhrenew.MustDate("2020-03-01"),
		}}
	}
	domain := service(12345, "example.ovh", "domain-ovh", "2026-06-25")
	hosting := service(67890, "example.ovh", "perso2014", "2026-06-28")
	vps := service(11223344, "vps112233.ovh.net", "vps-starter-1-2-20", "2026-06-20")
	offer := func(period ovhrenew.Period, price string, services ...*portfolio.Surveyed) {
		strategy := ovhrenew.RenewStrategy{Price: ovhrenew.MustMoney(price)}
		for _, s := range services {
			strategy.Services = append(strategy.Services, s.ID)
		}
		for _, s := range services {
			s.Offers = append(s.Offers, ovhrenew.Offer{Service: s.ID, Period: period, Strategy: strategy})
		}
	}
	offer(ovhrenew.P1M, "5.99 EUR", &vps)
	offer(ovhrenew.P3M, "17.97 EUR", &vps)
	offer(ovhrenew.P1Y, "64.69 EUR", &vps)
	offer(ovhrenew.P1Y, "1.99 EUR", &domain)
	offer(ovhrenew.P1Y, "37.87 EUR", &hosting, &domain)
	return []portfolio.Surveyed{domain, hosting, vps}
}
