package ovhrenew_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/jarcoal/httpmock"

	"github.com/ovhrenew/ovhrenew"
)

func TestRead(t *testing.T) {
	t.Parallel()
	client, mock := mocked(t)
	mock.RegisterResponder("GET", mockEndpoint+"/me/order", func(r *http.Request) (*http.Response, error) {
		if r.Method != http.MethodGet || r.URL.RawQuery != "date.from=2026-01-01" || r.Header.Get("Pragma") != "no-cache" {
			t.Errorf("Read sends %s %s with %v", r.Method, r.URL, r.Header)
		}
		return httpmock.NewStringResponse(200, `[1, 2]`), nil
	})
	var ids []ovhrenew.OrderID
	if err := client.Read(t.Context(), "/me/order?date.from=2026-01-01", &ids); err != nil || len(ids) != 2 || ids[1] != 2 {
		t.Errorf("Read = %v, %v, want 1 and 2", ids, err)
	}
	mock.RegisterResponder("GET", mockEndpoint+"/me/order/1", httpmock.NewStringResponder(200, `{"orderId": "x"}`))
	var order ovhrenew.Order
	err := client.Read(t.Context(), "/me/order/1", &order)
	if !errors.Is(err, ovhrenew.ErrMalformed) || !strings.Contains(err.Error(), "GET /me/order/1") || !strings.Contains(err.Error(), "orderId") {
		t.Errorf("Read of an odd order = %v, want ErrMalformed with the call and the field", err)
	}
}

func TestReadRefuses(t *testing.T) {
	t.Parallel()
	client, mock := mocked(t)
	var v any
	for _, route := range []string{
		"", "me", "//me", "/", "/me/", "/me/../auth", "/me/%2e%2e/auth", "https://example.com/me", "/me#a", "/me a", "/me/{x}", "/me\n", "/mé", "/%zz", `/me\x`,
	} {
		err := client.Read(t.Context(), route, &v)
		if input, ok := errors.AsType[*ovhrenew.InputError](err); !ok || input.Call != "Read" || input.Field != "route" {
			t.Errorf("Read(%q) = %v, want an InputError of the route", route, err)
		}
	}
	for _, into := range []any{nil, v, 5, (*int)(nil)} {
		err := client.Read(t.Context(), "/me", into)
		if input, ok := errors.AsType[*ovhrenew.InputError](err); !ok || input.Field != "v" {
			t.Errorf("Read into %#v = %v, want an InputError of v", into, err)
		}
	}
	if n := mock.GetTotalCallCount(); n != 0 {
		t.Errorf("%d requests sent", n)
	}
}
