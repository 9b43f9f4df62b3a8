package transport

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"slices"
	"strings"
	"sync/atomic"
	"time"
)

// authority is what a request is signed with.
type authority struct {
	signer *signer
	clock  bool   // the signature has the time in it
	token  *token // of OAuth2, or nil
}

func (c *Client) authorize(ctx context.Context, p *call) (authority, error) {
	switch {
	case p.NoAuth:
	case c.credentials.appKey != "":
		s, err := c.clock.get(ctx, c.fetchClock)
		return authority{signer: s, clock: true}, err
	case c.tokens != nil:
		t, err := c.currentToken(ctx)
		return authority{signer: c.bare, token: t}, err
	}
	return authority{signer: c.bare}, nil
}

// try makes one attempt.
func (c *Client) try(ctx context.Context, p *call) (a attempt) {
	if p.stale() {
		return attempt{err: ErrStale}
	}
	if a.err = c.turn(ctx, p.Kind); a.err != nil {
		return a
	}
	if a.authority, a.err = c.authorize(ctx, p); a.err != nil {
		return a
	}
	timeout := c.readTimeout
	if p.Kind == Spend {
		timeout = c.spendTimeout
	}
	limited, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()

	sent := limited
	var connected *atomic.Bool
	if p.Kind != Read {
		sent, connected = traceConnection(limited)
	}
	var token string
	if a.authority.token != nil {
		token = a.authority.token.AccessToken
	}
	r, err := a.authority.signer.request(sent, p, token)
	if err != nil {
		a.err = c.clean(err, p.query, nil)
		return a
	}
	if p.stale() {
		a.err = ErrStale
		return a
	}
	last := p.lastCheck(r)
	a.tried = true
	began := time.Now()
	response, err := c.exchange(r)
	a.took = time.Since(began)
	if last.failed() {
		// Without its body the request cannot have been carried out, whatever came
		// of the headers.
		a.unsent, a.hopeless, a.err = true, true, ErrStale
		return a
	}
	if err == nil {
		if response.Status >= http.StatusBadRequest {
			response.Body = c.hide(response.Body, r)
		}
		a.answer = &answer{Response: response, began: began, took: a.took}
		return a
	}
	a.fail(ctx, limited, err, connected)
	if a.err == nil {
		a.err = explain(r.URL.Host, err, c.clean(err, p.query, r))
	}
	return a
}

// fail takes in that nothing was answered. It leaves out what the error is called, unless
// a context has ended.
func (a *attempt) fail(ctx, limited context.Context, err error, connected *atomic.Bool) {
	// Both are needed: the error may be of a second connection, after a first one
	// broke, and a foreign transport may not call the trace.
	a.unsent = connected != nil && neverConnected(err) && !connected.Load()
	if untrusted(err) {
		// The handshake failed, before anything was sent.
		a.unsent, a.hopeless = connected != nil && !connected.Load(), true
	}
	a.hopeless = a.hopeless || proxyDenies(err) || speaksHTTP(err)
	a.hopeless = a.hopeless || errors.Is(err, errTooLarge)
	switch {
	case ctx.Err() != nil:
		a.err = ctx.Err()
	case limited.Err() != nil:
		a.err = ErrTimeout
	}
}

// shortestHidden is the length from which on a credential is looked for in answers: a
// shorter one may be a word, and the answer is JSON. OVHcloud's have 16 or more.
const shortestHidden = 12

// hide takes out of an answer that refuses the request what it repeats of the
// credentials, as the page of a proxy may.
func (c *Client) hide(body []byte, r *http.Request) []byte {
	secrets := slices.Clone(c.secrets)
	for _, name := range []string{"X-Ovh-Application", "X-Ovh-Consumer", "X-Ovh-Signature", "Authorization", "Cookie"} {
		for _, value := range r.Header.Values(name) {
			secrets = append(secrets, value, strings.TrimPrefix(value, "Bearer "))
		}
	}
	for _, secret := range secrets {
		if len(secret) >= shortestHidden {
			body = bytes.ReplaceAll(body, []byte(secret), []byte("REDACTED"))
		}
	}
	return body
}

// traceConnection returns a flag that is set when a request with the context that it
// returns is given a connection.
func traceConnection(ctx context.Context) (context.Context, *atomic.Bool) {
	connected := new(atomic.Bool)
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn:      func(httptrace.GotConnInfo) { connected.Store(true) },
		WroteHeaders: func() { connected.Store(true) },
	}), connected
}

// exchange sends r and reads the whole answer. It is not an http.Client's business,
// since that follows redirects, or reads them: a 307 would post an order, with its
// signature, to another host.
func (c *Client) exchange(r *http.Request) (Response, error) {
	if c.jar != nil {
		for _, cookie := range c.jar.Cookies(r.URL) {
			r.AddCookie(cookie)
		}
	}
	response, err := c.transport.RoundTrip(r)
	if err != nil {
		return Response{}, err
	}
	if response == nil || response.Body == nil {
		return Response{}, errors.New("the transport returned neither an answer nor an error")
	}
	defer response.Body.Close()
	if cookies := response.Cookies(); c.jar != nil && len(cookies) > 0 {
		c.jar.SetCookies(r.URL, cookies)
	}
	body, err := c.readBody(r.Method, response)
	if err != nil {
		return Response{}, err
	}
	return Response{Status: response.StatusCode, Header: response.Header, Body: body}, nil
}

var errTooLarge = errors.New("the answer is too large")

// readBody reads a body of at most MaxBody bytes, in one allocation if its size is
// announced and sensible.
func (c *Client) readBody(method string, response *http.Response) ([]byte, error) {
	announced := response.ContentLength
	if announced > c.maxBody {
		return nil, fmt.Errorf("%w: %d bytes, of at most %d", errTooLarge, announced, c.maxBody)
	}
	const sensible = 1 << 20
	body := make([]byte, 0, max(512, min(announced, sensible)+1))
	for {
		n, err := response.Body.Read(body[len(body):cap(body)])
		body = body[:len(body)+n]
		switch {
		case int64(len(body)) > c.maxBody:
			return nil, fmt.Errorf("%w: more than %d bytes", errTooLarge, c.maxBody)
		case err == io.EOF:
			// net/http sees by itself that a body is shorter than announced, but
			// other transports may not.
			if method != http.MethodHead && int64(len(body)) < announced {
				return nil, io.ErrUnexpectedEOF
			}
			return body, nil
		case err != nil:
			return nil, err
		case len(body) == cap(body):
			body = append(body, 0)[:len(body)]
		}
	}
}
