package ovhrenew_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// bundle is the guide's order: a domain with its hosting, for a year.
var bundle = ovhrenew.Offer{
	Service:  domain,
	Period:   ovhrenew.P1Y,
	Strategy: ovhrenew.RenewStrategy{Services: []ovhrenew.ServiceID{hosting, domain}},
}

const renewURL = mockEndpoint + "/service/12345/renew"

func TestPlaceOrderGuide(t *testing.T) {
	t.Parallel()
	for _, currency := range []string{"EUR", "CAD"} {
		client, mock := mocked(t)
		var log sent
		body := fixture(t, "order-"+strings.ToLower(currency)+".json")
		mock.RegisterResponder("POST", renewURL, log.then(200, string(body)))
		order, err := client.PlaceOrder(t.Context(), bundle)
		if err != nil {
			t.Fatal(err)
		}
		for name, got := range map[string][2]string{
			"OrderID":         {order.OrderID.String(), "123456789"},
			"PriceWithTax":    {order.PriceWithTax.String(), "45.44 " + currency},
			"PriceWithoutTax": {order.PriceWithoutTax.String(), "37.87 " + currency},
			"Tax":             {order.Tax.String(), "7.57 " + currency},
			"Password":        {order.Password.Reveal(), "aBcD"},
			"URL":             {order.URL.Reveal(), "https://www.ovh.com/cgi-bin/order/displayOrder.cgi?orderId=123456789&orderPassword=aBcD"},
			"PdfURL":          {order.PdfURL.Reveal(), order.URL.Reveal()},
			"Date":            {order.Date.Format(time.RFC3339), "2018-05-15T15:49:06+02:00"},
			"ExpirationDate":  {order.ExpirationDate.Format(time.RFC3339), "2018-05-16T15:49:06+02:00"},
		} {
			if got[0] != got[1] {
				t.Errorf("%s: %s = %q, want %q", currency, name, got[0], got[1])
			}
		}
		if !order.RetractionDate.IsZero() {
			t.Errorf("RetractionDate = %v, want none", order.RetractionDate)
		}
		if sum, err := order.PriceWithoutTax.Add(order.Tax); err != nil || sum != order.PriceWithTax {
			t.Errorf("%v + %v = %v, %v, want %v", order.PriceWithoutTax, order.Tax, sum, err, order.PriceWithTax)
		}
		if want := `{"dryRun":false,"duration":"P1Y","services":[67890,12345]}`; len(log.bodies) != 1 || log.bodies[0] != want {
			t.Errorf("sent %q, want %q once", log.bodies, want)
		}
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%d"} {
			if text := fmt.Sprintf(verb, order); strings.Contains(text, "aBcD") {
				t.Errorf("an order printed by %s has its password: %s", verb, text)
			}
		}
		if text, err := json.Marshal(order); err != nil || strings.Contains(string(text), "aBcD") {
			t.Errorf("an order as JSON: %s, %v, which has its password", text, err)
		}
	}
}

// What is sent: always dryRun, and the period and the services as they were offered.
func TestRenewBodies(t *testing.T) {
	t.Parallel()
	letters := bundle
	letters.Period = "P12M"
	for _, test := range []struct {
		offer ovhrenew.Offer
		body  string // from duration on
	}{
		{bundle, `"duration":"P1Y","services":[67890,12345]}`},
		{letters, `"duration":"P12M","services":[67890,12345]}`},
	} {
		client, mock := mocked(t)
		var log sent
		mock.RegisterResponder("POST", renewURL, log.then(200, string(fixture(t, "order-eur.json"))))
		if _, err := client.Quote(t.Context(), test.offer); err != nil {
			t.Error(err)
		}
		if _, err := client.PlaceOrder(t.Context(), test.offer); err != nil {
			t.Error(err)
		}
		want := []string{`{"dryRun":true,` + test.body, `{"dryRun":false,` + test.body}
		if diff := cmp.Diff(want, log.bodies); diff != "" {
			t.Errorf("quote and order (-want +got):\n%s", diff)
		}
	}
}

func TestQuote(t *testing.T) {
	t.Parallel()
	for name, fields := range map[string]ovhrenewtest.DryRunFields{
		"null": ovhrenewtest.DryRunNull, "zero": ovhrenewtest.DryRunZero, "filled": ovhrenewtest.DryRunFilled, "absent": ovhrenewtest.DryRunAbsent,
	} {
		for _, currency := range []string{"EUR", "CAD"} {
			for _, noise := range []bool{false, true} {
				server, client := guideAccount(t, ovhrenewtest.Behaviour{DryRun: fields, Currency: currency, FloatNoise: noise, DryRunDefault: true})
				quote, err := client.Quote(t.Context(), bundle)
				if err != nil {
					t.Errorf("%s: %v", name, err)
					continue
				}
				want := []string{"45.44 " + currency, "37.87 " + currency, "7.57 " + currency}
				if diff := cmp.Diff(want, []string{quote.PriceWithTax.String(), quote.PriceWithoutTax.String(), quote.Tax.String()}); diff != "" {
					t.Errorf("%s: Quote (-want +got):\n%s", name, diff)
				}
				if !sameAs(bundle)(quote.Offer) || quote.Offer.Service != domain {
					t.Errorf("%s: the quote is of %v, want %v", name, quote.Offer, bundle)
				}
				untouched(t, server)
			}
		}
	}
}

func TestQuoteMalformed(t *testing.T) {
	t.Parallel()
	for body, field := range map[string]string{
		`{}`:                                   "priceWithTax",
		`null`:                                 "priceWithTax",
		`{"priceWithTax": null}`:               "priceWithTax",
		`{"priceWithTax": {}}`:                 "priceWithTax",
		`{"priceWithTax": {"value": 45.44}}`:   "priceWithTax", // no currency
		`{"priceWithTax": {"value": "45.44"}}`: "priceWithTax",
		`{"priceWithTax": "a lot"}`:            "priceWithTax",
		`{"priceWithTax": {"value": 1, "currencyCode": "EUR"}, "tax": 5}`: "tax",
		``:  "the answer is empty",
		`[`: "the answer",
	} {
		quote, err := answering(t, "POST /service/12345/renew", 200, body).Quote(t.Context(), bundle)
		if !errors.Is(err, ovhrenew.ErrMalformed) || errors.Is(err, ovhrenew.ErrUnsure) ||
			!strings.HasPrefix(err.Error(), "POST /service/12345/renew: malformed answer: "+field) {
			t.Errorf("Quote answered %s = %v, %v, want ErrMalformed for %s", body, quote.PriceWithTax, err, field)
		}
	}
}

// An answer to an order that cannot be read leaves open whether there is one.
func TestPlaceOrderMalformed(t *testing.T) {
	t.Parallel()
	for body, field := range map[string]string{
		`{}`: "orderId",
		`{"priceWithTax": {"value": 1, "currencyCode": "EUR"}}`:                "orderId",
		`{"orderId": null, "priceWithTax": {"value": 1}}`:                      "orderId",
		`{"orderId": -1, "priceWithTax": {"value": 1, "currencyCode": "EUR"}}`: "orderId",
		`{"orderId": "1"}`: "orderId",
		`{"orderId": 1}`:   "priceWithTax",
		`{"orderId": 1, "priceWithTax": {"value": 45.44}}`: "priceWithTax",
		`{"orderId": 1, "date": 5}`:                        "date",
		``:                                                 "the answer is empty",
		`<html>`:                                           "the answer",
	} {
		order, err := answering(t, "POST /service/12345/renew", 200, body).PlaceOrder(t.Context(), bundle)
		if !errors.Is(err, ovhrenew.ErrMalformed) || !errors.Is(err, ovhrenew.ErrUnsure) ||
			!strings.Contains(err.Error(), "POST /service/12345/renew: malformed answer: "+field) {
			t.Errorf("PlaceOrder answered %s = %v, %v, want ErrUnsure and ErrMalformed for %s", body, order, err, field)
		}
	}
}

// An order is sent once, and what is not known of it is unsure.
func TestPlaceOrderLost(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		fault  ovhrenewtest.Fault
		orders int
		unsure bool
	}{
		{ovhrenewtest.Fault{Kind: ovhrenewtest.Refuse}, 0, false},
		{ovhrenewtest.Fault{Kind: ovhrenewtest.Reset}, 0, true},
		{ovhrenewtest.Fault{Kind: ovhrenewtest.Reset, When: ovhrenewtest.After}, 1, true},
		{ovhrenewtest.Fault{Kind: ovhrenewtest.Truncate, When: ovhrenewtest.After}, 1, true},
		{ovhrenewtest.Fault{Kind: ovhrenewtest.Garbage, When: ovhrenewtest.After}, 1, true},
		{ovhrenewtest.Fault{Kind: ovhrenewtest.WrongLength, When: ovhrenewtest.After}, 1, true},
		{ovhrenewtest.Fault{Kind: ovhrenewtest.StatusFault, Status: 503, HTML: true}, 0, true},
		{ovhrenewtest.Fault{Kind: ovhrenewtest.StatusFault, Status: 504, When: ovhrenewtest.After}, 1, true},
		{ovhrenewtest.Fault{Kind: ovhrenewtest.StatusFault, Status: 429}, 0, true},
		{ovhrenewtest.Fault{Kind: ovhrenewtest.StatusFault, Status: 408, HTML: true, When: ovhrenewtest.After}, 1, true},
	} {
		server, client := guideAccount(t, ovhrenewtest.Behaviour{})
		test.fault.Route, test.fault.Times = ovhrenewtest.RouteOrder, -1
		server.Inject(test.fault)
		order, err := client.PlaceOrder(t.Context(), bundle)
		name := fmt.Sprint(test.fault.Kind, " ", test.fault.When, " ", test.fault.Status)
		if err == nil || errors.Is(err, ovhrenew.ErrUnsure) != test.unsure || errors.Is(err, ovhrenew.ErrNotSent) == test.unsure {
			t.Errorf("%s: PlaceOrder = %v, %v, ErrUnsure %v wanted", name, order, err, test.unsure)
		}
		if n := len(server.Orders()); n != test.orders {
			t.Errorf("%s: %d orders, want %d", name, n, test.orders)
		}
		if n := server.Count(ovhrenewtest.RouteOrder); n > 1 {
			t.Errorf("%s: sent %d times, want once", name, n)
		}
	}
}

func TestOrderStatus(t *testing.T) {
	t.Parallel()
	for _, status := range []ovhrenew.OrderStatus{
		ovhrenew.OrderCancelled, "cancelling", "checking", ovhrenew.OrderDelivered, "delivering",
		"documentsRequested", ovhrenew.OrderNotPaid, "new-of-2031",
	} {
		got, err := answering(t, "GET /me/order/1/status", 200, fmt.Sprintf("%q\n", status)).OrderStatus(t.Context(), 1)
		if err != nil || got != status {
			t.Errorf("OrderStatus of %q = %q, %v", status, got, err)
		}
	}
	for _, body := range []string{``, `""`, `" "`, `null`, `delivered`, `{"status":"delivered"}`, `["delivered"]`, `5`} {
		got, err := answering(t, "GET /me/order/1/status", 200, body).OrderStatus(t.Context(), 1)
		if !errors.Is(err, ovhrenew.ErrMalformed) || !strings.HasPrefix(err.Error(), "GET /me/order/1/status: malformed answer: ") {
			t.Errorf("OrderStatus of %s = %q, %v, want ErrMalformed", body, got, err)
		}
	}
}

func TestOrderReads(t *testing.T) {
	t.Parallel()
	server, client := guideAccount(t, ovhrenewtest.Behaviour{})
	placed, err := client.PlaceOrder(t.Context(), bundle)
	if err != nil {
		t.Fatal(err)
	}
	read, err := client.Order(t.Context(), placed.OrderID)
	if err != nil || read.PriceWithTax != placed.PriceWithTax || read.OrderID != ovhrenewtest.GuideOrderID {
		t.Errorf("Order = %v, %v, want %v", read, err, placed)
	}
	details, err := client.OrderDetails(t.Context(), placed.OrderID)
	if err != nil || len(details) == 0 || details[0].Domain != "example.ovh" || details[0].OrderDetailID == 0 {
		t.Errorf("OrderDetails = %+v, %v, want lines of example.ovh", details, err)
	}
	if payment, err := client.OrderPayment(t.Context(), placed.OrderID); !errors.Is(err, ovhrenew.ErrNotFound) {
		t.Errorf("OrderPayment of an unpaid order = %+v, %v, want ErrNotFound", payment, err)
	}
	if err := client.Pay(t.Context(), placed.OrderID, ovhrenew.Method(ovhrenewtest.GuideMethodID)); err != nil {
		t.Fatal(err)
	}
	payment, err := client.OrderPayment(t.Context(), placed.OrderID)
	if err != nil || payment.PaymentType != "creditCard" || payment.PaymentDate.IsZero() {
		t.Errorf("OrderPayment = %+v, %v, want one by credit card", payment, err)
	}
	for _, read := range []func() error{
		func() error { _, err := client.Order(t.Context(), 404); return err },
		func() error { _, err := client.OrderStatus(t.Context(), 404); return err },
		func() error { _, err := client.OrderDetails(t.Context(), 404); return err },
		func() error { _, err := client.OrderPayment(t.Context(), 404); return err },
	} {
		if err := read(); !errors.Is(err, ovhrenew.ErrNotFound) {
			t.Errorf("an order that does not exist: %v, want ErrNotFound", err)
		}
	}
	if n := server.PaymentsFor(ovhrenewtest.GuideHostingID); n != 1 {
		t.Errorf("%d payments for the hosting, want 1", n)
	}
}

// Reads that decide about money bypass the API's cache, and none of them is a POST.
func TestOrderReadsAreFresh(t *testing.T) {
	t.Parallel()
	client, mock := mocked(t)
	var log sent
	mock.RegisterNoResponder(log.then(200, `null`))
	_, _ = client.Order(t.Context(), 1)
	_, _ = client.OrderStatus(t.Context(), 1)
	_, _ = client.OrderDetails(t.Context(), 1)
	_, _ = client.OrderPayment(t.Context(), 1)
	_, _ = client.OrderPaymentMethods(t.Context(), 1)
	_, _ = client.OrderPaymentMeans(t.Context(), 1)
	_, _ = client.Service(t.Context(), 1)
	_, _ = client.ListedService(t.Context(), 1)
	_, _ = client.Renewals(t.Context(), 1, true)
	if len(log.requests) != 9 {
		t.Errorf("%d requests, want 9", len(log.requests))
	}
	for _, r := range log.requests {
		if r.Method != http.MethodGet || r.Header.Get("Pragma") != "no-cache" {
			t.Errorf("%s %s with Pragma %q, want a GET with no-cache", r.Method, r.URL.Path, r.Header.Get("Pragma"))
		}
	}
}

func TestRenewals(t *testing.T) {
	t.Parallel()
	client, mock := mocked(t)
	var log sent
	mock.RegisterResponder("GET", renewURL, log.then(200, string(fixture(t, "renew.json"))))
	for _, options := range []bool{false, true} {
		descriptions, err := client.Renewals(t.Context(), domain, options)
		if err != nil {
			t.Fatal(err)
		}
		offers := ovhrenew.Offers(domain, descriptions)
		if len(offers) != 2 || offers[1].Price().Ucents() != 3_787_000_000 || len(offers[1].Strategy.ServicesDetails) != 2 {
			t.Errorf("Renewals = %+v, want the guide's two offers", descriptions)
		}
	}
	if len(log.requests) != 2 || log.requests[0].URL.RawQuery != "" || log.requests[1].URL.RawQuery != "includeOptions=true" {
		t.Errorf("queries of %v, want none and includeOptions=true", log.requests)
	}
	client = answering(t, "GET /service/12345/renew", 404, `{"class":"Client::NotFound","message":"Got an invalid (or empty) URL"}`)
	if _, err := client.Renewals(t.Context(), domain, false); !errors.Is(err, ovhrenew.ErrUnsupported) || errors.Is(err, ovhrenew.ErrNotFound) {
		t.Errorf("Renewals where the region has none: %v, want ErrUnsupported only", err)
	}
	for body, want := range map[string]string{
		`[{"strategies": [{"price": {"value": 1.99}}, {"price": {"value": []}}]}]`: "[0].strategies[1].price: ",
		`[{"strategies": [{"services": [1, "x"]}]}]`:                               "[0].strategies[0].services[1]: ",
		`[{"renewPeriod": 5}]`:   "[0].renewPeriod: ",
		`{"renewPeriod": "P1Y"}`: "the answer: ",
	} {
		_, err := answering(t, "GET /service/12345/renew", 200, body).Renewals(t.Context(), domain, false)
		if !errors.Is(err, ovhrenew.ErrMalformed) || !strings.HasPrefix(err.Error(), "GET /service/12345/renew: malformed answer: "+want) {
			t.Errorf("Renewals of %s: %v, want ErrMalformed at %s", body, err, want)
		}
	}
	for _, body := range []string{`null`, `[]`, `[null]`, `[{}]`, `[{"renewPeriod": null, "strategies": null}]`, `[{"renewPeriod":"P1Y","strategies":[null]}]`} {
		if _, err := answering(t, "GET /service/12345/renew", 200, body).Renewals(t.Context(), domain, false); err != nil {
			t.Errorf("Renewals of %s: %v, want no error", body, err)
		}
	}
}
