// Pages and methods as they were recorded, with what is odd about them.

package recorded_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"testing"

	"github.com/ovhrenew/ovhrenew"
)

// find is the record of this name.
func find(t *testing.T, name string) record {
	t.Helper()
	all := records(t)
	i := slices.IndexFunc(all, func(r record) bool { return r.name == name })
	if i < 0 {
		t.Fatalf("there is no record %s", name)
	}
	return all[i]
}

func answer(body string) record { return record{Status: 200, Body: json.RawMessage(body)} }

// TestPageWithNulls reads a page of services that has nulls in place of two of them: one
// is read by itself, and the other, which cannot be read, is reported.
func TestPageWithNulls(t *testing.T) {
	t.Parallel()
	vps, cancelled := find(t, "services-vps"), find(t, "services-vps-cancelled")
	page := "[null," + string(vps.Body) + ",null]"
	s := &sequence{page: page, ids: `[117150473,118977335,5]`, server: &server{answers: map[string]record{
		"GET /services/117150473": cancelled,
		"GET /services/5":         find(t, "error-404-service"),
	}}}
	client := clientOf(t, s)
	var read []string
	failed := 0
	for service, err := range client.Services(t.Context(), ovhrenew.ServiceQuery{}) {
		if err != nil {
			failed++
			continue
		}
		read = append(read, service.ID.String())
	}
	if want := []string{"118977335", "117150473"}; !slices.Equal(read, want) || failed != 1 {
		t.Errorf("read %q and %d failed, want %q and 1", read, failed, want)
	}
}

// TestOddPrice reads a page with a service whose price is of no known form: the price is
// none, and the service is there.
func TestOddPrice(t *testing.T) {
	t.Parallel()
	for _, price := range []string{`"free"`, `{"value":"1.00","currencyCode":"EUR"}`, `{"currencyCode":7}`, `[]`} {
		client, _ := answering(t, map[string]record{
			"GET /services/5": answer(`{"serviceId":5,"resource":{"name":"a.ovh"},"billing":{"pricing":{"price":` + price + `}}}`),
		})
		service, err := client.Service(t.Context(), 5)
		if err != nil || service.Name != "a.ovh" || !service.Price.IsZero() {
			t.Errorf("price %s: %+v, %v", price, service, err)
		}
	}
}

// TestOneClick pays with a recorded method, whose oneclick is false: that the order lists
// it decides, whether the methods come as objects, as ids or not at all.
func TestOneClick(t *testing.T) {
	t.Parallel()
	method := find(t, "method-mock")
	const takes, person, none = "payment method 1", "person", "none"
	for _, test := range []struct{ methods, want string }{
		{`{"registered":[1],"paymentMethods":[` + string(method.Body) + `]}`, takes},
		{`{"registered":[1],"paymentMethods":null}`, takes},
		{`{"registered":[1]}`, takes},
		{`{"registered":[2],"paymentMethods":[]}`, person},
		{`{"registered":null,"paymentMethods":null}`, person},
	} {
		client, _ := answering(t, map[string]record{
			"GET /me/order/9/paymentMethods": answer(test.methods),
			"GET /me/payment/method":         answer("[1]"),
			"GET /me/payment/method/1":       method,
		})
		with, err := ovhrenew.CheckPayment(t.Context(), client, 9, ovhrenew.DefaultMethod)
		got := none
		switch {
		case with != nil:
			got = with.String()
		case ovhrenew.ReactionTo(err) == ovhrenew.ReactPerson:
			got = person
		}
		if got != test.want {
			t.Errorf("%s: %v, %v, want %s", test.methods, with, err, test.want)
		}
	}
}

// TestOrderDates reads the date of an order in every form that was recorded, and those
// beside them: the moment and its offset stay.
func TestOrderDates(t *testing.T) {
	t.Parallel()
	for written, want := range map[string]string{
		`"2014-05-21T10:34:02+02:00"`: "2014-05-21T10:34:02+02:00",
		`"2023-03-30T10:00:00.000Z"`:  "2023-03-30T10:00:00Z",
		`"2026-08-30T00:00:00+02:00"`: "2026-08-30T00:00:00+02:00",
		`"2026-08-30"`:                "2026-08-30T00:00:00Z",
		`null`:                        "none",
		`""`:                          "none",
	} {
		client, _ := answering(t, map[string]record{"GET /me/order/1": answer(`{"orderId":1,"date":` + written + `}`)})
		order, err := client.Order(t.Context(), 1)
		if err != nil || order.Date.String() != want {
			t.Errorf("%s: %v, %v, want %s", written, order.Date, err, want)
		}
	}
}

// TestNoSuchPath answers that a URL is invalid: about the path where every region has the
// route or the caller wrote it, about the region where a region's schema lacks it.
func TestNoSuchPath(t *testing.T) {
	t.Parallel()
	const body = `{"class":"Client::NotFound","message":"Got an invalid (or empty) URL"}`
	for route, region := range map[string]bool{
		"GET /service/1/renew": true, "GET /me/order/1/payment": true, "GET /services/1": true,
		"GET /me/order/1/status": false, "GET /vsp/a/serviceInfos": false, "GET /ip/1.2.3.0/24/serviceInfos": false,
	} {
		client, _ := answering(t, map[string]record{route: {Status: 404, Body: json.RawMessage(body)}})
		var v any
		err := client.Read(t.Context(), route[len("GET "):], &v)
		is := []bool{errors.Is(err, ovhrenew.ErrUnsupported), errors.Is(err, ovhrenew.ErrNotFound)}
		if want := []bool{region, !region}; !slices.Equal(is, want) {
			t.Errorf("%s: %v: unsupported, not found: %v, want %v", route, err, is, want)
		}
	}
}

// sequence is a server of one expanded page, and of the ids that it has.
type sequence struct {
	*server
	page, ids string
}

func (s *sequence) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/services" {
		s.server.ServeHTTP(w, r)
		return
	}
	list := s.ids
	switch r.Header.Get("X-Pagination-Number") {
	case "":
	case "1":
		list = s.page
	default:
		list = "[]"
	}
	_, _ = io.WriteString(w, list)
}
