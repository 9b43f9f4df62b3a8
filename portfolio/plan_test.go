package portfolio_test

import (
	"encoding/json"
	"errors"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// surveyedAccount draws services of all kinds, with offers that fit and offers that
// do not.
func surveyedAccount(t *rapid.T) []portfolio.Surveyed {
	n := rapid.IntRange(0, 10).Draw(t, "services")
	services := make([]portfolio.Surveyed, 0, n)
	for i := range n {
		s := dueIn(ovhrenew.ServiceID(i+1), rapid.IntRange(-20, 40).Draw(t, "days"))
		s.OffersRead = rapid.IntRange(0, 9).Draw(t, "read") > 0
		switch rapid.IntRange(0, 14).Draw(t, "kind") {
		case 0:
			s.Mode, s.NextDate = ovhrenew.ModeAutomatic, s.Expiry
		case 1:
			s.Expiry = ovhrenew.Date{}
		case 2:
			s.Created = s.Expiry.AddDays(1)
		case 3:
			s.Parent = 99
		case 4:
			s.Lifecycle = "unpaid"
		case 5:
			s.PendingActions = []string{"autorenewInProgress"}
		}
		services = append(services, s)
	}
	if n == 0 {
		return services
	}
	ids := rapid.SliceOfNDistinct(rapid.Custom(func(t *rapid.T) ovhrenew.ServiceID {
		return ovhrenew.ServiceID(rapid.IntRange(1, n+1).Draw(t, "id")) // one more than there are
	}), 1, min(n, 4), rapid.ID[ovhrenew.ServiceID])
	for range rapid.IntRange(0, 25).Draw(t, "offers") {
		currency := rapid.SampledFrom([]ovhrenew.Currency{ovhrenew.EUR, ovhrenew.EUR, ovhrenew.EUR, ovhrenew.USD, "GBP", ""}).Draw(t, "currency")
		period := rapid.SampledFrom([]ovhrenew.Period{"P1Y", "P1Y", "P1Y", "P12M", "P1M", "P2Y", "upto-2028"}).Draw(t, "period")
		price := ovhrenew.NewMoney(rapid.Int64Range(-1, 60).Draw(t, "price")*rapid.SampledFrom([]int64{1_000_000, 333_333}).Draw(t, "unit"), currency)
		offerAll(services, period, price, ids.Draw(t, "ids")...)
	}
	return services
}

func drawPolicy(t *rapid.T) portfolio.Policy {
	policy := portfolio.Policy{
		DueWithinDays:  rapid.SampledFrom([]int{0, 10, 25}).Draw(t, "due"),
		Period:         ovhrenew.P1Y,
		RenewAutomatic: rapid.Bool().Draw(t, "automatic"),
		TaxPercent:     rapid.SampledFrom([]string{"0", "20", "5.5", "19.12345678"}).Draw(t, "tax"),
	}
	ids := func(name string) []portfolio.Selection {
		id := rapid.IntRange(0, 6).Draw(t, name)
		if id == 0 {
			return nil
		}
		return []portfolio.Selection{{IDs: []ovhrenew.ServiceID{ovhrenew.ServiceID(id)}}}
	}
	policy.Never, policy.Along = ids("never"), ids("along")
	if rapid.Bool().Draw(t, "all along") {
		policy.Along = []portfolio.Selection{{Names: []string{"*"}}}
	}
	if odd := ids("odd"); odd != nil {
		policy.Exceptions = []portfolio.PeriodException{{Services: odd[0], Period: ovhrenew.P2Y}}
	}
	for _, currency := range rapid.SliceOfDistinct(rapid.SampledFrom([]ovhrenew.Currency{ovhrenew.EUR, ovhrenew.USD}), rapid.ID[ovhrenew.Currency]).Draw(t, "currencies") {
		policy.Total = append(policy.Total, ovhrenew.NewMoney(rapid.Int64Range(0, 200).Draw(t, "total")*1_000_000, currency))
		if rapid.Bool().Draw(t, "limited") {
			policy.PerOrder = append(policy.PerOrder, ovhrenew.NewMoney(rapid.Int64Range(0, 60).Draw(t, "per order")*1_000_000, currency))
			policy.PerService = append(policy.PerService, ovhrenew.NewMoney(rapid.Int64Range(0, 60).Draw(t, "per service")*1_000_000, currency))
		}
	}
	return policy
}

func mustPlan(t interface {
	Helper()
	Fatal(args ...any)
}, services []portfolio.Surveyed, policy portfolio.Policy,
) *portfolio.Plan {
	t.Helper()
	plan, err := portfolio.MakePlan(services, policy, planDay)
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

func encode(t interface {
	Helper()
	Fatal(args ...any)
}, value any,
) string {
	t.Helper()
	data, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// Every service is in one place, once, and every item is an offer that the policy
// allows.
func TestPlanKeepsThePolicy(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		services, policy := surveyedAccount(t), drawPolicy(t)
		plan := mustPlan(t, services, policy)
		places := map[ovhrenew.ServiceID]int{}
		spent := map[ovhrenew.Currency]int64{}
		for _, item := range plan.Items {
			checkItem(t, services, policy, item)
			for _, s := range item.Services {
				places[s.ID]++
			}
			spent[item.Limit.Currency()] += item.Limit.Ucents()
		}
		for _, left := range plan.LeftOut {
			places[left.ID]++
			if left.Why == "" || left.Reason == "" {
				t.Fatalf("%d is left out for no reason: %+v", left.ID, left)
			}
		}
		counted := 0
		for _, n := range plan.NotDue {
			counted += n
		}
		for _, s := range services {
			if places[s.ID] == 0 {
				counted--
			}
			if places[s.ID] > 1 || counted < 0 {
				t.Fatalf("%d is in %d places of the plan\n%s", s.ID, places[s.ID], plan)
			}
		}
		if counted != 0 {
			t.Fatalf("%d more services are counted than there are\n%s", counted, plan)
		}
		for currency, ucents := range spent {
			if total := amountIn(policy.Total, currency); total == nil || ucents > total.Ucents() {
				t.Fatalf("%d ucents of %s planned, the total is %v", ucents, currency, total)
			}
		}
	})
}

func amountIn(amounts []ovhrenew.Money, currency ovhrenew.Currency) *ovhrenew.Money {
	i := slices.IndexFunc(amounts, func(m ovhrenew.Money) bool { return m.Currency() == currency })
	if i < 0 {
		return nil
	}
	return &amounts[i]
}

func checkItem(t *rapid.T, services []portfolio.Surveyed, policy portfolio.Policy, item portfolio.PlanItem) {
	offered := slices.ContainsFunc(services, func(s portfolio.Surveyed) bool {
		return s.ID == item.Via && slices.ContainsFunc(s.Offers, func(o ovhrenew.Offer) bool {
			return o.Period == item.Period && o.Price() == item.Price && slices.Equal(o.Services(), item.ServiceIDs())
		})
	})
	if !offered {
		t.Fatalf("%+v is not offered under %d", item, item.Via)
	}
	needed := int64(0)
	for _, planned := range item.Services {
		s := services[slices.IndexFunc(services, func(s portfolio.Surveyed) bool { return s.ID == planned.ID })]
		only := func(list []portfolio.Selection) bool {
			return len(list) > 0 && (list[0].Names != nil || list[0].IDs[0] == s.ID)
		}
		want := policy.Period
		if len(policy.Exceptions) > 0 && policy.Exceptions[0].Services.IDs[0] == s.ID {
			want = policy.Exceptions[0].Period
		}
		due := planDay.DaysUntil(s.Expiry) <= max(policy.DueWithinDays, 0)
		if policy.DueWithinDays == 0 {
			due = planDay.DaysUntil(s.Expiry) <= 30
		}
		automatic := s.Mode == ovhrenew.ModeAutomatic && !policy.RenewAutomatic || len(s.PendingActions) > 0
		switch {
		case only(policy.Never), automatic, s.Expiry.IsZero(), s.Expiry.Before(s.Created), s.Lifecycle != "":
			t.Fatalf("%d is renewed: %+v", s.ID, s)
		case planned.Along && (!only(policy.Along) || due && s.Parent == 0):
			t.Fatalf("%d comes along: %+v", s.ID, s)
		case planned.Ahead && (due || !item.Period.Equal(want) || s.Parent != 0):
			t.Fatalf("%d is renewed ahead of its time: %+v", s.ID, s)
		case !planned.Along && !planned.Ahead && (!due || !item.Period.Equal(want) || s.Parent != 0):
			t.Fatalf("%d is renewed for %s: %+v", s.ID, item.Period, s)
		case planned.Expiry != s.Expiry || planned.NewExpiry.DaysUntil(s.Expiry) > -28:
			t.Fatalf("%d goes from %s to %s, and is %+v", s.ID, planned.Expiry, planned.NewExpiry, s)
		}
		if !planned.Along {
			needed++
		}
	}
	checkItemLimit(t, policy, item, needed)
}

func checkItemLimit(t *rapid.T, policy portfolio.Policy, item portfolio.PlanItem, needed int64) {
	rate, _ := new(big.Rat).SetString(policy.TaxPercent)
	taxed := rate.Add(rate, big.NewRat(100, 1))
	taxed.Mul(taxed, big.NewRat(item.Price.Ucents(), 100))
	over := new(big.Rat).Sub(new(big.Rat).SetInt64(item.Limit.Ucents()), taxed)
	switch per, order := amountIn(policy.PerService, item.Limit.Currency()), amountIn(policy.PerOrder, item.Limit.Currency()); {
	case item.Limit.Currency() != item.Price.Currency(), item.Limit.Ucents()%1_000_000 != 0,
		over.Sign() < 0, over.Cmp(big.NewRat(1_000_000, 1)) >= 0:
		t.Fatalf("limit %v for a price of %v before %s %%", item.Limit, item.Price, policy.TaxPercent)
	case order != nil && item.Limit.Ucents() > order.Ucents(), per != nil && item.Limit.Ucents() > per.Ucents()*needed:
		t.Fatalf("limit %v for %d services, over %v or %v", item.Limit, needed, order, per)
	}
}

// The order of the input makes no difference, and the input stays as it is.
func TestPlanIsPure(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		services, policy := surveyedAccount(t), drawPolicy(t)
		want := encode(t, mustPlan(t, services, policy))

		seed := rapid.Uint64().Draw(t, "seed")
		r := rand.New(rand.NewPCG(seed, 0))
		shuffled := slices.Clone(services)
		r.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		for i := range shuffled {
			offers := slices.Clone(shuffled[i].Offers)
			r.Shuffle(len(offers), func(i, j int) { offers[i], offers[j] = offers[j], offers[i] })
			for j := range offers {
				ids := slices.Clone(offers[j].Strategy.Services)
				r.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
				offers[j].Strategy.Services = ids
			}
			shuffled[i].Offers = offers
		}
		if len(shuffled) > 0 && rapid.Bool().Draw(t, "twice") { // as when a page shifts
			shuffled = append(shuffled, shuffled[0])
		}
		var before []portfolio.Surveyed
		data := encode(t, shuffled)
		if err := json.Unmarshal([]byte(data), &before); err != nil {
			t.Fatal(err)
		}
		policyBefore := encode(t, policy)
		plan := mustPlan(t, shuffled, policy)
		if got := encode(t, plan); got != want {
			t.Fatalf("in another order the plan is\n%s\nnot\n%s", got, want)
		}
		if encode(t, shuffled) != data || encode(t, policy) != policyBefore {
			t.Fatal("MakePlan changed its input")
		}
		if len(policy.Total) > 0 { // and the plan shares nothing with it
			policy.Total[0] = ovhrenew.Money{}
			if got := encode(t, plan); got != want {
				t.Fatal("changing the policy afterwards changes the plan")
			}
		}
	})
}

// A plan is the same bytes after it was read, with or without some of its items.
func TestPlanJSONRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		plan := mustPlan(t, surveyedAccount(t), drawPolicy(t))
		if len(plan.Items) > 0 && rapid.Bool().Draw(t, "edited") {
			i := rapid.IntRange(0, len(plan.Items)-1).Draw(t, "item")
			plan.Items = slices.Delete(plan.Items, i, i+1)
		}
		want := encode(t, plan)
		var read portfolio.Plan
		if err := json.Unmarshal([]byte(want), &read); err != nil {
			t.Fatalf("%v\n%s", err, want)
		}
		if got := encode(t, read); got != want {
			t.Fatalf("read and written again the plan is\n%s\nnot\n%s", got, want)
		}
		if plan.String() != read.String() {
			t.Fatalf("read again the plan says\n%s\nnot\n%s", read, plan)
		}
	})
}

func TestMakePlanRefuses(t *testing.T) {
	t.Parallel()
	ok := []portfolio.Surveyed{dueIn(1, 5)}
	eur := []ovhrenew.Money{ovhrenew.MustMoney("1 EUR")}
	for field, test := range map[string]struct {
		services []portfolio.Surveyed
		change   func(*portfolio.Policy)
		today    ovhrenew.Date
	}{
		"today":                         {ok, func(*portfolio.Policy) {}, ovhrenew.Date{}},
		"services[1].ID":                {[]portfolio.Surveyed{ok[0], {}}, func(*portfolio.Policy) {}, planDay},
		"Policy.Period":                 {ok, func(p *portfolio.Policy) { p.Period = "" }, planDay},
		"Policy.DueWithinDays":          {ok, func(p *portfolio.Policy) { p.DueWithinDays = -1 }, planDay},
		"Policy.TaxPercent":             {guideServices(), func(p *portfolio.Policy) { p.TaxPercent = "" }, planDay},
		"Policy.Total[0]":               {ok, func(p *portfolio.Policy) { p.Total = []ovhrenew.Money{{}} }, planDay},
		"Policy.PerOrder[1]":            {ok, func(p *portfolio.Policy) { p.PerOrder = append(eur, eur...) }, planDay},
		"Policy.PerService[0]":          {ok, func(p *portfolio.Policy) { p.PerService = []ovhrenew.Money{ovhrenew.MustMoney("-1 EUR")} }, planDay},
		"Policy.Never[0]":               {ok, func(p *portfolio.Policy) { p.Never = make([]portfolio.Selection, 1) }, planDay},
		"Policy.Along[0].Names[1]":      {ok, func(p *portfolio.Policy) { p.Along = []portfolio.Selection{{Names: []string{"a", "["}}} }, planDay},
		"Policy.Exceptions[0].Period":   {ok, func(p *portfolio.Policy) { p.Exceptions = []portfolio.PeriodException{{}} }, planDay},
		"Policy.Exceptions[0].Services": {ok, func(p *portfolio.Policy) { p.Exceptions = []portfolio.PeriodException{{Period: "P1Y"}} }, planDay},
	} {
		policy := euroPolicy()
		test.change(&policy)
		plan, err := portfolio.MakePlan(test.services, policy, test.today)
		var input *ovhrenew.InputError
		if plan != nil || !errors.Is(err, ovhrenew.ErrBadInput) || !errors.As(err, &input) || input.Field != field {
			t.Errorf("%s: MakePlan = %v, %v, want an error that names it", field, plan, err)
		}
	}
	for _, tax := range []string{"-1", "1001", "20 %", "2e1", "0.123456789", "x"} {
		policy := euroPolicy()
		policy.TaxPercent = tax
		if _, err := portfolio.MakePlan(ok, policy, planDay); !errors.Is(err, ovhrenew.ErrBadInput) {
			t.Errorf("MakePlan with a tax of %q = %v, want ErrBadInput", tax, err)
		}
	}
}

func TestPlanItem(t *testing.T) {
	t.Parallel()
	item := mustPlan(t, guideServices(), euroTotal("500 EUR")).Items[1]
	offer := item.Offer()
	if offer.Service != 12345 || offer.Period != "P1Y" || offer.Price() != ovhrenew.MustMoney("37.87 EUR") ||
		!slices.Equal(offer.Strategy.Services, []ovhrenew.ServiceID{12345, 67890}) {
		t.Errorf("Offer() = %v", offer)
	}
	if got := item.Expiry(); got != ovhrenew.MustDate("2026-06-25") {
		t.Errorf("Expiry() = %v, want the first", got)
	}
}
