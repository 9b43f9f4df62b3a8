package transport_test

import (
	"errors"
	"log"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/ovh/go-ovh/ovh"
	"github.com/ovhrenew/ovhrenew/internal/transport"
)

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
