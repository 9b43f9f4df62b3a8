package ovhrenewtest_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	. "github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

func TestRenewBody(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{"dryRun":false,"duration":"P1Y","services":[67890,12345]}`: "",
		`{"dryRun":false,"duration":"P1Y","services":[12345,67890]}`: "", // in any order
		`{"dryRun":false,"services":[12345]}`:                        "400 Client::BadRequest: The input provided isn't valid: 'duration' is a required property",
		`{"dryRun":false,"duration":"P1Y"}`:                          "400 Client::BadRequest: The input provided isn't valid: 'services' is a required property",
		`{"dryRun":true,"duration":null,"services":[12345]}`:         "400 Client::BadRequest: The input provided isn't valid: 'duration' is a required property",
		`{"dryRun":false,"duration":12,"services":[12345]}`:          "400 Client::BadRequest: [duration] Given data (12) is not valid for type duration",
		`{"dryRun":false,"duration":"P1Y","services":["12345"]}`:     `400 Client::BadRequest: [services] Given data (["12345"]) is not valid for type long[]`,
		`{"dryRun":"no","duration":"P1Y","services":[12345]}`:        `400 Client::BadRequest: [dryRun] Given data ("no") is not valid for type boolean`,
		`{"dryRun":false,"duration":"P12M","services":[12345]}`:      "400 Client::BadRequest: No renew strategy of service 12345 covers services [12345] for P12M",
		`{"dryRun":false,"duration":"P1Y","services":[67890]}`:       "400 Client::BadRequest: No renew strategy of service 12345 covers services [67890] for P1Y",
		`{"dryRun":false,"duration":"P1Y","services":[12345,12345]}`: "400 Client::BadRequest: No renew strategy of service 12345 covers services [12345 12345] for P1Y",
		`{"dryRun":false,"duration":"P1Y","services":[]}`:            "400 Client::BadRequest: No renew strategy of service 12345 covers services [] for P1Y",
		`null`: "400 Client::BadRequest: Invalid JSON received",
	} {
		s := start(t, Behaviour{})
		_, err := send(t, s, "POST", "/service/12345/renew", body)
		orders := len(s.Orders())
		if want == "" {
			if err != nil || orders != 1 {
				t.Errorf("%s: %v and %d orders, want 1", body, err, orders)
			}
			continue
		}
		wantFailure(t, body, err, want)
		if orders != 0 {
			t.Errorf("%s: %d orders, want none", body, orders)
		}
	}
}

func TestDryRun(t *testing.T) {
	t.Parallel()
	const body = `{"dryRun":true,"duration":"P3M","services":[11223344]}`
	for behaviour, want := range map[DryRunFields]object{
		DryRunNull:   {"orderId": nil, "url": nil, "password": nil, "date": nil, "expirationDate": nil},
		DryRunZero:   {"orderId": "0", "url": "", "password": "", "date": nil, "expirationDate": nil},
		DryRunFilled: {"orderId": "130456789", "password": "dRyRuN", "date": "2026-11-20T13:00:00+01:00", "expirationDate": "2026-11-27T13:00:00+01:00"},
		DryRunAbsent: {},
	} {
		s, _ := clocked(t, Behaviour{DryRun: behaviour})
		got := mustSend(t, s, "POST", "/service/11223344/renew", body)
		if at(got, "priceWithTax.text") != "21.56 €" {
			t.Errorf("%v: priceWithTax %v, want 21.56 €", behaviour, got["priceWithTax"])
		}
		for field, value := range want {
			if got, there := got[field]; !there || fmt.Sprint(got) != fmt.Sprint(value) {
				t.Errorf("%v: %s = %v, want %v", behaviour, field, got, value)
			}
		}
		if _, there := got["orderId"]; there == (behaviour == DryRunAbsent) {
			t.Errorf("%v: orderId is there: %t", behaviour, there)
		}
		if orders := s.Orders(); len(orders) != 0 {
			t.Errorf("%v: %d orders, want none", behaviour, len(orders))
		}
		if q, o := s.Count(RouteQuote), s.Count(RouteOrder); q != 1 || o != 0 {
			t.Errorf("%v: %d quotes and %d orders counted, want 1 and 0", behaviour, q, o)
		}
	}
}

func TestDryRunDefault(t *testing.T) {
	t.Parallel()
	for _, dry := range []bool{false, true} {
		s := start(t, Behaviour{DryRunDefault: dry})
		mustSend(t, s, "POST", "/service/11223344/renew", `{"duration":"P3M","services":[11223344]}`)
		if got := len(s.Orders()) == 0; got != dry {
			t.Errorf("a missing dryRun was dry: %t, want %t", got, dry)
		}
	}
	s := start(t, Behaviour{})
	got := mustSend(t, s, "POST", "/service/11223344/renew", `{"dryRun":true,"duration":"P1M","services":[]}`)
	if at(got, "priceWithoutTax.text") != "5.99 €" {
		t.Errorf("no services: %v, want the price of the service alone", got["priceWithoutTax"])
	}
}

func TestSecondOrder(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		second SecondOrder
		err    string
		orders int
	}{
		{SecondOrderNew, "<nil>", 2},
		{SecondOrderRefused, "409 Client::Conflict::ResourceBusy: Order 123456789 for this service is waiting for its payment", 1},
		{SecondOrderSame, "<nil>", 1},
	} {
		s, clock := clocked(t, Behaviour{SecondOrder: test.second})
		first := mustSend(t, s, "POST", "/service/11223344/renew", vpsOrder)
		second, err := send(t, s, "POST", "/service/11223344/renew", vpsOrder)
		wantFailure(t, "second order", err, test.err)
		if got := len(s.Orders()); got != test.orders {
			t.Errorf("%d: %d orders, want %d", test.second, got, test.orders)
		}
		if same := cmp.Equal(first, second); same != (test.second == SecondOrderSame) {
			t.Errorf("%d: the second answer was %v, the first %v", test.second, second, first)
		}
		clock.Advance(7 * 24 * time.Hour)
		order(t, s) // the first has lapsed
		if got := len(s.Orders()); got != test.orders+1 {
			t.Errorf("%d: %d orders after the first lapsed, want %d", test.second, got, test.orders+1)
		}
	}
}

// Strategies that cover an option are only listed when they are asked for.
func TestIncludeOptions(t *testing.T) {
	t.Parallel()
	s := start(t, Behaviour{})
	option := s.AddService(Service{Name: "backup", Parent: GuideVPSID, NoExpiry: true})
	s.Offer("P1M", "8.99", GuideVPSID, option)
	for query, want := range map[string]int{"": 1, "?includeOptions=false": 1, "?includeOptions=true": 2, "?includeOptions=True": 2} {
		offers := get[[]object](t, s, "/service/11223344/renew"+query)
		if got := len(offers[0]["strategies"].([]any)); got != want {
			t.Errorf("%s: %d strategies for a month, want %d", query, got, want)
		}
	}
	if got := get[[]object](t, s, fmt.Sprintf("/service/%d/renew", option)); len(got) != 0 {
		t.Errorf("a child is offered %v, want nothing", got)
	}
}

func TestWithdraw(t *testing.T) {
	t.Parallel()
	s := start(t, Behaviour{})
	s.Withdraw(GuideHostingID)
	offers := get[[]object](t, s, "/service/12345/renew")
	if got := len(offers[0]["strategies"].([]any)); got != 1 {
		t.Errorf("%d strategies for the domain, want 1", got)
	}
	if diff := cmp.Diff([]object{}, get[[]object](t, s, "/service/67890/renew")); diff != "" {
		t.Errorf("the hosting is offered (-want +got)\n%s", diff)
	}
	_, err := send(t, s, "POST", "/service/12345/renew", `{"dryRun":false,"duration":"P1Y","services":[67890,12345]}`)
	if got := failure(err); !strings.HasPrefix(got, "400 ") {
		t.Errorf("ordering it: %s, want 400", got)
	}
}

func TestOffersRefused(t *testing.T) {
	t.Parallel()
	for refused, want := range map[int]string{
		0:   "<nil>",
		400: "400 Client::BadRequest: This service can not be renewed",
		403: "403 Client::Forbidden: This service can not be renewed",
	} {
		s := start(t, Behaviour{OffersRefused: refused})
		for _, v := range []Service{
			{Name: "option", Parent: GuideVPSID},
			{Name: "zone", RenewalType: "oneShot"},
		} {
			path := fmt.Sprintf("/service/%d/renew", s.AddService(v))
			wantFailure(t, v.Name, call(t.Context(), s.Client(), "GET", path, nil, nil), want)
		}
		if got := get[[]object](t, s, "/service/11223344/renew"); len(got) != 4 {
			t.Errorf("offers of the VPS = %v, want four periods", got)
		}
	}
}
