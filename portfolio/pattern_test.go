package portfolio_test

import (
	"errors"
	"testing"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// TestPatternsAsTyped excludes services by what people type: nothing that was meant to be
// excluded is in the plan.
func TestPatternsAsTyped(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		pattern, name string
		selects       bool
	}{
		{"drop.ovh.", "drop.ovh", true},
		{"DROP.ovh", "drop.ovh", true},
		{"drop.ovh", "Drop.OVH.", true},
		{" drop.ovh\u00a0", "drop.ovh", true},
		{"\ufeffdrop.ovh", "drop.ovh", true},
		{"dr\u200bop.ovh", "drop.ovh", true},
		{`"drop.ovh"`, "drop.ovh", true},
		{"“drop.ovh”", "drop.ovh", true},
		{"drop.ovh,", "drop.ovh", true},
		{"exämple.ovh", "xn--exmple-cua.ovh", true},
		{"EXÄMPLE.ovh", "xn--exmple-cua.ovh", true},
		{"xn--exmple-cua.ovh", "exämple.ovh", true},
		{"exä*.ovh", "xn--exmple-cua.ovh", true},
		{"*.exämple.ovh", "shop.xn--exmple-cua.ovh", true},
		{"xn--*", "xn--exmple-cua.ovh", true},
		{"xn--*", "example.ovh", false},
		{"ex?mple.ovh", "xn--exmple-cua.ovh", true},
		{"[de]rop.ovh", "drop.ovh", true},
		{"*.ovh.", "drop.ovh", true},
		{"203.0.113.0/24", "203.0.113.0/24", true},
		{"203.0.113.0%2F24", "203.0.113.0/24", true},
		{"203.*", "203.0.113.0/24", true},
		{"+33 9 72 10 10 10", "0033972101010", true},
		{"0033972101010", "0033972101010", true},
		{"drop.ov", "drop.ovh", false},
		{"rop.ovh", "drop.ovh", false},
	} {
		service := dueIn(1, 5)
		service.Name = tt.name
		other := dueIn(2, 5)
		all := []portfolio.Surveyed{service, other}
		offerAll(all, ovhrenew.P1Y, euros(500), 1)
		offerAll(all, ovhrenew.P1Y, euros(600), 2)
		policy := euroPolicy()
		policy.Never = []portfolio.Selection{{Names: []string{tt.pattern}}}
		plan := mustPlan(t, all, policy)
		if planned := len(plan.Items) == 2; planned == tt.selects {
			t.Errorf("%q of never selects %q: %t, want %t", tt.pattern, tt.name, !planned, tt.selects)
		}
		if told := len(plan.Unused) == 1; told == tt.selects {
			t.Errorf("%q and %q: unused is %v", tt.pattern, tt.name, plan.Unused)
		}
	}
}

// TestImpossiblePatterns has patterns that no service's name can fit.
func TestImpossiblePatterns(t *testing.T) {
	t.Parallel()
	for _, pattern := range []string{
		"", " ", "\ufeff", `""`, ".", "[", "a[", "[]", "*.", "**.", "https://www.drop.ovh/", "/domain/drop.ovh", "a.ovh,b.ovh", "a.ovh;b.ovh", "a.ovh\nb.ovh",
		"a.ovh\tb.ovh", ".ovh", "drop..ovh", "drop.ovh..",
	} {
		for field, change := range map[string]func(*portfolio.Policy, portfolio.Selection){
			"Policy.Only[0].Names[1]":  func(p *portfolio.Policy, s portfolio.Selection) { p.Only = []portfolio.Selection{s} },
			"Policy.Never[0].Names[1]": func(p *portfolio.Policy, s portfolio.Selection) { p.Never = []portfolio.Selection{s} },
			"Policy.Along[0].Names[1]": func(p *portfolio.Policy, s portfolio.Selection) { p.Along = []portfolio.Selection{s} },
			"Policy.Exceptions[0].Services.Names[1]": func(p *portfolio.Policy, s portfolio.Selection) {
				p.Exceptions = []portfolio.PeriodException{{Services: s, Period: ovhrenew.P1M}}
			},
		} {
			policy := euroPolicy()
			change(&policy, portfolio.Selection{Names: []string{"a.ovh", pattern}})
			_, err := portfolio.MakePlan(nil, policy, planDay)
			var input *ovhrenew.InputError
			if !errors.As(err, &input) || input.Field != field {
				t.Errorf("%q: %v, want one about %s", pattern, err, field)
			}
		}
	}
}
