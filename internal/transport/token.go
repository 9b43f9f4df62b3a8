package transport

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"time"

	"github.com/ovh/go-ovh/ovh"
	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

var tokenURLs = map[string]string{
	ovh.OvhEU: "https://www.ovh.com/auth/oauth2/token",
	ovh.OvhCA: "https://ca.ovh.com/auth/oauth2/token",
	ovh.OvhUS: "https://us.ovhcloud.com/auth/oauth2/token",
}

func tokenConfig(login credentials, address string) (*clientcredentials.Config, error) {
	if address = cmp.Or(address, tokenURLs[login.endpoint]); address == "" {
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
func (c *Client) currentToken(ctx context.Context) (*oauth2.Token, error) {
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
func (c *Client) fetchToken(ctx context.Context) (t *oauth2.Token, err error) {
	p := &call{Request: Request{Route: "POST token endpoint"}}
	_, failed := c.do(ctx, p, func(ctx context.Context, _ *call) (a attempt) {
		t, a = c.requestToken(ctx)
		return a
	})
	if failed != nil {
		return nil, fmt.Errorf("OAuth2 sign-in: %w", failed.Err)
	}
	return t, nil
}

// ErrLogin says that the token endpoint refused the OAuth2 client.
var ErrLogin = errors.New("the token endpoint refuses the OAuth2 client")

// loginRefused reports whether an answer of the token endpoint is about the client that
// asked, rather than about the address or the moment: by its status, or by its code.
func loginRefused(status int, code string) bool {
	return slices.Contains([]string{"invalid_client", "unauthorized_client", "invalid_grant", "access_denied"}, code) ||
		status == http.StatusUnauthorized || status == http.StatusForbidden
}

// requestToken asks once. The error never has the answer of the token endpoint in it,
// which may repeat what it was sent.
func (c *Client) requestToken(ctx context.Context) (*oauth2.Token, attempt) {
	limited, cancel := context.WithTimeout(ctx, c.config.ReadTimeout)
	defer cancel()
	a := attempt{tried: true, began: time.Now()}
	t, err := c.tokens.Token(context.WithValue(limited, oauth2.HTTPClient, &http.Client{
		Transport: c.config.Transport,
		// A redirect would take the client secret to another host.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}))
	a.took = time.Since(a.began)
	refused, _ := errors.AsType[*oauth2.RetrieveError](err)
	lost, _ := errors.AsType[*url.Error](err)
	switch {
	case err == nil:
	case ctx.Err() != nil:
		a.err = ctx.Err()
	case limited.Err() != nil:
		a.err = ErrTimeout
	case refused != nil && refused.Response != nil:
		c.tokenRefused(&a, refused)
	case lost != nil:
		host, _ := url.Parse(c.tokens.TokenURL) // which tokenConfig has found to be one
		a.hopeless = lasting(err)
		a.err = explain(host.Host, err, c.clean(err, "", nil))
	default:
		a.hopeless, a.err = true, fmt.Errorf("check Config.TokenURL, %s: the answer has none", c.redact(c.tokens.TokenURL, nil))
	}
	return t, a
}

func (c *Client) tokenRefused(a *attempt, refused *oauth2.RetrieveError) {
	status := refused.Response.StatusCode
	reason := fmt.Sprintf("status %d", status)
	if errorCode.MatchString(refused.ErrorCode) {
		reason = c.redact(reason+" "+refused.ErrorCode, nil)
	}
	a.asked = retryAfter(refused.Response.Header)
	switch {
	case loginRefused(status, refused.ErrorCode):
		a.hopeless, a.err = true, fmt.Errorf("%w: %s", ErrLogin, reason)
	case transient(status):
		a.err = errors.New(reason)
	default:
		a.hopeless, a.err = true, fmt.Errorf("check Config.TokenURL, %s: %s", c.redact(c.tokens.TokenURL, nil), reason)
	}
}

// errorCode is the form of the error codes of RFC 6749.
var errorCode = regexp.MustCompile(`^[a-z_]{1,40}$`)
