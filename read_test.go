package ovhrenew_test

import (
	"errors"
	"fmt"
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

// TestReadList: a list is read whole, expanded or not, and an element that is another
// than was asked for is an error of its own.
func TestReadList(t *testing.T) {
	t.Parallel()
	for name, list := range map[string]string{
		"expanded": `[{"billId":"FR1"},null,{"billId":"FR2"},{"billId":"FR/3"}]`,
		"ids":      `["FR1","FR2","FR/3"]`,
	} {
		client, mock := mocked(t)
		mock.RegisterResponder("GET", mockEndpoint+"/me/bill", func(r *http.Request) (*http.Response, error) {
			if query := r.URL.RawQuery; query != "orderId=7" || r.Header.Get("Pragma") != "no-cache" {
				t.Errorf("%s: ReadList asks for %q with %v", name, query, r.Header)
			}
			answer := httpmock.NewStringResponse(200, list)
			if r.Header.Get("X-Pagination-Mode") == "" { // without holes
				answer = httpmock.NewStringResponse(200, strings.Replace(list, "null,", "", 1))
			}
			answer.Header.Set("X-Pagination-Elements", "4")
			return answer, nil
		})
		mock.RegisterResponder("GET", mockEndpoint+"/me/bill/FR1", httpmock.NewStringResponder(200, `{"billId":"FR1"}`))
		mock.RegisterResponder("GET", mockEndpoint+"/me/bill/FR2", httpmock.NewStringResponder(200, `{"billId":"FR1"}`))
		mock.RegisterResponder("GET", mockEndpoint+"/me/bill/FR%2F3", httpmock.NewStringResponder(200, `{"billId":"FR/3"}`))
		var got []string
		for raw, err := range client.ReadList(t.Context(), "/me/bill?orderId=7", "/me/bill/{billId}") {
			if err == nil {
				got = append(got, string(raw))
			} else if name == "expanded" || !errors.Is(err, ovhrenew.ErrMalformed) || !strings.Contains(err.Error(), "FR1") {
				t.Errorf("%s: ReadList: %v", name, err)
			}
		}
		want := `[{"billId":"FR1"} {"billId":"FR2"} {"billId":"FR/3"}]`
		if name == "ids" {
			want = `[{"billId":"FR1"} {"billId":"FR/3"}]`
		}
		if fmt.Sprint(got) != want {
			t.Errorf("%s: ReadList = %v, want %v", name, got, want)
		}
	}
}

func TestReadListRefuses(t *testing.T) {
	t.Parallel()
	client, mock := mocked(t)
	for _, c := range [][3]string{
		{"me/bill", "/me/bill/{billId}", "route"}, {"/me/../bill", "/me/bill/{billId}", "route"},
		{"/me/bill", "/me/bill", "item"}, {"/me/bill", "/me/bill/{}", "item"}, {"/me/bill", "/me/bill/{a}/{b}", "item"},
		{"/me/bill", "me/bill/{billId}", "item"}, {"/me/bill", "/me/bill/{billId", "item"},
	} {
		n := 0
		for _, err := range client.ReadList(t.Context(), c[0], c[1]) {
			n++
			if input, ok := errors.AsType[*ovhrenew.InputError](err); !ok || input.Call != "ReadList" || input.Field != c[2] {
				t.Errorf("ReadList(%q, %q) = %v, want an InputError of the %s", c[0], c[1], err, c[2])
			}
		}
		if n != 1 {
			t.Errorf("ReadList(%q, %q) yields %d times, want one error", c[0], c[1], n)
		}
	}
	if n := mock.GetTotalCallCount(); n != 0 {
		t.Errorf("%d requests sent", n)
	}
}

// TestPut: a setting is sent once, and only a lost answer leaves it open.
func TestPut(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		status int
		answer string
		unsure bool
		is     error
	}{
		{200, "null", false, nil},
		{204, "", false, nil},
		{400, `{"message":"no"}`, false, nil},
		{404, `{"message":"Got an invalid (or empty) URL"}`, false, ovhrenew.ErrUnsupported},
		{500, `{"message":"oops"}`, true, ovhrenew.ErrServer},
		{504, "<html>", true, ovhrenew.ErrServer},
	} {
		client, mock := mocked(t)
		var kept sent
		mock.RegisterResponder("PUT", mockEndpoint+"/services/1", kept.then(c.status, c.answer))
		err := client.Put(t.Context(), "/services/1", map[string]int{"a": 1})
		if (err == nil) != (c.status < 300) || errors.Is(err, ovhrenew.ErrUnsure) != c.unsure || c.is != nil && !errors.Is(err, c.is) {
			t.Errorf("Put answered with %d: %v", c.status, err)
		}
		if len(kept.bodies) != 1 || kept.bodies[0] != `{"a":1}` {
			t.Errorf("Put answered with %d sends %q, want the body once", c.status, kept.bodies)
		}
	}
	client, mock := mocked(t)
	for _, c := range []struct {
		route, field string
		body         any
	}{{"services/1", "route", 1}, {"/me/../x", "route", 1}, {"/me#a", "route", 1}, {"/me", "body", nil}} {
		err := client.Put(t.Context(), c.route, c.body)
		if input, ok := errors.AsType[*ovhrenew.InputError](err); !ok || input.Call != "Put" || input.Field != c.field {
			t.Errorf("Put(%q, %v) = %v, want an InputError of the %s", c.route, c.body, err, c.field)
		}
	}
	if n := mock.GetTotalCallCount(); n != 0 {
		t.Errorf("%d requests sent", n)
	}
}
