package transport

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
	"time"
)

func (c *Client) authorize(ctx context.Context, p *call, a *attempt) (err error) {
	a.signer = c.bare
	switch {
	case p.NoAuth:
	case c.credentials.appKey != "":
		a.signer, err = c.clock.get(ctx, c.fetchClock)
	case c.tokens != nil:
		a.token, err = c.currentToken(ctx)
	}
	return err
}

func (c *Client) try(ctx context.Context, p *call) (a attempt) {
	if p.stale() {
		return attempt{err: ErrStale}
	}
	if a.err = c.turn(ctx, p.Kind); a.err != nil {
		return a
	}
	if a.err = c.authorize(ctx, p, &a); a.err != nil {
		return a
	}
	timeout := c.config.ReadTimeout
	if p.Kind == Spend {
		timeout = c.config.SpendTimeout
	}
	limited, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()

	sent, connected := traceConnection(limited)
	r, err := a.signer.request(sent, p, a.token)
	if err != nil {
		a.err = c.clean(err, p.query, nil)
		return a
	}
	if p.stale() {
		a.err = ErrStale
		return a
	}
	last := p.lastCheck(r)
	a.tried, a.began = true, time.Now()
	a.answer, err = c.exchange(r)
	a.took = time.Since(a.began)
	if last != nil && last.late.Load() {
		// Without its body the request cannot have been carried out, whatever came
		// of the headers.
		a.answer, a.unsent, a.hopeless, a.err = nil, true, true, ErrStale
		return a
	}
	if err == nil {
		c.conceal(a.answer, r)
		return a
	}
	// Both are needed: the error may be of a second connection, after a first one
	// broke, and a foreign transport may not call the trace. Where the handshake failed,
	// nothing was sent either.
	a.unsent = p.Kind != Read && !connected.Load() && (neverConnected(err) || untrusted(err))
	a.hopeless = lasting(err)
	switch {
	case ctx.Err() != nil:
		a.err = ctx.Err()
	case limited.Err() != nil:
		a.err = ErrTimeout
	default:
		a.err = explain(r.URL.Host, err, c.clean(err, p.query, r))
	}
	return a
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
func (c *Client) exchange(r *http.Request) (*Response, error) {
	response, err := c.config.Transport.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	if response == nil || response.Body == nil {
		return nil, errors.New("the transport returned neither an answer nor an error")
	}
	defer response.Body.Close()
	announced := response.ContentLength
	if announced > c.config.MaxBody {
		return nil, fmt.Errorf("%w: %d bytes, of at most %d", errTooLarge, announced, c.config.MaxBody)
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, c.config.MaxBody+1))
	switch {
	case err != nil:
		return nil, err
	case int64(len(body)) > c.config.MaxBody:
		return nil, fmt.Errorf("%w: more than %d bytes", errTooLarge, c.config.MaxBody)
	case r.Method != http.MethodHead && int64(len(body)) < announced:
		// net/http sees this by itself, but other transports may not.
		return nil, io.ErrUnexpectedEOF
	}
	return &Response{Status: response.StatusCode, Header: response.Header, Body: body}, nil
}

var errTooLarge = errors.New("the answer is too large")
