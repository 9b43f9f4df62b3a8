package main

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// asIs leaves what selects nothing where it stands.
func asIs(u portfolio.Unused) portfolio.Unused { return u }

func planOf(names ...string) *portfolio.Plan {
	plan := &portfolio.Plan{Made: ovhrenew.MustDate("2026-06-01")}
	for i, name := range names {
		plan.Items = append(plan.Items, portfolio.PlanItem{
			Period: ovhrenew.P1Y, Limit: ovhrenew.MustMoney("1234.00 EUR"),
			Services: []portfolio.PlannedService{{
				ID: ovhrenew.ServiceID(100000001 + i), Name: name, Expiry: ovhrenew.MustDate("2026-06-15"), NewExpiry: ovhrenew.MustDate("2027-06-15"),
			}},
		})
	}
	return plan
}

// A plan's table is as wide as the terminal: what a name is followed by is there whatever the
// width, and a name is whole where there is room for it.
func TestWritePlan(t *testing.T) {
	t.Parallel()
	long := "a-name-that-is-as-long-as-no-screen-is-wide-and-then-somewhat-longer.example"
	for _, c := range []struct {
		columns int
		whole   bool
	}{{60, false}, {80, false}, {160, true}} {
		plan := planOf(long, long, "other.example")
		plan.Items[0].Services[0].Along = true
		plan.Items[2].Services = append(plan.Items[2].Services, portfolio.PlannedService{ID: 7, Name: "along.example", Ahead: true, Expiry: ovhrenew.MustDate("2026-06-15"), NewExpiry: ovhrenew.MustDate("2027-06-15")})
		plan.Unused = []portfolio.Unused{{Field: "never[0]", Value: "x"}}
		plan.LeftOut = []portfolio.LeftOut{{ID: 9, Name: "left.example", Reason: "Guards.IgnoreOrders has to name it"}}
		plan.NotDue = map[portfolio.LeftWhy]int{portfolio.LeftNotDue: 3}
		var b strings.Builder
		if err := writePlan(&b, c.columns, plan, asIs); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(b.String()) {
			if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > max(c.columns, columns) || strings.HasPrefix(line, "2026") && n > c.columns {
				t.Errorf("in %d columns there is a line of %d: %s", c.columns, n, line)
			}
		}
		if whole := strings.Contains(b.String(), long); whole != c.whole {
			t.Errorf("in %d columns the long name is whole: %t\n%s", c.columns, whole, &b)
		}
		for _, want := range []string{
			"Plan of 2026-06-01: 3 orders for 4 services.", "LOOK: never[0] x selects", "\n2026-06-15  2027-06-15  P1Y", "+ along.",
			"Total: at most 3702.00 EUR, tax included.", "left.example (9): renew --ignore-order has to name it", "Not in the plan: 3 not due.",
		} {
			if !strings.Contains(b.String(), want) {
				t.Errorf("in %d columns it lacks %q:\n%s", c.columns, want, &b)
			}
		}
		if c.columns >= columns && (!strings.Contains(b.String(), "(100000001, comes along)") || !strings.Contains(b.String(), "(100000002)")) {
			t.Errorf("in %d columns two services of a name cannot be told apart:\n%s", c.columns, &b)
		}
	}
}

// Only names that more than one service has are shared, of what is planned and left out.
func TestSharedNames(t *testing.T) {
	t.Parallel()
	plan := planOf("a", "b", "a", "c")
	plan.LeftOut = []portfolio.LeftOut{{Name: "c"}, {Name: "d"}}
	shared := sharedNames(plan)
	for name, want := range map[string]bool{"a": true, "b": false, "c": true, "d": false} {
		if shared[name] != want {
			t.Errorf("%s is shared: %t", name, shared[name])
		}
	}
	if shared := sharedNames(planOf("a", "a", "a")); !shared["a"] {
		t.Error("a name of three is not shared")
	}
}

// A name is shortened, and never what follows it.
func TestPlanned(t *testing.T) {
	t.Parallel()
	s := portfolio.PlannedService{ID: 42, Name: "shop.example"}
	for _, c := range []struct {
		service portfolio.PlannedService
		shared  bool
		columns int
		want    string
	}{
		{s, false, 36, "shop.example"},
		{s, true, 36, "shop.example (42)"},
		{s, true, 16, "shop.exa… (42)"},
		{s, true, 3, "… (42)"},
		{portfolio.PlannedService{ID: 42, Name: "shop.example", Ahead: true}, true, 36, "shop.example (42, early)"},
		{portfolio.PlannedService{ID: 42, Name: "shop.example", Along: true}, false, 36, "shop.example (comes along)"},
	} {
		if got := planned(c.service, c.shared, c.columns); got != c.want {
			t.Errorf("in %d columns it is %q, want %q", c.columns, got, c.want)
		}
	}
}

// Every reason for which a service is not due has words.
func TestNotDue(t *testing.T) {
	t.Parallel()
	all := map[portfolio.LeftWhy]int{portfolio.LeftNotDue: 1, portfolio.LeftRenewsItself: 2, portfolio.LeftNoExpiry: 3, portfolio.LeftNever: 4, portfolio.LeftNotOnly: 5}
	if got, want := notDue(all), "1 not due, 2 renewing by themselves, 3 without an end, 4 never renewed, 5 not among those renewed only"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := notDue(nil); got != "" {
		t.Errorf("of nothing: %q", got)
	}
}
