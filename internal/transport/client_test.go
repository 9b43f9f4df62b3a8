package transport_test

import (
	"bytes"
	"context"
	"errors"
	"log"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/ovh/go-ovh/ovh"

	"github.com/ovhrenew/ovhrenew/internal/transport"
)

func TestHarmlessIsRepeated(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]http.HandlerFunc{
		"408": status(408), "429": status(429), "500": status(500), "504": status(504), "lost": lose, "cut": cut,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				for kind, want := range map[transport.Kind]int{transport.Harmless: 3, transport.Write: 1, transport.Spend: 1} {
					w := newWorld(t, answer, answer)
					r, err := w.client(transport.Config{}).Do(t.Context(), post(kind))
					if got := len(w.calls()); got != want || want == 3 && (err != nil || r.Status != 200) {
						t.Errorf("Do of kind %d = %v, %v in %d requests, want %d", kind, r, err, got, want)
					}
				}
			})
		})
	}
}

// What blames the signature or the key may be about the clock: it is read again, once.
func TestDoubtfulClock(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		answer http.HandlerFunc
		again  bool
	}{
		"signature": {text(400, `{"class":"Client::BadRequest","message":"Invalid signature"}`), true},
		"key":       {text(403, `{"class":"Client::Forbidden","message":"This application key is invalid"}`), true},
		"another":   {text(403, `{"class":"Client::Forbidden","message":"This credential is not valid"}`), false},
		"elsewhere": {text(404, `{"message":"Invalid signature"}`), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				want := 1
				if test.again {
					want = 2
				}
				for _, kind := range []transport.Kind{transport.Read, transport.Harmless, transport.Spend} {
					w := newWorld(t, test.answer, test.answer, test.answer)
					r := post(kind)
					if kind == transport.Read {
						r = read("/me")
					}
					c := w.client(transport.Config{})
					answer, err := c.Do(t.Context(), r)
					if kind == transport.Spend {
						want = 1
					}
					if err != nil || answer.Status == 200 || len(w.calls()) != want || w.clockRequests() != want {
						t.Errorf("Do of kind %d = %v, %v in %d requests, %d for the time; want the refusal in %d", kind, answer, err, len(w.calls()), w.clockRequests(), want)
					}
				}
			})
		})
	}
}

// A certificate that is not trusted is not asked for again, and nothing was sent.
func TestUntrustedCertificate(t *testing.T) {
	t.Parallel()
	var handshakes atomic.Int32
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = log.New(countingWriter{&handshakes}, "", 0)
	server.StartTLS()
	defer server.Close()
	login := &ovh.Client{AccessToken: accessToken}
	if err := login.SetEndpoint(server.URL); err != nil {
		t.Fatal(err)
	}
	wire := &http.Transport{}
	defer wire.CloseIdleConnections()
	c, err := transport.New(transport.Config{API: login, Transport: wire, Limiter: unlimited{}})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range []transport.Request{read("/me"), post(transport.Spend)} {
		_, err := c.Do(t.Context(), r)
		failed, ok := errors.AsType[*transport.SendError](err)
		if !ok || failed.Attempts != 1 || failed.NeverSent != (r.Kind == transport.Spend) {
			t.Errorf("Do of kind %d: %v, want one attempt", r.Kind, err)
		}
	}
	server.Close() // waits for the handshakes
	if n := handshakes.Load(); n > 2 {
		t.Errorf("%d handshakes failed, want 2", n)
	}
}

type countingWriter struct{ n *atomic.Int32 }

func (w countingWriter) Write(p []byte) (int, error) {
	w.n.Add(1)
	return len(p), nil
}

// The transport and the logger learn the route of each request, and no ids.
func TestRouteOf(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		var trips []string
		var logged bytes.Buffer
		c := w.client(transport.Config{
			Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
				trips = append(trips, transport.RouteOf(r.Context()))
				return w.wire.RoundTrip(r)
			}),
			Logger: slog.New(&routeHandler{Handler: slog.NewTextHandler(&logged, &slog.HandlerOptions{Level: slog.LevelDebug}), out: &logged}),
		})
		if _, err := c.Do(t.Context(), post(transport.Spend)); err != nil {
			t.Fatal(err)
		}
		route := post(transport.Spend).Route
		if len(trips) != 2 || trips[0] != "GET /auth/time" || trips[1] != route {
			t.Errorf("the transport saw %q, want GET /auth/time and %s", trips, route)
		}
		if text := logged.String(); !strings.Contains(text, "context: "+route+"\n") || strings.Contains(text, "order/7") {
			t.Errorf("logged %s, want the route and no id", text)
		}
		if got := transport.RouteOf(t.Context()); got != "" {
			t.Errorf("RouteOf of no request = %q", got)
		}
	})
}

// routeHandler writes the route of the context beside each record.
type routeHandler struct {
	slog.Handler
	out *bytes.Buffer
}

func (h *routeHandler) Handle(ctx context.Context, r slog.Record) error {
	h.out.WriteString("context: " + transport.RouteOf(ctx) + "\n")
	return h.Handler.Handle(ctx, r)
}
