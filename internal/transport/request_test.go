package transport_test

import (
	"errors"
	"io"
	"math"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	"github.com/ovhrenew/ovhrenew/internal/transport"
)

func TestSent(t *testing.T) {
	t.Parallel()
	get := func(path string) transport.Request { return transport.Request{Method: "GET", Path: path} }
	for _, test := range []struct {
		send transport.Request
		call string
		body string
	}{
		{get("/service"), "GET /1.0/service", ""},
		{get("/me/order?date.from=2026-08-01T00%3A00%3A00%2B02%3A00"), "GET /1.0/me/order?date.from=2026-08-01T00%3A00%3A00%2B02%3A00", ""},
		{get("/ip/192.0.2.0%2F24/serviceInfos"), "GET /1.0/ip/192.0.2.0%2F24/serviceInfos", ""},
		{get("/domain/d%C3%A9.example"), "GET /1.0/domain/d%C3%A9.example", ""},
		{get("/vps/a%20b%3F%23"), "GET /1.0/vps/a%20b%3F%23", ""},
		{get("/v2/iam"), "GET /v2/iam", ""},
		{get("/v1/me"), "GET /v1/me", ""},
		{get("/services?"), "GET /1.0/services?", ""},
		{post(transport.Spend), "POST /1.0/me/order/7/pay", `{"id":9}`},
		{transport.Request{Method: "PUT", Path: "/services/1", Kind: transport.Write, Body: "<é>"}, "PUT /1.0/services/1", "\"\\u003cé\\u003e\""},
		{transport.Request{Method: "POST", Path: "/x", Kind: transport.Write}, "POST /1.0/x", ""},
	} {
		t.Run(test.call, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				test.send.Header = http.Header{"X-Pagination-Mode": {"CachedObjectList-Pages"}, "Pragma": {"no-cache"}}
				r, err := w.client(transport.Config{UserAgent: "ovhrenew"}).Do(t.Context(), test.send)
				if err != nil || r.Status != 200 || string(r.Body) != `{"message":"status 200"}` {
					t.Fatalf("Do = %v, %v, want status 200 and its body", r, err)
				}
				got := w.calls()[0]
				if got.call != test.call || got.body != test.body {
					t.Errorf("the server saw %s with body %s, want %s with %s", got.call, got.body, test.call, test.body)
				}
				want := map[string]string{
					"X-Ovh-Application": appKey, "X-Ovh-Consumer": consumerKey, "Accept": "application/json",
					"User-Agent":        "github.com/ovh/go-ovh (ovhrenew)",
					"X-Pagination-Mode": "CachedObjectList-Pages", "Pragma": "no-cache",
				}
				seen := map[string]string{}
				for name := range want {
					seen[name] = got.header.Get(name)
				}
				if diff := cmp.Diff(want, seen); diff != "" {
					t.Errorf("headers (-want +got):\n%s", diff)
				}
				if got.header.Get("X-Ovh-Signature") == "" {
					t.Error("not signed")
				}
			})
		})
	}
}

func TestUserAgent(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ own, config, want string }{
		{"", "", "github.com/ovh/go-ovh"},
		{"mine", "", "github.com/ovh/go-ovh (mine)"},
		{"mine", "ovhrenew", "github.com/ovh/go-ovh (ovhrenew)"},
	} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t)
			api := keyed(t, "http://api.test/1.0")
			api.UserAgent = test.own
			if _, err := w.client(transport.Config{API: api, UserAgent: test.config}).Do(t.Context(), read("/me")); err != nil {
				t.Fatal(err)
			}
			if got := w.calls()[0].header.Get("User-Agent"); got != test.want {
				t.Errorf("User-Agent = %q, want %q", got, test.want)
			}
		})
	}
}

func TestNoAuth(t *testing.T) {
	t.Parallel()
	for _, service := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t)
			config := transport.Config{}
			if service {
				config = serviceConfig(t)
			}
			if _, err := w.client(config).Do(t.Context(), transport.Request{Method: "GET", Path: "/auth/details", NoAuth: true}); err != nil {
				t.Fatal(err)
			}
			for _, name := range []string{"X-Ovh-Signature", "X-Ovh-Consumer", "X-Ovh-Timestamp", "Authorization"} {
				if got := w.calls()[0].header.Get(name); got != "" {
					t.Errorf("%s = %q, want none", name, got)
				}
			}
			if w.clockRequests()+w.tokens != 0 {
				t.Errorf("%d requests for the time, %d for a token, want none", w.clockRequests(), w.tokens)
			}
		})
	}
}

func TestUnfitRequests(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		send transport.Request
		want string
	}{
		{transport.Request{Method: "GET", Path: ""}, `path "" does not start with a slash`},
		{transport.Request{Method: "GET", Path: "@evil.test/"}, "does not start with a slash"},
		{transport.Request{Method: "GET", Path: "/a b"}, "byte 0x20"},
		{transport.Request{Method: "GET", Path: "/a?q=canary b"}, "byte 0x20"},
		{transport.Request{Method: "GET", Path: "/a\r\nX: y"}, "byte 0xd"},
		{transport.Request{Method: "GET", Path: "/é"}, "byte 0xc3"},
		{transport.Request{Method: "GET", Path: "/a#b"}, "byte 0x23"},
		{transport.Request{Method: "GET", Path: "/a%zz"}, ""},
		{transport.Request{Method: "GET", Path: "/a%zz?password=canary"}, ""},
		{transport.Request{Method: "GET", Path: "/a<b>"}, `path "/a<b>" would not be sent as it was signed`},
		{transport.Request{Method: "GET", Path: "/service//renew"}, `has the segment ""`},
		{transport.Request{Method: "GET", Path: "/service/"}, `has the segment ""`},
		{transport.Request{Method: "GET", Path: "/"}, `has the segment ""`},
		{transport.Request{Method: "GET", Path: "/service/./me"}, `has the segment "."`},
		{transport.Request{Method: "GET", Path: "/service/../me"}, `has the segment ".."`},
		{transport.Request{Method: "GET", Path: "/service/%2E%2e/me"}, `has the segment "%2E%2e"`},
		{transport.Request{Method: "", Path: "/a"}, "no method"},
		{transport.Request{Method: "get", Path: "/a"}, `method "get"`},
		{transport.Request{Method: "G T", Path: "/a"}, `method "G T"`},
		{transport.Request{Method: "POST", Path: "/a"}, "a POST is not a Read"},
		{transport.Request{Method: "DELETE", Path: "/a"}, "a DELETE is not a Read"},
		{transport.Request{Method: "POST", Path: "/a", Kind: 4}, "unknown kind 4"},
		{transport.Request{Method: "POST", Path: "/a", Kind: -1}, "unknown kind -1"},
		{transport.Request{Method: "POST", Path: "/a", Kind: transport.Write, Body: math.NaN()}, "body: "},
	} {
		t.Run(test.send.Method+test.send.Path, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				_, err := w.client(transport.Config{}).Do(t.Context(), test.send)
				failed, ok := errors.AsType[*transport.SendError](err)
				if !ok || !failed.NeverSent || failed.Attempts != 0 || len(w.calls()) != 0 || !strings.Contains(err.Error(), test.want) {
					t.Fatalf("Do(%+v): %v, want a SendError with %q, NeverSent", test.send, err, test.want)
				}
				noSecrets(t, err)
			})
		})
	}
}

// FuzzPath checks that whatever path is accepted is signed as it is sent, in its
// place below the endpoint.
func FuzzPath(f *testing.F) {
	for _, seed := range []string{
		"/me/order?date.from=2026-08-01T00%3A00%3A00Z", "/ip/192.0.2.0%2F24", "/v1/x", "/a;b=c", "/a:b@c", "/%", "/a?b?c", "/a%2fb",
		"/a/../b", "//x", "/x?a=b+c", "/{x}", "/x|y", "/x?{|}", `/x\y`, "/[", "/x?[]'\"", "/*", "/v2/",
	} {
		f.Add(seed)
	}
	sent := 0
	trip := roundTripper(func(r *http.Request) (*http.Response, error) {
		if r.URL.Path == "/1.0/auth/time" {
			return answer("1700000000"), nil
		}
		sent++
		uri := r.URL.RequestURI()
		received := &http.Request{Method: r.Method, Host: r.Host, RequestURI: uri, Header: r.Header}
		if got, want := r.Header.Get("X-Ovh-Signature"), signature(received, ""); got != want {
			f.Errorf("%s: signature = %s, want %s", uri, got, want)
		}
		if parsed, err := url.ParseRequestURI(uri); err != nil || r.Host != "api.test" ||
			!strings.HasPrefix(uri, "/1.0/") && !strings.HasPrefix(uri, "/v1/") && !strings.HasPrefix(uri, "/v2/") {
			f.Errorf("host %s, URI %s (%v, %v) is not below the endpoint", r.Host, uri, parsed, err)
		}
		return answer("{}"), nil
	})
	c, err := transport.New(transport.Config{API: keyed(f, "http://api.test/1.0"), Transport: trip, Limiter: unlimited{}})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, path string) {
		before := sent
		_, err := c.Do(t.Context(), read(path))
		if (err == nil) != (sent == before+1) {
			t.Errorf("Do(%q): error %v, but %d requests were sent", path, err, sent-before)
		}
	})
}

func answer(body string) *http.Response {
	return &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{}, ContentLength: int64(len(body)), Body: io.NopCloser(strings.NewReader(body)),
	}
}
