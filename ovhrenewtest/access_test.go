package ovhrenewtest_test

import (
	"crypto/sha1"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/ovh/go-ovh/ovh"

	. "github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// authProblem is the body of an error of the layer that checks credentials.
func authProblem(status int, code, message string) string {
	body, _ := json.Marshal(object{
		"errorCode": code, "httpCode": fmt.Sprintf("%d %s", status, http.StatusText(status)), "message": message,
	})
	return string(body)
}

func TestAuthentication(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		spoil  func(*http.Request)
		status int
		body   string
	}{
		"nothing": {
			func(r *http.Request) { r.Header = http.Header{} }, 401, `{"message":"You must login first"}`,
		},
		"application": {
			func(r *http.Request) { r.Header.Set("X-Ovh-Application", "x") }, 403,
			authProblem(403, "INVALID_KEY", "Invalid application key"),
		},
		"consumer": {
			func(r *http.Request) { r.Header.Set("X-Ovh-Consumer", "x") }, 403,
			authProblem(403, "NOT_CREDENTIAL", "This credential does not exist"),
		},
		"signature": {
			func(r *http.Request) { r.Header.Set("X-Ovh-Signature", "$1$00") }, 400,
			authProblem(400, "INVALID_SIGNATURE", "Invalid signature"),
		},
		"query": {
			func(r *http.Request) { r.URL.RawQuery = "resourceName=other" }, 400,
			authProblem(400, "INVALID_SIGNATURE", "Invalid signature"),
		},
		"version": {
			func(r *http.Request) { r.URL.Path = strings.Replace(r.URL.Path, "/1.0", "/v1", 1) }, 400,
			authProblem(400, "INVALID_SIGNATURE", "Invalid signature"),
		},
		"no time": {
			func(r *http.Request) { r.Header.Del("X-Ovh-Timestamp") }, 400,
			authProblem(400, "QUERY_TIME_OUT", "Query out of time"),
		},
		"bearer": {
			func(r *http.Request) { r.Header.Set("Authorization", "Bearer x") }, 403,
			authProblem(403, "INVALID_CREDENTIAL", "This credential is not valid"),
		},
	}
	for name, test := range tests {
		s, _ := clocked(t, Behaviour{})
		r := signed(t, s, "GET", "/services?resourceName=example.ovh", "")
		r.Header.Set("X-Ovh-Timestamp", strconv.FormatInt(s.Now().Unix(), 10))
		sign(r, s, "")
		test.spoil(r)
		answer, body := do(t, s, r)
		if answer.StatusCode != test.status || body != test.body {
			t.Errorf("%s: %d %s, want %d %s", name, answer.StatusCode, body, test.status, test.body)
		}
		if answer.Header.Get("X-Ovh-QueryID") == "" {
			t.Errorf("%s: no X-Ovh-QueryID", name)
		}
	}
}

// sign signs a request by the rule that OVHcloud publishes.
func sign(r *http.Request, s *Server, body string) {
	keys := s.Credentials()
	text := strings.Join([]string{
		keys.AppSecret, keys.ConsumerKey, r.Method, r.URL.String(), body, r.Header.Get("X-Ovh-Timestamp"),
	}, "+")
	r.Header.Set("X-Ovh-Signature", fmt.Sprintf("$1$%x", sha1.Sum([]byte(text))))
}

func TestTimestamp(t *testing.T) {
	t.Parallel()
	s, clock := clocked(t, Behaviour{})
	for _, drift := range []time.Duration{-30, -31, 30, 31} {
		r := signed(t, s, "GET", "/me", "")
		r.Header.Set("X-Ovh-Timestamp", strconv.FormatInt(clock.Now().Add(drift*time.Second).Unix(), 10))
		sign(r, s, "")
		answer, body := do(t, s, r)
		if in := drift.Abs() <= 30; in != (answer.StatusCode == http.StatusOK) {
			t.Errorf("%d seconds off: %d %s", drift, answer.StatusCode, body)
		}
	}
	if got := get[int64](t, s, "/auth/time"); got != clock.Now().Unix() {
		t.Errorf("/auth/time = %d, want %d", got, clock.Now().Unix())
	}
}

func TestBodyIsSigned(t *testing.T) {
	t.Parallel()
	s := start(t, Behaviour{})
	r := signed(t, s, "POST", "/service/11223344/renew", vpsOrder)
	other := strings.Replace(vpsOrder, "P3M", "P1Y", 1)
	r.Body = io.NopCloser(strings.NewReader(other))
	if answer, body := do(t, s, r); answer.StatusCode != http.StatusBadRequest || !strings.Contains(body, "INVALID_SIGNATURE") {
		t.Errorf("another body: %d %s, want INVALID_SIGNATURE", answer.StatusCode, body)
	}
	if got := s.Orders(); len(got) != 0 {
		t.Errorf("Orders = %+v, want none", got)
	}
}

func TestRules(t *testing.T) {
	t.Parallel()
	s := start(t, Behaviour{})
	s.Grant(Rule{"GET", "/service/*"}, Rule{"GET", "/me/order/*/status"}, Rule{"GET", "/auth/currentCredential"})
	for path, granted := range map[string]bool{
		"/service/12345":          true,
		"/service/12345/renew":    true,
		"/service":                false,
		"/services/12345":         false,
		"/auth/currentCredential": true,
		"/me/order/1/status":      true,
		"/me/order/1":             false,
	} {
		err := call(t.Context(), s.Client(), "GET", path, nil, nil)
		if got := failure(err) != "403 : This call has not been granted"; got != granted {
			t.Errorf("GET %s: %v, want granted %t", path, err, granted)
		}
	}
	_, err := send(t, s, "POST", "/service/11223344/renew", vpsOrder)
	wantFailure(t, "POST renew", err, "403 : This call has not been granted")
	rules := get[object](t, s, "/auth/currentCredential")["rules"]
	if got := len(rules.([]any)); got != 3 {
		t.Errorf("currentCredential has %d rules, want 3", got)
	}
}

func TestIAM(t *testing.T) {
	t.Parallel()
	s := start(t, Behaviour{})
	path := order(t, s)
	for route, test := range map[string]struct{ method, path, body, action string }{
		RouteOrder: {"POST", "/service/11223344/renew", vpsOrder, "account:apiovh:service/renew/create"},
		RoutePay:   {"POST", path + "/pay", payDefault, "account:apiovh:me/order/pay"},
		"GET /me/order/{orderId}": {
			"GET", path, "", "account:apiovh:me/order/get",
		},
		"GET /vps/{serviceName}/serviceInfos": {
			"GET", "/vps/vps112233.ovh.net/serviceInfos", "", "vps:apiovh:serviceInfos/get",
		},
		"PUT /hosting/web/{serviceName}/serviceInfos": {
			"PUT", "/hosting/web/example.ovh/serviceInfos", "{}", "webHosting:apiovh:serviceInfos/edit",
		},
	} {
		s.DenyIAM(route)
		_, body := do(t, s, signed(t, s, test.method, test.path, test.body))
		want := object{
			"class": "Client::Forbidden", "message": "User not granted for this request",
			"details": object{"unauthorizedActionsByAuthentication": "", "unauthorizedActionsByIAM": test.action},
		}
		if diff := cmp.Diff(any(want), decode(t, []byte(body))); diff != "" {
			t.Errorf("%s (-want +got)\n%s", route, diff)
		}
	}
	s.DenyIAM(RouteOrder)
	mustSend(t, s, "POST", "/service/11223344/renew", strings.Replace(vpsOrder, "false", "true", 1))
}

func TestCredentialState(t *testing.T) {
	t.Parallel()
	s, clock := clocked(t, Behaviour{})
	api := s.Client()
	s.SetCredential("validated", clock.Now().Add(time.Hour))
	if err := call(t.Context(), api, "GET", "/me", nil, nil); err != nil {
		t.Error(err)
	}
	s.SetCredential("validated", clock.Now())
	wantFailure(t, "expired", call(t.Context(), api, "GET", "/me", nil, nil), "403 : This credential is not valid")
	s.SetCredential("refused", time.Time{})
	wantFailure(t, "refused", call(t.Context(), api, "GET", "/me", nil, nil), "403 : This credential is not valid")
}

// A key is good once a customer has visited the page that it comes with.
func TestNewConsumerKey(t *testing.T) {
	t.Parallel()
	s := start(t, Behaviour{})
	api := s.Client()
	request := api.NewCkRequest()
	request.AddRules(ovh.ReadOnly, "/me")
	state, err := request.Do()
	if err != nil {
		t.Fatal(err)
	}
	wantFailure(t, "pending", call(t.Context(), api, "GET", "/me", nil, nil), "403 : This credential is not valid")
	visit, err := http.NewRequestWithContext(t.Context(), http.MethodGet, state.ValidationURL, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	if answer, body := do(t, s, visit); answer.StatusCode != http.StatusOK {
		t.Fatalf("validation: %d %s", answer.StatusCode, body)
	}
	if err := call(t.Context(), api, "GET", "/me", nil, nil); err != nil {
		t.Error(err)
	}
	wantFailure(t, "ungranted", call(t.Context(), api, "GET", "/service", nil, nil), "403 : This call has not been granted")
}

func TestBearer(t *testing.T) {
	t.Parallel()
	s := start(t, Behaviour{AccessToken: "token", ClientID: "EU.id", ClientSecret: "secret"})
	api, err := ovh.NewAccessTokenClient(s.Endpoint(), "token")
	if err != nil {
		t.Fatal(err)
	}
	api.Client.Transport = s.Transport()
	if err := call(t.Context(), api, "GET", "/me", nil, nil); err != nil {
		t.Error(err)
	}
	for secret, want := range map[string]int{"secret": 200, "other": 401} {
		form := url.Values{"grant_type": {"client_credentials"}, "client_id": {"EU.id"}, "client_secret": {secret}}
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.TokenURL(), strings.NewReader(form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		if answer, body := do(t, s, r); answer.StatusCode != want || want == 200 && !strings.Contains(body, `"access_token":"token"`) {
			t.Errorf("secret %s: %d %s, want %d", secret, answer.StatusCode, body, want)
		}
	}
}

func TestRateLimit(t *testing.T) {
	t.Parallel()
	for retry, want := range map[RetryAfter]string{
		RetryAfterNone: "", RetryAfterSeconds: "20", RetryAfterDate: "Fri, 20 Nov 2026 12:01:00 GMT",
	} {
		s, clock := clocked(t, Behaviour{RateLimit: 2, RetryAfter: retry})
		status := func() (int, string) {
			answer, _ := do(t, s, signed(t, s, "GET", "/me", ""))
			return answer.StatusCode, answer.Header.Get("Retry-After")
		}
		for i := range 2 {
			if got, _ := status(); got != http.StatusOK {
				t.Errorf("request %d: %d, want 200", i+1, got)
			}
			clock.Advance(20 * time.Second)
		}
		if got, after := status(); got != http.StatusTooManyRequests || after != want {
			t.Errorf("request 3: %d with Retry-After %q, want 429 with %q", got, after, want)
		}
		clock.Advance(20 * time.Second)
		if got, _ := status(); got != http.StatusOK {
			t.Errorf("a minute after the first: %d, want 200", got)
		}
	}
}
