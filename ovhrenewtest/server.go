package ovhrenewtest

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/ovh/go-ovh/ovh"
)

// Credentials are the keys of an application that the simulated API knows.
type Credentials struct{ AppKey, AppSecret, ConsumerKey string }

var fixedCredentials = Credentials{
	AppKey:      "7kbG7Bk7S9Nt7ZSV",
	AppSecret:   "EXEgWIz07P0HYwtQDs7cNIqCiQaWSuHF",
	ConsumerKey: "MtSwSrPpNjqfVSmJhLbPyr2i45lSwPU1",
}

// Server is a simulated OVHcloud API with one account behind it. It is an
// http.Handler; most tests let [Start] put it on loopback. All of its methods are
// safe for concurrent use.
//
// Nothing runs in the background: what time brings (a delivery, a lapsed order)
// is worked out when somebody looks, from the time that the clock says then.
type Server struct {
	tb testing.TB

	mu        sync.Mutex
	behaviour Behaviour
	clock     func() time.Time
	now       time.Time // what the clock said when the server was locked
	agenda    []event   // what is still to happen, soonest first
	mistake   error

	services serviceBook
	orders   orderBook
	wallet   wallet
	payments []Payment
	bills    []*bill
	rights   rights
	recent   []time.Time // when the requests of the last minute came

	requests  []*Request
	received  int
	onRequest func(Request)
	onAnswer  func(Request)
	planned   []*plannedFault
	chaos     chaos
	fired     []Fired

	pipe      *pipeListener
	cert      *tls.Certificate // nil without TLS
	web       *http.Server
	addr      string
	transport *transport
}

// New returns a server with an empty account, not listening yet.
func New(b Behaviour) *Server {
	s := &Server{
		behaviour: b,
		clock:     time.Now,
		services:  newServiceBook(),
		orders:    orderBook{byID: map[int64]*order{}, nextID: 256_729_207, nextDetailID: 105_339_987},
		rights:    rights{credentials: map[string]*credential{fixedCredentials.ConsumerKey: {status: "validated", rules: AllRules()}}},
	}
	s.transport = newTransport(s)
	return s
}

// Start returns a server that listens on loopback until the test ends. Mistakes
// in setting up its account fail the test.
func Start(tb testing.TB, b Behaviour) *Server {
	tb.Helper()
	s := newFor(tb, b)
	if err := s.Listen("127.0.0.1:0"); err != nil {
		tb.Fatal(err)
	}
	return s
}

// StartPipe is like [Start] with an in-memory listener, for use inside a bubble of
// testing/synctest.
func StartPipe(tb testing.TB, b Behaviour) *Server {
	s := newFor(tb, b)
	s.ListenPipe()
	return s
}

func newFor(tb testing.TB, b Behaviour) *Server {
	s := New(b)
	s.tb = tb
	tb.Cleanup(s.Close)
	return s
}

// Listen serves on a TCP address until [Server.Close], such as 127.0.0.1:0. The
// error says why it cannot, or that the server listens already.
func (s *Server) Listen(addr string) error { return s.listen("Listen", addr, nil) }

// ListenTLS is like [Server.Listen] over TLS, with a certificate that the server makes
// for 127.0.0.1, ::1 and localhost. [Server.Client] and [Server.Transport] trust
// it; others find it in [Server.Certificate].
func (s *Server) ListenTLS(addr string) error {
	cert, err := newCertificate()
	if err != nil {
		return fmt.Errorf("ovhrenewtest: ListenTLS(%q): %w", addr, err)
	}
	return s.listen("ListenTLS", addr, cert)
}

func (s *Server) listen(call, addr string, cert *tls.Certificate) error {
	var config net.ListenConfig
	l, err := config.Listen(context.Background(), "tcp", addr)
	if err != nil {
		return fmt.Errorf("ovhrenewtest: %s(%q): %w", call, addr, err)
	}
	if err := s.serve(l, cert); err != nil {
		return errors.Join(err, l.Close())
	}
	return nil
}

// ListenPipe serves over an in-memory connection, which only [Server.Client] and
// [Server.Transport] reach. It lets a test run inside a bubble of
// testing/synctest: nothing waits for the network.
func (s *Server) ListenPipe() {
	pipe := &pipeListener{conns: make(chan net.Conn), done: make(chan struct{})}
	if err := s.serve(pipe, nil); err != nil {
		defer s.lock()()
		s.fail("ListenPipe: %v", err)
	}
}

func (s *Server) serve(l net.Listener, cert *tls.Certificate) error {
	defer s.lock()()
	if s.web != nil {
		return fmt.Errorf("ovhrenewtest: the server listens on %s already", s.addr)
	}
	s.addr, s.cert = l.Addr().String(), cert
	s.pipe, _ = l.(*pipeListener)
	s.web = &http.Server{
		Handler:  s,
		ErrorLog: log.New(io.Discard, "", 0), // injected faults are no news
	}
	if cert != nil {
		// HTTP/1.1 only: a fault has to take hold of the connection.
		l = tls.NewListener(l, &tls.Config{Certificates: []tls.Certificate{*cert}, NextProtos: []string{"http/1.1"}})
		roots := x509.NewCertPool()
		roots.AddCert(cert.Leaf)
		s.transport.base.TLSClientConfig = &tls.Config{RootCAs: roots}
	}
	go func(web *http.Server) { _ = web.Serve(l) }(s.web)
	return nil
}

// Close stops listening and drops every connection.
func (s *Server) Close() {
	unlock := s.lock()
	web := s.web
	unlock()
	s.transport.base.CloseIdleConnections()
	if web != nil {
		_ = web.Close()
	}
}

// Endpoint returns the URL that an OVHcloud client takes as its endpoint,
// http://ADDR/1.0, or https after [Server.ListenTLS].
func (s *Server) Endpoint() string { return s.url() + "/1.0" }

// TokenURL returns where an OAuth2 client gets its token; see Behaviour.ClientID.
func (s *Server) TokenURL() string { return s.url() + "/auth/oauth2/token" }

func (s *Server) url() string {
	defer s.lock()()
	return s.urlLocked()
}

func (s *Server) urlLocked() string {
	if s.cert != nil {
		return "https://" + s.addr
	}
	return "http://" + s.addr
}

// Credentials returns the keys that the server accepts.
func (s *Server) Credentials() Credentials { return fixedCredentials }

// Client returns a new go-ovh client with this server's endpoint, keys and
// transport. It reads no environment and no file.
func (s *Server) Client() *ovh.Client {
	keys := s.Credentials()
	c := &ovh.Client{
		AppKey:      keys.AppKey,
		AppSecret:   keys.AppSecret,
		ConsumerKey: keys.ConsumerKey,
		Client:      &http.Client{Transport: s.Transport()},
		Timeout:     ovh.DefaultTimeout,
	}
	if err := c.SetEndpoint(s.Endpoint()); err != nil {
		defer s.lock()()
		s.fail("Client: %v", err)
	}
	return c
}

// Transport returns the way to this server and to nowhere else. Connection faults
// ([Refuse]) happen in it.
func (s *Server) Transport() http.RoundTripper { return s.transport }

// Behaviour returns how the server answers now.
func (s *Server) Behaviour() Behaviour {
	defer s.lock()()
	return s.behaviour
}

// SetBehaviour changes how the server answers from now on.
func (s *Server) SetBehaviour(b Behaviour) {
	defer s.lock()()
	s.behaviour = b
}

// Err returns what was wrong in setting up the account, such as a price that is not a
// number; nil if nothing was. The server answers 500 to everything once there is
// such an error, and fails the test that it was started in.
func (s *Server) Err() error {
	defer s.lock()()
	return s.mistake
}

// fail notes a mistake in setting up. The caller holds the lock.
func (s *Server) fail(format string, args ...any) {
	err := fmt.Errorf("ovhrenewtest: "+format, args...)
	s.mistake = errors.Join(s.mistake, err)
	if s.tb != nil {
		s.tb.Error(err)
	}
}
