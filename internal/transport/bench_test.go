// What a request costs beside one of go-ovh itself.

package transport_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/ovhrenew/ovhrenew/internal/transport"
)

// order is an answer of the size that most have.
type order struct {
	OrderID        int64  `json:"orderId"`
	Date           string `json:"date"`
	ExpirationDate string `json:"expirationDate"`
	URL            string `json:"url"`
	PriceWithTax   struct {
		CurrencyCode string  `json:"currencyCode"`
		Text         string  `json:"text"`
		Value        float64 `json:"value"`
	} `json:"priceWithTax"`
}

const orderJSON = `{"orderId":1234567,"date":"2026-08-16T02:17:31+02:00","expirationDate":"2026-08-30T23:59:59+02:00",` +
	`"url":"https://order.example/displayOrder.cgi?orderId=1234567","priceWithTax":{"currencyCode":"EUR","text":"5.48 EUR","value":5.48}}`

// benchmarks runs one benchmark over a connection, and one without.
func benchmarks(b *testing.B, get func(b *testing.B, endpoint string, wire http.RoundTripper) func(*order) error) {
	handler := func(rw http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/1.0/auth/time" {
			_, _ = fmt.Fprint(rw, time.Now().Unix())
			return
		}
		rw.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprint(rw, orderJSON)
	}
	run := func(b *testing.B, endpoint string, wire http.RoundTripper) {
		call := get(b, endpoint, wire)
		b.ReportAllocs()
		for b.Loop() {
			var got order
			if err := call(&got); err != nil || got.OrderID != 1234567 {
				b.Fatal(got, err)
			}
		}
	}
	b.Run("loopback", func(b *testing.B) {
		server := httptest.NewServer(http.HandlerFunc(handler))
		b.Cleanup(server.Close)
		run(b, server.URL+"/1.0", &http.Transport{})
	})
	b.Run("stub", func(b *testing.B) {
		run(b, "http://api.test/1.0", roundTripper(func(r *http.Request) (*http.Response, error) {
			if r.URL.Path == "/1.0/auth/time" {
				return answer(fmt.Sprint(time.Now().Unix())), nil
			}
			return answer(orderJSON), nil
		}))
	})
}

func BenchmarkDo(b *testing.B) {
	benchmarks(b, func(b *testing.B, endpoint string, wire http.RoundTripper) func(*order) error {
		c, err := transport.New(transport.Config{API: keyed(b, endpoint), Transport: wire, Limiter: unlimited{}})
		if err != nil {
			b.Fatal(err)
		}
		send := transport.Request{Method: "GET", Path: "/me/order/1234567", Route: "GET /me/order/{orderId}"}
		return func(o *order) error {
			r, err := c.Do(b.Context(), send)
			if err != nil {
				return err
			}
			return json.Unmarshal(r.Body, o)
		}
	})
}

func BenchmarkGoOVHGet(b *testing.B) {
	benchmarks(b, func(b *testing.B, endpoint string, wire http.RoundTripper) func(*order) error {
		api := keyed(b, endpoint)
		api.Timeout = 180 * time.Second
		api.Client.Transport = wire
		return func(o *order) error {
			return api.GetWithContext(b.Context(), "/me/order/1234567", o) //nolint:forbidigo // what ours is measured against
		}
	})
}
