package transport_test

import (
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ovh/go-ovh/ovh"
	"github.com/ovhrenew/ovhrenew/internal/transport"
)

// issue answers with a new token each time.
func issue(w *world, seconds int) http.HandlerFunc {
	return func(rw http.ResponseWriter, _ *http.Request) {
		w.mu.Lock()
		n := w.tokens
		w.mu.Unlock()
		rw.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprintf(rw, `{"access_token":"canaryToken%04d","token_type":"Bearer","expires_in":%d}`, n, seconds)
	}
}

func serviceConfig(t *testing.T) transport.Config {
	return transport.Config{API: service(t, "http://api.test/1.0"), TokenURL: "http://token.test/token"}
}

func TestTokenIsShared(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.token = func(rw http.ResponseWriter, r *http.Request) {
			pass(t, time.Second)
			issue(w, 3600)(rw, r)
		}
		c := w.client(serviceConfig(t))
		for range 2 {
			for _, err := range many(20, func() error { _, err := c.Do(t.Context(), post(transport.Spend)); return err }) {
				if err != nil {
					t.Error(err)
				}
			}
		}
		for _, call := range w.calls() {
			if got := call.header.Get("Authorization"); got != "Bearer canaryToken0001" {
				t.Errorf("Authorization = %q, want the first token", got)
			}
		}
		if w.tokens != 1 || w.clockRequests() != 0 {
			t.Errorf("%d tokens, %d times asked for, want 1 and 0", w.tokens, w.clockRequests())
		}
		pass(t, 2*time.Hour)
		if _, err := c.Do(t.Context(), read("/me")); err != nil {
			t.Fatal(err)
		}
		calls := w.calls()
		if got := calls[len(calls)-1].header.Get("Authorization"); got != "Bearer canaryToken0002" {
			t.Errorf("Authorization after the expiry = %q, want a new token", got)
		}
	})
}

func TestTokenRefusedByTheAPI(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		send             transport.Request
		status, requests int
	}{
		{read("/me"), 200, 2},
		{post(transport.Spend), 401, 1},
	} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, status(401))
			w.token = issue(w, 0) // no expiry known
			c := w.client(serviceConfig(t))
			r, err := c.Do(t.Context(), test.send)
			if err != nil || r.Status != test.status || len(w.calls()) != test.requests {
				t.Errorf("Do(%s) = %v, %v, %d requests; want status %d, %d", test.send.Route, r, err, len(w.calls()), test.status, test.requests)
			}
			if r, err = c.Do(t.Context(), test.send); err != nil || r.Status != 200 || w.tokens != 2 {
				t.Errorf("next Do = %v, %v, %d tokens; want status 200 and 2", r, err, w.tokens)
			}
		})
	}
}

func TestNoToken(t *testing.T) {
	t.Parallel()
	echo := func(code int) http.HandlerFunc {
		return func(rw http.ResponseWriter, r *http.Request) {
			user, pass, _ := r.BasicAuth()
			text(code, "not for "+user+" with "+pass+clientPass+clientID)(rw, r)
		}
	}
	code := func(status int, code string) http.HandlerFunc {
		return func(rw http.ResponseWriter, _ *http.Request) {
			rw.Header().Set("Content-Type", "application/json")
			rw.WriteHeader(status)
			_, _ = fmt.Fprintf(rw, `{"error":%q,"error_description":%q}`, code, clientPass)
		}
	}
	refusal := func(word string) http.HandlerFunc { return code(http.StatusUnauthorized, word) }
	for _, test := range []struct {
		name   string
		answer http.HandlerFunc
		text   string
		tried  int // at the least
	}{
		{"refused", refusal("invalid_client"), "refuses the OAuth2 client: status 401 invalid_client", 1},
		{"refused by the code alone", code(400, "invalid_client"), "refuses the OAuth2 client: status 400 invalid_client", 1},
		{"refused for the grant", code(400, "unauthorized_client"), "refuses the OAuth2 client: status 400 unauthorized_client", 1},
		{"a page of somebody's", text(200, "<html>Log in</html>"), "check Config.TokenURL, http://token.test/token: the answer has none", 1},
		{"a page that is not there", text(404, "<html>no</html>"), "check Config.TokenURL, http://token.test/token: status 404", 1},
		{"refused with an odd code", refusal(clientPass), "status 401", 1},
		{"refused with words", refusal("Go away, EU.x"), "status 401", 1},
		{"refused with an echo", echo(400), "status 400", 1},
		{"out of order", echo(503), "status 503", 4},
		{"redirect", status(307, "Location", "http://api.test/1.0/stolen"), "status 307", 1},
		{"no token", text(200, `{"token":"x"}`), "the answer has none", 1},
		{"connection lost", lose, "EOF", 4},
		{"hangs", hang, transport.ErrTimeout.Error(), 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				w.token = test.answer
				c := w.client(serviceConfig(t))
				_, err := c.Do(t.Context(), post(transport.Spend))
				failed, ok := errors.AsType[*transport.SendError](err)
				if !ok || !failed.NeverSent || len(w.calls()) != 0 || !strings.HasSuffix(err.Error(), test.text) {
					t.Fatalf("Do: %v, want a SendError with %q, NeverSent", err, test.text)
				}
				if w.tokens < test.tried {
					t.Errorf("asked %d times for a token, want at least %d", w.tokens, test.tried)
				}
				noSecrets(t, err)
				if test.name == "hangs" && !errors.Is(err, transport.ErrTimeout) {
					t.Errorf("errors.Is(%v, ErrTimeout) = false, want true", err)
				}
			})
		})
	}
}

func TestTokenAfterTrouble(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.token = func(rw http.ResponseWriter, r *http.Request) {
			w.set(func() { w.token = issue(w, 60) })
			status(503)(rw, r)
		}
		if _, err := w.client(serviceConfig(t)).Do(t.Context(), post(transport.Spend)); err != nil {
			t.Error(err)
		}
	})
}

// A token endpoint whose certificate is not trusted is not asked again, and told without
// secrets.
func TestTokenUntrusted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, asked := newWorld(t), 0
		config := serviceConfig(t)
		config.Transport = roundTripper(func(*http.Request) (*http.Response, error) {
			asked++
			return nil, fmt.Errorf("as %s: %w", clientPass, x509.UnknownAuthorityError{})
		})
		_, err := w.client(config).Do(t.Context(), post(transport.Spend))
		if failed, ok := errors.AsType[*transport.SendError](err); !ok || !failed.NeverSent || asked > 2 || // in a header, and in a form
			!strings.Contains(err.Error(), "OAuth2 sign-in: the certificate of token.test") {
			t.Errorf("Do: %v after %d requests, want what is wrong with the certificate, and no repetition", err, asked)
		}
		noSecrets(t, err)
	})
}

func TestAccessToken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		api := &ovh.Client{AccessToken: accessToken}
		if err := api.SetEndpoint("http://api.test/1.0"); err != nil {
			t.Fatal(err)
		}
		c := w.client(transport.Config{API: api})
		if _, err := c.Do(t.Context(), read("/me")); err != nil {
			t.Fatal(err)
		}
		if got := w.calls()[0].header.Get("Authorization"); got != "Bearer "+accessToken {
			t.Errorf("Authorization = %q, want the token", got)
		}
		if _, err := c.ClockOffset(t.Context()); err != nil || w.clockRequests() != 1 {
			t.Errorf("ClockOffset(): %v, %d requests, want 1", err, w.clockRequests())
		}
	})
}
