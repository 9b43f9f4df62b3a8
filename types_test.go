package ovhrenew_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

func TestOffersRefused(t *testing.T) {
	t.Parallel()
	server, client := guideAccount(t, ovhrenewtest.Behaviour{})
	for field, change := range map[string]func(*ovhrenew.Offer){
		"Offer.Service":           func(o *ovhrenew.Offer) { o.Service = 0 },
		"Offer.Period":            func(o *ovhrenew.Offer) { o.Period = "" },
		"Offer.Strategy.Services": func(o *ovhrenew.Offer) { o.Strategy.Services = nil },
		"Offer.Strategy.Services ": func(o *ovhrenew.Offer) {
			o.Strategy.Services = []ovhrenew.ServiceID{domain, -2}
		},
	} {
		bad := bundle
		change(&bad)
		_, quoteErr := client.Quote(t.Context(), bad)
		_, orderErr := client.PlaceOrder(t.Context(), bad)
		for call, err := range map[string]error{"Quote": quoteErr, "PlaceOrder": orderErr} {
			input, ok := errors.AsType[*ovhrenew.InputError](err)
			if !ok || input.Call != call || input.Field != strings.TrimSpace(field) || errors.Is(err, ovhrenew.ErrUnsure) {
				t.Errorf("%s with a bad %s: %v, want an InputError", call, field, err)
			}
		}
	}
	if n := len(server.Requests()); n != 0 {
		t.Errorf("%d requests for bad offers, want none", n)
	}
}

// The guide's answer is as many offers as it has strategies, in its order and as written.
func TestOffers(t *testing.T) {
	t.Parallel()
	if got := ovhrenew.Offers(1, nil); len(got) != 0 {
		t.Errorf("Offers of nothing = %v", got)
	}
	strategies := []ovhrenew.RenewStrategy{
		{Price: ovhrenew.MustMoney("1.99 EUR"), Services: []ovhrenew.ServiceID{7}},
		{Price: ovhrenew.MustMoney("37.87 EUR"), Services: []ovhrenew.ServiceID{9, 7, 9}, ServicesDetails: []ovhrenew.RenewService{
			{ServiceID: 7, ServiceName: "example.ovh"}, {ServiceID: 9, ServiceName: "example.ovh"},
		}},
	}
	offers := ovhrenew.Offers(7, []ovhrenew.RenewDescription{
		{RenewPeriod: ovhrenew.P1Y, Strategies: strategies}, {RenewPeriod: ovhrenew.P2Y}, {RenewPeriod: "P1M", Strategies: strategies[:1]},
	})
	want := []string{
		"P1Y of service 7 for 1.99 EUR before tax",
		"P1Y of example.ovh (9) + example.ovh (7) + example.ovh (9) for 37.87 EUR before tax", // of one name, told apart
		"P1M of service 7 for 1.99 EUR before tax",
	}
	if len(offers) != len(want) {
		t.Fatalf("%d offers, want %d: %v", len(offers), len(want), offers)
	}
	for i, offer := range offers {
		if offer.String() != want[i] || offer.Service != 7 {
			t.Errorf("offer %d of service %d is %q, want %q", i, offer.Service, offer, want[i])
		}
	}
	both := offers[1]
	if got := both.Services(); !slices.Equal(got, []ovhrenew.ServiceID{7, 9}) || both.Strategy.Services[0] != 9 {
		t.Errorf("Services() = %v of %v, want each once and in order, and the strategy as it was", got, both.Strategy.Services)
	}
	if !both.Covers(9) || both.Covers(8) || both.Price() != ovhrenew.MustMoney("37.87 EUR") {
		t.Errorf("Covers(9) = %t, Covers(8) = %t, Price() = %v", both.Covers(9), both.Covers(8), both.Price())
	}
	if id, order := ovhrenew.ServiceID(1<<53+1), ovhrenew.OrderID(-1); id.String() != "9007199254740993" || order.String() != "-1" {
		t.Errorf("String() = %v and %v", id, order)
	}
}
