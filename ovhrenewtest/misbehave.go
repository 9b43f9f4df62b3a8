package ovhrenewtest

import (
	"bufio"
	"cmp"
	"crypto/tls"
	"fmt"
	"maps"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// cutBody is what is spoilt before the effect, when there is no answer yet.
const cutBody = `{"orderId":256729207,"priceWithTax":{"currencyCode":"EUR","text":"4`

func (s *Server) misbehave(w http.ResponseWriter, r *http.Request, c *call, f Fault) {
	switch f.Kind {
	case Late:
		s.postpone(c, f.Delay)
		s.cut(w, c)
		return
	case Other:
		s.write(w, c, s.answerOther(c, f.When == After))
		return
	case Duplicate:
		s.answer(c)
		f.When = After
	case SlowBody:
		f.When = After
	}
	a := answer{body: []byte(cutBody)}
	if f.When == After {
		a = s.answer(c)
	}
	switch f.Kind {
	case Hang:
		s.hang(w, r, c, f, a)
	case Duplicate:
		s.write(w, c, a)
	case SlowBody:
		s.writeSlowly(w, r, c, a, f.Delay)
	case Truncate:
		_, _, body := render(c, a)
		s.writeRaw(w, c, a, len(body), body[:len(body)/2])
	case WrongLength:
		_, _, body := render(c, a)
		s.writeRaw(w, c, a, len(body)/2, body)
	case StatusFault:
		s.write(w, c, f.answer())
	case Garbage:
		s.write(w, c, answer{body: []byte(cmp.Or(f.Body, cutBody))})
	case Instead:
		s.write(w, c, answer{body: []byte(f.Body)})
	default:
		s.cut(w, c)
	}
}

// hang keeps the client waiting, and then answers a, or what the request comes to then.
func (s *Server) hang(w http.ResponseWriter, r *http.Request, c *call, f Fault, a answer) {
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
	defer s.lock()()
	if s.admit(c) {
		s.later(s.now.Add(delay), func() { c.route.handle(s, c) })
	}
}

// answer is the one of a StatusFault.
func (f Fault) answer() answer {
	status, class := cmp.Or(f.Status, http.StatusInternalServerError), ""
	if status >= http.StatusInternalServerError {
		class = "Server::InternalServerError" // below, no class was ever seen
	}
	a := problem(status, class, cmp.Or(http.StatusText(status), "Service is temporarily unavailable"))
	a.header = http.Header{}
	maps.Copy(a.header, f.Header)
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

func (s *Server) cut(w http.ResponseWriter, c *call) {
	s.leave(c, 0)
	conn, _ := hijack(w)
	if secure, ok := conn.(*tls.Conn); ok {
		conn = secure.NetConn()
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // a reset, not an end
	}
	_ = conn.Close()
}

// writeRaw sends a body under a length that is not its own, and ends the connection.
func (s *Server) writeRaw(w http.ResponseWriter, c *call, a answer, length int, body []byte) {
	status, header, _ := render(c, a)
	header.Set("Content-Length", strconv.Itoa(length))
	header.Set("Connection", "close")
	s.leave(c, status)
	conn, rw := hijack(w)
	_, _ = fmt.Fprintf(rw, "HTTP/1.1 %03d %s\r\n", status, http.StatusText(status))
	_ = header.Write(rw)
	_, _ = fmt.Fprintf(rw, "\r\n%s", body)
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

func (s *Server) writeSlowly(w http.ResponseWriter, r *http.Request, c *call, a answer, d time.Duration) {
	body := s.begin(w, c, a)
	const pieces = 10
	for i := range pieces {
		if !wait(r.Context(), d/pieces) {
			return
		}
		_, _ = w.Write(body[i*len(body)/pieces : (i+1)*len(body)/pieces])
		_ = http.NewResponseController(w).Flush()
	}
}

// answerOther answers a request as if it had been about another object of the
// same kind. An order takes its effect if effect says so. Where there is no other
// object, the request is answered as ever.
func (s *Server) answerOther(c *call, effect bool) answer {
	defer s.lock()()
	if c.method == http.MethodGet {
		s.redirect(c)
	}
	if c.logged.Route != RouteOrder || len(s.orders.all) == 0 {
		return s.handle(c)
	}
	another := s.orders.all[len(s.orders.all)-1]
	if effect {
		if a := s.handle(c); a.status != 0 {
			return a
		}
	} else if !s.admit(c) {
		return *c.refusal
	}
	return answer{body: s.orderObject(another)}
}

// redirect lets a call be about the next object of its kind. The caller holds the lock.
func (s *Server) redirect(c *call) {
	var keys []string // of all objects of the kind
	switch {
	case len(c.args) == 0:
		return
	case strings.HasPrefix(c.template, "/me/order/{orderId}"):
		keys = each(s.orders.all, func(o *order) string { return formatID(o.ID) })
	case strings.HasPrefix(c.template, "/service"):
		keys = each(s.services.all, func(v *service) string { return formatID(v.ID) })
	case c.template == "/me/bill/{billId}":
		keys = each(s.bills, func(b *bill) string { return b.id })
	default:
		for _, v := range s.services.all {
			if strings.TrimSuffix(c.template, "/serviceInfos") == v.RouteTemplate {
				keys = append(keys, routeKeyOf(segmentsOf(v.Route)))
			}
		}
	}
	i := slices.Index(keys, c.args[0])
	if i < 0 {
		return
	}
	c.args[0] = keys[(i+1)%len(keys)]
	if len(c.args) == 2 { // a line of an order
		id, _ := strconv.ParseInt(c.args[0], 10, 64)
		c.args[1] = formatID(s.orders.byID[id].details[0].id)
	}
}
