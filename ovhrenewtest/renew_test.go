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

func TestTax(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ price, percent, tax, total string }{
		{"37.87", "", "7.57", "45.44"},
		{"37.87", "20", "7.57", "45.44"},
		{"37.87", "0", "0", "37.87"},
		{"0", "", "0", "0"},
		{"0.02", "25", "0.01", "0.03"}, // half a cent goes up
		{"69.993", "5.5", "3.85", "73.843"},
		{"12345678.9", "19.6", "2419753.06", "14765431.96"},
	} {
		s := start(t, Behaviour{TaxPercent: test.percent})
		s.Offer("P2Y", test.price, GuideVPSID)
		got := mustSend(t, s, "POST", "/service/11223344/renew", `{"dryRun":false,"duration":"P2Y","services":[11223344]}`)
		for field, want := range map[string]string{"priceWithoutTax": test.price, "tax": test.tax, "priceWithTax": test.total} {
			if got := fmt.Sprint(at(got, field+".value")); got != want {
				t.Errorf("%s at %s %%: %s = %s, want %s", test.price, test.percent, field, got, want)
			}
		}
	}
}

func TestPriceText(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		behaviour   Behaviour
		price, text string
		value       string
	}{
		{Behaviour{}, "5", "5.00 €", "5"},
		{Behaviour{Currency: "CAD"}, "5.48", "5.48 CAD", "5.48"},
		{Behaviour{Currency: "points"}, "0", "0.00 PTS", "0"},
		{Behaviour{CurrencyText: "EUR"}, "69.996", "70.00 EUR", "69.996"},
		{Behaviour{FloatNoise: true}, "37.87", "37.87 €", "37.870000000000005"},
		{Behaviour{FloatNoise: true}, "37", "37.00 €", "37"},
	} {
		s := start(t, test.behaviour)
		s.SetPrice("P1Y", test.price, GuideDomainID)
		_, body := do(t, s, signed(t, s, "GET", "/service/12345/renew", ""))
		strategy := decode(t, []byte(body)).([]any)[0].(object)["strategies"].([]any)[0]
		if at(strategy, "price.text") != test.text || fmt.Sprint(at(strategy, "price.value")) != test.value {
			t.Errorf("%s: %v, want %s and %s", test.price, at(strategy, "price"), test.text, test.value)
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

// Expiries move from where they were, by calendar months, each from its own.
func TestExpiriesMove(t *testing.T) {
	t.Parallel()
	s := Start(t, Behaviour{})
	date := func(text string) time.Time {
		d, err := time.Parse(time.DateOnly, text)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	for _, test := range []struct{ from, period, to string }{
		{"2027-01-31", "P1M", "2027-02-28"},
		{"2028-01-31", "P1M", "2028-02-29"},
		{"2028-02-29", "P1Y", "2029-02-28"},
		{"2027-11-30", "P3M", "2028-02-29"},
		{"2027-12-31", "P12M", "2028-12-31"},
		{"2027-12-31", "P7D", "2028-01-07"},
		{"2027-12-31", "P1Y2M", "2029-02-28"},
		{"2020-05-05", "P2W", "2020-05-19"},
	} {
		a := s.AddService(Service{Name: "a", Expiry: date(test.from)})
		b := s.AddService(Service{Name: "b", Expiry: date("2027-07-07")})
		id := s.AddOrder(Order{Services: []int64{a, b}, Period: test.period, Price: "1"})
		s.Pay(id)
		if got := s.Expiry(a).Format(time.DateOnly); got != test.to {
			t.Errorf("%s + %s = %s, want %s", test.from, test.period, got, test.to)
		}
		if !s.Expiry(b).After(date("2027-07-07")) {
			t.Errorf("%s: the second service did not move", test.period)
		}
	}
}

func TestNoRenewRoute(t *testing.T) {
	t.Parallel()
	s := start(t, Behaviour{NoRenewRoute: true})
	const noURL = "404 Client::NotFound: Got an invalid (or empty) URL"
	wantFailure(t, "GET", call(t.Context(), s.Client(), "GET", "/service/12345/renew", nil, nil), noURL)
	_, err := send(t, s, "POST", "/service/11223344/renew", vpsOrder)
	wantFailure(t, "POST", err, noURL)
	get[object](t, s, "/service/12345")
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
