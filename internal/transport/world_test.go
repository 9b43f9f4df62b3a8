// The server and the network in memory that the tests of all files talk to.

package transport_test

import (
	"context"
	"crypto/sha1"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/ovh/go-ovh/ovh"
	"github.com/ovhrenew/ovhrenew/internal/transport"
)

const (
	appKey      = "canaryAppKey0001"
	appSecret   = "canaryAppSecret000000000000000002"
	consumerKey = "canaryConsumerKey0000000000000003"
	clientID    = "EU.canaryClient04"
	clientPass  = "canaryClientSecret00000000000005"
	accessToken = "canaryAccessToken000000000000006"
)

// world is a server of OVHcloud's API behind a network in memory, both made for
// one test. It answers each request but those for the time with the next step, and
// with 200 when there are none left.
type world struct {
	t     *testing.T
	wire  *http.Transport
	skew  time.Duration    // the server's clock minus the client's
	clock http.HandlerFunc // answers /auth/time; nil: rightly
	token http.HandlerFunc // answers the token endpoint

	mu      sync.Mutex
	steps   []http.HandlerFunc
	seen    []seen
	clocks  int  // requests for the time
	tokens  int  // requests for a token
	aborts  bool // bodies may be cut off
	refuse  int  // how many connections to refuse
	dials   int
	network *pipes
}

// seen is a request that reached the server.
type seen struct {
	call   string
	header http.Header
	body   string
	at     time.Time
}

func newWorld(t *testing.T, steps ...http.HandlerFunc) *world {
	t.Helper()
	w := &world{t: t, steps: steps, network: &pipes{conns: make(chan net.Conn), down: make(chan struct{})}}
	w.wire = &http.Transport{DialContext: w.dial}
	closed := make(chan struct{})
	server := &http.Server{Handler: w}
	go func() {
		defer close(closed)
		_ = server.Serve(w.network)
	}()
	t.Cleanup(func() {
		w.wire.CloseIdleConnections()
		_ = server.Close()
		<-closed
	})
	return w
}

// client returns a client of the world, with config over the test's defaults.
func (w *world) client(config transport.Config) *transport.Client {
	w.t.Helper()
	if config.API == nil {
		config.API = keyed(w.t, "http://api.test/1.0")
	}
	if config.Transport == nil {
		config.Transport = w.wire
	}
	if config.Limiter == nil {
		config.Limiter = unlimited{}
	}
	c, err := transport.New(config)
	if err != nil {
		w.t.Fatalf("New: %v", err)
	}
	return c
}

func keyed(t testing.TB, endpoint string) *ovh.Client {
	t.Helper()
	c := &ovh.Client{AppKey: appKey, AppSecret: appSecret, ConsumerKey: consumerKey, Client: &http.Client{}}
	if err := c.SetEndpoint(endpoint); err != nil {
		t.Fatal(err)
	}
	return c
}

// tokened is a client that needs no clock to sign.
func tokened(t testing.TB) *ovh.Client {
	t.Helper()
	c := &ovh.Client{AccessToken: accessToken}
	if err := c.SetEndpoint("http://api.test/1.0"); err != nil {
		t.Fatal(err)
	}
	return c
}

type unlimited struct{}

func (unlimited) Wait(context.Context) error { return nil }

func (w *world) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	w.mu.Lock()
	w.dials++
	refused := w.refuse > 0
	if refused {
		w.refuse--
	}
	w.mu.Unlock()
	if refused {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
	}
	here, there := net.Pipe()
	select {
	case w.network.conns <- there:
		return here, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// pipes listens in memory, which a bubble of synctest can wait for.
type pipes struct {
	conns chan net.Conn
	once  sync.Once
	down  chan struct{}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.down:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error {
	p.once.Do(func() { close(p.down) })
	return nil
}

func (p *pipes) Addr() net.Addr { return &net.TCPAddr{} }

func (w *world) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		// Neither a server nor a gateway carries out a request without its body.
		if w.mu.Lock(); !w.aborts {
			w.t.Errorf("server: reading the body: %v", err)
		}
		w.mu.Unlock()
		return
	}
	if r.URL.Path == "/1.0/auth/time" {
		w.mu.Lock()
		w.clocks++
		w.mu.Unlock()
		if w.clock != nil {
			w.clock(rw, r)
			return
		}
		_, _ = fmt.Fprint(rw, time.Now().Add(w.skew).Unix())
		return
	}
	if r.Host == "token.test" {
		w.mu.Lock()
		w.tokens++
		w.mu.Unlock()
		w.token(rw, r)
		return
	}
	w.verify(r, string(body))
	w.mu.Lock()
	w.seen = append(w.seen, seen{r.Method + " " + r.URL.RequestURI(), r.Header, string(body), time.Now()})
	var step http.HandlerFunc
	if len(w.steps) > 0 {
		step, w.steps = w.steps[0], w.steps[1:]
	}
	w.mu.Unlock()
	if step == nil {
		step = status(200)
	}
	step(rw, r)
}

// verify checks the signature of a request against what was received.
func (w *world) verify(r *http.Request, body string) {
	if r.Header.Get("X-Ovh-Signature") == "" {
		return
	}
	stamp := r.Header.Get("X-Ovh-Timestamp")
	if got, want := r.Header.Get("X-Ovh-Signature"), signature(r, body); got != want {
		w.t.Errorf("signature of %s %s = %s, want %s", r.Method, r.URL, got, want)
	}
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil {
		w.t.Errorf("timestamp %q: %v", stamp, err)
	}
	w.mu.Lock()
	now := time.Now().Add(w.skew)
	w.mu.Unlock()
	if d := now.Sub(time.Unix(seconds, 0)).Abs(); d > 1500*time.Millisecond && w.clock == nil {
		w.t.Errorf("timestamp of %s %s is off by %v", r.Method, r.URL, d)
	}
}

func signature(r *http.Request, body string) string {
	text := strings.Join([]string{
		appSecret, consumerKey, r.Method, "http://" + r.Host + r.RequestURI, body, r.Header.Get("X-Ovh-Timestamp"),
	}, "+")
	return fmt.Sprintf("$1$%x", sha1.Sum([]byte(text)))
}

// calls are the requests that reached the server, but those for the time.
func (w *world) calls() []seen {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.seen)
}

func (w *world) clockRequests() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.clocks
}

// set changes the world while it runs.
func (w *world) set(change func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	change()
}

// status answers with that status and headers in pairs.
func status(code int, headers ...string) http.HandlerFunc {
	return func(rw http.ResponseWriter, _ *http.Request) {
		for pair := range slices.Chunk(headers, 2) {
			rw.Header().Set(pair[0], pair[1])
		}
		rw.WriteHeader(code)
		_, _ = fmt.Fprintf(rw, `{"message":"status %d"}`, code)
	}
}

// text answers with that status and body.
func text(code int, body string) http.HandlerFunc {
	return func(rw http.ResponseWriter, _ *http.Request) {
		rw.WriteHeader(code)
		_, _ = io.WriteString(rw, body)
	}
}

// hang never answers.
func hang(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

// lose closes the connection instead of answering.
func lose(rw http.ResponseWriter, _ *http.Request) {
	if conn, _, err := http.NewResponseController(rw).Hijack(); err == nil {
		_ = conn.Close()
	}
}

// cut answers with less than it announces.
func cut(rw http.ResponseWriter, _ *http.Request) {
	rw.Header().Set("Content-Length", "1000")
	_, _ = io.WriteString(rw, `{"orderId":1`)
}

// cutChunked is cut without an announcement.
func cutChunked(rw http.ResponseWriter, _ *http.Request) {
	_, _ = io.WriteString(rw, `{"orderId":1`)
	_ = http.NewResponseController(rw).Flush()
	panic(http.ErrAbortHandler)
}

// pass lets time go by, which takes none within a bubble of synctest.
func pass(t *testing.T, d time.Duration) {
	t.Helper()
	<-time.After(d)
}

func read(path string) transport.Request {
	return transport.Request{Method: "GET", Path: path, Route: "GET " + path}
}

func post(kind transport.Kind) transport.Request {
	return transport.Request{
		Method: "POST", Path: "/me/order/7/pay", Route: "POST /me/order/{orderId}/pay",
		Body: map[string]int{"id": 9}, Kind: kind,
	}
}
