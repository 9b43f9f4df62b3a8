package transport

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

// SendError says that no complete answer came. Every error of [Client.Do] is one.
type SendError struct {
	Route string
	// NeverSent says that no complete request can have reached the server: it was
	// refused here, or its context ended before it was sent, or no attempt ever got a
	// connection, or its body was not read before NotAfter. For a Read it is known only
	// if there was no attempt.
	NeverSent bool
	Attempts  int // how often the request was handed to the transport
	// Err is why the last attempt failed: the error of the context if that ended,
	// [ErrTimeout] if the attempt took too long. It is free of secrets.
	Err error
}

// Error describes e without queries, signatures and tokens.
func (e *SendError) Error() string {
	switch {
	case e.NeverSent:
		return fmt.Sprintf("%s: not sent: %v", e.Route, e.Err)
	case e.Attempts == 1:
		return fmt.Sprintf("%s: no complete answer: %v", e.Route, e.Err)
	}
	return fmt.Sprintf("%s: no complete answer in %d attempts: %v", e.Route, e.Attempts, e.Err)
}

// Unwrap returns the cause.
func (e *SendError) Unwrap() error { return e.Err }

// ErrTimeout says that one attempt took longer than it may. It is not the error of
// a context, so that the caller's own deadline stays recognizable.
var ErrTimeout = errors.New("timeout while waiting for the answer")

// asSendError makes an error of what a request waits for the request's own.
func asSendError(route string, err error) error {
	if failed, ok := errors.AsType[*SendError](err); ok && failed.Route == route {
		return err
	}
	return &SendError{Route: route, NeverSent: true, Err: err}
}

// neverConnected reports whether err alone says that no connection was made.
func neverConnected(err error) bool {
	// A proxy's is wrapped in one of its own.
	for op, ok := errors.AsType[*net.OpError](err); ok; op, ok = errors.AsType[*net.OpError](op.Err) {
		if op.Op == "dial" {
			return true
		}
	}
	return false
}

var (
	urlQuery = regexp.MustCompile(`(https?://[^\s"'?]*)\?[^\s"']*`)
	urlUser  = regexp.MustCompile(`(https?://)[^\s"'/@]*@`)
)

// clean returns err without what must not be seen: the query of the URL, which
// may have an order's password, and the secrets of r, which may be nil.
func (c *Client) clean(err error, query string, r *http.Request) error {
	for outer, ok := err.(*url.Error); ok; outer, ok = err.(*url.Error) { //nolint:errorlint // only the outermost is of net/http
		err = outer.Err
	}
	text := err.Error()
	safe := c.redact(text, r)
	if query != "" {
		safe = strings.ReplaceAll(safe, query, "…")
	}
	switch {
	case isContextError(err):
		// Not of the caller's context, or it would not have come here.
		return errors.New(safe)
	case safe != text:
		return &cleaned{text: safe, err: err}
	}
	return err
}

// redact takes queries, credentials and the secrets of r, which may be nil, out of a text.
func (c *Client) redact(text string, r *http.Request) string {
	text = urlUser.ReplaceAllString(urlQuery.ReplaceAllString(text, "$1?…"), "$1…@")
	return hide(text, "…", c.secretsOf(r))
}

// cleaned is an error that can be recognized, but not printed.
type cleaned struct {
	text string
	err  error
}

func (e *cleaned) Error() string        { return e.text }
func (e *cleaned) Is(target error) bool { return errors.Is(e.err, target) }
