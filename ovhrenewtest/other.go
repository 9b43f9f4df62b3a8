package ovhrenewtest

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// answerOther answers a request as if it had been about another object of the
// same kind. An order takes its effect if effect says so. Where there is no other
// object, the request is answered as ever.
func (s *Server) answerOther(c *call, effect bool) answer {
	defer s.lock()()
	if c.method == http.MethodGet && s.admit(c) {
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

// redirect lets a call be about another object. The caller holds the lock.
func (s *Server) redirect(c *call) {
	switch {
	case len(c.args) == 0:
	case strings.HasPrefix(c.template, "/me/order/{orderId}"):
		o := other(s.orders.all, func(o *order) bool { return formatID(o.ID) == c.args[0] }, nil)
		if o == nil {
			return
		}
		c.args[0] = formatID(o.ID)
		if len(c.args) > 1 && len(o.details) > 0 {
			c.args[1] = formatID(o.details[0].id)
		}
	case strings.HasPrefix(c.template, "/service"):
		if v := other(s.services.all, func(v *service) bool { return formatID(v.ID) == c.args[0] }, nil); v != nil {
			c.args[0] = formatID(v.ID)
		}
	case c.template == "/me/bill/{billId}":
		if b := other(s.bills, func(b *bill) bool { return b.id == c.args[0] }, nil); b != nil {
			c.args[0] = b.id
		}
	default:
		this := s.services.byRoute[c.args[0]]
		like := func(v *service) bool { return v.RouteTemplate == this.RouteTemplate }
		if v := other(s.services.all, func(v *service) bool { return v == this }, like); v != nil {
			c.args[0] = routeKeyOf(segmentsOf(v.Route))
		}
	}
}

// other is the element after this one, among those that are like it; the first
// comes after the last. It is nil if there is no other.
func other[T any](all []*T, this, like func(*T) bool) *T {
	i := slices.IndexFunc(all, this)
	for n := range len(all) - 1 {
		next := all[(i+1+n)%len(all)]
		if i >= 0 && (like == nil || like(next)) {
			return next
		}
	}
	return nil
}

func formatID(id int64) string { return strconv.FormatInt(id, 10) }
