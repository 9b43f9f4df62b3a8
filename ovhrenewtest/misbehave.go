package ovhrenewtest

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"time"
)

// cutBody is what Truncate, WrongLength and Garbage send before the effect, when
// there is no answer yet that they could spoil.
const cutBody = `{"orderId":256729207,"priceWithTax":{"currencyCode":"EUR","text":"4`

// misbehave answers a request that a fault hits.
func (s *Server) misbehave(w http.ResponseWriter, r *http.Request, c *call, f Fault) {
	switch f.Kind {
	case Hang:
		s.hang(w, r, c, f)
		return
	case Late:
		s.postpone(c, f.Delay)
		s.cut(w, c)
		return
	case Duplicate:
		s.answer(c)
		s.write(w, c, s.answer(c))
		return
	case Other:
		s.write(w, c, s.answerOther(c, f.When == After))
		return
	}
	a := answer{body: []byte(cutBody)}
	if f.When == After || f.Kind == SlowBody {
		a = s.answer(c)
	}
	switch f.Kind {
	case SlowBody:
		s.writeSlowly(w, r, c, a, f.Delay)
	case Truncate:
		_, _, body := s.render(c, a)
		s.writeRaw(w, c, a, len(body), body[:len(body)/2])
	case WrongLength:
		_, _, body := s.render(c, a)
		s.writeRaw(w, c, a, len(body)/2, body)
	case StatusFault:
		s.write(w, c, f.answer())
	case Garbage:
		s.write(w, c, answer{body: []byte(or(f.Body, cutBody))})
	case Instead:
		s.write(w, c, answer{body: []byte(f.Body)})
	default:
		s.cut(w, c)
	}
}

// hang keeps the client waiting.
func (s *Server) hang(w http.ResponseWriter, r *http.Request, c *call, f Fault) {
	var a answer
	if f.When == After {
		a = s.answer(c)
	}
	if f.Delay <= 0 {
		<-r.Context().Done()
	}
	if !wait(r.Context(), f.Delay) {
		s.cut(w, c)
		return
	}
	if f.When == Before {
		a = s.answer(c)
	}
	s.write(w, c, a)
}

// postpone lets a request take its effect later, if it is one that is let in now.
func (s *Server) postpone(c *call, delay time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.now = s.settle()
	if _, ok := s.admit(c); !ok {
		return
	}
	s.later(c.now, c.now.Add(delay), func(at time.Time) {
		c.now = at
		c.route.handle(s, c)
	})
}

// answer is the one of a StatusFault.
func (f Fault) answer() answer {
	status := or(f.Status, http.StatusInternalServerError)
	a := problem(status, statusClass(status), or(http.StatusText(status), "Service is temporarily unavailable"))
	a.header = f.Header.Clone()
	if a.header == nil {
		a.header = http.Header{}
	}
	if f.HTML {
		a.header.Set("Content-Type", "text/html")
		a.body = fmt.Appendf(nil, "<html><head><title>%d %[2]s</title></head><body><h1>%[1]d %[2]s</h1></body></html>\n",
			status, http.StatusText(status))
	}
	if f.Body != "" {
		a.body = []byte(f.Body)
	}
	return a
}

// statusClass is empty where no class was ever seen.
func statusClass(status int) string {
	if status >= http.StatusInternalServerError {
		return "Server::InternalServerError"
	}
	return ""
}

// cut ends the connection without a word.
func (s *Server) cut(w http.ResponseWriter, c *call) {
	s.leave(c, 0)
	conn, _ := hijack(w)
	below := conn
	if secure, ok := conn.(*tls.Conn); ok {
		below = secure.NetConn()
	}
	if tcp, ok := below.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // a reset, not an end
	}
	_ = below.Close()
}

// writeRaw sends a body under a length that is not its own, and ends the connection.
func (s *Server) writeRaw(w http.ResponseWriter, c *call, a answer, length int, body []byte) {
	status, header, _ := s.render(c, a)
	header.Set("Content-Length", strconv.Itoa(length))
	header.Set("Connection", "close")
	s.leave(c, status)
	conn, rw := hijack(w)
	_, _ = fmt.Fprintf(rw, "HTTP/1.1 %03d %s\r\n", status, http.StatusText(status))
	_ = header.Write(rw)
	_, _ = rw.WriteString("\r\n")
	_, _ = rw.Write(body)
	_ = rw.Flush()
	_ = conn.Close()
}

// hijack takes the connection over. Where there is none, as with a recorder, the
// answer is given up in the way that net/http knows.
func hijack(w http.ResponseWriter) (net.Conn, *bufio.ReadWriter) {
	conn, rw, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	return conn, rw
}

// writeSlowly sends a body in ten pieces.
func (s *Server) writeSlowly(w http.ResponseWriter, r *http.Request, c *call, a answer, d time.Duration) {
	status, header, body := s.render(c, a)
	s.leave(c, status)
	for name, values := range header {
		w.Header()[name] = values
	}
	w.WriteHeader(status)
	const pieces = 10
	for i := range pieces {
		if !wait(r.Context(), d/pieces) {
			return
		}
		_, _ = w.Write(body[i*len(body)/pieces : (i+1)*len(body)/pieces])
		_ = http.NewResponseController(w).Flush()
	}
}
