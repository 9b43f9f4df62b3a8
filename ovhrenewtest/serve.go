package ovhrenewtest

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

type call struct {
	method   string
	version  string
	path     string // without the version, still escaped
	segments []string
	query    url.Values
	header   http.Header
	body     []byte
	signed   string // the URL that the client signed

	route    *route
	template string
	args     []string
	number   int         // counts the requests of the server
	logged   *Request    // how it is told to tests
	refusal  *answer     // the first thing that is wrong with it
	head     http.Header // what its answer has beside the usual
}

type answer struct {
	status int // 200 if zero
	body   any
	header http.Header
}

// newCall finds the route of a request. The caller holds the lock.
func (s *Server) newCall(r *http.Request, body []byte) *call {
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	c := &call{method: r.Method, query: r.URL.Query(), header: r.Header, body: body, signed: scheme + "://" + r.Host + r.RequestURI}
	c.path = r.URL.EscapedPath()
	for _, version := range []string{"/1.0", "/v1"} {
		if rest, ok := strings.CutPrefix(c.path, version+"/"); ok {
			c.version, c.path = version, "/"+rest
			break
		}
	}
	c.segments = segmentsOf(c.path)
	s.find(c)
	c.logged = &Request{
		Method: c.method,
		Path:   r.URL.RequestURI(),
		Route:  c.method + " " + c.template,
		Header: c.header.Clone(),
		Body:   string(c.body),
		Time:   s.now,
	}
	if c.logged.Route == RouteOrder && c.dryRun() {
		c.logged.Route = RouteQuote
	}
	return c
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
	if err != nil {
		return // the client went away, or sends what no client of the API sends
	}
	c, hook, latency := s.arrive(r, body)
	if hook != nil {
		hook(*c.logged)
	}
	wait(r.Context(), latency)
	if s.serveOutside(w, c) {
		return
	}
	if f := s.pick(c, false); f.Kind != 0 {
		s.misbehave(w, r, c, f)
		return
	}
	s.write(w, c, s.answer(c))
}

// wait waits, and returns false if the client gave up meanwhile.
func wait(ctx context.Context, d time.Duration) bool {
	if d > 0 {
		select {
		case <-time.After(d):
		case <-ctx.Done():
		}
	}
	return ctx.Err() == nil
}

// answer lets the request take its effect and says what comes of it.
func (s *Server) answer(c *call) answer {
	defer s.lock()()
	return s.handle(c)
}

// handle is answer for a caller that holds the lock.
func (s *Server) handle(c *call) answer {
	c.refusal, c.head = nil, nil
	if s.admit(c) {
		if body := c.route.handle(s, c); c.refusal == nil {
			return answer{body: body, header: c.head}
		}
	}
	return *c.refusal
}

// admit says whether a request gets as far as its route. The caller holds the lock.
func (s *Server) admit(c *call) bool {
	switch {
	case s.mistake != nil:
		return c.refuse(problem(http.StatusInternalServerError, "Server::InternalServerError", s.mistake.Error()))
	case c.version == "" || c.route == nil || s.behaviour.absent(c):
		// Which of route and credential the real API looks at first is not known.
		return c.refuse(problem(http.StatusNotFound, "Client::NotFound", "Got an invalid (or empty) URL"))
	}
	return c.route.open() || s.authenticate(c) && s.limit(c) && s.authorize(c)
}

func (s *Server) write(w http.ResponseWriter, c *call, a answer) {
	_, _ = w.Write(s.begin(w, c, a))
}

// begin sends the head of an answer, notes it, and returns the body that is to follow.
func (s *Server) begin(w http.ResponseWriter, c *call, a answer) []byte {
	status, header, body := render(c, a)
	s.leave(c, status)
	maps.Copy(w.Header(), header)
	w.WriteHeader(status)
	return body
}

func render(c *call, a answer) (int, http.Header, []byte) {
	body, raw := a.body.([]byte)
	if !raw {
		body, _ = json.Marshal(a.body) // nothing in it can fail
	}
	header := http.Header{}
	header.Set("Content-Type", "application/json; charset=utf-8")
	// It looks like those of the real API and tells requests apart.
	header.Set("X-Ovh-Queryid", fmt.Sprintf("EU.ext-3.%08x.%d.%016x", 0x669795c6+c.number, 3806160, 0xfcc3a5d1e9b20000+uint64(c.number)))
	header.Set("Content-Length", strconv.Itoa(len(body)))
	maps.Copy(header, a.header)
	return cmp.Or(a.status, http.StatusOK), header, body
}
