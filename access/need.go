package access

import "strings"

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
	Read Need = "read"
	// Order is [ovhrenew.Preview], with its quote, and placing orders.
	Order Need = "order"
	// Pay is [ovhrenew.Renew] with an [ovhrenew.Method] or the DefaultMethod.
	Pay Need = "pay"
	// PayMean is the same with an [ovhrenew.Mean].
	PayMean Need = "pay-mean"
	// Settings is previewing how services renew by themselves, with package autorenew.
	Settings Need = "settings"
	// Configure is setting that. It spends: what is set to renew by itself is charged
	// later.
	Configure Need = "configure"
	// Bills is finding the bill of an order: package billing, and
	// /me/order/{orderId}/associatedObject by [ovhrenew.API.Read].
	Bills Need = "bills"
	// Diagnosing is what [Diagnose] reads if everything is granted.
	Diagnosing Need = "diagnose"
)

// Needs lists the needs that have a name. Those of products are made by [Infos]
// and [SetInfos].
func Needs() []Need {
	return []Need{
		Read, Order, Pay, PayMean, Settings, Configure, Bills, Diagnosing,
	}
}

// Infos returns the need to read a product's own view of its services, as
// [ovhrenew.Find] does for an [ovhrenew.Route]. The route is a template of [Products] or a service's path.
func Infos(route string) Need { return Need("infos " + route) }

// SetInfos returns the need to set how a product's services renew by themselves, where
// only the product's own route can do it.
func SetInfos(route string) Need { return Need("set-infos " + route) }

// right is a call that the library makes, and the IAM action that allows it; empty
// where none is on record.
type right struct{ route, action string }

const accountAction = "account:apiovh:"

// calls are the calls that a need alone adds, and the needs that it includes.
func (n Need) calls() (own []right, includes []Need, known bool) {
	switch n {
	case Read:
		own = []right{
			{"GET /services", "services/get"},
			{"GET /services/{serviceId}", "services/get"},
			{"GET /service/{serviceId}", "service/get"},
			{"GET /service/{serviceId}/renew", "service/renew/get"},
		}
	case Order:
		includes = []Need{Read}
		own = []right{
			{"GET /me", "me/get"}, // which account a journal is of
			{"POST /service/{serviceId}/renew", "service/renew/create"},
			{"GET /me/order", "me/order/get"},
			{"GET /me/order/{orderId}", "me/order/get"},
			{"GET /me/order/{orderId}/details", "me/order/details/get"},
			{"GET /me/order/{orderId}/details/{orderDetailId}", "me/order/details/get"},
			{"GET /me/order/{orderId}/status", "me/order/status/get"},
			{"GET /me/order/{orderId}/payment", "me/order/payment/get"},
		}
	case Pay:
		includes = []Need{Order}
		own = []right{
			{"POST /me/order/{orderId}/pay", "me/order/pay"},
			{"GET /me/order/{orderId}/paymentMethods", "me/order/paymentMethods/get"},
			{"GET /me/payment/method", "me/payment/method/get"},
			{"GET /me/payment/method/{paymentMethodId}", "me/payment/method/get"},
		}
	case PayMean:
		includes = []Need{Order}
		own = []right{
			{"POST /me/order/{orderId}/payWithRegisteredPaymentMean", "me/order/payWithRegisteredPaymentMean"},
			{"GET /me/order/{orderId}/availableRegisteredPaymentMean", "me/order/availableRegisteredPaymentMean/get"},
		}
	default:
		return n.otherCalls()
	}
	return inAccount(own), includes, true
}

// otherCalls are those of the needs that do not order or pay.
func (n Need) otherCalls() (own []right, includes []Need, known bool) {
	switch n {
	case Settings:
		own = []right{
			{"GET /services", "services/get"},
			{"GET /services/{serviceId}", "services/get"},
			{"GET /service/{serviceId}", "service/get"},
			{"GET /services/{serviceId}/options", "services/options/get"},
			{"GET /services/{serviceId}/renewPeriodCapacities", "services/renewPeriodCapacities/get"},
		}
	case Configure:
		includes = []Need{Settings}
		own = []right{{"PUT /services/{serviceId}", "services/edit"}}
	case Bills:
		own = []right{
			{"GET /me/bill", "me/bill/get"},
			{"GET /me/bill/{billId}", "me/bill/get"},
			{"GET /me/order/{orderId}/associatedObject", "me/order/associatedObject/get"},
		}
	case Diagnosing:
		own = []right{
			{"GET /auth/currentCredential", ""}, // asked of application keys only
			{"GET /services", "services/get"},
			{"GET /service/{serviceId}/renew", "service/renew/get"},
			{"GET /me/payment/method", "me/payment/method/get"},
			{"GET /me/payment/method/{paymentMethodId}", "me/payment/method/get"},
		}
	default:
		return n.productCalls()
	}
	return inAccount(own), includes, true
}

// inAccount puts before the actions what they are on.
func inAccount(own []right) []right {
	for i, r := range own {
		if r.action != "" {
			own[i].action = accountAction + r.action
		}
	}
	return own
}

// productCalls are those of Infos and SetInfos.
func (n Need) productCalls() (own []right, includes []Need, known bool) {
	kind, route, _ := strings.Cut(string(n), " ")
	product, known := productOf(route)
	if !known {
		return nil, nil, false
	}
	route = product.Route + infosSuffix
	action := func(verb string) string {
		if product.Actions == "" {
			return ""
		}
		return product.Actions + "/" + verb
	}
	switch kind {
	case "infos":
		return []right{{"GET " + route, action("get")}}, nil, true
	case "set-infos":
		if product.ReadOnly {
			return nil, nil, false
		}
		return []right{{"PUT " + route, action("edit")}}, []Need{Infos(product.Route)}, true
	}
	return nil, nil, false
}
