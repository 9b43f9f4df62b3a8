// Package transport sends requests to OVHcloud's API: it is the only place of the
// library that knows HTTP. It signs, paces, repeats what may be repeated, bounds
// time and size, and keeps secrets out of errors and logs. What an answer means is
// not its business.
package transport

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"golang.org/x/oauth2"
)

// Do sends r and returns the answer, whatever its status: redirects are not
// followed. A Read or Harmless is repeated, signed anew, when no complete answer came and on
// status 408, 429, 500, 502, 503 and 504; then the last answer counts. A Write or
// Spend is repeated only when no connection was made. A 429 holds back all requests
// of c. The error is a *[SendError], and says that there is no complete answer.
func (c *Client) Do(ctx context.Context, r Request) (*Response, error) {
	p, err := newCall(r)
	if err != nil {
		return nil, &SendError{Route: p.Route, NeverSent: true, Err: c.clean(err, p.query, nil)}
	}
	a, failed := c.do(ctx, p, c.try)
	if failed != nil {
		return nil, failed
	}
	return a.answer, nil
}

type attempt struct {
	answer   *Response     // complete, unless err
	err      error         // clean
	tried    bool          // the request was handed to the transport
	unsent   bool          // and certainly got no connection
	hopeless bool          // err would be the same again
	asked    time.Duration // the pause that the server asked for
	began    time.Time
	took     time.Duration
	signer   *signer       // that signed it
	token    *oauth2.Token // that it was sent with, or nil
}

// do makes attempts until one has an answer that counts, or none may be made.
func (c *Client) do(ctx context.Context, p *call, try func(context.Context, *call) attempt) (attempt, *SendError) {
	ctx = context.WithValue(ctx, routeKey{}, p.Route)
	failed := &SendError{Route: p.Route, NeverSent: true}
	again := retry{left: c.config.Attempts - 1, bound: firstBackoff, budget: c.config.RetryFor}
	refreshed := false
	for {
		a := try(ctx, p)
		if a.tried {
			failed.Attempts++
			failed.NeverSent = failed.NeverSent && a.unsent
		}
		if c.refused(a) && p.Kind.repeatable() && !refreshed {
			refreshed = true
			c.log(ctx, p, failed.Attempts, a, "again, signed anew")
			continue
		}
		next := ""
		pause, repeat := c.judge(ctx, p.Kind, a, &again)
		if repeat {
			next = "again in " + pause.String()
		}
		c.log(ctx, p, failed.Attempts, a, next)
		if repeat {
			if a.err = sleep(ctx, pause); a.err == nil {
				continue
			}
		}
		if a.err == nil {
			return a, nil
		}
		failed.Err = a.err
		return a, failed
	}
}

// judge decides whether there is another attempt, and after which pause.
func (c *Client) judge(ctx context.Context, kind Kind, a attempt, again *retry) (pause time.Duration, repeat bool) {
	switch {
	case a.err != nil && (!a.tried || a.hopeless || ctx.Err() != nil):
		return 0, false
	case a.err != nil:
	case a.answer == nil || !transient(a.answer.Status):
		return 0, false
	default:
		a.asked = retryAfter(a.answer.Header)
	}
	pause = again.pause(a.asked)
	if a.answer != nil && a.answer.Status == http.StatusTooManyRequests {
		// No longer than any call would wait: a server that asks for an hour must
		// not make a client look dead.
		held := min(pause, c.config.RetryFor)
		c.pause.extend(held)
		if shared, ok := c.config.Limiter.(pauser); ok {
			shared.Pause(held)
		}
	}
	return pause, (a.unsent || kind.repeatable()) && again.allow(pause)
}

// refused reports whether the answer was to the time of the signature or to the
// token rather than to the request. Those are then read again for the next request,
// and may be for this one if it is harmless: that a request refused so was not
// carried out is likely, but promised nowhere.
func (c *Client) refused(a attempt) bool {
	switch {
	case a.err != nil || a.answer == nil:
		return false
	case a.signer != c.bare && clockDoubtful(*a.answer):
		c.clock.drop(a.signer)
		return true
	case a.token != nil && a.answer.Status == http.StatusUnauthorized:
		c.token.drop(a.token)
		return true
	}
	return false
}

// clockDoubtful reports whether an answer may mean that the request was signed with a
// wrong time. Some of those blame the signature or the key instead.
func clockDoubtful(r Response) bool {
	var body struct{ ErrorCode, Message string }
	if r.Status < http.StatusBadRequest || json.Unmarshal(r.Body, &body) != nil {
		return false
	}
	switch r.Status {
	case http.StatusBadRequest:
		return body.ErrorCode == "QUERY_TIME_OUT" || strings.EqualFold(body.Message, "Query out of time") || strings.EqualFold(body.Message, "Invalid signature")
	case http.StatusForbidden:
		return strings.EqualFold(body.Message, "This application key is invalid")
	}
	return false
}
