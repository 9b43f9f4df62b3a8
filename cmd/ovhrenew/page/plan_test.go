package page_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/cmd/ovhrenew/page"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// TestPlanRefuses: what has no price cannot be shown, and nothing is written of it.
func TestPlanRefuses(t *testing.T) {
	t.Parallel()
	most := ovhrenew.NewMoney(1<<63-1, ovhrenew.EUR)
	for name, c := range map[string]struct {
		change func(*portfolio.Plan)
		is     error
		want   string
	}{
		"no price":       {func(p *portfolio.Plan) { p.Items[1].Price = ovhrenew.Money{} }, ovhrenew.ErrBadInput, `page.Plan: items[1].price "no money" is no amount`},
		"no limit":       {func(p *portfolio.Plan) { p.Items[0].Limit = ovhrenew.Money{} }, ovhrenew.ErrBadInput, `page.Plan: items[0].limit "no money" is no amount`},
		"two currencies": {func(p *portfolio.Plan) { p.Items[0].Limit = ovhrenew.MustMoney("1 USD") }, ovhrenew.ErrBadInput, `page.Plan: items[0].limit "1.00 USD" is in another currency than the price`},
		"limits":         {func(p *portfolio.Plan) { p.Items[0].Limit = most }, ovhrenew.ErrRange, "total of the plan"},
		"prices":         {func(p *portfolio.Plan) { p.Items[0].Price = most }, ovhrenew.ErrRange, "add"},
	} {
		plan := mustPlan(t, week(), policy("500 EUR"))
		c.change(&plan)
		var b bytes.Buffer
		err := page.Plan(&b, plan)
		if !errors.Is(err, c.is) || !strings.Contains(err.Error(), c.want) || b.Len() > 0 {
			t.Errorf("%s: %v, and %d bytes were written", name, err, b.Len())
		}
	}
}

// drawPlan draws a plan that nobody has checked.
func drawPlan(t *rapid.T) portfolio.Plan {
	days := rapid.SampledFrom([]ovhrenew.Date{
		{}, day, day.AddDays(-1), day.AddDays(20), day.AddDays(200), day.AddDays(-100), day.AddDays(4000),
		ovhrenew.MustDate("0001-01-01"), ovhrenew.MustDate("9999-12-31"), ovhrenew.MustDate("2026-12-31"),
	})
	products := rapid.SampledFrom([]string{"", "domain-com", "domain-fr", "perso2014", "vps", "b", "c", "d"})
	currency := rapid.SampledFrom([]ovhrenew.Currency{ovhrenew.EUR, ovhrenew.EUR, ovhrenew.USD, "", "eur"})
	plan := portfolio.Plan{Made: days.Draw(t, "made"), Policy: policy("500 EUR", "7 PLN")}
	for i := range rapid.IntRange(0, 12).Draw(t, "items") {
		in := currency.Draw(t, "currency")
		item := portfolio.PlanItem{
			Price: ovhrenew.NewMoney(rapid.Int64Range(1, 1<<50).Draw(t, "price"), in),
			Limit: ovhrenew.NewMoney(rapid.Int64Range(1, 1<<50).Draw(t, "limit"), in),
		}
		for j := range rapid.IntRange(0, 3).Draw(t, "services") {
			item.Services = append(item.Services, portfolio.PlannedService{
				ID: ovhrenew.ServiceID(10*i + j), Product: products.Draw(t, "product"), Expiry: days.Draw(t, "expiry"), Along: rapid.Bool().Draw(t, "along"),
			})
		}
		plan.Items = append(plan.Items, item)
	}
	whys := rapid.SampledFrom([]portfolio.LeftWhy{portfolio.LeftNotDue, portfolio.LeftAutomatic, portfolio.LeftState, portfolio.LeftNotOnly, portfolio.LeftNoExpiry, portfolio.LeftNever, "new"})
	for i := range rapid.IntRange(0, 8).Draw(t, "left") {
		plan.LeftOut = append(plan.LeftOut, portfolio.LeftOut{ID: ovhrenew.ServiceID(500 + i), Expiry: days.Draw(t, "expiry"), Why: whys.Draw(t, "why")})
	}
	return plan
}

// TestPlanOfAgency: a page of hundreds of items has each of them once, and is of a size
// that can be sent by mail.
func TestPlanOfAgency(t *testing.T) {
	t.Parallel()
	plan, _ := agency(t, 4000, false)
	if len(plan.Items) < 500 {
		t.Fatalf("%d items", len(plan.Items))
	}
	got := planHTML(t, plan)
	if len(got) > 700*len(plan.Items)+60_000 {
		t.Errorf("%d bytes for %d items", len(got), len(plan.Items))
	}
	items := section(t, parse(t, got), "items")
	var want, ids []string
	for _, item := range plan.Items {
		for _, s := range item.Services {
			want = append(want, s.ID.String())
		}
	}
	for _, facts := range texts(items, "span", "facts") {
		id, _, _ := strings.Cut(facts, " ")
		ids = append(ids, id)
	}
	if slices.Sort(want); !slices.Equal(want, slices.Sorted(slices.Values(ids))) {
		t.Errorf("%d services in the plan, %d on its page", len(want), len(ids))
	}
	if n := len(all(items, "td", "most")); n != len(plan.Items) {
		t.Errorf("%d limits of %d items", n, len(plan.Items))
	}
}

// TestPlanBudgets: what the policy allows is shown with what is planned of it.
func TestPlanBudgets(t *testing.T) {
	t.Parallel()
	plan := mustPlan(t, abroad(), policy("500 EUR", "30 USD", "100 CAD"))
	money := section(t, parse(t, planHTML(t, plan)), "money")
	want := []string{"14.75 EUR", "29.98 USD", "Nothing"}
	if got := texts(money, "span", "big"); !slices.Equal(got, want) {
		t.Errorf("amounts %q, want %q", got, want)
	}
	for _, allowed := range []string{"of 500.00 EUR allowed", "of 30.00 USD allowed", "of 100.00 CAD allowed"} {
		if !strings.Contains(text(money), allowed) {
			t.Errorf("%q is not said", allowed)
		}
	}
}

// TestPlanGaps: what is not proven optimal is said.
func TestPlanGaps(t *testing.T) {
	t.Parallel()
	plan := mustPlan(t, week(), policy("500 EUR"))
	plan.Gaps = []portfolio.PlanGap{{Services: plan.Items[0].ServiceIDs(), Price: ovhrenew.MustMoney("9 EUR"), AtLeast: ovhrenew.MustMoney("8 EUR"), MayCover: 2}}
	const want = "Services expired.example.com (208): planned for 9.00 EUR before tax; no choice costs less than 8.00 EUR. Up to 2 more of them might be renewed."
	if got := texts(section(t, parse(t, planHTML(t, plan)), "gaps"), "li"); !slices.Equal(got, []string{want}) {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestPlanMonths: months are in their order whatever that of the items, and those without
// a day come last.
func TestPlanMonths(t *testing.T) {
	t.Parallel()
	plan := mustPlan(t, week(), policy("500 EUR"))
	slices.Reverse(plan.Items)
	plan.Items[1].Services[0].Expiry = ovhrenew.Date{}
	want := []string{"Jun 2026 3 orders, at most 79.03 EUR", "Jul 2026 1 order, at most 10.19 EUR", "no date 1 order, at most 14.39 EUR"}
	if got := texts(section(t, parse(t, planHTML(t, plan)), "items"), "h3"); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
