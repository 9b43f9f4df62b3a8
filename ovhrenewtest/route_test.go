package ovhrenewtest_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	. "github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

func TestNotFound(t *testing.T) {
	t.Parallel()
	s := start(t, Behaviour{Absent: []string{"GET /me/ovhAccount"}})
	const noURL = "404 Client::NotFound: Got an invalid (or empty) URL"
	for path, want := range map[string]string{
		"/nothing":                      noURL,
		"/no/such/product/serviceInfos": noURL,
		"/me/ovhAccount":                noURL,
		"/me/order/":                    noURL,
		"/v2/service":                   noURL,
		"/vps/other/serviceInfos":       "404 Client::NotFound: This service does not exist",
		"/services/1":                   "404 Client::NotFound: This service does not exist",
		"/service/1/renew":              "404 Client::NotFound: This service does not exist",
		"/me/order/1":                   "404 Client::NotFound: The requested object (id = 1) does not exist",
		"/me/order/1/status":            "404 Client::NotFound: The requested object (id = 1) does not exist",
		"/me/payment/method/1":          "404 Client::NotFound: The requested object (id = 1) does not exist",
		"/services/abc":                 "400 Client::BadRequest: [serviceId] Given data (abc) is not valid for type long",
		"/me/order?date.from=yesterday": "400 Client::BadRequest: [date.from] Given data (yesterday) is not valid for type datetime",
		"/service/12345/renew?includeOptions=perhaps": "400 Client::BadRequest: [includeOptions] Given data (perhaps) is not valid for type boolean",
	} {
		wantFailure(t, path, call(t.Context(), s.Client(), "GET", path, nil, nil), want)
	}
	for _, path := range []string{"/services/12345", "/me/payment/method/5678901", "/service/12345"} {
		wantFailure(t, "DELETE "+path, call(t.Context(), s.Client(), "DELETE", path, nil, nil), noURL)
	}
}

func TestVersions(t *testing.T) {
	t.Parallel()
	s := start(t, Behaviour{})
	if diff := cmp.Diff(get[[]int64](t, s, "/service"), get[[]int64](t, s, "/v1/service")); diff != "" {
		t.Errorf("/1.0 and /v1 differ:\n%s", diff)
	}
	if got := s.Count("GET /service"); got != 2 {
		t.Errorf("Count = %d, want 2", got)
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

// A name with a slash in it is one segment, escaped.
func TestRouteWithSlash(t *testing.T) {
	t.Parallel()
	s := Start(t, Behaviour{})
	block := s.AddService(Service{Name: "1.2.3.0/24", Route: "/ip/1.2.3.0%2F24"})
	if got := get[object](t, s, "/ip/1.2.3.0%2F24/serviceInfos")["serviceId"]; fmt.Sprint(got) != fmt.Sprint(block) {
		t.Errorf("escaped: service %v, want %d", got, block)
	}
	for _, path := range []string{"/ip/1.2.3.0/24", "/ip/1.2.3.0/24/serviceInfos"} {
		_, err := send(t, s, "GET", path, "")
		wantFailure(t, path, err, "404 Client::NotFound: Got an invalid (or empty) URL")
	}
	id := s.AddService(Service{Name: "ip-192.0.2.0/24", Route: "/ip/service/ip-192.0.2.0%2F24"})
	if got := get[object](t, s, "/ip/service/ip-192.0.2.0%2F24/serviceInfos")["serviceId"]; fmt.Sprint(got) != fmt.Sprint(id) {
		t.Errorf("serviceId = %v, want %d", got, id)
	}
	vars := at(get[object](t, s, fmt.Sprintf("/services/%d", id)), "route.vars")
	if diff := cmp.Diff(any([]any{object{"key": "serviceName", "value": "ip-192.0.2.0/24"}}), vars); diff != "" {
		t.Errorf("route.vars (-want +got)\n%s", diff)
	}
}
