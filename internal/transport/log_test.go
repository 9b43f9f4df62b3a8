package transport_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/ovhrenew/ovhrenew/internal/transport"
)

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

func TestLog(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, status(503, "Retry-After", "2", "X-Ovh-QueryID", "EU.ext-1.2"), status(200, "X-Ovh-QueryID", "EU.ext-1.3"), lose)
		var log bytes.Buffer
		c := w.client(transport.Config{Logger: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{
			Level: slog.LevelDebug,
			ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
				if a.Key == slog.TimeKey {
					return slog.Attr{}
				}
				return a
			},
		}))})
		_, err := c.Do(t.Context(), transport.Request{Method: "GET", Path: "/me/order?password=canary", Route: "GET /me/order"})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Do(t.Context(), post(transport.Spend)); err == nil {
			t.Fatal("Do: no error")
		}
		want := `level=DEBUG msg="OVHcloud API request" route="GET /auth/time" attempt=1 duration=0s status=200 query_id=""
level=WARN msg="OVHcloud API request" route="GET /me/order" attempt=1 duration=0s status=503 query_id=EU.ext-1.2 next="again in 2s"
level=DEBUG msg="OVHcloud API request" route="GET /me/order" attempt=2 duration=0s status=200 query_id=EU.ext-1.3
level=DEBUG msg="OVHcloud API request" route="POST /me/order/{orderId}/pay" attempt=1 duration=0s error=EOF
`
		if got := log.String(); got != want {
			t.Errorf("log:\n%s\nwant:\n%s", got, want)
		}
	})
}

func (h *routeHandler) Handle(ctx context.Context, r slog.Record) error {
	h.out.WriteString("context: " + transport.RouteOf(ctx) + "\n")
	return h.Handler.Handle(ctx, r)
}
