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

// handler gives the body of a call's answer, or refuses the call.
type handler func(*Server, *call) any

type route struct {
	method, template string
	handle           handler
	segments         []string
}

func (r *route) open() bool {
	return r.template == "/auth/time" || r.template == "/auth/credential"
}

// on makes handlers of calls about something, which find finds or refuses.
func on[T any](find func(*Server, *call) *T) func(func(*Server, *call, *T) any) handler {
	return func(handle func(*Server, *call, *T) any) handler {
		return func(s *Server, c *call) any {
			if what := find(s, c); what != nil {
				return handle(s, c, what)
			}
			return nil
		}
	}
}

var onService, onProduct, onOrder = on((*Server).serviceOf), on((*Server).product), on((*Server).orderOf)

var table = []route{
	{method: "GET", template: "/auth/time", handle: (*Server).getTime},
	{method: "POST", template: "/auth/credential", handle: (*Server).postCredential},
	{method: "GET", template: "/auth/currentCredential", handle: (*Server).getCredential},

	{method: "GET", template: "/service", handle: (*Server).listService},
	{method: "GET", template: "/service/{serviceId}", handle: onService((*Server).getService)},
	{method: "GET", template: "/service/{serviceId}/renew", handle: onService((*Server).getRenew)},
	{method: "POST", template: "/service/{serviceId}/renew", handle: onService((*Server).postRenew)},
	{method: "GET", template: "/services", handle: (*Server).listServices},
	{method: "GET", template: "/services/{serviceId}", handle: onService((*Server).getServices)},
	{method: "PUT", template: "/services/{serviceId}", handle: onService((*Server).putServices)},
	{method: "GET", template: "/services/{serviceId}/options", handle: onService((*Server).getOptions)},
	{method: "GET", template: "/services/{serviceId}/renewPeriodCapacities", handle: onService((*Server).getCapacities)},

	{method: "GET", template: "/me", handle: (*Server).getMe},
	{method: "GET", template: "/me/bill", handle: (*Server).listBills},
	{method: "GET", template: "/me/bill/{billId}", handle: (*Server).getBill},
	{method: "GET", template: "/me/fidelityAccount", handle: (*Server).getFidelity},
	{method: "GET", template: "/me/ovhAccount", handle: (*Server).listOvhAccounts},
	{method: "GET", template: "/me/ovhAccount/{ovhAccountId}", handle: (*Server).getOvhAccount},
	{method: "GET", template: "/me/payment/method", handle: (*Server).listPaymentMethods},
	{method: "GET", template: "/me/payment/method/{paymentMethodId}", handle: (*Server).getPaymentMethod},

	{method: "GET", template: "/me/order", handle: (*Server).listOrders},
	{method: "GET", template: "/me/order/{orderId}", handle: onOrder((*Server).getOrder)},
	{method: "GET", template: "/me/order/{orderId}/associatedObject", handle: onOrder((*Server).getAssociatedObject)},
	{method: "GET", template: "/me/order/{orderId}/availableRegisteredPaymentMean", handle: onOrder((*Server).getAvailableMeans)},
	{method: "GET", template: "/me/order/{orderId}/details", handle: onOrder((*Server).listDetails)},
	{method: "GET", template: "/me/order/{orderId}/details/{orderDetailId}", handle: onOrder((*Server).getDetail)},
	{method: "GET", template: "/me/order/{orderId}/followUp", handle: onOrder((*Server).getFollowUp)},
	{method: "POST", template: "/me/order/{orderId}/pay", handle: onOrder((*Server).postPay)},
	{method: "POST", template: "/me/order/{orderId}/payWithRegisteredPaymentMean", handle: onOrder((*Server).postPayMean)},
	{method: "GET", template: "/me/order/{orderId}/payment", handle: onOrder((*Server).getPayment)},
	{method: "GET", template: "/me/order/{orderId}/paymentMethods", handle: onOrder((*Server).getOrderMethods)},
	{method: "GET", template: "/me/order/{orderId}/status", handle: onOrder((*Server).getStatus)},
}

func init() {
	for i := range table {
		table[i].segments = segmentsOf(table[i].template)
	}
}

// The calls of products, whose templates services bring along.
var (
	infosRoutes      = map[string]*route{"GET": {handle: onProduct((*Server).getServiceInfos)}, "PUT": {handle: onProduct((*Server).putServiceInfos)}}
	productRoute     = &route{handle: onProduct((*Server).getProduct)}
	productListRoute = &route{handle: (*Server).listProducts}
)

// find sets the call's route, template and arguments. The caller holds the lock.
func (s *Server) find(c *call) {
	c.template = c.path
	for i, r := range table {
		if args, ok := match(r.segments, c.segments); ok && r.method == c.method {
			c.route, c.template, c.args = &table[i], r.template, args
			return
		}
	}
	last := len(c.segments) - 1
	key := routeKeyOf(c.segments)
	switch {
	case c.segments[last] == "serviceInfos":
		template := s.services.template(c.segments[:last])
		if r := infosRoutes[c.method]; r != nil && template != "" {
			c.route, c.template, c.args = r, template+"/serviceInfos", []string{routeKeyOf(c.segments[:last])}
		}
	case c.method != "GET":
	case len(s.services.listed(c.path)) > 0:
		c.route = productListRoute
	case s.services.byRoute[key] != nil:
		c.route, c.template, c.args = productRoute, s.services.byRoute[key].RouteTemplate, []string{key}
	}
}

func (b Behaviour) absent(c *call) bool {
	return b.NoRenewRoute && c.template == "/service/{serviceId}/renew" ||
		slices.Contains(b.Absent, c.method+" "+c.template)
}

// segmentsOf unescapes each segment of a path: a name with a slash in it is one.
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

// match returns the segments that stand where the template has variables.
func match(template, segments []string) (args []string, ok bool) {
	if len(template) != len(segments) {
		return nil, false
	}
	for i, want := range template {
		switch {
		case strings.HasPrefix(want, "{") && segments[i] != "":
			args = append(args, segments[i])
		case want != segments[i]:
			return nil, false
		}
	}
	return args, true
}
