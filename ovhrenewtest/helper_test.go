// What the tests of this package share.

package ovhrenewtest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ovh/go-ovh/ovh"

	. "github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// object is a decoded JSON object.
type object = map[string]any

// start returns a server with the guide's account.
func start(t *testing.T, b Behaviour) *Server {
	t.Helper()
	s := Start(t, b)
	Guide(s)
	return s
}

// clocked is start with a clock that stands still until it is moved on.
func clocked(t *testing.T, b Behaviour) (*Server, *Clock) {
	t.Helper()
	clock := NewClock(time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC))
	s := Start(t, b)
	s.SetNow(clock.Now)
	Guide(s)
	return s, clock
}

// call sends a request through go-ovh.
func call(ctx context.Context, api *ovh.Client, method, path string, body, into any) error {
	return api.CallAPIWithContext(ctx, method, path, body, into, true) //nolint:forbidigo // go-ovh itself is the client here
}

// get reads a path of the server with a fresh client.
func get[T any](t *testing.T, s *Server, path string) T {
	t.Helper()
	var v T
	if err := call(t.Context(), s.Client(), "GET", path, nil, &v); err != nil {
		t.Fatalf("GET %s: %v", path, err)
	}
	return v
}

// send posts or puts a body, which is JSON text.
func send(t *testing.T, s *Server, method, path, body string) (object, error) {
	t.Helper()
	var v object
	var raw any
	if body != "" {
		raw = json.RawMessage(body)
	}
	err := call(t.Context(), s.Client(), method, path, raw, &v)
	return v, err
}

// mustSend is send for what has to work.
func mustSend(t *testing.T, s *Server, method, path, body string) object {
	t.Helper()
	v, err := send(t, s, method, path, body)
	if err != nil {
		t.Fatalf("%s %s %s: %v", method, path, body, err)
	}
	return v
}

// order orders the VPS of the guide for three months and returns the order's path.
func order(t *testing.T, s *Server) string {
	t.Helper()
	o := mustSend(t, s, "POST", fmt.Sprintf("/service/%d/renew", GuideVPSID), vpsOrder)
	return fmt.Sprintf("/me/order/%v", o["orderId"])
}

const (
	vpsOrder   = `{"dryRun":false,"duration":"P3M","services":[11223344]}`
	payDefault = `{"paymentMethod":{"id":5678901}}`
	payPayPal  = `{"paymentMean":"paypal","paymentMeanId":1234}`
)

// failure describes an error of go-ovh, as "STATUS class: message".
func failure(err error) string {
	var e *ovh.APIError
	if !errors.As(err, &e) {
		return fmt.Sprint(err)
	}
	return strings.TrimSpace(fmt.Sprintf("%d %s: %s", e.Code, e.Class, e.Message))
}

// wantFailure fails the test unless an error is described like that.
func wantFailure(t *testing.T, what string, err error, want string) {
	t.Helper()
	if got := failure(err); got != want {
		t.Errorf("%s: %s, want %s", what, got, want)
	}
}

// signed makes a request of go-ovh, to be changed before it is sent.
func signed(t *testing.T, s *Server, method, path, body string) *http.Request {
	t.Helper()
	var raw any
	if body != "" {
		raw = json.RawMessage(body)
	}
	r, err := s.Client().NewRequest(method, path, raw, true) //nolint:forbidigo // the headers are the point
	if err != nil {
		t.Fatal(err)
	}
	return r.WithContext(t.Context())
}

// do sends a request and returns the answer with its body.
func do(t *testing.T, s *Server, r *http.Request) (*http.Response, string) {
	t.Helper()
	answer, err := s.Transport().RoundTrip(r)
	if err != nil {
		t.Fatalf("%s %s: %v", r.Method, r.URL, err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatalf("%s %s: %v", r.Method, r.URL, err)
	}
	return answer, string(body)
}

// decode reads JSON with its numbers to the letter.
func decode(t *testing.T, data []byte) any {
	t.Helper()
	var v any
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		t.Fatalf("%s: %v", data, err)
	}
	return v
}

// at reads a path such as "billing.renew.mode" out of a decoded object.
func at(v any, path string) any {
	for _, key := range strings.Split(path, ".") {
		m, ok := v.(object)
		if !ok {
			return nil
		}
		v = m[key]
	}
	return v
}

// Clock is a clock that stands still until it is told to go on.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// NewClock returns a clock that stands at start.
func NewClock(start time.Time) *Clock { return &Clock{now: start} }

// Now is the time at which the clock stands.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Advance moves the clock on by d.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}
