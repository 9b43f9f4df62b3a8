package ovhrenewtest

import (
	"net/http"
	"time"
)

// Request is one that the server received.
type Request struct {
	// Method and Path are what came in, the path with version and query.
	Method, Path string
	// Route is the method and template, such as [RoutePay]; a dry run is a
	// [RouteQuote]. For a path that the API does not have it is the path itself.
	Route  string
	Header http.Header // with Body, what came with it, credentials included
	Body   string
	Time   time.Time // when it came in, by the server's clock
	// Status is the HTTP status that was answered; 0 while there is none, and for
	// a connection that was cut.
	Status int
}

// Requests returns all requests in their order, those of go-ovh to /auth/time included.
func (s *Server) Requests() []Request {
	defer s.lock()()
	return each(s.requests, func(r *Request) Request { return *r })
}

// Count returns how many requests of a route came in, such as [RoutePay] or
// "GET /services/{serviceId}". Those that were answered an error count too.
func (s *Server) Count(route string) int {
	defer s.lock()()
	return len(filter(s.requests, func(r *Request) bool { return r.Route == route }))
}

// Forget clears the requests and their counts, and the faults that fired. The
// account stays as it is.
func (s *Server) Forget() {
	defer s.lock()()
	s.requests, s.fired = nil, nil
}

// OnRequest calls hook with each request before it takes its effect. The hook may
// call the server; the request waits for it.
func (s *Server) OnRequest(hook func(Request)) {
	defer s.lock()()
	s.onRequest = hook
}

// OnAnswer calls hook with each request after it took its effect, before anything
// of the answer is sent.
func (s *Server) OnAnswer(hook func(Request)) {
	defer s.lock()()
	s.onAnswer = hook
}

// arrive notes a request, and returns what is to be done before it is answered.
func (s *Server) arrive(r *http.Request, body []byte) (*call, func(Request), time.Duration) {
	defer s.lock()()
	c := s.newCall(r, body)
	s.received++
	c.number = s.received
	s.requests = append(s.requests, c.logged)
	return c, s.onRequest, s.behaviour.Latency
}

func (s *Server) leave(c *call, status int) {
	unlock := s.lock()
	c.logged.Status = status
	r, hook := *c.logged, s.onAnswer
	unlock()
	if hook != nil {
		hook(r)
	}
}
