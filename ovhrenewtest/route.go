package ovhrenewtest

import (
	"net/url"
	"slices"
	"strings"
)

// Routes as they are named in faults, counts and requests: a method and a path
// template. Quotes and orders are one route of the API, told apart by their body.
const (
	RouteOrders  = "GET /me/order"
	RouteOrder   = "POST /service/{serviceId}/renew"
	RouteQuote   = "POST /service/{serviceId}/renew?dryRun=true"
	RoutePay     = "POST /me/order/{orderId}/pay"
	RoutePayMean = "POST /me/order/{orderId}/payWithRegisteredPaymentMean"
	RouteStatus  = "GET /me/order/{orderId}/status"
	RouteTime    = "GET /auth/time"
)

// route is one call of the API.
type route struct {
	method   string
	template string
	segments []string
	open     bool // needs no credential
	handle   func(*Server, *call) answer
}

// routes are all calls but those of products, by method and number of segments.
type routes map[string][]*route

func routeKey(method string, segments []string) string {
	return method + string(rune('0'+len(segments)))
}

func (rs routes) add(method, template string, handle func(*Server, *call) answer) *route {
	r := &route{method: method, template: template, segments: segmentsOf(template), handle: handle}
	key := routeKey(method, r.segments)
	rs[key] = append(rs[key], r)
	return r
}

// table is never written to after it was made.
var table = func() routes {
	rs := routes{}
	rs.add("GET", "/auth/time", (*Server).getTime).open = true
	rs.add("POST", "/auth/credential", (*Server).postCredential).open = true
	rs.add("GET", "/auth/currentCredential", (*Server).getCredential)

	rs.add("GET", "/service", (*Server).listService)
	rs.add("GET", "/service/{serviceId}", (*Server).getService)
	rs.add("GET", "/service/{serviceId}/renew", (*Server).getRenew)
	rs.add("POST", "/service/{serviceId}/renew", (*Server).postRenew)
	rs.add("GET", "/services", (*Server).listServices)
	rs.add("GET", "/services/{serviceId}", (*Server).getServices)
	rs.add("PUT", "/services/{serviceId}", (*Server).putServices)
	rs.add("GET", "/services/{serviceId}/options", (*Server).getOptions)
	rs.add("GET", "/services/{serviceId}/renewPeriodCapacities", (*Server).getCapacities)

	rs.add("GET", "/me", (*Server).getMe)
	rs.add("GET", "/me/bill", (*Server).listBills)
	rs.add("GET", "/me/bill/{billId}", (*Server).getBill)
	rs.add("GET", "/me/fidelityAccount", (*Server).getFidelity)
	rs.add("GET", "/me/ovhAccount", (*Server).listOvhAccounts)
	rs.add("GET", "/me/ovhAccount/{ovhAccountId}", (*Server).getOvhAccount)
	rs.add("GET", "/me/payment/method", (*Server).listPaymentMethods)
	rs.add("GET", "/me/payment/method/{paymentMethodId}", (*Server).getPaymentMethod)

	rs.add("GET", "/me/order", (*Server).listOrders)
	rs.add("GET", "/me/order/{orderId}", (*Server).getOrder)
	rs.add("GET", "/me/order/{orderId}/associatedObject", (*Server).getAssociatedObject)
	rs.add("GET", "/me/order/{orderId}/availableRegisteredPaymentMean", (*Server).getAvailableMeans)
	rs.add("GET", "/me/order/{orderId}/details", (*Server).listDetails)
	rs.add("GET", "/me/order/{orderId}/details/{orderDetailId}", (*Server).getDetail)
	rs.add("GET", "/me/order/{orderId}/followUp", (*Server).getFollowUp)
	rs.add("POST", "/me/order/{orderId}/pay", (*Server).postPay)
	rs.add("POST", "/me/order/{orderId}/payWithRegisteredPaymentMean", (*Server).postPayMean)
	rs.add("GET", "/me/order/{orderId}/payment", (*Server).getPayment)
	rs.add("GET", "/me/order/{orderId}/paymentMethods", (*Server).getOrderMethods)
	rs.add("GET", "/me/order/{orderId}/status", (*Server).getStatus)
	return rs
}()

var (
	renewTemplate = "/service/{serviceId}/renew"
	infosRoutes   = map[string]*route{
		"GET": {method: "GET", handle: (*Server).getServiceInfos},
		"PUT": {method: "PUT", handle: (*Server).putServiceInfos},
	}
	productRoute     = &route{method: "GET", handle: (*Server).getProduct}
	productListRoute = &route{method: "GET", handle: (*Server).listProducts}
)

// find sets the call's route, template and arguments. The caller holds the lock.
func (s *Server) find(c *call) {
	c.template = c.path
	for _, r := range table[routeKey(c.method, c.segments)] {
		if args, ok := match(r.segments, c.segments); ok {
			c.route, c.template, c.args = r, r.template, args
			return
		}
	}
	if n := len(c.segments); n > 1 && c.segments[n-1] == "serviceInfos" && infosRoutes[c.method] != nil {
		if template := s.services.template(c.segments[:n-1]); template != "" {
			c.route, c.template = infosRoutes[c.method], template+"/serviceInfos"
			c.args = []string{routeKeyOf(c.segments[:n-1])}
		}
		return
	}
	if c.method != "GET" {
		return
	}
	if s.services.products[c.path] != nil {
		c.route, c.args = productListRoute, []string{c.path}
	} else if key := routeKeyOf(c.segments); s.services.byRoute[key] != nil {
		c.route, c.template, c.args = productRoute, s.services.byRoute[key].RouteTemplate, []string{key}
	}
}

// absent says whether the region lacks the call's route.
func (b Behaviour) absent(c *call) bool {
	return b.NoRenewRoute && c.template == renewTemplate ||
		slices.Contains(b.Absent, c.method+" "+c.template)
}

// segmentsOf splits a path into its segments, each unescaped: a name with a
// slash in it is one segment.
func segmentsOf(path string) []string {
	segments := strings.Split(strings.TrimPrefix(path, "/"), "/")
	for i, segment := range segments {
		if plain, err := url.PathUnescape(segment); err == nil {
			segments[i] = plain
		}
	}
	return segments
}

// routeKeyOf joins segments so that a slash within one is not taken for one
// between two: a service at /ip/1.2.3.0%2F24 is not at /ip/1.2.3.0/24.
func routeKeyOf(segments []string) string { return strings.Join(segments, "\x00") }

func match(template, segments []string) (args []string, ok bool) {
	if len(template) != len(segments) {
		return nil, false
	}
	for i, want := range template {
		switch {
		case strings.HasPrefix(want, "{"):
			if segments[i] == "" {
				return nil, false
			}
			args = append(args, segments[i])
		case want != segments[i]:
			return nil, false
		}
	}
	return args, true
}
