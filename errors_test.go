package ovhrenew_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/jarcoal/httpmock"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// apiErrors are answers of the API, with what a program can branch on.
var apiErrors = []struct {
	name   string
	status int
	body   string
	is     []error
}{
	{"query-out-of-time", 400, `{"errorCode":"QUERY_TIME_OUT","httpCode":"400 Bad Request","message":"Query out of time"}`, nil},
	{"invalid-signature", 400, `{"errorCode":"INVALID_SIGNATURE","httpCode":"400 Bad Request","message":"Invalid signature"}`, []error{ovhrenew.ErrCredential}},
	{"bad-request", 400, `{"class":"Client::BadRequest","message":"The input provided isn't valid: 'duration' is a required property"}`, nil},
	{"login-first", 401, `{"message":"You must login first"}`, []error{ovhrenew.ErrDenied, ovhrenew.ErrCredential}},
	{"invalid-key", 403, `{"errorCode":"INVALID_KEY","httpCode":"403 Forbidden","message":"Invalid application key"}`, []error{ovhrenew.ErrDenied, ovhrenew.ErrCredential}},
	{"invalid-key-with-class", 403, `{"class":"Client::Forbidden","message":"Invalid application key"}`, []error{ovhrenew.ErrDenied, ovhrenew.ErrCredential}},
	{"revoked-credential", 403, `{"class":"Client::Forbidden","message":"This credential has been revoked"}`, []error{ovhrenew.ErrDenied, ovhrenew.ErrCredential}},
	{"invalid-credential", 403, `{"errorCode":"INVALID_CREDENTIAL","httpCode":"403 Forbidden","message":"This credential is not valid"}`, []error{ovhrenew.ErrDenied, ovhrenew.ErrCredential}},
	{"no-credential", 403, `{"errorCode":"NOT_CREDENTIAL","httpCode":"403 Forbidden","message":"This credential does not exist"}`, []error{ovhrenew.ErrDenied, ovhrenew.ErrCredential}},
	{"expired-credential", 403, `{"message":"This credential has expired"}`, []error{ovhrenew.ErrDenied, ovhrenew.ErrCredential}},
	{"expired-token", 401, `{"message":"Your token is expired"}`, []error{ovhrenew.ErrDenied, ovhrenew.ErrCredential}},
	{"not-granted", 403, `{"errorCode":"NOT_GRANTED_CALL","httpCode":"403 Forbidden","message":"This call has not been granted"}`, []error{ovhrenew.ErrDenied, ovhrenew.ErrNotGranted}},
	{"not-granted-without-code", 403, `{"message":"This call has not been granted"}`, []error{ovhrenew.ErrDenied, ovhrenew.ErrNotGranted}},
	{"iam", 403, `{"class":"Client::Forbidden","message":"User not granted for this request",
		"details":{"unauthorizedActionsByAuthentication":"","unauthorizedActionsByIAM":"account:apiovh:me/order/pay"}}`, []error{ovhrenew.ErrDenied, ovhrenew.ErrIAM}},
	{"cannot-pay", 403, `{"message":"This order can't be paid with 'bankAccount'"}`, []error{ovhrenew.ErrCannotPay}},
	{"cannot-pay-with-class", 403, `{"class":"ActionImpossible","message":"This order can't be paid with paypal"}`, []error{ovhrenew.ErrCannotPay}},
	{"no-payment-mean", 404, `{"message":"paymentMean not found"}`, []error{ovhrenew.ErrCannotPay, ovhrenew.ErrNotFound}},
	{"not-found", 404, `{"class":"Client::NotFound","message":"This service does not exist"}`, []error{ovhrenew.ErrNotFound}},
	{"no-route", 404, `{"class":"Client::NotFound","message":"Got an invalid (or empty) URL"}`, []error{ovhrenew.ErrUnsupported}},
	{"busy", 409, `{"class":"Client::Conflict::ResourceBusy","message":"Busy"}`, nil},
	{"rate-limited", 429, `{"message":"Too Many Requests"}`, []error{ovhrenew.ErrRateLimited}},
	{"expired", 460, `{"message":"This Service is expired"}`, []error{ovhrenew.ErrExpired}},
	{"timeout", 408, `<h1>408 Request Time-out</h1>`, []error{ovhrenew.ErrServer}},
	{"server-error", 500, `{"class":"Server::InternalServerError","message":"Service is temporarily unavailable"}`, []error{ovhrenew.ErrServer}},
	{"html", 500, "<html><head><title>500 Internal\n Server Error</title></head></html>", []error{ovhrenew.ErrServer}},
	{"gateway-timeout", 504, ``, []error{ovhrenew.ErrServer}},
	{"page-not-found", 404, `<h1>404 Not Found</h1>`, []error{ovhrenew.ErrServer}},
	{"page-forbidden", 403, ``, []error{ovhrenew.ErrServer}},
	{"page-login", 401, `<h1>Sign in</h1>`, []error{ovhrenew.ErrServer}},
	{"page-expired", 460, `expired`, []error{ovhrenew.ErrServer}},
	{"page-rate-limited", 429, `<h1>slower</h1>`, []error{ovhrenew.ErrRateLimited}},
	{"redirect", 307, `moved`, nil},
	{"new", 418, `{"class":"Client::Teapot","new":1}`, nil},
}

// sentinels are all that an answer can be.
var sentinels = []error{
	ovhrenew.ErrNotFound, ovhrenew.ErrDenied, ovhrenew.ErrCredential, ovhrenew.ErrNotGranted,
	ovhrenew.ErrIAM, ovhrenew.ErrExpired, ovhrenew.ErrRateLimited, ovhrenew.ErrUnsupported, ovhrenew.ErrCannotPay, ovhrenew.ErrServer,
	ovhrenew.ErrMalformed, ovhrenew.ErrNotSent, ovhrenew.ErrBadInput, ovhrenew.ErrUnsure,
}

func TestAPIErrors(t *testing.T) {
	t.Parallel()
	var texts strings.Builder
	for _, test := range apiErrors {
		_, err := answering(t, "GET /service/1", test.status, test.body).ListedService(t.Context(), 1)
		if err == nil {
			t.Errorf("%s: no error", test.name)
			continue
		}
		for _, sentinel := range sentinels {
			want := false
			for _, is := range test.is {
				want = want || is == sentinel //nolint:errorlint // the very same is meant
			}
			if got := errors.Is(err, sentinel); got != want {
				t.Errorf("%s: errors.Is(%v, %q) = %v, want %v", test.name, err, sentinel, got, want)
			}
		}
		answer, ok := errors.AsType[*ovhrenew.Error](err)
		if !ok || answer.Status != test.status || answer.Call != "GET /service/1" {
			t.Errorf("%s: %v is %+v, want an Error of its status", test.name, err, answer)
		}
		fmt.Fprintf(&texts, "%s\n    %v\n", test.name, err)
	}
	golden(t, "api-errors", texts.String())
}

// What a spending call's answer leaves open, and what not.
func TestAPIErrorsOfSpending(t *testing.T) {
	t.Parallel()
	// A conflict may be with the request itself, delivered twice.
	open := map[string]bool{"rate-limited": true, "busy": true, "timeout": true, "server-error": true, "html": true, "gateway-timeout": true, "redirect": true,
		"page-not-found": true, "page-forbidden": true, "page-login": true, "page-expired": true, "page-rate-limited": true}
	for _, test := range apiErrors {
		err := answering(t, "POST /me/order/1/pay", test.status, test.body).Pay(t.Context(), 1, ovhrenew.Method(2))
		if got := errors.Is(err, ovhrenew.ErrUnsure); got != open[test.name] || err == nil {
			t.Errorf("%s: Pay: %v: ErrUnsure is %v, want %v", test.name, err, got, open[test.name])
		}
	}
	// A gateway in between may have let the request through before it gave up.
	for _, body := range []string{"", "<h1>499 Client Closed Request</h1>", "[]", "{}", "null", `{"error":"x"}`} {
		_, err := answering(t, "POST /service/1/renew", 499, body).PlaceOrder(t.Context(), offerOf("P1M", "1 EUR", 1))
		if !errors.Is(err, ovhrenew.ErrUnsure) {
			t.Errorf("PlaceOrder answered 499 %q: %v, want ErrUnsure", body, err)
		}
	}
}

func TestErrorFields(t *testing.T) {
	t.Parallel()
	client, mock := mocked(t)
	mock.RegisterResponder("GET", mockEndpoint+"/service/1", func(*http.Request) (*http.Response, error) {
		answer := httpmock.NewStringResponse(403, `{"class":"Client::Forbidden","errorCode":"FORBIDDEN","message":"User not granted for this request",
			"details":{"unauthorizedActionsByAuthentication":"a:b, c:d","unauthorizedActionsByIAM":"e:f","number":5,"list":["x"],"none":null}}`)
		answer.Header.Set("X-Ovh-Queryid", "EU.ext-3.669795c6.3806160.fcc3")
		return answer, nil
	})
	_, err := client.ListedService(t.Context(), 1)
	got, _ := errors.AsType[*ovhrenew.Error](err)
	want := &ovhrenew.Error{
		Call: "GET /service/1", Status: 403, Class: "Client::Forbidden", Code: "FORBIDDEN", Message: "User not granted for this request",
		Details: map[string]string{
			"unauthorizedActionsByAuthentication": "a:b, c:d", "unauthorizedActionsByIAM": "e:f", "number": "5", "list": `["x"]`, "none": "",
		},
		QueryID:        "EU.ext-3.669795c6.3806160.fcc3",
		MissingActions: []string{"a:b", "c:d", "e:f"},
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(ovhrenew.Error{})); diff != "" {
		t.Errorf("Error (-want +got):\n%s", diff)
	}
	if text := "GET /service/1: HTTP 403 Client::Forbidden FORBIDDEN: User not granted for this request " +
		"(missing IAM actions: a:b, c:d, e:f) (query id EU.ext-3.669795c6.3806160.fcc3)"; got.Error() != text {
		t.Errorf("Error() = %q, want %q", got.Error(), text)
	}
}

// Requests that never left are told from those whose answer was lost.
func TestNotSent(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		kind    ovhrenewtest.FaultKind
		notSent bool
	}{
		{ovhrenewtest.Refuse, true},
		{ovhrenewtest.Reset, false},
		{ovhrenewtest.Truncate, false},
		{ovhrenewtest.WrongLength, false},
	} {
		server, client := guideAccount(t, ovhrenewtest.Behaviour{})
		order, err := client.PlaceOrder(t.Context(), vpsOffer(t, client))
		if err != nil {
			t.Fatal(err)
		}
		server.Inject(ovhrenewtest.Fault{Route: ovhrenewtest.RoutePay, Kind: test.kind, Times: -1})
		err = client.Pay(t.Context(), order.OrderID, ovhrenew.Method(ovhrenewtest.GuideMethodID))
		if notSent, unsure := errors.Is(err, ovhrenew.ErrNotSent), errors.Is(err, ovhrenew.ErrUnsure); notSent != test.notSent || unsure == test.notSent {
			t.Errorf("Pay after %v: %v: ErrNotSent is %v and ErrUnsure %v, want %v and %v", test.kind, err, notSent, unsure, test.notSent, !test.notSent)
		}
		if n := server.Count(ovhrenewtest.RoutePay); !test.notSent && n != 1 {
			t.Errorf("Pay after %v: %d requests, want 1", test.kind, n)
		}
	}
}

// vpsOffer is the guide's offer of three months for its VPS.
func vpsOffer(t *testing.T, client ovhrenew.Reader) ovhrenew.Offer {
	t.Helper()
	descriptions, err := client.Renewals(t.Context(), vps, false)
	if err != nil {
		t.Fatal(err)
	}
	chosen, _, err := ovhrenew.Select(ovhrenew.Offers(vps, descriptions), nil, ovhrenew.For(ovhrenew.P3M), ovhrenew.Alone)
	if err != nil {
		t.Fatal(err)
	}
	return chosen
}

func TestSendErrors(t *testing.T) {
	t.Parallel()
	client, mock := mocked(t)
	mock.RegisterResponder("GET", mockEndpoint+"/services", httpmock.NewErrorResponder(syscall.ECONNRESET))
	_, err := client.FindServices(t.Context(), ovhrenew.ServiceQuery{})
	if !errors.Is(err, syscall.ECONNRESET) || !strings.HasPrefix(err.Error(), "GET /services: ") {
		t.Errorf("FindServices over a cut connection: %v, want the call and the cause", err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	calls := mock.GetTotalCallCount()
	if _, err := client.FindServices(ended, ovhrenew.ServiceQuery{}); !errors.Is(err, context.Canceled) {
		t.Errorf("FindServices in a context that has ended: %v, want its error", err)
	}
	err = client.Pay(ended, 1, ovhrenew.Method(1))
	if !errors.Is(err, context.Canceled) || !errors.Is(err, ovhrenew.ErrNotSent) || errors.Is(err, ovhrenew.ErrUnsure) {
		t.Errorf("Pay in a context that has ended: %v, want ErrNotSent and its error", err)
	}
	if n := mock.GetTotalCallCount() - calls; n != 0 {
		t.Errorf("%d requests in a context that has ended, want none", n)
	}
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	if client, err := ovhrenew.New(nil); err == nil || client != nil {
		t.Errorf("New(nil) = %v, %v, want an error", client, err)
	}
	server := ovhrenewtest.Start(t, ovhrenewtest.Behaviour{})
	if client, err := ovhrenew.NewWithConfig(server.Client(), ovhrenew.Config{PageSize: -1}); !errors.Is(err, ovhrenew.ErrBadInput) {
		t.Errorf("NewWithConfig with a negative page size = %v, %v, want ErrBadInput", client, err)
	}
	if client, err := ovhrenew.New(server.Client()); err != nil || client.Endpoint() != server.Endpoint() {
		t.Errorf("New = %v, %v, want the endpoint %s", client, err, server.Endpoint())
	}
}
