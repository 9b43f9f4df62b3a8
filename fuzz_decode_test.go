// What any answer does to any method: an error or a value, and no panic.

package ovhrenew_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/ovh/go-ovh/ovh"

	"github.com/ovhrenew/ovhrenew"
)

// fuzzClient returns a client whose every request but /auth/time is answered with
// this status and body.
func fuzzClient(t *testing.T, status int, body string) *ovhrenew.API {
	t.Helper()
	mock := httpmock.NewMockTransport()
	mock.RegisterResponder("GET", "=~/auth/time$", func(*http.Request) (*http.Response, error) {
		return httpmock.NewJsonResponse(200, time.Now().Unix())
	})
	mock.RegisterNoResponder(httpmock.NewStringResponder(status, body))
	api := &ovh.Client{AppKey: "app", AppSecret: "canary-app-secret", ConsumerKey: "canary-consumer", Client: &http.Client{}}
	if err := api.SetEndpoint("https://api.test/1.0"); err != nil {
		t.Fatal(err)
	}
	client, err := ovhrenew.NewWithConfig(api, ovhrenew.Config{Transport: mock, Limiter: ovhrenew.Unlimited, Attempts: 1, PageSize: 3})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// decoders are the calls whose answers are decoded, each as a user would make it.
var decoders = []struct {
	name string
	call func(context.Context, *ovhrenew.API) error
}{
	{"Renewals", func(ctx context.Context, c *ovhrenew.API) error { _, err := c.Renewals(ctx, 1, true); return err }},
	{"Quote", func(ctx context.Context, c *ovhrenew.API) error { _, err := c.Quote(ctx, fuzzOffer); return err }},
	{"PlaceOrder", func(ctx context.Context, c *ovhrenew.API) error { _, err := c.PlaceOrder(ctx, fuzzOffer); return err }},
	{"Service", func(ctx context.Context, c *ovhrenew.API) error { _, err := c.Service(ctx, 1); return err }},
	{"ListedService", func(ctx context.Context, c *ovhrenew.API) error { _, err := c.ListedService(ctx, 1); return err }},
	{"ServiceInfos", func(ctx context.Context, c *ovhrenew.API) error { _, err := c.ServiceInfos(ctx, "/vps/x"); return err }},
	{"Order", func(ctx context.Context, c *ovhrenew.API) error { _, err := c.Order(ctx, 1); return err }},
	{"OrderStatus", func(ctx context.Context, c *ovhrenew.API) error { _, err := c.OrderStatus(ctx, 1); return err }},
	{"OrderDetails", func(ctx context.Context, c *ovhrenew.API) error { _, err := c.OrderDetails(ctx, 1); return err }},
	{"Read", func(ctx context.Context, c *ovhrenew.API) error {
		var v []struct{ Step string }
		return c.Read(ctx, "/me/order/1/followUp", &v)
	}},
	{"OrderPayment", func(ctx context.Context, c *ovhrenew.API) error { _, err := c.OrderPayment(ctx, 1); return err }},
	{"OrderPaymentMethods", func(ctx context.Context, c *ovhrenew.API) error { _, err := c.OrderPaymentMethods(ctx, 1); return err }},
	{"OrderPaymentMeans", func(ctx context.Context, c *ovhrenew.API) error { _, err := c.OrderPaymentMeans(ctx, 1); return err }},
	{"Orders", func(ctx context.Context, c *ovhrenew.API) error {
		var errs []error
		for _, err := range c.Orders(ctx, ovhrenew.OrderQuery{}) {
			if errs = append(errs, err); len(errs) > 50 {
				break
			}
		}
		return errors.Join(errs...)
	}},
	{"ReadList", func(ctx context.Context, c *ovhrenew.API) error {
		var errs []error
		for _, err := range c.ReadList(ctx, "/me/bill", "/me/bill/{billId}") {
			if errs = append(errs, err); len(errs) > 50 {
				break
			}
		}
		return errors.Join(errs...)
	}},
}

var fuzzOffer = ovhrenew.Offer{Service: 1, Period: ovhrenew.P1Y, Strategy: ovhrenew.RenewStrategy{Services: []ovhrenew.ServiceID{1}}}

// FuzzAnswers gives every decoder any answer: none panics or hangs, an error is one
// of the package's own and names the call, and no password is in it.
func FuzzAnswers(f *testing.F) {
	for _, body := range []string{
		``, `null`, `0`, `"delivered"`, `""`, `[]`, `{}`, `[1,2,null]`, `[{}]`, `[null]`, `{"orderId":1,"priceWithTax":{"value":1.5,"currencyCode":"EUR"}}`,
		`{"orderId":"x"}`, `{"priceWithTax":{"value":"1"}}`, `[{"renewPeriod":3,"strategies":null}]`, `[{"renewPeriod":"P1Y","strategies":[{"services":[1.5]}]}]`,
		`{"billing":{"expirationDate":"2026-13-01"}}`, `{"expiration":20260101}`, `{"password":{"a":"hunter2"}}`, `{"message":"m","class":"c","details":{"a":[1]}}`,
		`{"errorCode":"X","httpCode":"403 Forbidden","message":"esign=hunter2"}`, `<html><title>500</title>`, "{\"a\":\xff}", `[[[[`,
	} {
		for n := range decoders {
			f.Add(uint8(n), uint16(200), body)
		}
		f.Add(uint8(0), uint16(403), body)
		f.Add(uint8(2), uint16(500), body)
	}
	f.Fuzz(func(t *testing.T, n uint8, status uint16, body string) {
		decoder := decoders[int(n)%len(decoders)]
		code := 200 + int(status)%400
		err := decoder.call(t.Context(), fuzzClient(t, code, body))
		if err == nil {
			if code > 299 {
				t.Errorf("%s: HTTP %d is no error", decoder.name, code)
			}
			return
		}
		answer, refused := errors.AsType[*ovhrenew.Error](err)
		if !refused && !errors.Is(err, ovhrenew.ErrMalformed) && !errors.Is(err, ovhrenew.ErrUnsure) {
			t.Errorf("%s: %v is none of the package's errors", decoder.name, err)
		}
		if text := err.Error(); !strings.Contains(text, "GET /") && !strings.Contains(text, "POST /") {
			t.Errorf("%s: %v does not name the call", decoder.name, err)
		}
		if refused && answer.Status != code {
			t.Errorf("%s: Status = %d, want %d", decoder.name, answer.Status, code)
		}
		if decoder.name == "PlaceOrder" && code < 300 && !errors.Is(err, ovhrenew.ErrUnsure) {
			t.Errorf("PlaceOrder: %v is not ErrUnsure", err)
		}
	})
}
