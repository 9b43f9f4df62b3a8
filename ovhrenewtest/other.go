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

// redirect lets a call be about the object that comes after its own, or the first after
// the last. The caller holds the lock.
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

func each[T, K any](all []T, key func(T) K) []K {
	keys := make([]K, len(all))
	for i, one := range all {
		keys[i] = key(one)
	}
	return keys
}

func formatID(id int64) string { return strconv.FormatInt(id, 10) }
