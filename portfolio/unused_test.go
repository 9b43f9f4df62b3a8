package portfolio_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// TestUnused has selections that select nothing, by each of their lists: each is told in
// the plan, in its JSON and on the screen, with what is near.
func TestUnused(t *testing.T) {
	t.Parallel()
	services := []portfolio.Surveyed{dueIn(1, 5), dueIn(2, 5)}
	services[0].Name, services[0].Tags = "drop.ovh", []string{"shop"}
	services[1].Name, services[1].Product = "vps1.ovh.net", "vps-1"
	policy := euroPolicy()
	policy.Never = []portfolio.Selection{
		{Names: []string{"drpo.ovh", "drop.ovh"}},
		{IDs: []ovhrenew.ServiceID{1, 7}},
		{Products: []string{"domian-ovh", "domain*"}},
		{Tags: []string{"shops"}},
		{Names: []string{"drop.ovh"}, Products: []string{"vps-1"}}, // each selects one, and together they select none
	}
	policy.Only = []portfolio.Selection{{Names: []string{"nothing.example", "*"}}}
	policy.Along = []portfolio.Selection{{Names: []string{"none-*"}}}
	policy.Exceptions = []portfolio.PeriodException{{Services: portfolio.Selection{IDs: []ovhrenew.ServiceID{9}}, Period: ovhrenew.P1M}}
	plan := mustPlan(t, services, policy)
	want := []portfolio.Unused{
		{Field: "only[0].names[0]", Value: "nothing.example"},
		{Field: "never[0].names[0]", Value: "drpo.ovh", Near: []string{"drop.ovh"}},
		{Field: "never[1].ids[1]", Value: "7"},
		{Field: "never[2].products[0]", Value: "domian-ovh", Near: []string{"domain-ovh"}},
		{Field: "never[3].tags[0]", Value: "shops", Near: []string{"shop"}},
		{Field: "never[4]"},
		{Field: "along[0].names[0]", Value: "none-*"},
		{Field: "exceptions[0].services.ids[0]", Value: "9"},
	}
	if diff := cmp.Diff(want, plan.Unused); diff != "" {
		t.Errorf("unused (-want +got):\n%s", diff)
	}
	for _, text := range []string{
		"LOOK: never[0].names[0] drpo.ovh selects no service; similar: drop.ovh.\n", "LOOK: never[4] selects no service.\n",
	} {
		if !strings.Contains(plan.String(), text) {
			t.Errorf("the plan does not say %q:\n%s", text, plan)
		}
	}
	data, err := json.Marshal(plan)
	if err != nil {
		t.Fatal(err)
	}
	var back portfolio.Plan
	if err := json.Unmarshal(data, &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, back.Unused); diff != "" {
		t.Errorf("read back (-want +got):\n%s", diff)
	}
}

// TestUnusedQuery: a survey says at its end what of its query selects nothing, and not when
// it was not read to its end.
func TestUnusedQuery(t *testing.T) {
	t.Parallel()
	fake := fakeAccount{services: []ovhrenew.Service{dueIn(1, 5).Service, dueIn(2, 5).Service}}
	query := portfolio.Query{
		Only: []portfolio.Selection{{Names: []string{"s*"}}, {Names: []string{"s1.exmaple"}}},
	}
	services, errs := collect(portfolio.Survey(t.Context(), fake, query))
	var unused *portfolio.UnusedError
	if len(services) != 2 || len(errs) != 1 || !errors.As(errs[0], &unused) || !errors.Is(errs[0], ovhrenew.ErrBadInput) || !strings.Contains(errs[0].Error(), "only[1].names[0] s1.exmaple selects no service") {
		t.Errorf("%d services, errors %v", len(services), errs)
	}
	for range portfolio.Survey(t.Context(), fake, query) {
		break
	}
}
