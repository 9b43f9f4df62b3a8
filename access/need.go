package access

import (
	"strings"
)

// Need is something that a program wants to do with an account, such as [Pay]: a set
// of rights. [Rules] returns them for an application key, [Actions] for an OAuth2 client
// or an access token.
type Need string

// The needs. Each need includes what has to be read for it. None lets
// anything be deleted.
//
// The API's rights do not tell a quote from an order: who may ask for a price may
// order too. An order costs nothing until it is paid, and paying is another right.
const (
	// Read is finding services by name or number and listing how they can be
	// renewed: [ovhrenew.Find], [ovhrenew.ReadService], [ovhrenew.API.Renewals].
	Read     Need = "read"
	Order    Need = "order"    // [ovhrenew.Preview], with its quote, and placing orders
	Pay      Need = "pay"      // [ovhrenew.Renew] with an [ovhrenew.Method] or the DefaultMethod
	PayMean  Need = "pay-mean" // the same with an [ovhrenew.Mean]
	Settings Need = "settings" // previewing how services renew by themselves, with package autorenew
	// Configure is writing these settings. It spends: what renews by itself is charged
	// later.
	Configure Need = "configure"
	// Bills is finding the bill of an order: package billing, and
	// /me/order/{orderId}/associatedObject by [ovhrenew.API.Read].
	Bills      Need = "bills"
	Diagnosing Need = "diagnose" // what [Diagnose] reads if everything is granted
)

// Needs lists the needs that have a name. Those of products are made by [Infos]
// and [SetInfos].
func Needs() []Need {
	all := make([]Need, 0, len(rightsOf))
	for _, n := range rightsOf {
		all = append(all, n.need)
	}
	return all
}

// Infos returns the need to read a product's own view of its services, as
// [ovhrenew.Find] does for an [ovhrenew.Route]. The route is a template such as
// /vps/{serviceName}, or a service's path such as /vps/vps112233.ovh.net.
func Infos(route string) Need { return Need("infos " + route) }

// SetInfos returns the need to set how a product's services renew by themselves, where
// only the product's own route can do it.
func SetInfos(route string) Need { return Need("set-infos " + route) }

// right is a call that the library makes, and the IAM action that allows it; empty
// where none is on record.
type right struct{ route, action string }

// rightsOf are the calls that each need adds to those of the needs that it includes. The
// actions are those after account:apiovh:.
var rightsOf = []struct {
	need     Need
	includes []Need
	own      []right
}{
	{Read, nil, []right{
		{"GET /services", "services/get"},
		{"GET /services/{serviceId}", "services/get"},
		{"GET /service/{serviceId}", "service/get"},
		{"GET /service/{serviceId}/renew", "service/renew/get"},
	}},
	{Order, []Need{Read}, []right{
		{"GET /me", "me/get"}, // which account a journal is of
		{"POST /service/{serviceId}/renew", "service/renew/create"},
		{"GET /me/order", "me/order/get"},
		{"GET /me/order/{orderId}", "me/order/get"},
		{"GET /me/order/{orderId}/details", "me/order/details/get"},
		{"GET /me/order/{orderId}/details/{orderDetailId}", "me/order/details/get"},
		{"GET /me/order/{orderId}/status", "me/order/status/get"},
		{"GET /me/order/{orderId}/payment", "me/order/payment/get"},
	}},
	{Pay, []Need{Order}, []right{
		{"POST /me/order/{orderId}/pay", "me/order/pay"},
		{"GET /me/order/{orderId}/paymentMethods", "me/order/paymentMethods/get"},
		{"GET /me/payment/method", "me/payment/method/get"},
		{"GET /me/payment/method/{paymentMethodId}", "me/payment/method/get"},
	}},
	{PayMean, []Need{Order}, []right{
		{"POST /me/order/{orderId}/payWithRegisteredPaymentMean", "me/order/payWithRegisteredPaymentMean"},
		{"GET /me/order/{orderId}/availableRegisteredPaymentMean", "me/order/availableRegisteredPaymentMean/get"},
	}},
	{Settings, nil, []right{
		{"GET /services", "services/get"},
		{"GET /services/{serviceId}", "services/get"},
		{"GET /service/{serviceId}", "service/get"},
		{"GET /services/{serviceId}/options", "services/options/get"},
		{"GET /services/{serviceId}/renewPeriodCapacities", "services/renewPeriodCapacities/get"},
	}},
	{Configure, []Need{Settings}, []right{{"PUT /services/{serviceId}", "services/edit"}}},
	{Bills, nil, []right{
		{"GET /me/bill", "me/bill/get"},
		{"GET /me/bill/{billId}", "me/bill/get"},
		{"GET /me/order/{orderId}/associatedObject", "me/order/associatedObject/get"},
	}},
	{Diagnosing, nil, []right{
		{"GET /auth/currentCredential", ""}, // asked of application keys only
		{"GET /services", "services/get"},
		{"GET /service/{serviceId}/renew", "service/renew/get"},
		{"GET /me/payment/method", "me/payment/method/get"},
		{"GET /me/payment/method/{paymentMethodId}", "me/payment/method/get"},
	}},
}

// calls are the calls that a need alone adds, and the needs that it includes.
func (n Need) calls() (own []right, includes []Need, known bool) {
	for _, of := range rightsOf {
		if of.need == n {
			return of.own, of.includes, true
		}
	}
	kind, route, _ := strings.Cut(string(n), " ")
	p, known := productOf(route)
	method, verb := "GET ", "/get"
	switch {
	case kind == "set-infos" && !p.ReadOnly:
		method, verb, includes = "PUT ", "/edit", []Need{Infos(p.Route)}
	case kind != "infos" || !known:
		return nil, nil, false
	}
	r := right{route: method + p.Route + infosSuffix}
	if p.Actions != "" {
		r.action = p.Actions + verb
	}
	return []right{r}, includes, known
}
