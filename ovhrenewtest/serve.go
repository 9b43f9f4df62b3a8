package ovhrenewtest

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// maxBody bounds what a client may send.
const maxBody = 1 << 20

// call is one request on its way through the server.
type call struct {
	now      time.Time
	method   string
	version  string
	path     string // without the version, still escaped
	segments []string
	query    url.Values
	rawQuery string
	header   http.Header
	body     []byte
	signed   string // the URL that the client signed

	route    *route
	template string
	args     []string
	number   int      // counts the requests of the server
	logged   *Request // how it is told to tests
}

// answer is what the server has to say.
type answer struct {
	status int // 200 if zero
	body   any
	header http.Header
}

func newCall(r *http.Request, body []byte) *call {
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	target := r.RequestURI
	if target == "" { // a request that was not sent yet
		target = r.URL.RequestURI()
	}
	c := &call{method: r.Method, query: r.URL.Query(), rawQuery: r.URL.RawQuery, header: r.Header, body: body, signed: scheme + "://" + r.Host + target}
	path := r.URL.EscapedPath()
	for _, version := range []string{"/1.0", "/v1"} {
		if rest, ok := strings.CutPrefix(path, version+"/"); ok {
			c.version, path = version, "/"+rest
			break
		}
	}
	c.path, c.segments = path, segmentsOf(path)
	return c
}

// name is the call's route as faults and counts know it.
func (c *call) name() string {
	if c.method == "POST" && c.template == renewTemplate && c.dryRun() {
		return RouteQuote
	}
	return c.method + " " + c.template
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		return // the client went away, or sends what no client of the API sends
	}
	c := newCall(r, body)
	request, hook, latency := s.arrive(c)
	if hook != nil {
		hook(request)
	}
	wait(r.Context(), latency)
	if s.serveOutside(w, c) {
		return
	}
	f := s.pick(c)
	if f.Kind == 0 {
		s.write(w, c, s.answer(c))
		return
	}
	s.misbehave(w, r, c, f)
}

// wait returns false if the client gave up meanwhile.
func wait(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// answer lets the request take its effect and says what comes of it.
func (s *Server) answer(c *call) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.now = s.settle()
	if a, ok := s.admit(c); !ok {
		return a
	}
	return c.route.handle(s, c)
}

// admit says whether a request gets as far as its route, and otherwise why not.
// The caller holds the lock.
func (s *Server) admit(c *call) (answer, bool) {
	switch {
	case s.mistake != nil:
		return problem(http.StatusInternalServerError, "Server::InternalServerError", s.mistake.Error()), false
	case c.version == "" || c.route == nil || s.behaviour.absent(c):
		// Which of route and credential the real API looks at first is not known.
		return noRoute(), false
	case c.route.open:
		return answer{}, true
	}
	if a, ok := s.authenticate(c); !ok {
		return a, false
	}
	if a, ok := s.limit(c.now); !ok {
		return a, false
	}
	return s.authorize(c)
}

// write sends an answer and notes it.
func (s *Server) write(w http.ResponseWriter, c *call, a answer) {
	status, header, body := s.render(c, a)
	s.leave(c, status)
	for name, values := range header {
		w.Header()[name] = values
	}
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

// render makes of an answer what goes over the wire.
func (s *Server) render(c *call, a answer) (int, http.Header, []byte) {
	var body []byte
	switch v := a.body.(type) {
	case []byte:
		body = v
	default:
		var err error
		if body, err = json.Marshal(v); err != nil {
			a.status, body = http.StatusInternalServerError, []byte(`{"message":`+strconv.Quote(err.Error())+`}`)
		}
	}
	header := http.Header{}
	header.Set("Content-Type", "application/json; charset=utf-8")
	header.Set("X-Ovh-Queryid", queryID(c.number))
	for name, values := range a.header {
		header[http.CanonicalHeaderKey(name)] = values
	}
	header.Set("Content-Length", strconv.Itoa(len(body)))
	return or(a.status, http.StatusOK), header, body
}

// queryID looks like those of the real API and tells requests apart.
func queryID(n int) string {
	return fmt.Sprintf("EU.ext-3.%08x.%d.%016x", 0x669795c6+n, 3806160, 0xfcc3a5d1e9b20000+uint64(n))
}
