package transport

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/ovh/go-ovh/ovh"
	"golang.org/x/oauth2"
)

// signer makes signed requests with a go-ovh client of its own that never reaches
// the network: the caller's would race, since NewRequest writes to its http.Client,
// and would ask for the time without a context.
type signer struct {
	offset time.Duration // the server's clock minus this one
	at     time.Time     // when that was measured
	mu     sync.Mutex    // NewRequest writes to the client
	api    *ovh.Client
}

func newSigner(login credentials) (*signer, error) {
	s := &signer{api: &ovh.Client{
		AppKey:      login.appKey,
		AppSecret:   login.appSecret,
		ConsumerKey: login.consumerKey,
		AccessToken: login.accessToken,
		UserAgent:   login.userAgent,
	}}
	s.api.Client = &http.Client{Transport: s}
	return s, s.api.SetEndpoint(login.endpoint)
}

func newTimedSigner(login credentials, offset time.Duration) (*signer, error) {
	s, err := newSigner(login)
	s.offset, s.at = offset, time.Now()
	if err == nil {
		_, err = s.api.TimeDelta() // go-ovh keeps the answer: signing asks for it no more
	}
	return s, err
}

// RoundTrip answers go-ovh's question for the time, from the clock of this machine and
// the offset to the server's.
func (s *signer) RoundTrip(*http.Request) (*http.Response, error) {
	if s.at.IsZero() {
		return nil, errors.New("signing must not use the network")
	}
	// To the nearest second: the answer has no fraction.
	now := time.Now().Add(s.offset).Round(time.Second).Unix()
	body := io.NopCloser(strings.NewReader(strconv.FormatInt(now, 10)))
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: body}, nil
}

// request returns the request for p, signed now, or with the token if there is one.
func (s *signer) request(ctx context.Context, p *call, token *oauth2.Token) (*http.Request, error) {
	s.mu.Lock()
	if token != nil {
		s.api.AccessToken = token.AccessToken
	}
	r, err := s.api.NewRequest(p.Method, p.Path, p.body, !p.NoAuth) //nolint:forbidigo // the one place, locked
	s.mu.Unlock()
	if err != nil {
		return nil, err
	}
	// What a signature covers must be what is sent.
	if !strings.HasSuffix(r.URL.RequestURI(), p.Path) {
		path, _, _ := strings.Cut(p.Path, "?")
		return nil, fmt.Errorf("path %q would not be sent as it was signed", path)
	}
	for name, values := range p.Header {
		r.Header[http.CanonicalHeaderKey(name)] = values
	}
	if p.Kind != Read {
		// Without it net/http cannot send the body a second time.
		r.GetBody = nil
	}
	return r.WithContext(ctx), nil
}

// maxDrift is how far the wall clock may run from the monotonic one before the server's
// is read anew: somebody has set it, or the machine has slept.
const maxDrift = 5 * time.Second

// Time returns the server's time, to the second: this machine's wall clock, corrected by
// an offset that is asked for once, and again after the server refused a request for its
// time.
// API: GET /auth/time
func (c *Client) Time(ctx context.Context) (time.Time, error) {
	for {
		s, err := c.clock.get(ctx, c.fetchClock)
		if err != nil {
			return time.Time{}, asSendError("GET /auth/time", err)
		}
		now := time.Now()
		if drift(now, s.at) <= maxDrift {
			return now.Round(0).Add(s.offset), nil
		}
		c.clock.drop(s)
	}
}

// drift is how far the wall clock has run from the monotonic one since a time.
func drift(now, since time.Time) time.Duration {
	return (now.Round(0).Sub(since.Round(0)) - now.Sub(since)).Abs()
}

// notTheAPI is the error of a clock that everybody may read and that is not there: it is
// the first request of a program, and what answers may be no API at all.
func (c *Client) notTheAPI(route, how string, status int) error {
	why := ""
	switch {
	case status == http.StatusProxyAuthRequired:
		why = ": the proxy wants a login: put user and password into HTTP_PROXY"
	case status >= http.StatusInternalServerError || status == http.StatusTooManyRequests || status == http.StatusRequestTimeout:
		return fmt.Errorf("%w: %s answered %s", ErrTrouble, route, how)
	case strings.HasPrefix(c.endpoint, "http:") && (status == http.StatusBadRequest || status/100 == 3):
		why = ": does it want https? The endpoint is " + c.endpoint
	default:
		why = ": is the endpoint " + c.endpoint + " the API's? Those of OVHcloud end with /1.0"
	}
	return fmt.Errorf("%s answered %s%s", route, how, why)
}

// ErrTrouble says that the server could not answer, which may be otherwise soon.
var ErrTrouble = errors.New("server trouble")

func (c *Client) fetchClock(ctx context.Context) (*signer, error) {
	const route = "GET /auth/time"
	p, err := newCall(Request{Method: http.MethodGet, Path: "/auth/time", Route: route, NoAuth: true, Header: http.Header{"Pragma": {"no-cache"}}})
	if err != nil {
		return nil, err
	}
	a, failed := c.do(ctx, p, c.try)
	if failed != nil {
		return nil, failed
	}
	var seconds int64
	switch status := a.answer.Status; {
	case status != http.StatusOK:
		return nil, c.notTheAPI(route, fmt.Sprintf("with status %d", status), status)
	case json.Unmarshal(a.answer.Body, &seconds) != nil || seconds <= 0:
		return nil, c.notTheAPI(route, "with something other than a time", status)
	}
	// The server read its clock somewhere between sending and receiving.
	middle := a.began.Add(a.took / 2)
	age, _ := strconv.ParseUint(a.answer.Header.Get("Age"), 10, 31) // in a cache
	return newTimedSigner(*c.credentials, time.Duration(seconds+int64(age)-middle.Unix())*time.Second)
}
