package ovhrenew_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/ovhrenew/ovhrenew"
)

func offerOf(period ovhrenew.Period, price string, services ...ovhrenew.ServiceID) ovhrenew.Offer {
	return ovhrenew.Offer{
		Service:  1,
		Period:   period,
		Strategy: ovhrenew.RenewStrategy{Price: ovhrenew.MustMoney(price), Services: services},
	}
}

func TestRules(t *testing.T) {
	t.Parallel()
	year := offerOf("P12M", "10 EUR", 2, 1)
	alone := offerOf("P1M", "1 EUR", 1)
	accept := ovhrenew.All()
	for _, test := range []struct {
		name  string
		rule  ovhrenew.Rule
		offer ovhrenew.Offer
		want  string // of the refusal; empty: accepted
	}{
		{"For, other letters", ovhrenew.For(ovhrenew.P1Y), year, ""},
		{"For, shorter", ovhrenew.For(ovhrenew.P3M), alone, "is for P1M, not P3M"},
		{"For, days are not months", ovhrenew.For("P30D"), alone, "is for P1M, not P30D"},
		{"Alone", ovhrenew.Alone, alone, ""},
		{"Alone, with another", ovhrenew.Alone, year, "renews service 2 + service 1, not exactly service 1"},
		{"Alone, only another", ovhrenew.Alone, offerOf("P1M", "1 EUR", 2), "renews service 2, not exactly service 1"},
		{"Only, in any order", ovhrenew.Only(1, 2), year, ""},
		{"Only, named twice", ovhrenew.Only(2, 1, 2), year, ""},
		{"Only, more", ovhrenew.Only(1), year, "renews service 2 + service 1, not exactly service 1"},
		{"Only, fewer", ovhrenew.Only(1, 2), alone, "renews service 1, not exactly service 1 + service 2"},
		{"Only nothing", ovhrenew.Only(), alone, "renews service 1, not exactly none"},
		{"Including", ovhrenew.Including(2), year, ""},
		{"Including, missing", ovhrenew.Including(1, 2, 3), year, "does not renew service 3"},
		{"Including nothing", ovhrenew.Including(), alone, ""},
		{"Excluding", ovhrenew.Excluding(3, 4), year, ""},
		{"Excluding, there", ovhrenew.Excluding(3, 2), year, "also renews service 2"},
		{"AtMost, more", ovhrenew.AtMost(ovhrenew.MustMoney("11 EUR")), year, ""},
		{"AtMost, the same", ovhrenew.AtMost(ovhrenew.MustMoney("10 EUR")), year, ""},
		{"AtMost, less", ovhrenew.AtMost(ovhrenew.MustMoney("9.99999999 EUR")), year, "costs 10.00 EUR before tax, more than 9.99999999 EUR"},
		{"AtMost, other currency", ovhrenew.AtMost(ovhrenew.MustMoney("99 USD")), year, "costs 10.00 EUR, which cannot be compared with 99.00 USD"},
		{"AtMost, no money", ovhrenew.AtMost(ovhrenew.Money{}), year, "cannot be compared"},
		{"All of none", accept, alone, ""},
		{"All", ovhrenew.All(ovhrenew.For(ovhrenew.P1M), ovhrenew.Alone), alone, ""},
		{"All, the second refuses", ovhrenew.All(ovhrenew.For(ovhrenew.P1Y), ovhrenew.Alone), year, "renews service 2 + service 1, not exactly service 1"},
		{"All, one is nil", ovhrenew.All(accept, nil), alone, "meets a rule that is nil"},
	} {
		switch err := test.rule(test.offer); {
		case test.want == "" && err != nil:
			t.Errorf("%s: refused: %v, want it accepted", test.name, err)
		case test.want != "" && err == nil:
			t.Errorf("%s: accepted, want %q", test.name, test.want)
		case test.want != "" && !strings.Contains(err.Error(), test.want):
			t.Errorf("%s: refused: %q, want %q", test.name, err, test.want)
		}
	}
	if err := ovhrenew.AtMost(ovhrenew.MustMoney("9 CAD"))(year); !errors.Is(err, ovhrenew.ErrCurrency) {
		t.Errorf("AtMost(9 CAD) of a price in EUR = %v, want ErrCurrency", err)
	}
}

func TestPreferences(t *testing.T) {
	t.Parallel()
	cheap, long, both := offerOf("P1M", "5 EUR", 1), offerOf("P2Y", "90 EUR", 1), offerOf("P12M", "60 EUR", 1, 2)
	for _, test := range []struct {
		name   string
		prefer ovhrenew.Preference
		want   ovhrenew.Offer
	}{
		{"Cheapest", ovhrenew.Cheapest, cheap},
		{"Longest", ovhrenew.Longest, long},
		{"Shortest", shortest, cheap},
		{"FewestServices, then Longest", ovhrenew.Then(fewestServices, ovhrenew.Longest), long},
		{"FewestServices, then nil, then Cheapest", ovhrenew.Then(fewestServices, nil, ovhrenew.Cheapest), cheap},
		{"most services", func(a, b ovhrenew.Offer) int { return fewestServices(b, a) }, both},
	} {
		got, refusals, err := ovhrenew.Select([]ovhrenew.Offer{cheap, long, both}, test.prefer)
		if err != nil || got.String() != test.want.String() {
			t.Errorf("%s: Select = %v, %v, want %v", test.name, got, err, test.want)
		}
		if len(refusals) != 2 {
			t.Errorf("%s: %d refusals, want 2: %v", test.name, len(refusals), refusals)
		}
	}
}

func TestSelectGuide(t *testing.T) {
	t.Parallel()
	offers := guideOffers(t)
	if len(offers) != 2 {
		t.Fatalf("%d offers, want 2", len(offers))
	}
	for name, test := range map[string]struct {
		rules []ovhrenew.Rule
		want  []ovhrenew.ServiceID
		price int64 // in micro-cents; the guide prints no currency here
	}{
		"alone":             {[]ovhrenew.Rule{ovhrenew.For(ovhrenew.P1Y), ovhrenew.Alone}, []ovhrenew.ServiceID{domain}, 199_000_000},
		"with the hosting":  {[]ovhrenew.Rule{ovhrenew.For("P12M"), ovhrenew.Only(domain, hosting)}, []ovhrenew.ServiceID{hosting, domain}, 3_787_000_000},
		"including hosting": {[]ovhrenew.Rule{ovhrenew.Including(hosting)}, []ovhrenew.ServiceID{hosting, domain}, 3_787_000_000},
		"excluding hosting": {[]ovhrenew.Rule{ovhrenew.Excluding(hosting)}, []ovhrenew.ServiceID{domain}, 199_000_000},
	} {
		got, _, err := ovhrenew.Select(offers, nil, test.rules...)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(test.want, got.Strategy.Services); diff != "" {
			t.Errorf("%s: services in another order than offered (-want +got):\n%s", name, diff)
		}
		if got.Price().Ucents() != test.price || got.Period != "P1Y" || got.Service != domain {
			t.Errorf("%s: Select = %v of %d for %d, want P1Y of %d for %d", name, got.Period, got.Service, got.Price().Ucents(), domain, test.price)
		}
	}
}

func TestSelectErrors(t *testing.T) {
	t.Parallel()
	month, year, bundle := offerOf(ovhrenew.P1M, "5.99 EUR", 1), offerOf(ovhrenew.P1Y, "64.69 EUR", 1), offerOf(ovhrenew.P1Y, "70 EUR", 1, 2)
	three := []ovhrenew.Offer{month, year, bundle}
	for _, test := range []struct {
		name     string
		offers   []ovhrenew.Offer
		prefer   ovhrenew.Preference
		rules    []ovhrenew.Rule
		refusals int
	}{
		{"nothing-offered", nil, nil, nil, 0},
		{"every-offer-refused", three, nil, []ovhrenew.Rule{ovhrenew.For(ovhrenew.P3M), ovhrenew.Alone}, 3},
		{"two-fit-equally", three, nil, []ovhrenew.Rule{ovhrenew.Alone}, 3},
		{"preference-undecided", three, ovhrenew.Longest, nil, 3},
		{"preference-in-a-circle", three, func(a, b ovhrenew.Offer) int {
			if (slices.IndexFunc(three, sameAs(a))+1)%3 == slices.IndexFunc(three, sameAs(b)) {
				return -1
			}
			return 1
		}, nil, 3},
	} {
		got, refusals, err := ovhrenew.Select(test.offers, test.prefer, test.rules...)
		none, ok := errors.AsType[*ovhrenew.NoStrategyError](err)
		if !ok || !errors.Is(err, ovhrenew.ErrNoStrategy) {
			t.Errorf("%s: Select = %v, %v, want a NoStrategyError", test.name, got, err)
			continue
		}
		if len(got.Strategy.Services) != 0 || len(refusals) != test.refusals || len(none.Refusals) != test.refusals {
			t.Errorf("%s: Select = %v with %d refusals, %d in the error, want no offer and %d", test.name, got, len(refusals), len(none.Refusals), test.refusals)
		}
		golden(t, "select-"+test.name, strings.ReplaceAll(err.Error(), "; ", "\n")+"\n")
	}
}

// same recognises an offer by what it buys.
func sameAs(a ovhrenew.Offer) func(ovhrenew.Offer) bool {
	return func(b ovhrenew.Offer) bool {
		return a.Period.Equal(b.Period) && a.Price() == b.Price() && slices.Equal(a.Services(), b.Services())
	}
}

func TestSelectDuplicates(t *testing.T) {
	t.Parallel()
	named := offerOf("P1Y", "10 EUR", 1, 2)
	named.Strategy.ServicesDetails = []ovhrenew.RenewService{{ServiceID: 1, ServiceName: "example.ovh"}}
	elsewhere := offerOf("P1Y", "10 EUR", 1, 2)
	elsewhere.Service = 2
	offers := []ovhrenew.Offer{offerOf("P12M", "10 EUR", 2, 1), offerOf("P1Y", "10 EUR", 2, 1), offerOf("P1Y", "10 EUR", 1, 2), named, elsewhere}
	want, refusals, err := ovhrenew.Select(offers, nil)
	if err != nil || len(refusals) != 0 {
		t.Fatalf("Select = %v, %v, %v, want one offer and no refusal", want, refusals, err)
	}
	for range offers {
		offers = append(offers[1:], offers[0])
		for _, turned := range [][]ovhrenew.Offer{offers, reversed(offers)} {
			got, _, err := ovhrenew.Select(turned, nil)
			if diff := cmp.Diff(want, got, comparers...); err != nil || diff != "" {
				t.Errorf("Select of the same in another order: %v (-first +now):\n%s", err, diff)
			}
		}
	}
}

var comparers = []cmp.Option{cmpopts.EquateComparable(ovhrenew.Money{})}

func reversed(offers []ovhrenew.Offer) []ovhrenew.Offer {
	offers = slices.Clone(offers)
	slices.Reverse(offers)
	return offers
}

// anyOffers generates offers in which duplicates, other letters for the same period
// and other orders of the same services are common.
func anyOffers() *rapid.Generator[[]ovhrenew.Offer] {
	one := rapid.Custom(func(t *rapid.T) ovhrenew.Offer {
		services := rapid.SliceOfNDistinct(rapid.Int64Range(1, 3), 1, 3, rapid.ID[int64]).Draw(t, "services")
		o := ovhrenew.Offer{
			Service: ovhrenew.ServiceID(rapid.SampledFrom(services).Draw(t, "service")),
			Period:  rapid.SampledFrom([]ovhrenew.Period{"P1M", "P30D", "P12M", "P1Y", "P2Y", "odd"}).Draw(t, "period"),
			Strategy: ovhrenew.RenewStrategy{
				Price: ovhrenew.NewMoney(rapid.Int64Range(-1, 3).Draw(t, "price"), rapid.SampledFrom([]ovhrenew.Currency{"EUR", "CAD"}).Draw(t, "currency")),
			},
		}
		for _, id := range services {
			o.Strategy.Services = append(o.Strategy.Services, ovhrenew.ServiceID(id))
		}
		return o
	})
	return rapid.SliceOfN(one, 0, 8)
}

func anyRules() *rapid.Generator[[]ovhrenew.Rule] {
	return rapid.SliceOfN(rapid.SampledFrom([]ovhrenew.Rule{
		ovhrenew.For(ovhrenew.P1Y), ovhrenew.For(ovhrenew.P1M), ovhrenew.Alone, ovhrenew.Only(1, 2), ovhrenew.Including(1),
		ovhrenew.Excluding(3), ovhrenew.AtMost(ovhrenew.NewMoney(2, "EUR")),
	}), 0, 2)
}

// anyPreference includes some that contradict themselves.
func anyPreference() *rapid.Generator[ovhrenew.Preference] {
	return rapid.SampledFrom([]ovhrenew.Preference{
		nil, ovhrenew.Cheapest, ovhrenew.Longest, shortest, fewestServices,
		ovhrenew.Then(ovhrenew.Longest, ovhrenew.Cheapest, fewestServices),
		func(a, b ovhrenew.Offer) int { return -1 },
		func(a, b ovhrenew.Offer) int { return int(a.Service+2-b.Service)%3 - 1 },
		func(a, b ovhrenew.Offer) int {
			if a.Period.Equal(ovhrenew.P1Y) && b.Period.Equal(ovhrenew.P1Y) {
				return ovhrenew.Cheapest(a, b)
			}
			return 0
		},
	})
}

func TestSelectProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		offers, prefer, rules := anyOffers().Draw(t, "offers"), anyPreference().Draw(t, "prefer"), anyRules().Draw(t, "rules")
		before := fmt.Sprintf("%#v", offers)
		chosen, refusals, err := ovhrenew.Select(offers, prefer, rules...)
		if after := fmt.Sprintf("%#v", offers); after != before {
			t.Fatalf("Select changed its input:\n%s\n%s", before, after)
		}
		if err == nil {
			isChosen := func(o ovhrenew.Offer) bool { return cmp.Equal(o, chosen, comparers...) }
			if !slices.ContainsFunc(offers, isChosen) {
				t.Fatalf("Select = %v, which was not offered", chosen)
			}
			if err := ovhrenew.All(rules...)(chosen); err != nil {
				t.Fatalf("Select = %v, which a rule refuses: %v", chosen, err)
			}
			for _, o := range offers {
				if prefer != nil && !sameAs(o)(chosen) && ovhrenew.All(rules...)(o) == nil && prefer(o, chosen) < 0 {
					t.Fatalf("Select = %v, and %v is preferred to it", chosen, o)
				}
			}
		}
		for _, o := range offers {
			refused := slices.ContainsFunc(refusals, func(r ovhrenew.Refusal) bool { return sameAs(o)(r.Offer) && r.Reason != nil })
			if !refused && (err != nil || !sameAs(o)(chosen)) {
				t.Fatalf("%v was not chosen, and no refusal says why: %v, %v", o, refusals, err)
			}
		}
		for _, r := range refusals {
			if err == nil && sameAs(r.Offer)(chosen) && ovhrenew.All(rules...)(r.Offer) == nil {
				t.Fatalf("%v was chosen and refused: %v", chosen, r.Reason)
			}
		}
		shuffled := rapid.Permutation(offers).Draw(t, "shuffled")
		again, _, errAgain := ovhrenew.Select(shuffled, prefer, rules...)
		if (err == nil) != (errAgain == nil) || !cmp.Equal(chosen, again, comparers...) {
			t.Fatalf("Select = %v, %v, and in another order %v, %v", chosen, err, again, errAgain)
		}
	})
}

// fewestServices prefers the offer that renews fewer services.
func fewestServices(a, b ovhrenew.Offer) int {
	return len(a.Services()) - len(b.Services())
}

// shortest prefers the shorter period.
func shortest(a, b ovhrenew.Offer) int { return a.Period.Compare(b.Period) }
