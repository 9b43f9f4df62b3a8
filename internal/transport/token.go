package transport

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"time"

	"github.com/ovh/go-ovh/ovh"
	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

// tokenURL is where OVHcloud gives tokens for that endpoint, or empty.
func tokenURL(endpoint string) string {
	switch endpoint {
	case ovh.OvhEU:
		return "https://www.ovh.com/auth/oauth2/token"
	case ovh.OvhCA:
		return "https://ca.ovh.com/auth/oauth2/token"
	case ovh.OvhUS:
		return "https://us.ovhcloud.com/auth/oauth2/token"
	}
	return ""
}

// token is an OAuth2 token, told from a later one by its address.
type token struct{ *oauth2.Token }

func tokenConfig(login credentials, address string) (*clientcredentials.Config, error) {
	if address == "" {
		address = tokenURL(login.endpoint)
	}
	if address == "" {
		return nil, fmt.Errorf("Config.TokenURL is missing, and for the endpoint %s none is known", login.endpoint)
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil {
		return nil, errors.New("Config.TokenURL is not a plain http or https URL")
	}
	return &clientcredentials.Config{
		ClientID:     login.clientID,
		ClientSecret: login.clientSecret,
		TokenURL:     address,
		Scopes:       []string{"all"},
	}, nil
}

// currentToken returns a token that is good for some seconds more.
func (c *Client) currentToken(ctx context.Context) (*token, error) {
	t, err := c.token.get(ctx, c.fetchToken)
	if err != nil || t.Valid() {
		return t, err
	}
	c.token.drop(t)
	return c.token.get(ctx, c.fetchToken)
}

// fetchToken asks for a token until there is one. That is no part of the request
// that waits for it, so it is repeated like a Read. It is not paced by the limiter,
// which is for the API's own host.
func (c *Client) fetchToken(ctx context.Context) (*token, error) {
	p := &call{Request: Request{Route: "POST token endpoint"}}
	ctx = withRoute(ctx, p.Route)
	again := c.newRetry()
	for n := 1; ; n++ {
		began := time.Now()
		t, err := c.requestToken(ctx)
		a := attempt{tried: true, took: time.Since(began)}
		if err == nil {
			c.log(ctx, p, n, a, "")
			return &token{t}, nil
		}
		a.err = err
		var failed *tokenError
		if !errors.As(err, &failed) || !failed.transient {
			c.log(ctx, p, n, a, "")
			return nil, err
		}
		pause := again.pause(failed.asked)
		if !again.allow(pause) {
			c.log(ctx, p, n, a, "")
			return nil, err
		}
		c.log(ctx, p, n, a, "again in "+pause.String())
		if err := sleep(ctx, pause); err != nil {
			return nil, err
		}
	}
}

// ErrLogin says that the token endpoint refused the OAuth2 client.
var ErrLogin = errors.New("the token endpoint refuses the OAuth2 client")

// tokenError says why there is no token. It never has the answer of the token
// endpoint in it, which may repeat what it was sent.
type tokenError struct {
	reason    string
	err       error // clean, or nil
	transient bool
	asked     time.Duration // the pause that the server asked for
}

func (e *tokenError) Error() string { return "OAuth2 sign-in: " + e.reason }
func (e *tokenError) Unwrap() error { return e.err }

// loginRefused reports whether an answer of the token endpoint is about the client that
// asked, rather than about the address or the moment: by its status, or by its code.
func loginRefused(status int, code string) bool {
	switch code {
	case "invalid_client", "unauthorized_client", "invalid_grant", "access_denied":
		return true
	}
	return status == http.StatusUnauthorized || status == http.StatusForbidden
}

// requestToken asks once. The error is that of ctx if that ended, and else a
// tokenError.
func (c *Client) requestToken(ctx context.Context) (*oauth2.Token, error) {
	limited, cancel := context.WithTimeout(ctx, c.readTimeout)
	defer cancel()
	t, err := c.tokens.Token(context.WithValue(limited, oauth2.HTTPClient, &http.Client{
		Transport: c.transport,
		// A redirect would take the client secret to another host.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}))
	if err == nil {
		return t, nil
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if limited.Err() != nil {
		return nil, &tokenError{reason: ErrTimeout.Error(), err: ErrTimeout, transient: true}
	}
	if refused, ok := errors.AsType[*oauth2.RetrieveError](err); ok && refused.Response != nil {
		status := refused.Response.StatusCode
		reason := fmt.Sprintf("status %d", status)
		if errorCode.MatchString(refused.ErrorCode) {
			reason += " " + refused.ErrorCode
		}
		failed := &tokenError{transient: transient(status), asked: retryAfter(refused.Response.Header)}
		switch {
		case loginRefused(status, refused.ErrorCode):
			failed.err, failed.transient = ErrLogin, false
			reason = ErrLogin.Error() + ": " + reason
		case !failed.transient:
			reason = "check Config.TokenURL, " + c.tokens.TokenURL + ": " + reason
		}
		failed.reason = c.redact(reason)
		return nil, failed
	}
	if _, ok := errors.AsType[*url.Error](err); ok {
		lost := !untrusted(err) && !proxyDenies(err) && !speaksHTTP(err)
		err = explain(c.tokenHost(), err, c.clean(err, "", nil))
		return nil, &tokenError{reason: err.Error(), err: err, transient: lost}
	}
	return nil, &tokenError{reason: c.redact("check Config.TokenURL, " + c.tokens.TokenURL + ": the answer has none")}
}

// tokenHost is the host of the token endpoint.
func (c *Client) tokenHost() string {
	u, err := url.Parse(c.tokens.TokenURL)
	if err != nil {
		return "the token endpoint"
	}
	return u.Host
}

// errorCode is the form of the error codes of RFC 6749.
var errorCode = regexp.MustCompile(`^[a-z_]{1,40}$`)
