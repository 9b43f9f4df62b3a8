package probe

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/autorenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// TestWatcherRefuses: whatever goes wrong in a check, nothing that spends leaves.
func TestWatcherRefuses(t *testing.T) {
	t.Parallel()
	for _, quote := range []bool{false, true} {
		server := account(t, ovhrenewtest.Behaviour{})
		wire := &watcher{base: server.Transport(), quote: quote}
		client, err := ovhrenew.NewWithConfig(server.Client(), ovhrenew.Config{Transport: wire, Limiter: ovhrenew.Unlimited, Attempts: 1})
		if err != nil {
			t.Fatal(err)
		}
		offers, err := client.Renewals(t.Context(), 101, false)
		if err != nil {
			t.Fatal(err)
		}
		offer := ovhrenew.Offers(101, offers)[0]
		server.Forget()
		_, err1 := client.PlaceOrder(t.Context(), offer)
		err2 := client.Pay(t.Context(), ovhrenew.OrderID(server.Orders()[2].ID), ovhrenew.Method(1))
		_, err3 := autorenew.Set(t.Context(), client, ovhrenew.ID(101), autorenew.Setting{
			Mode: ovhrenew.ModeAutomatic, Period: ovhrenew.P1Y, Poll: time.Millisecond,
		})
		for i, err := range []error{err1, err2, err3} {
			if err == nil {
				t.Errorf("call %d was sent", i+1)
			}
		}
		if _, err := client.Quote(t.Context(), offer); (err == nil) != quote {
			t.Errorf("with quote %t, the dry run: %v", quote, err)
		}
		harmless(t, server, 3, quote)
	}
}

// TestProbeTooFast notices an answer of 429 that came by the way.
func TestProbeTooFast(t *testing.T) {
	t.Parallel()
	server := account(t, ovhrenewtest.Behaviour{})
	server.Inject(ovhrenewtest.Fault{Route: "GET /me/order", Kind: ovhrenewtest.StatusFault, Status: 429, Header: http.Header{"Retry-After": {"0"}}})
	verdicts, saw, _ := results(t, server, false)
	const fast = "Who asks too fast is answered 429, perhaps with Retry-After."
	if verdicts[fast] != seen || !strings.Contains(saw[fast], "Retry-After: true") {
		t.Errorf("%s, saw %q", verdicts[fast], saw[fast])
	}
}

// TestAllow: of what is not a GET, the one dry run leaves, and the request for a token;
// whatever the API could take for an order does not.
func TestAllow(t *testing.T) {
	t.Parallel()
	const dry = `{"dryRun":true,"duration":"P1Y","services":[101]}`
	for _, tt := range []struct {
		method, path, body string
		quote, want        bool
	}{
		{"GET", "/1.0/service/101/renew", "", false, true},
		{"POST", "/1.0/service/101/renew", dry, true, true},
		{"POST", "/v1/service/101/renew", dry, true, true},
		{"POST", "/1.0/service/101/renew", dry, false, false},
		{"PUT", "/1.0/service/101/renew", dry, true, false},
		{"DELETE", "/1.0/service/101/renew", dry, true, false},
		{"POST", "/1.0/service/101/renew", `{"dryRun":false,"duration":"P1Y","services":[101]}`, true, false},
		{"POST", "/1.0/service/101/renew", `{"duration":"P1Y","services":[101]}`, true, false},
		{"POST", "/1.0/service/101/renew", `{"dryRun":"true"}`, true, false},
		{"POST", "/1.0/service/101/renew", `{"dryRun":null}`, true, false},
		{"POST", "/1.0/service/101/renew", `{"DryRun":true}`, true, false},
		{"POST", "/1.0/service/101/renew", `{"dryRun":false,"dryrun":true}`, true, false},
		{"POST", "/1.0/service/101/renew", `{"dryRun":false,"dryRun":true}`, true, false},
		{"POST", "/1.0/service/101/renew", `{"dryRun":true,"autoPay":true}`, true, false},
		{"POST", "/1.0/service/101/renew", `{"dryRun":true`, true, false},
		{"POST", "/1.0/service/101/renew", `[]`, true, false},
		{"POST", "/1.0/service/101/renew", ``, true, false},
		{"POST", "/1.0/service/101/renew/", dry, true, false},
		{"POST", "/1.0/service/x/renew", dry, true, false},
		{"POST", "/1.0/me/order/1/pay", dry, true, false},
		{"POST", "/2.0/service/101/renew", dry, true, false},
		{"POST", "/auth/oauth2/token", "grant_type=client_credentials", false, true},
		{"POST", "/1.0/auth/oauth2/token", "", false, true},
		{"PUT", "/auth/oauth2/token", "", false, false},
		{"POST", "/1.0/service/101/renew/auth/oauth2/token", dry, true, false},
	} {
		var sent []byte
		wire := &watcher{quote: tt.quote, base: roundTripper(func(r *http.Request) (*http.Response, error) {
			sent, _ = io.ReadAll(r.Body)
			return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody}, nil
		})}
		r, err := http.NewRequestWithContext(t.Context(), tt.method, "https://api.example"+tt.path, strings.NewReader(tt.body))
		if err != nil {
			t.Fatal(err)
		}
		response, err := wire.RoundTrip(r)
		if (err == nil) != tt.want || err == nil && string(sent) != tt.body || err != nil && sent != nil {
			t.Errorf("%s %s %s with quote %t: %v, sent %q", tt.method, tt.path, tt.body, tt.quote, err, sent)
		}
		if err == nil {
			response.Body.Close()
		}
	}
}

// roundTripper answers in the place of an API.
type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// TestSent: requests that nobody answered were sent too, and a token's are no GET.
func TestSent(t *testing.T) {
	t.Parallel()
	server := account(t, ovhrenewtest.Behaviour{ClientID: "id", ClientSecret: "secret", AccessToken: "token"})
	lost := errors.New("the answer is lost")
	wire := &watcher{quote: true, base: roundTripper(func(*http.Request) (*http.Response, error) { return nil, lost })}
	for _, c := range []struct{ method, url, body string }{
		{"GET", server.Endpoint() + "/service", ""},
		{"GET", server.Endpoint() + "/services", ""},
		{"POST", "https://api.example/1.0/service/101/renew", `{"dryRun":true}`},
		{"POST", server.TokenURL(), ""},
		{"POST", "https://api.example/1.0/me/order/1/pay", `{}`},
	} {
		r, err := http.NewRequestWithContext(t.Context(), c.method, c.url, strings.NewReader(c.body))
		if err != nil {
			t.Fatal(err)
		}
		response, err := wire.RoundTrip(r)
		if response != nil {
			response.Body.Close()
		}
		if err == nil {
			t.Errorf("%s %s was answered", c.method, c.url)
		}
	}
	if gets, quotes := wire.sent(); gets != 2 || quotes != 1 || len(wire.since(0)) != 0 {
		t.Errorf("%d GET, %d quotes and %d answers, want 2, 1 and 0", gets, quotes, len(wire.since(0)))
	}
}

// TestLast: the last answer to a path is found whatever its query is, and the first that
// said to go slower.
func TestLast(t *testing.T) {
	t.Parallel()
	wire := &watcher{answers: []answer{
		{path: "/1.0/services?page=1", status: 200}, {path: "/1.0/services?page=2", status: 201},
		{path: "/1.0/me/order", status: 429}, {path: "/1.0/me", status: 429},
	}}
	if a, ok := wire.last("/services"); !ok || a.status != 201 {
		t.Errorf("last = %+v, %t", a, ok)
	}
	if a, ok := wire.last("/service"); ok {
		t.Errorf("last of a path that nobody asked for = %+v", a)
	}
	if a, ok := wire.limited(); !ok || a.path != "/1.0/me/order" {
		t.Errorf("limited = %+v, %t", a, ok)
	}
	if a, ok := (&watcher{}).limited(); ok {
		t.Errorf("limited without answers = %+v", a)
	}
}
