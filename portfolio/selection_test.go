package portfolio_test

import (
	"fmt"
	"testing"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

func names(patterns ...string) []portfolio.Selection {
	return []portfolio.Selection{{Names: patterns}}
}

func TestSurveyFilters(t *testing.T) {
	t.Parallel()
	service := func(id ovhrenew.ServiceID, name, product string, days int, tags ...string) ovhrenew.Service {
		var s ovhrenew.Service
		s.ID, s.Name, s.Product, s.Tags = id, name, product, tags
		s.Expiry = planDay.AddDays(days)
		return s
	}
	fake := fakeAccount{services: []ovhrenew.Service{
		service(1, "a.example.ovh", "domain-ovh", 5, "shop"),
		service(2, "B.Example.ovh", "domain-ovh", 50),
		service(3, "vps1.ovh.net", "vps-1", 5, "shop", "lab"),
		service(4, "203.0.113.0/24", "ip", 5),
	}}
	for _, test := range []struct {
		query portfolio.Query
		want  string
	}{
		{portfolio.Query{}, "[1 2 3 4]"},
		{portfolio.Query{Only: names("*")}, "[1 2 3 4]"},
		{portfolio.Query{Only: names("*.EXAMPLE.ovh")}, "[1 2]"},
		{portfolio.Query{Only: names("203.*", "?.example.ovh")}, "[1 2 4]"},
		{portfolio.Query{Only: names("203.0.113.0/24")}, "[4]"},
		{portfolio.Query{Only: []portfolio.Selection{{Products: []string{"VPS-*", "ip"}}}}, "[3 4]"},
		{portfolio.Query{Only: []portfolio.Selection{{Tags: []string{"lab", "lab"}}}}, "[3]"},
		{portfolio.Query{Only: []portfolio.Selection{{Tags: []string{"shop"}, Names: []string{"a*"}}}}, "[1]"},
		{portfolio.Query{Only: []portfolio.Selection{{IDs: []ovhrenew.ServiceID{2, 3}, Products: []string{"vps-1"}}}}, "[3]"},
		{portfolio.Query{Only: []portfolio.Selection{{IDs: []ovhrenew.ServiceID{1}}, {Names: []string{"vps*"}}}}, "[1 3]"},
		{portfolio.Query{DueBy: planDay.AddDays(5)}, "[1 3 4]"},
		{portfolio.Query{DueBy: planDay.AddDays(4)}, "[]"},
		{portfolio.Query{DueBy: planDay.AddDays(5), Only: names("*.ovh")}, "[1]"},
	} {
		services, errs := collect(portfolio.Survey(t.Context(), fake, test.query))
		ids := []ovhrenew.ServiceID{}
		for _, s := range services {
			ids = append(ids, s.ID)
		}
		if got := fmt.Sprint(ids); got != test.want || len(errs) > 0 {
			t.Errorf("Survey(%+v) = %v, errors %v, want %v", test.query, got, errs, test.want)
		}
	}
}
