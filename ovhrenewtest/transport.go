package ovhrenewtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"sync"
	"syscall"
)

// pipeHost is the address of a server that listens on an in-memory pipe.
const pipeHost = "ovhrenewtest.invalid"

// pipeListener is a net.Listener whose connections are in memory.
type pipeListener struct {
	conns chan net.Conn
	once  sync.Once
	done  chan struct{}
}

func newPipeListener() *pipeListener {
	return &pipeListener{conns: make(chan net.Conn), done: make(chan struct{})}
}

func (p *pipeListener) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p *pipeListener) Close() error {
	p.once.Do(func() { close(p.done) })
	return nil
}

func (p *pipeListener) Addr() net.Addr { return pipeAddr{} }

func (p *pipeListener) dial(ctx context.Context) (net.Conn, error) {
	client, server := net.Pipe()
	select {
	case p.conns <- server:
		return client, nil
	case <-p.done:
		return nil, refused()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

type pipeAddr struct{}

func (pipeAddr) Network() string { return "pipe" }
func (pipeAddr) String() string  { return pipeHost }

// transport is an http.RoundTripper that reaches one server only.
type transport struct {
	server *Server
	base   *http.Transport
}

func newTransport(s *Server) *transport {
	return &transport{server: s, base: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) { return s.dial(ctx) },
		// One page of a large account is better not compressed: it never leaves
		// the machine.
		DisableCompression: true,
	}}
}

func (s *Server) dial(ctx context.Context) (net.Conn, error) {
	s.mu.Lock()
	addr, pipe := s.addr, s.pipe
	s.mu.Unlock()
	switch {
	case pipe != nil:
		return pipe.dial(ctx)
	case addr != "":
		var d net.Dialer
		return d.DialContext(ctx, "tcp", addr)
	}
	return nil, errors.New("ovhrenewtest: the server does not listen: call Listen or ListenPipe")
}

// RoundTrip sends a request to the server, or refuses the connection where a
// fault says so.
func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	if base := t.server.url(); t.server.Addr() != "" && r.URL.Scheme+"://"+r.URL.Host != base {
		closeBody(r)
		return nil, fmt.Errorf("ovhrenewtest: this transport reaches %s only, not %s://%s", base, r.URL.Scheme, r.URL.Host)
	}
	if !t.server.mayRefuse() {
		return t.base.RoundTrip(r)
	}
	var body []byte
	if r.Body != nil {
		var err error
		body, err = io.ReadAll(r.Body)
		closeBody(r)
		if err != nil {
			return nil, err
		}
		// A RoundTripper leaves the request as it is, its spent body apart.
		r = r.Clone(r.Context())
		r.Body = io.NopCloser(bytes.NewReader(body))
		r.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	}
	if t.server.refuse(r, body) {
		return nil, refused()
	}
	return t.base.RoundTrip(r)
}

func closeBody(r *http.Request) {
	if r.Body != nil {
		_ = r.Body.Close()
	}
}

// refused is the error of a connection that nobody took.
func refused() error {
	return &net.OpError{Op: "dial", Net: "tcp", Addr: pipeAddr{}, Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}
}
