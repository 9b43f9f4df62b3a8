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

var pipeAddr = &net.UnixAddr{Name: "ovhrenewtest.invalid", Net: "pipe"}

type pipeListener struct {
	conns chan net.Conn
	once  sync.Once
	done  chan struct{}
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

func (p *pipeListener) Addr() net.Addr { return pipeAddr }

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
	unlock := s.lock()
	addr, pipe := s.addr, s.pipe
	unlock()
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
	var body []byte
	var err error
	if r.Body != nil {
		body, err = io.ReadAll(r.Body)
		_ = r.Body.Close()
	}
	base := t.server.url()
	switch {
	case err != nil:
		return nil, err
	case base != "http://" && r.URL.Scheme+"://"+r.URL.Host != base:
		return nil, fmt.Errorf("ovhrenewtest: this transport reaches %s only, not %s://%s", base, r.URL.Scheme, r.URL.Host)
	case t.server.refuse(r, body):
		return nil, refused()
	}
	if len(body) > 0 {
		// A RoundTripper leaves the request as it is, its spent body apart.
		r = r.Clone(r.Context())
		r.Body = io.NopCloser(bytes.NewReader(body))
	}
	return t.base.RoundTrip(r)
}

func (s *Server) refuse(r *http.Request, body []byte) bool {
	unlock := s.lock()
	c := s.newCall(r, body)
	unlock()
	return s.pick(c, true).Kind != 0
}

// refused is the error of a connection that nobody took.
func refused() error {
	return &net.OpError{Op: "dial", Net: "tcp", Addr: pipeAddr, Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}
}
