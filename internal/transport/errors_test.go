package transport_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/ovhrenew/ovhrenew/internal/transport"
)

var canaries = []string{
	"canary", "%24canary", "$1$", "password", "esign",
}

// noSecrets fails if any way to print err, or anything it wraps, shows a secret.
func noSecrets(t *testing.T, err error) {
	t.Helper()
	all := []error{err}
	for i := 0; i < len(all); i++ {
		for _, verb := range []string{"%v", "%+v", "%#v", "%q", "%s"} {
			noCanary(t, fmt.Sprintf(verb, all[i]))
		}
		switch e := all[i].(type) { //nolint:errorlint // it walks the tree itself
		case interface{ Unwrap() error }:
			if inner := e.Unwrap(); inner != nil {
				all = append(all, inner)
			}
		case interface{ Unwrap() []error }:
			all = append(all, e.Unwrap()...)
		}
	}
	if u, ok := errors.AsType[*url.Error](err); ok {
		t.Errorf("a url.Error, which has the whole URL, is within: %v", u)
	}
}

func noCanary(t *testing.T, text string) {
	t.Helper()
	for _, canary := range canaries {
		if strings.Contains(text, canary) {
			t.Errorf("%q is seen in %s", canary, text)
		}
	}
}

func TestSecretsStayOutOfErrorsAndLogs(t *testing.T) {
	t.Parallel()
	secret := transport.Request{
		Method: "POST", Route: "POST /me/order/{orderId}/pay", Kind: transport.Spend,
		Path:   "/me/order/7/pay?password=canaryQuery&esign=canarySign",
		Body:   map[string]string{"x": "canaryBody"},
		Header: http.Header{"X-Extra": {"canaryHeader"}, "Cookie": {"session=canaryCookie"}},
	}
	get := secret
	get.Method, get.Kind, get.Body = "GET", transport.Read, nil
	// What a careless transport might say.
	careless := map[string]func(*http.Request) error{
		"url":     func(r *http.Request) error { return fmt.Errorf("no responder for %s", r.URL) },
		"url err": func(r *http.Request) error { return &url.Error{Op: "Post", URL: r.URL.String(), Err: errors.New("x")} },
		"wrapped": func(r *http.Request) error {
			return fmt.Errorf("oh: %w", &url.Error{Op: "Post", URL: r.URL.String(), Err: errors.New("x")})
		},
		"elsewhere": func(*http.Request) error { return errors.New("saw https://pay.test/?orderPassword=canary") },
		"uri":       func(r *http.Request) error { return errors.New(r.URL.RequestURI()) },
		"proxy":     func(*http.Request) error { return errors.New("proxy http://me:canaryProxy@proxy.test refused") },
		"headers": func(r *http.Request) error {
			h := r.Header.Clone()
			h.Del("X-Extra")
			return fmt.Errorf("could not send %v", h)
		},
	}
	for name, fail := range careless {
		for _, send := range []transport.Request{secret, get} {
			t.Run(name+" "+send.Method, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					w := newWorld(t)
					w.token = issue(w, 60)
					trip := roundTripper(func(r *http.Request) (*http.Response, error) {
						if r.URL.Path == "/1.0/auth/time" || r.URL.Host == "token.test" {
							return w.wire.RoundTrip(r)
						}
						return nil, fail(r)
					})
					for _, config := range []transport.Config{{API: keyed(t, "http://api.test/1.0")}, serviceConfig(t)} {
						var log bytes.Buffer
						config.Transport = trip
						config.Logger = slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
						_, err := w.client(config).Do(t.Context(), send)
						if err == nil {
							t.Fatal("Do: no error")
						}
						noSecrets(t, err)
						noCanary(t, log.String())
						if !strings.Contains(log.String(), send.Route) {
							t.Errorf("the log has no %s: %s", send.Route, log.String())
						}
					}
				})
			})
		}
	}
}

func TestRecognizableThoughRedacted(t *testing.T) {
	t.Parallel()
	reason := errors.New("reason")
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		c := w.client(transport.Config{Attempts: 1, Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
			return nil, fmt.Errorf("%s: %w", r.URL, reason)
		})})
		_, err := c.Do(t.Context(), transport.Request{Method: "GET", Path: "/x?password=canary", Route: "GET /x", NoAuth: true})
		if !errors.Is(err, reason) {
			t.Errorf("errors.Is(%v, reason) = false, want true", err)
		}
		noSecrets(t, err)
	})
}
